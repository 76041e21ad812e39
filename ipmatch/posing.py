"""Scores -> the integer problem: people and rules become capacities, pairs and levels; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ipmatch.policy import TIERS
from ipmatch.scoring.scores import Scores
from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.network import Level, Problem

__all__ = ["Posed", "pose"]


@dataclass(frozen=True, slots=True)
class Posed:
    """A scored cohort as the solver sees it: mentor i and mentee j are row i and column j of the scores."""

    scores: Scores
    problem: Problem
    levels: tuple[Level, ...]

    def place(self, mentor: int, mentee: int) -> int | None:
        """Where a pair stands in the problem's list of pairs; ``None`` if it is not allowed."""
        start, stop = np.searchsorted(self.problem.mentor, [mentor, mentor + 1])
        found = start + int(np.searchsorted(self.problem.mentee[start:stop], mentee))
        return found if found < stop and self.problem.mentee[found] == mentee else None


def pose(scores: Scores) -> Posed:
    """The problem of a scored cohort, with the policy's levels in order."""
    mentors, mentees = scores.people.mentors, scores.people.mentees
    mentor, mentee = (indices.astype(np.int64) for indices in np.nonzero(scores.allowed))
    seed = scores.policy.objective.seed
    problem = Problem(
        capacity=np.array([person.capacity for person in mentors], dtype=np.int64),
        minimum=np.array([person.min_mentees for person in mentors], dtype=np.int64),
        wanted=np.array([person.mentors_wanted for person in mentees], dtype=np.int64),
        mentor=mentor,
        mentee=mentee,
        required=scores.required[mentor, mentee],
        mentor_number=lottery_numbers([person.id for person in mentors], "mentor", seed),
        mentee_number=lottery_numbers([person.id for person in mentees], "mentee", seed),
    )
    return Posed(scores, problem, tuple(_levels(scores, mentor, mentee, problem.wanted)))


def _levels(
    scores: Scores, mentor: IndexVector, mentee: IndexVector, wanted: IndexVector
) -> Iterator[Level]:
    each = np.ones(len(wanted), dtype=np.int64)
    for name in scores.policy.objective.levels:
        match name:
            case "placed":
                yield Level("placed", 1, first=each)
                if (wanted > 1).any():
                    yield Level("further_mentors", 1, further=each)
            case "tiers":
                tier = scores.tier[mentor, mentee]
                for label in scores.policy.tiers.order:
                    yield Level(f"tiers.{label}", 1, pair=(tier == TIERS.index(label)).astype(np.int64))
            case "score":
                yield Level("score", scores.bound, pair=scores.points[mentor, mentee])
