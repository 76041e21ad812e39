"""What every pair of a middling crowd gains by a level, written down once: a scan is then a few sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import gcd
from weakref import WeakKeyDictionary

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.columns.sets import same_keys
from ipmatch.solving.columns.terrain import Gain, Terrain, runs
from ipmatch.solving.columns.worth import Matrix, largest
from ipmatch.solving.memory import memory_returned

__all__ = ["Chart", "charts_of", "forget_charts"]

STEPS = 254
"""So many steps between gains can be written in 8 bits, and that a pair may not be."""
CELLS = 1 << 18
"""So many pairs are written down together: few enough to stay in the processor's cache."""
ROOM = 3 << 24
"""Bytes of the charts of one terrain that are kept: of the largest one only."""

_kept: WeakKeyDictionary[Terrain, dict[Gain, Chart]] = WeakKeyDictionary()
_last: WeakKeyDictionary[Terrain, Gain] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """What pairs gain, named ones aside.

    Attributes
    ----------
    worth
        [J, I] the gain beyond ``start``, in steps of ``unit``, where a pair may be; elsewhere ``banned`` or
        less, and in more than 8 bits at least twice as much.
    least, most
        The gains lie between these.
    """

    worth: Matrix
    least: int
    most: int
    unit: int
    start: int

    @property
    def banned(self) -> int:
        """The least number there is; of more than 8 bits a quarter of it."""
        return int(np.iinfo(self.worth.dtype).min) // (1 if self.worth.itemsize == 1 else 4)

    @property
    def never(self) -> int:
        """What is written down of pairs that may not be."""
        return self.banned * (1 if self.worth.itemsize == 1 else 2)


def charts_of(terrain: Terrain, gains: Sequence[Gain]) -> list[Chart] | None:
    """The chart of each gain; None if one is drawn, or they would not find room.

    Where nobody gains anything, any chart tells who is allowed, if there is one.
    """
    kept = _kept.setdefault(terrain, {})
    asked = [gain for gain in gains if not gain.is_plain]
    for gain in asked:
        if gain not in kept and not _add(terrain, gain, kept, asked):
            return None
    if not kept and (terrain not in _last or not _add(terrain, _last[terrain], kept, asked)):
        return None
    some = next(iter(kept.values()))
    return [kept.get(gain, some) for gain in gains]


def forget_charts(terrain: Terrain) -> None:
    """Let go of its charts before others want the memory; one is written down anew when any is wanted."""
    for gain in _kept.pop(terrain, {}):
        _last[terrain] = gain
    memory_returned()


def _add(terrain: Terrain, gain: Gain, kept: dict[Gain, Chart], asked: list[Gain]) -> bool:
    """Keep the chart of a gain too; not if it is drawn, or finds no room."""
    if gain.draw is not None:
        return False
    tables = [units * table.value for units, table in zip(gain.coarse, terrain.coarse, strict=True) if units]
    most = sum(int(table.max(initial=0)) for table in tables) + max(0, int(gain.fine.max()))
    least = sum(int(table.min(initial=0)) for table in tables) + min(0, int(gain.fine.min())) + gain.same
    steps = [int(np.gcd.reduce(table, axis=None)) for table in (*tables, gain.fine)]
    unit = max(1, gcd(*steps, gain.same))
    widest = 8 * max(most, -least)
    kind: np.dtype[np.signedinteger] = np.dtype(np.int16 if widest <= np.iinfo(np.int16).max else np.int32)
    if most - least <= STEPS * unit and widest <= np.iinfo(np.int16).max * unit:
        # The most there is stands highest, so that what may not be is as far below as it can.
        kind, start = np.dtype(np.int8), most - np.iinfo(np.int8).max * unit
    else:
        unit, start = 1, 0
    room = ROOM - terrain.mentors * terrain.mentees * kind.itemsize
    if kind.itemsize > 1 and widest > np.iinfo(kind).max:
        return False
    if room < sum(kept[one].worth.nbytes for one in asked if one in kept):
        return False
    for other in [one for one in kept if one not in asked]:
        if sum(one.worth.nbytes for one in kept.values()) > room:
            del kept[other]
    chart = Chart(np.empty((terrain.mentees, terrain.mentors), kind), least, most, unit, start)
    _fill(terrain, gain, chart)
    _mend(terrain, gain, chart)
    kept[gain] = chart
    return True


def _fill(terrain: Terrain, gain: Gain, chart: Chart) -> None:
    """Write down what whole tables tell of each pair."""
    worth, unit = chart.worth, chart.unit
    kind = np.promote_types(worth.dtype, np.int16)
    # Two of the least numbers can be added, and whatever is added to one stays below all gains.
    never = np.iinfo(kind).min // 2
    far, near = fine = np.where(terrain.floor, never, gain.fine // unit).astype(kind)
    # The best choice is also the one of most worth, if it rises, and that is found sooner.
    rises = bool((np.diff(fine.astype(np.int64), axis=1) >= 0).all())
    far_of, nearer = far[terrain.best_of_mentors], (near - far)[terrain.best_of_mentors]
    for alike in runs(terrain.near.column, np.arange(terrain.mentees)):
        is_near = terrain.nearness(int(alike[0])).astype(kind)
        by_choice = far_of + nearer * is_near
        for rows in _few_at_once(runs(terrain.kind, alike), max(1, CELLS // terrain.mentors)):
            if rises:
                some = largest(by_choice, terrain.choice[rows])
            else:
                best = largest(terrain.best_of_mentors, terrain.choice[rows])
                some = far[best] + (near - far)[best] * is_near
            base = (terrain.base(gain, int(rows[0])) - chart.start) // unit
            some += np.maximum(base, never).astype(kind)
            worth[rows] = np.maximum(some, chart.never, out=some)


def _few_at_once(runs_of: Iterable[IndexVector], most: int) -> Iterator[IndexVector]:
    return (rows[start : start + most] for rows in runs_of for start in range(0, len(rows), most))


def _mend(terrain: Terrain, gain: Gain, chart: Chart) -> None:
    """Put right what whole tables do not settle: marks, and pairs excluded or required one by one."""
    worth, never = chart.worth, chart.never

    def ends(keys: IndexVector) -> tuple[IndexVector, IndexVector]:
        mentor, mentee = np.divmod(keys, terrain.mentees)
        return mentee, mentor

    same = ends(same_keys(terrain))
    marked = worth[same].astype(np.int64)
    less = gain.same // chart.unit
    worth[same] = never if terrain.bars_same else np.where(marked > chart.banned, marked + less, never)
    worth[ends(terrain.excluded)] = never
    mentee, mentor = ends(terrain.required)
    gained = terrain.gain(replace(gain, named=None), mentor, mentee)
    worth[mentee, mentor] = (gained - chart.start) // chart.unit
