from dataclasses import replace
from itertools import takewhile

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving import words64
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.problem import Level, Leximin, Threshold
from tests import oracles
from tests.solving import changes
from tests.solving.instances import (
    placed,
    problem_of,
    random_levels,
    random_objectives,
    score_of,
    small_problem,
)


def instances(seed, count):
    """Small problems with quotas, a balance and thresholds among them, and their best pairings."""
    rng, seen = np.random.default_rng(seed), 0
    while seen < count:
        kind = seen % 4
        problem = small_problem(rng, quotas=kind >= 2, spread=kind == 3)
        if kind == 0:
            # Room for more almost everywhere.
            problem = replace(problem, wanted=rng.integers(1, 4, len(problem.wanted)))
        if len(oracles.every_pairing(problem)):
            seen += 1
            levels = (random_levels if kind < 2 else random_objectives)(rng, problem)
            yield rng, problem, levels, solve(problem, levels).used


def values(problem, levels, used):
    """What each level up to leximin counts; thresholds, being kept, count nothing."""
    return tuple(
        int(oracles.every_value(problem, level, used[None])[0, 0]) if isinstance(level, Level) else 0
        for level in takewhile(lambda level: not isinstance(level, Leximin), levels)
    )


class Again:
    """Solves changed problems by trying every set of pairs, all old ones kept to their lowest score."""

    def __init__(self, problem, levels, used):
        self.problem, self.used, self.now = problem, used, values(problem, levels, used)
        old = zip(problem.mentor[~problem.required], problem.mentee[~problem.required], strict=True)
        self.held = {(int(i), int(j)) for i, j in old}
        self.floors = {
            level.name: oracles.every_value(problem, level, used[None])[0].min(initial=oracles.NOBODY)
            for level in levels
            if isinstance(level, Threshold)
        }

    def best(self, changed, levels):
        rows = oracles.every_pairing(changed)
        own = zip(changed.mentor.tolist(), changed.mentee.tolist(), strict=True)
        held = np.array([pair in self.held for pair in own], bool) & ~changed.required
        counted = list(takewhile(lambda level: not isinstance(level, Leximin), levels))
        for level in counted:
            if isinstance(level, Threshold):
                rows = rows[~(rows & held & (level.score < self.floors[level.name])).any(axis=1)]
        rows = oracles.all_best(changed, [level for level in counted if isinstance(level, Level)], rows)
        return values(changed, levels, rows[0]) if len(rows) else None

    def assert_loses(self, change, question, then):
        assert bool(change.possible[question]) == (then is not None)
        exact = [0] * len(self.now) if then is None else [a - b for a, b in zip(self.now, then, strict=True)]
        assert [int(level[question]) for level in change.levels] == exact

    def assert_gains(self, change, question, then):
        self.assert_loses(replace(change, levels=tuple(-level for level in change.levels)), question, then)


def score_gains(rng, levels, shape):
    """Gains of pairs that are not there yet, within the bounds of the levels."""
    return [rng.integers(-level.bound, level.bound + 1, shape) for level in levels]


def prefix(levels):
    return list(takewhile(lambda level: not isinstance(level, Leximin), levels))


# A small room puts every level into a word of its own.
rooms = pytest.mark.parametrize("room", [2**59, 2**16], ids=["one word", "several words"])


