import pickle
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.conflict import Relaxation, RulesClash, relaxations
from ipmatch.solving.lexicographic import solve
from tests import oracles
from tests.solving.instances import placed, problem_of, quota, random_problem, small_problem


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


def clashing(rng):
    """A random small problem with quotas whose rules cannot all hold."""
    while True:
        problem = small_problem(rng, rules=0.7, quotas=True)
        if not len(oracles.every_pairing(problem)):
            return problem


def keeping_quotas(problem, clash, *, but=None):
    """The problem with the rules of a clash alone, perhaps but one of them."""
    rules = {(kind, k) for kind in KINDS for k in getattr(clash, kind)} - {but}
    kept = keeping(
        problem, [k for kind, k in rules if kind == "pairs"], [k for kind, k in rules if kind == "mentors"]
    )
    quotas = tuple(
        replace(
            own,
            minimum=own.minimum if ("quota_minimums", k) in rules else 0,
            maximum=own.maximum if ("quota_maximums", k) in rules else None,
        )
        for k, own in enumerate(problem.quotas)
    )
    return replace(kept, quotas=quotas)


KINDS = ("pairs", "mentors", "quota_minimums", "quota_maximums")


@pytest.mark.parametrize("chunk", range(4))
def test_with_quotas_too_dropping_any_member_of_a_clash_makes_the_rest_feasible(chunk):
    rng, kinds = np.random.default_rng(chunk), set()
    for _ in range(40):
        problem = clashing(rng)
        with pytest.raises(RulesClash) as caught:
            solve(problem, [placed(problem)])
        clash = caught.value
        assert not len(oracles.every_pairing(keeping_quotas(problem, clash)))
        for kind in KINDS:
            for k in getattr(clash, kind):
                kinds.add(kind)
                assert len(oracles.every_pairing(keeping_quotas(problem, clash, but=(kind, k))))
    assert kinds == set(KINDS)


def relaxed(problem, change, to):
    """The problem with the number of a relaxation put to ``to``."""
    required, minimum, capacity = (
        getattr(problem, name).copy() for name in ("required", "minimum", "capacity")
    )
    quotas = list(problem.quotas)
    match change.kind:
        case "pair":
            required[change.index] = to
        case "mentor":
            minimum[change.index] = to
        case "capacity":
            capacity[change.index] = to
        case "quota-minimum":
            quotas[change.index] = replace(quotas[change.index], minimum=to)
        case "quota-maximum":
            quotas[change.index] = replace(quotas[change.index], maximum=to)
    return replace(problem, required=required, minimum=minimum, capacity=capacity, quotas=tuple(quotas))


def nearer_first(problem, change):
    """Every number that a relaxation could have put in the place of the present one."""
    match change.kind:
        case "pair":
            return [0]
        case "mentor":
            return range(int(problem.minimum[change.index]) - 1, -1, -1)
        case "capacity":
            return range(int(problem.capacity[change.index]) + 1, 13)
        case "quota-minimum":
            return range(problem.quotas[change.index].minimum - 1, -1, -1)
        case "quota-maximum":
            return range(problem.quotas[change.index].maximum + 1, 13)


@pytest.mark.parametrize("chunk", range(3))
def test_a_relaxation_is_the_nearest_number_that_alone_mends_everything(chunk):
    rng, mends = np.random.default_rng(chunk), set()
    for _ in range(40):
        problem = clashing(rng)
        with pytest.raises(RulesClash) as caught:
            solve(problem, [placed(problem)])
        found = relaxations(problem, caught.value)
        members = [change for change in found if change.kind != "capacity"]
        assert len(members) == sum(len(getattr(caught.value, kind)) for kind in KINDS)
        for change in found:
            works = (
                k
                for k in nearer_first(problem, change)
                if len(oracles.every_pairing(relaxed(problem, change, k)))
            )
            assert change.to == next(works, None)
            if change.to is not None:
                mends.add(change.kind)
    assert mends == {"pair", "mentor", "capacity", "quota-minimum", "quota-maximum"}


def test_a_clash_with_quotas_says_so_and_survives_pickling():
    clash = pickle.loads(pickle.dumps(RulesClash((1,), (), (2,), (0, 2))))
    assert (clash.pairs, clash.mentors, clash.quota_minimums, clash.quota_maximums) == (
        (1,),
        (),
        (2,),
        (0, 2),
    )
    assert clash.quotas == (0, 2)
    assert str(clash) == "1 required pairs and the minimums of 0 mentors and 2 quotas clash."


def test_a_minimum_nobody_can_meet_names_its_nearest_mend():
    problem = problem_of([[1, 1, 0]], capacity=[2], quotas=[quota("mentee", [0, 1, 2], minimum=3)])
    with pytest.raises(RulesClash) as caught:
        solve(problem, [placed(problem)])
    assert caught.value.quotas == (0,)
    assert relaxations(problem, caught.value) == (Relaxation("quota-minimum", 0, 2),)


def test_no_mend_is_promised_for_a_problem_with_a_second_clash():
    problem = problem_of([[1, 1], [1, 1]], minimum=[2, 2])
    assert [change.to for change in relaxations(problem, clash_of(problem))] == [None, None]


def test_a_capacity_is_tried_even_if_its_further_places_make_quotas_cross():
    quotas = [quota("mentor", [0, 1], minimum=1), quota("mentor", [1], maximum=0)]
    problem = problem_of(np.ones((2, 3)), minimum=[0, 1], quotas=quotas)
    with pytest.raises(RulesClash) as caught:
        solve(problem, [placed(problem)])
    assert relaxations(problem, caught.value) == (
        Relaxation("mentor", 1, 0),
        Relaxation("quota-maximum", 1, 1),
        Relaxation("capacity", 1, None),
    )
