"""Several levels of a big cohort in one, weighted so that sums compare as the levels do in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.columns.grid import Goal
from ipmatch.solving.columns.terrain import Gain, Named, Terrain, merged
from ipmatch.solving.problem import Level

__all__ = ["FAR", "Packed", "packed_in"]

_ROOM = 2**55
FAR = 2**57
"""Beyond any distance of packed levels; a few of these still fit 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A run of levels, packed: ``cost`` [A] of each arc, and ``goal`` with what pairs gain.

    Attributes
    ----------
    reach
        For each level how large an entry may be without being taken for one of the level before.
    """

    reach: tuple[int, ...]
    cost: IntVector
    goal: Goal

    def unpacked(self, values: IntVector) -> list[IntVector]:
        """The values of each level."""
        if not self.reach:
            return []
        entries, rest = list[IntVector](), values
        for reach in self.reach[:0:-1]:
            rest, entry = np.divmod(rest + reach, 2 * reach + 1)
            entries.append(entry - reach)
        return [rest, *reversed(entries)]

    def holds(self, entries: Sequence[IntVector]) -> bool:
        """Whether reduced costs at these distances are so small that no level spills into the one before."""
        sizes = (int(np.abs(entry).max(initial=0)) for entry in entries[1:])
        # Two distances and one gain make half of it at most.
        return all(4 * size <= reach for reach, size in zip(self.reach[1:], sizes, strict=True))


def packed_in(
    terrain: Terrain,
    goals: Sequence[Goal],
    costs: Sequence[IntVector],
    arcs: int,
    factor: int | None = None,
) -> list[Packed]:
    """Pack levels into as few as hold them, first level first.

    Parameters
    ----------
    costs
        For each level [A] the cost of a unit on each arc of a network.
    arcs
        How many there are.
    factor
        How many times the largest gain distances may reach; by default as many as let all levels be one, if
        they are 32 at least.
    """
    if not goals:
        # Even so it matters where there is a way at all.
        return [Packed((), np.zeros(arcs, np.int64), Goal(Level("packed", 1), _together(terrain, ())))]
    largest = [
        max(int(np.abs(cost).max(initial=0)), _most(terrain, goal.pair))
        for goal, cost in zip(goals, costs, strict=True)
    ]
    if factor is None:
        factor = next((times for times in (1024, 256, 64) if len(_runs(largest, times)) == 1), 32)
    return [
        _packed(terrain, [goals[k] for k in run], [costs[k] for k in run], [reaches[k] for k in run])
        for reaches in ([factor * (most + 1) for most in largest],)
        for run in _runs(largest, factor)
    ]


def _runs(largest: Sequence[int], factor: int) -> list[list[int]]:
    """Which levels share a number: as many in a row as have room."""
    runs, size = list[list[int]](), 1
    for level, most in enumerate(largest):
        span = 2 * factor * (most + 1) + 1
        if not runs or size * span > _ROOM:
            runs.append([])
            size = 1
        size *= span
        runs[-1].append(level)
    return runs


def _packed(
    terrain: Terrain, goals: Sequence[Goal], costs: Sequence[IntVector], reaches: Sequence[int]
) -> Packed:
    weights = [1]
    for reach in reaches[:0:-1]:
        weights.insert(0, weights[0] * (2 * reach + 1))
    cost = sum((weight * each for weight, each in zip(weights, costs, strict=True)), np.zeros_like(costs[0]))
    gains = [
        (weight, goal.pair) for weight, goal in zip(weights, goals, strict=True) if goal.pair is not None
    ]
    return Packed(tuple(reaches), cost, Goal(Level("packed", 1), _together(terrain, gains)))


def _together(terrain: Terrain, gains: Sequence[tuple[int, Gain]]) -> Gain:
    """The weighted sum of what pairs gain."""
    if [weight for weight, _ in gains] == [1]:
        # What is known of this gain need not be found again.
        return gains[0][1]
    coarse = [0] * len(terrain.coarse)
    fine = np.zeros(terrain.floor.shape, np.int64)
    named = [(weight, gain.named) for weight, gain in gains if gain.named is not None]
    keys = merged(*(some.keys for _, some in named))
    value = np.zeros(len(keys), np.int64)
    for weight, gain in gains:
        coarse = [total + weight * units for total, units in zip(coarse, gain.coarse, strict=True)]
        fine += weight * gain.fine
    for weight, some in named:
        value[np.searchsorted(keys, some.keys)] += weight * some.value
    same = sum(weight * gain.same for weight, gain in gains)
    return Gain(tuple(coarse), fine, same, Named(keys, value) if len(keys) else None)


def _most(terrain: Terrain, gain: Gain | None) -> int:
    """A bound on what a pair can gain or lose."""
    if gain is None:
        return 0
    tables = zip(gain.coarse, terrain.coarse, strict=True)
    coarse = sum(abs(units) * int(np.abs(table.value).max(initial=0)) for units, table in tables)
    named = 0 if gain.named is None else int(np.abs(gain.named.value).max(initial=0))
    return coarse + int(np.abs(gain.fine).max(initial=0)) + abs(gain.same) + named
