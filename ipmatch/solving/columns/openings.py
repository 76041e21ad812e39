"""Who of a big cohort could still be paired with any of some people, no list of pairs being made."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.columns.sets import Bits, MentorSets, bits_of, flags_of
from ipmatch.solving.columns.terrain import Terrain

__all__ = ["GridOpenings"]


class GridOpenings:
    """The pairs that may be and are not ``used``, by sorted key; see ``openings.Openings``."""

    def __init__(self, terrain: Terrain, used: IndexVector) -> None:
        self._mentors, self._mentees = terrain.mentors, terrain.mentees
        self._terrain, self._used = terrain, used

    @cached_property
    def _sets(self) -> MentorSets:
        return MentorSets(self._terrain, without=self._used, keep=True)

    def mentors_of(self, mentees: BoolVector, among: BoolVector | None = None) -> BoolVector:
        sought = np.ones(self._mentors, np.bool_) if among is None else among
        wanted = bits_of(sought[None])[0]
        union: Bits = np.zeros_like(wanted)
        for _, sets in self._sets.of(np.flatnonzero(mentees)):
            union |= np.bitwise_or.reduce(sets, axis=0)
            if not (wanted & ~union).any():
                break
        found: BoolVector = flags_of(union[None], self._mentors)[0] & sought
        return found

    def mentees_of(self, mentors: BoolVector, among: BoolVector | None = None) -> BoolVector:
        found, any_of = np.zeros(self._mentees, np.bool_), bits_of(mentors[None])
        for rows, sets in self._sets.of(np.arange(self._mentees) if among is None else np.flatnonzero(among)):
            found[rows] = (sets & any_of).any(1)
        return found

    def are_within(self, mentees: IndexVector, some: BoolVector, every: BoolVector) -> BoolVector:
        within, one_of, none_of = (
            np.zeros(self._mentees, np.bool_),
            bits_of(some[None]),
            bits_of(~every[None]),
        )
        for rows, sets in self._sets.of(mentees):
            within[rows] = (sets & one_of).any(1) & ~(sets & none_of).any(1)
        return within[mentees]
