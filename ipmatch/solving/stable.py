"""The stable pairing: nobody finds a partner who would rather have them, too. Needs no solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappush, heapreplace
from typing import Literal

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.blocking import blocking_pairs, drawn
from ipmatch.solving.lottery import check_numbers
from ipmatch.solving.problem import Problem

__all__ = ["HONOURED", "Refusal", "check_stable", "refusals", "stable"]

HONOURED = ("placed", "score")
"""The levels a policy may list beside stability: by them it is compared with the best pairing."""

RefusedRule = Literal["min_mentees", "mentors_wanted", "quotas", "sessions", "levels"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule with which a stable pairing may not exist.

    Attributes
    ----------
    rule
        Its name.
    where
        The mentors, mentees, quotas, limits or, in the list of levels, levels that have it, by index.
    """

    rule: RefusedRule
    where: tuple[int, ...]


def refusals(problem: Problem, levels: Iterable[str] = ()) -> tuple[Refusal, ...]:
    """List the rules that stability cannot keep: the caller must refuse a problem that has any.

    Parameters
    ----------
    problem
        What is allowed.
    levels
        The names of the policy's levels.
    """
    found: dict[RefusedRule, list[int]] = {
        "min_mentees": np.flatnonzero(problem.minimum > 0).tolist(),
        "mentors_wanted": np.flatnonzero(problem.wanted > 1).tolist(),
        "quotas": [
            k for k, quota in enumerate(problem.quotas) if quota.minimum > 0 or quota.maximum is not None
        ],
        # Those of an earlier matching's pairs apart, every limit is of a session.
        "sessions": list(range(len(problem.limits))),
        "levels": [k for k, level in enumerate(levels) if level not in HONOURED],
    }
    return tuple(Refusal(rule, tuple(where)) for rule, where in found.items() if where)


def stable(problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector) -> BoolVector:
    """Find, once ties are broken by the lottery, the stable pairing that is best for every mentee at once.

    Mentees propose, most preferred mentor first; a mentor keeps the mentees he prefers, as many as he has
    places. Whoever ranks two people alike prefers the higher lottery number. No two people strictly prefer
    each other to what they get (weak stability); required pairs stand outside and are kept.

    Parameters
    ----------
    problem
        What is allowed; without ``refusals``.
    mentor_rank, mentee_rank
        [P] as for ``blocking_pairs``.

    Returns
    -------
    BoolVector
        [P] the pairs used: they depend on ranks, rules and numbers, not on the order of rows.

    Raises
    ------
    RulesClash
        If somebody has fewer places than required pairs.
    ValueError
        If the problem has minimums, quotas or mentees who want several mentors, if ranks are not one for each
        pair, or if two lottery numbers on a side are equal.

    References
    ----------
    Gale & Shapley (1962), "College admissions and the stability of marriage", *Am. Math. Monthly* 69;
    Roth & Sotomayor (1990), *Two-Sided Matching*, chapter 5.
    """
    if refused := refusals(problem):
        raise ValueError(f"A stable pairing may not exist with {', '.join(each.rule for each in refused)}.")
    if not mentor_rank.shape == mentee_rank.shape == problem.mentor.shape:
        raise ValueError("mentor_rank, mentee_rank: expected one rank for each pair.")
    check_numbers(problem)
    if any(_over(problem, problem.required)):
        # Behind it stands the solver, which a check must do without.
        from ipmatch.solving.conflict import rules_clash

        raise rules_clash(problem)
    return _proposed(problem, mentor_rank, mentee_rank)


def _proposed(problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector) -> BoolVector:
    mentors, mentees, required = len(problem.capacity), len(problem.wanted), problem.required
    by_mentee, by_mentor = _sorted(problem, mentor_rank, mentee_rank)
    ends = np.searchsorted(problem.mentee[by_mentee], np.arange(mentees + 1)).tolist()
    room = (problem.capacity - np.bincount(problem.mentor[required], minlength=mentors)).tolist()
    asked, favourites = ends[:-1], by_mentee.tolist()
    # A place in the mentors' order is also the pair's identity, so the heaps hold nothing else.
    standing, pair_at = _places(by_mentor).tolist(), by_mentor.tolist()
    mentor, mentee = problem.mentor.tolist(), problem.mentee.tolist()
    held: list[list[int]] = [[] for _ in range(mentors)]
    waiting = np.flatnonzero(np.bincount(problem.mentee[required], minlength=mentees) == 0).tolist()
    while waiting:
        j = waiting.pop()
        while asked[j] < ends[j + 1]:
            pair = favourites[asked[j]]
            asked[j] += 1
            i = mentor[pair]
            if len(held[i]) < room[i]:
                heappush(held[i], -standing[pair])
                break
            if held[i] and standing[pair] < -held[i][0]:
                waiting.append(mentee[pair_at[-heapreplace(held[i], -standing[pair])]])
                break
    used: BoolVector = required.copy()
    used[[pair_at[-place] for places in held for place in places]] = True
    return used


