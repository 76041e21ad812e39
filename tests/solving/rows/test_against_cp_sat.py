"""Crossing quotas on middling problems, against CP-SAT on the full model, written from the definitions."""

import numpy as np
import pytest
from ortools.sat.python import cp_model

from ipmatch.solving.best import best_pairing
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.problem import Quota
from ipmatch.solving.quotas import split
from tests.solving.instances import further, placed, problem_of, score_of


def middling(seed):
    """9 to 12 mentors, 12 to 16 mentees, and quotas on three ways of grouping either side."""
    rng = np.random.default_rng(seed)
    mentors, mentees = int(rng.integers(9, 13)), int(rng.integers(12, 17))
    quotas = []
    for side, people in (("mentor", mentors), ("mentee", mentees)):
        for _ in range(3):
            group = rng.integers(0, 3, people)
            for k in range(3):
                members = np.flatnonzero(group == k)
                least = int(rng.integers(0, 2)) if len(members) > 2 else 0
                most = least + int(rng.integers(1, 4))
                quotas.append(Quota(side, members, minimum=least, maximum=most))
    problem = problem_of(
        rng.random((mentors, mentees)) < 0.6,
        capacity=rng.integers(1, 3, mentors),
        wanted=np.where(rng.random(mentees) < 0.25, 2, 1),
        quotas=quotas,
        seed=seed,
    )
    score = rng.integers(0, 40, (mentors, mentees))
    return problem, [placed(problem), further(problem), score_of(score, problem)]


def by_cp_sat(problem, levels):
    """The value of each level, best first by the first; None if the rules cannot all hold."""
    model = cp_model.CpModel()
    x = [model.new_bool_var(f"x{pair}") for pair in range(len(problem.mentor))]
    taken = {"mentor": [], "mentee": []}
    for side, limit in (("mentor", problem.capacity), ("mentee", problem.wanted)):
        own = [[x[pair] for pair in np.flatnonzero(getattr(problem, side) == k)] for k in range(len(limit))]
        for some, most in zip(own, limit.tolist(), strict=True):
            has = model.new_bool_var("has")
            model.add(sum(some) <= most)
            model.add(sum(some) >= has)
            model.add(sum(some) <= most * has)
            taken[side].append(has)
    for quota in problem.quotas:
        people = getattr(problem, quota.side)
        model.add(sum(x[pair] for pair in np.flatnonzero(np.isin(people, quota.members))) <= quota.maximum)
        model.add(sum(taken[quota.side][k] for k in quota.members.tolist()) >= quota.minimum)
    values = []
    for level in levels:
        gain = (
            sum(int(worth) * used for worth, used in zip(level.pair, x, strict=True))
            if level.pair is not None
            else 0
        )
        has = taken["mentee"]
        if level.first is not None:
            gain += sum(int(worth) * one for worth, one in zip(level.first, has, strict=True))
        if level.further is not None:
            mentee = problem.mentee.tolist()
            gain += sum(int(level.further[j]) * used for j, used in zip(mentee, x, strict=True))
            gain -= sum(int(worth) * one for worth, one in zip(level.further, has, strict=True))
        model.maximize(gain)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        values.append(round(solver.objective_value))
        model.add(gain == values[-1])
    return tuple(values)


@pytest.mark.parametrize("chunk", range(3))
def test_values_are_those_of_cp_sat(chunk):
    met = 0
    for seed in range(12 * chunk, 12 * chunk + 12):
        problem, levels = middling(seed)
        assert any(quota.minimum or quota.maximum is not None for quota in split(problem)[1])
        expected = by_cp_sat(problem, levels)
        if expected is None:
            with pytest.raises(RulesClash):
                best_pairing(problem, levels)
            continue
        met += 1
        answer = best_pairing(problem, levels)
        assert tuple(level.value for level in answer.levels) == expected, seed
        assert answer.proved
    assert met > 3
