"""What pairs are worth to mentees of one kind, compared with prices in as few bits as it takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntMatrix, IntVector, stretches
from ipmatch.solving.columns.terrain import NEVER, Gain, Terrain, found
from ipmatch.solving.lottery import PAIR_BOUND, pair_slice

__all__ = ["Matrix", "Ranking", "Seen", "Worth", "largest"]

Matrix = npt.NDArray[np.signedinteger]

CELLS = 1 << 16
"""So many entries are looked up together: few enough to stay in the processor's cache."""


class Seen:
    """One level as mentees of one kind see it: ``base`` [I] and ``fine`` [2, steps] add up to its worth.

    Marks and named pairs are left out: without them a pair is worth no less, and no named pair is looked for.
    """

    def __init__(
        self, terrain: Terrain, gain: Gain, mentor_price: IntVector, mentee_price: IntVector, mentee: int
    ) -> None:
        self.terrain, self.gain, self.price = terrain, gain, mentee_price
        self.base = terrain.base(gain, mentee) + mentor_price
        lottery = PAIR_BOUND if gain.draw is not None else 0
        self.fine = np.where(terrain.floor, NEVER, gain.fine + lottery)
        self.rises = gain.draw is None and bool((np.diff(self.fine, axis=1) >= 0).all())
        self.reach = self.base + self.fine.max(1)[terrain.nearness(mentee)]


