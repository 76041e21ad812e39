"""Looks at every pair of a stretch of mentees for those that prices call for; nothing is listed but them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector, highest_first, ranks
from ipmatch.solving.columns.terrain import Gain, Terrain, merged, runs
from ipmatch.solving.columns.travelling import Travelling
from ipmatch.solving.columns.worth import Ranking, Seen, Worth

__all__ = [
    "Hits",
    "Priced",
    "Question",
    "TooMany",
    "excess_of",
    "scan",
    "thinned",
    "worst_hits",
]

CELLS = 1 << 20
"""So many pairs are looked at together: few enough to stay in the processor's cache."""


class TooMany(Exception):
    """More pairs are tight than were to be listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Priced(Travelling):
    """A level's gain of pairs, and its prices of mentors [I] and mentees [J]."""

    gain: Gain
    mentor: IntVector
    mentee: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Question(Travelling):
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
    but
        If given, sorted keys of pairs that need not be told; and of the others it will do to tell one of the
        lowest of each mentor.
    most
        More tight pairs than this raise ``TooMany``.
    """

    before: tuple[Priced, ...]
    now: Priced
    mentor_group: IndexVector
    mentee_group: IndexVector
    tight: bool = False
    each: int = 16
    but: IndexVector | None = None
    most: int = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Hits(Travelling):
    """Pairs found; and for each mentee of ``worst_of`` how far a pair is above its price, at most."""

    mentor: IndexVector
    mentee: IndexVector
    excess: IntVector
    worst_of: IndexVector
    worst: IntVector

    @classmethod
    def joined(cls, parts: list[Hits]) -> Hits:
        """All of them together."""
        if len(parts) == 1:
            return parts[0]
        empty = np.zeros(0, np.int64)
        names = ("mentor", "mentee", "excess", "worst_of", "worst")
        return cls(*(np.concatenate([empty, *(getattr(part, name) for part in parts)]) for name in names))

    def of(self, which: BoolVector | IndexVector) -> Hits:
        """Some of the pairs, and all that is told of mentees."""
        return Hits(self.mentor[which], self.mentee[which], self.excess[which], self.worst_of, self.worst)


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
    everyone = np.arange(terrain.mentors)
    # The highest of a mentee are found among her group's mentors; all others by group and choice together.
    apart = not question.before and not question.tight
    for kind in runs(terrain.kind, mentees):
        sight = _Sight(terrain, question, int(kind[0]))
        for rows in runs(question.mentee_group, kind) if apart else (kind,):
            own = question.mentor_group == question.mentee_group[rows[0]]
            for hits in sight.look(rows, np.flatnonzero(own) if apart else everyone):
                parts.append(hits)
                count += len(hits.mentor)
                if question.tight and count > question.most:
                    raise TooMany
    return Hits.joined(parts)


class _Sight:
    """What all mentees of one kind see alike."""

    def __init__(self, terrain: Terrain, question: Question, mentee: int) -> None:
        self.terrain, self.question = terrain, question
        self.near = terrain.nearness(mentee)
        self.levels = [
            Seen(terrain, level.gain, level.mentor, level.mentee, mentee)
            for level in (question.now, *question.before)
        ]

    def look(self, rows: IndexVector, mentors: IndexVector) -> Iterator[Hits]:
        """Find the hits among the pairs of rows of this kind and some mentors, piece by piece."""
        over = [0 if self.question.tight else 1, *(0 for _ in self.question.before)]
        for level, more in zip(self.levels, over, strict=True):
            mentors = mentors[level.reach[mentors] >= level.price[rows].min() + more]
        if not len(mentors):
            return
        near = self.near[mentors]
        mentors = np.concatenate([mentors[near == 0], mentors[near == 1]])
        codes, place = np.unique(self.terrain.choice[rows], return_inverse=True)
        place = place.reshape(len(rows), -1)
        best = np.take(self.terrain.best_of_mentors[codes], mentors, axis=1)
        worths = [Worth(level, mentors, int(near.sum()), best, rows) for level in self.levels]
        block = _Block(rows, place, mentors, worths, over)
        leader = self._leader(worths)
        if leader is None:
            yield from self._in_blocks(block)
        elif leader == 0 and not self.question.tight:
            yield from self._highest(block)
        else:
            ranking = self._ranking(block, leader)
            if ranking.count.sum() > len(rows) * len(mentors) // 4:
                yield from self._in_blocks(block)
            else:
                yield from self._ranked(block, ranking, np.flatnonzero(ranking.count.any(1)))

    def _leader(self, worths: list[Worth]) -> int | None:
        """The level by which few pairs can be told from all: the last before, or the present one."""
        rising = [k for k, worth in enumerate(worths) if worth.ranks()]
        if self.question.tight or len(worths) == 1:
            return 0 if 0 in rising else max(rising, default=None)
        return max((k for k in rising if k), default=None)

    def _highest(self, block: _Block) -> Iterator[Hits]:
        """Tell the hits among the highest pairs of each mentee, and more where those are spoilt."""
        rows, each, worth = block.rows, self.question.each, block.worths[0]
        asked = np.bincount(block.place.reshape(-1), minlength=len(worth.best))
        ranking = Ranking(worth.ranked, worth.prices(rows), block.place, block.over[0], each + 4 * asked)
        yield worst_hits(rows[ranking.excess > 0], ranking.excess[ranking.excess > 0])
        some = np.flatnonzero(ranking.count.any(1))
        found = thinned(self._exact(*block.pairs(ranking.highest_of(some, each))), each)
        yield found
        # Where marks or single removals spoil the highest, the others have their turn.
        told = np.bincount(np.searchsorted(rows, found.mentee), minlength=len(rows))
        again = ~ranking.whole | (ranking.count > each).any(1)
        again &= told <= each // 2
        yield from self._ranked(block, ranking, np.flatnonzero(again & ranking.whole))
        yield from self._in_blocks(block.of(np.flatnonzero(again & ~ranking.whole)))

    def _ranking(self, block: _Block, leader: int) -> Ranking:
        """Rank pairs of the same group by a level; of the present level only what it can call for."""
        question, worth = self.question, block.worths[leader]
        groups = question.mentor_group[block.mentors], question.mentee_group[block.rows]
        beside, gains = None, question.now.gain.between
        if leader and gains is not None:
            price = question.now.mentee[block.rows]
            most = price - gains[0] if question.tight else np.full_like(price, np.iinfo(price.dtype).max)
            beside = question.now.mentor[block.mentors], price - gains[1] + (not question.tight), most
        return Ranking(
            worth.ranked,
            worth.prices(block.rows),
            block.place,
            block.over[leader],
            groups=groups,
            beside=beside,
        )

    def _ranked(self, block: _Block, ranking: Ranking, some: IndexVector) -> Iterator[Hits]:
        """Tell the hits among all ranked pairs of some rows."""
        batch = np.cumsum(ranking.count[some].sum(1)) // CELLS
        for part in np.split(some, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                yield self._few(self._exact(*block.pairs(ranking.all_of(part))))

    def _in_blocks(self, block: _Block) -> Iterator[Hits]:
        """Tell the hits among all pairs."""
        step = max(1, CELLS // len(block.mentors))
        for start in range(0, len(block.rows), step):
            part = block.of(np.arange(start, min(start + step, len(block.rows))))
            excess = part.worths[0].excess(part.rows, part.place)
            hits = (excess >= part.over[0]) & (
                self.question.mentor_group[part.mentors] == self.question.mentee_group[part.rows][:, None]
            )
            for worth in part.worths[1:]:
                hits &= worth.is_zero(part.rows, part.place)
            row, column = np.nonzero(hits)
            worst = np.where(hits, excess, 0).max(1).astype(np.int64)
            yield self._few(self._exact(part.mentors[column], part.rows[row]))
            if not self.question.tight:
                yield worst_hits(part.rows[worst > 0], worst[worst > 0])

    def _few(self, hits: Hits) -> Hits:
        return hits if self.question.tight else thinned(hits, self.question.each)

    def _exact(self, mentor: IndexVector, mentee: IndexVector) -> Hits:
        """Tell which of these pairs, some perhaps there twice, are hits."""
        question = self.question
        if question.now.gain.between is not None:
            # Soon told, and few are left to be sorted.
            excess = excess_of(self.terrain, question.now, mentor, mentee)
            good = excess == 0 if question.tight else excess > 0
            mentor, mentee = mentor[good], mentee[good]
        keys = merged(self.terrain.keys(mentor, mentee))
        return exact_hits(self.terrain, question, *np.divmod(keys, self.terrain.mentees))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Mentees of one kind and group, where their choices stand [rows, T], and mentors, with their worths."""

    rows: IndexVector
    place: IndexVector
    mentors: IndexVector
    worths: list[Worth]
    over: list[int]

    def of(self, some: IndexVector) -> _Block:
        """Some rows of it."""
        return _Block(self.rows[some], self.place[some], self.mentors, self.worths, self.over)

    def pairs(self, places: tuple[IndexVector, IndexVector]) -> tuple[IndexVector, IndexVector]:
        """Mentors and mentees of pairs by row and column."""
        return self.mentors[places[1]], self.rows[places[0]]


