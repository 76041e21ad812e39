"""What every pair of a middling crowd gains by a level, written down once: a scan is then a few sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from ipmatch.solving.arrays import BoolMatrix, IndexVector, IntVector
from ipmatch.solving.columns.scan import Hits, Priced, Question, TooMany, exact_hits, thinned, worst_hits
from ipmatch.solving.columns.sets import same_keys
from ipmatch.solving.columns.terrain import Gain, Terrain, merged, runs
from ipmatch.solving.columns.worth import Matrix, largest

__all__ = ["charted_scan"]

ROOM = 3 << 24
"""Bytes of the charts of one terrain that are kept: of the largest one only."""
CELLS = 1 << 19
"""So many pairs are looked at together: few enough to stay in the processor's cache."""

_kept: WeakKeyDictionary[Terrain, dict[Gain, _Chart]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class _Chart:
    """What pairs gain, named ones aside: ``worth`` [J, I] is ``never`` where none may be, else in between."""

    worth: Matrix
    never: int
    least: int
    most: int


def charted_scan(terrain: Terrain, question: Question) -> Hits | None:
    """Answer a question about all pairs as ``scan`` does; None where charts do not tell, or would not fit.

    Raises
    ------
    TooMany
        If there are more tight pairs than were to be listed.
    """
    levels = _levels(terrain, question)
    if levels is None:
        return None
    now, asked = levels[0], (question.now, *question.before)
    # A named pair may seem to be tight and not be; all others are as they seem.
    doubtful = sum(len(level.gain.named.keys) for level in asked if level.gain.named is not None)
    mentors, mentees, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for rows, hits in _looks(terrain, question, levels):
        row, mentor = np.divmod(np.flatnonzero(hits), terrain.mentors)
        mentors.append(mentor)
        mentees.append(rows[row])
        count += len(row)
        if question.tight and count - doubtful > question.most:
            raise TooMany
    found = exact_hits(terrain, question, np.concatenate(mentors), np.concatenate(mentees))
    if question.tight:
        if len(found.mentor) > question.most:
            raise TooMany
        return found
    found = thinned(found, question.each)
    owed = merged(found.mentee) if now.is_clipped else found.worst_of
    return Hits.joined([found, worst_hits(owed, now.most - question.now.mentee[owed])])


def _looks(
    terrain: Terrain, question: Question, levels: list[_Level]
) -> Iterator[tuple[IndexVector, BoolMatrix]]:
    """Yield some mentees, and which of their pairs are hits; of many the highest."""
    now, before = levels[0], levels[1:]
    in_one_group = len({*question.mentor_group.tolist(), *question.mentee_group.tolist()}) == 1
    reached = np.flatnonzero(now.highest >= now.mentee)
    step = max(1, CELLS // terrain.mentors)
    for start in range(0, len(reached), step):
        rows = reached[start : start + step]
        excess, hits = now.seen(rows)
        hits &= excess == 0 if question.tight else excess > 0
        if not in_one_group:
            hits &= question.mentor_group == question.mentee_group[rows][:, None]
        for level in before:
            hits &= level.seen(rows)[0] == 0
        if not question.tight:
            _thin(hits, excess, rows, question.each)
        yield rows, hits


class _Level:
    """A level's chart and prices, in as few bits as tell what is above and what below."""

    def __init__(self, chart: _Chart, level: Priced) -> None:
        self._chart, self._plain = chart, level.gain.is_plain
        least, most = (0, 0) if self._plain else (chart.least, chart.most)
        # Prices of people cut off from the root are huge; beyond these bounds nothing compares otherwise.
        mentor = _within(level.mentor, _least(level.mentee) - most, _most(level.mentee) - least)
        self.mentee = _within(level.mentee, _least(mentor) + least, _most(mentor) + most)
        self.highest = _most(mentor) + most
        # Which of a mentee's pairs is highest may not be seen then, but no pair is worth more than ``most``.
        self.is_clipped, self.most = bool((mentor != level.mentor).any()), _most(level.mentor) + most
        self._widest = max(self.highest - _least(self.mentee), _most(self.mentee) - _least(mentor) - least)
        self._kind = max(_kind(self._widest), chart.worth.dtype, key=lambda kind: kind.itemsize)
        self._mentor = mentor.astype(self._kind)

    def fits(self) -> bool:
        """Whether differences fit in the bits there are."""
        return self._widest <= np.iinfo(self._kind).max

    def seen(self, rows: IndexVector) -> tuple[Matrix, BoolMatrix]:
        """[rows, I] how far each allowed pair is above the price of its mentee; and which are allowed."""
        worth, price = self._chart.worth[rows], self.mentee[rows].astype(self._kind)[:, None]
        allowed = worth != self._chart.never
        if self._plain:
            return self._mentor - price, allowed
        # What is below the least number starts again at the greatest, and so do sums on their way.
        excess = worth.astype(self._kind, copy=False)
        excess += self._mentor
        excess -= price
        return excess, allowed


def _kind(most: int) -> np.dtype[np.signedinteger]:
    """The smaller type that holds numbers up to this, or the larger one."""
    return np.dtype(np.int16 if most <= np.iinfo(np.int16).max else np.int32)


def _least(prices: IntVector) -> int:
    return int(prices.min())


def _most(prices: IntVector) -> int:
    return int(prices.max())


def _within(prices: IntVector, least: int, most: int) -> IntVector:
    """Prices below or above both all that they are compared with: by one is enough."""
    return np.clip(prices, least - 1, most + 1)


def _thin(hits: BoolMatrix, excess: Matrix, rows: IndexVector, each: int) -> None:
    """Keep of the hits of a mentee who has more the highest so many; ties go by scrambled numbers."""
    many = np.flatnonzero(np.count_nonzero(hits, axis=1) > each)
    if not len(many):
        return
    place = hits.shape[1] - each
    wide = np.int32 if excess.dtype == np.int16 else np.int64
    mentor, mentee = (index.astype(np.uint32) for index in (np.arange(hits.shape[1]), rows[many]))
    scrambled = mentor * np.uint32(0x9E3779B1) + (mentee * np.uint32(0x85EBCA77))[:, None]
    key: Matrix = np.left_shift(np.where(hits[many], excess[many], 0), 8, dtype=wide)
    key |= (scrambled >> 7 & 0xFF).astype(wide)
    hits[many] &= key >= np.partition(key, place, axis=1)[:, [place]]


def _levels(terrain: Terrain, question: Question) -> list[_Level] | None:
    """The levels of a question, the present one first; None if one of them cannot be told by a chart."""
    if not terrain.mentors or not terrain.mentees:
        return None
    # A named pair may seem to be tight before, and not be: the highest hits might be all such.
    if any(level.gain.named is not None for level in question.before) and not question.tight:
        return None
    asked, kept = (question.now, *question.before), _kept.setdefault(terrain, {})
    gains = [level.gain for level in asked if not level.gain.is_plain]
    for gain in gains:
        if gain not in kept and not _add(terrain, gain, kept, gains):
            return None
    if not kept:
        return None
    # Where nobody gains anything, any chart tells who is allowed.
    some = next(iter(kept.values()))
    levels = [_Level(kept.get(level.gain, some), level) for level in asked]
    return levels if all(level.fits() for level in levels) else None


def _add(terrain: Terrain, gain: Gain, kept: dict[Gain, _Chart], asked: list[Gain]) -> bool:
    """Keep the chart of a gain too; not if it is drawn, or finds no room."""
    if gain.draw is not None:
        return False
    tables = [units * table.value for units, table in zip(gain.coarse, terrain.coarse, strict=True) if units]
    most = sum(int(table.max(initial=0)) for table in tables) + max(0, int(gain.fine.max()))
    least = sum(int(table.min(initial=0)) for table in tables) + min(0, int(gain.fine.min())) + gain.same
    widest = 4 * max(most, -least)
    kind, pairs = _kind(widest), terrain.mentors * terrain.mentees
    room = ROOM - pairs * kind.itemsize
    if widest > np.iinfo(kind).max or room < sum(kept[one].worth.nbytes for one in asked if one in kept):
        return False
    for other in [one for one in kept if one not in asked]:
        if sum(one.worth.nbytes for one in kept.values()) > room:
            del kept[other]
    kept[gain] = _Chart(_worth(terrain, gain, kind), int(np.iinfo(kind).min), least, most)
    return True


def _worth(terrain: Terrain, gain: Gain, kind: np.dtype[np.signedinteger]) -> Matrix:
    """[J, I] what each pair gains, named ones aside; the least number there is where none is allowed."""
    # Half of the least number: two of them can be added, and what they are added to stays below all gains.
    never = int(np.iinfo(kind).min)
    worth = np.empty((terrain.mentees, terrain.mentors), kind)
    far, near = fine = np.where(terrain.floor, never // 2, gain.fine).astype(kind)
    rises = bool((np.diff(fine.astype(np.int64), axis=1) >= 0).all())
    far_of, near_of = far[terrain.best_of_mentors], near[terrain.best_of_mentors]
    for rows in runs(terrain.kind, np.arange(terrain.mentees)):
        base = np.maximum(terrain.base(gain, int(rows[0])), never // 2).astype(kind)
        is_near, choice = terrain.nearness(int(rows[0])) == 1, terrain.choice[rows]
        if rises:
            # The best choice is also the one of most worth, and that is found sooner.
            some = np.where(is_near, largest(near_of, choice), largest(far_of, choice))
        else:
            best = largest(terrain.best_of_mentors, choice)
            some = np.where(is_near, near[best], far[best])
        some += base
        some[some < never // 4] = never
        worth[rows] = some
    _mend(terrain, gain, worth, never)
    return worth


def _mend(terrain: Terrain, gain: Gain, worth: Matrix, never: int) -> None:
    """Put right what whole tables do not settle: marks, and pairs excluded or required one by one."""

    def ends(keys: IndexVector) -> tuple[IndexVector, IndexVector]:
        mentor, mentee = np.divmod(keys, terrain.mentees)
        return mentee, mentor

    same = ends(same_keys(terrain))
    allowed = worth[same] != never
    worth[same] = never if terrain.bars_same else np.where(allowed, worth[same] + gain.same, never)
    worth[ends(terrain.excluded)] = never
    mentee, mentor = ends(terrain.required)
    worth[mentee, mentor] = terrain.gain(replace(gain, named=None), mentor, mentee)
