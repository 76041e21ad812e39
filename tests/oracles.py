"""Answers found the slow and obvious way, to judge the quick ones by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from ipmatch.solving.problem import Level, Problem

Vector = tuple[int, ...]


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