def check_stable(
    problem: Problem,
    mentor_rank: IntVector,
    mentee_rank: IntVector,
    used: BoolVector,
    *,
    called: Callable[[str, int], str] | None = None,
) -> list[str]:
    """List in plain English what keeps ``used`` from being the one pairing that ``stable`` promises.

    Proposes nothing itself. With ties broken by the lottery, a pairing without blocking pairs is the best one
    for mentees exactly if no ring of mentors could each take a mentee of the next who prefers to come.

    Parameters
    ----------
    problem, mentor_rank, mentee_rank
        As for ``stable``.
    used
        [P] the pairs to be checked.
    called
        What messages call the ``"mentor"`` or ``"mentee"`` of an index: ``mentor 3`` if not given.

    References
    ----------
    Gusfield & Irving (1989), *The Stable Marriage Problem*, section 2.5 (rotations).
    """
    name = called or (lambda side, index: f"{side} {index}")
    if used.shape != problem.mentor.shape or used.dtype != np.bool_:
        return ["used: expected true or false for each pair."]
    faults = [f"Stability cannot keep {refused.rule}." for refused in refusals(problem)]
    faults += [f"{name(side, index)} has too many pairs." for side, index in _over(problem, used)]
    faults += [
        f"{_both(problem, pair, name)} are required but not paired."
        for pair in np.flatnonzero(problem.required & ~used).tolist()
    ]
    if faults:
        return faults
    blocking = blocking_pairs(problem, mentor_rank, mentee_rank, used).pair
    if len(blocking):
        return [
            f"{_both(problem, pair, name)} would both rather have each other." for pair in blocking.tolist()
        ]
    by_mentee, by_mentor = _sorted(problem, mentor_rank, mentee_rank)
    strict = _places(by_mentor), _places(by_mentee)
    blocking = blocking_pairs(problem, *strict, used).pair
    if len(blocking):
        return [f"By the lottery, {_both(problem, pair, name)} come first." for pair in blocking.tolist()]
    ring = _ring(problem, *strict, used)
    if len(ring):
        mentors = ", ".join(name("mentor", int(i)) for i in ring)
        return [f"Mentees of {mentors} could change places and all prefer it."]
    return []


def _ring(problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector, used: BoolVector) -> IndexVector:
    """The mentors in rings where each could take a mentee of the next who prefers to come; ranks are strict.

    Each mentor looks at the one mentee he likes best of all who would come to him. If she has no mentor, he
    leads nowhere: in every stable pairing she has none, and would block one in which he loses somebody.
    """
    mentor, mentee = problem.mentor, problem.mentee
    own = np.full(len(problem.wanted), -1, np.int64)
    own[mentee[used]] = np.flatnonzero(used)
    has = own[mentee]
    comes = ~used & ((has < 0) | (~problem.required[has] & (mentee_rank < mentee_rank[has])))
    pairs = np.flatnonzero(comes)
    pairs = pairs[np.lexsort((mentor_rank[pairs], mentor[pairs]))]
    best = pairs[np.flatnonzero(np.diff(mentor[pairs], prepend=-1))]
    after = np.full(len(problem.capacity), -1, np.int64)
    after[mentor[best]] = np.where(has[best] >= 0, mentor[has[best]], -1)
    # After as many steps as there are mentors, whoever is still on the way goes round a ring.
    for _ in range(len(after).bit_length()):
        after = np.where(after >= 0, after[after], -1)
    return np.unique(after[after >= 0])


def _over(problem: Problem, used: BoolVector) -> Iterator[tuple[str, int]]:
    """Who has more pairs than places or wishes."""
    for side, person, most in (
        ("mentor", problem.mentor, problem.capacity),
        ("mentee", problem.mentee, problem.wanted),
    ):
        for index in np.flatnonzero(np.bincount(person[used], minlength=len(most)) > most).tolist():
            yield side, index


def _sorted(
    problem: Problem, mentor_rank: IntVector, mentee_rank: IntVector
) -> tuple[IndexVector, IndexVector]:
    """The pairs by mentee and by mentor, best first, ties broken."""
    by_mentee = drawn(problem.mentee, mentee_rank, problem.mentor_number[problem.mentor])
    return by_mentee, drawn(problem.mentor, mentor_rank, problem.mentee_number[problem.mentee])


def _places(order: IndexVector) -> IntVector:
    """Where each pair stands in an order."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _both(problem: Problem, pair: int, name: Callable[[str, int], str]) -> str:
    return f"{name('mentor', int(problem.mentor[pair]))} and {name('mentee', int(problem.mentee[pair]))}"
