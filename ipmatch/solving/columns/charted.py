"""Which pairs prices call for, seen on charts: whole blocks of pairs at once, in as few bits as tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ipmatch.solving.arrays import BoolMatrix, IndexVector, IntVector
from ipmatch.solving.columns.chart import Chart, charts_of
from ipmatch.solving.columns.scan import Hits, Priced, Question, TooMany, excess_of, thinned, worst_hits
from ipmatch.solving.columns.terrain import Terrain, found, merged
from ipmatch.solving.columns.worth import Matrix

__all__ = ["charted_scan"]

CELLS = 1 << 18
"""So many pairs are looked at together: few enough to stay in the processor's cache."""
TIES = 5
"""Bits that tell apart pairs of a mentee that are as far above the price."""
STRIPS = 4
"""Parts into which mentors are cut to find so many of the highest pairs, for each of these."""
FEW = 4
"""If fewer than one mentor in so many matters, pairs of the others are left out."""
TURNS = 1 << 10
"""Ways to break ties between mentors."""


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
    named = merged(*(level.gain.named.keys for level in asked if level.gain.named is not None))
    # A named pair may seem to be tight and not be; all others are as they seem.
    most, parts = question.most + len(named), [Hits.joined([])]
    if question.tight and _are_more(_blocks(terrain, question, levels), most, terrain.mentees):
        raise TooMany
    for hits in _looks(terrain, question, levels):
        parts.append(hits)
        if question.tight and (most := most - len(hits.mentor)) < 0:
            raise TooMany
    every = Hits.joined(parts)
    if len(named):
        every = every.of(~found(named, terrain.keys(every.mentor, every.mentee))[1])
    if question.tight:
        if len(every.mentor) > question.most:
            raise TooMany
        return every
    if not now.is_exact:
        excess = excess_of(terrain, question.now, every.mentor, every.mentee)
        every = Hits(every.mentor, every.mentee, excess, every.worst_of, every.worst)
    few = thinned(every, question.each) if question.but is None else every
    if now.is_ordered:
        return few
    # Which of a mentee's pairs is highest was not seen then, but no pair is worth more than ``most``.
    owed = merged(few.mentee)
    return Hits.joined([few, worst_hits(owed, now.most - question.now.mentee[owed])])


def _levels(terrain: Terrain, question: Question) -> list[_Level] | None:
    """The levels of a question, the present one first; None if one of them cannot be told by a chart."""
    if not terrain.mentors or not terrain.mentees:
        return None
    # A named pair may seem to be tight before, and not be: the highest hits might be all such.
    if any(level.gain.named is not None for level in question.before) and not question.tight:
        return None
    asked = (question.now, *question.before)
    charts = charts_of(terrain, [level.gain for level in asked])
    if charts is None:
        return None
    levels = [_Level(chart, level) for chart, level in zip(charts, asked, strict=True)]
    return levels if all(level.fits() for level in levels) else None


def _are_more(blocks: Iterator[_Block], most: int, mentees: int) -> bool:
    """Whether there are surely more hits than so many; given up as soon as it does not seem so."""
    count = 0
    for block in blocks:
        count += int(np.count_nonzero(block.hits))
        if count > most:
            return True
        if count * mentees < 2 * most * int(block.rows[-1] + 1):
            return False
    return False


def _looks(terrain: Terrain, question: Question, levels: list[_Level]) -> Iterator[Hits]:
    """Yield the hits of some mentees after the other; of many the highest of each mentee, or each mentor."""
    but = np.divmod(np.zeros(0, np.int64) if question.but is None else question.but, terrain.mentees)
    order = np.argsort(but[1], kind="stable")
    but = but[0][order], but[1][order]
    passed = np.zeros(terrain.mentors, np.int64)
    for block in _blocks(terrain, question, levels):
        rows, mentors, reach, price, hits = block.rows, block.mentors, block.reach, block.price, block.hits
        if question.but is not None:
            hits[_among(rows, mentors, *but)] = False
            row, column = _highest_of_mentors(mentors, reach, price, hits, passed)
        else:
            if not question.tight:
                _thin(reach, price, hits, rows, question.each, levels[0].widest)
            row, column = np.divmod(np.flatnonzero(hits), len(mentors))
        excess = (reach[row, column] - price[row, 0]).astype(np.int64)
        yield Hits(mentors[column], rows[row], excess, *_NOBODY)


