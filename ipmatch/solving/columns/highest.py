"""The one pair of each mentee of a big cohort that gains most."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.columns.terrain import NEVER, Gain, Terrain, merged
from ipmatch.solving.columns.worth import Matrix

__all__ = ["highest_of"]

CELLS = 1 << 20
"""So many pairs are looked at together."""


def highest_of(terrain: Terrain, gain: Gain, mentees: IndexVector) -> IndexVector:
    """For each of these mentees the first mentor with whom an allowed pair gains most; -1 for none."""
    best, worth = np.full(terrain.mentees, -1), np.full(terrain.mentees, NEVER)
    order = mentees[np.argsort(terrain.kind[mentees], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(terrain.kind[order])) + 1):
        if len(rows):
            _of_kind(terrain, gain, rows, best, worth)
    # What named pairs gain beside, and what must be whatever removes it, is not in the tables.
    apart = merged(terrain.required, *([] if gain.named is None else [gain.named.keys]))
    mentor, mentee = np.divmod(apart, max(1, terrain.mentees))
    asked = np.isin(mentee, mentees) & terrain.allowed(mentor, mentee)
    mentor, mentee = mentor[asked], mentee[asked]
    gained = terrain.gain(gain, mentor, mentee)
    for i, j, value in zip(mentor.tolist(), mentee.tolist(), gained.tolist(), strict=True):
        if (value, -i) > (int(worth[j]), -int(best[j])):
            best[j], worth[j] = i, value
    return best[mentees]


def _of_kind(terrain: Terrain, gain: Gain, rows: IndexVector, best: IndexVector, worth: IntVector) -> None:
    """Note the best mentor of each mentee of one kind, and the worth, whatever pairs are named."""
    fine = np.where(terrain.floor, NEVER, gain.fine)
    near, base = terrain.nearness(int(rows[0])), terrain.base(gain, int(rows[0]))
    mentors = np.flatnonzero((base > NEVER // 2) & (fine.max(1) > NEVER // 2)[near])
    if not len(mentors):
        return
    far = near[mentors] == 0
    mentors = np.concatenate([mentors[far], mentors[~far]])
    parts = [slice(0, int(far.sum())), slice(int(far.sum()), len(mentors))]
    # Above nothing, and below it what may not be: in few bits if they suffice.
    lowest = int(base[mentors].min()) + int(fine[fine > NEVER // 2].min()) - 1
    highest = int(base[mentors].max()) + int(fine.max()) - lowest
    kind = np.int32 if 4 * highest < np.iinfo(np.int32).max else np.int64
    steps = np.where(fine > NEVER // 2, fine - fine[fine > NEVER // 2].min(), -2 * highest).astype(kind)
    floor: Matrix = (base[mentors] - base[mentors].min() + 1).astype(kind)
    bests = np.take(terrain.best_of_mentors, mentors, axis=1)
    step = max(1, CELLS // len(mentors))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        reached = bests[terrain.choice[some, 0]]
        for choices in terrain.choice[some].T[1:]:
            np.maximum(reached, bests[choices], out=reached)
        block = np.empty(reached.shape, kind)
        for table, part in zip(steps, parts, strict=True):
            np.take(table, reached[:, part], out=block[:, part], mode="clip")
        block += floor
        _pick(terrain, gain, some, mentors, parts, block, best, worth)


def _pick(
    terrain: Terrain,
    gain: Gain,
    rows: IndexVector,
    mentors: IndexVector,
    parts: list[slice],
    block: Matrix,
    best: IndexVector,
    worth: IntVector,
) -> None:
    """Take the highest entries [rows, mentors], one by one where marks and single removals spoil them."""
    for part in parts:
        left = np.arange(len(rows)) if part.stop > part.start else np.zeros(0, np.int64)
        while len(left):
            column = part.start + block[left, part].argmax(1)
            open_to = block[left, column] > 0
            left, column = left[open_to], column[open_to]
            i, j = mentors[column], rows[left]
            gained = np.where(terrain.allowed(i, j), terrain.gain(gain, i, j), NEVER)
            better: BoolVector = (gained > worth[j]) | (
                (gained == worth[j]) & (gained > NEVER) & (i < best[j])
            )
            best[j[better]], worth[j[better]] = i[better], gained[better]
            # A pair that gains all it seemed to cannot be outdone by those after it.
            spoilt = gained < _seeming(terrain, gain, i, j)
            block[left[spoilt], column[spoilt]] = 0
            left = left[spoilt]


def _seeming(terrain: Terrain, gain: Gain, mentor: IndexVector, mentee: IndexVector) -> IntVector:
    """What pairs gain by whole tables."""
    seeming = terrain.gain(gain, mentor, mentee)
    if gain.same:
        seeming = seeming - gain.same * terrain.same(mentor, mentee)
    if gain.named is not None:
        seeming = seeming - gain.named.at(terrain.keys(mentor, mentee))
    return seeming