def excess_of(terrain: Terrain, level: Priced, mentor: IndexVector, mentee: IndexVector) -> IntVector:
    """How far each pair is above the price of its mentee, exactly: its reduced cost with its sign turned."""
    excess: IntVector = terrain.gain(level.gain, mentor, mentee) + level.mentor[mentor] - level.mentee[mentee]
    return excess


def exact_hits(terrain: Terrain, question: Question, mentor: IndexVector, mentee: IndexVector) -> Hits:
    """Keep the pairs that are hits once marks, names and single removals count."""
    excess = excess_of(terrain, question.now, mentor, mentee)
    good = excess == 0 if question.tight else excess > 0
    mentor, mentee, excess = mentor[good], mentee[good], excess[good]
    for level in question.before:
        good = excess_of(terrain, level, mentor, mentee) == 0
        mentor, mentee, excess = mentor[good], mentee[good], excess[good]
    good = terrain.allowed(mentor, mentee)
    return Hits(mentor[good], mentee[good], excess[good], *_NOBODY)


_NOBODY = (np.zeros(0, np.int64), np.zeros(0, np.int64))


def worst_hits(mentee: IndexVector, excess: IntVector) -> Hits:
    """No pairs, but how far some mentee's are above their price, at most."""
    return Hits(_NOBODY[0], _NOBODY[0], _NOBODY[0], mentee, excess)


def thinned(hits: Hits, each: int) -> Hits:
    """The highest hits of each mentee; ties go by scrambled numbers, or all would list the same few."""
    scrambled = (hits.mentor * 0x9E3779B1 + hits.mentee * 0x85EBCA77) >> 7 & 0xFF
    order = highest_first(hits.mentee, hits.excess, scrambled)
    kept = order[ranks(hits.mentee[order]) < each]
    return hits.of(kept)
