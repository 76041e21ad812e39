"""Counts everybody's allowed pairs in a big cohort: sets of mentors as bits, many pairs in one operation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntVector
from ipmatch.solving.columns.terrain import Terrain, merged

__all__ = ["counted_choices"]

Bits = npt.NDArray[np.uint64]
"""[rows, words] sets of mentors."""

WORDS = 1 << 15
"""So many words are worked on together: few enough to stay in the processor's cache."""


def counted_choices(terrain: Terrain) -> tuple[IntVector, IntVector]:
    """How many allowed pairs each mentor [I] has, and each mentee [J].

    Whole tables first, then what removes or requires pairs one by one.
    """
    tally, mentees = _Tally(terrain.mentors), np.zeros(terrain.mentees, np.int64)
    for rows, allowed in _by_tables(terrain):
        mentees[rows] = np.bitwise_count(allowed).sum(1, dtype=np.int64)
        tally.add(allowed)
    mentors = tally.totals()
    alone = merged(terrain.excluded, terrain.required, _same_keys(terrain))
    mentor, mentee = np.divmod(alone, max(1, terrain.mentees))
    tables = ~terrain.floor[terrain.near.at(mentor, mentee), terrain.bests(mentor, mentee)]
    for table in terrain.barred:
        tables &= table.at(mentor, mentee) == 0
    change = terrain.allowed(mentor, mentee).astype(np.int64) - tables
    np.add.at(mentors, mentor, change)
    np.add.at(mentees, mentee, change)
    return mentors, mentees


def _by_tables(terrain: Terrain) -> Iterator[tuple[IndexVector, Bits]]:
    """Yield some mentees, and for each of them the mentors whom whole tables allow."""
    # Which bests are removed changes at these only, and is all that a best matters for.
    changes = np.flatnonzero((terrain.floor[:, 1:] != terrain.floor[:, :-1]).any(0)) + 1
    reaching = {int(best): _packed(terrain.best_of_mentors >= best) for best in changes}
    for rows in _alike(terrain):
        open_to = np.ones(terrain.mentors, np.bool_)
        for table in terrain.barred:
            open_to &= (table.value[:, table.column[rows[0]]] != 1)[table.row]
        near = terrain.nearness(int(rows[0])) == 1
        far_bits, near_bits = _packed(np.stack([open_to & ~near, open_to & near]))
        step = max(1, WORDS // max(1, len(near_bits)))
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            choice = terrain.choice[some]
            reached = {best: _any_of(bits, choice) for best, bits in reaching.items()}
            far, close = (
                _not_removed(removed, reached, (len(some), len(near_bits))) for removed in terrain.floor
            )
            yield some, (far & far_bits) | (close & near_bits)


def _alike(terrain: Terrain) -> Iterator[IndexVector]:
    """Yield the mentees whom near and barred tables do not tell apart."""
    label = np.zeros(terrain.mentees, np.int64)
    for table in (terrain.near, *terrain.barred):
        together = label * (int(table.column.max(initial=0)) + 1) + table.column
        label = np.unique(together, return_inverse=True)[1].reshape(-1)
    order = np.argsort(label, kind="stable")
    yield from (rows for rows in np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(rows))


def _packed(flags: BoolMatrix) -> Bits:
    """Flags [rows, I] as bits."""
    whole = np.pad(flags, ((0, 0), (0, -flags.shape[1] % 64)))
    return np.packbits(whole, axis=1).view(np.uint64)


def _any_of(bits: Bits, choice: npt.NDArray[np.int32]) -> Bits:
    """The union of the rows that each mentee chooses; [J, T] choices."""
    union = np.zeros((len(choice), bits.shape[1]), np.uint64)
    for choices in choice.T:
        union |= bits[choices]
    return union


def _not_removed(removed: BoolVector, reached: dict[int, Bits], shape: tuple[int, int]) -> Bits:
    """Mentors of a best that is not removed, for each of some mentees, by who reaches which best."""
    left = np.full(shape, 0 if removed[0] else np.iinfo(np.uint64).max, np.uint64)
    for best, bits in reached.items():
        left = left & ~bits if removed[best] else left | bits
    return left


class _Tally:
    """How often each mentor is in a set, counted in binary: a full adder works on 64 mentors at once."""

    def __init__(self, mentors: int) -> None:
        self._mentors = mentors
        self._digits: list[Bits] = []
        """For each binary digit, sets yet to be added up."""

    def add(self, sets: Bits) -> None:
        """Count these sets too."""
        place = 0
        while len(sets):
            if place == len(self._digits):
                self._digits.append(sets[:0])
            waiting, carried = np.concatenate([self._digits[place], sets]), [sets[:0]]
            while (third := len(waiting) // 3) > 0:
                a, b, c = waiting[:third], waiting[third : 2 * third], waiting[2 * third : 3 * third]
                odd = a ^ b
                carried.append((a & b) | (odd & c))
                waiting = np.concatenate([odd ^ c, waiting[3 * third :]])
            self._digits[place], sets, place = waiting, np.concatenate(carried), place + 1

    def totals(self) -> IntVector:
        """How many sets each mentor [I] was in."""
        totals = np.zeros(self._mentors, np.int64)
        for place, sets in enumerate(self._digits):
            flags = np.unpackbits(np.ascontiguousarray(sets).view(np.uint8), axis=1, count=self._mentors)
            totals += flags.sum(0, dtype=np.int64) << place
        return totals


def _same_keys(terrain: Terrain) -> IndexVector:
    """The keys of all pairs with the same mark, where that removes them."""
    if not terrain.bars_same:
        return np.zeros(0, np.int64)
    order = np.argsort(terrain.mentee_mark, kind="stable")
    marks = terrain.mentee_mark[order]
    known = np.flatnonzero(terrain.mentor_mark >= 0)
    start = np.searchsorted(marks, terrain.mentor_mark[known])
    count = np.searchsorted(marks, terrain.mentor_mark[known], side="right") - start
    place = np.arange(count.sum()) + np.repeat(start - np.cumsum(count) + count, count)
    keys: IndexVector = np.repeat(known, count) * terrain.mentees + order[place]
    return keys
