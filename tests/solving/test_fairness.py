import numpy as np
import pytest

from ipmatch.solving.balance import balance_level
from ipmatch.solving.certificate import check
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.marginals import loss_of_placing
from ipmatch.solving.problem import Level, Leximin, Threshold
from tests import oracles
from tests.solving.instances import further, placed, problem_of, score_of, small_problem


def fair_problem(rng, kind):
    """A small problem with many required pairs that can hold, and its levels with a fair one among them."""
    while True:
        problem = small_problem(rng, rules=0.5)
        every = oracles.every_pairing(problem)
        if len(every):
            break
    scores = rng.integers(0, rng.choice([4, 12]), len(problem.mentor))
    fair, score = kind("fair", 20, scores), Level("score", 20, pair=scores)
    return problem, every, [placed(problem), further(problem), fair, score]


def prices_of(answer):
    return {level.name: level.prices for level in answer.levels}


@pytest.mark.parametrize("chunk", range(5))
def test_the_lowest_score_of_a_pair_nobody_required_is_as_high_as_can_be(chunk):
    rng = np.random.default_rng(chunk)
    for _ in range(100):
        problem, every, levels = fair_problem(rng, Threshold)
        best = oracles.all_best(problem, levels, every)
        worst = oracles.every_value(problem, levels[2], best)[0, 0]
        answer = solve(problem, levels)
        assert answer.levels[2].value == (None if worst == oracles.NOBODY else worst)
        assert answer.used.tolist() in best.tolist()


@pytest.mark.parametrize("chunk", range(5))
def test_leximin_is_that_of_comparing_all_scores_from_the_worst(chunk):
    rng = np.random.default_rng(chunk)
    for _ in range(100):
        problem, every, levels = fair_problem(rng, Leximin)
        best = oracles.all_best(problem, levels, every)
        answer = solve(problem, levels)
        assert answer.used.tolist() in best.tolist()
        for level in answer.levels:
            if level.name.startswith("fair."):
                own = answer.used & ~problem.required & (levels[2].score == int(level.name[5:]))
                assert level.value == -own.sum()


def test_the_worst_off_come_before_the_total():
    score = np.array([[9, 5], [3, 0]])
    problem = problem_of(score >= 0)
    rank, fair = score_of(score, problem), Threshold("fair", 9, score.ravel())
    assert solve(problem, [placed(problem), rank]).used.tolist() == [True, False, False, True]
    answer = solve(problem, [placed(problem), fair, rank])
    assert answer.used.tolist() == [False, True, True, False]
    assert [level.value for level in answer.levels[:3]] == [2, 3, 8]


def test_a_required_pair_does_not_blind_the_rule_to_the_others():
    score = np.array([[0, 0, 0], [0, 9, 5], [0, 5, 3]])
    problem = problem_of(score >= 0, required=[(0, 0)])
    fair = Threshold("fair", 9, score.ravel())
    answer = solve(problem, [placed(problem), fair, score_of(score, problem)])
    assert answer.levels[1].value == 5
    assert answer.used.reshape(3, 3).nonzero()[1].tolist() == [0, 2, 1]


@pytest.mark.parametrize("kind", [Threshold, Leximin])
def test_without_a_pair_to_compare_nobody_is_worst_off(kind):
    problem = problem_of([[1, 1]], required=[(0, 0)])
    levels = [placed(problem), kind("fair", 9, np.array([3, 5]))]
    answer = solve(problem, levels)
    assert answer.levels[1].value is None
    assert not answer.levels[1].prices.any()
    assert check(problem, levels, answer.used, prices_of(answer)) == []


@pytest.mark.parametrize("seed", range(20))
def test_no_other_pairing_passes_whatever_is_done_to_the_proof_of_the_threshold(seed):
    rng = np.random.default_rng(seed)
    problem, every, levels = fair_problem(rng, [Threshold, Leximin][seed % 2])
    answer = solve(problem, levels)
    prices = prices_of(answer)
    plain = solve(problem, [levels[0], levels[1], levels[3]])
    forged = [prices["fair"], *rng.integers(-3, 4, (4, len(prices["fair"]))), prices["fair"] * 2**50]
    for used in (*rng.permutation(every)[:20], answer.used, plain.used):
        for proof in forged:
            faults = check(problem, levels, used, {**prices, "fair": proof})
            assert faults or np.array_equal(used, answer.used)


