"""Answers found the slow and obvious way, to judge the quick ones by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from itertools import count as counting

import numpy as np

from ipmatch.solving.lottery import pair_level, people_levels
from ipmatch.solving.problem import Level, Leximin, Objective, Problem

Vector = tuple[int, ...]
NOBODY = 2**40


def lottery_levels(problem: Problem) -> Iterator[Level]:
    """The levels that follow all others, without end: people, then pairs again and again."""
    yield from people_levels(problem)
    for i in counting():
        yield pair_level(problem, i)


def pairings(problem: Problem) -> Iterator[np.ndarray]:
    """Every set of pairs the rules allow, one by one; for tiny problems only."""
    pairs = range(len(problem.mentor))
    for size in range(len(problem.mentor) + 1):
        for chosen in combinations(pairs, size):
            used = np.isin(pairs, chosen)
            load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
            given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
            if (
                np.all(load <= problem.capacity)
                and np.all(load >= problem.minimum)
                and np.all(given <= problem.wanted)
                and np.all(used | ~problem.required)
            ):
                yield used


def values(problem: Problem, levels: Sequence[Level], used: np.ndarray) -> Vector:
    """What each level gains by a set of pairs, counted from its definition."""
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    return tuple(
        sum(
            int(gain @ units)
            for gain, units in (
                (level.pair, used.astype(np.int64)),
                (level.first, np.minimum(given, 1)),
                (level.further, np.maximum(given - 1, 0)),
                (level.mentor, np.minimum(load, 1)),
            )
            if gain is not None
        )
        for level in levels
    )


def best(
    problem: Problem,
    levels: Sequence[Level],
    *,
    mentor_at_least: Mapping[int, int] | None = None,
    mentee_at_least: Mapping[int, int] | None = None,
) -> tuple[Vector, int, frozenset[int]] | None:
    """The lexicographically best values, how many pairings reach them, and one of these; None if none exists.

    Serves one mentee after another in every way; ways that load the mentors alike are merged, which loses
    nothing because what follows depends on the loads alone and values add up.
    """
    capacity = problem.capacity.tolist()
    forced_up = mentor_at_least or {}
    minimum = [max(least, forced_up.get(i, 0)) for i, least in enumerate(problem.minimum.tolist())]
    columns = [[0] * len(problem.mentor) if level.pair is None else level.pair.tolist() for level in levels]
    pair_gains = [tuple(column[pair] for column in columns) for pair in range(len(problem.mentor))]

    def gains(kind: str, person: int) -> Vector:
        vectors = (getattr(level, kind) for level in levels)
        return tuple(0 if vector is None else int(vector[person]) for vector in vectors)

    def add(*vectors: Vector) -> Vector:
        return tuple(map(sum, zip(*vectors, strict=True))) if levels else ()

    opening = [gains("mentor", i) for i in range(len(capacity))]
    states: dict[Vector, tuple[Vector, int, frozenset[int]]] = {
        (0,) * len(capacity): ((0,) * len(levels), 1, frozenset())
    }
    for j, wanted in enumerate(problem.wanted.tolist()):
        own = np.flatnonzero(problem.mentee == j).tolist()
        forced = {pair for pair in own if problem.required[pair]}
        ways = []
        for size in range((mentee_at_least or {}).get(j, 0), min(wanted, len(own)) + 1):
            for chosen in combinations(own, size):
                if forced <= set(chosen):
                    units = [gains("further" if k else "first", j) for k in range(size)]
                    total = add((0,) * len(levels), *units, *(pair_gains[pair] for pair in chosen))
                    ways.append((chosen, [int(problem.mentor[pair]) for pair in chosen], total))
        following: dict[Vector, tuple[Vector, int, frozenset[int]]] = {}
        for loads, (value, count, used) in states.items():
            for chosen, mentors, gain in ways:
                if any(loads[i] >= capacity[i] for i in mentors):
                    continue
                after = tuple(load + (i in mentors) for i, load in enumerate(loads))
                reached = add(value, gain, *(opening[i] for i in mentors if loads[i] == 0))
                known = following.get(after)
                if known is None or reached > known[0]:
                    following[after] = (reached, count, used.union(chosen))
                elif reached == known[0]:
                    following[after] = (reached, known[1] + count, known[2])
        states = following
    ends = [end for loads, end in states.items() if all(map(int.__ge__, loads, minimum))]
    if not ends:
        return None
    top = max(value for value, _, _ in ends)
    winners = [end for end in ends if end[0] == top]
    return top, sum(count for _, count, _ in winners), winners[0][2]


def is_feasible(problem: Problem) -> bool:
    """Whether any set of pairs keeps all rules."""
    return best(problem, []) is not None


def every_pairing(problem: Problem) -> np.ndarray:
    """[K, P] every set of pairs the rules allow, quotas included, from all sets there are."""
    pairs = len(problem.mentor)
    used = (np.arange(2**pairs)[:, None] >> np.arange(pairs) & 1).astype(bool)
    load, given = loads(problem, used)
    holds = np.all(load <= problem.capacity, axis=1) & np.all(load >= problem.minimum, axis=1)
    holds &= np.all(given <= problem.wanted, axis=1) & np.all(used | ~problem.required, axis=1)
    for quota in problem.quotas:
        units = (load if quota.side == "mentor" else given)[:, quota.members]
        holds &= (units > 0).sum(axis=1) >= quota.minimum
        if quota.maximum is not None:
            holds &= units.sum(axis=1) <= quota.maximum
    return used[holds]


def loads(problem: Problem, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many pairs each mentor [K, I] and each mentee [K, J] has in each of K sets of pairs."""
    mentors = problem.mentor[:, None] == np.arange(len(problem.capacity))
    mentees = problem.mentee[:, None] == np.arange(len(problem.wanted))
    return used.astype(np.int64) @ mentors, used.astype(np.int64) @ mentees


def every_value(problem: Problem, level: Objective, used: np.ndarray) -> np.ndarray:
    """[K, C] what each of K sets of pairs is worth by a level, first column first, from its definition."""
    if not isinstance(level, Level):
        # Whoever has no pair that counts is better off than anyone.
        scores = np.sort(np.where(used & ~problem.required, level.score, NOBODY), axis=1)
        return scores if isinstance(level, Leximin) else scores[:, :1]
    load, given = loads(problem, used)
    total = np.zeros(len(used), np.int64)
    for gain, units in (
        (level.pair, used),
        (level.first, np.minimum(given, 1)),
        (level.further, np.maximum(given - 1, 0)),
        (level.mentor, np.minimum(load, 1)),
    ):
        if gain is not None:
            total += units @ gain
    if level.place is not None:
        each = np.minimum(problem.capacity, np.bincount(problem.mentor, minlength=len(problem.capacity)))
        for i, gains in enumerate(np.split(level.place, np.cumsum(each)[:-1])):
            total += np.concatenate([[0], np.cumsum(gains)])[load[:, i]]
    return total[:, None]


def all_best(problem: Problem, levels: Sequence[Objective], used: np.ndarray | None = None) -> np.ndarray:
    """[K, P] every pairing that is best by the levels, first level first."""
    used = every_pairing(problem) if used is None else used
    for level in levels:
        value = every_value(problem, level, used)
        for column in range(value.shape[1]):
            top = value[:, column] == value[:, column].max(initial=-NOBODY)
            used, value = used[top], value[top]
    return used
