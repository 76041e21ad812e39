import time
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.errors import InternalError, TimeLimitError
from ipmatch.solving import pool
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.network import build
from ipmatch.solving.problem import Level
from ipmatch.solving.quotas import split
from ipmatch.solving.rows import cases, certificate, core, highs, lagrange
from ipmatch.solving.rows.conflict import RowsClash
from ipmatch.solving.rows.search import solve_with_rows
from ipmatch.solving.rows.space import Row, mentees_row, mentors_row, pairs_row, quota_rows, space_of
from tests.solving.instances import placed, problem_of, random_levels, random_problem, score_of
from tests.solving.rows.instances import crossing_cells, enumerate_all, random_quotas, random_rows_problem


def assert_equals_enumeration(problem, levels, rules):
    every = enumerate_all(problem, rules)
    try:
        answer = solve_with_rows(problem, levels, rules)
    except RowsClash:
        assert not len(every.used)
        return None
    assert tuple(level.value for level in answer.levels) == every.best(levels)[0]
    assert answer.proved
    assert answer.unique
    assert np.array_equal(answer.used, every.best_by_lot(levels))
    return answer


@pytest.mark.parametrize("chunk", range(10))
def test_under_rows_every_level_is_as_good_as_enumeration_and_lots_choose_the_same(chunk):
    solved = 0
    for seed in range(1000 * chunk, 1000 * chunk + 50):
        solved += assert_equals_enumeration(*random_rows_problem(np.random.default_rng(seed))) is not None
    assert solved > 25


@pytest.mark.parametrize("chunk", range(4))
def test_quotas_that_cross_are_held_partly_by_the_network_and_partly_by_rows(chunk):
    rng, solved = np.random.default_rng(80_000 + chunk), 0
    while solved < 10:
        problem, levels, _ = random_rows_problem(rng, strict=0.1)
        problem = replace(problem, quotas=random_quotas(rng, problem))
        kept, left = split(problem)
        within = replace(problem, quotas=kept)
        rules = quota_rows(build(within), left)
        if not rules:
            continue
        bare = replace(problem, quotas=())
        every = enumerate_all(bare, quota_rows(build(bare), problem.quotas))
        try:
            answer = solve_with_rows(within, levels, rules)
        except RowsClash:
            assert not len(every.used)
            continue
        solved += 1
        assert tuple(level.value for level in answer.levels) == every.best(levels)[0]
        assert answer.unique
        assert np.array_equal(answer.used, every.best_by_lot(levels))


@pytest.mark.parametrize("seed", range(30))
def test_a_small_core_and_a_small_pool_change_nothing(seed, monkeypatch):
    problem, levels, rules = random_rows_problem(np.random.default_rng(50_000 + seed))
    monkeypatch.setattr(core, "CORE", 1)
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 1)
    monkeypatch.setattr(lagrange, "AT_ONCE", 1)
    assert_equals_enumeration(problem, levels, rules)


@pytest.mark.parametrize("seed", range(40))
def test_without_rows_the_answer_is_that_of_the_network(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, rules=0)
    levels = random_levels(rng, problem)
    answer, other = solve_with_rows(problem, levels, []), solve(problem, levels)
    assert answer.unique
    assert np.array_equal(answer.used, other.used)


@pytest.mark.parametrize(("kept", "best"), [(0, 14), (1, 9), (3, 3)])
def test_the_best_score_by_changes_allowed_need_not_be_concave(kept, best):
    # Weighting kept pairs against points, whatever the weight, never finds the middle one.
    table = np.array([[2, 3, 4], [5, 0, 0], [4, 5, 1]])
    problem = problem_of(np.ones((3, 3)))
    old = np.flatnonzero(problem.mentor == problem.mentee)
    rule = pairs_row(build(problem), "changes", old, low=kept)
    answer = solve_with_rows(problem, [placed(problem), score_of(table, problem)], [rule])
    assert [level.value for level in answer.levels] == [3, best]
    assert answer.unique


def test_a_fraction_rounded_to_more_than_was_asked_for_is_no_answer():
    # Once, two halves of a mentee who wants one mentor became two pairs, and these the best answer yet.
    problem = problem_of(np.ones((2, 1)))
    space = space_of(build(problem), [])
    assert not space.holds(space.network.flow_of(np.array([True, True])))
    assert space.holds(space.network.flow_of(np.array([True, False])))


