"""The pairs a big cohort's search starts from: required ones, and for each mentee a few of a sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.terrain import Gain, merged

__all__ = ["first_keys"]

FIRST = 8
"""Pairs of each mentee to start with."""
SAMPLE = 768
"""Mentors that each mentee compares for the start."""


def first_keys(grid: Grid, goals: Sequence[Goal]) -> IndexVector:
    """Choose the pairs to start with, by sorted key.

    A poor choice costs rounds, never the answer; the sample is the same for the same sizes.
    """
    mentors, mentees = len(grid.capacity), len(grid.wanted)
    gains = [(goal.pair, goal.people.bound) for goal in goals if goal.pair is not None]
    draw = np.random.default_rng(mentors * 1_000_003 + mentees)
    size = min(SAMPLE, mentors)
    chosen = [grid.required]
    step = max(1, (1 << 20) // max(1, size))
    for start in range(0, mentees if mentors else 0, step):
        rows = np.arange(start, min(start + step, mentees))
        sample = (
            np.broadcast_to(np.arange(mentors), (len(rows), size))
            if size == mentors
            else draw.integers(mentors, size=(len(rows), size))
        )
        keys = _best_of(grid, gains, rows, sample, draw)
        chosen.append(keys)
    return merged(*chosen)


def _best_of(
    grid: Grid,
    gains: Sequence[tuple[Gain, int]],
    rows: IndexVector,
    sample: IndexVector,
    draw: np.random.Generator,
) -> IndexVector:
    mentor, mentee = sample.reshape(-1), np.repeat(rows, sample.shape[1])
    worth = np.zeros(len(mentor))
    for gain, bound in gains:
        worth = worth * (2.0 * bound + 1) + grid.terrain.gain(gain, mentor, mentee)
    # Ties fall anywhere, or all would list the same few.
    worth = np.where(grid.terrain.allowed(mentor, mentee), worth, -np.inf) + draw.random(len(mentor)) / 2
    table = worth.reshape(sample.shape)
    each = min(FIRST, sample.shape[1])
    top = np.argpartition(table, sample.shape[1] - each, axis=1)[:, sample.shape[1] - each :]
    keys = grid.terrain.keys(np.take_along_axis(sample, top, 1), rows[:, None])
    found: IndexVector = keys[np.take_along_axis(table, top, 1) > -np.inf]
    return found
