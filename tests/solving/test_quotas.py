from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from ipmatch.solving import pool, search
from ipmatch.solving.balance import balance_level
from ipmatch.solving.certificate import check
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.marginals import loss_of_placing, loss_of_using
from ipmatch.solving.network import build
from ipmatch.solving.problem import Level, Leximin, Threshold
from ipmatch.solving.quotas import split, tree
from tests import oracles
from tests.solving.instances import (
    further,
    placed,
    problem_of,
    quota,
    random_levels,
    random_objectives,
    score_of,
    small_problem,
)


def assert_the_one_best(problem, levels):
    """The answer, judged by trying every set of pairs."""
    every = oracles.every_pairing(problem)
    if not len(every):
        with pytest.raises(RulesClash):
            solve(problem, levels)
        return None
    best = oracles.all_best(problem, levels, every)
    answer = solve(problem, levels)
    by_lot = oracles.all_best(problem, list(islice(oracles.lottery_levels(problem), 6)), best)
    assert by_lot.tolist() == [answer.used.tolist()]
    return answer


@pytest.mark.parametrize("chunk", range(5))
def test_quotas_are_kept_and_the_rest_is_as_good_as_enumeration(chunk):
    rng, solved = np.random.default_rng(chunk), 0
    while solved < 100:
        problem = small_problem(rng, quotas=True)
        solved += assert_the_one_best(problem, random_levels(rng, problem)) is not None


@pytest.mark.parametrize("chunk", range(5))
def test_every_rule_and_level_together_is_as_good_as_enumeration(chunk):
    rng, solved = np.random.default_rng(100 + chunk), 0
    while solved < 100:
        problem = small_problem(rng, quotas=bool(rng.integers(2)), spread=bool(rng.integers(2)))
        solved += assert_the_one_best(problem, random_objectives(rng, problem)) is not None


@pytest.mark.parametrize("seed", range(40))
def test_a_flow_exists_exactly_where_the_rules_hold(seed):
    rng = np.random.default_rng(seed)
    problem = small_problem(rng, quotas=True, spread=bool(seed % 2))
    network, holds = build(problem), {tuple(used) for used in oracles.every_pairing(problem).tolist()}
    plain = replace(problem, quotas=(), minimum=np.zeros_like(problem.minimum))
    for used in oracles.every_pairing(plain):
        flow = network.flow_of(used)
        ends = [np.bincount(side, flow, network.nodes) for side in (network.head, network.tail)]
        assert np.array_equal(*ends)
        within = bool(np.all((network.low <= flow) & (flow <= network.up)))
        assert within == (tuple(used.tolist()) in holds)


@pytest.mark.parametrize("seed", range(25))
def test_a_pairing_that_breaks_a_quota_or_is_not_the_best_fails_the_proof(seed):
    rng = np.random.default_rng(seed)
    problem = small_problem(rng, quotas=True, spread=bool(seed % 2))
    while not len(holds := oracles.every_pairing(problem)):
        problem = small_problem(rng, quotas=True, spread=bool(seed % 2))
    levels = random_objectives(rng, problem)
    answer = solve(problem, levels)
    prices = {level.name: level.prices for level in answer.levels}
    for used in oracles.every_pairing(replace(problem, quotas=())):
        faults = check(problem, levels, used, prices)
        assert bool(faults) == (not np.array_equal(used, answer.used))
        if used.tolist() not in holds.tolist():
            assert faults[0].startswith("quotas[")


def test_a_broken_quota_is_named_with_its_numbers():
    quotas = [quota("mentee", [0, 1], minimum=2), quota("mentor", [0], maximum=0)]
    problem = problem_of([[1, 1], [1, 1]], quotas=quotas)
    assert check(problem, [], np.array([True, False, False, False]), {}) == [
        "quotas[0]: 1 of its mentees have a pair, but 2 must.",
        "quotas[1]: its mentors have 1 pairs, but may have 0.",
    ]


def test_a_proof_that_fails_at_a_quota_names_the_quota():
    problem = problem_of(np.ones((2, 3)), quotas=[quota("mentee", [0, 1], maximum=1)])
    levels = [placed(problem)]
    answer = solve(problem, levels)
    prices = {level.name: level.prices for level in answer.levels}
    prices["placed"] = prices["placed"].copy()
    prices["placed"][-1] -= 5
    assert "less of quotas[0]" in " ".join(check(problem, levels, answer.used, prices))


