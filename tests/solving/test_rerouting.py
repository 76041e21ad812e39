"""After one change the pairing found along shortest ways is the one that solving again finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving import chains, rerouting
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.faces import with_only
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.problem import Level, Threshold
from ipmatch.solving.rerouting import Rerouting, rerouting_of
from tests.solving import changes
from tests.solving.instances import (
    placed,
    problem_of,
    quota,
    random_objectives,
    random_quotas,
    score_of,
    small_problem,
)
from tests.solving.test_chains import crosses


def kept(used):
    return Level("kept", 1, pair=used.astype(np.int64))


def solved_again(problem, levels, pairs=None):
    """The pairs of the problem used by the best pairing within a mask, None if the rules clash."""
    pairs = np.ones(len(problem.mentor), bool) if pairs is None else pairs
    used = np.zeros_like(pairs)
    try:
        used[pairs] = solve(*with_only(problem, levels, pairs)).used
    except RulesClash:
        return None
    return used


def every_change(problem, levels, used):
    """Each single change of a problem: its name, the answer along shortest ways, and the one solved again."""
    asked = Rerouting(problem, levels, used)
    for pair in range(len(used)):
        required, others = changes.with_required(problem, pair), np.arange(len(used)) != pair
        yield "require", asked.requiring(pair), solved_again(required, levels)
        yield "forbid", asked.forbidding(pair), solved_again(problem, levels, others)
    for i in range(len(problem.capacity)):
        freed = changes.with_entry(problem, "minimum", i, 0)
        yield "mentor", asked.without(mentors=[i]), solved_again(freed, levels, problem.mentor != i)
    for j in range(len(problem.wanted)):
        yield "mentee", asked.without(mentees=[j]), solved_again(problem, levels, problem.mentee != j)


@pytest.mark.parametrize("chunk", range(3))
def test_every_single_change_is_answered_as_by_solving_again(chunk):
    rng, seen = np.random.default_rng(chunk), set()
    for case in range(30):
        problem = small_problem(rng, rules=0.2, quotas=case % 2 == 0, spread=case % 3 == 0)
        levels = [level for level in random_objectives(rng, problem) if isinstance(level, Level)]
        used = solved_again(problem, levels)
        if used is None:
            continue
        for order in ([*levels, kept(used)], [kept(used), *levels]):
            for name, found, again in every_change(problem, order, used):
                seen.add((name, found is None))
                assert (found is None) == (again is None), (case, name)
                assert found is None or (found == again).all(), (case, name)
    assert len(seen) >= 6


def middling(rng):
    """Fourteen mentors of up to five places, twenty-two mentees, some of whom ask for two; nested quotas."""
    allowed = rng.random((14, 22)) < 0.5
    while True:
        problem = problem_of(
            allowed,
            capacity=rng.integers(1, 6, 14),
            wanted=rng.integers(1, 3, 22),
            quotas=random_quotas(rng, {"mentor": 14, "mentee": 22}),
        )
        levels = [placed(problem), score_of(rng.integers(0, 9, allowed.shape), problem)]
        used = None if crosses(problem) else solved_again(problem, levels)
        if used is not None:
            return problem, levels, used


def test_people_with_many_pairs_are_rerouted_one_unit_after_the_other():
    rng, most = np.random.default_rng(7), 0
    for _ in range(6):
        problem, levels, used = middling(rng)
        asked = Rerouting(problem, [*levels, kept(used)], used)
        for i in range(len(problem.capacity)):
            again = solved_again(problem, [*levels, kept(used)], problem.mentor != i)
            found = asked.without(mentors=[i])
            assert (found is None) == (again is None)
            assert found is None or (found == again).all()
            most = max(most, int(used[problem.mentor == i].sum()))
        gone = {"mentors": [0], "mentees": [1, 2]}
        pairs = (problem.mentor != 0) & ~np.isin(problem.mentee, gone["mentees"])
        found, again = asked.without(**gone), solved_again(problem, [*levels, kept(used)], pairs)
        assert found is None or (found == again).all()
    assert most >= 4


def test_what_the_lottery_has_not_drawn_is_left_to_solving_again(monkeypatch):
    problem = problem_of(np.ones((4, 2)))
    levels = [placed(problem)]
    used = solve(problem, levels).used
    one = int(np.flatnonzero(used)[0])
    assert rerouting_of(problem, [*levels, kept(used)], used).forbidding(one) is not None
    # Without any drawing of pairs two ways are as short.
    monkeypatch.setattr(rerouting, "_SLICES", 0)
    monkeypatch.setattr(rerouting, "people_levels", lambda problem: ())
    again = replace(problem)
    assert rerouting_of(again, [*levels, kept(used)], used).forbidding(one) is None
    monkeypatch.undo()
    solved, rerouted = (chains.forbidding(each, levels, used, one) for each in (again, problem))
    assert solved.links == rerouted.links


def test_questions_about_single_changes_are_not_solved_again(monkeypatch):
    rng = np.random.default_rng(3)
    problem, levels, used = middling(rng)

    def refuse(*_, **__):
        raise AssertionError("solved again")

    monkeypatch.setattr(chains, "best_pairing", refuse)
    assert chains.requiring(problem, levels, used, int(np.flatnonzero(~used)[0])).moves
    assert chains.without_mentor(problem, levels, used, int(problem.mentor[used][0])).moves


def test_a_pairing_that_is_not_the_best_or_rules_beyond_the_network_are_solved_again():
    problem = problem_of(np.ones((2, 2)))
    levels = [placed(problem), score_of([[9, 0], [0, 9]], problem)]
    best = np.array([True, False, False, True])
    assert rerouting_of(problem, levels, best) is not None
    assert rerouting_of(problem, levels, ~best) is None
    worst_off = Threshold("fairness", 9, np.array([9, 0, 0, 9]))
    assert rerouting_of(problem, [placed(problem), worst_off], best) is None
    crossing = [quota("mentee", members, maximum=1) for members in ([0, 1], [1, 2])]
    wider = problem_of(np.ones((3, 3)), quotas=crossing)
    assert rerouting_of(wider, [placed(wider)], np.eye(3, dtype=bool).ravel()) is None
