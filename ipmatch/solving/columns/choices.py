"""Counts everybody's allowed pairs in a big cohort: sets of mentors as bits, many pairs in one operation."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.columns.sets import Bits, MentorSets, flags_of
from ipmatch.solving.columns.terrain import Terrain

__all__ = ["counted_choices"]


def counted_choices(terrain: Terrain) -> tuple[IntVector, IntVector]:
    """How many allowed pairs each mentor [I] has, and each mentee [J]."""
    tally, mentees = _Tally(terrain.mentors), np.zeros(terrain.mentees, np.int64)
    for rows, allowed in MentorSets(terrain).of(np.arange(terrain.mentees)):
        mentees[rows] = np.bitwise_count(allowed).sum(1, dtype=np.int64)
        tally.add(allowed)
    return tally.totals(), mentees


class _Tally:
    """How often each mentor is in a set, counted in binary: a full adder works on 64 mentors at once."""

    def __init__(self, mentors: int) -> None:
        self._mentors = mentors
        self._digits: list[Bits] = []
        """For each binary digit, sets yet to be added up."""

    def add(self, sets: Bits) -> None:
        """Count these sets too."""
        place = 0
        while len(sets):
            if place == len(self._digits):
                self._digits.append(sets[:0])
            waiting, carried = np.concatenate([self._digits[place], sets]), [sets[:0]]
            while (third := len(waiting) // 3) > 0:
                a, b, c = waiting[:third], waiting[third : 2 * third], waiting[2 * third : 3 * third]
                odd = a ^ b
                carried.append((a & b) | (odd & c))
                waiting = np.concatenate([odd ^ c, waiting[3 * third :]])
            self._digits[place], sets, place = waiting, np.concatenate(carried), place + 1

    def totals(self) -> IntVector:
        """How many sets each mentor [I] was in."""
        totals = np.zeros(self._mentors, np.int64)
        for place, sets in enumerate(self._digits):
            totals += flags_of(sets, self._mentors).sum(0, dtype=np.int64) << place
        return totals
