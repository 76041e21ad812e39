import time
from itertools import count

import numpy as np
import pytest

from ipmatch.solving import pool, search
from ipmatch.solving.certificate import check
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.problem import Leximin
from tests.solving.instances import placed, problem_of, score_of


@pytest.fixture
def ticking(monkeypatch):
    """A clock that gains a second whenever it is looked at."""
    clock = count()
    monkeypatch.setattr(search.time, "monotonic", lambda: float(next(clock)))
    return clock


def levels_of(problem, score):
    return [placed(problem), Leximin("fair", 9, score.ravel()), score_of(score, problem)]


@pytest.mark.parametrize("allowed", range(1, 16))
def test_when_time_runs_out_the_levels_proved_so_far_are_proved(allowed, ticking, monkeypatch):
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 2)
    score = np.random.default_rng(0).integers(0, 10, (12, 12))
    problem = problem_of(score >= 0)
    levels = levels_of(problem, score)
    whole = solve(problem, levels)
    names = [level.name for level in whole.levels]
    answer = solve(problem, levels, deadline=next(ticking) + 1.5 + allowed)
    proved = [level.name for level in answer.levels]
    assert proved == names[: len(proved)]
    assert answer.complete == (proved == names)
    prices = {level.name: level.prices for level in answer.levels}
    assert check(problem, levels, answer.used, prices, complete=False) == []
    assert bool(check(problem, levels, answer.used, prices)) != answer.complete
    for early, late in zip(answer.levels, whole.levels, strict=False):
        assert early.value == late.value
        assert np.array_equal(early.prices, late.prices)


def test_even_the_shortest_time_places_people():
    problem = problem_of(np.ones((3, 3)))
    answer = solve(problem, [placed(problem)], deadline=time.monotonic() + 60)
    assert answer.complete
    assert answer.used.sum() == 3


def test_a_first_round_is_had_although_time_runs_out_during_it(ticking):
    problem = problem_of(np.ones((3, 3)))
    answer = solve(problem, [placed(problem)], deadline=next(ticking) + 0.5)
    assert not answer.complete
    assert answer.used.sum() == 3
    assert [level.name for level in answer.levels] == ["placed"]


def test_no_time_at_all_still_finds_a_pairing_and_proves_what_it_can():
    problem = problem_of(np.ones((3, 3)))
    answer = solve(problem, [placed(problem), score_of(np.eye(3), problem)], deadline=time.monotonic())
    assert not answer.complete
    assert answer.used.sum() == 3
    assert [level.name for level in answer.levels] == ["placed"]


def test_a_proof_that_stops_early_may_not_go_on_later():
    problem = problem_of(np.ones((2, 2)))
    levels = [placed(problem), score_of(np.eye(2), problem)]
    answer = solve(problem, levels)
    prices = {level.name: level.prices for level in answer.levels}
    del prices["score"]
    faults = check(problem, levels, answer.used, prices, complete=False)
    assert "Level 'lottery.pairs.0' has prices but is not part of the proof." in faults


def test_a_pairing_worse_by_a_proved_level_fails_even_an_early_proof():
    problem = problem_of(np.ones((2, 2)))
    levels = [placed(problem), score_of(np.eye(2), problem)]
    prices = {"placed": solve(problem, levels).levels[0].prices}
    assert check(problem, levels, np.zeros(4, bool), prices, complete=False)
    assert not check(problem, levels, np.array([False, True, True, False]), prices, complete=False)
