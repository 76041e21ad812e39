from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.alternatives import most_different, sampled_odds, standing
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.lottery import lottery_numbers
from tests import oracles
from tests.solving.instances import (
    placed,
    problem_of,
    random_levels,
    random_objectives,
    score_of,
    small_problem,
)


def instances(seed, count):
    rng, seen = np.random.default_rng(seed), 0
    while seen < count:
        kind = seen % 4
        problem = small_problem(rng, quotas=kind >= 2, spread=kind == 3)
        if len(oracles.every_pairing(problem)):
            seen += 1
            levels = (random_levels if kind < 2 else random_objectives)(rng, problem)
            yield problem, levels, solve(problem, levels)


def draws(problem, seeds):
    mentors, mentees = len(problem.capacity), len(problem.wanted)
    for seed in seeds:
        yield (
            lottery_numbers([f"M{i}" for i in range(mentors)], "mentor", seed),
            lottery_numbers([f"E{j}" for j in range(mentees)], "mentee", seed),
        )


@pytest.mark.parametrize("chunk", range(4))
def test_always_sometimes_and_never_are_those_of_enumeration(chunk):
    for problem, levels, answer in instances(chunk, 80):
        best = oracles.all_best(problem, levels)
        among = standing(problem, levels, answer)
        assert among.always.tolist() == best.all(axis=0).tolist()
        assert among.sometimes.tolist() == (best.any(axis=0) & ~best.all(axis=0)).tolist()
        assert among.unique == (len(best) == 1)


@pytest.mark.parametrize("seed", range(30))
def test_a_pair_is_tied_exactly_where_requiring_or_forbidding_it_costs_nothing(seed):
    rng = np.random.default_rng(seed)
    mentors, mentees = (int(size) for size in rng.integers(5, 50, 2))
    problem = problem_of(
        rng.random((mentors, mentees)) < rng.choice([0.2, 0.6, 1.0]),
        capacity=rng.integers(1, 4, mentors),
        wanted=np.where(rng.random(mentees) < 0.3, 2, 1),
    )
    levels = [placed(problem), score_of(rng.integers(0, [3, 20][seed % 2], (mentors, mentees)), problem)]
    answer = solve(problem, levels)
    exchange = Exchange(problem, levels, answer.used)
    force, forbid = exchange.force(), exchange.forbid()
    free_of_charge = [
        change.possible & ~np.any(change.levels, axis=0).astype(bool) for change in (force, forbid)
    ]
    tied = np.where(answer.used, free_of_charge[1], free_of_charge[0])
    assert standing(problem, levels, answer).sometimes.tolist() == tied.tolist()


@pytest.mark.parametrize("chunk", range(2))
def test_no_other_best_pairing_is_more_different(chunk):
    for problem, levels, answer in instances(10 + chunk, 80):
        best = oracles.all_best(problem, levels)
        other = most_different(problem, levels, answer)
        assert any((row == other).all() for row in best)
        assert (other & answer.used).sum() == (best & answer.used).sum(axis=1).min()


def test_every_drawing_counts_what_solving_with_its_numbers_gives():
    for problem, levels, answer in instances(20, 40):
        pairs = np.zeros(len(problem.mentor), np.int64)
        for mentor_number, mentee_number in draws(problem, range(3)):
            drawn = replace(problem, mentor_number=mentor_number, mentee_number=mentee_number)
            pairs += solve(drawn, levels).used
        odds = sampled_odds(problem, levels, answer, draws(problem, range(3)))
        assert odds.drawings == 3
        assert odds.pairs.tolist() == pairs.tolist()


def test_lots_favour_three_equal_mentees_about_alike():
    problem = problem_of(np.ones((1, 3)))
    levels = [placed(problem)]
    odds = sampled_odds(problem, levels, solve(problem, levels), draws(problem, range(300)))
    assert odds.mentors.tolist() == [300]
    assert odds.mentees.sum() == 300
    assert odds.mentees.min() > 70
    assert odds.pairs.tolist() == odds.mentees.tolist()


def test_what_is_settled_is_settled_in_every_drawing():
    problem = problem_of([[1, 1]])
    levels = [placed(problem), score_of([[3, 2]], problem)]
    answer = solve(problem, levels)
    assert standing(problem, levels, answer).unique
    assert sampled_odds(problem, levels, answer, draws(problem, range(5))).mentees.tolist() == [5, 0]


def test_an_answer_to_other_levels_is_refused():
    problem = problem_of([[1, 1]])
    answer = solve(problem, [placed(problem)])
    with pytest.raises(ValueError, match="levels: the answer does not prove 'score'"):
        standing(problem, [placed(problem), score_of([[3, 2]], problem)], answer)
