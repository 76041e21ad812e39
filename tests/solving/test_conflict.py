import pickle
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import solve
from tests import oracles
from tests.solving.instances import placed, problem_of, random_problem


def clash_of(problem) -> RulesClash:
    with pytest.raises(RulesClash, match="required pairs and the minimums of") as caught:
        solve(problem, [placed(problem)])
    return caught.value


def keeping(problem, pairs, mentors):
    """The problem with these rules alone."""
    every_pair, every_mentor = np.arange(len(problem.mentor)), np.arange(len(problem.capacity))
    return replace(
        problem,
        required=problem.required & np.isin(every_pair, pairs),
        minimum=np.where(np.isin(every_mentor, mentors), problem.minimum, 0),
    )


@pytest.mark.parametrize("chunk", range(5))
def test_dropping_any_member_of_a_clash_makes_the_rest_feasible(chunk):
    rng, found = np.random.default_rng(chunk), 0
    while found < 20:
        problem = random_problem(rng, rules=0.9)
        if oracles.is_feasible(problem):
            continue
        found += 1
        clash = clash_of(problem)
        pairs, mentors = list(clash.pairs), list(clash.mentors)
        assert all(problem.required[pairs])
        assert all(problem.minimum[mentors] > 0)
        assert not oracles.is_feasible(keeping(problem, pairs, mentors))
        for pair in pairs:
            assert oracles.is_feasible(keeping(problem, [p for p in pairs if p != pair], mentors))
        for mentor in mentors:
            assert oracles.is_feasible(keeping(problem, pairs, [m for m in mentors if m != mentor]))


def test_two_required_pairs_on_one_place_are_the_whole_clash():
    problem = problem_of([[1, 1], [1, 1]], required=[(0, 0), (0, 1)], minimum=[0, 1])
    clash = clash_of(problem)
    assert (clash.pairs, clash.mentors) == ((0, 1), ())


def test_a_minimum_above_the_places_clashes_by_itself():
    clash = clash_of(problem_of([[1, 1], [1, 1]], minimum=[2, 1]))
    assert (clash.pairs, clash.mentors) == ((), (0,))


def test_a_clash_survives_pickling():
    clash = pickle.loads(pickle.dumps(RulesClash((1, 2), (0,))))
    assert (clash.pairs, clash.mentors, str(clash)) == (
        (1, 2),
        (0,),
        "2 required pairs and the minimums of 1 mentors clash.",
    )
