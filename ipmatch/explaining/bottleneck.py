"""Who competes for the same places: the alternating search that shows why nobody more can be placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.network import Problem

__all__ = ["Bottleneck", "Search"]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Mentees who together need one place more than there are, however they are paired.

    Attributes
    ----------
    mentees
        Columns, sorted; leaving out any one of them, the rest could be served.
    mentors
        Rows, sorted: everyone who could still serve one of them.
    places
        Places of these mentors.
    elsewhere
        Pairs of these mentees with other mentors (a mentor serves a mentee only once).
    needed
        Places asked for: what the mentees have now, and one more.
    """

    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    places: int
    elsewhere: int
    needed: int


class Search:
    """Alternating searches from a pairing; everyone keeps at least the number of mentors they have."""

    def __init__(self, problem: Problem, used: BoolVector) -> None:
        self._problem = problem
        self._spare = np.bincount(problem.mentor[used], minlength=len(problem.capacity)) < problem.capacity
        self._given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
        self._open = np.zeros((len(problem.wanted), len(problem.capacity)), dtype=np.bool_)
        self._open[problem.mentee[~used], problem.mentor[~used]] = True
        self._used = np.flatnonzero(used)
        self._movable = np.flatnonzero(used & ~problem.required)
        self._required = np.flatnonzero(used & problem.required)
        self._met: dict[int, BoolVector | None] = {}

    def finds_a_place(self, mentee: int) -> bool:
        """Whether a mentee could have one more mentor, all required pairs kept."""
        return self._mentors_met(mentee) is None

    def blocking_pairs(self, mentee: int) -> tuple[int, ...]:
        """The fewest required pairs but for which a mentee could have one more mentor; empty if none.

        A breadth-first search from one required pair to the next, so no part of them would be enough.
        """
        if self._reach(mentee, self._used) is not None:
            return ()
        came_by: dict[int, tuple[int, int] | None] = {mentee: None}
        waiting, required = [mentee], self._required
        for start in waiting:
            met = self._mentors_met(start)
            if met is None:
                return tuple(sorted(_back_along(came_by, start)))
            here = met[self._problem.mentor[required]]
            for pair in required[here].tolist():
                other = int(self._problem.mentee[pair])
                if other not in came_by:
                    came_by[other] = pair, start
                    waiting.append(other)
            required = required[~here]
        return ()

    def bottleneck(self, mentee: int) -> Bottleneck:
        """The inclusion-minimal group that includes a mentee for whom no place can be found.

        Whoever the search meets could give up a place for this mentee, so nobody in the group is idle.

        Raises
        ------
        ValueError
            If a place can be found.

        References
        ----------
        Lovász & Plummer (1986), *Matching Theory*, §1.3 (Hall's theorem and its deficiency version).
        """
        reached = self._reach(mentee, self._used)
        if reached is None:
            raise ValueError(f"mentee {mentee} can be placed")
        mentees, mentors = (np.flatnonzero(met) for met in reached)
        places = int(self._problem.capacity[mentors].sum())
        needed = int(self._given[mentees].sum()) + 1
        elsewhere = needed - 1 - places
        return Bottleneck(tuple(mentees.tolist()), tuple(mentors.tolist()), places, elsewhere, needed)

    def _mentors_met(self, mentee: int) -> BoolVector | None:
        """Which mentors are met on the way with all required pairs kept; ``None`` if a place is found."""
        if mentee not in self._met:
            reached = self._reach(mentee, self._movable)
            self._met[mentee] = None if reached is None else reached[1]
        return self._met[mentee]

    def _reach(self, mentee: int, movable: IndexVector) -> tuple[BoolVector, BoolVector] | None:
        """Which mentees and mentors are met on the way to one more place; ``None`` if one is found."""
        mentor_of, mentee_of = self._problem.mentor[movable], self._problem.mentee[movable]
        mentees, mentors = np.zeros_like(self._given, np.bool_), np.zeros_like(self._spare)
        frontier = np.array([mentee])
        while len(frontier):
            mentees[frontier] = True
            new = self._open[frontier].any(axis=0) & ~mentors
            if (new & self._spare).any():
                return None
            mentors |= new
            others = np.unique(mentee_of[new[mentor_of]])
            frontier = others[~mentees[others]]
        return mentees, mentors


def _back_along(came_by: dict[int, tuple[int, int] | None], start: int) -> list[int]:
    """The required pairs crossed on the way to ``start``."""
    pairs = []
    while (step := came_by[start]) is not None:
        pair, start = step
        pairs.append(pair)
    return pairs
