from dataclasses import replace

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving import pool, ways
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.marginals import distances, loss_of_placing, loss_of_using
from ipmatch.solving.network import build
from tests import oracles
from tests.solving.instances import placed, problem_of, random_levels, random_problem, score_of


@pytest.mark.parametrize("chunk", range(8))
def test_every_loss_equals_that_of_solving_again_with_the_change_forced(chunk, monkeypatch):
    if chunk >= 4:
        # So few pairs to begin with, and so few known from solving, that most shortest paths need others.
        monkeypatch.setattr(pool, "WHOLE", 0)
        monkeypatch.setattr(pool, "FIRST", 1)
    rng, seen = np.random.default_rng(chunk), 0
    while seen < 25:
        problem = random_problem(rng)
        if chunk % 2:
            # Room for more almost everywhere: nobody may pay for a new unit with a unit of their own.
            mentors, mentees = len(problem.capacity), len(problem.wanted)
            problem = replace(
                problem, capacity=rng.integers(2, 4, mentors), wanted=rng.integers(2, 4, mentees)
            )
        if not oracles.is_feasible(problem):
            continue
        seen += 1
        levels = random_levels(rng, problem)
        used = solve(problem, levels).used
        if chunk >= 4:
            problem.kept["pool"] = rng.random(len(used)) < 0.2
        now = oracles.values(problem, levels, used)
        load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
        given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
        for rule, count, limit, (loss, possible) in (
            ("mentor_at_least", load, problem.capacity, loss_of_using(problem, levels, used)),
            ("mentee_at_least", given, problem.wanted, loss_of_placing(problem, levels, used)),
        ):
            for person in range(len(count)):
                again = None
                if count[person] < limit[person]:
                    again = oracles.best(problem, levels, **{rule: {person: int(count[person]) + 1}})
                assert possible[person] == (again is not None)
                if again is None:
                    assert all(entry[person] == 0 for entry in loss)
                else:
                    exact = tuple(before - after for before, after in zip(now, again[0], strict=True))
                    assert tuple(int(entry[person]) for entry in loss) == exact


def test_distances_compare_levels_in_order_and_never_mix_them():
    # Placing mentee 1 unplaces mentee 0: no loss of people, one point of score.
    score = np.array([[3, 2]])
    problem = problem_of([[1, 1]])
    levels = [placed(problem), score_of(score, problem)]
    used = np.array([True, False])
    (people, points), reachable = distances(problem, levels, used, to_root=False)
    assert people.tolist() == [0, 1, 1, 1]
    assert points.tolist() == [0, 3, 0, 1]
    assert reachable.all()
    loss, possible = loss_of_placing(problem, levels, used)
    assert [entry.tolist() for entry in loss] == [[0, 0], [0, 1]]
    assert possible.tolist() == [False, True]


def test_a_node_no_change_can_reach_says_so():
    problem = problem_of([[1, 0]])
    (people,), reachable = distances(problem, [placed(problem)], np.array([True]), to_root=False)
    assert reachable.tolist() == [True, True, True, False]
    assert people[3] == 0


def test_the_distance_of_the_root_is_zero_both_ways():
    rng = np.random.default_rng(0)
    problem = random_problem(rng, rules=0)
    levels = [placed(problem)]
    used = solve(problem, levels).used
    for to_root in (True, False):
        (people,), reachable = distances(problem, levels, used, to_root=to_root)
        assert len(people) == build(problem).nodes
        assert people[0] == 0
        assert reachable[0]


def test_a_pairing_that_is_not_the_best_has_no_distances():
    problem = problem_of([[1, 1]])
    levels = [score_of([[3, 2]], problem)]
    with pytest.raises(InternalError, match="A cycle of negative cost remains"):
        distances(problem, levels, np.array([False, True]), to_root=True)


def test_losses_for_a_few_are_those_for_everyone_and_nothing_is_said_of_the_others():
    rng = np.random.default_rng(7)
    for _ in range(40):
        problem = random_problem(rng, rules=0)
        levels = random_levels(rng, problem)
        used = solve(problem, levels).used
        for ask, people in ((loss_of_using, problem.capacity), (loss_of_placing, problem.wanted)):
            among = rng.random(len(people)) < 0.5
            every, can = ask(problem, levels, used)
            some, can_too = ask(problem, levels, used, among=among)
            assert np.array_equal(can_too, can & among)
            for left, right in zip(every, some, strict=True):
                assert np.array_equal(np.where(among, left, 0), right)


@pytest.mark.parametrize("first", [0, 1, 3])
def test_paths_along_few_pairs_are_as_short_as_along_all(first, monkeypatch):
    rng = np.random.default_rng(first)
    for _ in range(40):
        problem = random_problem(rng)
        if not oracles.is_feasible(problem):
            continue
        levels = random_levels(rng, problem)
        used = solve(problem, levels).used
        every = [distances(problem, levels, used, to_root=way) for way in (True, False)]
        with monkeypatch.context() as patch:
            patch.setattr(pool, "WHOLE", 0)
            patch.setattr(pool, "FIRST", first)
            patch.setattr(ways, "AT_ONCE", 1)
            again = replace(problem)
            found = [distances(again, levels, used, to_root=way) for way in (True, False)]
        for (left, reach), (right, reach_too) in zip(every, found, strict=True):
            assert np.array_equal(left, right)
            assert np.array_equal(reach, reach_too)


def test_a_better_pairing_is_noticed_even_where_no_pair_of_it_was_looked_at_first(monkeypatch):
    monkeypatch.setattr(pool, "WHOLE", 0)
    monkeypatch.setattr(pool, "FIRST", 0)
    problem = problem_of([[1, 1]])
    levels = [score_of([[3, 2]], problem)]
    with pytest.raises(InternalError, match="A cycle of negative cost remains"):
        distances(problem, levels, np.array([False, True]), to_root=True)
