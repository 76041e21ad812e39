import numpy as np
import pytest

from ipmatch.solving import chains
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.links import Link, Move
from ipmatch.solving.problem import Quota
from tests import oracles
from tests.solving import changes
from tests.solving.instances import placed, problem_of, random_objectives, score_of, small_problem


def instances(seed, count):
    rng, seen = np.random.default_rng(seed), 0
    while seen < count:
        problem = small_problem(rng, rules=0.2, quotas=seen % 2 == 0, spread=seen % 3 == 0)
        if len(oracles.every_pairing(problem)):
            seen += 1
            levels = random_objectives(rng, problem)
            yield rng, problem, levels, solve(problem, levels).used


def pairs_of(problem, used):
    return set(zip(problem.mentor[used].tolist(), problem.mentee[used].tolist(), strict=True))


def assert_is_the_least_change(problem, used, changed, changed_levels, answer):
    """The answer is one of the best of the changed problem, and none of these is nearer to the present."""
    best = oracles.all_best(changed, changed_levels)
    assert any((row == answer.used).all() for row in best)
    before, after = pairs_of(problem, used), pairs_of(changed, answer.used)

    def distance(row):
        now = pairs_of(changed, row)
        alone = {mentee for _, mentee in before} - {mentee for _, mentee in now}
        return len(before - now), len(now - before), len(alone)

    assert distance(answer.used) == min(map(distance, best))
    # Applied to the present pairing, the links give the promised one; and so do the moves.
    broken = {(link.mentor, link.mentee) for link in answer.links if not link.made}
    made = {(link.mentor, link.mentee) for link in answer.links if link.made}
    assert len(broken) + len(made) == len(answer.links)
    assert (before - after, after - before) == (broken, made)
    assert {(move.before, move.mentee) for move in answer.moves if move.before is not None} == broken
    assert {(move.after, move.mentee) for move in answer.moves if move.after is not None} == made


@pytest.mark.parametrize("chunk", range(3))
def test_requiring_a_pair_moves_as_few_as_enumeration_finds(chunk):
    for rng, problem, levels, used in instances(chunk, 25):
        for pair in rng.choice(len(used), min(3, len(used)), replace=False).tolist():
            changed = changes.with_required(problem, pair)
            if not len(oracles.every_pairing(changed)):
                with pytest.raises(RulesClash, match="clash"):
                    chains.requiring(problem, levels, used, pair)
                continue
            answer = chains.requiring(problem, levels, used, pair)
            assert_is_the_least_change(problem, used, changed, levels, answer)
            if not used[pair]:
                assert answer.links[0] == Link(int(problem.mentor[pair]), int(problem.mentee[pair]), True)


@pytest.mark.parametrize("chunk", range(3))
def test_forbidding_a_pair_moves_as_few_as_enumeration_finds(chunk):
    for rng, problem, levels, used in instances(100 + chunk, 25):
        for pair in rng.choice(len(used), min(2, len(used)), replace=False).tolist():
            kept = np.arange(len(used)) != pair
            changed, then = changes.with_only(problem, levels, kept)
            if not len(oracles.every_pairing(changed)):
                with pytest.raises(RulesClash, match="clash"):
                    chains.forbidding(problem, levels, used, pair)
                continue
            answer = chains.forbidding(problem, levels, used, pair)
            assert_is_the_least_change(problem, used, changed, then, answer)
            if used[pair]:
                assert answer.links[0] == Link(int(problem.mentor[pair]), int(problem.mentee[pair]), False)


@pytest.mark.parametrize("chunk", range(2))
def test_losing_a_mentor_moves_as_few_as_enumeration_finds(chunk):
    for rng, problem, levels, used in instances(200 + chunk, 50):
        i = int(rng.integers(len(problem.capacity)))
        released = changes.with_entry(problem, "minimum", i, 0)
        changed, then = changes.with_only(released, levels, problem.mentor != i)
        if not len(oracles.every_pairing(changed)):
            with pytest.raises(RulesClash, match="clash"):
                chains.without_mentor(problem, levels, used, i)
            continue
        answer = chains.without_mentor(problem, levels, used, i)
        assert_is_the_least_change(problem, used, changed, then, answer)


