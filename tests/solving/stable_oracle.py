"""Small problems with orders of preference, and stability by its definition, slowly and plainly."""

from __future__ import annotations

from itertools import product

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.problem import Problem
from tests.solving.instances import problem_of

NOBODY = 10**9


def plain_problem(rng: np.random.Generator) -> Problem:
    """Up to four mentors and four mentees, some pairs banned, some required, all rules compatible."""
    mentors = int(rng.integers(1, 5))
    mentees = mentors if rng.random() < 0.5 else int(rng.integers(1, 5))
    allowed = rng.random((mentors, mentees)) < rng.choice([0.5, 0.75, 1.0, 1.0])
    capacity = rng.integers(1, 4, mentors) if rng.random() < 0.5 else np.ones(mentors, np.int64)
    room, required = capacity.copy(), []
    for j in range(mentees):
        open_to = np.flatnonzero(allowed[:, j] & (room > 0))
        if len(open_to) and rng.random() < 0.15:
            i = int(rng.choice(open_to))
            room[i] -= 1
            required.append((i, j))
    return problem_of(allowed, capacity=capacity, required=required, seed=int(rng.integers(2**32)))


def random_ranks(rng: np.random.Generator, problem: Problem, *, ties: bool) -> tuple[IntVector, IntVector]:
    pairs = len(problem.mentor)
    mentor_rank = rng.integers(0, 3, pairs) if ties else rng.permutation(pairs)
    if rng.random() < 0.4:
        # Opposed wishes in a ring: what is best for one side is worst for the other, and much is stable.
        ring = (problem.mentor - problem.mentee) % max(2, len(problem.capacity) - int(ties))
        return ring, len(problem.capacity) - ring
    return mentor_rank, rng.integers(0, 3, pairs) if ties else rng.permutation(pairs)


def instances(number: int, *, ties: bool, seed: int = 0):
    for k in range(number):
        rng = np.random.default_rng([k, ties, seed])
        problem = plain_problem(rng)
        yield problem, *random_ranks(rng, problem, ties=ties)


def every_pairing(problem: Problem):
    """Each mentee with one of her mentors or nobody, as the rules allow; wanted is 1."""
    choices = []
    for j in range(len(problem.wanted)):
        own = np.flatnonzero(problem.mentee == j)
        must = [p for p in own.tolist() if problem.required[p]]
        choices.append(must or [None, *own.tolist()])
    for chosen in product(*choices):
        used = np.zeros(len(problem.mentor), bool)
        used[[p for p in chosen if p is not None]] = True
        if np.all(np.bincount(problem.mentor[used], minlength=len(problem.capacity)) <= problem.capacity):
            yield used


def blocks(problem: Problem, mentor_rank, mentee_rank, used) -> set[int]:
    """The definition, word for word, one pair at a time."""
    chosen = np.flatnonzero(used).tolist()
    sides = [
        (problem.mentor.tolist(), mentor_rank.tolist(), problem.capacity.tolist()),
        (problem.mentee.tolist(), mentee_rank.tolist(), problem.wanted.tolist()),
    ]
    required = problem.required.tolist()

    def would(p: int, person: list[int], rank: list[int], room: list[int]) -> bool:
        own = [q for q in chosen if person[q] == person[p]]
        return len(own) < room[person[p]] or any(rank[p] < rank[q] for q in own if not required[q])

    return {p for p in range(len(required)) if p not in chosen and all(would(p, *side) for side in sides)}


def rank_had(problem: Problem, mentee_rank, used) -> list[int]:
    """How every mentee ranks what she has; NOBODY is worse than anyone."""
    had = [NOBODY] * len(problem.wanted)
    for p in np.flatnonzero(used).tolist():
        had[problem.mentee[p]] = int(mentee_rank[p])
    return had


def strict(problem: Problem, rank, number) -> IntVector:
    """The same ranks with ties broken: the higher lottery number first."""
    order = sorted(range(len(rank)), key=lambda p: (rank[p], -int(number[p])))
    return np.argsort(order)


def mentors_propose(problem: Problem, mentor_rank, mentee_rank) -> np.ndarray:
    """The other deferred acceptance, plainly: whoever has room asks the best mentee not yet asked."""
    had: dict[int, int] = {}
    asked: set[int] = set()
    while True:
        load = [sum(problem.mentor[p] == i for p in had.values()) for i in range(len(problem.capacity))]
        open_to = [
            p
            for p in range(len(problem.mentor))
            if p not in asked and load[problem.mentor[p]] < problem.capacity[problem.mentor[p]]
        ]
        if not open_to:
            used = np.zeros(len(problem.mentor), bool)
            used[list(had.values())] = True
            return used
        pair = min(open_to, key=lambda p: mentor_rank[p])
        asked.add(pair)
        j = int(problem.mentee[pair])
        if j not in had or mentee_rank[pair] < mentee_rank[had[j]]:
            had[j] = pair
