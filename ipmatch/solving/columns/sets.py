"""Whom each mentee of a big cohort may be paired with, as sets of bits: many pairs in one operation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, stretches
from ipmatch.solving.columns.terrain import Terrain, found, merged, runs

__all__ = ["Bits", "MentorSets", "bits_of", "flags_of", "places_of", "same_keys"]

Bits = npt.NDArray[np.uint64]
"""[rows, words] sets of mentors."""

WORDS = 1 << 15
"""So many words are worked on together: few enough to stay in the processor's cache."""
KEPT = 1 << 26
"""Bytes of sets that are kept."""


class MentorSets:
    """For each mentee the set of mentors whom the rules allow.

    Parameters
    ----------
    without
        Sorted keys of pairs to leave out of the sets, whatever allows them.
    keep
        Whether sets will be asked for again and again: all are kept then, unless they are too many.
    """

    def __init__(self, terrain: Terrain, without: IndexVector | None = None, *, keep: bool = False) -> None:
        self._terrain = terrain
        self._keeps = keep and terrain.mentors * terrain.mentees <= 8 * KEPT
        self._kept: Bits | None = None
        # Which bests are removed changes at these only, and is all that a best matters for.
        changes = np.flatnonzero((terrain.floor[:, 1:] != terrain.floor[:, :-1]).any(0)) + 1
        self._reaching = {int(best): bits_of(terrain.best_of_mentors >= best) for best in changes}
        self._label = terrain.alike_in(terrain.near, *terrain.barred)
        # What whole tables do not settle.
        apart = () if without is None else (without,)
        same = (same_keys(terrain),) if terrain.bars_same else ()
        keys = merged(terrain.excluded, terrain.required, *same, *apart)
        mentor, mentee = np.divmod(keys, max(1, terrain.mentees))
        order = np.argsort(mentee, kind="stable")
        self._mentor, mentee = mentor[order], mentee[order]
        self._start = np.searchsorted(mentee, np.arange(terrain.mentees + 1))
        self._allowed = terrain.allowed(self._mentor, mentee)
        if without is not None:
            self._allowed &= ~found(without, keys[order])[1]

    def of(self, mentees: IndexVector) -> Iterator[tuple[IndexVector, Bits]]:
        """Yield some of these mentees, and the set of each."""
        if not self._keeps:
            yield from self._made(mentees)
            return
        if self._kept is None:
            self._kept = np.zeros((self._terrain.mentees, -(-self._terrain.mentors // 64)), np.uint64)
            for rows, sets in self._made(np.arange(self._terrain.mentees)):
                self._kept[rows] = sets
        step = max(1, WORDS // max(1, self._kept.shape[1]))
        for start in range(0, len(mentees), step):
            some = mentees[start : start + step]
            yield some, self._kept[some]

    def _made(self, mentees: IndexVector) -> Iterator[tuple[IndexVector, Bits]]:
        terrain = self._terrain
        for rows in runs(self._label, mentees):
            open_to = np.ones(terrain.mentors, np.bool_)
            for table in terrain.barred:
                open_to &= (table.value[:, table.column[rows[0]]] != 1)[table.row]
            near = terrain.nearness(int(rows[0])) == 1
            far_bits, near_bits = bits_of(np.stack([open_to & ~near, open_to & near]))
            step = max(1, WORDS // max(1, len(near_bits)))
            for start in range(0, len(rows), step):
                some = rows[start : start + step]
                choice = terrain.choice[some]
                reached = {best: _any_of(bits, choice) for best, bits in self._reaching.items()}
                shape = len(some), len(near_bits)
                far, close = (_not_removed(removed, reached, shape) for removed in terrain.floor)
                sets = (far & far_bits) | (close & near_bits)
                self._mend(some, sets)
                yield some, sets

    def _mend(self, rows: IndexVector, sets: Bits) -> None:
        """Put right the pairs that whole tables do not settle."""
        count = self._start[rows + 1] - self._start[rows]
        row = np.repeat(np.arange(len(rows)), count)
        place = stretches(count, self._start[rows])
        mentor, allowed = self._mentor[place], self._allowed[place]
        eights = sets.view(np.uint8)
        bit = np.right_shift(128, mentor & 7).astype(np.uint8)
        np.bitwise_and.at(eights, (row, mentor >> 3), ~bit)
        np.bitwise_or.at(eights, (row[allowed], mentor[allowed] >> 3), bit[allowed])


def bits_of(flags: BoolMatrix) -> Bits:
    """Flags [rows, I] as bits."""
    whole = np.pad(flags, ((0, 0), (0, -flags.shape[1] % 64)))
    return np.packbits(whole, axis=1).view(np.uint64)


def flags_of(sets: Bits, mentors: int) -> BoolMatrix:
    """Bits as flags [rows, I]."""
    eights = np.ascontiguousarray(sets).view(np.uint8)
    return np.unpackbits(eights, axis=1, count=mentors).view(np.bool_)


def places_of(sets: Bits) -> tuple[IndexVector, IndexVector]:
    """Row and mentor of every member of these sets, in order; quick where they are few."""
    row, word = np.nonzero(sets)
    which, bit = np.nonzero(np.unpackbits(sets[row, word].view(np.uint8)).reshape(-1, 64))
    return row[which], 64 * word[which] + bit


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


def same_keys(terrain: Terrain) -> IndexVector:
    """The keys of all pairs with the same mark."""
    order = np.argsort(terrain.mentee_mark, kind="stable")
    marks = terrain.mentee_mark[order]
    known = np.flatnonzero(terrain.mentor_mark >= 0)
    start = np.searchsorted(marks, terrain.mentor_mark[known])
    count = np.searchsorted(marks, terrain.mentor_mark[known], side="right") - start
    keys: IndexVector = np.repeat(known, count) * terrain.mentees + order[stretches(count, start)]
    return keys
