"""Numbers -> reasons: a proved assignment becomes the matching that people read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipmatch.document import keeping
from ipmatch.explaining.amounts import level_amounts
from ipmatch.explaining.beside import Beside, left_out
from ipmatch.explaining.notes import matching_notes
from ipmatch.explaining.outline import not_taking_part, run_of, summary_of
from ipmatch.explaining.pairings import Basis, explain_pairs
from ipmatch.explaining.proof import Proof
from ipmatch.explaining.seating import sessions_of
from ipmatch.explaining.spare import explain_spare
from ipmatch.explaining.stability import stability_of
from ipmatch.explaining.unmatched import explain_unmatched
from ipmatch.matching import (
    LevelResult,
    Matching,
    Note,
    Rematch,
    SpareMentor,
    Unmatched,
)
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.values import totals

__all__ = ["explain"]


@keeping()
def explain(
    posed: Posed,
    used: BoolVector,
    proof: Proof,
    *,
    version: str,
    beside: Beside | None = None,
) -> Matching:
    """The whole answer for a set of used pairs: pairings, everyone else, and the proof.

    Parameters
    ----------
    posed, used, proof
        The problem, the pairs used, shape (P,), and how far they are proved.
    version
        The version of ipmatch that answers.
    beside
        The other matching that this one is compared with, where the policy calls for one.
    """
    scores, problem, request = posed.scores, posed.problem, posed.request
    pairs, sessions = np.flatnonzero(used), sessions_of(posed, used)
    bases: list[Basis] = [
        "required" if problem.required[p] else "kept" if posed.earlier[p] else "chosen"
        for p in pairs.tolist()
    ]
    mentors, mentees = problem.mentor[pairs], problem.mentee[pairs]
    goes_to = [sessions[p] for p in pairs.tolist()]
    summary = summary_of(scores, mentors, mentees)
    objective = _objective(posed, used, proof)
    is_best = all(level.bound == level.value for level in objective)
    unmatched, spare = _left_over(posed, used, proof, objective)
    rematch, of_before = _rematch(posed, used, is_best=is_best)
    uncompared = beside is None and proof.certificate.unique and left_out(posed, used)
    missing = [uncompared] if uncompared else []
    warnings = matching_notes(scores, summary.places, len(pairs), summary.placed)
    return Matching.model_construct(
        status="optimal" if is_best else "feasible",
        scale=scores.scale,
        summary=summary,
        objective=objective,
        pairings=tuple(explain_pairs(scores, mentors, mentees, bases, goes_to)),
        unmatched_mentees=unmatched,
        spare_mentors=spare,
        not_taking_part=not_taking_part(scores.people),
        warnings=(*warnings, *of_before, *missing),
        rematch=rematch,
        fairness=beside.fairness(posed, used) if beside else None,
        stability=stability_of(posed, used, beside.stability(posed, used) if beside else None),
        certificate=proof.certificate,
        run=run_of(request, scores, version),
    )


def _rematch(posed: Posed, used: BoolVector, *, is_best: bool) -> tuple[Rematch | None, tuple[Note, ...]]:
    """What became of the pairs of an earlier matching, if there is one, and what to warn of."""
    if posed.request.earlier is None:
        return None, ()
    from ipmatch.explaining.rematching import explain_rematch

    return explain_rematch(posed, posed.request.earlier, used, is_best=is_best)


def _left_over(
    posed: Posed, used: BoolVector, proof: Proof, objective: Sequence[LevelResult]
) -> tuple[tuple[Unmatched, ...], tuple[SpareMentor, ...]]:
    """The mentees with fewer mentors than wanted, and the mentors with places left, with the reasons."""
    if posed.is_stable:
        from ipmatch.explaining.stable_reasons import spare_in_stable, unmatched_in_stable

        return unmatched_in_stable(posed, used), spare_in_stable(posed, used)
    if posed.rows or any(level.bound != level.value for level in objective):
        from ipmatch.explaining.unpriced import NotPriced, spare_unpriced, unmatched_unpriced

        unpriced = NotPriced(posed, used, objective)
        return unmatched_unpriced(unpriced), spare_unpriced(unpriced)
    return explain_unmatched(posed, used, proof.prices), explain_spare(posed, used, proof.prices)


def _objective(posed: Posed, used: BoolVector, proof: Proof) -> tuple[LevelResult, ...]:
    """What each level reached and cannot exceed; nothing for the worst-off where nobody counts as such."""
    reached = totals(posed.problem, posed.levels, used)
    bounds = [proof.bounds.get(level.name) for level in posed.levels]
    values = level_amounts(posed, [units or 0 for units in reached])
    most = level_amounts(posed, [bound or 0 for bound in bounds])
    return tuple(
        LevelResult.model_construct(
            level=name,
            value=values[name],
            bound=values[name] if proof.proves(name) else None if bound is None else most[name],
        )
        for name, units, bound in zip(values, reached, bounds, strict=True)
        if units is not None
    )
