"""Every pair of a big cohort, described by small tables instead of listed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import (
    BoolMatrix,
    BoolVector,
    HashVector,
    IndexVector,
    IntMatrix,
    IntVector,
    merged,
)
from ipmatch.solving.columns.travelling import Travelling
from ipmatch.solving.lottery import PAIR_BOUND, pair_slice

__all__ = ["NEVER", "Coarse", "Gain", "Named", "Terrain", "found", "merged", "runs"]

PART = 1 << 16
"""So many pairs are looked up together: few enough to stay in the processor's cache."""
NEVER = -(2**61)
"""Below any gain and price: a pair of such a worth is never made."""


@dataclass(frozen=True, slots=True, eq=False)
class Coarse(Travelling):
    """A table with few distinct keys on each side: ``value[row[i], column[j]]`` for mentor i and mentee j."""

    row: IndexVector
    column: IndexVector
    value: IntMatrix

    def at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The entries of pairs."""
        entries: IntVector = self.value[self.row[mentor], self.column[mentee]]
        return entries


@dataclass(frozen=True, slots=True, eq=False)
class Named(Travelling):
    """The few pairs that somebody named: sorted keys ``i * J + j``, and a value of each; 0 for all others."""

    keys: IndexVector
    value: IntVector

    def at(self, keys: IndexVector) -> IntVector:
        """The values of pairs, by key."""
        place, known = found(self.keys, keys)
        return np.where(known, self.value[place], 0) if len(self.keys) else np.zeros(len(keys), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """What a pair gains by one level, as a sum over the tables of a terrain.

    Attributes
    ----------
    coarse
        Units per entry of each coarse table.
    fine
        [2, steps] units by whether the pair is ``near`` and by its ``best``.
    same
        Units where ``mark`` is the same, not above 0.
    named
        Units of named pairs, not below 0.
    draw
        If not None, nothing but this slice of the lottery.
    """

    coarse: tuple[int, ...]
    fine: IntMatrix
    same: int = 0
    named: Named | None = None
    draw: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but named pairs gains anything."""
        return self.draw is None and not (any(self.coarse) or self.fine.any() or self.same)

    @property
    def between(self) -> tuple[int, int] | None:
        """The least and the most that pairs gain, named ones aside, if it is soon told what each does."""
        if self.draw is not None:
            return 1, PAIR_BOUND
        return (0, 0) if self.is_plain else None


