"""Answers to many questions at once, each about one change of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Problem, Side
from ipmatch.solving.words64 import Packing, Words, finite, is_less

__all__ = ["Change", "gains_of", "has_way", "losses_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One entry per question: what each level loses, or gains, and whether the rules allow it at all.

    Attributes
    ----------
    levels
        For each level an array over the questions, compared first level first: a later one may be negative
        where an earlier one is positive. All 0 where not possible.
    possible
        Whether any pairing keeps the changed rules.
    known
        Whether all this is so. Where it is not, the question changes more than one unit: solve again.
    """

    levels: tuple[IntVector, ...]
    possible: BoolVector
    known: BoolVector


def losses_of(packing: Packing, size: int, place: IndexVector, words: Words) -> Change:
    """Answer the questions at ``place`` by the loss packed in ``words``, the others by nothing lost."""
    possible = np.ones(size, np.bool_)
    possible[place] = finite(words)
    return Change(_spread(packing, size, place, words, finite(words)), possible, np.ones(size, np.bool_))


def gains_of(packing: Packing, size: int, place: IndexVector, words: Words) -> Change:
    """Answer the questions at ``place`` by how far ``words`` fall below nothing lost, the others by none."""
    better = finite(words) & is_less(words, [0] * len(words))
    levels = _spread(packing, size, place, [-word for word in words], better)
    return Change(levels, np.ones(size, np.bool_), np.ones(size, np.bool_))


def has_way(problem: Problem, side: Side) -> BoolVector:
    """Tell of each person of a side whether the network shows what quotas one more unit counts for.

    It does not where a quota is left out because it could not bind till now, or where it counts first units
    only and the person has no further ones yet.
    """
    most = problem.most(side)
    has_way = np.ones(len(most), np.bool_)
    for quota in problem.quotas:
        if quota.side == side:
            own = most[quota.members]
            binds = quota.maximum is None or quota.maximum < own.sum()
            has_way[quota.members] &= binds & (own > (1 if quota.minimum else 0))
    return has_way


def _spread(
    packing: Packing, size: int, place: IndexVector, words: Words, where: BoolVector
) -> tuple[IntVector, ...]:
    levels = []
    for values in packing.unpack([word[where] for word in words]):
        spread = np.zeros(size, np.int64)
        spread[place[where]] = values
        levels.append(spread)
    return tuple(levels)
