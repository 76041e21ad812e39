"""A pairing to begin with where time is short: one pair after the other, as long as every rule holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.rows.space import Space

__all__ = ["filled"]


def filled(space: Space, flow: IntVector, levels: Sequence[Level]) -> IntVector:
    """Add to a flow of the space the pairs that are worth most by themselves, while they break nothing.

    Everybody's first mentor comes before anybody's second.
    """
    network = space.network
    filling = _Filling(space, flow)
    order = _best_first(network.problem, levels, flow[network.pairs] > 0)
    for further in (False, True):
        for pair in order.tolist():
            filling.offer(pair, further=further)
    return network.flow_of(filling.used)


def _best_first(problem: Problem, levels: Sequence[Level], used: BoolVector) -> IndexVector:
    """The pairs not used, in order of what they gain level by level; those that gain nothing are left out."""
    gains = [np.zeros(len(used), np.int64)]
    for level in levels:
        gain = np.zeros(len(used), np.int64) if level.pair is None else level.pair.copy()
        if level.first is not None:
            gain += level.first[problem.mentee]
        gains.append(gain)
    first = np.select([gain != 0 for gain in gains], [gain > 0 for gain in gains], False)
    order = np.lexsort([-gain for gain in reversed(gains)])
    kept: IndexVector = order[(first & ~used)[order]]
    return kept


class _Filling:
    """Counts of everything that limits a pairing, as pairs are added."""

    def __init__(self, space: Space, flow: IntVector) -> None:
        self._space, network = space, space.network
        self._network, problem = network, network.problem
        self.used: BoolVector = flow[network.pairs] > 0
        self._load = np.bincount(problem.mentor[self.used], minlength=len(problem.capacity)).tolist()
        self._given = np.bincount(problem.mentee[self.used], minlength=len(problem.wanted)).tolist()
        self._sums = space.sums(flow).tolist()
        order = np.argsort(space.arc, kind="stable")
        self._row, self._coefficient = space.row[order], space.coefficient[order]
        self._ends = np.searchsorted(space.arc[order], np.arange(len(network.tail) + 1))
        self._quotas = [
            (quota.side, set(quota.members.tolist()), quota.maximum)
            for quota in problem.quotas
            if quota.maximum is not None
        ]
        self._counts = [
            sum((self._load if side == "mentor" else self._given)[person] for person in members)
            for side, members, _ in self._quotas
        ]

    def offer(self, pair: int, *, further: bool) -> None:
        """Make a pair if every rule allows it beside the others."""
        problem = self._network.problem
        i, j = int(problem.mentor[pair]), int(problem.mentee[pair])
        if (
            self.used[pair]
            or (self._given[j] > 0) != further
            or self._given[j] >= problem.wanted[j]
            or self._load[i] >= problem.capacity[i]
        ):
            return
        within = [
            k
            for k, (side, members, _) in enumerate(self._quotas)
            if (i if side == "mentor" else j) in members
        ]
        if any(self._counts[k] >= self._quotas[k][2] for k in within):
            return
        changes = self._changes(pair, i, j)
        if any(
            not self._space.low[row] <= self._sums[row] + change <= self._space.up[row]
            for row, change in changes.items()
        ):
            return
        self.used[pair] = True
        self._load[i] += 1
        self._given[j] += 1
        for k in within:
            self._counts[k] += 1
        for row, change in changes.items():
            self._sums[row] += change

    def _changes(self, pair: int, mentor: int, mentee: int) -> dict[int, int]:
        """What a pair adds to each row's sum, with the first units it brings."""
        network, changes = self._network, dict[int, int]()
        arcs = [network.pairs.start + pair]
        arcs += [network.mentor_first.start + mentor] * (self._load[mentor] == 0)
        arcs += [network.first.start + mentee] * (self._given[mentee] == 0)
        for arc in arcs:
            for place in range(self._ends[arc], self._ends[arc + 1]):
                row = int(self._row[place])
                changes[row] = changes.get(row, 0) + int(self._coefficient[place])
        return changes
