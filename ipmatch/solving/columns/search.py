"""The best pairing of a big cohort: a pool of pairs is solved, all others priced, until none is missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector, highest_each
from ipmatch.solving.columns.chart import forget_charts
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.front import Front
from ipmatch.solving.columns.grid import Goal, Grid, lottery_goal
from ipmatch.solving.columns.pool import Pool
from ipmatch.solving.columns.proof import faults_of
from ipmatch.solving.columns.rules import kept_by
from ipmatch.solving.columns.start import add_keys, first_keys
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.cycles import rerouted
from ipmatch.solving.flow import improved_flow
from ipmatch.solving.heaviest import best_flow
from ipmatch.solving.lottery import people_levels
from ipmatch.solving.memory import memory_returned
from ipmatch.solving.prices import canonical_prices, least_prices, least_prices_soon, raised_prices
from ipmatch.solving.search import OutOfTime, ProvedLevel, Search

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["Columns", "Told", "solve_grid"]

LISTED = 400_000
"""As soon as so few pairs are undecided, they are listed and decided like those of a small cohort."""
TRIMMED, KEPT = (1, 3), 8
"""After these rounds alone pairs leave the pool, but for so many each: or they might come and go for ever."""
FEW = 20
"""When one mentee in so many sees a better pair, the pairing may be the best all the same."""
TOLD, WANTING, RAISED = 10, 100, 4
"""Pairs of each mentee told at once; of each mentor that enter the pool; and so often all are looked at."""
LOWERING = 2
"""Pairs of each mentor that enter the pool to lower his price: one would do, were all prices final."""

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
    canonical: bool = True,
) -> Columns:
    """Find the pairing that ``lexicographic.solve`` would find if all pairs were listed, prices and all.

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
    canonical
        Whether prices of a level are the greatest feasible ones, which depend on neither the pool nor the
        rounds. Others prove the same pairing, and are found sooner.

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
    search = _Search(grid, goals, crew, told, deadline, listed, canonical)
    proved, complete = list[ProvedLevel](), True
    try:
        for level in search.run():
            proved.append(level)
    except OutOfTime:
        complete = False
    keys, reached = search.pool.used, search.reached
    # The proof needs as much memory as the search, and nothing of it.
    del search
    memory_returned()
    faults = faults_of(grid, goals, keys, {level.name: level.prices for level in proved}, crew, complete)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return Columns(keys, tuple(proved), complete, None if complete else reached)


