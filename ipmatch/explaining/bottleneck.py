"""Who competes for the same places: the alternating search that shows why one more person cannot be placed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.problem import Problem

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
        self._used = used
        self._load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
        self._given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
        unused = np.flatnonzero(~used)
        self._mentors_of = _grouped(problem.mentee, unused, len(problem.wanted))
        self._mentees_of = _grouped(problem.mentor, np.flatnonzero(used), len(problem.capacity))

    def reach(
        self, mentee: int, *, pinned: Collection[int] = (), keepers: Collection[int] | None = None
    ) -> tuple[set[int], set[int]] | None:
        """The mentees and mentors met on the way to one more place for a mentee; ``None`` if a place is found.

        Parameters
        ----------
        mentee
            The column of the mentee who wants one more mentor.
        pinned
            Pairs, by their place in the problem, that may not be taken apart.
        keepers
            Mentees who must keep what they have; ``None`` is everyone.
        """
        problem = self._problem
        mentees, mentors, waiting = {mentee}, set[int](), [mentee]
        while waiting:
            pairs = self._mentors_of(waiting.pop())
            for i in problem.mentor[pairs].tolist():
                if i in mentors:
                    continue
                if self._load[i] < problem.capacity[i]:
                    return None
                mentors.add(i)
                for pair in self._mentees_of(i).tolist():
                    other = int(problem.mentee[pair])
                    if pair in pinned or other in mentees:
                        continue
                    if keepers is not None and other not in keepers:
                        return None
                    mentees.add(other)
                    waiting.append(other)
        return mentees, mentors

    def blocking_pairs(self, mentee: int) -> tuple[int, ...]:
        """An irreducible set of required pairs but for which a mentee could have one more mentor; empty if none."""
        required = set(np.flatnonzero(self._problem.required & self._used).tolist())
        if self.reach(mentee) is not None or self.reach(mentee, pinned=required) is None:
            return ()
        released = set(required)
        for pair in sorted(required):
            if self.reach(mentee, pinned=required - released | {pair}) is None:
                released.discard(pair)
        return tuple(sorted(released))

    def bottleneck(self, mentee: int) -> Bottleneck:
        """The inclusion-minimal group that includes a mentee for whom no place can be found.

        Raises
        ------
        ValueError
            If a place can be found.

        References
        ----------
        Lovász & Plummer (1986), *Matching Theory*, §1.3 (Hall's theorem and its deficiency version).
        """
        reached = self.reach(mentee)
        if reached is None:
            raise ValueError(f"mentee {mentee} can be placed")
        group = reached[0]
        if (self._problem.wanted[sorted(group)] > 1).any():
            # With one mentor wanted each, what the search meets is minimal; with several it need not be.
            for other in sorted(group - {mentee}):
                smaller = self.reach(mentee, keepers=group - {other})
                group = group if smaller is None else smaller[0]
            reached = self.reach(mentee, keepers=group) or reached
        mentees, mentors = reached
        places = int(self._problem.capacity[sorted(mentors)].sum())
        needed = int(self._given[sorted(mentees)].sum()) + 1
        return Bottleneck(tuple(sorted(mentees)), tuple(sorted(mentors)), places, needed - 1 - places, needed)


class _grouped:
    """The entries of ``chosen`` by the group each belongs to, without a Python list per group."""

    def __init__(self, group: IndexVector, chosen: IndexVector, groups: int) -> None:
        order = np.argsort(group[chosen], kind="stable")
        self._entries = chosen[order]
        self._start = np.searchsorted(group[chosen][order], np.arange(groups + 1))

    def __call__(self, member: int) -> IndexVector:
        return self._entries[self._start[member] : self._start[member + 1]]
