"""Seeded small grids with everything on, and the same problems with every pair listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.terrain import Coarse, Gain, Named, Terrain
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.quotas import split
from tests.solving.instances import random_quotas


def coarse(rng: np.random.Generator, mentors: int, mentees: int, most: int = 3) -> Coarse:
    rows, columns = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    return Coarse(
        rng.integers(rows, size=mentors),
        rng.integers(columns, size=mentees),
        rng.integers(most, size=(rows, columns)),
    )


def some_keys(rng: np.random.Generator, pairs: int, share: float) -> np.ndarray:
    return np.flatnonzero(rng.random(pairs) < share)


def random_terrain(rng: np.random.Generator, mentors: int, mentees: int, *, promised: float) -> Terrain:
    keys, choices = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    floor = np.zeros((2, 5), np.bool_)
    floor[0, : rng.integers(0, 4)] = True
    if rng.random() < 0.2:
        floor = rng.random((2, 5)) < 0.3
    best = np.append(rng.integers(0, 5, (keys, choices)), np.zeros((keys, 1), np.int64), axis=1)
    seed = int(rng.integers(2**32))
    return Terrain(
        coarse=tuple(coarse(rng, mentors, mentees) for _ in range(rng.integers(0, 3))),
        near=coarse(rng, mentors, mentees, 2),
        best=best.astype(np.int8),
        best_row=rng.integers(keys, size=mentors),
        choice=rng.integers(choices + 1, size=(mentees, rng.integers(1, 4))).astype(np.int32),
        mentor_mark=rng.integers(-1, 3, mentors),
        mentee_mark=rng.integers(-2, 3, mentees) * (rng.random(mentees) < 0.8),
        barred=tuple(coarse(rng, mentors, mentees, 2) for _ in range(rng.integers(0, 2))),
        floor=floor,
        bars_same=bool(rng.random() < 0.3),
        excluded=some_keys(rng, mentors * mentees, 0.05),
        required=some_keys(rng, mentors * mentees, promised / (mentors * mentees)),
        mentor_number=lottery_numbers([f"M{i}" for i in range(mentors)], "mentor", seed),
        mentee_number=lottery_numbers([f"E{j}" for j in range(mentees)], "mentee", seed),
    )


def random_gain(rng: np.random.Generator, terrain: Terrain, unit: int) -> Gain:
    fine = np.sort(rng.integers(0, unit + 1, (2, 5)), axis=1)
    if rng.random() < 0.3:
        fine = rng.integers(0, 2, (2, 5))
    keys = some_keys(rng, terrain.mentors * terrain.mentees, 0.1)
    named = Named(keys, rng.integers(0, unit + 1, len(keys))) if rng.random() < 0.4 else None
    if rng.random() < 0.15:
        return Gain((0,) * len(terrain.coarse), fine * 0, named=named)
    units = tuple(int(units) for units in rng.integers(0, unit + 1, len(terrain.coarse)))
    return Gain(units, fine, -int(rng.integers(0, unit + 1)) * int(rng.random() < 0.5), named)


def random_grid(rng: np.random.Generator, *, people: int = 12, rules: bool = True) -> Grid:
    """A grid of at most so many people on each side, with quotas that do not cross."""
    mentors, mentees = (int(number) for number in rng.integers(1, people + 1, 2))
    grid = Grid(
        capacity=rng.integers(1, 4, mentors),
        minimum=np.where(rng.random(mentors) < 0.15 * rules, rng.integers(0, 3, mentors), 0),
        wanted=np.where(rng.random(mentees) < 0.2, rng.integers(2, 4, mentees), 1),
        terrain=random_terrain(rng, mentors, mentees, promised=2 * rules * (rng.random() < 0.4)),
    )
    if rules and rng.random() < 0.4:
        quotas = random_quotas(rng, {"mentor": mentors, "mentee": mentees})
        ruled = replace(grid, quotas=quotas)
        if not any(left.minimum or left.maximum is not None for left in split(dense(ruled))[1]):
            return ruled
    return grid


def random_goals(rng: np.random.Generator, grid: Grid) -> list[Goal]:
    mentees, mentors = len(grid.wanted), len(grid.capacity)
    placed = Goal(Level("placed", 1, first=np.ones(mentees, np.int64)))
    further = Goal(Level("further", 1, further=np.ones(mentees, np.int64)))
    waiting = Goal(Level("waiting", 3, first=rng.integers(0, 4, mentees)))
    spread = Goal(Level("spread", 2, mentor=rng.integers(0, 3, mentors)))
    pairs = [
        Goal(Level(f"pairs.{k}", 200), random_gain(rng, grid.terrain, unit))
        for k, unit in enumerate((1, 1, 9))
    ]
    return [
        [placed, further, pairs[2]],
        [placed, further, *pairs],
        [pairs[2]],
        [pairs[0], placed, pairs[2]],
        [placed, waiting, spread, pairs[1], pairs[2]],
        [placed],
        [],
    ][rng.integers(7)]


def keys_of(grid: Grid) -> np.ndarray:
    """The keys of all allowed pairs."""
    keys = np.arange(len(grid.capacity) * len(grid.wanted))
    return keys[grid.terrain.allowed(*grid.pairs(keys))]


def dense(grid: Grid) -> Problem:
    """The same problem, every pair listed, and told nothing more."""
    return replace(replace(grid, quotas=()).listed(keys_of(grid)), quotas=grid.quotas)
