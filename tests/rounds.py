"""A first round, and what became of its people: withdrawals, late joiners, cuts, bans and required pairs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match, rematch
from ipmatch.matching import Keep, Matching
from ipmatch.policy import Policy

from .second_scorer import Pair, Second, Vector
from .strategies import Case, random_case

KEEPS: tuple[Keep, ...] = ("all", "after-placed", "tie-break")


@dataclass
class Round:
    """What a random case became: the first matching, the people now, and whether anybody wants fewer."""

    case: Case
    cohort: dict[str, Any]
    previous: Matching
    is_cut: bool

    def rematch(self, keep: Keep) -> Matching | None:
        """The re-matching; ``None`` where the rules clash."""
        try:
            return rematch(
                Cohort.model_validate(self.cohort), self.previous, keep=keep, criteria=self.case.criteria
            )
        except InfeasibleError:
            return None


@cache
def second_round(seed: int) -> Round | None:
    """The second round of a random case; ``None`` if the first had no matching."""
    case, draw = random_case(seed), Random(f"second round {seed}")
    late = {person["id"] for person in _everyone(case.cohort) if draw.random() < 0.3}
    try:
        first = Cohort.model_validate(_without(case.cohort, late))
        previous = match(first, Policy.model_validate(case.policy), criteria=case.criteria)
    except InfeasibleError:
        return None
    cohort, is_cut = _changed(draw, case.cohort, previous)
    return Round(case, cohort, previous, is_cut)


@cache
def rematched(seed: int, keep: Keep) -> Matching | None:
    """The re-matching of a second round."""
    found = second_round(seed)
    return None if found is None else found.rematch(keep)


@cache
def judge(seed: int, keep: Keep) -> Again:
    """The second opinion on a second round."""
    found = second_round(seed)
    assert found is not None
    return Again(found, keep)


class Again(Second):
    """The second scorer, with the level ``keep`` where the contract puts it."""

    def __init__(self, found: Round, keep: Keep) -> None:
        super().__init__(found.cohort, found.case.policy, found.case.criteria)
        self.earlier, self.keep = found.previous.pairs(), keep

    def levels(self) -> list[str]:
        names = super().levels()
        placed = [place for place, name in enumerate(names) if name in ("placed", "further_mentors")]
        after = {
            "all": 0,
            "after-placed": placed[-1] + 1 if placed else 0,
            "tie-break": len(names),
        }[self.keep]
        return [*names[:after], "keep", *names[after:]]

    def _worth(self, mentee: str, chosen: Iterable[str], names: list[str]) -> Vector:
        chosen = list(chosen)
        place = names.index("keep")
        worth = super()._worth(mentee, chosen, names[:place] + names[place + 1 :])
        kept = Fraction(sum((mentor, mentee) in self.earlier for mentor in chosen))
        return (*worth[:place], kept, *worth[place:])

    @property
    def still_possible(self) -> set[Pair]:
        return {pair for pair in self.earlier if pair in self.allowed}


def _changed(draw: Random, cohort: Mapping[str, Any], previous: Matching) -> tuple[dict[str, Any], bool]:
    gone = {person["id"] for person in _everyone(cohort) if draw.random() < 0.05}
    cohort, is_cut = _without(cohort, gone), False
    for person in _everyone(cohort):
        if draw.random() < 0.12:
            person["status"] = draw.choice(["withdrawn", "ended", "paused"])
        if draw.random() < 0.1:
            side = "capacity" if "capacity" in person else "mentors_wanted"
            person[side] = max(0, person[side] - 1)
            is_cut = True
        if "capacity" in person and draw.random() < 0.06:
            person["min_mentees"] = 1
    for mentor in cohort["mentors"]:
        for mentee in cohort["mentees"]:
            pair = {"mentor": mentor["id"], "mentee": mentee["id"]}
            chance = draw.random() * (0.4 if tuple(pair.values()) in previous.pairs() else 1)
            named = [named for key in ("required_pairs", "forbidden_pairs") for named in cohort[key]]
            if chance > 0.05 or any(pair.items() <= other.items() for other in named):
                continue
            if chance < 0.025:
                cohort["forbidden_pairs"].append(pair)
            else:
                cohort["required_pairs"].append(pair)
    return cohort, is_cut


def _everyone(cohort: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*cohort["mentors"], *cohort["mentees"]]


def _without(cohort: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    """The cohort as if these people had never been named."""
    copy = json.loads(json.dumps(cohort))
    for side in ("mentors", "mentees"):
        copy[side] = [person for person in copy[side] if person["id"] not in gone]
    for person in _everyone(copy):
        for key in ("prefers", "avoids", "known_to"):
            if key in person:
                person[key] = [other for other in person[key] if other not in gone]
    for key in ("required_pairs", "forbidden_pairs"):
        copy[key] = [pair for pair in copy[key] if not {pair["mentor"], pair["mentee"]} & gone]
    return copy
