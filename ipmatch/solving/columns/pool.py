"""The pairs of a big cohort that are listed, one pairing of them, and what may still change in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.columns.front import Violations
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.network import Network, build, slimmed
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.problem import check_levels

__all__ = ["Pool"]


class Pool:
    """Listed pairs by sorted key, their network, a ``flow`` [A] in it, and which arcs are ``free``."""

    def __init__(self, grid: Grid, goals: Sequence[Goal], keys: IndexVector) -> None:
        self.grid, self.keys = grid, keys
        self._cost: tuple[Goal, IntVector] | None = None
        self._people = grid.listed(grid.required)
        network = build(grid.listed(keys))
        check_levels(network.problem, [grid.level(goal, keys) for goal in goals])
        self.network = self._slimmed(network)
        self.free = self.network.low < self.network.up
        nothing = np.zeros(len(self.free), np.int64)
        flow = cheapest_flow(self.network, nothing, nothing + self.network.low, self.arcs)
        if flow is None:
            raise InternalError("The rules hold together, but no pairing was found.")
        self.flow = flow

    @property
    def arcs(self) -> IndexVector:
        """The free arcs."""
        return np.flatnonzero(self.free)

    @property
    def used(self) -> IndexVector:
        """The pairs of the pairing, by sorted key."""
        used: IndexVector = self.keys[self.flow[self.network.pairs] == 1]
        return used

    def cost(self, goal: Goal) -> IntVector:
        """The cost [A] of a unit by a goal; of the same pairs and goal it is reckoned once."""
        if self._cost is None or self._cost[0] is not goal:
            cost = self.network.cost(self.grid.level(goal, self.keys))
            cost.setflags(write=False)
            self._cost = goal, cost
        return self._cost[1]

    def value(self, goal: Goal) -> int:
        """What the pairing is worth by a goal."""
        return -int(self.cost(goal) @ self.flow)

    def first_prices(self, goal: Goal) -> IntVector:
        """Prices [N] before any are known: mentees pay for the best pair they see."""
        network, cost = self.network, self.cost(goal)
        prices = np.zeros(network.nodes, np.int64)
        free = np.arange(network.pairs.start, network.pairs.stop)[self.free[network.pairs]]
        np.maximum.at(prices, network.head[free], -cost[free])
        return prices

    def unlisted(self, wanted: Violations) -> tuple[IndexVector, IntVector]:
        """Those of the pairs that are not in the pool, by key, and what each is above its price."""
        new = ~found(self.keys, wanted.keys)[1]
        return wanted.keys[new], wanted.excess[new]

    def add(self, keys: IndexVector) -> None:
        """List more pairs, free and not used."""
        self.list(merged(self.keys, keys))

    def cheapest(self, goal: Goal, prices: IntVector, most: int) -> IndexVector:
        """The used pairs, and of the others so many as cost least at these prices, by sorted key."""
        pairs = np.arange(self.network.pairs.start, self.network.pairs.stop)
        if len(pairs) <= most:
            return self.keys
        reduced = reduced_cost(self.network, self.cost(goal), prices, pairs)
        cheap: IndexVector = self.keys[
            (reduced <= np.partition(reduced, most)[most]) | (self.flow[pairs] > 0)
        ]
        return cheap

    def keep(self, which: BoolVector) -> None:
        """Keep some of the pairs [P]."""
        self.list(self.keys[which])

    def fix(self, goal: Goal, prices: IntVector) -> None:
        """Let a goal decide every arc that has a reduced cost at its prices."""
        arcs = self.arcs
        self.free[arcs[reduced_cost(self.network, self.cost(goal), prices, arcs) != 0]] = False

    def list(self, keys: IndexVector) -> None:
        """Make these pairs, by sorted key, the pool; what is known of the others is forgotten."""
        before, stop = self.network, self.network.pairs.stop
        self._cost = None
        network = self._slimmed(build(self.grid.listed(keys)))
        place, known = found(self.keys, keys)
        arrays = []
        for whole, new in ((self.flow, 0), (self.free, True)):
            pairs = (
                np.where(known, whole[before.pairs][place], new)
                if len(self.keys)
                else np.full(len(keys), new)
            )
            arrays.append(np.concatenate([whole[: before.pairs.start], pairs, whole[stop:]]))
        self.network, self.keys, (self.flow, self.free) = network, keys, arrays

    def _slimmed(self, network: Network) -> Network:
        # A problem and its network hold each other, and together much memory.
        network.problem.kept.clear()
        return slimmed(network, self._people)
