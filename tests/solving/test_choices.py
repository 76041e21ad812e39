"""Everybody's allowed pairs, counted by whole tables, are those that are allowed one by one."""

from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.columns import sets
from ipmatch.solving.columns.choices import counted_choices
from tests.solving.grids import keys_of, random_grid


def one_by_one(grid):
    mentor, mentee = grid.pairs(keys_of(grid))
    mentors, mentees = len(grid.capacity), len(grid.wanted)
    return np.bincount(mentor, minlength=mentors), np.bincount(mentee, minlength=mentees)


@pytest.mark.parametrize("seed", range(60))
def test_choices_are_counted_as_one_by_one(seed):
    grid = random_grid(np.random.default_rng(seed), people=(12, 300)[seed % 2])
    for counted, listed in zip(counted_choices(grid.terrain), one_by_one(grid), strict=True):
        assert counted.tolist() == listed.tolist()


@pytest.mark.parametrize("seed", range(10))
def test_choices_counted_in_many_small_batches_are_the_same(seed, monkeypatch):
    grid = random_grid(np.random.default_rng(seed), people=300)
    monkeypatch.setattr(sets, "WORDS", 1)
    for counted, listed in zip(counted_choices(grid.terrain), one_by_one(grid), strict=True):
        assert counted.tolist() == listed.tolist()


def test_nobody_has_no_choices():
    terrain = random_grid(np.random.default_rng(0)).terrain
    coarse = tuple(replace(table, row=table.row[:0]) for table in terrain.coarse)
    barred = tuple(replace(table, row=table.row[:0]) for table in terrain.barred)
    nobody = replace(
        terrain,
        coarse=coarse,
        barred=barred,
        near=replace(terrain.near, row=terrain.near.row[:0]),
        best_row=terrain.best_row[:0],
        mentor_mark=terrain.mentor_mark[:0],
        excluded=terrain.excluded[:0],
        required=terrain.required[:0],
    )
    mentors, mentees = counted_choices(nobody)
    assert len(mentors) == 0
    assert mentees.tolist() == [0] * terrain.mentees