@pytest.mark.parametrize("seed", range(16))
def test_a_small_pool_finds_the_same_pairs_and_prices_as_all_pairs(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    mentors, mentees = 24, 40
    region, nation = np.arange(10), np.arange(18)
    problem = problem_of(
        rng.random((mentors, mentees)) < rng.choice([0.3, 1.0]),
        capacity=rng.integers(1, 4, mentors),
        minimum=np.where(rng.random(mentors) < 0.2, 1, 0),
        wanted=rng.integers(1, 3, mentees),
        quotas=[
            quota("mentee", region, minimum=9),
            quota("mentee", nation, minimum=15, maximum=22),
            quota("mentor", region, maximum=12),
            quota("mentor", np.arange(12, 20), minimum=7),
        ],
        spread=True,
    )
    scores = rng.integers(0, rng.choice([4, 50]), len(problem.mentor))
    kind = [Threshold, Leximin][seed % 2]
    score = Level("score", 60, pair=scores)
    levels = [placed(problem), further(problem), kind("fair", 60, scores), balance_level(problem), score]
    whole = solve(problem, levels)
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 1)
    monkeypatch.setattr(search, "AT_ONCE", 1)
    pooled = solve(problem, levels)
    assert np.array_equal(whole.used, pooled.used)
    for left, right in zip(whole.levels, pooled.levels, strict=True):
        assert (left.name, left.value) == (right.name, right.value)
        assert np.array_equal(left.prices, right.prices)


@pytest.mark.parametrize("chunk", range(4))
def test_every_loss_equals_that_of_trying_every_pairing_with_the_change_forced(chunk):
    rng, seen = np.random.default_rng(chunk), 0
    while seen < 30:
        problem = small_problem(rng, quotas=True, spread=bool(rng.integers(2)))
        every = oracles.every_pairing(problem)
        if not len(every):
            continue
        seen += 1
        levels = random_objectives(rng, problem) if chunk % 2 else random_levels(rng, problem)
        levels = levels[: next((k for k, level in enumerate(levels) if isinstance(level, Leximin)), None)]
        used = solve(problem, levels).used
        # Whoever is not required stays at the threshold.
        for fair in (level for level in levels if isinstance(level, Threshold)):
            worst = oracles.every_value(problem, fair, every)
            every = every[worst[:, 0] >= oracles.every_value(problem, fair, used[None])[0, 0]]
        ordinary = [level for level in levels if isinstance(level, Level)]
        sides = zip(oracles.loads(problem, every), oracles.loads(problem, used[None]), strict=True)
        limits = (problem.capacity, problem.wanted)
        asked = (loss_of_using(problem, levels, used), loss_of_placing(problem, levels, used))
        for (others, own), limit, (loss, possible) in zip(sides, limits, asked, strict=True):
            for person in range(len(limit)):
                forced = every[others[:, person] > own[0, person]]
                assert possible[person] == (own[0, person] < limit[person] and len(forced) > 0)
                if not possible[person]:
                    continue
                best = oracles.all_best(problem, ordinary, forced)[:1]
                for level, entry in zip(levels, loss, strict=True):
                    change = oracles.every_value(problem, level, np.array([used, best[0]]))
                    exact = 0 if isinstance(level, Threshold) else change[0, 0] - change[1, 0]
                    assert entry[person] == exact


def test_a_newcomer_elsewhere_changes_nobody_whatever_the_quotas():
    allowed = np.zeros((6, 9))
    allowed[:3, :5] = allowed[3:, 5:] = 1
    own = [
        quota("mentee", [0, 1, 2], maximum=1),
        quota("mentee", [3, 4], minimum=1),
        quota("mentor", [0, 1], maximum=1),
    ]
    new = [quota("mentee", [5, 6, 7], minimum=1, maximum=2), quota("mentor", [3, 4], maximum=1)]
    for seed in range(100):
        before = problem_of(allowed[:3, :5], quotas=own, seed=seed)
        after = problem_of(allowed, quotas=[*own, *new], seed=seed)
        used = solve(after, [placed(after)]).used
        assert np.array_equal(solve(before, [placed(before)]).used, used[after.mentor < 3])


def test_every_member_of_a_quota_is_as_likely_to_be_the_one_left_out():
    draws, out = 300, np.zeros(4, int)
    for seed in range(draws):
        problem = problem_of(
            np.ones((1, 4)), capacity=[4], quotas=[quota("mentee", [0, 1, 2], maximum=2)], seed=seed
        )
        used = solve(problem, [placed(problem)]).used
        out[np.setdiff1d(np.arange(4), problem.mentee[used])] += 1
    assert out[3] == 0
    assert np.all(np.abs(out[:3] / draws - 1 / 3) < 0.08)


