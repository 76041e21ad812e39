"""The best pairing when some rules are no part of the network, and how far that it is the best is proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from ipmatch.errors import InternalError, TimeLimitError
from ipmatch.solving import row_certificate
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.bounds import next_face
from ipmatch.solving.core import NothingHolds, decide
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.highs import TimeUp
from ipmatch.solving.lottery import pair_level, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import first_pool
from ipmatch.solving.problem import Level, Problem, check_levels
from ipmatch.solving.row_certificate import Claim, RowEntry, unique_level
from ipmatch.solving.row_conflict import rows_clash
from ipmatch.solving.rows import Face, Row, face_of
from ipmatch.solving.ties import pairs_among

__all__ = ["RowLevel", "RowsAssignment", "solve_with_rows"]


@dataclass(frozen=True, slots=True, eq=False)
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
        """What ``row_certificate.check`` can confirm."""
        return "unique" if self.unique else "optimal" if self.proved else "feasible"


def solve_with_rows(
    problem: Problem,
    levels: Sequence[Level],
    rows: Sequence[Row],
    *,
    deadline: float | None = None,
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
    search = _Search(problem, levels, rows, deadline)
    try:
        search.run(levels, progress)
    except NothingHolds:
        raise rows_clash(problem, rows, deadline=deadline) from None
    except TimeUp:
        raise TimeLimitError("The time limit came before any pairing that keeps all rules was found.") from None
    answer = search.answer(levels)
    faults = row_certificate.check(problem, levels, rows, answer.used, answer.entries, claim=answer.claim)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return answer


class _Search:
    """The face where pairings as good as ``flow`` can be."""

    def __init__(
        self, problem: Problem, levels: Sequence[Level], rows: Sequence[Row], deadline: float | None
    ) -> None:
        self.network: Network = build(problem)
        self.face: Face = face_of(self.network, rows)
        self.deadline = deadline
        self.entries: list[RowEntry] = []
        self.flow: IntVector | None = None
        self.in_time = self.unique = True
        self._pool = np.ones(len(self.network.tail), np.bool_)
        self._pool[self.network.pairs] = first_pool(problem, levels)
        start = cheapest_flow(self.network, np.zeros_like(self.network.low), self.network.low, self.face.free())
        if start is None:
            raise rows_clash(problem, rows, deadline=deadline)
        self._pool |= start > 0
        start = self.network.flow_of(start[self.network.pairs] > 0)
        if self.face.holds(start):
            self.flow = start

    def run(self, levels: Sequence[Level], progress: Callable[[str, int], None] | None) -> None:
        for level in levels:
            value = self._decide(level)
            if progress is not None:
                progress(level.name, value)
        if self.flow is None:
            # No level at all: whatever keeps the rules.
            self.flow = decide(self.face, np.zeros_like(self.network.low), None, self._pool).flow
        if not all(self._reached()):
            self.unique = False
            return
        self._draw()
        self.unique = self.unique and all(self._reached())

    def answer(self, levels: Sequence[Level]) -> RowsAssignment:
        values, reached = self._values(), self._reached()
        return RowsAssignment(
            used=self._used(),
            levels=tuple(
                RowLevel(entry.level, value, entry.bound)
                for entry, value, _ in zip(self.entries, values, levels, strict=False)
            ),
            proved=all(reached[: len(levels)]),
            unique=self.unique,
            entries=tuple(self.entries),
        )
