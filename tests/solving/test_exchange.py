from dataclasses import replace

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving import words64
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.network import build
from tests import oracles
from tests.solving import changes
from tests.solving.instances import placed, problem_of, random_levels, random_problem, score_of


def instances(seed, count):
    rng, seen = np.random.default_rng(seed), 0
    while seen < count:
        problem = random_problem(rng)
        if oracles.is_feasible(problem):
            seen += 1
            levels = random_levels(rng, problem)
            used = solve(problem, levels).used
            yield rng, problem, levels, used, oracles.values(problem, levels, used)


def best(changed, levels):
    found = oracles.best(changed, levels)
    return None if found is None else found[0]


def assert_loses(change, question, now, then):
    assert bool(change.possible[question]) == (then is not None)
    exact = [0] * len(now) if then is None else [a - b for a, b in zip(now, then, strict=True)]
    assert [int(level[question]) for level in change.levels] == exact


def assert_gains(change, question, now, then):
    assert_loses(replace(change, levels=tuple(-level for level in change.levels)), question, now, then)


# A small room puts every level into a word of its own.
rooms = pytest.mark.parametrize("room", [2**59, 2**12], ids=["one word", "several words"])


@rooms
@pytest.mark.parametrize("chunk", range(6))
def test_the_price_of_every_pair_is_that_of_solving_again(chunk, room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    for _, problem, levels, used, now in instances(chunk, 30):
        exchange = Exchange(problem, levels, used)
        force, forbid, release = exchange.force(), exchange.forbid(), exchange.release()
        for pair in range(len(used)):
            assert_loses(force, pair, now, best(changes.with_required(problem, pair), levels))
            released = changes.with_required(problem, pair, False)
            assert_gains(release, pair, now, best(released, levels))
            without = None
            if not problem.required[pair]:
                without = best(*changes.with_only(problem, levels, np.arange(len(used)) != pair))
            assert_loses(forbid, pair, now, without)


@rooms
@pytest.mark.parametrize("chunk", range(6))
def test_the_worth_of_every_place_and_wish_is_that_of_solving_again(chunk, room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    for _, problem, levels, used, now in instances(100 + chunk, 30):
        exchange = Exchange(problem, levels, used)
        more, fewer = exchange.place_more(), exchange.place_fewer()
        for i, capacity in enumerate(problem.capacity.tolist()):
            assert_gains(more, i, now, best(changes.with_entry(problem, "capacity", i, capacity + 1), levels))
            if capacity > 1:
                then = best(changes.with_entry(problem, "capacity", i, capacity - 1), levels)
            else:
                # A mentor without places cannot be written down, but one without pairs can.
                needed = problem.minimum[i] or (problem.required & (problem.mentor == i)).any()
                then = None if needed else best(*changes.with_only(problem, levels, problem.mentor != i))
            assert_loses(fewer, i, now, then)
        wish, double, (withdrawn, known) = (
            exchange.wish_more(),
            exchange.mentee_twice(),
            exchange.without_mentee(),
        )
        for j, wanted in enumerate(problem.wanted.tolist()):
            assert_gains(wish, j, now, best(changes.with_entry(problem, "wanted", j, wanted + 1), levels))
            own = np.flatnonzero(problem.mentee == j)
            gains = [
                (0 if level.pair is None else level.pair[own])
                + (0 if level.first is None else level.first[j])
                + np.zeros(len(own), np.int64)
                for level in levels
            ]
            then = best(*changes.with_mentee(problem, levels, problem.mentor[own], gains))
            assert_gains(double, j, now, then)
            if known[j]:
                then = best(*changes.with_only(problem, levels, problem.mentee != j))
                assert_loses(withdrawn, j, now, then)
            else:
                assert wanted > 1
                assert used[own].any()


@rooms
@pytest.mark.parametrize("chunk", range(4))
def test_the_worth_of_newcomers_and_of_lifted_bans_is_that_of_solving_again(chunk, room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    for rng, problem, levels, used, now in instances(200 + chunk, 30):
        exchange = Exchange(problem, levels, used)
        mentors, mentees = len(problem.capacity), len(problem.wanted)
        for newcomers, others, join in (
            (exchange.new_mentors, mentees, changes.with_mentor),
            (exchange.new_mentees, mentors, changes.with_mentee),
        ):
            allowed = rng.random((4, others)) < 0.7
            gains = [rng.integers(-level.bound, level.bound + 1, allowed.shape) for level in levels]
            change = newcomers(gains, allowed)
            for k in range(4):
                (whom,) = np.nonzero(allowed[k])
                own = [level[k, whom] for level in gains]
                assert_gains(change, k, now, best(*join(problem, levels, whom, own)))
        banned = np.ones((mentors, mentees), bool)
        banned[problem.mentor, problem.mentee] = False
        mentor, mentee = np.nonzero(banned)
        gains = [rng.integers(-level.bound, level.bound + 1, len(mentor)) for level in levels]
        change = exchange.allow(mentor, mentee, gains)
        for k in range(len(mentor)):
            one = slice(k, k + 1)
            own = [level[one] for level in gains]
            changed = changes.with_pairs(problem, levels, mentor[one], mentee[one], own)
            assert_gains(change, k, now, best(*changed))


def test_a_minimum_lowered_by_one_gains_what_solving_again_does():
    seen = 0
    for _, problem, levels, used, now in instances(300, 150):
        exchange, network = Exchange(problem, levels, used), build(problem)
        for i in np.flatnonzero(problem.minimum).tolist():
            if problem.minimum[i] > 1:
                arc = network.mentor_rest.start + np.searchsorted(network.sharing, i)
            else:
                arc = network.mentor_first.start + i
            then = best(changes.with_entry(problem, "minimum", i, int(problem.minimum[i]) - 1), levels)
            assert_gains(exchange.lower_minimum(np.array([arc])), 0, now, then)
            seen += any(level[0] for level in exchange.lower_minimum(np.array([arc])).levels)
    assert seen > 5


def test_a_limit_raised_by_one_gains_what_one_more_place_does():
    for _, problem, levels, used, _ in instances(400, 60):
        exchange, network = Exchange(problem, levels, used), build(problem)
        rest = np.arange(network.mentor_rest.start, network.mentor_rest.stop)
        raised, more = exchange.raise_limit(rest), exchange.place_more()
        for ours, theirs in zip(raised.levels, more.levels, strict=True):
            assert ours.tolist() == theirs[network.sharing].tolist()


def test_a_place_that_gains_something_itself_is_worth_that_much_more():
    problem = problem_of([[1, 1]])
    levels = [placed(problem), score_of([[3, 2]], problem)]
    exchange = Exchange(problem, levels, solve(problem, levels).used)
    assert [level.tolist() for level in exchange.place_more().levels] == [[1], [2]]
    extra = [np.array([0]), np.array([-5])]
    assert [level.tolist() for level in exchange.place_more(extra).levels] == [[1], [-3]]


def test_middling_prices_are_those_of_solving_again():
    rng = np.random.default_rng(5)
    problem = problem_of(
        rng.random((25, 40)) < 0.6, capacity=rng.integers(1, 3, 25), wanted=rng.integers(1, 3, 40)
    )
    levels = [placed(problem), score_of(rng.integers(-5, 100, (25, 40)), problem)]
    answer = solve(problem, levels)
    now = [level.value for level in answer.levels[:2]]
    force = Exchange(problem, levels, answer.used).force()
    for pair in rng.choice(np.flatnonzero(~answer.used), 40, replace=False):
        then = solve(changes.with_required(problem, pair), levels).levels
        assert_loses(force, pair, now, [level.value for level in then[:2]])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_pair_leaves_nothing_to_price(shape):
    problem = problem_of(np.zeros(shape))
    exchange = Exchange(problem, [placed(problem)], np.zeros(0, bool))
    assert exchange.force().possible.tolist() == []
    assert exchange.place_fewer().levels[0].tolist() == [0] * shape[0]
    assert exchange.wish_more().levels[0].tolist() == [0] * shape[1]
    new = exchange.new_mentors([np.ones((1, shape[1]), np.int64)], np.ones((1, shape[1]), bool))
    assert new.levels[0].tolist() == [int(shape[1] > 0)]


def test_no_catalogue_of_newcomers_gives_no_gains():
    problem = problem_of([[1]])
    exchange = Exchange(problem, [placed(problem)], np.array([True]))
    change = exchange.new_mentors([np.zeros((0, 1), np.int64)], np.zeros((0, 1), bool))
    assert change.levels[0].tolist() == []


def test_a_pairing_that_is_not_the_best_has_no_prices():
    problem = problem_of([[1, 1]])
    levels = [score_of([[3, 2]], problem)]
    with pytest.raises(InternalError, match="A cycle of negative cost remains: the pairing is not the best"):
        Exchange(problem, levels, np.array([False, True]))


def test_a_gain_beyond_its_level_is_refused_rather_than_spilled_into_the_level_before():
    problem = problem_of([[1]])
    exchange = Exchange(problem, [placed(problem)], np.array([True]))
    with pytest.raises(
        ValueError, match="gains: every entry must lie within the level's bound, 1, for each unit"
    ):
        exchange.new_mentors([np.array([[3]])], np.array([[True]]))


def test_a_level_too_large_for_a_word_says_so(monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", 8)
    problem = problem_of([[1]])
    with pytest.raises(InternalError, match="Level 0 has numbers too large to be priced"):
        Exchange(problem, [score_of([[3]], problem)], np.array([True]))


def test_many_newcomers_at_once_equal_one_by_one(monkeypatch):
    monkeypatch.setattr("ipmatch.solving.exchange._CELLS_AT_ONCE", 4)
    monkeypatch.setattr("ipmatch.solving.condensed._AT_ONCE", 3)
    for rng, problem, levels, used, now in instances(500, 20):
        exchange = Exchange(problem, levels, used)
        allowed = rng.random((6, len(problem.wanted))) < 0.7
        gains = [rng.integers(-level.bound, level.bound + 1, allowed.shape) for level in levels]
        change = exchange.new_mentors(gains, allowed)
        for k in range(6):
            (whom,) = np.nonzero(allowed[k])
            own = [level[k, whom] for level in gains]
            assert_gains(change, k, now, best(*changes.with_mentor(problem, levels, whom, own)))
