"""The pair of most gain of each mentee, found by whole tables, is that of a list of all pairs."""

import numpy as np
import pytest

from ipmatch.solving.columns import highest
from ipmatch.solving.columns.highest import above, highest_of
from tests.solving.grids import keys_of, random_gain, random_grid


@pytest.mark.parametrize("seed", range(80))
def test_the_first_of_the_best_pairs_is_told(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(highest, "CELLS", int(rng.choice([1, 50, 1 << 20])))
    grid = random_grid(rng, people=25)
    gain = random_gain(rng, grid.terrain, int(rng.choice([1, 3, 2**40])))
    asked = np.flatnonzero(rng.random(len(grid.wanted)) < 0.7)
    mentor, mentee = grid.pairs(keys_of(grid))
    gained = grid.terrain.gain(gain, mentor, mentee)
    listed = []
    for j in asked.tolist():
        own = np.flatnonzero(mentee == j)
        listed.append(int(mentor[own[np.argmax(gained[own])]]) if len(own) else -1)
    assert highest_of(grid.terrain, gain, asked).tolist() == listed


@pytest.mark.parametrize("seed", range(60))
def test_pairs_above_what_both_have_are_told(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(highest, "CELLS", int(rng.choice([1, 50, 1 << 20])))
    grid = random_grid(rng, people=25)
    gain = random_gain(rng, grid.terrain, int(rng.choice([1, 9, 2**40])))
    keys = keys_of(grid)
    mentor, mentee = grid.pairs(keys)
    gained = grid.terrain.gain(gain, mentor, mentee)
    some = np.concatenate([gained, [-(2**60), 2**60]])
    mentor_has, mentee_has = (rng.choice(some, len(side)) for side in (grid.capacity, grid.wanted))
    more = (gained > mentor_has[mentor]) & (gained > mentee_has[mentee])
    assert above(grid.terrain, gain, mentor_has, mentee_has).tolist() == keys[more].tolist()