@dataclass(frozen=True, eq=False)
class Terrain:
    """What distinguishes pairs: a few coarse tables, the best of a few choices, marks, and named pairs.

    Attributes
    ----------
    coarse
        Tables of which levels count units.
    near
        A coarse table of 0 and 1.
    best, choice
        [keys, S] and [J, T]: the ``best`` of a pair is the largest ``best[best_row[i], choice[j, t]]``.
    best_row
        [I] the row of each mentor.
    mentor_mark, mentee_mark
        [I], [J] equal numbers from 0 are the same mark; negative ones are none.
    barred
        Coarse tables of 0 and 1: 1 removes the pair.
    floor
        [2, steps] whether a pair that ``near`` and ``best`` describe is removed.
    bars_same
        Whether the same mark removes a pair.
    excluded, required
        Sorted keys ``i * J + j``: pairs removed one by one; pairs that must be, whatever removes them.
    mentor_number, mentee_number
        [I], [J] lottery numbers.
    """

    coarse: tuple[Coarse, ...]
    near: Coarse
    best: npt.NDArray[np.int8]
    best_row: IndexVector
    choice: npt.NDArray[np.int32]
    mentor_mark: IndexVector
    mentee_mark: IndexVector
    barred: tuple[Coarse, ...]
    floor: BoolMatrix
    bars_same: bool
    excluded: IndexVector
    required: IndexVector
    mentor_number: HashVector
    mentee_number: HashVector

    @property
    def mentors(self) -> int:
        """I."""
        return len(self.mentor_mark)

    @property
    def mentees(self) -> int:
        """J."""
        return len(self.mentee_mark)

    @cached_property
    def name(self) -> bytes:
        """What workers keep it under, so that it travels to each of them once, whoever asks."""
        return os.urandom(16)

    @cached_property
    def kind(self) -> IndexVector:
        """[J] mentees of one kind are alike in every coarse table."""
        return self.alike_in(self.near, *self.coarse, *self.barred)

    def alike_in(self, *tables: Coarse) -> IndexVector:
        """[J] the same number for mentees whom none of these tables tells apart."""
        label = np.zeros(self.mentees, np.int64)
        for table in tables:
            together = label * (int(table.column.max(initial=0)) + 1) + table.column
            label = np.unique(together, return_inverse=True)[1].reshape(-1)
        return label

    @cached_property
    def best_of_mentors(self) -> npt.NDArray[np.int8]:
        """[S, I] what each mentor gives for each choice."""
        return np.ascontiguousarray(self.best[self.best_row].T)

    def keys(self, mentor: IndexVector, mentee: IndexVector) -> IndexVector:
        """Number pairs: sorted like mentor, then mentee."""
        return mentor * self.mentees + mentee

    def bests(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The best of each pair."""
        most = np.zeros(len(mentor), np.int64)
        row = self.best_row[mentor]
        for choices in self.choice[mentee].T:
            np.maximum(most, self.best[row, choices], out=most)
        return most

    def allowed(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        """Whether each pair may be."""
        may = np.empty(len(mentor), np.bool_)
        for part in _parts(len(mentor)):
            may[part] = self._allowed(mentor[part], mentee[part])
        return may

    def _allowed(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        removed: BoolVector = self.floor[self.near.at(mentor, mentee), self.bests(mentor, mentee)]
        for table in self.barred:
            removed |= table.at(mentor, mentee) == 1
        if self.bars_same:
            removed |= self.same(mentor, mentee)
        keys = self.keys(mentor, mentee)
        removed |= found(self.excluded, keys)[1]
        return ~removed | found(self.required, keys)[1]

    def same(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        """Whether both of each pair have the same mark."""
        mark = self.mentor_mark[mentor]
        return np.asarray((mark == self.mentee_mark[mentee]) & (mark >= 0))

    def gain(self, gain: Gain, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The exact gain of each pair, allowed or not."""
        gained = np.empty(len(mentor), np.int64)
        for part in _parts(len(mentor)):
            gained[part] = self._gain(gain, mentor[part], mentee[part])
        return gained

    def _gain(self, gain: Gain, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        if gain.draw is not None:
            return pair_slice(self.mentor_number[mentor], self.mentee_number[mentee], gain.draw)
        total: IntVector = np.zeros(len(mentor), np.int64)
        if gain.fine.any():
            total = gain.fine[self.near.at(mentor, mentee), self.bests(mentor, mentee)]
        for units, table in zip(gain.coarse, self.coarse, strict=True):
            if units:
                total = total + units * table.at(mentor, mentee)
        if gain.same:
            total = total + gain.same * self.same(mentor, mentee)
        if gain.named is not None:
            total = total + gain.named.at(self.keys(mentor, mentee))
        return total

    def base(self, gain: Gain, mentee: int) -> IntVector:
        """[I] what all mentors gain from the coarse tables with mentees of one's kind; NEVER if barred."""
        total = np.zeros(self.mentors, np.int64)
        for units, table in zip(gain.coarse, self.coarse, strict=True):
            if units:
                total += (units * table.value[:, table.column[mentee]])[table.row]
        for table in self.barred:
            total[(table.value[:, table.column[mentee]] == 1)[table.row]] = NEVER
        return total

    def nearness(self, mentee: int) -> IndexVector:
        """[I] whether each mentor is near to mentees of one's kind, as 0 or 1."""
        near: IndexVector = self.near.value[:, self.near.column[mentee]][self.near.row]
        return near


def _parts(size: int) -> Iterator[slice]:
    """Yield stretches of many pairs: of all at once, what is reckoned on the way takes much memory."""
    for start in range(0, size, PART):
        yield slice(start, start + PART)


def found(sorted_keys: IndexVector, keys: IndexVector) -> tuple[IndexVector, BoolVector]:
    """Where each key stands among sorted ones, and whether it does."""
    if not len(sorted_keys):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
    place = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return place, np.asarray(sorted_keys[place] == keys)


def runs(label: IndexVector, rows: IndexVector) -> Iterator[IndexVector]:
    """Yield the rows of each label, in their order."""
    order = rows[np.argsort(label[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(label[order])) + 1
    yield from (run for run in np.split(order, ends) if len(run))
