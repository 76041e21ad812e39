"""Which pairs no level so far has decided, asked of the whole terrain, part by part."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector, sorted_by
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.scan import Hits, Priced, Question, TooMany, excess_of
from ipmatch.solving.columns.terrain import Gain, found, merged

__all__ = ["Front", "Violations"]

EACH, ROOM = 40, 20_000_000
"""Pairs told of each mentee at once, if not said otherwise, as far as there is room for so many in all."""


class Violations:
    """Pairs [n] that prices call for, by sorted key; and a bound on what all pairs together could gain."""

    def __init__(self, keys: IndexVector, excess: IntVector, gain: int) -> None:
        self.keys, self.excess, self.gain = keys, excess, gain


class Front:
    """The levels passed so far with their prices: pairs with a reduced cost at any of them are decided.

    Parameters
    ----------
    grid, crew
        Everybody, and who looks at the pairs.
    each
        At most about so many pairs are told of each mentee at once.
    """

    def __init__(self, grid: Grid, crew: Crew, each: int = EACH) -> None:
        self.grid, self._crew = grid, crew
        self._nothing = Gain((0,) * len(grid.terrain.coarse), np.zeros(grid.terrain.floor.shape, np.int64))
        self._before: tuple[Priced, ...] = ()
        self._passed: tuple[Priced, ...] = ()
        self._groups = np.zeros(len(grid.capacity), np.int64), np.zeros(len(grid.wanted), np.int64)
        # Used pairs may be hits too, as many as somebody wants mentors: half of these are more than that.
        self._each = min(each, max(8, ROOM // max(1, len(grid.wanted)))) + 2 * int(grid.wanted.max(initial=1))

    def violated(self, goal: Goal, prices: IntVector, *, but: IndexVector | None = None) -> Violations:
        """Find undecided pairs of negative reduced cost: of each mentee the worst few, and all if none holds.

        Used pairs may be among them: their flow is as large as can be. If they are given, as what to find all
        ``but``, one of the worst of each mentor will do; then no gain is told.
        """
        now = self._priced(goal, prices)
        question = Question(self._before, now, *self._groups, each=self._each, but=but)
        hits = self._crew.scan(question)
        keys, excess = self._with_named(now, hits, tight=False)
        worst = np.zeros(len(self.grid.wanted), np.int64)
        np.maximum.at(worst, hits.worst_of, hits.worst)
        np.maximum.at(worst, self.grid.pairs(keys)[1], excess)
        # In Python's integers: prices of people cut off from the root are huge.
        owed = np.flatnonzero(worst)
        gain = sum(a * b for a, b in zip(worst[owed].tolist(), self.grid.wanted[owed].tolist(), strict=True))
        return Violations(keys, excess, gain)

    def passed(self, goal: Goal, prices: IntVector) -> None:
        """Let a level decide every pair that has a reduced cost at its prices."""
        level = self._priced(goal, prices)
        self._passed = (*self._passed, level)
        if level.gain.is_plain:
            # Without gains but of named pairs, mentor and mentee must have the same price.
            self._groups = _together(self._groups, (level.mentor, level.mentee))
        else:
            self._before = (*self._before, level)

    def tight(self, most: int) -> IndexVector | None:
        """List the keys of all undecided pairs; None if there are more than ``most``,."""
        mentors, mentees = (np.zeros_like(group) for group in self._groups)
        now = self._passed[-1] if self._passed else Priced(self._nothing, mentors, mentees)
        before = tuple(level for level in self._before if level is not now)
        question = Question(before, now, *self._groups, tight=True, most=most)
        try:
            hits = self._crew.scan(question)
        except TooMany:
            return None
        keys, _ = self._with_named(now, hits, tight=True)
        return keys if len(keys) <= most else None

    def _priced(self, goal: Goal, prices: IntVector) -> Priced:
        mentors, mentees = len(self.grid.capacity), len(self.grid.wanted)
        return Priced(
            goal.pair or self._nothing, prices[1 : 1 + mentors], prices[1 + mentors : 1 + mentors + mentees]
        )

    def _with_named(self, now: Priced, hits: Hits, *, tight: bool) -> tuple[IndexVector, IntVector]:
        """The hits by sorted key, also those among named pairs: the scan may miss some of them."""
        terrain, keys = self.grid.terrain, self.grid.terrain.keys(hits.mentor, hits.mentee)
        gains = [level.gain for level in (*self._passed, now)]
        named = merged(*(gain.named.keys for gain in gains if gain.named is not None))
        beyond = hits.excess
        if len(named):
            others = np.flatnonzero(~found(named, keys)[1])
            mentor, mentee = self.grid.pairs(named)
            good = terrain.allowed(mentor, mentee)
            for level in self._passed:
                if level is not now:
                    good &= excess_of(terrain, level, mentor, mentee) == 0
            excess = excess_of(terrain, now, mentor, mentee)
            good &= excess == 0 if tight else excess > 0
            keys = np.concatenate([keys[others], named[good]])
            beyond = np.concatenate([beyond[others], excess[good]])
        order = sorted_by(keys, terrain.mentors * terrain.mentees)
        once = order[np.flatnonzero(np.diff(keys[order], prepend=-1))]
        return keys[once], beyond[once]


def _together(
    groups: tuple[IndexVector, IndexVector], prices: tuple[IntVector, IntVector]
) -> tuple[IndexVector, IndexVector]:
    """Split groups by price."""
    cut = len(groups[0])
    both = np.unique(np.concatenate(prices), return_inverse=True)[1].reshape(-1)
    key = np.concatenate(groups) * (int(both.max(initial=0)) + 1) + both
    group = np.unique(key, return_inverse=True)[1].reshape(-1)
    return group[:cut], group[cut:]
