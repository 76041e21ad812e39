"""Looks at every pair of a stretch of mentees for those that prices call for; nothing is listed but them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolMatrix, IndexVector, IntMatrix, IntVector
from ipmatch.solving.columns.terrain import NEVER, Gain, Terrain
from ipmatch.solving.lottery import PAIR_BOUND, pair_slice

__all__ = ["Hits", "Priced", "Question", "TooMany", "excess_of", "scan"]

CELLS = 1 << 20
"""So many pairs are looked at together: few enough to stay in the processor's cache."""
_Matrix = npt.NDArray[np.signedinteger]


class TooMany(Exception):
    """More pairs are tight than were to be listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """A level's gain of pairs, and its prices of mentors [I] and mentees [J]."""

    gain: Gain
    mentor: IntVector
    mentee: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Which pairs have a negative reduced cost, or none if ``tight``, at ``now`` and none at all ``before``.

    Attributes
    ----------
    before, now
        Levels with their prices. Pairs that a gain of theirs names are none of the question's business.
    mentor_group, mentee_group
        [I], [J] pairs across groups have a reduced cost at some earlier level.
    tight
        Whether a reduced cost of 0 is looked for instead of a negative one.
    each
        Of more negative pairs of a mentee, only so many of the lowest are told (of tight ones, all).
    most
        More tight pairs than this raise ``TooMany``.
    """

    before: tuple[Priced, ...]
    now: Priced
    mentor_group: IndexVector
    mentee_group: IndexVector
    tight: bool = False
    each: int = 16
    most: int = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Pairs found; and for each mentee of ``worst_of`` how far a pair is above its price, at most."""

    mentor: IndexVector
    mentee: IndexVector
    excess: IntVector
    worst_of: IndexVector
    worst: IntVector

    @classmethod
    def joined(cls, parts: list[Hits]) -> Hits:
        """All of them together."""
        empty = np.zeros(0, np.int64)
        names = ("mentor", "mentee", "excess", "worst_of", "worst")
        return cls(*(np.concatenate([empty, *(getattr(part, name) for part in parts)]) for name in names))


def scan(terrain: Terrain, question: Question, mentees: IndexVector) -> Hits:
    """Answer a question about all pairs of some mentees, exactly.

    Whole tables are added first, without marks and named pairs: that never gives less than the gain. Only
    pairs that might be hits are then looked at one by one.

    Raises
    ------
    TooMany
        If there are more tight pairs than were to be listed.
    """
    parts, count = list[Hits](), 0
    groups: dict[int, IndexVector] = {}
    for kind in _runs(terrain.kind, mentees):
        sight = _Sight(terrain, question, int(kind[0]))
        for rows in _runs(question.mentee_group, kind):
            group = int(question.mentee_group[rows[0]])
            if group not in groups:
                groups[group] = np.flatnonzero(question.mentor_group == group)
            for hits in sight.look(rows, groups[group]):
                parts.append(hits)
                count += len(hits.mentor)
                if question.tight and count > question.most:
                    raise TooMany
    return Hits.joined(parts)


