"""The best pairing when some rules are no part of the network, and how far that it is the best is proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from ipmatch.errors import InternalError, TimeLimitError
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.lottery import pair_level, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import first_pool, thinned
from ipmatch.solving.problem import Level, Problem, check_levels
from ipmatch.solving.rows import certificate
from ipmatch.solving.rows.bounds import Node, narrowed
from ipmatch.solving.rows.certificate import Claim, unique_level
from ipmatch.solving.rows.conflict import rows_clash
from ipmatch.solving.rows.core import Decision, NothingHolds, decide
from ipmatch.solving.rows.entries import RowEntry
from ipmatch.solving.rows.filling import filled
from ipmatch.solving.rows.highs import TimeUp
from ipmatch.solving.rows.space import Row, Space, space_of
from ipmatch.solving.ties import pairs_among

EACH = 2
"""Pairs of each person that a row adds to the first pool."""

__all__ = ["RowLevel", "RowsAssignment", "solve_with_rows"]


@dataclass(frozen=True, slots=True)
class RowLevel:
    """What one level gains, given those before, and what no pairing exceeds; None where nothing is known."""

    name: str
    value: int
    bound: int | None


@dataclass(frozen=True, slots=True, eq=False)
class RowsAssignment:
    """The best set of pairs [P] found, and how good it is known to be.

    Attributes
    ----------
    levels
        The levels asked for, without the lottery's.
    proved
        Whether every one of them reaches its bound, so that nothing is better.
    unique
        Whether the lottery, too, is proved to leave no other pairing.
    entries
        The certificate, the lottery's levels included.
    """

    used: BoolVector
    levels: tuple[RowLevel, ...]
    proved: bool
    unique: bool
    entries: tuple[RowEntry, ...]

    @property
    def claim(self) -> Claim:
        """What ``certificate.check`` can confirm."""
        return "unique" if self.unique else "optimal" if self.proved else "feasible"


def solve_with_rows(
    problem: Problem,
    levels: Sequence[Level],
    rows: Sequence[Row],
    *,
    deadline: float | None = None,
    draw: bool = True,
    progress: Callable[[str, int], None] | None = None,
) -> RowsAssignment:
    """Find the pairing best by the first level under the rows, among those best by the second, and so on.

    Lots settle ties, as they do without rows, once the levels are proved. Without a deadline the pairing
    depends on the problem, the levels and the rows only, if it is proved unique; the multipliers of its proof
    also on the version of HiGHS.

    Parameters
    ----------
    problem, levels, rows
        What is allowed, what is wanted, most important first, and the rules no network can hold.
    deadline
        Seconds of ``time.monotonic`` at which to stop with the best found.
    draw
        Whether lots are to settle ties.
    progress
        Called with the name and the value of each level once it is decided.

    Raises
    ------
    RowsClash
        If the rules cannot all hold.
    TimeLimitError
        If the deadline passes before any pairing is found; without rows one always is.
    ValueError
        If levels or rows cannot be expressed.
    InternalError
        If the answer fails its own proof.
    """
    check_levels(problem, levels)
    try:
        answer = _solved(problem, levels, rows, deadline, draw, progress)
    except TimeUp:
        raise TimeLimitError(
            "The time limit came before any pairing that keeps all rules was found."
        ) from None
    faults = certificate.check(problem, levels, rows, answer.used, answer.entries, claim=answer.claim)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return answer


def _solved(
    problem: Problem,
    levels: Sequence[Level],
    rows: Sequence[Row],
    deadline: float | None,
    draw: bool,
    progress: Callable[[str, int], None] | None,
) -> RowsAssignment:
    try:
        search = _Search(problem, levels, rows, deadline)
        search.run(levels, draw, progress)
    except NothingHolds:
        raise rows_clash(problem, rows, deadline=deadline) from None
    return search.answer(levels)


class _Search:
    """``spaces[i]`` holds the pairings as good as ``flow`` by the first i levels."""

    def __init__(
        self, problem: Problem, levels: Sequence[Level], rows: Sequence[Row], deadline: float | None
    ) -> None:
        self.network: Network = build(problem)
        self.spaces: list[Space] = [space_of(self.network, rows)]
        self.deadline = deadline
        self.decided: list[tuple[Level, int]] = []
        self.entries: list[RowEntry] = []
        self._flow: IntVector | None = None
        self.unique = self.stopped = False
        self._pool = np.ones(len(self.network.tail), np.bool_)
        self._pool[self.network.pairs] = first_pool(problem, levels)
        for row in rows:
            # Few of the best pairs may be what a rule asks for.
            own = pairs_among(self.network, row.arcs)
            few = thinned(problem, own - self.network.pairs.start, np.zeros(len(own)), EACH)
            self._pool[self.network.pairs.start + few] = True
        network, free = self.network, self.spaces[0].free()
        start = cheapest_flow(network, np.zeros_like(network.low), network.low, free)
        if start is None:
            raise NothingHolds
        self._pool |= start > 0
        start = network.flow_of(start[network.pairs] > 0)
        if self.spaces[0].holds(start):
            # Without a deadline the best is found whatever the start.
            self._flow = start if deadline is None else filled(self.spaces[0], start, levels)

    def run(self, levels: Sequence[Level], draw: bool, progress: Callable[[str, int], None] | None) -> None:
        for level in levels:
            self._decide(level)
            if progress is not None:
                progress(level.name, self._value(level))
        if not levels:
            self._flow = self._best(np.zeros_like(self.network.low)).flow
        if draw and self._all_proved():
            self._draw()
            self.unique = not self.stopped and self._all_proved()

    def answer(self, levels: Sequence[Level]) -> RowsAssignment:
        return RowsAssignment(
            used=self._used(),
            levels=tuple(
                RowLevel(level.name, value, entry.bound)
                for (level, value), entry, _ in zip(self.decided, self.entries, levels, strict=False)
            ),
            proved=self._all_proved(len(levels)),
            unique=self.unique,
            entries=tuple(self.entries),
        )

    def _decide(self, level: Level) -> None:
        if self.stopped:
            self._enter(level, None, None)
            return
        cost, space = self.network.cost(level), self.spaces[-1]
        decision = self._best(cost)
        self._flow = decision.flow
        for again in (*self._take_back(), level):
            if again is not level or self.spaces[-1] is not space:
                self._decide(again)
            else:
                self._enter(level, decision.least, decision.node)
                self.spaces.append(narrowed(space, cost, decision.node, decision.value))

    def _best(self, cost: IntVector) -> Decision:
        decision = decide(self.spaces[-1], cost, self._flow, self._pool, deadline=self.deadline)
        self.stopped = decision.stopped
        return decision

    def _take_back(self) -> list[Level]:
        """Undo the levels from the first that the flow is now better at: its value had not been proved."""
        for i, (level, value) in enumerate(self.decided):
            if self._value(level) > value:
                again = [level for level, _ in self.decided[i:]]
                del self.decided[i:], self.entries[i:], self.spaces[i + 1 :]
                return again
        return []

    def _draw(self) -> None:
        """Let lots decide until one pairing is left."""
        for level in people_levels(self.network.problem):
            if self.network.cost(level)[self.spaces[-1].free()].any():
                self._decide(level)
        for i in count():
            if self.stopped or self._nothing_is_free():
                return
            self._decide(pair_level(self.network.problem, i))
            if self.stopped or self._nothing_is_free():
                return
            level = unique_level(self._used())
            cost = self.network.cost(level)
            decision = self._best(cost)
            if -decision.value == self._value(level):
                self._enter(level, decision.least, decision.node)
                return

    def _nothing_is_free(self) -> bool:
        return not len(pairs_among(self.network, self.spaces[-1].free()))

    def _enter(self, level: Level, least: int | None, node: Node | None) -> None:
        self.decided.append((level, self._value(level)))
        self.entries.append(RowEntry(level.name, None if least is None else -least, node))

    def _all_proved(self, first: int | None = None) -> bool:
        return all(
            entry.bound == value
            for entry, (_, value) in zip(self.entries[:first], self.decided[:first], strict=True)
        )

    def _used(self) -> BoolVector:
        used: BoolVector = self._found()[self.network.pairs] == 1
        return used

    def _value(self, level: Level) -> int:
        flow = self._found()
        chosen = np.flatnonzero(flow)
        return -int(self.network.cost(level)[chosen] @ flow[chosen])

    def _found(self) -> IntVector:
        if self._flow is None:
            raise NothingHolds
        return self._flow
