"""What charts tell of all pairs of a middling crowd is what a look at each of them tells."""

from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.columns import chart, charted
from ipmatch.solving.columns.charted import charted_scan
from ipmatch.solving.columns.scan import Priced, Question, TooMany, excess_of
from tests.solving.grids import keys_of, random_gain, random_grid


def asked(rng, grid, gains, *, tight, each=1 << 20):
    """A question with prices near what pairs gain, some of them far from all others."""
    ends = keys_of(grid)
    levels = []
    for gain in gains:
        gained = grid.terrain.gain(gain, *grid.pairs(ends)) if len(ends) else np.zeros(1, np.int64)
        prices = [
            rng.choice(np.append(gained, rng.choice([0, 3, 2**45])), len(side)) // 2
            for side in grid_sides(grid)
        ]
        levels.append(Priced(gain, -prices[0] if rng.random() < 0.5 else prices[0], prices[1]))
    groups = [rng.integers(1 + (rng.random() < 0.5), size=len(side)) for side in grid_sides(grid)]
    return Question(tuple(levels[1:]), levels[0], *groups, tight=tight, each=each)


def grid_sides(grid):
    return grid.capacity, grid.wanted


def told_by_all(grid, question):
    """The hits and how far each is above its price, by a look at every allowed pair."""
    mentor, mentee = grid.pairs(keys_of(grid))
    excess = excess_of(grid.terrain, question.now, mentor, mentee)
    hits = excess == 0 if question.tight else excess > 0
    hits &= question.mentor_group[mentor] == question.mentee_group[mentee]
    for level in question.before:
        hits &= excess_of(grid.terrain, level, mentor, mentee) == 0
    return dict(
        zip(grid.terrain.keys(mentor[hits], mentee[hits]).tolist(), excess[hits].tolist(), strict=True)
    )


def named_in(question):
    levels = (question.now, *question.before)
    return {key for level in levels if level.gain.named is not None for key in level.gain.named.keys.tolist()}


@pytest.mark.parametrize("seed", range(200))
def test_every_hit_is_told_but_for_named_pairs(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(charted, "CELLS", int(rng.choice([1, 50, 1 << 18])))
    grid = random_grid(rng, people=25)
    gains = [random_gain(rng, grid.terrain, int(rng.choice([1, 9, 5000]))) for _ in range(rng.integers(1, 3))]
    question = asked(rng, grid, gains, tight=bool(rng.random() < 0.5))
    hits = charted_scan(grid.terrain, question)
    if hits is None:
        return
    told = dict(zip(grid.terrain.keys(hits.mentor, hits.mentee).tolist(), hits.excess.tolist(), strict=True))
    every, named = told_by_all(grid, question), named_in(question)
    assert told.items() <= every.items()
    assert every.keys() - told.keys() <= named


@pytest.mark.parametrize("seed", range(60))
def test_the_highest_of_each_mentee_are_told(seed):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=25)
    question = asked(rng, grid, [random_gain(rng, grid.terrain, 9)], tight=False, each=2)
    hits = charted_scan(grid.terrain, question)
    if hits is None or named_in(question):
        return
    every = told_by_all(grid, question)
    for j in range(len(grid.wanted)):
        own = sorted((excess for key, excess in every.items() if key % len(grid.wanted) == j), reverse=True)
        told, bound = hits.excess[hits.mentee == j], hits.worst[hits.worst_of == j]
        assert len(told) == len(own[:2])
        if len(bound):
            assert bound.min() >= own[0]
        else:
            assert sorted(told.tolist(), reverse=True) == own[:2]


