"""What was asked, and how reasons see it posed, however many pairs there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.builtin import Preferences
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.pairs import PairScores
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Objective, Problem

if TYPE_CHECKING:
    from ipmatch.matching import Keep
    from ipmatch.solving.rows.space import Row

__all__ = ["AnyPosed", "Earlier", "Request", "pair_ids", "worths_of"]

_TIER = "tiers."


@dataclass(frozen=True, slots=True)
class Earlier:
    """The pairs (mentor, mentee) of an earlier matching, and how far they are to be kept.

    At most ``max_changes`` of those that are still possible may be given up, if that is not None. What was
    ``decided`` for it binds nobody now.
    """

    pairs: frozenset[tuple[str, str]]
    keep: Keep
    max_changes: int | None = None
    decided: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Request:
    """All that an answer depends on, and nothing else."""

    cohort: Cohort
    policy: Policy
    criteria: tuple[Criterion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    earlier: Earlier | None = None

    @cached_property
    def fingerprint(self) -> str:
        """That of the cohort."""
        return self.cohort.fingerprint()


class AnyPosed(Protocol):
    """A request as reasons see it, however many pairs there are; see ``Posed``."""

    @property
    def request(self) -> Request:
        """What was asked."""

    @property
    def scores(self) -> PairScores:
        """What any pair is worth."""

    @property
    def problem(self) -> Problem:
        """The rules in numbers."""

    @property
    def is_stable(self) -> bool:
        """Whether the policy asks for a stable matching instead of the best."""

    @property
    def lists_pairs(self) -> bool:
        """Whether the problem lists every allowed pair; of a big cohort it lists those used alone."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rules that no network holds."""

    @property
    def levels(self) -> tuple[Objective, ...]:
        """What is wanted, on the pairs listed."""

    def mentees_of(self, mentor: int) -> IndexVector:
        """The mentees a mentor may be paired with."""

    def scale_of(self, level: str) -> int:
        """How many integer units make one of what a level counts."""

    def worths_of(self, level: str, mentors: IndexVector, mentees: IndexVector) -> IntVector:
        """What each of these pairs alone would add to a level, in its units, whether or not it is allowed."""


def pair_ids(posed: AnyPosed, used: BoolVector) -> tuple[tuple[str, str], ...]:
    """The marked pairs [P] of a problem by id, mentor first, in its order."""
    people, problem = posed.scores.people, posed.problem
    marked = zip(problem.mentor[used].tolist(), problem.mentee[used].tolist(), strict=True)
    return tuple((people.mentors[i].id, people.mentees[j].id) for i, j in marked)


def worths_of(
    request: Request, scores: PairScores, level: str, mentors: IndexVector, mentees: IndexVector
) -> IntVector:
    """What each of these pairs alone would add to a level, in its units, whether or not it is allowed."""
    if level == "score":
        return scores.points_at(mentors, mentees)
    if level.startswith(_TIER):
        tier = TIERS.index(level.removeprefix(_TIER))
        in_tier: IntVector = (scores.tiers_at(mentors, mentees) == tier).astype(np.int64)
        return in_tier
    if level not in ("preferences", "keep"):
        return np.zeros(len(mentors), np.int64)
    people, wishes = scores.people, Preferences()
    places = zip(mentors.tolist(), mentees.tolist(), strict=True)
    pairs = ((people.mentors[i], people.mentees[j]) for i, j in places)
    if level == "keep":
        kept = frozenset() if request.earlier is None else request.earlier.pairs
        return np.array([(one.id, other.id) in kept for one, other in pairs], np.int64)
    steps = (wishes.in_steps(wishes.mentor_key(one), wishes.mentee_key(other)) for one, other in pairs)
    return np.fromiter(steps, np.int64)
