"""Numbers -> reasons: a proved assignment becomes the matching that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ipmatch.cohort import Cohort, Decision
from ipmatch.document import FrozenMap
from ipmatch.explaining.notes import matching_notes
from ipmatch.explaining.pairings import explain_pair
from ipmatch.explaining.spare import explain_spare
from ipmatch.explaining.unmatched import explain_unmatched, level_amounts
from ipmatch.matching import Certificate, Counts, LevelResult, Matching, NotTakingPart, Run, Summary
from ipmatch.policy import TIERS
from ipmatch.posing import Posed
from ipmatch.scoring.scores import Scores
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.problem import Level

__all__ = ["explain", "prices_of"]


def explain(
    posed: Posed,
    used: BoolVector,
    prices: Mapping[str, IntVector],
    *,
    version: str,
    cohort: Cohort,
    decisions: Sequence[Decision] = (),
) -> Matching:
    """The whole answer for a set of used pairs: pairings, everyone else, and the proof.

    Parameters
    ----------
    posed, used, prices
        The problem, the pairs used, shape (P,), and for each proved level its prices, one per node.
    version
        The version of ipmatch that answers.
    cohort, decisions
        The cohort as it was given, and what was decided on top of it.
    """
    scores, problem = posed.scores, posed.problem
    pairs = np.flatnonzero(used)
    pairings = [
        explain_pair(
            scores,
            int(problem.mentor[p]),
            int(problem.mentee[p]),
            "required" if problem.required[p] else "chosen",
        )
        for p in pairs
    ]
    placed = len(np.unique(problem.mentee[pairs]))
    return Matching(
        status="optimal",
        scale=scores.scale,
        summary=_summary(
            cohort, scores, pairings_by_tier(scores, problem.mentor[pairs], problem.mentee[pairs]), placed
        ),
        objective=_objective(posed, used),
        pairings=tuple(pairings),
        unmatched_mentees=explain_unmatched(posed, used),
        spare_mentors=explain_spare(posed, used),
        not_taking_part=tuple(
            NotTakingPart(side=out.side, id=out.id, code=out.code, facts=out.facts, because=out.because)
            for out in scores.people.left_out
        ),
        warnings=matching_notes(scores, int(problem.capacity.sum()), len(pairs), placed),
        certificate=_certificate(posed, prices),
        run=Run(
            ipmatch=version,
            cohort_sha256=cohort.fingerprint(),
            seed=scores.policy.objective.seed,
            policy=scores.policy,
            decisions=tuple(decision.model_copy(update={"reason": None}) for decision in decisions),
            criteria=scores.own_criteria,
        ),
    )


def prices_of(posed: Posed, certificate: Certificate) -> dict[str, IntVector]:
    """The prices of a certificate as arrays, one entry per node.

    Raises
    ------
    ValueError
        If somebody's prices are missing, or there are not as many as levels.
    """
    by_node = [[0] * len(certificate.order)]
    for prices, ids in _nodes(posed, certificate):
        if set(prices) != set(ids):
            raise ValueError("the certificate does not speak of the people taking part.")
        by_node += [list(prices[identifier]) for identifier in ids]
    if any(len(row) != len(certificate.order) for row in by_node):
        raise ValueError("the certificate does not hold one price per level.")
    if any(abs(price) > 2**62 for row in by_node for price in row):
        raise ValueError("the certificate holds a price out of range.")
    table = np.array(by_node, dtype=np.int64).reshape(len(by_node), len(certificate.order))
    return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(certificate.order)}


def pairings_by_tier(scores: Scores, mentors: IntVector, mentees: IntVector) -> FrozenMap[str, int]:
    """How many pairs of each tier, best tier first, tiers without pairs left out."""
    count = Counter(TIERS[tier] for tier in scores.tier[mentors, mentees].tolist())
    return FrozenMap({tier: count[tier] for tier in TIERS if count[tier]})


def _summary(cohort: Cohort, scores: Scores, tiers: FrozenMap[str, int], placed: int) -> Summary:
    people = scores.people
    return Summary(
        mentors=len(cohort.mentors),
        mentees=len(cohort.mentees),
        taking_part=Counts(mentors=len(people.mentors), mentees=len(people.mentees)),
        places=sum(mentor.capacity for mentor in people.mentors),
        placed=placed,
        tiers=tiers,
    )


def _objective(posed: Posed, used: BoolVector) -> tuple[LevelResult, ...]:
    amounts = level_amounts(posed, [_value(posed, level, used) for level in posed.levels])
    return tuple(LevelResult(level=name, value=value, bound=value) for name, value in amounts.items())


def _value(posed: Posed, level: Level, used: BoolVector) -> int:
    """What a set of used pairs is worth at one level, in whole numbers."""
    problem = posed.problem
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    value = 0
    if level.pair is not None:
        value += int(level.pair[used].sum())
    if level.first is not None:
        value += int(level.first[given > 0].sum())
    if level.further is not None:
        value += int((level.further * np.maximum(given - 1, 0)).sum())
    return value


def _certificate(posed: Posed, prices: Mapping[str, IntVector]) -> Certificate:
    table = np.stack(list(prices.values()), axis=1) if prices else np.zeros((1, 0), dtype=np.int64)
    rows = iter(table[1:].tolist())
    blocks = [
        FrozenMap({identifier: tuple(next(rows)) for identifier in ids})
        for _, ids in _nodes(posed, Certificate())
    ]
    return Certificate(order=tuple(prices), mentors=blocks[0], mentees=blocks[1], asks=blocks[2])


def _nodes(posed: Posed, certificate: Certificate) -> list[tuple[Mapping[str, tuple[int, ...]], list[str]]]:
    """The nodes of the network after the root, in its order, beside the certificate's prices for them."""
    people = posed.scores.people
    return [
        (certificate.mentors, [mentor.id for mentor in people.mentors]),
        (certificate.mentees, [mentee.id for mentee in people.mentees]),
        (certificate.asks, [mentee.id for mentee in people.mentees if mentee.mentors_wanted > 1]),
    ]