@pytest.mark.parametrize("seed", range(60))
def test_one_of_the_highest_of_each_mentor_is_told_but_for_some_pairs(seed):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=25)
    question = asked(rng, grid, [random_gain(rng, grid.terrain, 9)], tight=False)
    keys = keys_of(grid)
    but = keys[rng.random(len(keys)) < 0.3]
    hits = charted_scan(grid.terrain, replace(question, but=but))
    if hits is None or named_in(question):
        return
    every = {key: excess for key, excess in told_by_all(grid, question).items() if key not in but}
    told = dict(zip(grid.terrain.keys(hits.mentor, hits.mentee).tolist(), hits.excess.tolist(), strict=True))
    assert told.items() <= every.items()
    for i in range(len(grid.capacity)):
        own = [excess for key, excess in every.items() if key // len(grid.wanted) == i]
        some = hits.excess[hits.mentor == i]
        assert bool(own) == bool(len(some))
        # Prices far from all others say only that a pair is far above.
        assert not own or some.max() == max(own) or max(own) > 2**40


def test_most_questions_can_be_charted():
    count = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        grid = random_grid(rng, people=25)
        question = asked(rng, grid, [random_gain(rng, grid.terrain, 9)], tight=True)
        count += charted_scan(grid.terrain, question) is not None
    assert count > 50


@pytest.mark.parametrize("seed", range(100))
def test_a_chart_tells_what_each_pair_gains_in_as_few_bits_as_hold_it(seed):
    rng = np.random.default_rng(seed)
    grid = random_grid(rng, people=12)
    gain = replace(random_gain(rng, grid.terrain, int(rng.choice([1, 9, 400, 5000, 10**6]))), named=None)
    unit = int(rng.choice([1, 5, 250]))
    coarse = tuple(unit * units for units in gain.coarse)
    gain = replace(gain, coarse=coarse, fine=unit * gain.fine, same=unit * gain.same)
    charts = chart.charts_of(grid.terrain, [gain])
    if charts is None or gain.is_plain:
        return
    (told,) = charts
    mentor, mentee = np.divmod(np.arange(len(grid.capacity) * len(grid.wanted)), max(1, len(grid.wanted)))
    worth = told.worth[mentee, mentor].astype(np.int64)
    allowed = grid.terrain.allowed(mentor, mentee)
    assert np.array_equal(worth > told.banned, allowed)
    gained = grid.terrain.gain(gain, mentor, mentee)[allowed]
    assert np.array_equal(told.start + told.unit * worth[allowed], gained)
    if told.most - told.least <= chart.STEPS * unit:
        assert told.worth.itemsize == 1 or told.most > 4000 * told.unit


def test_a_chart_let_go_is_written_down_anew():
    rng = np.random.default_rng(3)
    grid = random_grid(rng, people=25)
    question = asked(rng, grid, [random_gain(rng, grid.terrain, 9)], tight=True)
    before = charted_scan(grid.terrain, question)
    chart.forget_charts(grid.terrain)
    assert grid.terrain not in chart._kept
    after = charted_scan(grid.terrain, question)
    assert np.array_equal(before.mentor, after.mentor)
    assert np.array_equal(before.mentee, after.mentee)


def test_too_many_tight_pairs_are_refused():
    rng = np.random.default_rng(1)
    grid = random_grid(rng, people=25)
    gain = random_gain(rng, grid.terrain, 9)
    nothing = [np.zeros(len(side), np.int64) for side in grid_sides(grid)]
    question = Question((), Priced(gain, *nothing), *nothing, tight=True, most=0)
    assert told_by_all(grid, question)
    with pytest.raises(TooMany):
        charted_scan(grid.terrain, question)


@pytest.mark.parametrize("seed", range(60))
def test_tight_pairs_are_refused_just_where_there_are_more_than_asked_for(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(charted, "CELLS", int(rng.choice([1, 50, 1 << 18])))
    grid = random_grid(rng, people=25)
    question = asked(rng, grid, [random_gain(rng, grid.terrain, 3)], tight=True)
    if named_in(question) or charted_scan(grid.terrain, question) is None:
        return
    tight = len(told_by_all(grid, question))
    assert len(charted_scan(grid.terrain, replace(question, most=tight)).mentor) == tight
    if tight:
        with pytest.raises(TooMany):
            charted_scan(grid.terrain, replace(question, most=tight - 1))


def test_what_would_not_fit_is_not_charted(monkeypatch):
    rng = np.random.default_rng(2)
    grid = random_grid(rng, people=25)
    monkeypatch.setattr(chart, "ROOM", 1)
    assert (
        charted_scan(grid.terrain, asked(rng, grid, [random_gain(rng, grid.terrain, 9)], tight=True)) is None
    )
