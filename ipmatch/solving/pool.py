"""Which pairs the flow solver sees: a few promising ones for each person, and those that prices ask for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Level, Objective, Problem

__all__ = ["AT_ONCE", "WHOLE", "first_pool", "thinned"]

WHOLE = 10_000
"""Up to so many pairs the solver sees all of them from the start."""
FIRST = 12
"""Pairs of each person in the first pool; more would make every level slower, fewer cost more rounds."""
AT_ONCE = 8
"""Pairs of each person that may enter in one round."""


def first_pool(problem: Problem, levels: Sequence[Objective]) -> BoolVector:
    """Choose the pairs [P] to start with: required ones and the best of each person."""
    pairs = np.arange(len(problem.mentor))
    if len(pairs) <= WHOLE:
        return np.ones(len(pairs), np.bool_)
    worth = np.zeros(len(pairs))
    # Rounding and overflow are harmless: a poor pool costs rounds, never the answer.
    with np.errstate(over="ignore"):
        for level in levels:
            gain = level.pair if isinstance(level, Level) else level.score
            if gain is not None:
                worth = worth * (2.0 * level.bound + 1) + gain
    pool = problem.required.copy()
    pool[thinned(problem, pairs, -worth, FIRST)] = True
    return pool


def thinned(
    problem: Problem, pairs: IndexVector, cost: npt.NDArray[np.float64] | IntVector, each: int
) -> IndexVector:
    """Choose the ``each`` cheapest of ``pairs`` for every mentor and for every mentee, some perhaps twice.

    Ties go by a scrambled row number: by plain order everybody's ties would fall on the same few people.
    """
    scrambled = pairs.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    key = cost + scrambled / 2.0**64
    chosen = []
    for people in (problem.mentor[pairs], problem.mentee[pairs]):
        counts = np.bincount(people, minlength=1)
        # Short numbers are sorted digit by digit, much faster.
        order = np.argsort(people.astype(np.uint16) if len(counts) <= 1 << 16 else people, kind="stable")
        bounds = np.cumsum(counts)
        for start, stop in pairwise([0, *bounds.tolist()]):
            own = order[start:stop]
            if len(own) > each:
                own = own[np.argpartition(key[own], each)[:each]]
            chosen.append(own)
    return pairs[np.concatenate(chosen)]
