"""A proof by cases where one bound is too weak: the flows part at an arc that the relaxation divides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.rows.bounds import Node, below, branches, least_cost, tightened
from ipmatch.solving.rows.highs import Relaxed
from ipmatch.solving.rows.lagrange import TOLERANCE, prove, relax
from ipmatch.solving.rows.space import Space

__all__ = ["Cases"]

LEAVES = 200
"""Cases after which a proof is given up."""
TRIED, CAREFUL = 8, 32
"""So many arcs are tried before one is chosen, in so many of the first cases."""


class Cases:
    """The search for a proof that no flow costs less than ``value``.

    Parameters
    ----------
    cost, value
        [A] what a unit costs, and what is to be proved the least.
    least
        What is already proved.
    pool
        [A] the arcs to begin with.
    offer
        Called with flows [A] met on the way; returns whether one of them is a better answer.
    deadline
        When to raise ``TimeUp``.
    """

    def __init__(
        self,
        cost: IntVector,
        value: int,
        least: int,
        pool: BoolVector,
        offer: Callable[[IntVector], bool],
        deadline: float | None,
    ) -> None:
        self._cost, self._value, self._pool, self._offer = cost, value, pool, offer
        self._deadline = deadline
        self._dear = cost.astype(np.float64)
        # Enough that breaking a row by a little is dearer than what is to be refuted.
        self._penalty = 64.0 * (value - least)
        self._count = 0

    def prove(self, space: Space, found: Relaxed | None = None) -> Node | None:
        """Prove it for the flows of ``space``; None if given up, or if a better answer was met."""
        self._count += 1
        found = found or self._relax(space)
        if found is None or self._count > 2 * LEAVES:
            return None
        proof, flow = prove(space, self._cost, found.multipliers, self._pool)
        most = below(space, self._cost, self._value)
        if least_cost(space, self._cost, proof) > proof.denominator * most:
            return Node(proof)
        if self._offer(flow) or self._offer(np.round(found.flow).astype(np.int64)):
            return None
        tight = tightened(space, self._cost, proof, most)
        low, up = tight.network.low, tight.network.up
        if np.any((found.flow < low - TOLERANCE) | (found.flow > up + TOLERANCE)):
            part = self.prove(tight)
            return None if part is None else Node(proof, (part,))
        divided = np.where(low < up, np.abs(found.flow - np.round(found.flow)), 0)
        arcs = np.flatnonzero(divided > TOLERANCE)
        if not len(arcs):
            return None
        arc, both = self._choose(tight, found, arcs[np.argsort(-divided[arcs], kind="stable")])
        most, parts = int(np.floor(found.flow[arc])), []
        for side, relaxed in zip(branches(tight, arc, most), both, strict=True):
            part = self.prove(side, relaxed)
            if part is None:
                return None
            parts.append(part)
        return Node(proof, tuple(parts), arc, most)

    def _choose(
        self, space: Space, found: Relaxed, arcs: IndexVector
    ) -> tuple[int, tuple[Relaxed | None, Relaxed | None]]:
        """Choose the arc whose both sides cost most; whether a person takes part decides more than a pair."""
        pair = (arcs >= space.network.pairs.start) & (arcs < space.network.pairs.stop)
        people, pairs = arcs[~pair], arcs[pair]
        if self._count > CAREFUL:
            return int([*people, *pairs][0]), (None, None)
        best = -1.0
        chosen: tuple[int, tuple[Relaxed | None, Relaxed | None]] = int(arcs[0]), (None, None)
        for arc in [*people[: TRIED // 2], *pairs][:TRIED]:
            sides = branches(space, int(arc), int(np.floor(found.flow[arc])))
            left, right = (self._relax(side) for side in sides)
            gains = [self._price(side) - self._price(found) for side in (left, right)]
            worth = max(gains[0], TOLERANCE) * max(gains[1], TOLERANCE)
            if worth > best:
                best, chosen = worth, (int(arc), (left, right))
        return chosen

    def _relax(self, space: Space) -> Relaxed | None:
        return relax(space, self._cost, self._pool, penalty=self._penalty, deadline=self._deadline)

    def _price(self, found: Relaxed | None) -> float:
        """What a relaxation costs; beyond the value, how much no longer matters."""
        if found is None:
            return float(self._value)
        return min(float(self._dear @ found.flow) + self._penalty * found.broken, float(self._value))
