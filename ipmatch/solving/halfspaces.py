"""Weights in a region of half-spaces: its middle, its ends, and a proof in integers where it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import IntVector

__all__ = ["Vector", "contradiction", "ends", "middle"]

Vector: TypeAlias = npt.NDArray[np.float64]

TOLERANCE = 1e-9


def middle(strict: Sequence[IntVector], weak: Sequence[IntVector], total: float) -> Vector | None:
    """The weights, not negative and adding up to ``total``, that keep farthest from every bound.

    Parameters
    ----------
    strict, weak
        Each a vector [K] whose product with the weights must be above 0, or at least 0.

    Returns
    -------
    ndarray or None
        The centre of the largest ball in the region, or, if there is no room for one, weights whose smallest
        product with ``strict`` is largest; None if that is not above 0.

    References
    ----------
    Boyd & Vandenberghe (2004), *Convex Optimization*, section 8.5.1 (Chebyshev centre).
    """
    size = len((*strict, *weak)[0])
    units = np.eye(size, dtype=np.int64)
    for kept, loose in (((*strict, *weak, *units), ()), (tuple(strict), tuple(weak))):
        found = _roomiest(kept, loose, size, total)
        if found is not None:
            return found
    return None


def ends(rows: Sequence[IntVector], total: float, k: int, *, most: bool) -> Vector:
    """Weights of the region, bounds included, at which weight ``k`` is largest or smallest."""
    from scipy.optimize import linprog

    size = len(rows[0])
    cost = np.zeros(size)
    cost[k] = -1.0 if most else 1.0
    matrix = -np.array(rows, float)
    found = linprog(cost, A_ub=matrix, b_ub=np.zeros(len(rows)), A_eq=np.ones((1, size)), b_eq=[total])
    return np.asarray(found.x, np.float64)


def contradiction(strict: Sequence[IntVector], weak: Sequence[IntVector]) -> tuple[int, ...] | None:
    """How often to add up each row so that nothing can be above 0: integers that prove a region empty.

    The sum has no positive entry, so its product with weights that are not negative is not above 0; yet it
    would have to be, since a strict row is in it, or else since all its entries are negative.

    Returns
    -------
    tuple of int or None
        One for each row, strict ones first; None if no proof was found.

    References
    ----------
    Schrijver (1986), *Theory of Linear and Integer Programming*, section 7.8 (Motzkin's theorem).
    """
    from scipy.optimize import linprog

    rows = [*strict, *weak]
    columns = np.array(rows, float).T
    strictly = np.array([1.0] * len(strict) + [0.0] * len(weak))
    for one, entries in ((strictly, 0.0), (np.zeros(len(rows)), -1.0)):
        equal = (one[None, :], [1.0]) if one.any() else (None, None)
        found = linprog(
            np.ones(len(rows)),
            A_ub=columns,
            b_ub=np.full(len(columns), entries),
            A_eq=equal[0],
            b_eq=equal[1],
        )
        if found.x is None:
            continue
        times = _exactly(rows, np.asarray(found.x), len(strict))
        if times is not None:
            return times
    return None


def _roomiest(
    kept: Sequence[IntVector], loose: Sequence[IntVector], size: int, total: float
) -> Vector | None:
    """Weights as far as can be from the bounds ``kept``; None if there is no way to keep off some."""
    from scipy.optimize import linprog

    rows = np.array([*kept, *loose], float).reshape(-1, size)
    away = np.zeros(len(rows))
    away[: len(kept)] = np.linalg.norm(rows[: len(kept)], axis=1)
    if (away[: len(kept)] == 0).any():
        return None
    matrix = np.column_stack([-rows, away])
    cost = np.zeros(size + 1)
    cost[size] = -1.0
    whole = np.append(np.ones(size), 0.0)[None, :]
    found = linprog(cost, A_ub=matrix, b_ub=np.zeros(len(rows)), A_eq=whole, b_eq=[total], bounds=(0, total))
    if found.x is None or (kept and found.x[size] <= TOLERANCE * total):
        return None
    return np.asarray(found.x[:size], np.float64)


def _exactly(rows: Sequence[IntVector], found: Vector, strict: int) -> tuple[int, ...] | None:
    """Whole numbers in the ratios of those found, which are a corner and so solve a system of their own.

    None if none of these prove that the region is empty.
    """
    for digits in (2, 4, 6):
        parts = [Fraction(float(one)).limit_denominator(10**digits) for one in found]
        scale = lcm(*(part.denominator for part in parts))
        times = [int(part * scale) for part in parts]
        common = gcd(*times) or 1
        times = [one // common for one in times]
        if min(times) >= 0 and _proves(rows, times, strict):
            return tuple(times)
    return None


def _proves(rows: Sequence[IntVector], times: Sequence[int], strict: int) -> bool:
    summed = [
        sum(one * int(row[k]) for one, row in zip(times, rows, strict=True)) for k in range(len(rows[0]))
    ]
    return max(summed) <= 0 and (any(times[:strict]) or max(summed) < 0)
