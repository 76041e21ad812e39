from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from ipmatch.errors import InternalError
from ipmatch.solving import certificate, lottery, pool, search
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import Assignment, solve
from ipmatch.solving.problem import Level, Problem
from tests import oracles
from tests.solving.instances import placed, problem_of, random_levels, random_problem, score_of


def all_levels(problem, levels, answer):
    """The levels an answer proved, the lottery's included."""
    names = [level.name for level in answer.levels]
    result = list(levels)
    for level in oracles.lottery_levels(problem):
        if len(result) == len(names):
            break
        if level.name in names:
            result.append(level)
    assert [level.name for level in result] == names
    return result


def prices_of(answer: Assignment):
    return {level.name: level.prices for level in answer.levels}


def assert_equals_the_oracle(problem: Problem, levels: list[Level]) -> None:
    answer = solve(problem, levels)
    every = all_levels(problem, levels, answer)
    value, ways, used = oracles.best(problem, every)
    assert tuple(level.value for level in answer.levels) == value
    assert oracles.values(problem, every, answer.used) == value
    assert ways == 1
    assert set(np.flatnonzero(answer.used)) == used
    # Levels left out had nothing to decide: with them in, the answer is the same.
    first_lots = [level for level, _ in zip(oracles.lottery_levels(problem), range(5), strict=False)]
    assert oracles.best(problem, [*levels, *first_lots])[2] == used


@pytest.mark.parametrize("chunk", range(21))
def test_every_level_is_as_good_as_enumeration_and_the_answer_the_only_one(chunk):
    rng, solved = np.random.default_rng(chunk), 0
    while solved < 100:
        problem = random_problem(rng)
        levels = random_levels(rng, problem)
        if oracles.is_feasible(problem):
            assert_equals_the_oracle(problem, levels)
            solved += 1
        else:
            with pytest.raises(RulesClash, match=r"required pairs and the minimums of .* mentors clash"):
                solve(problem, levels)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_the_people_the_answer_is_that_of_enumeration(data):
    mentors, mentees = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 4))
    table = st.lists(st.integers(-5, 9), min_size=mentees, max_size=mentees)
    score = np.reshape(data.draw(st.lists(table, min_size=mentors, max_size=mentors)), (mentors, mentees))
    people = st.integers(1, 3)
    problem = problem_of(
        score > -5,
        capacity=data.draw(st.lists(people, min_size=mentors, max_size=mentors)),
        wanted=data.draw(st.lists(people, min_size=mentees, max_size=mentees)),
    )
    levels = (
        [placed(problem), score_of(score, problem)]
        if data.draw(st.booleans())
        else [score_of(score, problem)]
    )
    assert_equals_the_oracle(problem, levels)


@pytest.mark.parametrize(("mentors", "mentees"), [(60, 60), (80, 120), (120, 80), (200, 200)])
@pytest.mark.parametrize("most", [3, 50, 1000])
def test_middling_totals_equal_those_of_scipy(mentors, mentees, most):
    score = np.random.default_rng(most).integers(0, most, (mentors, mentees))
    problem = problem_of(np.ones_like(score))
    answer = solve(problem, [placed(problem), score_of(score, problem)])
    rows, columns = linear_sum_assignment(score, maximize=True)
    assert answer.levels[0].value == min(mentors, mentees)
    assert answer.levels[1].value == score[rows, columns].sum()


@pytest.mark.parametrize("seed", range(100))
def test_the_order_of_rows_changes_neither_pairs_nor_prices(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, rules=0)
    levels = random_levels(rng, problem)
    turn_mentors, turn_mentees = rng.permutation(len(problem.capacity)), rng.permutation(len(problem.wanted))
    new_mentor, new_mentee = np.argsort(turn_mentors), np.argsort(turn_mentees)
    order = np.lexsort((new_mentee[problem.mentee], new_mentor[problem.mentor]))
    turned = Problem(
        capacity=problem.capacity[turn_mentors],
        minimum=problem.minimum[turn_mentors],
        wanted=problem.wanted[turn_mentees],
        mentor=new_mentor[problem.mentor][order],
        mentee=new_mentee[problem.mentee][order],
        required=problem.required[order],
        mentor_number=problem.mentor_number[turn_mentors],
        mentee_number=problem.mentee_number[turn_mentees],
    )

    def turn(level):
        def taken(vector, rows):
            return None if vector is None else vector[rows]

        return replace(
            level,
            pair=taken(level.pair, order),
            first=taken(level.first, turn_mentees),
            further=taken(level.further, turn_mentees),
            mentor=taken(level.mentor, turn_mentors),
        )

    answer, other = solve(problem, levels), solve(turned, [turn(level) for level in levels])
    assert np.array_equal(answer.used[order], other.used)
    asking = 1 + len(turn_mentors) + len(turn_mentees)
    rank = np.cumsum(problem.wanted > 1) - 1
    nodes = np.concatenate(
        [
            [0],
            1 + turn_mentors,
            1 + len(turn_mentors) + turn_mentees,
            asking + rank[[j for j in turn_mentees if problem.wanted[j] > 1]],
        ]
    ).astype(int)
    for level, turned_level in zip(answer.levels, other.levels, strict=True):
        assert level.value == turned_level.value
        assert np.array_equal(level.prices[nodes], turned_level.prices)


