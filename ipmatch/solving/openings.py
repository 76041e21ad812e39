"""Who could still be paired with any of some people: all that a search through a pairing asks of pairs."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.problem import Problem

__all__ = ["Openings", "openings_of"]


class Openings(Protocol):
    """The pairs that may be and are not used."""

    def mentors_of(self, mentees: BoolVector, among: BoolVector | None = None) -> BoolVector:
        """[I] the mentors with such a pair with any of these [J]; perhaps only those ``among`` some."""

    def mentees_of(self, mentors: BoolVector, among: BoolVector | None = None) -> BoolVector:
        """[J] the mentees with such a pair with any of these [I]; perhaps only those ``among`` some."""

    def are_within(self, mentees: IndexVector, some: BoolVector, every: BoolVector) -> BoolVector:
        """Whether each mentee has such a pair with one of ``some`` [I], and none but with ``every`` [I]."""


def openings_of(problem: Problem, used: BoolVector) -> Openings:
    """Return those that were kept, because not all allowed pairs are listed, or those of the list."""
    kept: Openings | None = problem.kept.get("openings")
    return kept or _Listed(problem, used)


class _Listed:
    def __init__(self, problem: Problem, used: BoolVector) -> None:
        self._mentors, self._mentees = len(problem.capacity), len(problem.wanted)
        open_to = np.zeros((self._mentors, self._mentees), np.bool_)
        open_to[problem.mentor[~used], problem.mentee[~used]] = True
        # Eight people a byte: searches do little else than gather rows of these.
        self._of_mentor, self._of_mentee = np.packbits(open_to, axis=1), np.packbits(open_to.T, axis=1)

    def mentors_of(self, mentees: BoolVector, among: BoolVector | None = None) -> BoolVector:
        return _any_of(self._of_mentee[mentees], self._mentors)

    def mentees_of(self, mentors: BoolVector, among: BoolVector | None = None) -> BoolVector:
        return _any_of(self._of_mentor[mentors], self._mentees)

    def are_within(self, mentees: IndexVector, some: BoolVector, every: BoolVector) -> BoolVector:
        rows = self._of_mentee[mentees]
        return np.asarray((rows & np.packbits(some)).any(1) & ~(rows & np.packbits(~every)).any(1))


def _any_of(rows: npt.NDArray[np.uint8], people: int) -> BoolVector:
    """Who is marked in any of some packed rows."""
    return np.unpackbits(np.bitwise_or.reduce(rows, axis=0), count=people).astype(np.bool_)