def test_a_person_with_two_partners_counts_once():
    problem = problem_of(np.ones((2, 2)), capacity=[2, 2], wanted=[2, 2])
    level = Level("pairs", 1, pair=np.ones(4, np.int64))
    one_mentor = mentors_row(build(problem), "one mentor", np.arange(2), up=1)
    one_mentee = mentees_row(build(problem), "one mentee", np.arange(2), up=1)
    assert solve_with_rows(problem, [level], [one_mentor]).used.sum() == 2
    assert solve_with_rows(problem, [level], [one_mentee]).used.sum() == 2
    assert solve_with_rows(problem, [level], [one_mentor, one_mentee]).used.sum() == 1


@pytest.mark.parametrize("seed", range(2))
def test_crossing_quotas_agree_with_another_solver_on_the_full_model(seed):
    from ortools.sat.python import cp_model

    problem, levels, rules = crossing_cells(np.random.default_rng(seed), 60, 40)
    answer = solve_with_rows(problem, levels, rules)
    assert answer.proved
    first, network = build(problem).pairs.start, build(problem)
    model = cp_model.CpModel()
    used = [model.new_bool_var("") for _ in problem.mentor]
    for i, capacity in enumerate(problem.capacity.tolist()):
        model.add(sum(used[p] for p in np.flatnonzero(problem.mentor == i)) <= capacity)
    some = [model.new_bool_var("") for _ in problem.wanted]
    for j in range(len(some)):
        model.add(sum(used[p] for p in np.flatnonzero(problem.mentee == j)) == some[j])
    choice = {first + p: var for p, var in enumerate(used)}
    choice |= {network.first.start + j: var for j, var in enumerate(some)}
    for row in rules:
        total = sum(c * choice[a] for a, c in zip(row.arcs.tolist(), row.coefficients.tolist(), strict=True))
        model.add_linear_constraint(total, row.low or 0, 10**6 if row.up is None else row.up)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    totals = sum(some), sum(int(g) * x for g, x in zip(levels[1].pair, used, strict=True))
    for level, total in zip(answer.levels, totals, strict=True):
        model.maximize(total)
        assert solver.solve(model) == cp_model.OPTIMAL
        assert level.value == round(solver.objective_value)
        model.add(total >= level.value)


def test_the_order_of_rows_does_not_change_the_pairing():
    problem, levels, rules = crossing_cells(np.random.default_rng(5), 30, 20)
    answer, other = solve_with_rows(problem, levels, rules), solve_with_rows(problem, levels, rules[::-1])
    assert answer.unique
    assert other.unique
    assert np.array_equal(answer.used, other.used)


def test_a_deadline_that_has_passed_still_gives_a_pairing_where_the_network_holds_every_rule():
    problem = problem_of(np.ones((4, 4)), minimum=[1, 1, 0, 0])
    answer = solve_with_rows(problem, [placed(problem), score_of(np.ones((4, 4)), problem)], [], deadline=0)
    assert np.bincount(problem.mentor[answer.used], minlength=4)[:2].all()
    assert [level.bound for level in answer.levels] == [None, None]
    assert (answer.proved, answer.unique, answer.claim) == (False, False, "feasible")


def test_a_deadline_before_any_pairing_is_an_error_of_its_own():
    problem = problem_of(np.ones((4, 4)))
    rule = pairs_row(build(problem), "three", np.arange(16), low=3)
    with pytest.raises(TimeLimitError, match="before any pairing that keeps all rules"):
        solve_with_rows(problem, [placed(problem)], [rule], deadline=time.monotonic() - 1)


@pytest.mark.parametrize("calls", range(1, 14, 2))
def test_whenever_the_deadline_strikes_the_bounds_so_far_are_true(calls, monkeypatch):
    left = iter([np.inf] * calls)

    def remaining(deadline):
        if next(left, None) is None:
            raise highs.TimeUp
        return np.inf

    monkeypatch.setattr(highs, "remaining", remaining)
    problem, levels, rules = crossing_cells(np.random.default_rng(2), 40, 30)
    try:
        answer = solve_with_rows(problem, levels, rules)
    except TimeLimitError:
        assert calls < 3
        return
    monkeypatch.undo()
    best = solve_with_rows(problem, levels, rules)
    known = [level for level in answer.levels if level.bound is not None]
    assert answer.levels[: len(known)] == tuple(known)
    assert not answer.unique
    for found, optimum in zip(answer.levels, best.levels, strict=True):
        if found in known:
            assert found.value <= optimum.value <= found.bound
        if found.value < optimum.value:
            break


