"""Scores -> the integer problem: people and rules become capacities, pairs and levels; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ipmatch.cohort import Cohort, Decision
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.scores import Scores, score
from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Level, Problem

__all__ = ["Posed", "pose", "pose_cohort"]


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


def pose_cohort(
    cohort: Cohort, policy: Policy | None, criteria: Sequence[Criterion], decisions: Iterable[Decision]
) -> Posed:
    """Score and pose a cohort after decisions; without a policy its own rules, else the default, never merged.

    Raises
    ------
    InputError, InfeasibleError
        As :func:`ipmatch.scoring.scores.score`; ``UsageError`` if a decision names an unknown id.
    """
    rules = policy or cohort.policy or Policy()
    return pose(score(cohort.with_decisions(decisions), rules, criteria))


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


def _levels(scores: Scores, mentor: IndexVector, mentee: IndexVector, wanted: IndexVector) -> Iterator[Level]:
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