@pytest.mark.parametrize("chunk", range(2))
def test_gaining_a_place_or_a_pair_moves_as_few_as_enumeration_finds(chunk):
    for rng, problem, levels, used in instances(300 + chunk, 25):
        if problem.spread:
            levels = [level for level in levels if getattr(level, "place", None) is None]
            used = solve(problem, levels).used
        i, more = int(rng.integers(len(problem.capacity))), int(rng.integers(1, 3))
        changed = changes.with_entry(problem, "capacity", i, int(problem.capacity[i]) + more)
        if crosses(changed):
            continue
        answer = chains.resolve(problem, used, changed, levels)
        assert_is_the_least_change(problem, used, changed, levels, answer)
        banned = np.ones((len(problem.capacity), len(problem.wanted)), bool)
        banned[problem.mentor, problem.mentee] = False
        for mentor, mentee in rng.permutation(np.argwhere(banned))[:2].tolist():
            gains = [1 if level.bound == 1 else int(rng.integers(level.bound)) for level in levels]
            changed, then = changes.with_pairs(problem, levels, [mentor], [mentee], [[g] for g in gains])
            if crosses(changed):
                continue
            new = (changed.mentor == mentor) & (changed.mentee == mentee)
            origin = np.where(new, -1, np.cumsum(~new) - 1)
            start = [Link(mentor, mentee, made=True)]
            answer = chains.resolve(problem, used, changed, then, origin=origin, start=start)
            assert_is_the_least_change(problem, used, changed, then, answer)


def crosses(problem):
    from ipmatch.solving.quotas import split

    return any(left.minimum or left.maximum is not None for left in split(problem)[1])


def test_the_chain_runs_from_the_pair_in_both_directions():
    # Mentor 0 takes mentee 1 from mentor 1, who takes mentee 2 from mentor 2; mentee 0 goes to mentor 3.
    score = [[9, 8, 0, 0], [0, 9, 9, 0], [0, 0, 9, 9], [8, 0, 0, 0]]
    problem = problem_of(np.array(score) > 0)
    levels = [placed(problem), score_of(score, problem)]
    used = solve(problem, levels).used
    assert pairs_of(problem, used) == {(0, 1), (1, 2), (2, 3), (3, 0)}
    pair = int(np.flatnonzero((problem.mentor == 0) & (problem.mentee == 0))[0])
    answer = chains.requiring(problem, levels, used, pair)
    assert answer.links == (Link(0, 0, True), Link(3, 0, False), Link(0, 1, False))
    assert answer.moves == (Move(0, 3, 0), Move(1, 0, None))


def test_nobody_is_left_alone_where_lots_would_choose_somebody_new():
    """Lots were drawn between moving somebody, and leaving them alone for another."""
    one_pair = Quota("mentor", np.arange(2), 0, 1)
    for seed in range(6):
        problem = problem_of([[1, 0], [1, 1]], quotas=[one_pair], seed=seed)
        levels = [score_of([[9, 0], [5, 5]], problem)]
        used = solve(problem, levels).used
        assert pairs_of(problem, used) == {(0, 0)}
        assert chains.forbidding(problem, levels, used, 0).moves == (Move(0, 0, 1),)


def test_nobody_moves_for_the_sake_of_the_lottery():
    problem = problem_of(np.ones((3, 3)))
    levels = [placed(problem)]
    used = solve(problem, levels).used
    pair = int(np.flatnonzero(~used)[0])
    answer = chains.requiring(problem, levels, used, pair)
    assert len(answer.moves) == 2
    assert chains.requiring(problem, levels, used, int(np.flatnonzero(used)[0])).links == ()
