"""All the best pairings at once: the arcs on which they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector, stretches
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.network import Network, build, residual
from ipmatch.solving.optima import free_after
from ipmatch.solving.paths import on_cycles
from ipmatch.solving.pool import first_pool
from ipmatch.solving.prices import largest_price
from ipmatch.solving.problem import LARGEST, Level, Objective, Problem
from ipmatch.solving.search import Search
from ipmatch.solving.ties import pairs_among

__all__ = ["Face", "face_of", "with_only"]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """The circulations that equal ``flow`` [A] on all but the ``free`` arcs; all are equally good so far.

    ``pool`` [A] marks the arcs the solver has been shown: the faces of one question share and extend it, so
    that each finds most of what it needs there.
    """

    network: Network
    flow: IntVector
    free: IndexVector
    pool: BoolVector

    @property
    def used(self) -> BoolVector:
        """The pairs [P] of the one circulation at hand."""
        return np.asarray(self.flow[self.network.pairs] > 0)

    def sometimes(self) -> BoolVector:
        """Mark the pairs [P] used by some of the circulations, but not by all."""
        among = np.zeros(len(self.used), np.bool_)
        among[pairs_among(self.network, self._loosened().free) - self.network.pairs.start] = True
        return among

    def best(self, cost: IntVector) -> Face:
        """Keep the cheapest circulations by a further cost [A].

        Raises
        ------
        InternalError
            If the flow found fails its proof, or the cost is too large for it.
        """
        bound = int(np.abs(cost).max(initial=0))
        if largest_price(self.network, bound) > LARGEST:
            raise InternalError(f"Costs up to {bound} are too large to be proved.")
        # Outside the pool an arc keeps its flow, and must not keep what the best may want back.
        self.pool[self.flow > 0] = True
        search = Search(self.network, self.flow, self.free, self.pool)
        search.narrow("further", cost, bound)
        return Face(self.network, search.flow, search.free, self.pool)

    def drawn(self) -> Face:
        """Let the lottery decide what is still equal, as ``solve`` does: one set of pairs is left."""
        self.pool[self.flow > 0] = True
        search = Search(self.network, self.flow, self._loosened().free, self.pool)
        for _ in search.draw():
            pass
        return Face(self.network, search.flow, search.free, self.pool)

    def _loosened(self) -> Face:
        """The same circulations, without the free arcs that are on no cycle of changes: they never change."""
        tail, head, arc, _ = residual(self.network, self.flow, self.free)
        loose = np.zeros(len(self.flow), np.bool_)
        loose[arc[on_cycles(self.network.nodes, tail, head)]] = True
        return replace(self, free=self.free[loose[self.free]])


def face_of(problem: Problem, levels: Sequence[Objective], answer: Assignment) -> Face:
    """Find all pairings best by ``levels``, the first ones the answer proves, from its prices alone.

    Raises
    ------
    ValueError
        If the answer does not prove one of the levels.
    """
    network, prices = build(problem), {level.name: level.prices for level in answer.levels}
    *_, free = free_after(network, levels, answer.used, prices)
    pool = np.ones(len(network.tail), np.bool_)
    pool[network.pairs] = first_pool(problem, levels)
    return Face(network, network.flow_of(answer.used), free, pool)


def with_only(
    problem: Problem, levels: Sequence[Objective], kept: BoolVector
) -> tuple[Problem, tuple[Objective, ...]]:
    """Drop all pairs but those marked in ``kept`` [P]; places that nobody is left to fill go with them."""
    smaller = problem.only(kept)
    before, after = problem.most("mentor"), smaller.most("mentor")
    rank = stretches(before)
    places = rank < np.repeat(after, before)
    return smaller, tuple(_of_pairs(level, kept, places) for level in levels)


def _of_pairs(level: Objective, kept: BoolVector, places: BoolVector) -> Objective:
    if not isinstance(level, Level):
        return replace(level, score=level.score[kept])
    pair = None if level.pair is None else level.pair[kept]
    return replace(level, pair=pair, place=None if level.place is None else level.place[places])
