"""What one more unit would lose in a big cohort: shortest ways, along a pool of pairs, all others priced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.front import Front
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.packed import FAR, Packed, packed_in
from ipmatch.solving.columns.start import first_keys
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.memory import memory_returned
from ipmatch.solving.network import build, residual
from ipmatch.solving.paths import Graph
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.ways import Ways

__all__ = ["GridWays"]


class GridWays(Ways):
    """The residual graph of a big cohort's best pairing.

    Levels are packed into one, so that a distance is one number and all pairs are priced at once. Nothing is
    taken on trust: unpacked, distances are small enough that no level can have spilt into another, or the
    levels are packed into more, and measured again.

    Parameters
    ----------
    grid, goals
        Everybody, and what is wanted, the lottery aside.
    problem, levels
        The problem of the pairs used, and perhaps some more, and what they gain by each goal.
    used
        [P] the pairs used.
    crew
        Who looks at the pairs.
    """

    def __init__(
        self,
        grid: Grid,
        goals: Sequence[Goal],
        problem: Problem,
        levels: Sequence[Level],
        used: BoolVector,
        crew: Crew,
    ) -> None:
        super().__init__(levels, used)
        self.network = build(problem)
        self.flow = self.network.flow_of(self._used)
        self.costs = [self.network.cost(level) for level in levels]
        self._people = 1 + len(grid.capacity) + len(grid.wanted)
        self._grid, self._goals, self._crew = grid, tuple(goals), crew
        self._packed = packed_in(grid.terrain, goals, self.costs, len(self.flow))
        self._factor = 1024
        self._are_mentees = np.arange(self.network.nodes) > len(grid.capacity)
        self._own = grid.terrain.keys(problem.mentor, problem.mentee)
        open_to = np.flatnonzero(self.network.low < self.network.up)
        tail, head, arc, sign = residual(self.network, self.flow, open_to)
        self._steps = _short(tail), _short(head), arc, sign
        self._pool: IndexVector | None = None
        self._priced: tuple[Packed, IndexVector, tuple[IndexVector, IndexVector, IntVector]] | None = None
        self._settled: dict[tuple[bool, int], IntVector] = {}
        self._known: dict[tuple[bool, int], tuple[list[IntVector], BoolVector]] = {}

    def distances(
        self, *, to_root: bool, at: int = 0, barred: BoolVector | None = None
    ) -> tuple[list[IntVector], BoolVector]:
        if 0 < at < self._people:
            return self._exact(to_root=to_root, at=at, barred=barred)
        if (to_root, at) not in self._known:
            self._known[to_root, at] = self._exact(to_root=to_root, at=at, barred=None)
        if barred is None:
            return self._known[to_root, at]
        return self._exact(to_root=to_root, at=at, barred=barred)

    def _exact(
        self, *, to_root: bool, at: int, barred: BoolVector | None
    ) -> tuple[list[IntVector], BoolVector]:
        while True:
            measured = self._measured(to_root=to_root, at=at, barred=barred)
            # What the search took would be in the way of all that is made of the answer.
            memory_returned()
            if measured is not None:
                return measured
            self._factor *= 16
            self._packed = packed_in(
                self._grid.terrain, self._goals, self.costs, len(self.flow), self._factor
            )
            self._settled.clear()

    def _measured(
        self, *, to_root: bool, at: int, barred: BoolVector | None
    ) -> tuple[list[IntVector], BoolVector] | None:
        """What each level loses; None if the levels did not fit together."""
        front = Front(self._grid, self._crew)
        tail, head, arc, sign = self._steps
        kept = np.ones(len(arc), np.bool_) if barred is None else (sign > 0) | ~barred[arc]
        if self._pool is None:
            self._pool = self._unused(first_keys(self._grid, self._goals, self._crew))
        pairs = self._pool
        result, reached = list[IntVector](), np.ones(self.network.nodes, np.bool_)
        for packed in self._packed:
            cost = sign * packed.cost[arc]
            longer = self._settled.get((to_root, at)) if barred is not None else None
            distance, pairs = self._settle(
                packed, front, (tail[kept], head[kept], cost[kept]), pairs, to_root, at, longer
            )
            reached = distance < FAR
            if barred is None and len(self._packed) == 1 and not 0 < at < self._people:
                self._settled[to_root, at] = distance
            start, goal = (tail, head) if to_root else (head, tail)
            kept &= reached[goal] & (distance[start] == distance[goal] + cost)
            mentor, mentee, cost = self._ends(packed, pairs)
            start, goal = (mentor, mentee) if to_root else (mentee, mentor)
            pairs = pairs[reached[goal] & (distance[start] == distance[goal] + cost)]
            entries = packed.unpacked(np.where(reached, distance, 0))
            if not packed.holds(entries):
                return None
            result += entries
            front.passed(packed.goal, self._prices(distance, to_root=to_root))
        return result, reached

    def _settle(
        self,
        packed: Packed,
        front: Front,
        steps: tuple[IndexVector, IndexVector, IntVector],
        pairs: IndexVector,
        to_root: bool,
        at: int,
        settled: IntVector | None,
    ) -> tuple[IntVector, IndexVector]:
        """Distances [N] along these steps and any pair that the levels before leave; and the pairs in play.

        With bars only nodes farther than they were ``settled`` without can have a shorter way by other pairs.
        """
        distance = np.full(self.network.nodes, FAR)
        distance[at] = 0
        changed = np.array([at])
        while True:
            mentor, mentee, cost = self._ends(packed, pairs)
            tail, head = np.concatenate([steps[0], mentor]), np.concatenate([steps[1], mentee])
            start, goal = (tail, head) if to_root else (head, tail)
            Graph(self.network.nodes, start, goal).relax(np.concatenate([steps[2], cost]), distance, changed)
            prices = self._prices(distance, to_root=to_root)
            if settled is not None:
                # A price that nothing exceeds keeps a node from being looked at.
                near = (distance <= settled) & (self._are_mentees != to_root)
                prices[near] = -2 * FAR if to_root else 2 * FAR
            new = self._unused(front.violated(packed.goal, prices).keys)
            new = new[~found(pairs, new)[1]]
            if not len(new):
                return distance, pairs
            is_pool, pairs = pairs is self._pool, merged(pairs, new)
            self._pool = pairs if is_pool or self._pool is None else merged(self._pool, new)
            mentor, mentee = self._nodes(new)
            changed = merged(mentee if to_root else mentor)
            changed = changed[distance[changed] < FAR]

    def _prices(self, distance: IntVector, *, to_root: bool) -> IntVector:
        """Distances as prices at which a pair that makes one shorter has a negative reduced cost."""
        prices = distance.copy() if to_root else -distance
        # No pair leads on from where nothing leads; any pair leads there.
        prices[(distance >= FAR) & (self._are_mentees == to_root)] *= 2
        return prices

    def _ends(self, packed: Packed, keys: IndexVector) -> tuple[IndexVector, IndexVector, IntVector]:
        """The nodes and the packed cost of pairs, by key; of those asked for last they are at hand."""
        if self._priced is None or self._priced[0] is not packed or self._priced[1] is not keys:
            mentor, mentee = self._grid.pairs(keys)
            pair = packed.goal.pair
            gain = 0 if pair is None else self._grid.terrain.gain(pair, mentor, mentee)
            self._priced = packed, keys, (*self._nodes(keys), np.zeros(len(keys), np.int64) - gain)
        return self._priced[2]

    def _nodes(self, keys: IndexVector) -> tuple[IndexVector, IndexVector]:
        """The nodes of pairs, by key."""
        mentor, mentee = self._grid.pairs(keys)
        return _short(1 + mentor), _short(1 + len(self._grid.capacity) + mentee)

    def _unused(self, keys: IndexVector) -> IndexVector:
        return keys[~found(self._own, keys)[1]]


def _short(nodes: IndexVector) -> IndexVector:
    """Nodes in half the memory: of a big cohort's pairs several such arrays are at hand at once."""
    return cast("IndexVector", nodes.astype(np.int32))
