"""The best pairing, one objective after the other, each proved by prices before the next is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving import certificate
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.conflict import rules_clash
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.lottery import pair_level, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import AT_ONCE, first_pool, thinned
from ipmatch.solving.prices import canonical_prices, reduced_cost
from ipmatch.solving.problem import Level, Problem, check_levels
from ipmatch.solving.ties import pairs_among, tied_pairs

__all__ = ["Assignment", "ProvedLevel", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class ProvedLevel:
    """The best value of one level, given those before, and the prices [N] that prove it."""

    name: str
    value: int
    prices: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """The one best set of pairs [P], and the proof: every level in order, the lottery's included."""

    used: BoolVector
    levels: tuple[ProvedLevel, ...]


def solve(
    problem: Problem, levels: Sequence[Level], *, progress: Callable[[str, int], None] | None = None
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

    Returns
    -------
    Assignment
        Pairs and prices depend on the problem and the levels only, not on the order of rows or the solver.

    Raises
    ------
    RulesClash
        If required pairs, minimums and places cannot all hold.
    ValueError
        If the levels cannot be expressed (see ``check_levels``) or two lottery numbers on a side are equal.
    InternalError
        If the answer fails its own proof.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapters 9 and 17.5 (column generation).
    """
    check_levels(problem, levels)
    for side in ("mentor_number", "mentee_number"):
        # No slice could ever tell such people apart.
        if len(np.unique(getattr(problem, side))) < len(getattr(problem, side)):
            raise ValueError(f"{side}: two people drew the same number.")
    search = _Search(problem, levels)
    proved = []
    for level in chain(levels, search.lottery_levels()):
        proved.append(search.decide(level))
        if progress is not None:
            progress(level.name, proved[-1].value)
    used = search.flow[search.network.pairs] == 1
    faults = certificate.check(problem, levels, used, {level.name: level.prices for level in proved})
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return Assignment(used, tuple(proved))


class _Search:
    """The face of optima so far: ``flow`` is one of them, and only ``free`` arcs differ among them."""

    def __init__(self, problem: Problem, levels: Sequence[Level]) -> None:
        self.network: Network = build(problem)
        self.free: IndexVector = np.flatnonzero(self.network.low < self.network.up)
        self._seen = np.ones(len(self.network.tail), np.bool_)
        self._seen[self.network.pairs] = first_pool(problem, levels)
        self.flow: IntVector = self._feasible_flow()

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

    def lottery_levels(self) -> Iterator[Level]:
        """Yield the lottery's levels as far as they have something to decide."""
        problem = self.network.problem
        for level in people_levels(problem):
            if self.network.cost(level)[self.free].any():
                yield level
        # The first slice leaves so few pairs that looking for ties among them is cheap.
        if len(pairs_among(self.network, self.free)):
            yield pair_level(problem, 0)
        for i in count(1):
            if not len(tied_pairs(self.network, self.flow, self.free)):
                return
            yield pair_level(problem, i)

    def decide(self, level: Level) -> ProvedLevel:
        network, cost = self.network, self.network.cost(level)
        while True:
            pool = self.free[self._seen[self.free]]
            flow = cheapest_flow(network, cost, self.flow, pool)
            if flow is None:
                raise InternalError(f"Level {level.name!r}: the optimum of the levels before was lost.")
            prices = canonical_prices(network, cost, flow, pool, bound=level.bound)
            reduced = reduced_cost(network, cost, prices, self.free)
            worth_adding = (reduced < 0) & ~self._seen[self.free]
            if not worth_adding.any():
                break
            self._add(self.free[worth_adding], reduced[worth_adding])
        self.flow, self.free = flow, self.free[reduced == 0]
        chosen = np.flatnonzero(flow)
        # The bound of every level keeps this sum within 64 bits.
        return ProvedLevel(level.name, -int(cost[chosen] @ flow[chosen]), prices)

    def _add(self, arcs: IndexVector, reduced: IntVector) -> None:
        if len(arcs) > AT_ONCE * self.network.nodes:
            first = self.network.pairs.start
            arcs = first + thinned(self.network.problem, arcs - first, reduced, AT_ONCE)
        self._seen[arcs] = True
