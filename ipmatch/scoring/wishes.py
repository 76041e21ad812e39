"""Whom people would rather have: their own lists first, then the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ipmatch.people import Person
from ipmatch.scoring.pairs import PairScores
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.problem import Problem

__all__ = ["Orders", "orders_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """How the two people of each allowed pair rank each other: lower is better, equal is a tie.

    Attributes
    ----------
    mentor_rank
        [P] how the mentor of a pair ranks its mentee.
    mentee_rank
        [P] how the mentee of a pair ranks its mentor.
    unlisted
        Lower ranks are places on the person's own list, counted from 0; the others follow the score.
    """

    mentor_rank: IntVector
    mentee_rank: IntVector
    unlisted: int


def orders_of(scores: PairScores, problem: Problem) -> Orders:
    """Everyone's order of preference: those listed as listed, then everyone else by score.

    Only ranks that the same person gives can be compared.

    Parameters
    ----------
    scores
        Points of all pairs, and the people with their lists.
    problem
        The allowed pairs, with rows and columns as in the scores.
    """
    mentors, mentees = scores.people.mentors, scores.people.mentees
    unlisted = max((len(person.prefers) for person in (*mentors, *mentees)), default=0)
    points = scores.points_at(problem.mentor, problem.mentee)
    by_score = unlisted + (int(points.max(initial=0)) - points)
    key = problem.mentor * len(mentees) + problem.mentee
    row = {identifier: i * len(mentees) for identifier, i in scores.people.rows().items()}
    column = scores.people.columns()
    return Orders(
        mentor_rank=_listed_first(by_score, key, mentors, row, column),
        mentee_rank=_listed_first(by_score, key, mentees, column, row),
        unlisted=unlisted,
    )


def _listed_first(
    by_score: IntVector,
    key: IndexVector,
    people: Sequence[Person],
    own: Mapping[str, int],
    other: Mapping[str, int],
) -> IntVector:
    """Ranks by score, with places on lists in their stead; a pair's key is the sum of its people's."""
    wishes = [
        (own[person.id] + other[wish], place)
        for person in people
        for place, wish in enumerate(person.prefers)
        if wish in other
    ]
    rank = by_score
    if wishes and len(key):
        rank = by_score.copy()
        wished, place = np.array(wishes, dtype=np.int64).T
        pair = np.minimum(np.searchsorted(key, wished), len(key) - 1)
        allowed = key[pair] == wished
        rank[pair[allowed]] = place[allowed]
    return rank
