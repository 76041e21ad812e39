"""Whoever is left over in a big cohort of which the search was cut short: what is known of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ipmatch.crowds import PosedCrowd
from ipmatch.document import freeze
from ipmatch.explaining.nobody import nobody_eligible
from ipmatch.explaining.room import nobody_waits, spare_mentor
from ipmatch.matching import SpareMentor, Unmatched
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.words import after_those_had, counted

__all__ = ["Others"]


class Others:
    """Everyone with fewer mentors than wanted, or with places left."""

    def __init__(self, posed: PosedCrowd, keys: IndexVector, prices: Mapping[str, IntVector]) -> None:
        self._posed, self._scores, self._grid, self._prices = posed, posed.scores, posed.grid, prices
        self._pairs = self._grid.pairs(keys)
        self._load = np.bincount(self._pairs[0], minlength=len(self._grid.capacity))
        self._given = np.bincount(self._pairs[1], minlength=len(self._grid.wanted))
        self._mentors = [mentor.id for mentor in self._scores.people.mentors]
        self._mentees = [mentee.id for mentee in self._scores.people.mentees]

    def unmatched(self) -> Iterator[Unmatched]:
        """Every mentee with fewer mentors than wanted, in order of id."""
        choices = self._grid.counted[1]
        for j in np.flatnonzero(self._given < self._grid.wanted).tolist():
            if choices[j] <= self._given[j]:
                yield self._nobody(j)
            else:
                yield self._unmatched(j, *(self._shortage(j) or self._outranked(j)))

    def spare(self) -> Iterator[SpareMentor]:
        """Every mentor with places left, in order of id."""
        spare, choices = np.flatnonzero(self._load < self._grid.capacity), self._grid.counted[0]
        waiting = (self._given < self._grid.wanted)[self._pairs[1]]
        theirs = np.bincount(self._pairs[0][waiting], minlength=len(self._load))
        open_to = self._open_to(spare)
        for i, some in zip(spare.tolist(), open_to.tolist(), strict=True):
            name, load = self._mentors[i], int(self._load[i])
            nobody = nobody_waits(name, load, int(choices[i]), own_waits=bool(theirs[i]), others=some)
            change = f"giving {name} {'another' if load else 'a'} mentee"
            code, because = nobody or ("not-priced", self._no_better(change))
            yield spare_mentor(name, int(self._grid.capacity[i]), load, code, because)

    def _unmatched(self, j: int, code: Any, because: str, facts: dict[str, Any]) -> Unmatched:
        wanted, given = int(self._grid.wanted[j]), int(self._given[j])
        because = after_those_had(self._mentees[j], given, wanted, because)
        return Unmatched.model_construct(
            mentee=self._mentees[j],
            wanted=wanted,
            given=given,
            code=code,
            facts=freeze(facts),
            because=because,
        )

    def _nobody(self, j: int) -> Unmatched:
        """Nobody, or nobody else, may mentor this mentee: how many each rule removes, and which alone."""
        code, facts, because = nobody_eligible(self._scores, j, self._pairs[0][self._pairs[1] == j])
        return self._unmatched(j, code, because, dict(facts))

    def _shortage(self, j: int) -> tuple[str, str, dict[str, Any]] | None:
        """Too few places: of the whole programme, or of the group that the price of a place marks out."""
        grid, rules = self._grid, self._grid.minimum.any() or len(self._grid.required) or self._grid.quotas
        if rules:
            return None
        places = int(grid.capacity.sum())
        if places == len(self._pairs[0]):
            people, mentors = len(self._mentees), len(self._mentors)
            asked = counted(int(grid.wanted.sum()), "mentor")
            because = (
                f"Every place is taken: {counted(people, 'mentee')} taking part ask for {asked}, and "
                f"{counted(mentors, 'mentor')} have {counted(places, 'place')}."
            )
            needed = int(grid.wanted.sum())
            return "shortage", because, self._group(mentors, people, places, needed)
        if self._cover is None or self._given[j] or not self._short[j]:
            return None
        mentees, mentors, places, elsewhere = self._cover
        beside = f", beside {counted(elsewhere, 'of them', 'of them')} placed elsewhere" if elsewhere else ""
        because = (
            f"{counted(mentees, 'mentee')}, {self._mentees[j]} among them, have only the same "
            f"{counted(mentors, 'mentor')} to be placed with, who have {counted(places, 'place')}{beside}: "
            f"{mentees - places - elsewhere:,} must go without, however they are paired."
        )
        facts = self._group(mentors, mentees, places, mentees)
        return "shortage", because, facts | ({"elsewhere": elsewhere} if elsewhere else {})

    @staticmethod
    def _group(mentors: int, mentees: int, places: int, needed: int) -> dict[str, Any]:
        return {"mentor_count": mentors, "mentee_count": mentees, "places": places, "needed": needed}

    def _outranked(self, j: int) -> tuple[str, str, dict[str, Any]]:
        one = "another mentor" if self._given[j] else "a mentor"
        return "not-priced", self._no_better(f"giving {self._mentees[j]} {one}"), {}

    def _no_better(self, change: str) -> str:
        return f"Time ran out before it was proved whether {change} is better."

    @cached_property
    def _short(self) -> BoolVector:
        """Of whom some must go without, by the prices of ``placed``; nobody, where that is not first."""
        grid, prices = self._grid, self._prices.get("placed")
        if prices is None or self._posed.goals[0].name != "placed":
            return np.zeros(len(grid.wanted), np.bool_)
        return np.asarray(prices[1 + len(grid.capacity) :][: len(grid.wanted)] < 0)

    @cached_property
    def _cover(self) -> tuple[int, int, int, int] | None:
        """How many are short, the mentors and places they compete for, and how many are placed elsewhere.

        A pair of somebody short and a mentor of a higher price would have a negative reduced cost unless it
        were used: so there is none. None unless the numbers show that all unplaced ones must be.
        """
        if not self._short.any():
            return None
        grid, short = self._grid, self._short
        rivals = self._prices["placed"][1 : 1 + len(grid.capacity)] < 0
        inside = short[self._pairs[1]] & ~rivals[self._pairs[0]]
        elsewhere = len(np.unique(self._pairs[1][inside]))
        places, people = int(grid.capacity[rivals].sum()), int(short.sum())
        if people - places - elsewhere != int((short & (self._given == 0)).sum()):
            return None
        return people, int(rivals.sum()), places, elsewhere

    def _open_to(self, spare: IndexVector) -> BoolVector:
        """Whether each mentor may be paired with somebody, not yet theirs, who wants one more."""
        wanting = np.flatnonzero(self._given < self._grid.wanted)
        some = np.zeros(len(spare), np.bool_)
        keys = np.sort(self._grid.terrain.keys(*self._pairs))
        step = max(1, (1 << 20) // max(1, len(spare)))
        for start in range(0, len(wanting), step):
            rows = wanting[start : start + step]
            left = np.flatnonzero(~some)
            mentor, mentee = np.repeat(spare[left], len(rows)), np.tile(rows, len(left))
            may = self._grid.terrain.allowed(mentor, mentee)
            may &= ~np.isin(self._grid.terrain.keys(mentor, mentee), keys)
            some[left] |= may.reshape(len(left), len(rows)).any(1)
        return some
