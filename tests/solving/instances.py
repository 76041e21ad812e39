"""Seeded small problems with everything on, and the levels to judge them by."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Level, Problem


def problem_of(
    allowed,
    *,
    capacity=None,
    minimum=None,
    wanted=None,
    required=(),
    seed=0,
) -> Problem:
    """A problem from an I x J table of allowed pairs; ``required`` lists (mentor, mentee)."""
    allowed = np.asarray(allowed, dtype=bool)
    mentors, mentees = allowed.shape
    mentor, mentee = np.nonzero(allowed)
    must = np.zeros(allowed.shape, dtype=bool)
    for i, j in required:
        must[i, j] = True
    return Problem(
        capacity=np.ones(mentors, np.int64) if capacity is None else np.asarray(capacity, np.int64),
        minimum=np.zeros(mentors, np.int64) if minimum is None else np.asarray(minimum, np.int64),
        wanted=np.ones(mentees, np.int64) if wanted is None else np.asarray(wanted, np.int64),
        mentor=mentor.astype(np.int64),
        mentee=mentee.astype(np.int64),
        required=must[mentor, mentee],
        mentor_number=lottery_numbers([f"M{i}" for i in range(mentors)], "mentor", seed),
        mentee_number=lottery_numbers([f"E{j}" for j in range(mentees)], "mentee", seed),
    )


def random_problem(rng: np.random.Generator, *, rules: float = 0.25) -> Problem:
    """At most 4 mentors and 5 mentees; ``rules`` is the share of minimums and, halved, of required pairs."""
    mentors, mentees = int(rng.integers(1, 5)), int(rng.integers(1, 6))
    allowed = rng.random((mentors, mentees)) < rng.choice([0.4, 0.6, 0.8, 1.0])
    must = allowed & (rng.random(allowed.shape) < rules / 2) & (rng.random() < 0.5)
    return problem_of(
        allowed,
        capacity=rng.integers(1, 4, mentors),
        minimum=np.where(rng.random(mentors) < rules, rng.integers(0, 3, mentors), 0),
        wanted=np.where(rng.random(mentees) < 0.3, rng.integers(2, 4, mentees), 1),
        required=np.argwhere(must),
        seed=int(rng.integers(2**32)),
    )


def placed(problem: Problem) -> Level:
    return Level("placed", 1, first=np.ones(len(problem.wanted), np.int64))


def further(problem: Problem) -> Level:
    return Level("further", 1, pair=np.ones(len(problem.mentor), np.int64))


def score_of(table, problem: Problem, bound: int = 1000) -> Level:
    return Level("score", bound, pair=np.asarray(table, np.int64)[problem.mentor, problem.mentee])


def random_levels(rng: np.random.Generator, problem: Problem) -> list[Level]:
    pairs, mentors, mentees = len(problem.mentor), len(problem.capacity), len(problem.wanted)
    least, most = [(0, 3), (0, 51), (-20, 21)][rng.integers(3)]
    score = Level("score", 50, pair=rng.integers(least, most, pairs))
    tiers = [Level(f"tier.{k}", 1, pair=rng.integers(0, 2, pairs)) for k in range(2)]
    spread = Level("spread", 2, mentor=rng.integers(0, 3, mentors))
    beyond = Level("beyond", 2, further=rng.integers(-2, 3, mentees))
    return [
        [placed(problem), further(problem), score],
        [placed(problem), *tiers, score],
        [score],
        [placed(problem), beyond, spread, score],
        [spread, placed(problem), score],
        [],
    ][rng.integers(6)]
