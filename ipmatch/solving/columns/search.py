"""The best pairing of a big cohort: a pool of pairs is solved, all others priced, until none is missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import count

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.front import Front
from ipmatch.solving.columns.grid import Goal, Grid, lottery_goal
from ipmatch.solving.columns.proof import faults_of
from ipmatch.solving.columns.rules import kept_by
from ipmatch.solving.columns.start import first_keys
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.flow import cheapest_flow, improved_flow
from ipmatch.solving.lexicographic import OutOfTime, ProvedLevel, Search
from ipmatch.solving.lottery import people_levels
from ipmatch.solving.network import build
from ipmatch.solving.prices import canonical_prices, reduced_cost
from ipmatch.solving.problem import check_levels

__all__ = ["Columns", "Told", "solve_grid"]

LISTED = 400_000
"""As soon as so few pairs are undecided, they are listed and decided like those of a small cohort."""
AT_ONCE = 10
"""Pairs that may enter the pool in one round, for each mentee on average; of more, each has so many."""
TRIMMED, KEPT = (2, 4), 8
"""After these rounds alone pairs leave the pool, but for so many each: or they might come and go for ever."""

Told = Callable[[str, int, int, int], None]
"""Called with the name of a level, the round, and the value and the bound known so far."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A set of pairs by sorted key, and the proof: every level in order, the lottery's included.

    If not ``complete``, time ran out: the levels listed are proved, and ``unproved`` names the next one, the
    value reached, and a bound no pairing exceeds, if one is known.
    """

    keys: IndexVector
    levels: tuple[ProvedLevel, ...]
    complete: bool = True
    unproved: tuple[str, int, int | None] | None = None


def solve_grid(
    grid: Grid,
    goals: Sequence[Goal],
    *,
    executor: Executor | None = None,
    told: Told | None = None,
    deadline: float | None = None,
    listed: int = LISTED,
) -> Columns:
    """Find the pairing that ``lexicographic.solve`` would find if all pairs were listed, prices and all.

    Prices of a level are the greatest feasible ones, which depend on neither the pool nor the rounds.

    Parameters
    ----------
    grid, goals
        What is allowed, and what is wanted, most important first.
    executor
        Where pairs are priced; here if not given.
    told
        Called after each round.
    deadline
        The ``time.monotonic()`` after which no round is begun.
    listed
        At most so many undecided pairs are listed.

    Raises
    ------
    RulesClash
        As ``lexicographic.solve``; required pairs by their place in ``grid.required``.
    TimeLimitError, ValueError, InternalError
        As ``lexicographic.solve``.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 17.5 (column generation).
    """
    crew = Crew(grid.terrain, executor)
    search = _Search(grid, goals, crew, told, deadline, listed)
    proved, complete = list[ProvedLevel](), True
    try:
        for level in search.run():
            proved.append(level)
    except OutOfTime:
        complete = False
    keys = search.used
    faults = faults_of(grid, goals, keys, {level.name: level.prices for level in proved}, crew, complete)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return Columns(keys, tuple(proved), complete, None if complete else search.reached)


class _Search:
    """The pool of pairs, one best pairing ``flow`` [A] by the levels so far, and which arcs are ``free``."""

    def __init__(
        self,
        grid: Grid,
        goals: Sequence[Goal],
        crew: Crew,
        told: Told | None,
        deadline: float | None,
        listed: int,
    ) -> None:
        self.grid, self.goals, self._told, self._deadline, self._listed = grid, goals, told, deadline, listed
        self._front = Front(grid, crew)
        self._first = first_keys(grid, goals, crew)
        self.keys = kept_by(grid, self._first, Front(grid, crew), deadline)
        self.network = build(grid.listed(self.keys))
        check_levels(self.network.problem, [grid.level(goal, self.keys) for goal in goals])
        self.free = self.network.low < self.network.up
        nothing = np.zeros(len(self.network.tail), np.int64)
        flow = cheapest_flow(self.network, nothing, self.network.low, np.flatnonzero(self.free))
        if flow is None:
            raise InternalError("The rules hold together, but no pairing was found.")
        self.flow = flow
        self._counts_pairs = False
        self.reached: tuple[str, int, int | None] | None = None

    @property
    def used(self) -> IndexVector:
        """The pairs of the pairing, by sorted key."""
        used: IndexVector = self.keys[self.flow[self.network.pairs] == 1]
        return used

    def run(self) -> Iterator[ProvedLevel]:
        """Decide the levels one by one; those of few pairs as in a small cohort."""
        decided = set[str]()
        for goal in self._in_order():
            yield self._decide(goal)
            decided.add(goal.name)
            last = goal.pair is not None and goal.pair.draw is not None
            # So few pairs are undecided after a draw among pairs that listing them needs no limit.
            keys = self._front.tight(1 << 62 if last else self._listed)
            if keys is not None:
                yield from self._decide_listed(keys, decided)
                return

    def _in_order(self) -> Iterator[Goal]:
        yield from self.goals
        for level in people_levels(self.network.problem):
            if self.network.cost(level)[self.free].any():
                yield Goal(level)
        yield lottery_goal(self.grid, 0)

    def _decide(self, goal: Goal) -> ProvedLevel:
        self.reached = (goal.name, self._value(goal), None)
        prices = self._guess(goal)
        for turn in count(1):
            self._check_time()
            network, free = self.network, np.flatnonzero(self.free)
            cost = network.cost(self.grid.level(goal, self.keys))
            self.flow = flow = improved_flow(network, cost, self.flow, free, prices)
            prices = canonical_prices(network, cost, flow, free, bound=goal.people.bound)
            violations = self._front.violated(goal, prices)
            chosen = np.flatnonzero(flow)
            value = -int(cost[chosen] @ flow[chosen])
            new = ~found(self.keys, violations.keys)[1]
            most = goal.people.bound * int(self.grid.wanted.sum())
            bound = min(value + violations.gain, max(value, most)) if new.any() else value
            self.reached = (goal.name, value, bound)
            if self._told is not None:
                self._told(goal.name, turn, value, bound)
            if not new.any():
                break
            new_keys = self._few(violations.keys[new], violations.excess[new])
            self._list(merged(self._kept(cost, prices) if turn in TRIMMED else self.keys, new_keys))
        self.free[free[reduced_cost(network, cost, prices, free) != 0]] = False
        self._front.passed(goal, prices)
        # What no longer changes and is not used has no say any more; and what only helped to find who is
        # placed would make the levels about pairs slow. It is found again should they want it.
        kept = self.free[network.pairs]
        if goal.pair is None and not self._counts_pairs:
            kept = kept & found(self._first, self.keys)[1]
        self._counts_pairs |= goal.pair is not None
        self._list(self.keys[kept | (self.flow[network.pairs] > 0)])
        return ProvedLevel(goal.name, value, prices)

    def _kept(self, cost: IntVector, prices: IntVector) -> IndexVector:
        """The used pairs of the pool, and of too many others those of least reduced cost."""
        pairs = np.arange(self.network.pairs.start, self.network.pairs.stop)
        most = KEPT * len(self.grid.wanted)
        if len(pairs) <= most:
            return self.keys
        reduced = reduced_cost(self.network, cost, prices, pairs)
        kept: IndexVector = self.keys[(reduced <= np.partition(reduced, most)[most]) | (self.flow[pairs] > 0)]
        return kept

    def _few(self, keys: IndexVector, excess: IntVector) -> IndexVector:
        """Of too many pairs worth adding the few of each mentee that are worth it most."""
        if len(keys) <= AT_ONCE * len(self.grid.wanted):
            return keys
        mentee = self.grid.pairs(keys)[1]
        order = np.lexsort((-excess, mentee))
        rank = np.arange(len(order)) - np.searchsorted(mentee[order], mentee[order])
        few: IndexVector = keys[order[rank < AT_ONCE]]
        return few

    def _guess(self, goal: Goal) -> IntVector:
        """Prices to begin with: mentees pay for the best pair they see."""
        network = self.network
        prices = np.zeros(network.nodes, np.int64)
        free = np.arange(network.pairs.start, network.pairs.stop)[self.free[network.pairs]]
        cost = network.cost(self.grid.level(goal, self.keys))
        np.maximum.at(prices, network.head[free], -cost[free])
        return prices

    def _decide_listed(self, keys: IndexVector, decided: set[str]) -> Iterator[ProvedLevel]:
        """List all pairs that are undecided, and go on as in a small cohort."""
        pool = self.keys
        self._list(merged(self.keys, keys))
        seen = np.ones(len(self.network.tail), np.bool_)
        seen[self.network.pairs] = found(pool, self.keys)[1]
        search = Search(self.network, self.flow, np.flatnonzero(self.free), seen, self._deadline)
        levels = [self.grid.level(goal, self.keys) for goal in self.goals if goal.name not in decided]
        try:
            for level in search.run(levels, decided):
                yield level
                if self._told is not None and level.value is not None:
                    self._told(level.name, 1, level.value, level.value)
        finally:
            self.flow = search.flow

    def _list(self, keys: IndexVector) -> None:
        """Make these pairs, by sorted key, the pool; new ones are free and not used."""
        before, stop = self.network, self.network.pairs.stop
        network = build(self.grid.listed(keys))
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

    def _value(self, goal: Goal) -> int:
        cost = self.network.cost(self.grid.level(goal, self.keys))
        return -int(cost @ self.flow)

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise OutOfTime
