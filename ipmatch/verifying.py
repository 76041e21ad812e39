"""Is a matching what it says? Checked anew from the cohort, without any solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ipmatch.cohort import Cohort
from ipmatch.crowded import implied_by
from ipmatch.crowds import PosedCrowd, crowd_of
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.explaining.beside import (
    Beside,
    is_compared,
    levels_beside,
    pairs_beside,
    proof_beside,
    told_apart,
)
from ipmatch.explaining.explain import explain
from ipmatch.explaining.proof import Proof, prices_of
from ipmatch.explaining.row_proof import entries_of, proof_by_rows
from ipmatch.explaining.stability import stability_faults
from ipmatch.matching import Matching
from ipmatch.posing import Posed, pose
from ipmatch.requests import Earlier, Request
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving import certificate as network_certificate
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.problem import Level
from ipmatch.solving.rows import certificate as row_certificate
from ipmatch.solving.stable import check_stable

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["faults_of", "request_behind", "used_by"]


def faults_of(
    cohort: Cohort,
    matching: Matching,
    criteria: tuple[Criterion, ...],
    *,
    version: str,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[str]:
    """Everything wrong with a matching, in plain words; empty if it is proved.

    Parameters
    ----------
    criteria
        The user's own criteria, if it was made with any.
    version
        The version that checks: sentences are compared only with those of the same version.
    executor, progress
        As for :func:`ipmatch.verify`.
    """
    request = request_behind(cohort, matching, criteria)
    if matching.run.cohort_sha256 != request.fingerprint:
        return ["This matching was made from another cohort, or the cohort has changed since."]
    if tuple(sorted(criterion.name for criterion in criteria)) != matching.run.criteria:
        needed = ", ".join(matching.run.criteria) or "none"
        return [f"This matching was made with other criteria of the user's own: {needed}."]
    try:
        crowd = crowd_of(request)
        posed = pose(request) if crowd is None else crowd
    except (InputError, InfeasibleError) as error:
        return [f"The recorded policy and decisions do not fit this cohort. {error}"]
    if isinstance(posed, PosedCrowd):
        implied, faults = implied_by(matching, posed, executor=executor, progress=progress)
    else:
        implied, faults = _implied(matching, posed)
    # Most are equal, and two copies of a big one as plain data would take much room.
    if implied is None or implied == matching:
        return faults
    same_words = matching.run.ipmatch == version
    return list(
        _differences(matching.model_dump(mode="json"), implied.model_dump(mode="json"), "", same_words)
    )


def _implied(matching: Matching, posed: Posed) -> tuple[Matching | None, list[str]]:
    """The matching that the pairs and the certificate imply; or what is wrong with them."""
    faults = list(_impossible_pairs(matching, posed))
    if faults:
        return None, faults
    used = used_by(matching, posed)
    try:
        proof, beside, faults = _proof(matching, posed, used)
    except ValueError as error:
        return None, [f"certificate: {error}"]
    if faults:
        return None, faults
    return explain(posed, used, proof, version=matching.run.ipmatch, beside=beside), []


def _proof(matching: Matching, posed: Posed, used: BoolVector) -> tuple[Proof, Beside | None, list[str]]:
    """The proof that the certificate is, the matching it is compared with, and what is wrong with both."""
    certificate, called = matching.certificate, _called(posed)
    is_best = matching.status == "optimal"
    if posed.rows:
        linear = [level for level in posed.levels if isinstance(level, Level)]
        entries = entries_of(certificate)
        claim: row_certificate.Claim = (
            "unique" if certificate.unique else "optimal" if is_best else "feasible"
        )
        faults = row_certificate.check(
            posed.held, linear, posed.rows, used, entries, claim=claim, called=called
        )
        return proof_by_rows(posed, entries, unique=certificate.unique), None, faults
    prices, others = told_apart(posed, prices_of(posed, certificate))
    complete = certificate.unique
    if posed.is_stable:
        faults = _unstable(posed, used)
    else:
        faults = network_certificate.check(
            posed.problem, posed.levels, used, prices, complete=complete, called=called
        )
    beside = None
    if complete and not faults:
        beside, faults = _beside(matching, posed, used, others)
    return proof_beside(posed, used, prices, beside, complete=complete), beside, faults


def _unstable(posed: Posed, used: BoolVector) -> list[str]:
    """What keeps the pairs from being the one stable pairing."""
    refused = [str(fault) for fault in stability_faults(posed)]
    if refused:
        return refused
    orders = orders_of(posed.scores, posed.problem)
    return check_stable(posed.problem, orders.mentor_rank, orders.mentee_rank, used, called=_called(posed))


def _beside(
    matching: Matching, posed: Posed, used: BoolVector, prices: dict[str, IntVector]
) -> tuple[Beside | None, list[str]]:
    """The matching it is compared with, if any, and what keeps that from being proved."""
    levels = levels_beside(posed, used)
    if levels is None:
        return None, []
    if not is_compared(matching) and not prices:
        return None, []
    pairs = pairs_beside(posed, matching)
    if pairs is None:
        return None, ["The matching it is compared with has pairs that are not allowed."]
    faults = network_certificate.check(posed.problem, levels, pairs, prices, called=_called(posed))
    return Beside(pairs, prices), [f"The matching it is compared with: {fault}" for fault in faults]


def request_behind(cohort: Cohort, matching: Matching, criteria: tuple[Criterion, ...]) -> Request:
    """What the matching says it answers."""
    earlier = None
    if matching.rematch is not None:
        before = matching.rematch
        earlier = Earlier(frozenset(before.earlier), before.keep, before.max_changes, before.forgotten)
    return Request(cohort, matching.run.policy, criteria, matching.run.decisions, earlier)


def _impossible_pairs(matching: Matching, posed: Posed) -> Iterator[str]:
    row, column = posed.scores.people.rows(), posed.scores.people.columns()
    seen = set()
    for pairing in matching.pairings:
        mentor, mentee = pairing.mentor, pairing.mentee
        if (mentor, mentee) in seen:
            yield f"{mentor} and {mentee} are paired twice."
        seen.add((mentor, mentee))
        unknown = [
            identifier for identifier, known in ((mentor, row), (mentee, column)) if identifier not in known
        ]
        if unknown:
            yield f"{mentor} and {mentee}: {' and '.join(unknown)} does not take part."
        elif not posed.scores.allowed[row[mentor], column[mentee]]:
            rules = posed.scores.rules_against(row[mentor], column[mentee])
            yield f"{mentor} and {mentee} may not be paired: {', '.join(rules)}."


def used_by(matching: Matching, posed: Posed) -> BoolVector:
    """The pairs [P] of the problem that a matching has; it has no other."""
    used = np.zeros(len(posed.problem.mentor), dtype=np.bool_)
    for pair in posed.scores.people.places(matching.pairs()):
        used[posed.problem.place(*pair)] = True
    return used


def _called(posed: Posed) -> Callable[[str, int], str]:
    people = posed.scores.people
    return lambda side, index: (people.mentors if side == "mentor" else people.mentees)[index].id


def _differences(found: Any, implied: Any, path: str, same_words: bool) -> Iterator[str]:
    """Where the file differs from what its own pairs imply."""
    if isinstance(found, dict) and isinstance(implied, dict):
        for key in {**implied, **found}:
            if key == "because" and not same_words:
                continue
            if found.get(key) is None and not same_words:
                # Another version may not have had it to tell.
                continue
            place = f"{path}.{key}" if path else key
            yield from _differences(found.get(key), implied.get(key), place, same_words)
    elif isinstance(found, list) and isinstance(implied, list) and len(found) == len(implied):
        for index, (one, other) in enumerate(zip(found, implied, strict=True)):
            yield from _differences(one, other, f"{path}[{index}]", same_words)
    elif found != implied:
        yield f"{path}: the file says {_short(found)}, the pairing implies {_short(implied)}."


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
