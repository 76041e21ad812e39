"""Big cohorts are solved without a list of pairs, to the same pairs and prices as small ones."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.errors import TimeLimitError
from ipmatch.solving import cycles, flow
from ipmatch.solving.columns import chart, charted, front, scan, search, start
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.proof import faults_of
from ipmatch.solving.columns.search import solve_grid
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import solve
from tests.solving.grids import dense, keys_of, random_goals, random_grid


@pytest.fixture
def narrow(monkeypatch):
    """Poor starts and tiny blocks, so that small grids need many rounds."""

    def set_to(rng):
        monkeypatch.setattr(start, "FIRST", 1)
        monkeypatch.setattr(start, "ANY", int(rng.integers(0, 2)))
        monkeypatch.setattr(scan, "CELLS", int(rng.integers(1, 40)))
        monkeypatch.setattr(charted, "CELLS", int(rng.integers(1, 40)))
        monkeypatch.setattr(chart, "ROOM", int(rng.choice([0, 200, 600, 1 << 26])))
        monkeypatch.setattr(front, "EACH", int(rng.integers(1, 40)))
        monkeypatch.setattr(search, "FEW", int(rng.choice([0, 20])))
        monkeypatch.setattr(search, "KEPT", int(rng.integers(0, 8)))

    return set_to


def both(grid, goals, **options):
    """The answer with all pairs listed, and the one without; None where the rules clash."""
    keys, answers = keys_of(grid), []
    for answer in (
        lambda: solve(dense(grid), [grid.level(goal, keys) for goal in goals]),
        lambda: solve_grid(grid, goals, **options),
    ):
        try:
            answers.append(answer())
        except RulesClash:
            answers.append(None)
    return answers


def assert_same(grid, listed, columns):
    assert (listed is None) == (columns is None)
    if listed is not None:
        assert np.array_equal(keys_of(grid)[listed.used], columns.keys)
        assert [(level.name, level.value, level.prices.tolist()) for level in columns.levels] == [
            (level.name, level.value, level.prices.tolist()) for level in listed.levels
        ]


@pytest.mark.parametrize("seed", range(150))
def test_pairs_and_every_price_are_those_of_the_listed_problem(seed, narrow):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng)
    goals = random_goals(rng, grid)
    narrow(rng)
    assert_same(grid, *both(grid, goals, listed=int(rng.choice([0, 5, 10**6]))))


@pytest.mark.parametrize("seed", range(40))
def test_a_solver_that_is_nearly_right_finds_the_same(seed, narrow, monkeypatch):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng)
    goals = random_goals(rng, grid)
    narrow(rng)

    def spoil(cost, nodes):
        cost += rng.integers(-5, 6, len(cost))

    monkeypatch.setattr(flow, "_tell_apart", spoil)
    monkeypatch.setattr(cycles, "FOLLOWED", int(rng.choice([0, 30])))
    assert_same(grid, *both(grid, goals, listed=0))


@pytest.mark.parametrize("seed", range(20))
def test_middling_grids_need_no_more_than_a_small_part_of_their_pairs(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(chart, "ROOM", int(rng.choice([0, 1 << 26])))
    grid = random_grid(rng, people=90, rules=seed % 2 == 0)
    assert_same(grid, *both(grid, random_goals(rng, grid), listed=40))


@pytest.mark.parametrize("seed", range(60))
def test_a_clash_is_irreducible_among_all_pairs(seed, narrow):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=5)
    grid = replace(grid, minimum=np.minimum(grid.capacity, rng.integers(0, 3, len(grid.capacity))))
    narrow(rng)
    try:
        solve_grid(grid, [])
    except RulesClash as clash:
        problem = dense(grid)
        rules = [("required", k) for k in clash.pairs] + [("minimum", i) for i in clash.mentors]
        rules += [("least", k) for k in clash.quota_minimums] + [("most", k) for k in clash.quota_maximums]
        places = np.flatnonzero(problem.required)
        assert rules
        assert not _can_hold(problem, places, rules)
        assert all(_can_hold(problem, places, [rule for rule in rules if rule != one]) for one in rules)
    else:
        with pytest.raises(ValueError, match="no clash"):
            _refuse_to_clash(dense(grid))


def _refuse_to_clash(problem):
    try:
        solve(problem, [])
    except RulesClash:
        return
    raise ValueError("no clash")


def _can_hold(problem, places, rules):
    required, minimum = np.zeros_like(problem.required), np.zeros_like(problem.minimum)
    required[places[[k for kind, k in rules if kind == "required"]]] = True
    chosen = [i for kind, i in rules if kind == "minimum"]
    minimum[chosen] = problem.minimum[chosen]
    quotas = tuple(
        replace(
            quota,
            minimum=quota.minimum if ("least", k) in rules else 0,
            maximum=quota.maximum if ("most", k) in rules else None,
        )
        for k, quota in enumerate(problem.quotas)
    )
    try:
        solve(replace(problem, required=required, minimum=minimum, quotas=quotas), [])
    except RulesClash:
        return False
    return True


@pytest.mark.parametrize("seed", range(30))
def test_a_changed_pairing_fails_the_proof(seed):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=7)
    goals = random_goals(rng, grid)
    try:
        answer = solve_grid(grid, goals)
    except RulesClash:
        return
    prices = {level.name: level.prices for level in answer.levels}
    crew = Crew(grid.terrain)
    for listed in (0, 10**6):
        assert faults_of(grid, goals, answer.keys, prices, crew, listed=listed) == []
        for key in answer.keys:
            assert faults_of(grid, goals, np.setdiff1d(answer.keys, key), prices, crew, listed=listed)
        for key in np.setdiff1d(keys_of(grid), answer.keys)[:10]:
            assert faults_of(grid, goals, np.union1d(answer.keys, key), prices, crew, listed=listed)


@pytest.mark.parametrize("seed", range(12))
def test_prices_that_no_longer_prove_are_refused_as_for_the_listed_problem(seed):
    from ipmatch.solving import certificate

    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=6)
    goals = random_goals(rng, grid)
    try:
        answer = solve_grid(grid, goals)
    except RulesClash:
        return
    keys, crew = keys_of(grid), Crew(grid.terrain)
    levels, used = [grid.level(goal, keys) for goal in goals], np.isin(keys, answer.keys)
    for level in answer.levels:
        for node in range(1, len(level.prices)):
            prices = {level.name: level.prices.copy() for level in answer.levels}
            prices[level.name][node] += rng.choice([-3, -1, 1, 2])
            listed = certificate.check(dense(grid), levels, used, prices)
            ours = faults_of(grid, goals, answer.keys, prices, crew, listed=int(rng.choice([0, 10**6])))
            assert bool(ours) == bool(listed)
    missing = {level.name: level.prices for level in answer.levels[1:]}
    if answer.levels:
        assert faults_of(grid, goals, answer.keys, missing, crew)


class Faulty(Executor):
    """Breaks in all the ways an executor can: some work is lost, some refused, some done."""

    def __init__(self, seed):
        self._rng, self._pool = np.random.default_rng(seed), ThreadPoolExecutor(1)

    def submit(self, fn, /, *args, **kwargs):
        fate = self._rng.integers(4)
        if fate == 0:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if fate == 1:
            lost = Future()
            lost.set_exception(ConnectionError("the worker died"))
            return lost
        return self._pool.submit(fn, *args, **kwargs)


@pytest.mark.parametrize("seed", range(15))
def test_lost_and_refused_work_is_done_here(seed):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=20)
    assert_same(grid, *both(grid, random_goals(rng, grid), executor=Faulty(seed), listed=5))


def test_every_round_has_a_bound_that_falls_to_the_value():
    rng = np.random.default_rng(3)
    grid = random_grid(rng, people=90, rules=False)
    goals, seen = random_goals(rng, grid), []
    answer = solve_grid(grid, goals, told=lambda *told: seen.append(told), listed=0)
    values = {level.name: level.value for level in answer.levels}
    assert {name for name, *_ in seen} == set(values)
    for name, _, value, bound in seen:
        assert value <= values[name] <= bound
    last = {name: (value, bound) for name, _, value, bound in seen}
    assert all(value == bound == values[name] for name, (value, bound) in last.items())


def test_no_time_is_no_pairing_and_no_answer():
    grid = random_grid(np.random.default_rng(0), rules=False)
    with pytest.raises(TimeLimitError, match="before any pairing was found"):
        solve_grid(grid, [], deadline=0.0)


def test_a_clash_of_the_pool_alone_is_not_told(narrow):
    """A pool of one pair a mentee often cannot fill the minimums that all pairs can."""
    clashing = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        grid = random_grid(rng, people=8, rules=False)
        grid = replace(grid, minimum=np.ones_like(grid.capacity))
        narrow(rng)
        pool = grid.listed(start.first_keys(grid, [], Crew(grid.terrain)))
        listed, columns = both(grid, [])
        assert (listed is None) == (columns is None)
        try:
            solve(pool, [])
        except RulesClash:
            clashing += listed is not None
    assert clashing > 3