def test_a_lower_threshold_is_refuted_even_with_perfect_prices_for_all_other_levels():
    score = np.array([[9, 5], [3, 0]])
    problem = problem_of(score >= 0)
    rank, fair = score_of(score, problem), Threshold("fair", 9, score.ravel())
    plain = solve(problem, [placed(problem), rank])
    prices = prices_of(plain) | {"fair": np.zeros(5, np.int64)}
    (fault,) = check(problem, [placed(problem), fair, rank], plain.used, prices)
    assert fault == "Level 'fair': the prices do not prove that the lowest score 0 must be."


def test_scores_below_the_lowest_have_no_level_of_their_own():
    score = np.array([[9, 5, 1], [7, 5, 1]])
    problem = problem_of(score >= 0)
    answer = solve(problem, [placed(problem), Leximin("fair", 9, score.ravel())])
    names = [level.name for level in answer.levels if level.name.startswith("fair")]
    assert names == ["fair", "fair.5", "fair.7", "fair.9"]


@pytest.mark.parametrize("chunk", range(5))
def test_balance_is_that_of_squared_loads_relative_to_capacity(chunk):
    rng, solved = np.random.default_rng(chunk), 0
    while solved < 100:
        problem = small_problem(rng, spread=True)
        every = oracles.every_pairing(problem)
        if not len(every):
            continue
        solved += 1
        load, given = oracles.loads(problem, every)
        level = balance_level(problem)
        people = (given > 0).sum(axis=1)
        squares = (load**2 * (level.bound // 2) // problem.capacity).sum(axis=1)
        least = squares[people == people.max()].min()
        answer = solve(problem, [placed(problem), level])
        assert answer.levels[1].value == -least


def test_balance_needs_places_of_their_own_and_a_common_multiple():
    with pytest.raises(ValueError, match="level 'balance': needs a spread problem"):
        balance_level(problem_of([[1]]))
    primes = [1009, 1013, 1019, 1021, 1031, 1033, 1039]
    with pytest.raises(ValueError, match="capacities have no common multiple small enough"):
        balance_level(problem_of(np.ones((7, 1)), capacity=primes, spread=True))


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([Level("a", 1, place=np.zeros(3, np.int64), mentor=np.zeros(2, np.int64))], "no gain of mentors"),
        ([Level("a", 1, place=np.zeros(4, np.int64))], "level 'a', place: expected 3 entries"),
        (
            [Level("a", 1, place=np.array([0, 1, 0]))],
            "no place of a mentor may gain more than the one before",
        ),
        ([Leximin("a", 1, np.zeros(3, np.int64)), Level("a.0", 1)], r"level 'a\.0': the name is taken"),
        ([Threshold("a", 1, np.full(3, 2))], "level 'a', score: a gain exceeds the bound 1"),
        ([Threshold("a", 1, np.zeros(2, np.int64))], "level 'a', score: expected 3 entries"),
    ],
)
def test_levels_no_network_can_express_are_refused(levels, message):
    problem = problem_of([[1, 1], [1, 0]], capacity=[3, 3], spread=True)
    with pytest.raises(ValueError, match=message):
        solve(problem, levels)


def test_gains_of_places_need_places_of_their_own():
    with pytest.raises(ValueError, match="level 'a', place: needs a spread problem"):
        solve(problem_of([[1]]), [Level("a", 1, place=np.zeros(1, np.int64))])


def test_a_later_place_may_gain_more_once_an_earlier_level_has_told_them_apart():
    problem = problem_of([[1, 1]], capacity=[2], spread=True)
    levels = [Level("a", 1, place=np.array([0, -1])), Level("b", 1, place=np.array([0, 1]))]
    assert [level.value for level in solve(problem, levels).levels[:2]] == [0, 0]


def test_losses_end_where_a_leximin_level_begins():
    score = np.array([[9, 5], [3, 0]])
    problem = problem_of(score >= 0)
    levels = [placed(problem), Leximin("fair", 9, score.ravel()), score_of(score, problem)]
    loss, possible = loss_of_placing(problem, levels, solve(problem, levels).used)
    assert len(loss) == 1
    assert not possible.any()
