"""Whether a change that opens a way really places one more, where earlier levels have a say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ipmatch.explaining.barriers import Barrier
from ipmatch.explaining.cut import Residual
from ipmatch.limits import rooms_of
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.change import Change
from ipmatch.solving.exchange import Exchange

__all__ = ["Confirmation"]


class Confirmation:
    """Which changes matching again would answer with one more placed.

    With ``placed`` as the first level that goes without saying: nobody has fewer mentors on the way.
    Elsewhere every change is priced, level by level. What could overrun a session that has room for all till
    now is never confirmed.
    """

    def __init__(self, posed: AnyPosed, residual: Residual) -> None:
        self._posed, self._residual = posed, residual
        names = [level.name for level in posed.levels]
        # What comes after cannot undo a gain, and who is worst off is not settled before.
        counted = [place for place, name in enumerate(names, 1) if name in ("placed", "further_mentors")]
        self._levels = posed.levels[: max(counted, default=0)]
        self._names = names[: len(self._levels)]
        self._at_once = self._names[:1] == ["placed"]
        self._rooms = rooms_of(posed.scores, posed.problem)

    def enough(self, options: int) -> int | None:
        """How many pairs are worth asking about if so many are wanted; None if each is to be tried."""
        return options if self._at_once and self._rooms is None else None

    def of_places(self, mentee: int, mentors: IndexVector) -> IndexVector:
        """The mentors with whom one more place is enough."""
        if self._rooms is not None:
            mentors = mentors[~self._rooms.by_place(mentors)]
        if self._at_once:
            return mentors
        return np.array([i for i in mentors.tolist() if self._brings_one(mentee, self._places, i)], np.int64)

    def of_pairs(self, mentee: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The pairs, now not allowed, of which one is enough."""
        if not pairs:
            return []
        rows, columns = (np.array(side) for side in zip(*pairs, strict=True))
        if self._rooms is not None:
            free = np.flatnonzero(~self._rooms.by_pair(rows, columns))
            pairs, rows, columns = [pairs[place] for place in free.tolist()], rows[free], columns[free]
        if self._at_once:
            return list(pairs)
        gains = [self._posed.worths_of(name, rows, columns) for name in self._names]
        change = self._exchange.allow(rows, columns, gains)
        return [pair for place, pair in enumerate(pairs) if self._brings_one(mentee, change, place)]

    def of_barriers(self, mentee: int, barriers: Sequence[Barrier]) -> list[Barrier]:
        """The barriers of which one is enough, a unit less of it."""
        return [
            barrier
            for barrier in barriers
            if self._at_once or self._brings_one(mentee, *self._priced(barrier))
        ]

    def _priced(self, barrier: Barrier) -> tuple[Change, int]:
        arcs = np.array([barrier.arc])
        match barrier.rules[0].kind:
            case "required-pair":
                return self._releases, barrier.rules[0].index
            case "quota-maximum":
                return self._exchange.raise_limit(arcs), 0
        return self._exchange.lower_minimum(arcs), 0

    def _brings_one(self, mentee: int, change: Change, index: int) -> bool:
        counted = {"placed", "further_mentors"} if self._residual.given[mentee] else {"placed"}
        gained = sum(
            int(gain[index]) for name, gain in zip(self._names, change.levels, strict=True) if name in counted
        )
        return bool(change.known[index]) and gained > 0

    @cached_property
    def _exchange(self) -> Exchange:
        return Exchange(self._posed.problem, self._levels, self._residual.used)

    @cached_property
    def _places(self) -> Change:
        return self._exchange.place_more()

    @cached_property
    def _releases(self) -> Change:
        return self._exchange.release()
