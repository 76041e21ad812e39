"""The pairs a big cohort's search starts from: those required or named, a few of the best, and any."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.front import ROOM
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.scan import Priced, Question
from ipmatch.solving.columns.terrain import merged
from ipmatch.solving.lottery import scattered

__all__ = ["add_keys", "first_keys"]

FIRST = 8
"""Pairs of each mentee to start with: of the most gain by the last level about pairs."""
ANY = 16
"""And so many more, as far as there is room: the best are the best of many, and have not place for all."""

_chosen: WeakKeyDictionary[Grid, tuple[tuple[Goal, ...], IndexVector]] = WeakKeyDictionary()


def first_keys(grid: Grid, goals: Sequence[Goal], crew: Crew) -> IndexVector:
    """Choose the pairs to start with, by sorted key.

    A poor choice costs rounds, never the answer; it is the same for the same grid, and made once.
    """
    if grid not in _chosen or _chosen[grid][0] != tuple(goals):
        _chosen[grid] = tuple(goals), _choose(grid, goals, crew)
    return _chosen[grid][1]


def add_keys(grid: Grid, keys: IndexVector) -> None:
    """Let whoever asks for the pairs to start with again get these too, by sorted key: they proved of use."""
    if grid in _chosen:
        goals, first = _chosen[grid]
        _chosen[grid] = goals, merged(first, keys)


def _choose(grid: Grid, goals: Sequence[Goal], crew: Crew) -> IndexVector:
    mentors, mentees = len(grid.capacity), len(grid.wanted)
    if not mentors or not mentees:
        return grid.required
    mentee = np.repeat(np.arange(mentees), min(ANY, max(2, ROOM // mentees - FIRST)))
    mentor = scattered(len(mentee), mentors)
    allowed = grid.terrain.allowed(mentor, mentee)
    chosen = [grid.required, grid.terrain.keys(mentor[allowed], mentee[allowed])]
    for goal in goals:
        if goal.pair is not None and goal.pair.is_plain and goal.pair.named is not None:
            keys = goal.pair.named.keys
            chosen.append(keys[grid.terrain.allowed(*grid.pairs(keys))])
    gains = [goal for goal in goals if goal.pair is not None and not goal.pair.is_plain]
    if gains and gains[-1].pair is not None:
        nothing, low = np.zeros(mentors, np.int64), np.full(mentees, -1 - gains[-1].people.bound)
        groups = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
        # At a price below any gain every pair is wanted: the highest are told.
        hits = crew.scan(Question((), Priced(gains[-1].pair, nothing, low), *groups, each=FIRST))
        chosen.append(grid.terrain.keys(hits.mentor, hits.mentee))
    return merged(*chosen)