@rooms
def test_the_price_of_every_pair_is_that_of_solving_again(room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    for _, problem, levels, used in instances(room, 120):
        exchange, again = Exchange(problem, levels, used), Again(problem, levels, used)
        force, forbid, release = exchange.force(), exchange.forbid(), exchange.release()
        for pair in range(len(used)):
            again.assert_loses(force, pair, again.best(changes.with_required(problem, pair), levels))
            released = changes.with_required(problem, pair, False)
            again.assert_gains(release, pair, again.best(released, levels))
            without = None
            if not problem.required[pair]:
                without = again.best(*changes.with_only(problem, levels, np.arange(len(used)) != pair))
            again.assert_loses(forbid, pair, without)
        assert force.known.all()
        assert forbid.known.all()
        assert release.known.all()


@rooms
def test_the_worth_of_every_place_is_that_of_solving_again(room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    known = []
    for _, problem, levels, used in instances(1 + room, 120):
        exchange, again = Exchange(problem, levels, used), Again(problem, levels, used)
        more = exchange.place_more()
        known.extend(more.known)
        for i, capacity in enumerate(problem.capacity.tolist()):
            if more.known[i]:
                changed = changes.with_entry(problem, "capacity", i, capacity + 1)
                again.assert_gains(more, i, again.best(changed, levels))
    assert np.mean(known) > 0.6


@rooms
def test_the_worth_of_newcomers_and_of_lifted_bans_is_that_of_solving_again(room, monkeypatch):
    monkeypatch.setattr(words64, "_ROOM", room)
    known = []
    for rng, problem, levels, used in instances(2 + room, 120):
        exchange, again = Exchange(problem, levels, used), Again(problem, levels, used)
        mentors, mentees = len(problem.capacity), len(problem.wanted)
        allowed = rng.random((3, mentees)) < 0.5
        gains = score_gains(rng, levels, allowed.shape)
        # His first place has its own part in a balance.
        joining = [
            gain - level.bound // 2 * (getattr(level, "place", None) is not None)
            for level, gain in zip(levels, gains, strict=True)
        ]
        change = exchange.new_mentors(joining[: len(prefix(levels))], allowed)
        known.extend(change.known)
        for k in np.flatnonzero(change.known).tolist():
            (whom,) = np.nonzero(allowed[k])
            joined, then = changes.with_mentor(problem, levels, whom, [level[k, whom] for level in gains])
            joined = changes.with_entry(joined, "minimum", mentors, 1)
            again.assert_loses(change, k, again.best(joined, then))
        banned = np.ones((mentors, mentees), bool)
        banned[problem.mentor, problem.mentee] = False
        mentor, mentee = np.nonzero(banned)
        gains = score_gains(rng, levels, len(mentor))
        change = exchange.allow(mentor, mentee, gains[: len(prefix(levels))])
        known.extend(change.known)
        for k in np.flatnonzero(change.known).tolist():
            one = slice(k, k + 1)
            changed = changes.with_pairs(problem, levels, mentor[one], mentee[one], [g[one] for g in gains])
            again.assert_gains(change, k, again.best(*changed))
    assert np.mean(known) > 0.6


def test_a_minimum_lowered_by_one_gains_what_solving_again_does():
    seen = 0
    for _, problem, levels, used in instances(3, 120):
        exchange, again = Exchange(problem, levels, used), Again(problem, levels, used)
        network = exchange.network
        for i in np.flatnonzero(problem.minimum).tolist():
            own = np.flatnonzero((network.head == 1 + i) & (network.low > 0))
            change = exchange.lower_minimum(own[-1:])
            then = again.best(changes.with_entry(problem, "minimum", i, int(problem.minimum[i]) - 1), levels)
            again.assert_gains(change, 0, then)
            seen += any(level[0] for level in change.levels)
    assert seen > 2


def test_a_quota_raised_by_one_gains_what_solving_again_does():
    seen = 0
    for _, problem, levels, used in instances(4, 160):
        exchange, again = Exchange(problem, levels, used), Again(problem, levels, used)
        network = exchange.network
        trees = [*network.mentor_tree.quotas, *network.mentee_tree.quotas]
        for k, quotas in enumerate(trees):
            if len(quotas) == 1 and not problem.quotas[quotas[0]].minimum:
                own = problem.quotas[quotas[0]]
                raised = list(problem.quotas)
                raised[quotas[0]] = replace(own, maximum=own.maximum + 1)
                change = exchange.raise_limit(np.array([network.groups.start + k]))
                again.assert_gains(change, 0, again.best(replace(problem, quotas=tuple(raised)), levels))
                seen += any(level[0] for level in change.levels)
    assert seen > 5


def test_middling_prices_are_those_of_solving_again():
    rng = np.random.default_rng(5)
    problem = problem_of(
        rng.random((25, 40)) < 0.6, capacity=rng.integers(1, 3, 25), wanted=rng.integers(1, 3, 40)
    )
    levels = [placed(problem), score_of(rng.integers(-5, 100, (25, 40)), problem)]
    answer = solve(problem, levels)
    force = Exchange(problem, levels, answer.used).force()
    for pair in rng.choice(np.flatnonzero(~answer.used), 40, replace=False):
        then = solve(changes.with_required(problem, pair), levels)
        lost = [now.value - new.value for now, new in zip(answer.levels[:2], then.levels[:2], strict=True)]
        assert [int(level[pair]) for level in force.levels] == lost


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_pair_leaves_nothing_to_price(shape):
    problem = problem_of(np.zeros(shape))
    exchange = Exchange(problem, [placed(problem)], np.zeros(0, bool))
    assert exchange.force().possible.tolist() == []
    assert exchange.place_more().levels[0].tolist() == [0] * shape[0]
    new = exchange.new_mentors([np.zeros((1, shape[1]), np.int64)], np.ones((1, shape[1]), bool))
    assert new.levels[0].tolist() == [-int(shape[1] > 0)]


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
    for rng, problem, levels, used in instances(500, 12):
        exchange, levels = Exchange(problem, levels, used), prefix(levels)
        allowed = rng.random((6, len(problem.wanted))) < 0.7
        gains = score_gains(rng, levels, allowed.shape)
        together = exchange.new_mentors(gains, allowed)
        for k in range(6):
            alone = exchange.new_mentors([level[k : k + 1] for level in gains], allowed[k : k + 1])
            assert [level[k] for level in together.levels] == [level[0] for level in alone.levels]
