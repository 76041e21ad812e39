"""Seeded small problems with everything on, and the levels to judge them by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ipmatch.solving.balance import balance_level
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Level, Leximin, Objective, Problem, Quota, Threshold
from ipmatch.solving.quotas import split


def problem_of(
    allowed,
    *,
    capacity=None,
    minimum=None,
    wanted=None,
    required=(),
    quotas=(),
    spread=False,
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
        quotas=tuple(quotas),
        spread=spread,
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


def quota(side, members, minimum=0, maximum=None) -> Quota:
    return Quota(side, np.asarray(members, np.int64), minimum, maximum)


def random_quotas(
    rng: np.random.Generator, sides: dict[str, int], *, nested: bool = True
) -> tuple[Quota, ...]:
    """Up to three quotas on each side; groups of ``nested`` ones contain each other or stay apart."""
    quotas = list[Quota]()
    for side, people in sides.items():
        groups = [rng.permutation(people)[: rng.integers(people + 1)]]
        groups += [groups[0][: rng.integers(len(groups[0]) + 1)], np.setdiff1d(np.arange(people), groups[0])]
        if not nested:
            groups[1] = rng.permutation(people)[: rng.integers(people + 1)]
        for k in rng.permutation(3)[: rng.integers(4)]:
            group = groups[k]
            least, most = sorted(rng.integers(0, len(group) + 2, 2).tolist())
            least, most = [(least, None), (0, most), (min(least, len(group)), most)][rng.integers(3)]
            quotas.append(quota(side, np.sort(group), least, most))
    return tuple(quotas[k] for k in rng.permutation(len(quotas)))


def small_problem(
    rng: np.random.Generator,
    *,
    rules: float = 0.25,
    quotas: bool = False,
    spread: bool = False,
    nested: bool = True,
) -> Problem:
    """A random problem of at most 11 pairs, which can all be tried; quotas as asked that do not cross."""
    while True:
        problem = random_problem(rng, rules=rules)
        if not 0 < len(problem.mentor) <= 11:
            continue
        sides = {"mentor": len(problem.capacity), "mentee": len(problem.wanted)}
        if quotas:
            problem = replace(problem, quotas=random_quotas(rng, sides, nested=nested))
        if not nested or not any(left.minimum or left.maximum is not None for left in split(problem)[1]):
            return replace(problem, spread=spread)


def random_objectives(rng: np.random.Generator, problem: Problem) -> list[Objective]:
    """Levels of every kind in any order, the number of people mostly first."""
    pairs, mentees = len(problem.mentor), len(problem.wanted)
    scores = rng.integers(*[(0, 4), (0, 51), (-9, 10)][rng.integers(3)], pairs)
    score = Level("score", 60, pair=scores)
    levels: list[Objective] = [
        Level("waiting", 3, first=rng.integers(0, 4, mentees)),
        Level("preferences", 10, pair=rng.integers(0, 6, pairs) * 2),
        Level("keep", 1, pair=rng.integers(0, 2, pairs)),
        [Threshold, Leximin][rng.integers(2)]("fairness", 60, scores),
        score,
    ]
    if problem.spread:
        levels.append(balance_level(problem))
    chosen = [levels[k] for k in rng.permutation(len(levels))[: rng.integers(1, len(levels) + 1)]]
    ordered = [placed(problem), further(problem), *chosen]
    return [ordered[k] for k in rng.permutation(len(ordered))] if rng.random() < 0.2 else ordered
