"""Sessions that have room for all pairs there can be, and would not with one place, pair or mentor more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntMatrix, IntVector
from ipmatch.solving.sessions import houses

__all__ = ["Rooms"]


class Rooms:
    """The groups of sessions with a number of places, where none limits a problem as it is.

    So the problem does not know them, and nothing read off it holds for a change that overruns one.

    Parameters
    ----------
    able
        [I, J] the sessions that each pair could come to, bit by bit.
    places
        Of each session; None is any number.
    allowed
        [I, J] the pairs there may be.
    capacity, wanted
        [I], [J] how many pairs each mentor and mentee can have.
    """

    def __init__(
        self,
        able: IntMatrix,
        places: Sequence[int | None],
        allowed: BoolMatrix,
        capacity: IntVector,
        wanted: IntVector,
    ) -> None:
        self._able, self._capacity, self._wanted = able, capacity, wanted
        self._houses = [_house(able, sessions, most, allowed) for _, sessions, most in houses(places)]

    def by_place(self, mentors: IndexVector) -> BoolVector:
        """Whether one more place at each of these mentors could overrun a session."""
        over = np.zeros(len(mentors), np.bool_)
        for house in self._houses:
            fills = house.fills(self._capacity) + (house.of_mentor > self._capacity)[mentors]
            over |= np.minimum(fills, house.asks(self._wanted)) > house.places
        return over

    def by_pair(self, mentors: IndexVector, mentees: IndexVector) -> BoolVector:
        """Whether each of these pairs, were it allowed, could overrun a session."""
        over = np.zeros(len(mentors), np.bool_)
        for house in self._houses:
            fills = house.fills(self._capacity) + (house.of_mentor < self._capacity)[mentors]
            asks = house.asks(self._wanted) + (house.of_mentee < self._wanted)[mentees]
            own = house.holds(self._able[mentors, mentees])
            over |= own & (np.minimum(fills, asks) > house.places)
        return over

    def by_newcomer(self, able: IntVector, allowed: BoolMatrix) -> BoolVector:
        """Whether each new mentor [K] with one place could overrun a session.

        ``able`` [J] are the sessions that each mentee could come to with any of them, ``allowed`` [K, J] the
        pairs there may be.
        """
        over = np.zeros(len(allowed), np.bool_)
        for house in self._houses:
            own = allowed & house.holds(able)
            fills = house.fills(self._capacity) + own.any(axis=1)
            asks = house.asks(self._wanted) + (own & (house.of_mentee < self._wanted)).sum(axis=1)
            over |= np.minimum(fills, asks) > house.places
        return over


@dataclass(frozen=True, slots=True, eq=False)
class _House:
    """A group of sessions with its places, and how many pairs [I], [J] of each person come to no other."""

    sessions: int
    places: int
    of_mentor: IntVector
    of_mentee: IntVector

    def holds(self, able: IntMatrix) -> BoolMatrix:
        """Which pairs can come to these sessions and to no other."""
        return _inside(able, self.sessions)

    def fills(self, capacity: IntVector) -> int:
        """How many of them the mentors have places for."""
        return int(np.minimum(self.of_mentor, capacity).sum())

    def asks(self, wanted: IntVector) -> int:
        """How many of them the mentees ask for."""
        return int(np.minimum(self.of_mentee, wanted).sum())


def _house(able: IntMatrix, sessions: int, places: int, allowed: BoolMatrix) -> _House:
    pairs = allowed & _inside(able, sessions)
    return _House(sessions, places, pairs.sum(axis=1), pairs.sum(axis=0))


def _inside(able: IntMatrix, sessions: int) -> BoolMatrix:
    inside: BoolMatrix = (able != 0) & (able & ~sessions == 0)
    return inside
