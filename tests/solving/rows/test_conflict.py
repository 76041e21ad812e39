import pickle
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.errors import InternalError, TimeLimitError
from ipmatch.solving.network import build
from ipmatch.solving.problem import Quota
from ipmatch.solving.quotas import split
from ipmatch.solving.rows.conflict import RowsClash, rows_clash
from ipmatch.solving.rows.search import solve_with_rows
from ipmatch.solving.rows.space import mentees_row, pairs_row, quota_rows
from tests.solving.instances import placed, problem_of
from tests.solving.rows.instances import enumerate_all, random_quotas, random_rows_problem


def is_feasible(problem, rows, held_rows, pairs, mentors):
    """Whether these rules alone can hold."""
    required, minimum = np.zeros_like(problem.required), np.zeros_like(problem.minimum)
    required[list(pairs)], minimum[list(mentors)] = True, problem.minimum[list(mentors)]
    alone = replace(problem, required=required, minimum=minimum)
    before, after = build(problem), build(alone)
    kept = [replace(row, arcs=moved(row.arcs, before, after)) for row in rows if row.name in set(held_rows)]
    return len(enumerate_all(alone, kept).used) > 0


def moved(arcs, before, after):
    """The same choices as another network numbers them: arcs move when a mentor gains or loses room."""
    place = np.zeros(len(before.tail), np.int64)
    for name in ("pairs", "first", "mentor_first"):
        old, new = getattr(before, name), getattr(after, name)
        place[old] = np.arange(new.start, new.stop)
    return place[arcs]


@pytest.mark.parametrize("chunk", range(4))
def test_dropping_any_member_of_a_clash_makes_the_rest_feasible(chunk):
    rng, found = np.random.default_rng(chunk), 0
    while found < 15:
        problem, levels, rows = random_rows_problem(rng, strict=0.8)
        if len(enumerate_all(problem, rows).used):
            continue
        found += 1
        with pytest.raises(RowsClash, match="clash") as caught:
            solve_with_rows(problem, levels, rows)
        members = caught.value.rows, caught.value.pairs, caught.value.mentors
        assert not is_feasible(problem, rows, *members)
        for kind in range(3):
            for member in members[kind]:
                fewer = [list(some) for some in members]
                fewer[kind].remove(member)
                assert is_feasible(problem, rows, *fewer)


def test_quotas_clash_the_same_whether_the_network_holds_them_or_rows():
    found = by_network = 0
    for seed in range(90_000, 90_100):
        rng = np.random.default_rng(seed)
        problem, levels, _ = random_rows_problem(rng, strict=0.5)
        problem = replace(problem, quotas=random_quotas(rng, problem))
        kept, left = split(problem)
        within, bare = replace(problem, quotas=kept), replace(problem, quotas=())
        rules = quota_rows(build(bare), problem.quotas)
        if len(enumerate_all(bare, rules).used):
            continue
        found += 1
        with pytest.raises(RowsClash) as caught:
            solve_with_rows(within, levels, quota_rows(build(within), left))
        clash = caught.value
        held = [f"quota {k}, minimum" for k in clash.quota_minimums]
        held += [f"quota {k}, maximum" for k in clash.quota_maximums]
        by_network += bool(held)
        held += clash.rows
        assert not is_feasible(bare, rules, held, clash.pairs, clash.mentors)
        for name in held:
            fewer = [other for other in held if other != name]
            assert is_feasible(bare, rules, fewer, clash.pairs, clash.mentors)
        for pair in clash.pairs:
            fewer = [other for other in clash.pairs if other != pair]
            assert is_feasible(bare, rules, held, fewer, clash.mentors)
        for mentor in clash.mentors:
            fewer = [other for other in clash.mentors if other != mentor]
            assert is_feasible(bare, rules, held, clash.pairs, fewer)
    assert found > 20
    assert by_network > 5


def test_two_rows_that_exclude_one_another_are_the_whole_clash():
    problem = problem_of(np.ones((3, 3)))
    network = build(problem)
    rows = [
        pairs_row(network, "at least two", np.arange(3), low=2),
        mentees_row(network, "one mentee", np.arange(3), up=1),
        pairs_row(network, "at most four", np.arange(9), up=4),
    ]
    with pytest.raises(RowsClash, match="1 rows, 0 required pairs") as caught:
        solve_with_rows(problem, [placed(problem)], rows)
    # One mentor has one place: the first rule fails by itself.
    assert caught.value.rows == ("at least two",)
    roomy = problem_of(np.ones((3, 3)), capacity=[3, 1, 1])
    rows[0] = pairs_row(build(roomy), "at least two", np.arange(3), low=2)
    rows[1] = mentees_row(build(roomy), "one mentee", np.arange(3), up=1)
    rows[2] = pairs_row(build(roomy), "at most four", np.arange(9), up=4)
    with pytest.raises(RowsClash, match="2 rows, 0 required pairs") as caught:
        solve_with_rows(roomy, [placed(roomy)], rows)
    assert caught.value.rows == ("at least two", "one mentee")


def test_quotas_the_network_holds_take_part_in_clashes_too():
    problem = problem_of(np.ones((2, 2)))
    problem = replace(problem, quotas=(Quota("mentee", np.arange(2), minimum=2),))
    row = pairs_row(build(problem), "few", np.arange(4), up=1)
    clash = rows_clash(problem, [row])
    assert (clash.rows, clash.quota_minimums, clash.quota_maximums) == (("few",), (0,), ())


def test_a_clash_that_takes_too_long_to_find_is_a_matter_of_time():
    problem = problem_of(np.ones((2, 2)))
    row = pairs_row(build(problem), "many", np.arange(4), low=4)
    with pytest.raises(TimeLimitError, match="The time limit came"):
        solve_with_rows(problem, [placed(problem)], [row], deadline=0)


def test_rules_that_can_hold_are_no_clash():
    problem = problem_of(np.ones((2, 2)))
    with pytest.raises(InternalError, match="then keeps them all"):
        rows_clash(problem, [])


def test_a_clash_survives_pickling():
    clash = pickle.loads(pickle.dumps(RowsClash(("a",), (1, 2), (0,), (), (3,))))
    assert (clash.rows, clash.pairs, clash.mentors) == (("a",), (1, 2), (0,))
    assert (clash.quota_minimums, clash.quota_maximums) == ((), (3,))
    assert str(clash) == "1 rows, 2 required pairs, the minimums of 1 mentors and 1 quotas clash."
