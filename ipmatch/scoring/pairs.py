"""What there is to know of one pair at a time, however many pairs there are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Protocol

import numpy as np

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.document import decimal_of
from ipmatch.policy import Policy
from ipmatch.scoring.builtin import Builtin
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.participants import Participants
from ipmatch.scoring.rules import FLOOR
from ipmatch.solving.arrays import BoolVector, IndexVector, IntMatrix, IntVector, ranks

__all__ = ["Described", "PairScores", "PairTable"]


class PairTable(Protocol):
    """The strengths of one criterion, pair by pair, by row and column."""

    @property
    def criterion(self) -> Criterion:
        """The criterion."""

    @property
    def steps(self) -> int:
        """Strengths are whole numbers of ``1 / steps``."""

    def steps_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The strengths of pairs in steps."""

    def strength_of(self, mentor: int, mentee: int) -> Decimal:
        """The exact strength of one pair."""


class Described:
    """What scores of any size say in the same way."""

    cohort: Cohort
    scale: int
    tables: Mapping[str, PairTable]

    def decimal(self, units: int) -> Decimal:
        """Integer units as exact points."""
        return decimal_of(units, self.scale)

    def points_of(self: PairScores, mentor: int, mentee: int) -> int:
        """One pair's score in units, by row and column."""
        return int(self.points_at(np.array([mentor]), np.array([mentee]))[0])

    def closed_each(
        self: PairScores, rule: str, mentors: IndexVector, mentees: IndexVector, most: int
    ) -> tuple[IntVector, IntMatrix]:
        """The pairs of each of these mentees that one rule alone removes; see ``PairScores``."""
        _, i, j = self.closed_by(rule, mentors, mentees, None)
        place = np.searchsorted(mentees, j)
        order = np.argsort(place, kind="stable")
        i, place = i[order], place[order]
        rank = ranks(place)
        best = np.full((len(mentees), most), -1)
        best[place[rank < most], rank[rank < most]] = i[rank < most]
        return np.bincount(place, minlength=len(mentees)), best

    def best_below_floor(self: PairScores, mentees: IndexVector) -> IndexVector:
        """For each of these mentees the first mentor of most points whom the floor alone keeps out, or -1."""
        best, everyone = np.full(len(mentees), -1), np.arange(len(self.people.mentors))
        for place in range(len(mentees)):
            count, mentors, _ = self.closed_by(FLOOR, everyone, mentees[place : place + 1], 1)
            if count:
                best[place] = mentors[0]
        return best

    @property
    def own_criteria(self) -> tuple[str, ...]:
        """The names of the user's own criteria."""
        return tuple(
            sorted(name for name, table in self.tables.items() if not isinstance(table.criterion, Builtin))
        )

    @cached_property
    def records_consent(self) -> bool:
        """Whether the programme writes consent down here; if nobody's is, not knowing it says nothing."""
        return any(person.consent is not None for person in self.cohort.people)


class PairScores(Protocol):
    """The scores of a cohort under a policy, pair by pair; see ``Scores``."""

    @property
    def cohort(self) -> Cohort:
        """Everybody."""

    @property
    def policy(self) -> Policy:
        """The rules."""

    @property
    def people(self) -> Participants:
        """Who takes part, sorted by id."""

    @property
    def scale(self) -> int:
        """One point is this many integer units."""

    @property
    def tables(self) -> Mapping[str, PairTable]:
        """By name of criterion."""

    @property
    def unit(self) -> Mapping[str, int]:
        """Units per step of strength, by criterion, for every criterion with a non-zero weight."""

    @property
    def void(self) -> tuple[NamedPair, ...]:
        """Required pairs of somebody who does not take part."""

    @property
    def own_criteria(self) -> tuple[str, ...]:
        """The names of the user's own criteria."""

    @property
    def records_consent(self) -> bool:
        """Whether the programme writes consent down here."""

    def decimal(self, units: int) -> Decimal:
        """Integer units as exact points."""

    def points_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The scores of pairs in units."""

    def points_of(self, mentor: int, mentee: int) -> int:
        """One pair's score in units."""

    def tier_of(self, mentor: int, mentee: int) -> str:
        """The name of one pair's tier."""

    def tiers_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The tiers of pairs, as places in ``TIERS``."""

    def allowed_at(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        """Whether each pair may be."""

    def closed_by(
        self, rule: str, mentors: IndexVector, mentees: IndexVector, most: int | None
    ) -> tuple[int, IndexVector, IndexVector]:
        """Of the pairs of some people, sorted, those that one rule alone removes: how many, and the best.

        By points, then by mentor and mentee; all, or so many at the ``most``.
        """

    def closed_each(
        self, rule: str, mentors: IndexVector, mentees: IndexVector, most: int
    ) -> tuple[IntVector, IntMatrix]:
        """The same for each of these n mentees: [n] how many, and [n, most] the best mentors, -1 for none."""

    def best_below_floor(self, mentees: IndexVector) -> IndexVector:
        """For each of these mentees the first mentor of most points whom the floor alone keeps out, or -1."""

    def removing(self, mentor: IndexVector, mentee: IndexVector) -> dict[str, BoolVector]:
        """Which of these pairs each rule removes."""

    def rules_against(self, mentor: int, mentee: int) -> tuple[str, ...]:
        """The hard rules that remove one pair."""

    def is_required(self, mentor: int, mentee: int) -> bool:
        """Whether one pair must be."""

    def choices(self) -> tuple[IntVector, IntVector]:
        """How many allowed pairs each mentor has, and each mentee."""
