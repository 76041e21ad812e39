from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.problem import Level, Threshold
from ipmatch.solving.weights import Component, frontier, interval, steady
from tests import oracles
from tests.solving.instances import placed, problem_of, small_problem


def instances(seed, count):
    """Small problems scored by three weighted components, with levels before and after the score."""
    rng, seen = np.random.default_rng(seed), 0
    while seen < count:
        problem = small_problem(rng, rules=0.2, quotas=seen % 2 == 0)
        if not len(oracles.every_pairing(problem)):
            continue
        seen += 1
        pairs = len(problem.mentor)
        most = [2, 5, 20][seen % 3]
        components = [
            Component(Fraction(int(rng.integers(0, 8)), int(rng.integers(1, 4))), gain)
            for gain in (
                rng.integers(0, most, pairs),
                rng.integers(0, most, pairs),
                -rng.integers(0, 2, pairs),
            )
        ]
        score = Level("score", 6000, pair=sum(int(part.weight * 6) * part.gain for part in components))
        tier = Level("tier", 1, pair=rng.integers(0, 2, pairs))
        levels = [[score], [placed(problem), score], [placed(problem), score, tier]][seen % 3]
        at = levels.index(score)
        yield rng, problem, levels, solve(problem, levels), components, at


def lines(problem, levels, components, k, at, rows):
    """For each pairing what it counts at weight 0 of component k, and for each unit of that weight."""
    rest = [
        sum((part.weight * int(row @ part.gain) for i, part in enumerate(components) if i != k), Fraction(0))
        for row in rows
    ]
    return list(zip(rest, [int(row @ components[k].gain) for row in rows], strict=True))


def crossings(values):
    return {
        (one[0] - other[0]) / (other[1] - one[1])
        for one, other in combinations(values, 2)
        if one[1] != other[1]
    }


def best_at(values, weight):
    top = max(rest + weight * own for rest, own in values)
    return [i for i, (rest, own) in enumerate(values) if rest + weight * own == top]


@pytest.mark.parametrize("chunk", range(3))
def test_the_interval_is_that_of_enumeration_and_what_lies_beyond_is_best_there(chunk):
    on_an_end = 0
    for _, problem, levels, answer, components, at in instances(chunk, 50):
        rows = oracles.all_best(problem, levels[:at])
        mine = next(i for i, row in enumerate(rows) if (row == answer.used).all())
        for k in range(3):
            values = lines(problem, levels, components, k, at, rows)
            rest, own = values[mine]
            ends = [(rest - there, more - own) for there, more in values]
            high = min((gap / rise for gap, rise in ends if rise > 0), default=None)
            low = max((gap / rise for gap, rise in ends if rise < 0), default=Fraction(0))
            found = interval(problem, levels, answer, components, k, at=at)
            assert (found.low, found.high) == (max(low, Fraction(0)), high)
            on_an_end += components[k].weight in (found.low, found.high)
            for end, beyond, sign in ((found.low, found.below, -1), (found.high, found.above, 1)):
                if end is None or (sign < 0 and end == 0):
                    assert beyond is None
                    continue
                # Nearer to the end than any other weight at which something changes.
                others = [abs(weight - end) for weight in crossings(values) if weight != end]
                near = end + sign * min([*others, end or Fraction(1)]) / 2
                then = rows[best_at(values, near)]
                assert any((row == beyond).all() for row in oracles.all_best(problem, levels[at + 1 :], then))
                assert not (beyond == answer.used).all()
    assert on_an_end > 5


@pytest.mark.parametrize("chunk", range(2))
def test_steady_pairs_are_in_all_best_pairings_at_every_weight_of_the_range(chunk):
    for rng, problem, levels, answer, components, at in instances(10 + chunk, 40):
        k = int(rng.integers(3))
        rows = oracles.all_best(problem, levels[:at])
        values = lines(problem, levels, components, k, at, rows)
        weight = components[k].weight
        low, high = [(weight * 9 / 10, weight * 11 / 10), (Fraction(0), weight + 3), (weight, weight)][
            rng.integers(3)
        ]
        inside = sorted({low, high, *(point for point in crossings(values) if low <= point <= high)})
        weights = [*inside, *((one + other) / 2 for one, other in pairwise(inside))]
        exact = np.all([rows[best_at(values, point)].all(axis=0) for point in weights], axis=0)
        found = steady(problem, levels, answer, components, k, at=at, low=low, high=high)
        assert found.tolist() == exact.tolist()


