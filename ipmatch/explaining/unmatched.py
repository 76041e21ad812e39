"""Why a mentee has fewer mentors than wanted: the one true reason, its proof, and what decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from ipmatch.document import freeze
from ipmatch.explaining.cut import Cut, Residual
from ipmatch.explaining.floor import JustBelow
from ipmatch.explaining.groups import Kind, Kinds
from ipmatch.explaining.instead import Instead, instead_of
from ipmatch.explaining.naming import Naming
from ipmatch.explaining.nobody import nobody_eligible
from ipmatch.explaining.repairs import Repairs
from ipmatch.matching import Repair, Unmatched
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.marginals import loss_of_placing
from ipmatch.solving.openings import Openings, openings_of
from ipmatch.words import MOST_NAMES, after_those_had, counted, names

__all__ = ["Explainer", "explain_unmatched"]

# A matching holds this many repairs for each mentee; asked for one mentee, all are told.
MOST_REPAIRS = 3


def explain_unmatched(
    posed: AnyPosed, used: BoolVector, prices: Mapping[str, IntVector]
) -> tuple[Unmatched, ...]:
    """Every mentee with fewer mentors than wanted, in order of id, each with the reason and its facts."""
    problem = posed.problem
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    short = np.flatnonzero(given < problem.wanted)
    if not len(short):
        return ()
    explainer = Explainer(posed, used, prices)
    return tuple(explainer.reason(int(j)) for j in short)


class Explainer:
    """What all unmatched mentees of one matching share: searches, losses, kinds and pairs below the floor."""

    def __init__(self, posed: AnyPosed, used: BoolVector, prices: Mapping[str, IntVector]) -> None:
        self._posed, self._used, self._scores = posed, used, posed.scores
        self._prices = prices
        self._naming = Naming(posed)
        self._made = posed.problem.mentor[used], posed.problem.mentee[used]
        self._mentors, self._mentees = self._naming.mentors, self._naming.mentees
        self._given = np.bincount(posed.problem.mentee[used], minlength=len(self._mentees))
        self._choices = posed.problem.others("mentee")
        self._floor = JustBelow(posed, used)

    def reason(self, j: int) -> Unmatched:
        """The reason for one mentee, by column."""
        if self._choices[j] == self._given[j]:
            return self._nobody_eligible(j)
        if self._ruled.finds(j):
            return self._not_worth_it(j)
        return self._held_by_rule(j) if self._bare.finds(j) else self._shortage(j)

    @cached_property
    def _openings(self) -> Openings:
        # Apart from the network, which does not hold rules that cross.
        return openings_of(self._posed.problem, self._used)

    @cached_property
    def _ruled(self) -> Residual:
        return Residual(self._posed.problem, self._used, self._openings)

    @cached_property
    def _bare(self) -> Residual:
        """The same pairing where places are all that limits it."""
        problem = self._posed.problem
        if not (problem.required.any() or problem.minimum.any() or problem.quotas or problem.limits):
            return self._ruled
        bare = replace(
            problem,
            required=np.zeros_like(problem.required),
            minimum=np.zeros_like(problem.minimum),
            quotas=(),
            limits=(),
        )
        return Residual(bare, self._used, self._openings)

    @cached_property
    def _all_repairs(self) -> Repairs:
        return Repairs(self._posed, self._ruled)

    def _repairs(self, j: int) -> tuple[Repair, ...]:
        return tuple(islice(self._all_repairs.of(j), MOST_REPAIRS))

    def _unmatched(self, j: int, code: Any, because: str, facts: dict[str, Any], **decided: Any) -> Unmatched:
        wanted, given = int(self._posed.problem.wanted[j]), int(self._given[j])
        because = after_those_had(self._mentees[j], given, wanted, because)
        below = self._floor.of(j)
        if below:
            facts["just_below_floor"] = below[0]
            because = f"{because} {below[1]}"
        repairs = self._repairs(j)
        if repairs and not (below and _tells_of(repairs[0], below[0]["mentor"])):
            because = f"{because} {repairs[0].because}"
        return Unmatched.model_construct(
            mentee=self._mentees[j],
            wanted=wanted,
            given=given,
            code=code,
            facts=freeze(facts),
            because=because,
            repairs=repairs,
            **decided,
        )

    def _nobody_eligible(self, j: int) -> Unmatched:
        mentors, mentees = self._made
        taken = mentors[mentees == j]
        code, facts, because = nobody_eligible(self._scores, j, taken)
        return self._unmatched(j, code, because, dict(facts))

    def _not_worth_it(self, j: int) -> Unmatched:
        found = self._instead[j]
        if found.level is None:
            because = f"{self._placing(j)} is possible and would cost nothing: the lottery decided."
        elif found.loss is None:
            because = f"{self._placing(j)} is possible, but worse by the level {found.level}."
        else:
            because = f"{self._placing(j)} is possible, at a cost: {found.words}."
        return self._unmatched(j, "not-worth-it", because, {}, **_decided(found))

    def _placing(self, j: int) -> str:
        return (
            f"Giving {self._mentees[j]} another mentor" if self._given[j] else f"Placing {self._mentees[j]}"
        )

    def _held_by_rule(self, j: int) -> Unmatched:
        rules, cut = self._ruled.blocking(j), self._ruled.cut(j)
        one = "another mentor" if self._given[j] else "a mentor"
        could = f"{self._mentees[j]} could have {one} without anybody losing one"
        because = f"But for {self._naming.rules(rules)}, {could}."
        facts = {
            "rules": tuple(self._naming.facts(rule) for rule in rules),
            **self._naming.group(cut.mentees, cut.mentors),
            "places": cut.has.get("places", 0),
            "needs": cut.needs,
            "has": cut.has,
        }
        return self._decide(j, "held-by-rule", because, facts)

    def _shortage(self, j: int) -> Unmatched:
        cut, kind = self._bare.cut(j), self._kinds.short(j)
        facts = {
            **self._naming.group(cut.mentees, cut.mentors),
            "places": cut.has.get("places", 0),
            "needed": cut.needs["people"],
        }
        if "elsewhere" in cut.has:
            facts["elsewhere"] = cut.has["elsewhere"]
        if kind:
            facts["attributes"] = kind.facts
        return self._decide(j, "shortage", self._shortage_words(j, cut, kind), facts)

    def _shortage_words(self, j: int, cut: Cut, kind: Kind | None) -> str:
        """The whole programme first, then a few people by name, then a kind of people, then bare numbers."""
        has, elsewhere = cut.has.get("places", 0), cut.has.get("elsewhere", 0)
        places, needed = counted(has, "place"), cut.needs["people"] - elsewhere
        if len(cut.mentors) == len(self._mentors):
            asked = counted(int(self._posed.problem.wanted.sum()), "mentor")
            only = len(self._mentors) == 1
            have = f"the only mentor, {self._mentors[0]}, has" if only else "the {:,} mentors have"
            people = counted(len(self._mentees), "mentee")
            who = have.format(len(self._mentors))
            return f"Every place is taken: {people} taking part ask for {asked}, and {who} {places}."
        enough = f"{places} for the {needed:,} asked for, so one must go without."
        beside = ", beside the mentors some of them have elsewhere" if elsewhere else ""
        if max(len(cut.mentees), len(cut.mentors)) <= MOST_NAMES:
            group = names([self._mentees[k] for k in cut.mentees])
            mentors = names([self._mentors[i] for i in cut.mentors])
            return f"Only {mentors} can mentor {group}{beside}: {enough}"
        if kind:
            return kind.because
        mentors = f"{len(cut.mentors):,} mentors"
        if len(cut.mentors) <= MOST_NAMES:
            mentors = names([self._mentors[i] for i in cut.mentors])
        group = f"{self._mentees[j]} and {counted(len(cut.mentees) - 1, 'other')}"
        return f"Only {mentors} can mentor {group}{beside}: {enough}"

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds(self._posed, self._used, self._openings)

    def _decide(self, j: int, code: str, because: str, facts: dict[str, Any]) -> Unmatched:
        """Add what chose against this mentee, and what placing them instead would cost."""
        if j not in self._instead:
            because += f" No pairing under the rules gives {self._mentees[j]} this place."
            return self._unmatched(j, code, because, facts)
        found = self._instead[j]
        if found.level is None:
            because += f" {self._placing(j)} instead would cost nothing: the lottery decided."
        elif found.loss is None:
            because += f" {self._placing(j)} instead would be worse by the level {found.level}."
        else:
            because += f" {self._placing(j)} instead would cost {found.words}."
        return self._unmatched(j, code, because, facts, **_decided(found))

    @cached_property
    def _instead(self) -> dict[int, Instead]:
        return instead_of(self._posed, self._used, self._prices, loss_of_placing)


def _decided(found: Instead) -> dict[str, Any]:
    level = found.level or "lottery"
    by = level if level in ("score", "lottery") else f"level:{level}"
    return {"decided_by": by, "loss": found.loss}


def _tells_of(repair: Repair, mentor: str) -> bool:
    """Whether a repair allows the pair below the floor that the reason names already."""
    return repair.code == "allow-below-floor" and any(
        pair["mentor"] == mentor for pair in repair.facts["pairs"]
    )
