"""Load spread over mentors: each further place of a mentor gains less than the one before."""

from __future__ import annotations

from math import lcm

import numpy as np

from ipmatch.solving.arrays import stretches
from ipmatch.solving.problem import Level, Problem, largest_bound

__all__ = ["balance_level", "common_multiple"]

# Far beyond the capacities of any programme (1 to 20 have 232,792,560), and every sum of it stays exact.
LARGEST_MULTIPLE = 10**9


def common_multiple(problem: Problem) -> int | None:
    """Return the least common multiple of all capacities; None if it is too large to count with."""
    unit = lcm(*problem.capacity.tolist())
    return unit if unit <= min(LARGEST_MULTIPLE, largest_bound(problem) // 2) else None


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
    unit = common_multiple(problem)
    if unit is None:
        raise ValueError(f"level {name!r}: the capacities have no common multiple small enough.")
    filled = problem.most("mentor")
    # The k-th place adds k squared minus (k - 1) squared.
    odd = 2 * stretches(filled) + 1
    return Level(name, 2 * unit, place=-odd * np.repeat(unit // problem.capacity, filled))
