"""The search for the best pairing: level by level, on pairs that others join while they are worth it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.conflict import rules_clash
from ipmatch.solving.fairness import class_level, classes, cost_below, has_class, threshold_of, worst_off
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.heaviest import best_flow
from ipmatch.solving.lottery import PAIR_BOUND, pair_level, pair_level_name, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import AT_ONCE, first_pool, thinned
from ipmatch.solving.prices import canonical_prices, lowered_prices, prices_soon, reduced_cost
from ipmatch.solving.problem import Level, Objective, Problem, Threshold
from ipmatch.solving.ties import pairs_among, still_open, tied_pairs

__all__ = ["OutOfTime", "ProvedLevel", "Search"]

FEW_OF = 20
"""Up to one arc for so many nodes may call for a change before it is dearer than to begin anew."""
LIKELY = 16
"""Of so many pairs of each person with the highest numbers the solver draws first: others are hardly used."""


@dataclass(frozen=True, slots=True, eq=False)
class ProvedLevel:
    """The best value of one level, given those before, and the prices [N] that prove it.

    The value of a threshold is its lowest score, None if no pair has a say; its prices prove that some pair
    scores no more, and later levels are not to count with them.
    """

    name: str
    value: int | None
    prices: IntVector


class OutOfTime(Exception):
    """The deadline has passed; the flow at hand is the answer."""


class Search:
    """The face of optima so far: ``flow`` is one of them, and only ``free`` arcs differ among them.

    Of the free arcs the solver sees those of ``seen`` [A].
    """

    def __init__(
        self,
        network: Network,
        flow: IntVector,
        free: IndexVector,
        seen: BoolVector,
        deadline: float | None = None,
    ) -> None:
        self.network, self.flow, self.free, self._seen = network, flow, free, seen
        self._deadline, self._flowing = deadline, False

    @classmethod
    def started(cls, problem: Problem, levels: Sequence[Objective], deadline: float | None) -> Search:
        """Begin with all pairings that the rules allow."""
        network = build(problem)
        seen = np.ones(len(network.tail), np.bool_)
        seen[network.pairs] = first_pool(problem, levels)
        search = cls(network, network.low, np.flatnonzero(network.low < network.up), seen, deadline)
        search.flow = search._feasible_flow()
        return search

    def _feasible_flow(self) -> IntVector:
        network, nothing = self.network, np.zeros(len(self.network.tail), np.int64)
        flow = cheapest_flow(network, nothing, network.low, self.free[self._seen[self.free]])
        if flow is None:
            # Minimums may need pairs that nobody would choose.
            flow = cheapest_flow(network, nothing, network.low, self.free)
            if flow is None:
                raise rules_clash(network.problem)
            self._seen |= flow > 0
        return flow

    @property
    def seen(self) -> BoolVector:
        """Which pairs [P] the solver saw: all that some round of prices asked for."""
        return self._seen[self.network.pairs]

    def run(self, levels: Sequence[Objective], drawn: Collection[str] = ()) -> Iterator[ProvedLevel]:
        """Decide the levels one by one, then those of the lottery that were not ``drawn`` before."""
        problem, network = self.network.problem, self.network
        for level in levels:
            if isinstance(level, Level):
                yield self._decide(level)
            elif isinstance(level, Threshold):
                yield self._decide_threshold(level)
            else:
                yield self._decide_threshold(threshold_of(level))
                for score in classes(network, level, self.free):
                    if has_class(network, level, score, self.free):
                        yield self._decide(class_level(problem, level, score))
        yield from self.draw(drawn)

    def draw(self, drawn: Collection[str] = ()) -> Iterator[ProvedLevel]:
        """Decide the lottery's levels but those ``drawn`` before: one set of pairs is left."""
        # On the network of the few pairs still open its steps cost less.
        few, arcs, free = still_open(self.network, self.flow, self.free)
        search = Search(few, self.flow[arcs], free, self._seen[arcs], self._deadline)
        search._flowing = self._flowing
        self.flow = self.flow.copy()
        for level in search._lottery_levels(drawn):
            if level.pair is not None:
                search._see_likely(level.pair)
            try:
                proved = search._decide(level)
            finally:
                self.flow[arcs], self.free = search.flow, arcs[search.free]
                if level.pair is None:
                    self._seen[arcs] |= search._seen
            yield proved

    def _lottery_levels(self, drawn: Collection[str]) -> Iterator[Level]:
        """Yield the lottery's levels as far as they have something to decide."""
        problem = self.network.problem
        for level in people_levels(problem):
            if level.name not in drawn and self.network.cost(level)[self.free].any():
                yield level
        # The first slice leaves so few pairs that looking for ties among them is cheap.
        if pair_level_name(0) not in drawn and len(pairs_among(self.network, self.free)):
            yield pair_level(problem, 0)
        for i in count(1):
            if not len(tied_pairs(self.network, self.flow, self.free)):
                return
            yield pair_level(problem, i)

    def _see_likely(self, number: IntVector) -> None:
        """Let the solver see the pairs used, and of the free ones those of high numbers [P]."""
        network, first = self.network, self.network.pairs.start
        pairs = pairs_among(network, self.free) - first
        likely = self.flow[network.pairs] > 0
        for people in (network.problem.mentor[pairs], network.problem.mentee[pairs]):
            # Numbers are drawn evenly: so many of so many are about as high as this.
            lowest = PAIR_BOUND - LIKELY * PAIR_BOUND // np.maximum(np.bincount(people), 1)
            likely[pairs[number[pairs] > lowest[people]]] = True
        self._seen[network.pairs] = likely

    def _decide(self, level: Level) -> ProvedLevel:
        cost = self.network.cost(level)
        prices = self.narrow(level.name, cost, level.bound)
        chosen = np.flatnonzero(self.flow)
        # The bound of every level keeps this sum within 64 bits.
        return ProvedLevel(level.name, -int(cost[chosen] @ self.flow[chosen]), prices)

    def narrow(self, name: str, cost: IntVector, bound: int) -> IntVector:
        """Keep the cheapest by a cost [A], at most ``bound`` an arc, and return the prices [N] that prove it.

        Raises
        ------
        OutOfTime
            If the deadline passes before.
        InternalError
            If a flow found fails its proof; ``name`` says what it was of.
        """
        pool = self.free[self._seen[self.free]]
        prices = self._prices(name, cost, bound, pool)
        while len(entering := self._add(reduced := reduced_cost(self.network, cost, prices, self.free))):
            pool = np.concatenate([pool, entering])
            prices = self._prices_with(name, cost, bound, pool, prices, entering)
        self.free = self.free[reduced == 0]
        return prices

    def _prices(self, name: str, cost: IntVector, bound: int, pool: IndexVector) -> IntVector:
        """Make ``flow`` the cheapest on the pool, and find the prices that prove it."""
        network, better, nearly = self.network, pool[cost[pool] < 0], None
        if np.count_nonzero(self.flow[better] < network.up[better]) <= network.nodes // FEW_OF:
            self._check_time()
            # As a rule the levels before have left one choice.
            prices = prices_soon(network, cost, self.flow, pool, bound=bound)
            if prices is not None:
                return prices
            nearly = np.zeros(network.nodes, np.int64)
        self._improve(name, cost, pool, nearly)
        return canonical_prices(network, cost, self.flow, pool, bound=bound)

    def _prices_with(
        self,
        name: str,
        cost: IntVector,
        bound: int,
        pool: IndexVector,
        prices: IntVector,
        entering: IndexVector,
    ) -> IntVector:
        """Do the same once some arcs have entered the pool, from the prices without them."""
        if len(entering) <= self.network.nodes // FEW_OF:
            lowered = lowered_prices(self.network, cost, self.flow, pool, prices, entering)
            if lowered is not None:
                return lowered
        self._improve(name, cost, pool, prices)
        return canonical_prices(self.network, cost, self.flow, pool, bound=bound)

    def _decide_threshold(self, level: Threshold) -> ProvedLevel:
        """Halve the scores until one can be the lowest and the next cannot; the last stands for no pair."""
        network = self.network
        open_to = self.flow[network.pairs] == 1
        open_to[pairs_among(network, self.free) - network.pairs.start] = True
        scores = [*np.unique(level.score[open_to & ~network.problem.required]).tolist(), None]
        proof, refuted = np.zeros(network.nodes, np.int64), len(scores)
        while (reached := scores.index(self._worst_off(level))) + 1 < refuted:
            middle = (reached + 1 + refuted) // 2
            prices = self._must_use(level.name, cost_below(network, level, scores[middle]))
            if prices is not None:
                proof, refuted = prices, middle
        self.free = self.free[cost_below(network, level, scores[reached])[self.free] == 0]
        return ProvedLevel(level.name, scores[reached], proof)

    def _worst_off(self, level: Threshold) -> int | None:
        return worst_off(self.network.problem, level, self.flow[self.network.pairs] == 1)

    def _must_use(self, name: str, cost: IntVector) -> IntVector | None:
        """Return prices that prove that some arc of ``cost`` is used, or None once a flow uses none."""
        while True:
            kept = self.flow
            pool = self.free[self._seen[self.free]]
            self._improve(name, cost, pool)
            if not (cost * self.flow).any():
                return None
            # A flow that fails the test may have a lower score than the one it was to improve on.
            found, self.flow = self.flow, kept
            prices = canonical_prices(self.network, cost, found, pool, bound=1)
            if not len(self._add(reduced_cost(self.network, cost, prices, self.free))):
                return prices

    def _check_time(self) -> None:
        if self._flowing and self._deadline is not None and time.monotonic() >= self._deadline:
            raise OutOfTime

    def _improve(
        self, name: str, cost: IntVector, pool: IndexVector, prices: IntVector | None = None
    ) -> None:
        """Make ``flow`` the cheapest on the pool; by its difference from now if some prices nearly fit."""
        self._check_time()
        if prices is not None:
            flow: IntVector | None = best_flow(self.network, cost, self.flow, pool, prices)
        else:
            flow = cheapest_flow(self.network, cost, self.flow, pool)
        if flow is None:
            raise InternalError(f"Level {name!r}: the optimum of the levels before was lost.")
        self.flow, self._flowing = flow, True

    def _add(self, reduced: IntVector) -> IndexVector:
        """Add to the pool what is worth it at a reduced cost, and return that."""
        below = np.flatnonzero(reduced < 0)
        below = below[~self._seen[self.free[below]]]
        arcs = self.free[below]
        if len(arcs) > AT_ONCE * self.network.nodes:
            first = self.network.pairs.start
            chosen = np.zeros(len(self.network.problem.mentor), np.bool_)
            chosen[thinned(self.network.problem, arcs - first, reduced[below], AT_ONCE)] = True
            arcs = first + np.flatnonzero(chosen)
        self._seen[arcs] = True
        return arcs
