"""Why somebody has nobody in a stable matching: whoever they could have has people liked at least as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ipmatch.document import freeze
from ipmatch.explaining.cut import Cut, Residual
from ipmatch.explaining.naming import MOST_FACTS, Naming
from ipmatch.explaining.nobody import nobody_eligible
from ipmatch.explaining.room import spare_mentor
from ipmatch.matching import SpareMentor, Unmatched
from ipmatch.posing import Posed
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.words import MOST_NAMES, counted, names

__all__ = ["spare_in_stable", "unmatched_in_stable"]


def unmatched_in_stable(posed: Posed, used: BoolVector) -> tuple[Unmatched, ...]:
    """Every mentee without a mentor in a stable matching, in order of id, with the reason.

    ``shortage`` and ``held-by-rule`` mean what they mean in any matching; ``stable`` that others could be
    moved to make a place, which only orders of preference forbid. In these three, ``eligible`` counts the
    mentors, ``full`` names them with the mentees each has (if they are not too many), and ``tied`` those of
    these mentees whom only the lottery put first.
    """
    given = np.bincount(posed.problem.mentee[used], minlength=len(posed.problem.wanted))
    reasons = _Unmatched(posed, used)
    return tuple(reasons.of(j) for j in np.flatnonzero(given == 0).tolist())


def spare_in_stable(posed: Posed, used: BoolVector) -> tuple[SpareMentor, ...]:
    """Every mentor with places left in a stable matching, in order of id, with the reason.

    Whoever may be paired with such a mentor has one, or the two would rather have each other.
    """
    problem, scores, found = posed.problem, posed.scores, list[SpareMentor]()
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    for i in np.flatnonzero(load < problem.capacity).tolist():
        mentor, had, eligible = scores.people.mentors[i], int(load[i]), int(scores.allowed[i].sum())
        facts: dict[str, Any] = {}
        if eligible:
            code, facts["elsewhere"] = "all-placed", eligible - had
            everyone = "Everyone else" if had and eligible > had else "Everyone"
            liked = f" required for them or ranked at least as high as {mentor.id}" if eligible > had else ""
            because = f"{everyone} who may be paired with {mentor.id} has a mentor{liked}."
        else:
            code, because = "no-eligible-mentee", f"No mentee taking part may be paired with {mentor.id}."
        found.append(spare_mentor(mentor.id, mentor.capacity, had, code, because, facts=facts))
    return tuple(found)


class _Unmatched:
    """What the reasons of all unmatched mentees share."""

    def __init__(self, posed: Posed, used: BoolVector) -> None:
        problem = posed.problem
        self._problem, self._scores, self._naming = problem, posed.scores, Naming(posed)
        self._mentors, self._mentees = self._naming.mentors, self._naming.mentees
        self._rank = orders_of(posed.scores, problem).mentor_rank
        pairs = np.flatnonzero(used)
        rows = np.searchsorted(problem.mentor[pairs], np.arange(1, max(1, len(self._mentors))))
        self._held = np.split(pairs, rows)
        self._ruled = Residual(problem, used)
        self._bare = self._ruled
        if problem.required.any():
            self._bare = Residual(replace(problem, required=np.zeros_like(problem.required)), used)

    def of(self, j: int) -> Unmatched:
        """The reason of one mentee, by column."""
        code: Any
        facts: Mapping[str, Any]
        if self._scores.allowed[:, j].any():
            (code, facts, because), decided_by = self._competing(j), "stability"
        else:
            code, facts, because = nobody_eligible(self._scores, j, np.zeros(0, np.int64))
            decided_by = None
        return Unmatched.model_construct(
            mentee=self._mentees[j],
            wanted=1,
            given=0,
            code=code,
            decided_by=decided_by,
            facts=freeze(facts),
            because=because,
        )

    def _competing(self, j: int) -> tuple[Any, dict[str, Any], str]:
        """Every eligible mentor is full with mentees he likes at least as much."""
        facts, because = self._full(j)
        mentee = self._mentees[j]
        if self._ruled.finds(j):
            code = "stable"
            because += (
                f" Others could be moved to make a place for {mentee}, but then, with ties drawn by the"
                " lottery, some mentor and mentee would both rather have each other."
            )
        elif self._bare.finds(j):
            code, rules = "held-by-rule", self._ruled.blocking(j)
            facts["rules"] = tuple(self._naming.facts(rule) for rule in rules)
            could = f"{mentee} could have a mentor without anybody losing one"
            because += f" But for {self._naming.rules(rules)}, {could}."
        else:
            code, cut = "shortage", self._bare.cut(j)
            places = cut.has.get("places", 0)
            facts |= self._naming.group(cut.mentees, cut.mentors)
            facts |= {"places": places, "needed": len(cut.mentees)}
            because += f" {self._shortage_words(cut, places)}"
        return code, facts, because

    def _shortage_words(self, cut: Cut, places: int) -> str:
        group, mentors = counted(len(cut.mentees), "mentee"), counted(len(cut.mentors), "mentor")
        enough = f"{counted(places, 'place')} for {group}, so one must go without"
        if max(len(cut.mentees), len(cut.mentors)) > MOST_NAMES:
            return f"The same {mentors} serve a whole group: {enough}."
        who = names([self._mentees[k] for k in cut.mentees])
        return f"Only {names([self._mentors[i] for i in cut.mentors])} can mentor {who}: {enough}."

    def _full(self, j: int) -> tuple[dict[str, Any], str]:
        """The eligible mentors with their mentees, and the ties that the lottery broke."""
        problem = self._problem
        full, tied, lots = list[dict[str, Any]](), list[dict[str, str]](), list[str]()
        for pair in np.flatnonzero(problem.mentee == j).tolist():
            i = int(problem.mentor[pair])
            mentor, held = self._mentors[i], self._held[i]
            alike = held[~problem.required[held] & (self._rank[held] == self._rank[pair])]
            full.append({"mentor": mentor, "mentees": self._names(held)})
            tied += [{"mentor": mentor, "mentee": other} for other in self._names(alike)]
            if len(alike):
                lots.append(f"{mentor} ranks {names([self._mentees[j], *self._names(alike)])} alike")
        facts: dict[str, Any] = {"eligible": len(full)}
        if len(full) <= MOST_FACTS:
            facts |= {"full": tuple(full), "tied": tuple(tied)}
        whose = "the one mentor" if len(full) == 1 else f"the {len(full):,} mentors"
        has = names([f"{each['mentor']} has {names(each['mentees'])}" for each in full])
        because = (
            f"Every place of {whose} who may be paired with {self._mentees[j]} is taken by a mentee required"
            f" there or ranked at least as high: {has}."
        )
        if lots:
            because += f" The lottery decided where {names(lots)}."
        return facts, because

    def _names(self, pairs: IndexVector) -> tuple[str, ...]:
        return tuple(self._mentees[j] for j in self._problem.mentee[pairs].tolist())