class Worth:
    """The worth by choice of some mentors, the last ``near`` of them near; ``best`` [S, mentors] theirs."""

    def __init__(
        self, seen: Seen, mentors: IndexVector, near: int, best: npt.NDArray[np.int8], rows: IndexVector
    ) -> None:
        self.seen, self.mentors, self.far, self.best = seen, mentors, len(mentors) - near, best
        self.base, price = seen.base[mentors], seen.price[rows]
        self.low = int(price.min(initial=0)) - 1
        self.high = int(price.max(initial=0)) + 1 - seen.gain.same
        self.table: Matrix | None = self._table(best) if seen.rises else None

    @property
    def ranked(self) -> Matrix:
        """The table, where it rises with the choice."""
        if self.table is None:
            raise ValueError("these worths do not rise with the choice")
        return self.table

    def ranks(self) -> bool:
        """Whether entries of ``table`` can be ranked: it rises, and so small numbers tell choices apart."""
        choices = (len(self.best) + 1) * (self.seen.terrain.mentees + 1)
        return self.table is not None and int(self.table.max(initial=0)) < 2**62 // choices

    def prices(self, rows: IndexVector) -> IntVector:
        """The prices of mentees on the scale of ``table``: at least 1."""
        price: IntVector = self.seen.price[rows] - self.low
        return price

    def excess(self, rows: IndexVector, place: IndexVector) -> Matrix:
        """[rows, mentors] how far each pair is above the price of its mentee; below it, anything below."""
        if self.table is not None:
            # The best choice is also the one of most worth.
            block = largest(self.table, place)
        else:
            worth = self._fine(largest(self.best, place)) + self.base
            if self.seen.gain.draw is not None:
                terrain = self.seen.terrain
                number = terrain.mentor_number[self.mentors], terrain.mentee_number[rows][:, None]
                worth += pair_slice(*number, self.seen.gain.draw) - PAIR_BOUND
            block = self._narrow(worth)
        block -= self.prices(rows).astype(block.dtype)[:, None]
        return block

    def is_zero(self, rows: IndexVector, place: IndexVector) -> BoolMatrix:
        """[rows, mentors] whether a pair, its marks aside, may have no reduced cost."""
        excess, same = self.excess(rows, place), self.seen.gain.same
        return np.asarray((excess == 0) | (excess == -same) if same else excess == 0)

    def _table(self, best: npt.NDArray[np.int8]) -> Matrix:
        """The worths by choice [S, mentors], as ``_narrow`` has them, in few bits from the start."""
        fine, base = self.seen.fine, self.base - self.low
        known = fine > NEVER // 2
        farthest = int(np.abs(base).max(initial=0))
        most = max(farthest + int(np.abs(fine[known]).max(initial=0)), self.high - self.low)
        kind = _smallest(most)
        # What is removed stays below every price.
        far, near = np.where(known, fine, -farthest).astype(kind)
        table: Matrix = np.empty(best.shape, kind)
        # Part by part: places in a table are long numbers, and would take more than all the rest.
        step = max(1, CELLS // max(1, best.shape[1]))
        for start in range(0, len(best), step):
            some, part = best[start : start + step], table[start : start + step]
            np.take(far, some[:, : self.far], out=part[:, : self.far], mode="clip")
            np.take(near, some[:, self.far :], out=part[:, self.far :], mode="clip")
        table += base.astype(kind)
        np.maximum(table, 0, out=table)
        return table

    def _fine(self, best: Matrix) -> IntMatrix:
        fine = np.empty(best.shape, np.int64)
        np.take(self.seen.fine[0], best[:, : self.far], out=fine[:, : self.far], mode="clip")
        np.take(self.seen.fine[1], best[:, self.far :], out=fine[:, self.far :], mode="clip")
        return fine

    def _narrow(self, worth: IntMatrix) -> Matrix:
        most = max(int(worth.max(initial=self.low)), self.high) - self.low
        # What is below every price may be any amount below it.
        np.maximum(worth, self.low, out=worth)
        worth -= self.low
        return worth.astype(_smallest(most))


class Ranking:
    """Of a table of worths that rise with the choice, the entries that reach some price, highest first.

    Parameters
    ----------
    table
        [S, mentors] what mentors are worth by choice.
    prices, place
        Of mentees: what a pair must reach, and [rows, T] where their choices stand in the table.
    over
        How far above its price a pair must be.
    most
        Where given, entries [S] of each choice that suffice.
    groups
        Where given, groups of the mentors and of the mentees: only pairs within one count.
    beside
        Where given, another price of each mentor, and its least and most for each mentee: of the entries that
        reach a price and not more, only those of mentors in between are ranked.
    """

    def __init__(
        self,
        table: Matrix,
        prices: IntVector,
        place: IndexVector,
        over: int,
        most: IntVector | None = None,
        groups: tuple[IndexVector, IndexVector] | None = None,
        beside: tuple[IntVector, IntVector, IntVector] | None = None,
    ) -> None:
        least = prices + over
        floor = np.full(len(table), np.iinfo(np.int64).max)
        for column in place.T:
            np.minimum.at(floor, column, least)
        reach = table >= floor[:, None]
        self.whole = np.ones(len(place), np.bool_)
        if most is not None:
            more = reach.sum(1) > most
            for k in np.flatnonzero(more).tolist():
                reach[k] &= _among_highest(table[k], int(most[k]), k)
            self.whole = ~more[place].any(1)
        choice, column = np.nonzero(reach)
        value = table[choice, column].astype(np.int64)
        if groups is not None:
            known, group = np.unique(groups[1], return_inverse=True)
            own, among = found(known, groups[0])
            within = among[column]
            choice, column, value = choice[within], column[within], value[within]
            choice = choice * len(known) + own[column]
            place = place * len(known) + group.reshape(-1, 1)
        self._span = int(value.max(initial=0)) + 1
        key = choice * self._span + (self._span - 1 - value)
        order = np.argsort(key, kind="stable") if beside is None else np.lexsort((beside[0][column], key))
        self._key, self._column = key[order], column[order]
        first, stop = place * self._span, np.maximum(self._span - least, 0)[:, None] + place * self._span
        self._start = np.searchsorted(self._key, first)
        self.count = np.maximum(np.searchsorted(self._key, stop) - self._start, 0)
        top = np.append(self._key, 0)[self._start]
        highest = self._span - 1 - (top - place * self._span)
        self.excess = np.where(self.count > 0, highest - prices[:, None], 0).max(1)
        if beside is not None:
            self._keep_between(stop, *beside)

    def _keep_between(self, stop: IndexVector, price: IntVector, low: IntVector, high: IntVector) -> None:
        """Of the entries just before ``stop`` rank only those of a mentor's price between two others."""
        known, level = np.unique(price[self._column], return_inverse=True)
        if int(stop.max(initial=0)) * (len(known) + 1) >= 2**62:
            return
        both = self._key * len(known) + level.reshape(-1)
        above = np.minimum(np.searchsorted(self._key, stop - 1) - self._start, self.count)
        least, most = np.searchsorted(known, low), np.searchsorted(known, high, side="right")
        start, end = (
            np.searchsorted(both, (stop - 1) * len(known) + place[:, None]) for place in (least, most)
        )
        between = np.where(self.count > 0, np.maximum(end - start, 0), 0)
        self._start = np.concatenate([self._start, start], axis=1)
        self.count = np.concatenate([np.maximum(above, 0), between], axis=1)

    def all_of(self, rows: IndexVector) -> tuple[IndexVector, IndexVector]:
        """Every pair of these rows, by row and column, some perhaps twice."""
        return self._expanded(rows, self._start[rows], self.count[rows])

    def highest_of(self, rows: IndexVector, each: int) -> tuple[IndexVector, IndexVector]:
        """For each choice of these rows the highest entries; among equals others for each row."""
        start, count = self._start[rows], np.minimum(self.count[rows], each)
        bound = np.append(self._key, 0)[np.maximum(start + count - 1, 0)]
        first, stop = np.searchsorted(self._key, bound), np.searchsorted(self._key, bound, side="right")
        surely = np.clip(first - start, 0, count)
        # From the class of the last one, a stretch that begins anywhere and goes round.
        size = np.maximum(stop - first, 1)
        at = (rows[:, None] * 0x9E3779B1 >> 7) % size
        certain = self._expanded(rows, start, surely)
        row, turn = self._expanded_turns(count - surely)
        place = np.repeat(first.reshape(-1), (count - surely).reshape(-1)) + (
            np.repeat(at.reshape(-1), (count - surely).reshape(-1)) + turn
        ) % np.repeat(size.reshape(-1), (count - surely).reshape(-1))
        return np.concatenate([certain[0], rows[row]]), np.concatenate([certain[1], self._column[place]])

    def _expanded(
        self, rows: IndexVector, start: IndexVector, count: IndexVector
    ) -> tuple[IndexVector, IndexVector]:
        row, turn = self._expanded_turns(count)
        place = np.repeat(start.reshape(-1), count.reshape(-1)) + turn
        return rows[row], self._column[place]

    @staticmethod
    def _expanded_turns(count: IndexVector) -> tuple[IndexVector, IndexVector]:
        """For each unit of a count [rows, T] its row, and the number of units before it."""
        flat = count.reshape(-1)
        return np.repeat(np.repeat(np.arange(len(count)), count.shape[1]), flat), stretches(flat)


def _among_highest(worth: Matrix, most: int, choice: int) -> BoolVector:
    """Mark so many of the highest entries; which of equal ones is left to scrambled numbers."""
    scrambled = (np.arange(len(worth)) * 0x9E3779B1 + choice * 0x85EBCA77) >> 7 & 0xFFFF
    marked = np.zeros(len(worth), np.bool_)
    # Beyond 44 bits it does not matter which come first.
    key = np.minimum(worth, 1 << 44, dtype=np.int64) << 16 | scrambled
    marked[np.argpartition(key, len(worth) - most)[len(worth) - most :]] = True
    return marked


def _smallest(most: int) -> type[np.signedinteger]:
    """The shortest numbers of which two like the largest can be added."""
    return next(kind for kind in (np.int16, np.int32, np.int64) if most < np.iinfo(kind).max // 2)


def largest(table: Matrix, place: IndexVector | npt.NDArray[np.int32]) -> Matrix:
    """[rows, mentors] the largest of the entries of a table [S, mentors] that each place [rows, T] names."""
    most = table[place[:, 0]]
    for column in place.T[1:]:
        np.maximum(most, table[column], out=most)
    return most