def _runs(label: IndexVector, rows: IndexVector) -> Iterator[IndexVector]:
    """Yield the rows of each label, in their order."""
    order = rows[np.argsort(label[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(label[order])) + 1
    yield from (run for run in np.split(order, ends) if len(run))


class _Sight:
    """What all mentees of one kind see alike."""

    def __init__(self, terrain: Terrain, question: Question, mentee: int) -> None:
        self.terrain, self.question = terrain, question
        self.near = terrain.nearness(mentee)
        self.now = _Seen(terrain, question.now, mentee)
        self.before = [_Seen(terrain, level, mentee) for level in question.before]
        self.reach = self.now.base + self.now.fine.max(1)[self.near]

    def look(self, rows: IndexVector, mentors: IndexVector) -> Iterator[Hits]:
        """Find the hits among the pairs of rows of this kind and some mentors, piece by piece."""
        price = self.question.now.mentee[rows]
        over = 0 if self.question.tight else 1
        mentors = mentors[self.reach[mentors] >= price.min() + over]
        if not len(mentors):
            return
        codes, place = np.unique(self.terrain.choice[rows], return_inverse=True)
        place = place.reshape(len(rows), -1)
        best = np.ascontiguousarray(self.terrain.best[self.terrain.best_row[mentors]].T[codes])
        near = self.near[mentors]
        # A mentee for whose every choice all mentors stay below the price needs no second look.
        height = self.now.height(mentors, near, best)
        far = height[place].max(1) >= price + over
        rows, place = rows[far], place[far]
        levels = [level.over(mentors, near, best, rows) for level in (self.now, *self.before)]
        step = max(1, CELLS // len(mentors))
        for start in range(0, len(rows), step):
            some, at = slice(start, start + step), place[start : start + step]
            excess = levels[0].excess(rows[some], at)
            hits = excess >= over
            for level in levels[1:]:
                hits &= level.is_zero(rows[some], at)
            yield self._told(rows[some], mentors, hits, excess)

    def _told(self, rows: IndexVector, mentors: IndexVector, hits: BoolMatrix, excess: _Matrix) -> Hits:
        question = self.question
        if question.tight:
            return self._exact(rows, mentors, hits)
        worst = np.where(hits, excess, 0).max(1).astype(np.int64)
        chosen = hits.copy()
        many = np.flatnonzero(hits.sum(1) > question.each)
        if len(many):
            chosen[many] = _highest(rows[many], mentors, hits[many], excess[many], question.each)
        found = self._exact(rows, mentors, chosen)
        parts = [found, _worst(rows[worst > 0], worst[worst > 0])]
        # Where marks or single removals spoil the highest, the others have their turn.
        told = np.bincount(np.searchsorted(rows, found.mentee), minlength=len(rows))
        again = many[told[many] <= question.each // 2]
        if len(again):
            parts.append(self._exact(rows[again], mentors, hits[again] & ~chosen[again]))
        return Hits.joined(parts)

    def _exact(self, rows: IndexVector, mentors: IndexVector, hits: BoolMatrix) -> Hits:
        """Keep the pairs that are hits once marks and single removals count."""
        terrain, question = self.terrain, self.question
        row, column = np.nonzero(hits)
        mentor, mentee = mentors[column], rows[row]
        excess = excess_of(terrain, question.now, mentor, mentee)
        good = excess == 0 if question.tight else excess > 0
        for level in question.before:
            good &= excess_of(terrain, level, mentor, mentee) == 0
        mentor, mentee, excess = mentor[good], mentee[good], excess[good]
        good = terrain.allowed(mentor, mentee)
        return Hits(mentor[good], mentee[good], excess[good], *_NOBODY)


class _Seen:
    """One level as mentees of one kind see it: ``base`` [I] and ``fine`` [2, steps] add up to its worth."""

    def __init__(self, terrain: Terrain, level: Priced, mentee: int) -> None:
        self.terrain, self.level = terrain, level
        self.base = terrain.base(level.gain, mentee) + level.mentor
        lottery = PAIR_BOUND if level.gain.draw is not None else 0
        self.fine = np.where(terrain.floor, NEVER, level.gain.fine + lottery)

    def height(self, mentors: IndexVector, near: IndexVector, best: _Matrix) -> IntVector:
        """[S] the most that any of the mentors reaches by each choice, or by a better one."""
        base, height = self.base[mentors], np.full(len(best), NEVER)
        for side in (0, 1):
            own = near == side
            if own.any():
                # A better choice may gain less; this is a bound for it too.
                fine = np.maximum.accumulate(self.fine[side])
                np.maximum(height, (fine[best[:, own]] + base[own]).max(1), out=height)
        return height

    def over(self, mentors: IndexVector, near: IndexVector, best: _Matrix, rows: IndexVector) -> _Over:
        """Make ready to compare the worth of these mentors with the prices of these mentees."""
        return _Over(self, mentors, near, best, self.level.mentee[rows])


class _Over:
    """The worth of some mentors by choice, in as few bits as comparing them with prices takes."""

    def __init__(
        self, seen: _Seen, mentors: IndexVector, near: IndexVector, best: _Matrix, price: IntVector
    ) -> None:
        self.terrain, self.level, self.mentors = seen.terrain, seen.level, mentors
        self.best, self.near, self.base, self.fine = best, near, seen.base[mentors], seen.fine
        self.low = int(price.min(initial=0)) - 1
        self.high = int(price.max(initial=0)) + 1 - self.level.gain.same
        self.worth: _Matrix | None = None
        if self.level.gain.draw is None and (np.diff(self.fine, axis=1) >= 0).all():
            # The best choice is also the one of most worth, so that worths need not be looked up again.
            self.worth = self._narrow(self.fine[near, best] + self.base)

    def _narrow(self, worth: IntMatrix) -> _Matrix:
        low = self.low
        kind = next(
            kind
            for kind in (np.int16, np.int32, np.int64)
            if max(int(worth.max(initial=low)), self.high) - low < np.iinfo(kind).max // 2
        )
        # What is below every price may be any amount below it.
        return (np.maximum(worth, low) - low).astype(kind)

    def excess(self, rows: IndexVector, place: IndexVector) -> _Matrix:
        """[rows, mentors] how far each pair is above the price of its mentee; below it, anything below."""
        if self.worth is not None:
            block = self._largest(self.worth, place)
        elif self.level.gain.draw is not None:
            number = self.terrain.mentor_number[self.mentors], self.terrain.mentee_number[rows][:, None]
            fine = self.fine[self.near, self._largest(self.best, place)] - PAIR_BOUND
            block = self._narrow(pair_slice(*number, self.level.gain.draw) + fine + self.base)
        else:
            block = self._narrow(self.fine[self.near, self._largest(self.best, place)] + self.base)
        block -= (self.level.mentee[rows] - self.low).astype(block.dtype)[:, None]
        return block

    def is_zero(self, rows: IndexVector, place: IndexVector) -> BoolMatrix:
        """[rows, mentors] whether a pair, its marks aside, may have no reduced cost."""
        excess, same = self.excess(rows, place), self.level.gain.same
        return np.asarray((excess == 0) | (excess == -same) if same else excess == 0)

    @staticmethod
    def _largest(table: _Matrix, place: IndexVector) -> _Matrix:
        largest = table[place[:, 0]]
        for column in place.T[1:]:
            np.maximum(largest, table[column], out=largest)
        return largest


def excess_of(terrain: Terrain, level: Priced, mentor: IndexVector, mentee: IndexVector) -> IntVector:
    """How far each pair is above the price of its mentee, exactly: its reduced cost with its sign turned."""
    excess: IntVector = terrain.gain(level.gain, mentor, mentee) + level.mentor[mentor] - level.mentee[mentee]
    return excess


_NOBODY = (np.zeros(0, np.int64), np.zeros(0, np.int64))


def _worst(mentee: IndexVector, excess: IntVector) -> Hits:
    return Hits(_NOBODY[0], _NOBODY[0], _NOBODY[0], mentee, excess)


def _highest(
    rows: IndexVector, mentors: IndexVector, hits: BoolMatrix, excess: _Matrix, each: int
) -> BoolMatrix:
    """Mark the highest hits of each row; ties go by scrambled numbers, or all would list the same few."""
    scrambled = (mentors * 0x9E3779B1 + rows[:, None] * 0x85EBCA77) >> 7 & 0xFF
    # Beyond 48 bits it does not matter which come first.
    key = np.where(hits, np.minimum(excess.astype(np.int64), 1 << 48) << 8 | scrambled, -1)
    marked = np.zeros_like(hits)
    top = np.argpartition(key, len(mentors) - each, axis=1)[:, len(mentors) - each :]
    np.put_along_axis(marked, top, True, axis=1)
    return marked
