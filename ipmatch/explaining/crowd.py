"""The answer for a big cohort: every pair with its reasons, and everybody else with theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.crowds import PosedCrowd
from ipmatch.document import decimal_of, keeping
from ipmatch.explaining.crowd_others import Others
from ipmatch.explaining.crowd_stability import crowd_stability
from ipmatch.explaining.notes import matching_notes
from ipmatch.explaining.outline import not_taking_part, run_of, summary_of
from ipmatch.explaining.pairings import Basis, explain_pairs
from ipmatch.explaining.proof import proof_by_prices
from ipmatch.explaining.spare import explain_spare
from ipmatch.explaining.unmatched import explain_unmatched
from ipmatch.matching import (
    LevelResult,
    Matching,
    Note,
    Rematch,
    SpareMentor,
    Unmatched,
)
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.columns.chart import forget_charts
from ipmatch.solving.columns.grid import Goal
from ipmatch.solving.columns.terrain import found

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["explain_crowd"]

Unproved = tuple[str, int, int | None]
"""The level at which time ran out, the value reached, and a bound on it."""


@keeping()
def explain_crowd(
    posed: PosedCrowd,
    keys: IndexVector,
    prices: Mapping[str, IntVector],
    *,
    version: str,
    complete: bool = True,
    unproved: Unproved | None = None,
    executor: Executor | None = None,
) -> Matching:
    """The whole answer for a set of used pairs, by sorted key: pairings, everyone else, and the proof.

    Parameters
    ----------
    posed, keys, prices
        The problem, the pairs used, and for each proved level its prices, one per node.
    version
        The version of ipmatch that answers.
    complete
        Whether every level is proved, the lottery's too.
    unproved
        The listed level at which time ran out, if one is.
    executor
        Where pairs are priced; here if not given.
    """
    scores, grid = posed.scores, posed.grid
    mentors, mentees = grid.pairs(keys)
    is_best = all(goal.name in prices for goal in posed.goals)
    unmatched, spare = _left_over(posed, keys, prices, is_best, executor)
    forget_charts(grid.terrain)
    summary = summary_of(scores, mentors, mentees)
    rematch, of_before = _rematch(posed, keys, is_best, executor)
    must, was = (found(some, keys)[1].tolist() for some in (grid.required, posed.earlier))
    bases: Iterator[Basis] = (
        "required" if required else "kept" if kept else "chosen"
        for required, kept in zip(must, was, strict=True)
    )
    warnings = matching_notes(scores, summary.places, len(keys), summary.placed)
    return Matching.model_construct(
        status="optimal" if is_best else "feasible",
        scale=scores.scale,
        summary=summary,
        objective=tuple(_objective(posed, mentors, mentees, prices, unproved)),
        pairings=tuple(explain_pairs(scores, mentors, mentees, bases)),
        unmatched_mentees=unmatched,
        spare_mentors=spare,
        not_taking_part=not_taking_part(scores.people),
        warnings=(*warnings, *of_before),
        rematch=rematch,
        stability=crowd_stability(posed, keys),
        certificate=proof_by_prices(posed, prices, complete=complete).certificate,
        run=run_of(posed.request, scores, version),
    )


def _rematch(
    posed: PosedCrowd, keys: IndexVector, is_best: bool, executor: Executor | None
) -> tuple[Rematch | None, tuple[Note, ...]]:
    """What became of the pairs of an earlier matching, if there is one, and what to warn of."""
    if posed.request.earlier is None:
        return None, ()
    from ipmatch.explaining.rematching import explain_rematch

    both = posed.paired(keys, executor, beside=posed.earlier)
    return explain_rematch(both, posed.request.earlier, both.used, is_best=is_best)


def _left_over(
    posed: PosedCrowd,
    keys: IndexVector,
    prices: Mapping[str, IntVector],
    is_best: bool,
    executor: Executor | None,
) -> tuple[tuple[Unmatched, ...], tuple[SpareMentor, ...]]:
    """The mentees with fewer mentors than wanted, and the mentors with places left, with the reasons."""
    if not is_best:
        others = Others(posed, keys, prices)
        return tuple(others.unmatched()), tuple(others.spare())
    paired, used = posed.paired(keys, executor), np.ones(len(keys), np.bool_)
    left_over = explain_unmatched(paired, used, prices), explain_spare(paired, used, prices)
    # What was kept for these questions would stay as long as the answer is made.
    paired.problem.kept.clear()
    return left_over


def _objective(
    posed: PosedCrowd,
    mentors: IndexVector,
    mentees: IndexVector,
    prices: Mapping[str, IntVector],
    unproved: Unproved | None,
) -> Iterator[LevelResult]:
    for goal in posed.goals:
        value, scale = _value(posed, goal, mentors, mentees), posed.scale_of(goal.name)
        bound = value if goal.name in prices else None
        if unproved is not None and unproved[0] == goal.name:
            bound = unproved[2]
        yield LevelResult.model_construct(
            level=goal.name,
            value=decimal_of(value, scale),
            bound=None if bound is None else decimal_of(bound, scale),
        )


def _value(posed: PosedCrowd, goal: Goal, mentors: IndexVector, mentees: IndexVector) -> int:
    """What a set of used pairs is worth at one level, in whole numbers."""
    given = np.bincount(mentees, minlength=len(posed.grid.wanted))
    people, value = goal.people, 0
    if goal.pair is not None:
        value += int(posed.grid.terrain.gain(goal.pair, mentors, mentees).sum())
    if people.first is not None:
        value += int(people.first[given > 0].sum())
    if people.further is not None:
        value += int((people.further * np.maximum(given - 1, 0)).sum())
    return value