class _Search:
    """The pool of pairs with one best pairing by the levels so far, and the front of what they decided."""

    def __init__(
        self,
        grid: Grid,
        goals: Sequence[Goal],
        crew: Crew,
        told: Told | None,
        deadline: float | None,
        listed: int,
        canonical: bool,
    ) -> None:
        self.grid, self.goals, self._told, self._deadline, self._listed = grid, goals, told, deadline, listed
        self._canonical = canonical
        self._front = Front(grid, crew, TOLD)
        self._first = first_keys(grid, goals, crew)
        self.pool = Pool(grid, goals, kept_by(grid, self._first, Front(grid, crew, TOLD), deadline))
        self._counts_pairs = False
        self.reached: tuple[str, int, int | None] | None = None

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
                add_keys(self.grid, self.pool.keys)
                forget_charts(self.grid.terrain)
                before = self.pool.keys
                self.pool.add(keys)
                del keys
                yield from self._decide_listed(before, decided)
                return

    def _in_order(self) -> Iterator[Goal]:
        yield from self.goals
        for level in people_levels(self.pool.network.problem):
            if self.pool.network.cost(level)[self.pool.free].any():
                yield Goal(level)
        # Of what is drawn there is no chart.
        forget_charts(self.grid.terrain)
        yield lottery_goal(self.grid, 0)

    def _decide(self, goal: Goal) -> ProvedLevel:
        pool = self.pool
        self.reached = (goal.name, pool.value(goal), None)
        prices = self._make_best(goal)
        if self._canonical:
            prices = self._settled_prices(goal)
        pool.fix(goal, prices)
        self._front.passed(goal, prices)
        value, pairs = pool.value(goal), pool.network.pairs
        # What no longer changes and is not used has no say any more; and what only helped to find who is
        # placed would make the levels about pairs slow. It is found again should they want it.
        kept = pool.free[pairs]
        if goal.pair is None and not self._counts_pairs:
            kept = kept & found(self._first, pool.keys)[1]
        self._counts_pairs |= goal.pair is not None
        pool.keep(kept | (pool.flow[pairs] > 0))
        return ProvedLevel(goal.name, value, prices)

    def _make_best(self, goal: Goal) -> IntVector:
        """Improve the pairing until no pair at all would improve it further; return prices that prove so."""
        pool = self.pool
        prices, few, turn = pool.first_prices(goal), False, 0
        while True:
            turn += 1
            self._check_time()
            prices = self._improved(goal, prices, few)
            keys, most, few = self._missed(goal, prices)
            self._tell(goal, turn, most)
            if not len(keys):
                return prices
            kept = pool.keys
            if turn in TRIMMED:
                kept = pool.cheapest(goal, prices, KEPT * len(self.grid.wanted))
            pool.list(merged(kept, keys))

    def _missed(self, goal: Goal, prices: IntVector) -> tuple[IndexVector, int, bool]:
        """Find pairs that would improve the pairing, what all could gain at most, and if few see any.

        A few mentors in whom no listed pair sees much are what everybody wants. So of each mentor only those
        are told who want him most; and all look again at what is left once he costs as much as that.
        """
        grid, chosen, owed = self.grid, list[IndexVector](), 0
        most, few, raised = None, False, prices.copy()
        for _ in range(RAISED):
            wanted = self._front.violated(goal, raised)
            keys, excess = self.pool.unlisted(wanted)
            gain = owed + wanted.gain if len(keys) or owed else 0
            most = gain if most is None else min(most, gain)
            mentor, mentee = grid.pairs(keys)
            chosen.append(keys[highest_each(mentor, excess, WANTING)])
            less = len(merged(mentee)) * FEW < len(grid.wanted)
            few = less if len(chosen) == 1 else few
            if less:
                break
            rise = np.zeros(len(grid.capacity), np.int64)
            np.maximum.at(rise, mentor, excess)
            raised[1 : 1 + len(rise)] -= rise
            risen = np.flatnonzero(rise)
            owed += sum(map(mul, rise[risen].tolist(), grid.capacity[risen].tolist()))
        return merged(*chosen), most or 0, few

    def _improved(self, goal: Goal, prices: IntVector, few: bool) -> IntVector:
        """Make the pairing the best of the pool, and find prices [N] that prove it; ``few`` pairs are new."""
        pool, cost, arcs = self.pool, self.pool.cost(goal), self.pool.arcs
        if few:
            # As a rule the last pairs that join change prices only.
            raised = raised_prices(pool.network, cost, pool.flow, arcs, prices)
            if raised is not None:
                return raised
            soon = rerouted(pool.network, cost, pool.flow, arcs, prices)
            if soon is not None:
                pool.flow, prices = soon
                return prices
        memory_returned()
        pool.flow = best_flow(pool.network, cost, pool.flow, arcs, prices, nearly=True)
        memory_returned()
        # Low prices say what a mentor is worth to mentees who do not see him yet: few pairs are wanted.
        bound = goal.people.bound
        prices, are_settled = least_prices_soon(pool.network, cost, pool.flow, arcs, bound=bound)
        if are_settled:
            return prices
        soon = rerouted(pool.network, cost, pool.flow, arcs, prices)
        if soon is not None:
            pool.flow, prices = soon
            return prices
        pool.flow = improved_flow(pool.network, cost, pool.flow, arcs, prices)
        return least_prices(pool.network, cost, pool.flow, arcs, bound=bound)

    def _settled_prices(self, goal: Goal) -> IntVector:
        """The canonical prices among all pairs: those that lower somebody's price join; the pairing stays."""
        pool = self.pool
        while True:
            prices = canonical_prices(
                pool.network, pool.cost(goal), pool.flow, pool.arcs, bound=goal.people.bound
            )
            keys, excess = pool.unlisted(self._front.violated(goal, prices, but=pool.used))
            if not len(keys):
                return prices
            self._check_time()
            pool.add(keys[highest_each(self.grid.pairs(keys)[0], excess, LOWERING)])

    def _decide_listed(self, before: IndexVector, decided: set[str]) -> Iterator[ProvedLevel]:
        """Go on as in a small cohort once all undecided pairs are listed, beside those listed ``before``."""
        pool = self.pool
        network = replace(pool.network, problem=self.grid.listed(pool.keys))
        seen = np.ones(len(network.tail), np.bool_)
        seen[network.pairs] = found(before, pool.keys)[1]
        search = Search(network, pool.flow, pool.arcs, seen, self._deadline)
        levels = [self.grid.level(goal, pool.keys) for goal in self.goals if goal.name not in decided]
        try:
            for level in search.run(levels, decided):
                yield level
                if self._told is not None and level.value is not None:
                    self._told(level.name, 1, level.value, level.value)
        finally:
            pool.flow = search.flow

    def _tell(self, goal: Goal, turn: int, gain: int) -> None:
        """Say how far a level is, and how much better at most all pairs could make it."""
        value = self.pool.value(goal)
        most = goal.people.bound * int(self.grid.wanted.sum())
        bound = min(value + gain, max(value, most))
        self.reached = (goal.name, value, bound)
        if self._told is not None:
            self._told(goal.name, turn, value, bound)

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise OutOfTime