def test_quotas_count_people_from_below_and_pairs_from_above():
    # Two mentors for one mentee meet no minimum of two people, and fill a maximum of two pairs.
    both = [[1, 1], [1, 1]]
    least = problem_of(both, wanted=[2, 2], quotas=[quota("mentee", [0, 1], minimum=2)])
    everything = Level("score", 9, pair=np.array([5, 0, 5, 0]))
    answer = solve(least, [everything])
    assert answer.used.sum() == 2
    assert answer.levels[0].value == 5
    most = problem_of(both, wanted=[2, 2], quotas=[quota("mentee", [0], maximum=1)])
    assert solve(most, [everything]).levels[0].value == 5


def test_small_groups_are_kept_and_the_one_that_crosses_is_left():
    quotas = [
        quota("mentee", [0, 1, 2, 3], minimum=1),
        quota("mentee", [3, 4], minimum=1, maximum=9),
        quota("mentee", [0, 1], maximum=1),
    ]
    network, crossing = split(problem_of(np.ones((2, 5)), capacity=[3, 3], quotas=quotas))
    assert [(q.minimum, q.maximum) for q in network] == [(0, None), (1, None), (0, 1)]
    assert [(q.minimum, q.maximum) for q in crossing] == [(1, None), (0, None), (0, None)]


def test_a_minimum_of_people_crosses_a_maximum_of_pairs_only_where_somebody_may_have_several():
    quotas = [quota("mentor", [0, 1], minimum=1), quota("mentor", [1], maximum=1)]
    assert tree(problem_of(np.ones((3, 3)), quotas=quotas[:1]), "mentor").parent.tolist() == [-1]
    shared = problem_of(np.ones((3, 3)), capacity=[1, 2, 1], quotas=quotas)
    assert split(shared)[1][1].maximum == 1
    with pytest.raises(ValueError, match="some groups overlap without one being part of the other"):
        solve(shared, [])


def test_groups_that_count_the_same_are_one_and_those_that_cannot_bind_none():
    quotas = [
        quota("mentee", [0, 1], minimum=1),
        quota("mentee", [0, 1], maximum=1),
        quota("mentee", [0, 2], maximum=2),
        quota("mentee", [1, 2], maximum=2),
        quota("mentee", [0, 1, 2], minimum=0),
    ]
    groups = tree(problem_of([[1, 1, 1], [1, 1, 0]], quotas=quotas), "mentee")
    assert groups.quotas == ((0, 1),)
    assert (groups.low.tolist(), groups.up.tolist()) == ([1], [1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (quota("mentee", [1, 0]), r"quotas\[0\], members: must be sorted, each once, between 0 and 2"),
        (quota("mentor", [2]), r"quotas\[0\], members: must be sorted, each once, between 0 and 1"),
        (quota("mentee", [0], minimum=-1), r"quotas\[0\]: minimum and maximum must lie between 0 and"),
        (quota("mentee", [0], maximum=-1), r"quotas\[0\]: minimum and maximum must lie between 0 and"),
    ],
)
def test_a_quota_out_of_order_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        problem_of(np.ones((2, 3)), quotas=[wrong])


def test_quotas_within_quotas_hold_on_a_large_cohort():
    rng = np.random.default_rng(0)
    mentors, mentees = 100, 200
    score = rng.integers(0, 101, (mentors, mentees))
    nations = [quota("mentee", np.arange(k, k + 50), minimum=30, maximum=48) for k in range(0, 200, 50)]
    regions = [quota("mentee", np.arange(k, k + 10), minimum=6, maximum=9) for k in range(0, 200, 10)]
    employers = [quota("mentor", np.arange(k, k + 5), minimum=2, maximum=9) for k in range(0, 100, 5)]
    problem = problem_of(
        np.ones_like(score), capacity=rng.integers(1, 4, mentors), quotas=[*nations, *regions, *employers]
    )
    used = solve(problem, [placed(problem), score_of(score, problem)]).used
    for rule in problem.quotas:
        side = problem.mentor if rule.side == "mentor" else problem.mentee
        inside = used & np.isin(side, rule.members)
        assert rule.minimum <= len(np.unique(side[inside]))
        assert inside.sum() <= rule.maximum
