"""The pairs of a big cohort that gain most: of each mentee, or more than two people have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.columns.terrain import NEVER, Gain, Terrain, merged, runs
from ipmatch.solving.columns.worth import Matrix, largest

__all__ = ["above", "highest_of"]

CELLS = 1 << 18
"""So many pairs are looked at together: few enough to stay in the processor's cache."""


def highest_of(terrain: Terrain, gain: Gain, mentees: IndexVector) -> IndexVector:
    """For each of these mentees the first mentor with whom an allowed pair gains most; -1 for none."""
    best, worth = np.full(terrain.mentees, -1), np.full(terrain.mentees, NEVER)
    for block in _blocks(terrain, gain, _pick_alike(terrain, gain, mentees, best, worth)):
        _pick(terrain, gain, block, best, worth)
    # What named pairs gain beside, and what must be whatever removes it, is not in the tables.
    mentor, mentee = np.divmod(_apart(terrain, gain), max(1, terrain.mentees))
    among = np.zeros(terrain.mentees, np.bool_)
    among[mentees] = True
    asked = among[mentee] & terrain.allowed(mentor, mentee)
    mentor, mentee = mentor[asked], mentee[asked]
    gained = terrain.gain(gain, mentor, mentee)
    for i, j, value in zip(mentor.tolist(), mentee.tolist(), gained.tolist(), strict=True):
        if (value, -i) > (int(worth[j]), -int(best[j])):
            best[j], worth[j] = i, value
    return best[mentees]


def above(terrain: Terrain, gain: Gain, mentor_has: IntVector, mentee_has: IntVector) -> IndexVector:
    """The sorted keys of the allowed pairs that gain more than the mentor [I] and the mentee [J] have."""
    found = [_apart(terrain, gain)]
    for block in _blocks(terrain, gain, np.arange(terrain.mentees)):
        floors = (block.floor_of(mentor_has[block.mentors]), block.floor_of(mentee_has[block.rows]))
        row, column = np.nonzero((block.entries > floors[0]) & (block.entries > floors[1][:, None]))
        found.append(terrain.keys(block.mentors[column], block.rows[row]))
    keys = merged(*found)
    mentor, mentee = np.divmod(keys, max(1, terrain.mentees))
    more = terrain.gain(gain, mentor, mentee) > np.maximum(mentor_has[mentor], mentee_has[mentee])
    return keys[more & terrain.allowed(mentor, mentee)]


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """What pairs [rows, mentors] gain by whole tables, beyond ``lowest``; not above 0 what these remove.

    ``parts`` are the mentors far and near, each in order.
    """

    rows: IndexVector
    mentors: IndexVector
    parts: tuple[slice, slice]
    entries: Matrix
    lowest: int

    def floor_of(self, values: IntVector) -> Matrix:
        """Gains on the scale of the entries, which are above 0 and far below the largest number."""
        most = np.iinfo(self.entries.dtype).max // 2
        return (np.clip(values, self.lowest, self.lowest + most) - self.lowest).astype(self.entries.dtype)


def _apart(terrain: Terrain, gain: Gain) -> IndexVector:
    """The keys of the pairs that whole tables do not tell of."""
    return merged(terrain.required, *([] if gain.named is None else [gain.named.keys]))


def _blocks(terrain: Terrain, gain: Gain, mentees: IndexVector) -> Iterator[_Block]:
    """Yield the pairs of these mentees, mentees of one kind at a time; mentors without any are left out."""
    for rows in runs(terrain.kind, mentees):
        yield from _of_kind(terrain, gain, rows)


