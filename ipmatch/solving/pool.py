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
    worth = np.zeros(len(pairs), np.float32)
    # Rounding and overflow are harmless: a poor pool costs rounds, never the answer.
    with np.errstate(over="ignore"):
        for level in levels:
            gain = level.pair if isinstance(level, Level) else level.score
            if gain is not None:
                worth *= 2.0 * level.bound + 1
                worth += gain
    pool = problem.required.copy()
    pool[thinned(problem, pairs, np.negative(worth, out=worth), FIRST)] = True
    return pool


def thinned(
    problem: Problem, pairs: IndexVector, cost: npt.NDArray[np.floating] | IntVector, each: int
) -> IndexVector:
    """Choose the ``each`` cheapest of ``pairs`` for every mentor and for every mentee, some perhaps twice.

    Ties go by a scrambled row number: by plain order everybody's ties would fall on the same few people.
    """
    # Short numbers, changed in place: on millions of pairs fresh memory costs more than the sums.
    key = (pairs.astype(np.uint32) * np.uint32(0x9E3779B9)).astype(np.float32)
    key *= np.float32(2.0**-32)
    key += cost
    chosen = []
    for side in (problem.mentor, problem.mentee):
        people = side if len(pairs) == len(side) else side[pairs]
        counts = np.bincount(people, minlength=1)
        order, own = None, key
        if (people[1:] < people[:-1]).any():
            # Numbers so short are sorted digit by digit, much faster.
            order = np.argsort(people.astype(np.uint16) if len(counts) <= 1 << 16 else people, kind="stable")
            own = key[order]
        few = [
            start + own[start:stop].argpartition(each)[:each]
            if stop - start > each
            else np.arange(start, stop)
            for start, stop in pairwise([0, *np.cumsum(counts).tolist()])
        ]
        best = np.concatenate(few)
        chosen.append(best if order is None else order[best])
    found: IndexVector = pairs[np.concatenate(chosen)]
    return found
