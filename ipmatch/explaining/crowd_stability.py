"""Who of a big cohort would rather have each other: only pairs that may are ever listed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ipmatch.costs import Stability
from ipmatch.crowds import PairedCrowd, PosedCrowd
from ipmatch.explaining.stability import stability_of
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.blocking import NOTHING, least_had
from ipmatch.solving.columns.highest import above
from ipmatch.solving.columns.terrain import found, merged

__all__ = ["crowd_stability"]

MOST_COMPARED = 1 << 30
"""So many pairs are compared with what both have; with more, nothing is said of it."""
_NO_PAIR = 2**60


def crowd_stability(posed: PosedCrowd, keys: IndexVector) -> Stability | None:
    """How many would rather have each other than what the pairs used, by sorted key, give them.

    Whoever lists nobody is content with more points alone, so pairs of no more are left out from the start.
    """
    scores, grid = posed.scores, posed.grid
    if len(grid.capacity) * len(grid.wanted) > MOST_COMPARED:
        return None
    own = grid.listed(keys)
    orders, points = orders_of(scores, own), scores.points_at(*grid.pairs(keys))
    ranks = orders.mentor_rank, orders.mentee_rank
    least = least_had(own, *ranks, np.ones(len(keys), np.bool_))
    mentor_has, mentee_has = (
        _points_had(given_up, rank, points, orders.unlisted)
        for given_up, rank in zip(least, ranks, strict=True)
    )
    some = above(grid.terrain, scores.score, mentor_has, mentee_has)
    wished = merged(np.fromiter(_wished(posed), np.int64))
    wished = wished[grid.terrain.allowed(*grid.pairs(wished))]
    every = merged(keys, some, wished)
    used = found(keys, every)[1]
    return stability_of(PairedCrowd(posed, grid.listed(every), (), used), used)


def _points_had(least: IndexVector, rank: IntVector, points: IntVector, unlisted: int) -> IntVector:
    """The points another must exceed for each person to prefer them, unless they are on the person's list."""
    if not len(points):
        return np.where(least == NOTHING, -_NO_PAIR, _NO_PAIR)
    pair = np.maximum(least, 0)
    had = np.where((least >= 0) & (rank[pair] >= unlisted), points[pair], _NO_PAIR)
    return np.where(least == NOTHING, -_NO_PAIR, had)


def _wished(posed: PosedCrowd) -> Iterator[int]:
    """The keys of the pairs of which one is on the other's list."""
    people = posed.scores.people
    row, column = people.rows(), people.columns()
    for i, mentor in enumerate(people.mentors):
        yield from (i * len(column) + column[wish] for wish in mentor.prefers if wish in column)
    for j, mentee in enumerate(people.mentees):
        yield from (row[wish] * len(column) + j for wish in mentee.prefers if wish in row)
