"""One level under rows: a bound from multipliers, a best flow from the few arcs that matter, then cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving import highs
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.bounds import Node, Proof, branches, least_cost, tightened
from ipmatch.solving.lagrange import TOLERANCE, prove, relax
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.rows import Face
from ipmatch.solving.ties import pairs_among

__all__ = ["Decision", "NothingHolds", "decide"]

CORE = 4_000
"""Pairs in the first core; a core that does not suffice is followed by one four times as large."""
LEAVES = 200
"""Cases after which a proof is given up."""


class NothingHolds(Exception):
    """No flow of the face keeps the rows, HiGHS says."""


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
    face: Face,
    cost: IntVector,
    flow: IntVector | None,
    pool: BoolVector,
    *,
    deadline: float | None = None,
) -> Decision:
    """Find a flow of least cost among those of the face that keep the rows.

    Parameters
    ----------
    face, cost
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
    search, stopped = _Search(face, cost, flow, pool, deadline), False
    try:
        search.run()
    except highs.TimeUp:
        if search.best is None:
            raise
        stopped = True
    assert search.best is not None
    return Decision(search.best, search.value, search.least, search.node, stopped)


class _Search:
    def __init__(
        self, face: Face, cost: IntVector, flow: IntVector | None, pool: BoolVector, deadline: float | None
    ) -> None:
        self.face, self.cost, self.pool, self.deadline = face, cost, pool, deadline
        self.best: IntVector | None = None
        self.value = 0
        self.least: int | None = None
        self.node: Node | None = None
        self._cases = 0
        self._offer(flow)

    def run(self) -> None:
        if self.best is not None:
            self.pool |= self.best > self.face.network.low
        found = relax(self.face, self.cost, self.pool, deadline=self.deadline)
        if found is None:
            raise NothingHolds
        proof, flow = prove(self.face, self.cost, found.multipliers, self.pool)
        self.least = -(-least_cost(self.face, self.cost, proof) // proof.denominator)
        self.node = Node(proof)
        self._offer(flow)
        self._offer(np.round(found.flow).astype(np.int64))
        if self.best is None or self.value > self.least:
            self._search_core(proof, found.flow > TOLERANCE)
        while self.value > self.least:
            value, self._cases = self.value, 0
            part = self._by_cases(tightened(self.face, self.cost, proof, value - 1), value)
            if part is not None:
                self.node, self.least = Node(proof, (part,)), value
            elif self.value == value:
                return

    def _offer(self, flow: IntVector | None) -> None:
        """Keep a flow if it holds and is better than the best so far; first units count before others."""
        if flow is None:
            return
        network = self.face.network
        flow = network.flow_of(flow[network.pairs] > 0)
        if self.face.holds(flow):
            chosen = np.flatnonzero(flow)
            value = int(self.cost[chosen] @ flow[chosen])
            if self.best is None or value < self.value:
                self.best, self.value = flow, value

    def _search_core(self, proof: Proof, support: BoolVector) -> None:
        """Solve with the pairs of smallest reduced cost, more and more of them, until no other can help."""
        face, free = self.face, self.face.free()
        weighted = face.weighted(self.cost, proof.denominator, proof.multipliers)
        reduced = reduced_cost(face.network, weighted, proof.prices, np.arange(len(weighted)))
        base = np.where(reduced < 0, face.network.up, face.network.low)
        pairs = pairs_among(face.network, free)
        others, bound = np.setdiff1d(free, pairs), least_cost(face, self.cost, proof)
        if self.best is not None:
            support = support | (self.best != base)
        ranked = pairs[np.lexsort((~self.pool[pairs], ~support[pairs], np.abs(reduced[pairs])))]
        # Whoever uses a pair that was left out pays its reduced cost.
        without = -(-(bound + np.abs(reduced[ranked])) // proof.denominator)
        size = CORE
        while True:
            core = np.sort(np.concatenate([others, ranked[:size]]))
            try:
                self._offer(highs.integral(face, self.cost, core, base, deadline=self.deadline))
            except highs.TimeUp as stopped:
                self._offer(*stopped.args)
                raise
            needed = len(ranked)
            if self.best is not None:
                needed = int(np.searchsorted(without, self.value)) if self.value > (self.least or 0) else 0
            if needed <= size:
                break
            size = min(4 * size, needed)
        if self.best is None:
            raise NothingHolds

    def _by_cases(self, face: Face, value: int) -> Node | None:
        """Prove that every flow of the face costs at least ``value``; None if given up, or something is better."""
        self._cases += 1
        if self._cases > 2 * LEAVES:
            return None
        penalty = 64.0 * (value - (self.least or 0))
        found = relax(face, self.cost, self.pool, penalty=penalty, deadline=self.deadline)
        if found is None:
            return None
        proof, flow = prove(face, self.cost, found.multipliers, self.pool)
        if least_cost(face, self.cost, proof) > proof.denominator * (value - 1):
            return Node(proof)
        self._offer(flow)
        self._offer(np.round(found.flow).astype(np.int64))
        if self.value < value:
            return None
        tight = tightened(face, self.cost, proof, value - 1)
        low, up = tight.network.low, tight.network.up
        if np.any((found.flow < low - TOLERANCE) | (found.flow > up + TOLERANCE)):
            part = self._by_cases(tight, value)
            return None if part is None else Node(proof, (part,))
        divided = np.where(low < up, np.abs(found.flow - np.round(found.flow)), 0)
        arc = int(np.argmax(divided))
        if divided[arc] <= TOLERANCE:
            return None
        most = int(np.floor(found.flow[arc]))
        parts = []
        for side in branches(tight, arc, most):
            part = self._by_cases(side, value)
            if part is None:
                return None
            parts.append(part)
        return Node(proof, tuple(parts), arc, most)
