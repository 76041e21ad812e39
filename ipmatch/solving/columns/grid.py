"""The pairing problem of a big cohort: its people as in any problem, its pairs by a terrain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ipmatch.solving.arrays import HashVector, IndexVector, IntVector
from ipmatch.solving.columns.choices import counted_choices
from ipmatch.solving.columns.terrain import Gain, Terrain, found
from ipmatch.solving.lottery import PAIR_BOUND, pair_level_name
from ipmatch.solving.problem import Level, Problem, Quota

__all__ = ["Goal", "Grid", "lottery_goal"]


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """One objective: the gains of ``people`` as a ``Level`` without pairs, and what each pair gains."""

    people: Level
    pair: Gain | None = None

    @property
    def name(self) -> str:
        """The name of the level."""
        return self.people.name


@dataclass(frozen=True, eq=False)
class Grid:
    """Who may be paired with whom: like ``Problem``, but no pair is listed.

    Attributes
    ----------
    capacity, minimum, wanted, quotas
        As for ``Problem``; quotas that a network holds.
    terrain
        Every pair.
    """

    capacity: IntVector
    minimum: IntVector
    wanted: IntVector
    terrain: Terrain
    quotas: tuple[Quota, ...] = ()

    @property
    def required(self) -> IndexVector:
        """Sorted keys of the required pairs."""
        return self.terrain.required

    @property
    def numbers(self) -> tuple[HashVector, HashVector]:
        """The lottery numbers of mentors, of mentees."""
        return self.terrain.mentor_number, self.terrain.mentee_number

    def pairs(self, keys: IndexVector) -> tuple[IndexVector, IndexVector]:
        """Mentor and mentee of pairs, by key."""
        mentor, mentee = np.divmod(keys, max(1, len(self.wanted)))
        return mentor, mentee

    def mentees_of(self, mentor: int) -> IndexVector:
        """The mentees a mentor may be paired with."""
        every = np.arange(len(self.wanted))
        return np.flatnonzero(self.terrain.allowed(np.full_like(every, mentor), every))

    def listed(self, keys: IndexVector) -> Problem:
        """The problem of those pairs alone, required ones among them, with the network of all pairs.

        Parameters
        ----------
        keys
            Sorted.
        """
        mentor, mentee = self.pairs(keys)
        return Problem(
            capacity=self.capacity,
            minimum=self.minimum,
            wanted=self.wanted,
            mentor=mentor,
            mentee=mentee,
            required=found(self.required, keys)[1],
            mentor_number=self.terrain.mentor_number,
            mentee_number=self.terrain.mentee_number,
            quotas=self.quotas,
            choices=self.choices,
        )

    def level(self, goal: Goal, keys: IndexVector) -> Level:
        """A goal as the level of a problem of these pairs."""
        people = goal.people
        pair = None if goal.pair is None else self.terrain.gain(goal.pair, *self.pairs(keys))
        return Level(people.name, people.bound, pair, people.first, people.further, people.mentor)

    @cached_property
    def counted(self) -> tuple[IntVector, IntVector]:
        """How many others each mentor, each mentee could be paired with."""
        return counted_choices(self.terrain)

    @property
    def choices(self) -> tuple[IntVector, IntVector] | None:
        """The same; None where no rule depends on it."""
        return self.counted if self.quotas else None


def lottery_goal(grid: Grid, i: int) -> Goal:
    """The i-th level of the lottery's that tell pairs apart."""
    nothing = np.zeros_like(grid.terrain.floor, np.int64)
    gain = Gain((0,) * len(grid.terrain.coarse), nothing, draw=i)
    return Goal(Level(pair_level_name(i), PAIR_BOUND), gain)