@pytest.mark.parametrize("seed", [8, 149, 170, 180, 200])
def test_a_total_between_two_that_pairings_can_have_needs_no_cases(seed):
    problem, levels, rules = random_rows_problem(np.random.default_rng(seed))
    fives = [replace(level, bound=5 * level.bound, pair=5 * level.pair) for level in levels[-1:]]
    answer = solve_with_rows(problem, [*levels[:-1], *fives], rules)
    assert answer.proved
    assert answer.entries[len(levels) - 1].kind == "lagrangian"
    assert answer.levels[-1].value == 5 * solve_with_rows(problem, levels, rules).levels[-1].value


def test_proofs_are_told_in_lowest_terms():
    denominators = set()
    for seed in (1, 2, 12):
        problem, levels, rules = crossing_cells(np.random.default_rng(seed), 40, 30)
        nodes = [entry.node for entry in solve_with_rows(problem, levels, rules).entries]
        while nodes:
            node = nodes.pop()
            nodes += node.parts
            denominators.add(node.proof.denominator)
            assert np.gcd.reduce([node.proof.denominator, *node.proof.multipliers]) == 1
    assert {1} < denominators


def test_a_proof_given_up_leaves_a_gap_and_says_so(monkeypatch):
    monkeypatch.setattr(cases, "LEAVES", 0)
    for seed in range(60_000, 60_400):
        problem, levels, rules = random_rows_problem(np.random.default_rng(seed))
        try:
            answer = solve_with_rows(problem, levels, rules)
        except RowsClash:
            continue
        if not answer.proved:
            break
    assert answer.claim == "feasible"
    assert tuple(level.value for level in answer.levels) == enumerate_all(problem, rules).best(levels)[0]
    gaps = [level for level in answer.levels if level.bound != level.value]
    assert gaps
    assert all(level.bound > level.value for level in gaps)


def test_an_answer_that_fails_its_proof_is_never_returned(monkeypatch):
    monkeypatch.setattr(certificate, "check", lambda *_, **__: ["Something is wrong."])
    problem = problem_of([[1]])
    with pytest.raises(InternalError, match=r"fails its own proof: Something is wrong\."):
        solve_with_rows(problem, [placed(problem)], [])


def test_progress_hears_of_every_level():
    problem, heard = problem_of([[1]]), []
    solve_with_rows(problem, [placed(problem)], [], progress=lambda *said: heard.append(said))
    assert heard == [("placed", 1)]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_pair_is_an_answer_too(shape):
    problem = problem_of(np.zeros(shape))
    answer = solve_with_rows(problem, [placed(problem)], [])
    assert answer.unique
    assert not answer.used.any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arcs": np.array([0, 0])}, "every arc must be one of the network's, and come once"),
        ({"arcs": np.array([0, 99])}, "every arc must be one of the network's, and come once"),
        ({"arcs": np.array([0])}, "must be 64-bit integers, one for one"),
        ({"coefficients": np.array([1.0, 1.0])}, "must be 64-bit integers, one for one"),
        ({"coefficients": np.array([1, 2**41])}, "its numbers are too large"),
        ({"low": -(2**41)}, "its numbers are too large"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(change, message):
    problem = problem_of(np.ones((2, 2)))
    row = replace(pairs_row(build(problem), "odd", np.arange(2)), **change)
    with pytest.raises(ValueError, match=f"row 'odd': .*{message}"):
        solve_with_rows(problem, [placed(problem)], [row])


def test_a_row_over_other_arcs_or_with_the_name_of_another_is_refused():
    problem = problem_of(np.ones((2, 2)), wanted=[2, 1])
    network = build(problem)
    further = Row("more", np.array([network.further.start]), np.ones(1, np.int64), up=0)
    with pytest.raises(ValueError, match="only pairs and first mentors or mentees can be counted"):
        solve_with_rows(problem, [placed(problem)], [further])
    twice = pairs_row(network, "twice", np.arange(2))
    with pytest.raises(ValueError, match="row 'twice': the name is taken"):
        solve_with_rows(problem, [placed(problem)], [twice, twice])
