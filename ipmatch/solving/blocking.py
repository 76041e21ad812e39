"""Pairs that would both rather have each other than what they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, HashVector, IndexVector, IntVector
from ipmatch.solving.problem import Problem, Quota

__all__ = ["BOUND", "NOTHING", "Blocking", "blocking_pairs", "drawn", "least_had"]

NOTHING = -1
"""What somebody gives up who has room left."""
BOUND = -2
"""Stands for a pair that nobody can be asked to give up, in the place of one that can."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocking:
    """The blocking pairs of a pairing, B of them, in the order of the problem's pairs.

    Attributes
    ----------
    pair
        [B] the pair, not used.
    mentor_gives, mentee_gives
        [B] the used pair that the mentor, that the mentee would give up for it, or ``NOTHING``.
    breaks
        [B] whether the exchange would leave a minimum, a quota or a limit unmet.
    """

    pair: IndexVector
    mentor_gives: IndexVector
    mentee_gives: IndexVector
    breaks: BoolVector


def blocking_pairs(
    problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector, used: BoolVector
) -> Blocking:
    """Find every allowed pair, not used, that both strictly prefer to what each would give up for it.

    Whoever has room gives up nothing; else the least preferred partner, among equals the one of the lower
    lottery number. Required pairs are never given up.

    Parameters
    ----------
    problem
        Who may be paired with whom.
    mentor_rank, mentee_rank
        [P] how the mentor of a pair ranks its mentee, and the mentee its mentor: lower is better, equal is a
        tie. Only the ranks one person gives are compared.
    used
        [P] a pairing that keeps the rules.

    References
    ----------
    Gale & Shapley (1962), "College admissions and the stability of marriage", *Am. Math. Monthly* 69;
    Irving (1994), "Stable marriage and indifference", *Discrete Applied Mathematics* 48 (weak stability).
    """
    mentor, mentee = problem.mentor, problem.mentee
    load = np.bincount(mentor[used], minlength=len(problem.capacity))
    given = np.bincount(mentee[used], minlength=len(problem.wanted))
    mentor_least, mentee_least = least_had(problem, mentor_rank, mentee_rank, used)
    # Most pairs are none that the mentor prefers, so mentees are asked of few.
    pair = np.flatnonzero(mentor_rank < _worst_of_all(mentor_rank, mentor_least)[mentor])
    pair = pair[mentee_rank[pair] < _worst_of_all(mentee_rank, mentee_least)[mentee[pair]]]
    pair = pair[~used[pair]]
    mentor_gives, mentee_gives = mentor_least[mentor[pair]], mentee_least[mentee[pair]]
    breaks = _below_minimum(problem, load, mentee_gives)
    for quota in problem.quotas:
        if quota.side == "mentor":
            breaks |= _breaks(quota, load, mentor, pair, mentor_gives, mentee_gives)
        else:
            breaks |= _breaks(quota, given, mentee, pair, mentee_gives, mentor_gives)
    for limit in problem.limits:
        counted = np.append(limit.pairs, False).astype(np.int64)
        # Whoever gives up nothing finds the entry that counts nothing, at the end.
        after = int(counted[:-1] @ used) + counted[pair] - counted[mentor_gives] - counted[mentee_gives]
        breaks |= after < limit.minimum
        if limit.maximum is not None:
            breaks |= after > limit.maximum
    return Blocking(pair, mentor_gives, mentee_gives, breaks)


def least_had(
    problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector, used: BoolVector
) -> tuple[IndexVector, IndexVector]:
    """What each mentor, each mentee would give up: a used pair, ``NOTHING``, or ``BOUND``: no pair at all."""
    mentor, mentee = problem.mentor, problem.mentee
    load = np.bincount(mentor[used], minlength=len(problem.capacity))
    given = np.bincount(mentee[used], minlength=len(problem.wanted))
    # Few pairs are used, and only these can be given up: nothing else is sorted.
    had = np.flatnonzero(used & ~problem.required)
    i, j = mentor[had], mentee[had]
    by_mentor = had[drawn(i, mentor_rank[had], problem.mentee_number[j])]
    by_mentee = had[drawn(j, mentee_rank[had], problem.mentor_number[i])]
    return (
        _least(mentor, by_mentor, load < problem.capacity),
        _least(mentee, by_mentee, given < problem.wanted),
    )


def drawn(person: IndexVector, rank: IntVector, number: HashVector) -> IndexVector:
    """Sort pairs by person, best first; among equals the partner of the higher lottery number comes first."""
    return np.lexsort((~number, rank, person))


def _least(person: IndexVector, order: IndexVector, room: BoolVector) -> IndexVector:
    """What each person would give up: nothing, the last of their pairs in the order, or no pair at all."""
    given_up = np.full(len(room), BOUND, np.int64)
    last = order[np.flatnonzero(np.diff(person[order], append=-1))]
    given_up[person[last]] = last
    return np.where(room, NOTHING, given_up)


def _worst_of_all(rank: IntVector, given_up: IndexVector) -> IntVector:
    """The rank that a pair must be below for somebody to prefer it; any is for who gives up nothing."""
    ends = np.iinfo(np.int64)
    below = np.where(given_up == NOTHING, ends.max, ends.min)
    gives = given_up >= 0
    below[gives] = rank[given_up[gives]]
    return below


def _below_minimum(problem: Problem, load: IntVector, left: IndexVector) -> BoolVector:
    """Whether the mentor whom the mentee leaves would fall below his minimum."""
    mentor = problem.mentor[left]
    return (left >= 0) & (load[mentor] - 1 < problem.minimum[mentor])


def _breaks(
    quota: Quota,
    pairs_of: IntVector,
    person: IndexVector,
    pair: IndexVector,
    own: IndexVector,
    left: IndexVector,
) -> BoolVector:
    """Whether an exchange breaks a quota: ``own`` pairs are given up by its side, ``left`` by the other.

    Who gives up a pair for another keeps their number of pairs; who is left has one fewer.
    """
    member = np.zeros(len(pairs_of), np.bool_)
    member[quota.members] = True
    comes, goes = member[person[pair]] & (own < 0), member[person[left]] & (left >= 0)
    first = comes & (pairs_of[person[pair]] == 0)
    last = goes & (pairs_of[person[left]] == 1)
    people = int((pairs_of[quota.members] > 0).sum()) + first.astype(np.int64) - last
    broken: BoolVector = people < quota.minimum
    if quota.maximum is not None:
        total = int(pairs_of[quota.members].sum()) + comes.astype(np.int64) - goes
        broken = broken | (total > quota.maximum)
    return broken