@pytest.mark.parametrize("seed", range(30))
def test_a_small_pool_finds_the_same_pairs_and_prices_as_all_pairs(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    mentors, mentees = 25, 40
    problem = problem_of(
        rng.random((mentors, mentees)) < rng.choice([0.2, 1.0]),
        capacity=rng.integers(1, 3, mentors),
        minimum=np.where(rng.random(mentors) < 0.2, 1, 0),
        wanted=rng.integers(1, 3, mentees),
    )
    score = rng.integers(0, rng.choice([3, 50]), (mentors, mentees))
    levels = [placed(problem), score_of(score, problem)]
    whole = solve(problem, levels)
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 1)
    monkeypatch.setattr(search, "AT_ONCE", 1)
    pooled = solve(problem, levels)
    assert np.array_equal(whole.used, pooled.used)
    for left, right in zip(whole.levels, pooled.levels, strict=True):
        assert (left.name, left.value) == (right.name, right.value)
        assert np.array_equal(left.prices, right.prices)


def test_levels_too_many_to_weigh_in_one_number_are_still_exact(monkeypatch):
    monkeypatch.setattr(pool, "WHOLE", 0)
    rng = np.random.default_rng(0)
    problem = problem_of(np.ones((15, 15)))
    levels = [
        Level(f"level.{k}", 2**45, pair=rng.integers(0, 2, len(problem.mentor)) * 2**45) for k in range(40)
    ]
    pooled = solve(problem, levels)
    monkeypatch.undo()
    whole = solve(problem, levels)
    assert np.array_equal(pooled.used, whole.used)
    assert all(left.value == right.value for left, right in zip(pooled.levels, whole.levels, strict=True))


def test_minimums_that_need_unloved_pairs_are_met_even_from_a_small_pool(monkeypatch):
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 1)
    score = np.full((3, 6), 9)
    score[1:] = 0
    problem = problem_of(score >= 0, capacity=[6, 3, 3], minimum=[0, 3, 3])
    answer = solve(problem, [placed(problem), score_of(score, problem)])
    assert [level.value for level in answer.levels[:2]] == [6, 0]


def test_more_slices_are_drawn_until_one_pairing_is_left(monkeypatch):
    monkeypatch.setattr(lottery, "_BITS", 1)
    problem = problem_of(np.ones((6, 6)))
    answer = solve(problem, [placed(problem)])
    assert answer.levels[-1].name > "lottery.pairs.0"
    every = all_levels(problem, [placed(problem)], answer)
    assert oracles.best(problem, every)[1] == 1
    shorter = prices_of(answer)
    del shorter[answer.levels[-1].name]
    assert "not the only best one" in certificate.check(problem, [placed(problem)], answer.used, shorter)[0]


def test_people_come_before_further_places():
    # One cost for each unit of demand would as gladly give both mentors to the first mentee.
    problem = problem_of([[1, 1], [1, 0]], wanted=[2, 1])
    answer = solve(problem, [placed(problem)])
    assert answer.levels[0].value == 2


def test_progress_hears_of_every_proved_level():
    problem, heard = problem_of([[1]]), []
    answer = solve(problem, [placed(problem)], progress=lambda name, value: heard.append((name, value)))
    assert heard == [(level.name, level.value) for level in answer.levels]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_pair_is_an_answer_too(shape):
    problem = problem_of(np.zeros(shape))
    answer = solve(problem, [placed(problem)])
    assert answer.used.sum() == answer.levels[0].value == 0


def test_a_forbidden_pair_is_never_used_even_when_every_score_is_zero():
    problem = problem_of([[1, 0], [1, 1]])
    answer = solve(problem, [placed(problem), score_of(np.zeros((2, 2)), problem)])
    assert answer.used.tolist() == [True, False, True]


def test_an_answer_that_fails_its_proof_is_never_returned(monkeypatch):
    problem = problem_of([[1]])
    monkeypatch.setattr(certificate, "check", lambda *_, **__: ["Something is wrong."])
    with pytest.raises(InternalError, match=r"fails its own proof: Something is wrong\."):
        solve(problem, [placed(problem)])


def test_a_solver_that_returns_a_poor_flow_is_found_out(monkeypatch):
    problem = problem_of([[1]])
    monkeypatch.setattr(search, "cheapest_flow", lambda network, *_: network.low.copy())
    with pytest.raises(InternalError, match="A cycle of negative cost remains"):
        solve(problem, [placed(problem)])


def test_two_people_with_one_lottery_number_are_refused():
    problem = problem_of(np.ones((2, 2)))
    same = replace(problem, mentor_number=np.zeros(2, np.uint64))
    with pytest.raises(ValueError, match="mentor_number: two people drew the same number"):
        solve(same, [placed(same)])
