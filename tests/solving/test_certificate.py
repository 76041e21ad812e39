import numpy as np
import pytest

from ipmatch.solving.certificate import check
from ipmatch.solving.lexicographic import solve
from tests import oracles
from tests.solving.instances import placed, problem_of, random_levels, random_problem, score_of


def solved(problem, levels):
    answer = solve(problem, levels)
    return answer.used, {level.name: level.prices for level in answer.levels}


@pytest.fixture
def small():
    score = np.array([[5, 3, 0], [4, 4, 1]])
    problem = problem_of(score >= 0)
    levels = [placed(problem), score_of(score, problem)]
    return problem, levels, *solved(problem, levels)


@pytest.mark.parametrize("seed", range(40))
def test_no_other_pairing_passes_with_the_same_prices(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, rules=0.1)
    while len(problem.mentor) > 10 or not oracles.is_feasible(problem):
        problem = random_problem(rng, rules=0.1)
    levels = random_levels(rng, problem)
    used, prices = solved(problem, levels)
    for other in oracles.pairings(problem):
        assert bool(check(problem, levels, other, prices)) == (not np.array_equal(other, used))


@pytest.mark.parametrize("seed", range(40))
def test_prices_that_still_pass_after_tampering_still_prove_the_one_best_pairing(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, rules=0)
    levels = random_levels(rng, problem)
    used, prices = solved(problem, levels)
    rejected = 0
    for _ in range(20):
        name = str(rng.choice(list(prices)))
        changed = prices[name].copy()
        changed[rng.integers(len(changed))] += rng.choice([-7, -1, 1, 7])
        wrong = used.copy()
        if len(used) and rng.random() < 0.5:
            wrong[rng.integers(len(used))] ^= True
        faults = check(problem, levels, wrong, {**prices, name: changed})
        rejected += bool(faults)
        assert faults or np.array_equal(wrong, used)
    assert rejected > 0


def test_a_pairing_that_breaks_a_rule_is_named_rule_by_rule():
    problem = problem_of([[1, 1], [1, 1], [1, 1]], minimum=[0, 1, 0], required=[(2, 1)])
    used = np.array([True, True, False, False, True, False])
    assert check(problem, [], used, {}) == [
        "Mentor 0 has 2 mentees but only 1 places.",
        "Mentor 1 has 0 mentees but must have 1.",
        "Mentee 0 has 2 mentors but asks for 1.",
        "Mentor 2 and mentee 1 must be paired and are not.",
    ]


@pytest.mark.parametrize("used", [np.ones(2, bool), np.ones(6, int), [True] * 6])
def test_pairs_of_the_wrong_kind_are_a_violation(small, used):
    problem, levels, _, prices = small
    assert check(problem, levels, used, prices) == [
        "The pairs used must be 6 truth values, one for each allowed pair."
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda prices: prices[:-1],
        lambda prices: prices.astype(float),
        lambda prices: prices.astype(object),
        lambda prices: prices.astype(np.int32),
        lambda prices: prices.tolist(),
        lambda prices: prices.reshape(1, -1),
        lambda prices: prices + 2**61,
        lambda prices: np.full_like(prices, np.iinfo(np.int64).min),
        lambda prices: None,
    ],
)
def test_prices_of_the_wrong_kind_are_a_violation_not_a_crash(small, spoil):
    problem, levels, used, prices = small
    faults = check(problem, levels, used, {**prices, "score": spoil(prices["score"])})
    assert faults[0] == "Level 'score': the prices must be 6 64-bit integers within 2**60."


def test_a_level_without_prices_is_a_violation(small):
    problem, levels, used, prices = small
    for name in prices:
        rest = {other: price for other, price in prices.items() if other != name}
        assert f"Level {name!r} has no prices." in check(problem, levels, used, rest)


def test_prices_of_an_unknown_level_are_a_violation(small):
    problem, levels, used, prices = small
    faults = check(problem, levels, used, {**prices, "lottery.pairs.7": prices["placed"]})
    assert faults == ["Level 'lottery.pairs.7' has prices but is not part of the proof."]


def test_a_violation_names_the_first_choice_it_rests_on(small):
    problem, levels, used, prices = small
    swapped = np.array([False, True, False, True, False, False])
    assert check(problem, levels, swapped, prices)[0] == (
        "Level 'score': the prices do not prove the pairing best: "
        "they call for less of the pair of mentor 1 and mentee 0."
    )
    greedy = {**prices, "placed": np.array([0, 9, 0, 0, 0, 0])}
    assert "less of the places of mentor 0" in " ".join(check(problem, levels, used, greedy))
    nobody = np.zeros(6, bool)
    assert "more of the places of mentor 0 (and 1 others)." in check(problem, levels, nobody, prices)[0]


def test_the_node_of_further_mentors_is_named_after_its_mentee():
    problem = problem_of([[1], [1]], wanted=[2])
    used, prices = solved(problem, [placed(problem)])
    prices["placed"] = np.array([0, 0, 0, -1, -5])
    assert "the wishes of mentee 0" in " ".join(check(problem, [placed(problem)], used, prices))


def test_all_zero_prices_do_not_prove_a_pairing_that_could_be_better():
    score = np.array([[5, 0], [0, 5]])
    problem = problem_of(score >= 0)
    used = np.array([False, True, True, False])
    zero = np.zeros(5, np.int64)
    assert check(problem, [score_of(score, problem)], used, {"score": zero})


def test_people_are_called_as_the_caller_likes():
    problem = problem_of([[1, 1], [1, 1], [1, 1]], minimum=[0, 1, 0], required=[(2, 1)])
    used = np.array([True, True, False, False, True, False])
    assert check(problem, [], used, {}, called=lambda side, index: f"{side[-1]}{index}") == [
        "r0 has 2 mentees but only 1 places.",
        "r1 has 0 mentees but must have 1.",
        "e0 has 2 mentors but asks for 1.",
        "r2 and e1 must be paired and are not.",
    ]