@pytest.mark.parametrize("chunk", range(2))
def test_the_frontier_has_every_corner_and_breakpoint_of_enumeration(chunk):
    for _, problem, levels, answer, components, at in instances(20 + chunk, 50):
        first, second = components[0].gain, components[1].gain
        rows = oracles.all_best(problem, levels[:at])
        values = [(Fraction(int(row @ second)), int(row @ first)) for row in rows]
        turns = sorted({Fraction(0), *(weight for weight in crossings(values) if weight > 0)})
        middles = [*((one + other) / 2 for one, other in pairwise(turns)), turns[-1] + 1]
        corners, breakpoints = [], []
        for turn, middle in zip(turns, middles, strict=True):
            best = best_at(values, middle)
            corner = values[best[0]][::-1]
            if corner not in corners:
                breakpoints += [turn] if corners else []
                corners.append(corner)
                chosen = rows[best]
        found = frontier(problem, levels, answer, first, second, at=at)
        assert [(point.first, point.second) for point in found.points] == corners
        assert list(found.breakpoints) == breakpoints
        for point in found.points:
            assert (int(point.used @ first), int(point.used @ second)) == (point.first, point.second)
            assert any((row == point.used).all() for row in rows)
        last = oracles.all_best(problem, levels[at + 1 :], chosen)
        assert any((row == found.points[-1].used).all() for row in last)


def test_the_pairing_beyond_an_end_is_what_solving_there_gives():
    for _, problem, levels, answer, components, at in instances(30, 40):
        found = interval(problem, levels, answer, components, 0, at=at)
        if found.above is None:
            continue
        weight = found.high + Fraction(1, 10**6)
        scale = 6 * weight.denominator
        parts = [replace(components[0], weight=weight), *components[1:]]
        gain = sum(int(part.weight * scale) * part.gain for part in parts)
        then = [*levels[:at], Level("score", 10**12, pair=gain), *levels[at + 1 :]]
        assert solve(problem, then).used.tolist() == found.above.tolist()


def a_choice():
    problem = problem_of([[1, 1]])
    components = [Component(Fraction(3), np.array([1, 0])), Component(Fraction(2), np.array([0, 1]))]
    levels = [placed(problem), Level("score", 5, pair=np.array([3, 2]))]
    return problem, levels, solve(problem, levels), components


def test_a_weight_on_its_end_is_told_by_the_end():
    problem, levels, answer, components = a_choice()
    found = interval(problem, levels, answer, components, 0, at=1)
    assert (found.low, found.high) == (2, None)
    assert found.below.tolist() == [False, True]
    assert found.above is None
    found = interval(problem, levels, answer, components, 1, at=1)
    assert (found.low, found.high) == (0, 3)
    assert found.below is None
    assert found.above.tolist() == [False, True]


def test_a_pairing_that_is_not_the_best_has_no_interval():
    problem, levels, answer, components = a_choice()
    other = replace(answer, used=~answer.used)
    with pytest.raises(ValueError, match="answer: it is not the best at these weights"):
        interval(problem, levels, other, components, 0, at=1)


def test_a_threshold_before_the_score_is_refused():
    problem, _, _, components = a_choice()
    score = np.array([3, 2])
    levels = [placed(problem), Threshold("fairness", 5, score), Level("score", 5, pair=score)]
    answer = solve(problem, levels)
    with pytest.raises(ValueError, match="level 'fairness': the lowest score moves with the weights"):
        interval(problem, levels, answer, components, 0, at=2)
    with pytest.raises(ValueError, match="level 'fairness': the lowest score moves with the weights"):
        steady(problem, levels, answer, components, 0, at=2, low=Fraction(0), high=Fraction(1))


def test_numbers_too_large_are_refused_rather_than_wrapped():
    problem, levels, answer, components = a_choice()
    huge = [Component(Fraction(2**60), np.array([2**3, 0])), components[1]]
    with pytest.raises(InternalError, match="The weighted gains are too large"):
        interval(problem, levels, answer, huge, 1, at=1)
    large = [Component(Fraction(2**59, 3), np.array([1, 0])), components[1]]
    with pytest.raises(InternalError, match="too large"):
        interval(problem, levels, answer, large, 1, at=1)


def test_nobody_to_pair_has_one_point_and_no_ends():
    problem = problem_of(np.zeros((1, 1)))
    levels = [placed(problem), Level("score", 1, pair=np.zeros(0, np.int64))]
    answer = solve(problem, levels)
    none = np.zeros(0, np.int64)
    found = interval(problem, levels, answer, [Component(Fraction(1), none)], 0, at=1)
    assert (found.low, found.high) == (0, None)
    traded = frontier(problem, levels, answer, none, none, at=1)
    assert [(point.first, point.second) for point in traded.points] == [(0, 0)]
    assert traded.breakpoints == ()
