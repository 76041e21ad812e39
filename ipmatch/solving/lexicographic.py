"""The best pairing, one objective after the other, each proved by prices before the next is looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving import certificate
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.conflict import rules_clash
from ipmatch.solving.fairness import class_level, classes, cost_below, has_class, threshold_of, worst_off
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.lottery import pair_level, pair_level_name, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import AT_ONCE, first_pool, thinned
from ipmatch.solving.prices import canonical_prices, reduced_cost
from ipmatch.solving.problem import Level, Objective, Problem, Threshold, check_levels
from ipmatch.solving.ties import pairs_among, tied_pairs

__all__ = ["Assignment", "OutOfTime", "ProvedLevel", "Search", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class ProvedLevel:
    """The best value of one level, given those before, and the prices [N] that prove it.

    The value of a threshold is its lowest score, None if no pair has a say; its prices prove that some pair
    scores no more, and later levels are not to count with them.
    """

    name: str
    value: int | None
    prices: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """A set of pairs [P], and the proof: every level in order, the lottery's included.

    If ``complete`` it is the one best; if not, time ran out: it is best by the levels listed, if any.
    """

    used: BoolVector
    levels: tuple[ProvedLevel, ...]
    complete: bool = True

    @property
    def proved(self) -> bool:
        """Whether nothing is better."""
        return self.complete


def solve(
    problem: Problem,
    levels: Sequence[Objective],
    *,
    progress: Callable[[str, int | None], None] | None = None,
    deadline: float | None = None,
) -> Assignment:
    """Find the pairing best by the first level, among those best by the second, and so on; lots settle ties.

    After each level every arc whose reduced cost is not zero is fixed: what remains are exactly the optima so
    far. The solver sees a pool of pairs; a level ends when no other pair is worth adding.

    Parameters
    ----------
    problem, levels
        What is allowed, and what is wanted, most important first.
    progress
        Called with the name and the value of each level once it is proved.
    deadline
        The ``time.monotonic()`` after which no level or round is begun, but for the first: some pairing is
        always found.

    Returns
    -------
    Assignment
        Pairs and prices depend on the problem and the levels only, not on the order of rows or the solver;
        unless time ran out.

    Raises
    ------
    RulesClash
        If required pairs, minimums, quotas and places cannot all hold.
    ValueError
        If the levels cannot be expressed (see ``check_levels``), quotas cross, or two lottery numbers on a
        side are equal.
    InternalError
        If the answer fails its own proof.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapters 9 and 17.5 (column generation).
    """
    check_levels(problem, levels)
    for side in ("mentor_number", "mentee_number"):
        # No slice could ever tell such people apart.
        numbers = getattr(problem, side).tolist()
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"{side}: two people drew the same number.")
    search = Search.started(problem, levels, deadline)
    proved, complete = list[ProvedLevel](), True
    try:
        for level in search.run(levels):
            proved.append(level)
            if progress is not None:
                progress(level.name, level.value)
    except OutOfTime:
        complete = False
    used, prices = search.flow[search.network.pairs] == 1, {level.name: level.prices for level in proved}
    faults = certificate.check(problem, levels, used, prices, complete=complete)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return Assignment(used, tuple(proved), complete)


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
        for level in self._lottery_levels(drawn):
            yield self._decide(level)

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

    def _decide(self, level: Level) -> ProvedLevel:
        cost = self.network.cost(level)
        while True:
            pool = self._improve(level.name, cost)
            prices = canonical_prices(self.network, cost, self.flow, pool, bound=level.bound)
            reduced = reduced_cost(self.network, cost, prices, self.free)
            if not self._add(reduced):
                break
        self.free = self.free[reduced == 0]
        chosen = np.flatnonzero(self.flow)
        # The bound of every level keeps this sum within 64 bits.
        return ProvedLevel(level.name, -int(cost[chosen] @ self.flow[chosen]), prices)

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
            pool = self._improve(name, cost)
            if not (cost * self.flow).any():
                return None
            # A flow that fails the test may have a lower score than the one it was to improve on.
            found, self.flow = self.flow, kept
            prices = canonical_prices(self.network, cost, found, pool, bound=1)
            if not self._add(reduced_cost(self.network, cost, prices, self.free)):
                return prices

    def _improve(self, name: str, cost: IntVector) -> IndexVector:
        """Make ``flow`` the cheapest on the pool, and return the pool."""
        if self._flowing and self._deadline is not None and time.monotonic() >= self._deadline:
            raise OutOfTime
        pool = self.free[self._seen[self.free]]
        flow = cheapest_flow(self.network, cost, self.flow, pool)
        if flow is None:
            raise InternalError(f"Level {name!r}: the optimum of the levels before was lost.")
        self.flow, self._flowing = flow, True
        return pool

    def _add(self, reduced: IntVector) -> bool:
        """Add to the pool what is worth it at a reduced cost, and tell whether anything is."""
        worth_adding = (reduced < 0) & ~self._seen[self.free]
        arcs = self.free[worth_adding]
        if len(arcs) > AT_ONCE * self.network.nodes:
            first = self.network.pairs.start
            arcs = first + thinned(self.network.problem, arcs - first, reduced[worth_adding], AT_ONCE)
        self._seen[arcs] = True
        return len(arcs) > 0
