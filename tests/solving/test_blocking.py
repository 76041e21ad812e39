"""Blocking pairs by the definition, whatever other rules are on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ipmatch.solving.blocking import NOTHING, blocking_pairs
from ipmatch.solving.problem import Limit, Problem
from tests.oracles import pairings
from tests.solving.instances import problem_of, random_quotas, small_problem
from tests.solving.stable_oracle import blocks, random_ranks


def test_blocking_pairs_are_those_of_the_definition_with_every_other_rule_on():
    seen = 0
    for k in range(120):
        rng = np.random.default_rng([k, 4])
        problem = small_problem(rng)
        ranks = random_ranks(rng, problem, ties=True)
        for used in list(pairings(problem))[:20]:
            found = blocking_pairs(problem, *ranks, used)
            assert set(found.pair.tolist()) == blocks(problem, *ranks, used)
            seen += len(found.pair)
    assert seen > 1000


def keeps_rules(problem: Problem, used) -> bool:
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    given_to = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    of = {"mentor": load, "mentee": given_to}
    return bool(
        np.all(load <= problem.capacity)
        and np.all(load >= problem.minimum)
        and np.all(given_to <= problem.wanted)
        and all(
            (of[q.side][q.members] > 0).sum() >= q.minimum
            and (q.maximum is None or of[q.side][q.members].sum() <= q.maximum)
            for q in problem.quotas
        )
        and all(limit.minimum <= (used & limit.pairs).sum() <= limit.maximum for limit in problem.limits)
    )


def test_an_exchange_that_would_break_a_minimum_a_quota_or_a_limit_is_told_apart_by_making_it():
    counts = {True: 0, False: 0}
    for k in range(200):
        rng = np.random.default_rng([k, 5])
        problem = small_problem(rng)
        sides = {"mentor": len(problem.capacity), "mentee": len(problem.wanted)}
        limit = Limit("some pairs", rng.random(len(problem.mentor)) < 0.5, int(k % 3 == 0), int(k % 2) + 1)
        problem = replace(
            problem, quotas=random_quotas(rng, sides, nested=False), limits=(limit,) if k % 5 else ()
        )
        ranks = random_ranks(rng, problem, ties=True)
        for used in [used for used in pairings(problem) if keeps_rules(problem, used)][:10]:
            found = blocking_pairs(problem, *ranks, used)
            for pair, mentor_gives, mentee_gives, breaks in zip(
                found.pair, found.mentor_gives, found.mentee_gives, found.breaks, strict=True
            ):
                after = used.copy()
                after[pair] = True
                after[[p for p in (mentor_gives, mentee_gives) if p != NOTHING]] = False
                assert breaks == (not keeps_rules(problem, after))
                counts[bool(breaks)] += 1
    assert min(counts.values()) > 100


def test_what_is_given_up_is_the_least_preferred_and_among_equals_the_lower_number():
    problem = problem_of([[1, 1, 1]], capacity=[2])
    none, ranks = np.zeros(3, np.int64), np.array([1, 1, 0])
    found = blocking_pairs(problem, ranks, none, np.array([True, True, False]))
    assert found.pair.tolist() == [2]
    lower = int(np.argmin(problem.mentee_number[:2]))
    assert found.mentor_gives.tolist() == [lower]
    assert found.mentee_gives.tolist() == [NOTHING]
