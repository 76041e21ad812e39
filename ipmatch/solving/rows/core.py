"""One level under rows: a bound from multipliers, a best flow from the few arcs that matter, then cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.pool import first_pool
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.rows import highs
from ipmatch.solving.rows.bounds import Node, Proof, below, least_cost, not_below, tightened
from ipmatch.solving.rows.cases import Cases
from ipmatch.solving.rows.lagrange import TOLERANCE, prove, relax
from ipmatch.solving.rows.space import Space
from ipmatch.solving.ties import pairs_among

__all__ = ["Decision", "NothingHolds", "any_flow", "decide"]

CORE = 4_000
"""Pairs in the first core; a core that does not suffice is followed by one four times as large."""


class NothingHolds(Exception):
    """No flow of the space keeps the rows, HiGHS says."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """The best flow [A] found for a level and what it costs; the least that is proved, and how, or None.

    ``stopped`` tells that the deadline passed before all was done.
    """

    flow: IntVector
    value: int
    least: int | None
    node: Node | None
    stopped: bool


def decide(
    space: Space,
    cost: IntVector,
    flow: IntVector | None,
    pool: BoolVector,
    *,
    deadline: float | None = None,
) -> Decision:
    """Find a flow of least cost among those of the space that keep the rows.

    Parameters
    ----------
    space, cost
        The flows in question, and [A] what a unit costs.
    flow
        One of them, or None.
    pool
        [A] the arcs to begin with; others are added as they are needed.

    Raises
    ------
    NothingHolds
        If the rows cannot hold.
    TimeUp
        If the deadline passes before any flow is found.
    """
    search, stopped = _Search(space, cost, flow, pool, deadline), False
    try:
        search.run()
    except highs.TimeUp:
        if search.best is None:
            raise
        stopped = True
    if search.best is None:
        raise NothingHolds
    return Decision(search.best, search.value, search.least, search.node, stopped)


def any_flow(space: Space, *, deadline: float | None = None) -> IntVector | None:
    """Find some flow [A] of the space, or None if there is none, HiGHS says.

    Raises
    ------
    TimeUp
        If the deadline passes before that is known.
    """
    network, nothing = space.network, np.zeros_like(space.network.low)
    start = cheapest_flow(network, nothing, network.low, space.free())
    if start is None or not len(space.low):
        return start
    few = np.ones(len(network.low), np.bool_)
    few[network.pairs] = first_pool(network.problem, [])
    try:
        return decide(space, nothing, None, few | (start > 0), deadline=deadline).flow
    except NothingHolds:
        return None


class _Search:
    def __init__(
        self, space: Space, cost: IntVector, flow: IntVector | None, pool: BoolVector, deadline: float | None
    ) -> None:
        self.space, self.cost, self.pool, self.deadline = space, cost, pool, deadline
        self.best: IntVector | None = None
        self.value = 0
        self.least: int | None = None
        self.node: Node | None = None
        self._offer(flow)

    def run(self) -> None:
        if self.best is not None:
            self.pool |= self.best > self.space.network.low
        found = relax(self.space, self.cost, self.pool, deadline=self.deadline)
        if found is None:
            raise NothingHolds
        proof, flow = prove(self.space, self.cost, found.multipliers, self.pool)
        least = -(-least_cost(self.space, self.cost, proof) // proof.denominator)
        self.least = not_below(self.space, self.cost, least)
        self.node = Node(proof)
        self._offer(flow)
        self._offer(np.round(found.flow).astype(np.int64))
        if self.best is None or self.value > self.least:
            self._search_core(proof, found.flow > TOLERANCE)
        while self.best is not None and self.value > self.least:
            value = self.value
            cases = Cases(self.cost, value, self.least, self.pool, self._offer, self.deadline)
            better = below(self.space, self.cost, value)
            part = cases.prove(tightened(self.space, self.cost, proof, better))
            if part is not None:
                self.node, self.least = Node(proof, (part,)), value
            elif self.value == value:
                return

    def _offer(self, flow: IntVector | None) -> bool:
        """Keep a flow if it holds and is better than the best so far; first units count before others."""
        if flow is None:
            return False
        network = self.space.network
        flow = network.flow_of(flow[network.pairs] > 0)
        if self.space.holds(flow):
            chosen = np.flatnonzero(flow)
            value = int(self.cost[chosen] @ flow[chosen])
            if self.best is None or value < self.value:
                self.best, self.value = flow, value
                return True
        return False

    def _search_core(self, proof: Proof, support: BoolVector) -> None:
        """Solve with the pairs of smallest reduced cost, more and more of them, until no other can help."""
        space, free = self.space, self.space.free()
        weighted = space.weighted(self.cost, proof.denominator, proof.multipliers)
        reduced = reduced_cost(space.network, weighted, proof.prices, np.arange(len(weighted)))
        base = np.where(reduced < 0, space.network.up, space.network.low)
        pairs = pairs_among(space.network, free)
        others, bound = np.setdiff1d(free, pairs), least_cost(space, self.cost, proof)
        if self.best is not None:
            support = support | (self.best != base)
        ranked = pairs[np.lexsort((~self.pool[pairs], ~support[pairs], np.abs(reduced[pairs])))]
        # Whoever uses a pair that was left out pays its reduced cost.
        without = -(-(bound + np.abs(reduced[ranked])) // proof.denominator)
        size = CORE
        while True:
            core = np.sort(np.concatenate([others, ranked[:size]]))
            try:
                self._offer(highs.integral(space, self.cost, core, base, deadline=self.deadline))
            except highs.TimeUp as stopped:
                self._offer(stopped.flow)
                raise
            needed = len(ranked)
            if self.best is not None:
                better = below(space, self.cost, self.value)
                needed = (
                    int(np.searchsorted(without, better, side="right")) if better >= (self.least or 0) else 0
                )
            if needed <= size:
                break
            size = min(4 * size, needed)
