"""Stable pairings against every pairing there is, judged by the definition of stability alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Problem
from ipmatch.solving.stable import Refusal, check_stable, refusals, stable
from tests.solving.instances import problem_of, quota
from tests.solving.stable_oracle import (
    NOBODY,
    blocks,
    every_pairing,
    instances,
    mentors_propose,
    plain_problem,
    random_ranks,
    rank_had,
    strict,
)


def test_the_stable_pairing_is_one_of_all_weakly_stable_ones_with_ties_bans_and_required_pairs():
    tied = banned = required = 0
    for problem, mentor_rank, mentee_rank in instances(900, ties=True):
        used = stable(problem, mentor_rank, mentee_rank)
        all_stable = [
            other.tobytes()
            for other in every_pairing(problem)
            if not blocks(problem, mentor_rank, mentee_rank, other)
        ]
        assert used.tobytes() in all_stable
        assert check_stable(problem, mentor_rank, mentee_rank, used) == []
        tied += len(all_stable) > 1
        banned += len(problem.mentor) < len(problem.capacity) * len(problem.wanted)
        required += bool(problem.required.any())
    assert min(tied, banned, required) > 100


@pytest.mark.parametrize("ties", [False, True])
def test_among_all_pairings_stable_once_ties_are_drawn_every_mentee_gets_her_best(ties):
    several = 0
    for problem, mentor_rank, mentee_rank in instances(500, ties=ties, seed=1):
        ranks = (
            strict(problem, mentor_rank, problem.mentee_number[problem.mentee]),
            strict(problem, mentee_rank, problem.mentor_number[problem.mentor]),
        )
        had = rank_had(problem, ranks[1], stable(problem, mentor_rank, mentee_rank))
        others = [
            rank_had(problem, ranks[1], other)
            for other in every_pairing(problem)
            if not blocks(problem, *ranks, other)
        ]
        assert had == [min(column) for column in zip(*others, strict=True)]
        assert len({tuple(rank == NOBODY for rank in other) for other in others}) == 1
        several += len(others) > 1
    assert several > 30


def test_the_check_accepts_the_one_stable_pairing_and_refuses_all_others():
    refused = rings = 0
    for problem, mentor_rank, mentee_rank in instances(300, ties=True, seed=2):
        right = stable(problem, mentor_rank, mentee_rank).tobytes()
        for used in every_pairing(problem):
            faults = check_stable(problem, mentor_rank, mentee_rank, used)
            assert (faults == []) == (used.tobytes() == right)
            refused += bool(faults)
            rings += any("change places" in fault for fault in faults)
    assert refused > 1000
    assert rings > 10


def test_rings_are_found_through_mentors_with_several_places():
    rings = 0
    for k in range(250):
        rng = np.random.default_rng([k, 3])
        problem = problem_of(np.ones((3, 6)), capacity=[2, 2, 2], seed=k)
        mentor_rank, mentee_rank = random_ranks(rng, problem, ties=False)
        right = stable(problem, mentor_rank, mentee_rank)
        # Mentors who propose get what is best for them, and worst for mentees.
        other = mentors_propose(problem, mentor_rank, mentee_rank)
        assert not blocks(problem, mentor_rank, mentee_rank, other)
        faults = check_stable(problem, mentor_rank, mentee_rank, other)
        assert (faults == []) == np.array_equal(other, right)
        rings += bool(faults) and "change places" in faults[0]
    assert rings > 20


def reordered(problem: Problem, ranks, mentors: IntVector, mentees: IntVector):
    """The same problem with row i moved to mentors[i], column j to mentees[j]; and where the pairs went."""
    mentor, mentee = mentors[problem.mentor], mentees[problem.mentee]
    order = np.lexsort((mentee, mentor))
    rows, columns = np.argsort(mentors), np.argsort(mentees)
    moved = replace(
        problem,
        capacity=problem.capacity[rows],
        minimum=problem.minimum[rows],
        wanted=problem.wanted[columns],
        mentor=mentor[order],
        mentee=mentee[order],
        required=problem.required[order],
        mentor_number=problem.mentor_number[rows],
        mentee_number=problem.mentee_number[columns],
    )
    return moved, [rank[order] for rank in ranks], order


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    problem = plain_problem(rng)
    ranks = random_ranks(rng, problem, ties=True)
    rows, columns = rng.permutation(len(problem.capacity)), rng.permutation(len(problem.wanted))
    moved, moved_ranks, order = reordered(problem, ranks, rows, columns)
    assert np.array_equal(stable(moved, *moved_ranks), stable(problem, *ranks)[order])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_only_the_order_of_ranks_within_a_person_matters(seed):
    rng = np.random.default_rng(seed)
    problem = plain_problem(rng)
    mentor_rank, mentee_rank = random_ranks(rng, problem, ties=True)
    shifted = (
        3 * mentor_rank + rng.integers(-5, 5, len(problem.capacity))[problem.mentor],
        7 * mentee_rank + rng.integers(-5, 5, len(problem.wanted))[problem.mentee],
    )
    assert np.array_equal(stable(problem, *shifted), stable(problem, mentor_rank, mentee_rank))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_mentee_who_joins_leaves_no_other_mentee_better_off(seed):
    rng = np.random.default_rng(seed)
    problem = plain_problem(rng)
    mentor_rank, mentee_rank = random_ranks(rng, problem, ties=False)
    newcomer = int(rng.integers(len(problem.wanted)))
    keep = (problem.mentee != newcomer) | problem.required
    before = replace(
        problem, **{name: getattr(problem, name)[keep] for name in ("mentor", "mentee", "required")}
    )
    had_before = rank_had(before, mentee_rank[keep], stable(before, mentor_rank[keep], mentee_rank[keep]))
    had = rank_had(problem, mentee_rank, stable(problem, mentor_rank, mentee_rank))
    assert all(had[j] >= had_before[j] for j in range(len(had)) if j != newcomer)


def test_ties_favour_nobody_over_the_seeds():
    seeds, placed, spare = 600, np.zeros(3), np.zeros(3)
    none = np.zeros(9, np.int64)
    for seed in range(seeds):
        problem = problem_of(np.ones((3, 3)), seed=seed)
        fewer = problem_of(np.ones((1, 3)), seed=seed)
        placed += stable(fewer, none[:3], none[:3])
        spare += stable(problem_of(np.ones((3, 1)), seed=seed), none[:3], none[:3])
        assert stable(problem, none, none).sum() == 3
    # Six standard deviations of a third of 600.
    assert np.all(np.abs(placed - seeds / 3) < 70)
    assert np.all(np.abs(spare - seeds / 3) < 70)


def test_equal_mentees_and_mentors_meet_in_every_way_equally_often_enough():
    ways = dict.fromkeys(permutations(range(2)), 0)
    none = np.zeros(4, np.int64)
    for seed in range(400):
        used = stable(problem_of(np.ones((2, 2)), seed=seed), none, none)
        ways[tuple(np.flatnonzero(used) % 2)] += 1
    assert min(ways.values()) > 130


def test_what_stability_cannot_keep_is_named_with_its_place():
    problem = problem_of(
        np.ones((2, 3)),
        minimum=[0, 1],
        wanted=[1, 2, 1],
        quotas=[quota("mentee", [0]), quota("mentor", [1], 1), quota("mentee", [1], 0, 1)],
    )
    assert refusals(problem, ["placed", "tiers", "score", "keep"]) == (
        Refusal("min_mentees", (1,)),
        Refusal("mentors_wanted", (1,)),
        Refusal("quotas", (1, 2)),
        Refusal("levels", (1, 3)),
    )
    assert refusals(problem_of(np.ones((2, 3))), ["placed", "score"]) == ()
    with pytest.raises(ValueError, match="may not exist with min_mentees, mentors_wanted, quotas"):
        stable(problem, np.zeros(6, np.int64), np.zeros(6, np.int64))


def test_required_pairs_beyond_the_places_clash():
    problem = problem_of(np.ones((1, 2)), required=[(0, 0), (0, 1)])
    with pytest.raises(RulesClash) as clash:
        stable(problem, np.zeros(2, np.int64), np.zeros(2, np.int64))
    assert clash.value.pairs == (0, 1)


def test_wrong_ranks_and_equal_numbers_are_refused():
    problem, none = problem_of(np.ones((1, 2))), np.zeros(2, np.int64)
    with pytest.raises(ValueError, match="one rank for each pair"):
        stable(problem, none[:1], none)
    alike = replace(problem, mentee_number=np.full(2, 7, np.uint64))
    with pytest.raises(ValueError, match="mentee_number: two people drew the same number"):
        stable(alike, none, none)


def test_the_check_says_who_and_why():
    problem = problem_of([[1, 1], [1, 0]], required=[(0, 1)])
    none = np.zeros(3, np.int64)

    def faults(*used):
        return check_stable(problem, none, none, np.array(used), called=lambda side, k: f"{side[0]}{k}")

    assert faults(True, True, False) == ["m0 has too many pairs."]
    assert faults(True, False, False) == ["m0 and m1 are required but not paired."]
    assert faults(False, True, False) == ["m1 and m0 would both rather have each other."]
    assert faults(False, True, True) == []
    assert faults(1, 2) == ["used: expected true or false for each pair."]


def test_nobody_at_all_is_stable():
    for shape in ((0, 0), (0, 2), (2, 0), (2, 2)):
        problem, none = problem_of(np.zeros(shape)), np.zeros(0, np.int64)
        used = stable(problem, none, none)
        assert used.tolist() == []
        assert check_stable(problem, none, none, used) == []


def test_a_thousand_mentees_are_paired_in_a_moment():
    rng = np.random.default_rng(0)
    problem = replace(
        problem_of(rng.random((500, 1000)) < 0.4, capacity=rng.integers(1, 4, 500)),
        mentee_number=lottery_numbers([str(j) for j in range(1000)], "mentee", 1),
    )
    ranks = random_ranks(rng, problem, ties=False)
    used = stable(problem, *ranks)
    assert used.sum() > 900
    assert check_stable(problem, *ranks, used) == []
