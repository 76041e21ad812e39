"""What a set of pairs is worth at each level, read off the pairs alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, stretches
from ipmatch.solving.fairness import threshold_of, worst_off
from ipmatch.solving.problem import Level, Leximin, Objective, Problem

__all__ = ["before_worst_off", "is_linear", "score_classes", "totals"]


def is_linear(levels: Iterable[Objective]) -> bool:
    """Tell whether no level is about who is worst off."""
    return all(isinstance(level, Level) for level in levels)


def before_worst_off(levels: Iterable[Objective]) -> tuple[Level, ...]:
    """Return the levels before one that is about who is worst off: those that add up pair by pair."""
    before = list[Level]()
    for level in levels:
        if not isinstance(level, Level):
            break
        before.append(level)
    return tuple(before)


def totals(problem: Problem, levels: Sequence[Objective], used: BoolVector) -> tuple[int | None, ...]:
    """Add up what each level gains by a set of pairs; for a threshold or leximin level, its lowest score."""
    pairs = np.flatnonzero(used)
    load, given = (
        np.bincount(side[pairs], minlength=len(limit))
        for side, limit in ((problem.mentor, problem.capacity), (problem.mentee, problem.wanted))
    )

    def total(level: Objective) -> int | None:
        if not isinstance(level, Level):
            return worst_off(problem, threshold_of(level) if isinstance(level, Leximin) else level, used)
        gained = 0 if level.pair is None else level.pair[pairs].sum()
        gained += 0 if level.first is None else level.first[given > 0].sum()
        gained += 0 if level.further is None else level.further @ np.maximum(given - 1, 0)
        gained += 0 if level.mentor is None else level.mentor[load > 0].sum()
        if level.place is not None:
            places = problem.most("mentor")
            rank = stretches(places)
            gained += level.place[rank < np.repeat(load, places)].sum()
        return int(gained)

    return tuple(total(level) for level in levels)


def score_classes(problem: Problem, level: Leximin, used: BoolVector) -> dict[int, int]:
    """Count the pairs of each score among the used ones that are not required, lowest score first."""
    scores, counts = np.unique(level.score[used & ~problem.required], return_counts=True)
    return dict(zip(scores.tolist(), counts.tolist(), strict=True))
