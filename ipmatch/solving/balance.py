"""Load spread over mentors: each further place of a mentor gains less than the one before."""

from __future__ import annotations

from math import lcm

import numpy as np

from ipmatch.solving.problem import LARGEST, Level, Problem

__all__ = ["balance_level"]


def balance_level(problem: Problem, name: str = "balance") -> Level:
    """Build the level whose value is minus the sum of squared loads, each divided by the mentor's capacity.

    In units of 1 / n, n being the least common multiple of all capacities: half the level's bound.

    Raises
    ------
    ValueError
        If the problem is not ``spread``, or the capacities have no common multiple small enough.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapter 14 (convex costs).
    """
    if not problem.spread:
        raise ValueError(f"level {name!r}: needs a spread problem.")
    unit = lcm(*problem.capacity.tolist())
    if unit > LARGEST // (16 * (1 + len(problem.mentor))):
        raise ValueError(f"level {name!r}: the capacities have no common multiple small enough.")
    filled = problem.most("mentor")
    # The k-th place adds k squared minus (k - 1) squared.
    odd = 2 * (np.arange(filled.sum()) - np.repeat(np.cumsum(filled) - filled, filled)) + 1
    return Level(name, 2 * unit, place=-odd * np.repeat(unit // problem.capacity, filled))