def _of_kind(terrain: Terrain, gain: Gain, rows: IndexVector) -> Iterator[_Block]:
    fine = np.where(terrain.floor, NEVER, gain.fine)
    near, base = terrain.nearness(int(rows[0])), terrain.base(gain, int(rows[0]))
    mentors = np.flatnonzero((base > NEVER // 2) & (fine.max(1) > NEVER // 2)[near])
    if not len(mentors):
        return
    far = near[mentors] == 0
    mentors = np.concatenate([mentors[far], mentors[~far]])
    parts = slice(0, int(far.sum())), slice(int(far.sum()), len(mentors))
    # In few bits if they suffice.
    lowest = int(base[mentors].min()) + int(fine[fine > NEVER // 2].min()) - 1
    highest = int(base[mentors].max()) + int(fine.max()) - lowest
    kind = np.int32 if 4 * highest < np.iinfo(np.int32).max else np.int64
    steps = np.where(fine > NEVER // 2, fine - fine[fine > NEVER // 2].min(), -2 * highest).astype(kind)
    start: Matrix = (base[mentors] - base[mentors].min() + 1).astype(kind)
    bests = np.take(terrain.best_of_mentors, mentors, axis=1)
    step = max(1, CELLS // len(mentors))
    for place in range(0, len(rows), step):
        some = rows[place : place + step]
        reached = largest(bests, terrain.choice[some])
        entries = np.empty(reached.shape, kind)
        for table, part in zip(steps, parts, strict=True):
            np.take(table, reached[:, part], out=entries[:, part], mode="clip")
        entries += start
        yield _Block(some, mentors, parts, entries, lowest)


def _pick_alike(
    terrain: Terrain, gain: Gain, mentees: IndexVector, best: IndexVector, worth: IntVector
) -> IndexVector:
    """Take the highest entries, looked up once for all mentees with the same; return whose are spoilt."""
    label = terrain.kind[mentees]
    for choices in terrain.choice[mentees].T:
        label = np.unique(label * (len(terrain.best_of_mentors) + 1) + choices, return_inverse=True)[1]
    _, first, place = np.unique(label, return_index=True, return_inverse=True)
    alike, spoilt = mentees[first][place], np.zeros(len(mentees), np.bool_)
    mentor, entry = np.full((2, terrain.mentees), -1), np.full((2, terrain.mentees), NEVER)
    for block in _blocks(terrain, gain, mentees[first]):
        for side, part in enumerate(block.parts):
            if part.stop > part.start:
                column = part.start + block.entries[:, part].argmax(1)
                highest = block.entries[np.arange(len(column)), column].astype(np.int64)
                rows, column, highest = (of[highest > 0] for of in (block.rows, column, highest))
                mentor[side, rows], entry[side, rows] = block.mentors[column], highest + block.lowest
    for side in range(2):
        some = np.flatnonzero(mentor[side, alike] >= 0)
        i, j = mentor[side, alike[some]], mentees[some]
        gained = _improve(terrain, gain, i, j, best, worth)
        spoilt[some] |= gained < entry[side, alike[some]]
    again = mentees[spoilt]
    best[again], worth[again] = -1, NEVER
    return again


def _pick(terrain: Terrain, gain: Gain, block: _Block, best: IndexVector, worth: IntVector) -> None:
    """Take the highest entries, one by one where marks and single removals spoil them."""
    entries = block.entries
    for part in block.parts:
        left = np.arange(len(block.rows)) if part.stop > part.start else np.zeros(0, np.int64)
        while len(left):
            column = part.start + entries[left, part].argmax(1)
            open_to = entries[left, column] > 0
            left, column = left[open_to], column[open_to]
            gained = _improve(terrain, gain, block.mentors[column], block.rows[left], best, worth)
            # A pair that gains all it seemed to cannot be outdone by those after it.
            spoilt = gained < entries[left, column].astype(np.int64) + block.lowest
            entries[left[spoilt], column[spoilt]] = 0
            left = left[spoilt]


def _improve(
    terrain: Terrain, gain: Gain, i: IndexVector, j: IndexVector, best: IndexVector, worth: IntVector
) -> IntVector:
    """Give each mentee the mentor beside if that is better, or as good and first; return what pairs gain."""
    gained = np.where(terrain.allowed(i, j), terrain.gain(gain, i, j), NEVER)
    better: BoolVector = (gained > worth[j]) | ((gained == worth[j]) & (gained > NEVER) & (i < best[j]))
    best[j[better]], worth[j[better]] = i[better], gained[better]
    return gained