_NOBODY = (np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some mentees and mentors, what their pairs reach, at which prices [rows, 1], and which are hits."""

    rows: IndexVector
    mentors: IndexVector
    reach: Matrix
    price: Matrix
    hits: BoolMatrix


def _blocks(terrain: Terrain, question: Question, levels: list[_Level]) -> Iterator[_Block]:
    """Yield the mentees who have a hit, some after the other, with all that may be one."""
    now, before = levels[0], levels[1:]
    in_one_group = len({*question.mentor_group.tolist(), *question.mentee_group.tolist()}) == 1
    reached, mentors = now.in_play(0 if question.tight else 1)
    step = max(1, CELLS // max(1, len(mentors)))
    for start in range(0, len(reached), step):
        rows = reached[start : start + step]
        reach, price = now.seen(rows, mentors)
        # As a rule most mentees see nothing above their price, which their highest pair tells soonest.
        highest = reach.max(1, keepdims=True)
        some = np.flatnonzero(highest >= price if question.tight else highest > price)
        if not len(some):
            continue
        if len(some) < len(rows):
            rows, reach, price = rows[some], reach[some], price[some]
        hits = reach == price if question.tight else reach > price
        if not in_one_group:
            hits &= question.mentor_group[mentors] == question.mentee_group[rows][:, None]
        for level in before:
            hits &= np.equal(*level.seen(rows, mentors))
        yield _Block(rows, mentors, reach, price, hits)


def _among(
    rows: IndexVector, columns: IndexVector, mentor: IndexVector, mentee: IndexVector
) -> tuple[IndexVector, IndexVector]:
    """Row and column of the pairs, sorted by mentee, that are of these mentees and mentors."""
    start, stop = np.searchsorted(mentee, [rows[0], rows[-1] + 1])
    (row, own), (column, too) = found(rows, mentee[start:stop]), found(columns, mentor[start:stop])
    return row[own & too], column[own & too]


class _Level:
    """A level's chart and prices, in as few bits as tell what is above and what below."""

    def __init__(self, chart: Chart, level: Priced) -> None:
        self._chart, self._plain = chart, level.gain.is_plain
        least, most = (0, 0) if self._plain else (chart.least, chart.most)
        self.most = int(level.mentor.max()) + most
        mentor, mentee, self.is_exact, self.is_ordered = _close(level.mentor, level.mentee, most - least + 1)
        self.highest = int(mentor.max()) + most
        self.mentee = np.clip(mentee, least - 1, self.highest + 1)
        self.is_exact &= bool((self.mentee == mentee).all())
        self.widest = int(mentor.max()) + 2 * (chart.most - chart.least) + 2
        self._kind = max(_kind(self._furthest), chart.worth.dtype, key=lambda kind: kind.itemsize)
        self._price = mentor
        # Prices less what pairs are written down beyond; and whether what may not be is below them all.
        self._ask = self.mentee - (0 if self._plain else chart.start)
        self._is_below = chart.unit * chart.banned + int(mentor.max()) < int(self._ask.min())

    @property
    def _furthest(self) -> int:
        return 4 * max(self.widest, self._chart.unit << 8)

    def fits(self) -> bool:
        """Whether differences fit in the bits there are."""
        return self._furthest <= np.iinfo(self._kind).max

    def in_play(self, over: int) -> tuple[IndexVector, IndexVector]:
        """The mentees whom some pair could be so far above; and mentors, without whom no pair is."""
        mentees = np.flatnonzero(self.highest - self.mentee >= over)
        gain = self.highest - int(self._price.max())
        least = int(self.mentee[mentees].min(initial=self.highest + 1)) + over
        mentors = np.flatnonzero(self._price + gain >= least)
        # Single entries are read less quickly than whole rows.
        return mentees, mentors if FEW * len(mentors) < len(self._price) else np.arange(len(self._price))

    def seen(self, rows: IndexVector, columns: IndexVector) -> tuple[Matrix, Matrix]:
        """[rows, columns] what pairs reach, below all prices where none is allowed; [rows, 1] their prices.

        Only whether it is above the price is exact if the level is not.
        """
        chart, kind, worth = self._chart, self._kind, self._chart.worth
        if len(columns) < len(self._price):
            some: Matrix = worth[np.ix_(rows, columns)]
        else:
            # A stretch of rows need not be copied.
            is_stretch = rows[-1] - rows[0] == len(rows) - 1
            some = worth[rows[0] : rows[-1] + 1] if is_stretch else worth[rows]
        price, far = self._price.astype(kind)[columns], kind.type(np.iinfo(kind).max // 2)
        if self._plain:
            reach = _flags(some > chart.banned) * far + (price - far)
        elif kind == some.dtype:
            reach = some + price
        else:
            reach = some.astype(kind)
            reach *= kind.type(chart.unit)
            reach += price
            if not self._is_below:
                reach -= _flags(some <= chart.banned) * far
        return reach, self._ask[rows].astype(kind)[:, None]


def _flags(marked: BoolMatrix) -> Matrix:
    """Truth values as 0 and 1."""
    return marked.view(np.int8)


def _kind(most: int) -> np.dtype[np.signedinteger]:
    """The smallest type that holds numbers up to this, or the largest one."""
    return np.dtype(next((kind for kind in (np.int16, np.int32) if most <= np.iinfo(kind).max), np.int64))


def _close(mentor: IntVector, mentee: IntVector, far: int) -> tuple[IntVector, IntVector, bool, bool]:
    """Prices of which none differs more than ``far`` from the next, so that differences up to that stay.

    Those of people cut off from the root are huge. The least of mentors' is 0.

    Returns
    -------
    tuple
        The prices, whether all differences are as they were, and whether those between mentors are.
    """
    values, place = np.unique(np.concatenate([mentor, mentee]), return_inverse=True)
    gap = np.diff(values, prepend=values[0])
    closer = np.cumsum(np.minimum(gap, far))[place.reshape(-1)]
    mentors, mentees = closer[: len(mentor)], closer[len(mentor) :]
    low, is_exact = mentors.min(), bool((gap <= far).all())
    is_ordered = bool(mentors.max() - low == mentor.max() - mentor.min())
    return mentors - low, mentees - low, is_exact, is_ordered


def _thin(reach: Matrix, price: Matrix, hits: BoolMatrix, rows: IndexVector, each: int, widest: int) -> None:
    """Keep at least the highest so many hits of a mentee who has more; ties go by scrambled numbers."""
    many = np.flatnonzero(hits.sum(1, dtype=np.int32) > each)
    if not len(many):
        return
    mentors = hits.shape[1]
    strips = min(mentors, STRIPS * each)
    key: Matrix = np.zeros((len(many), -(-mentors // strips) * strips), _kind(widest << TIES))
    own = key[:, :mentors]
    np.left_shift(reach[many] - price[many], TIES, out=own, dtype=key.dtype)
    # Each mentee sees the same numbers from another place on: or all would list the same few.
    scrambled = np.arange(mentors + TURNS, dtype=np.uint32) * np.uint32(0x9E3779B1) >> np.uint32(32 - TIES)
    own += sliding_window_view(scrambled.astype(key.dtype), mentors)[rows[many] * 0x85EBCA77 % TURNS]
    own *= hits[many]
    # So many pairs at least are as high as the last of the highest so many parts.
    highest = key.reshape(len(many), strips, -1).max(2)
    last = np.partition(highest, strips - each, axis=1)[:, [strips - each]]
    hits[many] = own >= np.maximum(last, 1)


def _highest_of_mentors(
    mentors: IndexVector, reach: Matrix, price: Matrix, hits: BoolMatrix, passed: IntVector
) -> tuple[IndexVector, IndexVector]:
    """Row and column of one of the highest hits of each mentor who has ``passed`` [I] less."""
    excess: Matrix = reach - price
    excess *= hits
    highest = excess.max(0)
    better = np.flatnonzero(highest > passed[mentors])
    passed[mentors[better]] = highest[better]
    return excess[:, better].argmax(0), better
