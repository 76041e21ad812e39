"""What one more pair would break: a pairing with it is the witness that nothing else is in the way."""

from __future__ import annotations

from collections import deque
from functools import cached_property

import numpy as np

from ipmatch.explaining.barriers import Rule
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Problem

__all__ = ["Witness"]


class Witness:
    """Pairings with one pair more than the present one, nobody losing any, and the rules that these break."""

    def __init__(self, problem: Problem, used: BoolVector) -> None:
        self.problem, self._used = problem, used
        load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
        self._spare: BoolVector = load < problem.capacity
        self._counted = [*_maximums(problem)]
        self._order = np.argsort(problem.mentee, kind="stable")
        self._ends = np.searchsorted(problem.mentee[self._order], np.arange(len(problem.wanted) + 1))

    def against(self, mentor: int, mentees: BoolVector) -> tuple[Rule, ...]:
        """The rules that a pair of a mentor and one of these mentees [J], beside all others, would break.

        Of the pairs that break fewest the first; empty if one of them breaks none.
        """
        own = slice(*np.searchsorted(self.problem.mentor, [mentor, mentor + 1]))
        pairs = own.start + np.flatnonzero(~self._used[own] & mentees[self.problem.mentee[own]])
        return self._of_fewest(pairs)

    def beside(self, mentee: int) -> tuple[tuple[Rule, int], ...]:
        """The rules, each with the number of its pairs, that break where a mentee has one more mentor.

        Nobody has fewer there, and required pairs stay. Empty if no such pairing was found.
        """
        own = self._of_mentee(mentee)
        direct = own[~self._used[own] & self._spare[self.problem.mentor[own]]]
        if len(direct):
            return tuple((rule, self._now(rule) + 1) for rule in self._of_fewest(direct))
        now = self._by_way_of_others(mentee)
        if now is None:
            return ()
        counts = ((rule, int(pairs[now].sum()), most) for rule, pairs, most in self._counted)
        fewer = ((rule, count) for rule, count in _minimums(self.problem, now))
        return (*((rule, count) for rule, count, most in counts if count > most), *fewer)

    def _of_fewest(self, pairs: IndexVector) -> tuple[Rule, ...]:
        if not len(pairs):
            return ()
        pair = pairs[np.argmin(self._breaks[pairs])]
        return tuple(rule for rule, broken, most in self._full if broken[pair])

    @cached_property
    def _full(self) -> list[tuple[Rule, BoolVector, int]]:
        return [one for one in self._counted if one[1][self._used].sum() >= one[2]]

    @cached_property
    def _breaks(self) -> IntVector:
        """How many rules each pair [P] would break."""
        count = np.zeros(len(self._used), np.int64)
        for _, pairs, _ in self._full:
            count += pairs
        return count

    def _now(self, rule: Rule) -> int:
        return next(int(pairs[self._used].sum()) for own, pairs, _ in self._counted if own == rule)

    def _of_mentee(self, mentee: int) -> IndexVector:
        return self._order[self._ends[mentee] : self._ends[mentee + 1]]

    def _by_way_of_others(self, mentee: int) -> BoolVector | None:
        """The shortest way on which mentees pass places on, made; None if there is none."""
        problem, used = self.problem, self._used
        taken, left = dict[int, int](), {mentee: -1}
        waiting = deque([mentee])
        while waiting:
            own = self._of_mentee(waiting.popleft())
            for pair in own[~used[own]].tolist():
                i = int(problem.mentor[pair])
                if i in taken:
                    continue
                taken[i] = pair
                if self._spare[i]:
                    return self._made(i, taken, left)
                start, stop = np.searchsorted(problem.mentor, [i, i + 1])
                theirs = start + np.flatnonzero((used & ~problem.required)[start:stop])
                for other in theirs.tolist():
                    if int(problem.mentee[other]) not in left:
                        left[int(problem.mentee[other])] = other
                        waiting.append(int(problem.mentee[other]))
        return None

    def _made(self, mentor: int, taken: dict[int, int], left: dict[int, int]) -> BoolVector:
        now, pair = self._used.copy(), taken[mentor]
        while True:
            now[pair] = True
            given_up = left[int(self.problem.mentee[pair])]
            if given_up < 0:
                return now
            now[given_up] = False
            pair = taken[int(self.problem.mentor[given_up])]


def _maximums(problem: Problem) -> list[tuple[Rule, BoolVector, int]]:
    """Each rule that allows so many pairs at most, and which [P]."""
    found = list[tuple[Rule, BoolVector, int]]()
    for k, quota in enumerate(problem.quotas):
        if quota.maximum is not None:
            people = problem.mentor if quota.side == "mentor" else problem.mentee
            found.append((Rule("quota-maximum", k), np.isin(people, quota.members), quota.maximum))
    for k, limit in enumerate(problem.limits):
        if limit.maximum is not None:
            found.append((Rule("limit", k), limit.pairs, limit.maximum))
    return found


def _minimums(problem: Problem, used: BoolVector) -> list[tuple[Rule, int]]:
    """Each rule that asks for more than a pairing has, and how many it has."""
    broken = list[tuple[Rule, int]]()
    for k, quota in enumerate(problem.quotas):
        people = problem.mentor if quota.side == "mentor" else problem.mentee
        have = len(np.intersect1d(people[used], quota.members))
        if have < quota.minimum:
            broken.append((Rule("quota-minimum", k), have))
    for k, limit in enumerate(problem.limits):
        have = int(limit.pairs[used].sum())
        if have < limit.minimum:
            broken.append((Rule("limit", k), have))
    return broken
