"""Quotas as a tree of groups: those that nest or stay apart are arcs of the network, the others cross."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import SIDES, Problem, Quota, Side

__all__ = ["Tree", "bounds_of", "split", "tree"]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The groups of one side, each within its parent; B groups, n people, and -1 for no group.

    Attributes
    ----------
    quotas
        By group, the indices of the quotas it stands for.
    parent, low, up
        [B] the smallest group around each, and the bounds of its units.
    counts
        [B, 2n] whether a group counts the first unit of each person, and whether it counts the further ones.
    first, further
        [n] the smallest group that counts each person's first unit; their further units.
    """

    quotas: tuple[tuple[int, ...], ...]
    parent: IndexVector
    low: IntVector
    up: IntVector
    counts: BoolMatrix
    first: IndexVector
    further: IndexVector


@dataclass(frozen=True, slots=True, eq=False)
class _Bound:
    """A minimum or a maximum of a quota, and the units [2n] that it counts."""

    quota: int
    kind: str
    low: int
    up: int
    counts: BoolVector


def split(problem: Problem) -> tuple[tuple[Quota, ...], tuple[Quota, ...]]:
    """Part the quotas into those a network can hold and those that cross them.

    Smaller groups go first, as they cross fewer others; equals in the order given.

    Returns
    -------
    tuple of Quota, tuple of Quota
        Both as long as ``problem.quotas``: each bound that binds is in its place in one of the two.
    """
    bare = [replace(quota, minimum=0, maximum=None) for quota in problem.quotas]
    kept, left = list(bare), list(bare)
    for side in SIDES:
        bounds = list(_bounds(problem, side))
        crossing = _crossing(bounds)
        held = list[int]()
        for k in sorted(range(len(bounds)), key=lambda k: int(bounds[k].counts.sum())):
            chosen = left if crossing[k, held].any() else kept
            if chosen is kept:
                held.append(k)
            bound, quota = bounds[k], chosen[bounds[k].quota]
            own = problem.quotas[bound.quota]
            chosen[bound.quota] = (
                replace(quota, minimum=own.minimum)
                if bound.kind == "minimum"
                else replace(quota, maximum=own.maximum)
            )
    return tuple(kept), tuple(left)


def tree(problem: Problem, side: Side) -> Tree:
    """Arrange the quotas of one side by what contains what.

    Raises
    ------
    ValueError
        If two of them cross.
    """
    most = problem.most(side)
    merged = dict[bytes, list[_Bound]]()
    bounds = list(_bounds(problem, side))
    if _crossing(bounds).any():
        raise ValueError("quotas: some groups overlap without one being part of the other; split them first.")
    for bound in bounds:
        merged.setdefault(bound.counts.tobytes(), []).append(bound)
    groups = list(merged.values())
    counts = np.array([group[0].counts for group in groups], np.bool_).reshape(len(groups), 2 * len(most))
    sizes, within = counts.sum(1), np.full(2 * len(most), -1)
    parent = np.full(len(groups), -1)
    # From the largest down, so that whatever comes later is nearer.
    for k in np.argsort(-sizes, kind="stable").tolist():
        # A group without anyone to count hangs from the root.
        parent[k] = within[np.argmax(counts[k])] if sizes[k] else -1
        within[counts[k]] = k
    first, further = within[: len(most)], within[len(most) :]
    return Tree(
        quotas=tuple(tuple(bound.quota for bound in group) for group in groups),
        parent=parent,
        low=np.array([max(bound.low for bound in group) for group in groups], np.int64),
        up=np.array([min(bound.up for bound in group) for group in groups], np.int64),
        counts=counts,
        first=first,
        # Who has one unit at most needs no second way.
        further=np.where(most > 1, further, first),
    )


def bounds_of(problem: Problem) -> Iterator[tuple[int, str]]:
    """Yield index and kind, ``"minimum"`` or ``"maximum"``, of each bound of a quota that can bind."""
    for side in SIDES:
        for bound in _bounds(problem, side):
            yield bound.quota, bound.kind


def _bounds(problem: Problem, side: Side) -> Iterator[_Bound]:
    most = problem.most(side)
    for k, quota in enumerate(problem.quotas):
        if quota.side != side:
            continue
        member = np.zeros(len(most), np.bool_)
        member[quota.members] = True
        first, further = member & (most > 0), member & (most > 1)
        if quota.minimum > 0:
            counts = np.concatenate([first, np.zeros_like(first)])
            yield _Bound(k, "minimum", quota.minimum, int(first.sum()), counts)
        if quota.maximum is not None and quota.maximum < most[member].sum():
            yield _Bound(k, "maximum", 0, quota.maximum, np.concatenate([first, further]))


def _crossing(bounds: list[_Bound]) -> BoolMatrix:
    """Tell of every two bounds whether each counts some but not all of what the other counts."""
    crossing = np.zeros((len(bounds), len(bounds)), np.bool_)
    units = [int.from_bytes(np.packbits(bound.counts).tobytes(), "big") for bound in bounds]
    for (k, one), (m, other) in combinations(enumerate(units), 2):
        crossing[k, m] = crossing[m, k] = (one & other) not in (0, one, other)
    return crossing
