"""Other pairings as good as the best: which pairs are certain, and how different the others can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import BoolVector, HashVector, IntVector
from ipmatch.solving.faces import face_of, with_only
from ipmatch.solving.lexicographic import Assignment, solve
from ipmatch.solving.problem import Level, Objective, Problem

__all__ = ["SampledOdds", "Standing", "most_different", "sampled_odds", "standing"]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """For each pair [P] whether all the best pairings use it, or only some; none uses the others."""

    always: BoolVector
    sometimes: BoolVector

    @property
    def unique(self) -> bool:
        """Whether there is one best pairing only."""
        return not self.sometimes.any()


@dataclass(frozen=True, slots=True, eq=False)
class SampledOdds:
    """How often so many drawings of lots used each pair [P], and each mentor [I] and mentee [J] at all.

    A sample, not the exact odds: those take too long to count.
    """

    drawings: int
    pairs: IntVector
    mentors: IntVector
    mentees: IntVector


def standing(problem: Problem, levels: Sequence[Objective], answer: Assignment) -> Standing:
    """Tell which pairs the levels settle and which are left to the lottery.

    Parameters
    ----------
    problem, levels, answer
        The problem, its levels without the lottery's, and the answer of ``solve`` to them.

    Raises
    ------
    ValueError
        If the answer belongs to other levels.
    """
    sometimes = face_of(problem, levels, answer).sometimes()
    return Standing(answer.used & ~sometimes, sometimes)


def most_different(problem: Problem, levels: Sequence[Objective], answer: Assignment) -> BoolVector:
    """Find a pairing [P] as good by every level that shares as few pairs as possible with the answer's."""
    among = standing(problem, levels, answer)
    possible = among.always | among.sometimes
    smaller, same = with_only(problem, levels, possible)
    apart = Level("alternatives.apart", 1, pair=-answer.used[possible].astype(np.int64))
    used = np.zeros_like(answer.used)
    used[possible] = solve(smaller, [*same, apart]).used
    return used


def sampled_odds(
    problem: Problem,
    levels: Sequence[Objective],
    answer: Assignment,
    draws: Iterable[tuple[HashVector, HashVector]],
) -> SampledOdds:
    """Draw lots again and count whom they favour.

    Parameters
    ----------
    problem, levels, answer
        The problem, its levels without the lottery's, and the answer of ``solve`` to them.
    draws
        For each drawing the lottery numbers of mentors [I] and mentees [J], as of ``lottery_numbers``.
    """
    among = standing(problem, levels, answer)
    possible = among.always | among.sometimes
    # Pairs that no best pairing uses cannot matter, and without them each drawing is quick.
    smaller, same = with_only(problem, levels, possible)
    pairs = np.zeros(len(problem.mentor), np.int64)
    mentors, mentees = np.zeros(len(problem.capacity), np.int64), np.zeros(len(problem.wanted), np.int64)
    drawings = 0
    for mentor_number, mentee_number in draws:
        drawn = replace(smaller, mentor_number=mentor_number, mentee_number=mentee_number)
        used = solve(drawn, same).used if not among.unique else answer.used[possible]
        pairs[possible] += used
        mentors[np.unique(smaller.mentor[used])] += 1
        mentees[np.unique(smaller.mentee[used])] += 1
        drawings += 1
    return SampledOdds(drawings, pairs, mentors, mentees)
