"""Seeded tiny cohorts and policies in which everything meets: ties, bans, wishes, unknowns, every rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, ClassVar

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match
from ipmatch.matching import Matching
from ipmatch.policy import Policy

SECTORS = ["acute-hospital", "primary-care", "other: hospice care", "other"]
SCOPES = ["Hypertension", "Anticoagulation", "Lipids and cardiovascular prevention", "Asthma", "Zebra care"]
ORDERS = [
    ["scope-and-sector", "sector", "scope"],
    ["scope-and-sector", "sector"],
    ["sector", "scope"],
    ["scope", "sector"],
    ["scope"],
    ["sector"],
    ["scope-and-sector"],
    ["scope", "scope-and-sector", "sector", "outlier"],
    ["scope-and-sector", "sector", "scope", "outlier"],
    ["outlier", "sector", "scope"],
]
LEVELS = [
    ["placed", "score"],
    ["placed", "tiers"],
    ["placed", "tiers", "score"],
    ["placed"],
    ["tiers", "score"],
    ["score"],
    ["score", "placed"],
    ["score", "tiers", "placed"],
    ["tiers", "placed", "score"],
    ["placed", "waiting", "score"],
    ["placed", "preferences", "score"],
    ["waiting", "placed", "tiers", "preferences"],
]
WEIGHTS: dict[str, list[Any]] = {
    "sector": [65, 0, 33.333, 20],
    "scope": [25, 0, 0.001, 40],
    "region": [10, 0, 0.5],
    "organisation": [20, 0, 7.25, 90],
    "experience": [0, 0, 5],
    "availability": [0, 0, 3],
    "known_to": [0, 0, 2],
    "preferences": [0, 0, 10],
    "meeting_mode": [0, 0, 1.5],
    "tags": [0, 0, 1],
}
DEFAULT = {
    "weights": {"sector": 65, "scope": 25, "region": 10, "organisation": 20},
    "organisation": {"same": "penalise"},
    "tiers": {"order": ORDERS[0], "sector_from": 0.5, "scope_from": 0.5},
    "eligibility": {"min_years_prescribing": 3, "availability": "ignore"},
    "objective": {"method": "optimal", "levels": ["placed", "score"], "seed": 0},
}


class Trust:
    """A user's own criterion: how two people's tags get on; ``None`` removes the pair."""

    name = "trust"
    STRENGTH: ClassVar[dict[tuple[str, str], float | None]] = {
        ("a", "a"): 1,
        ("a", "b"): 0.3335,
        ("b", "a"): None,
        ("b", "b"): 0.0005,
    }

    def mentor_key(self, mentor: Any) -> str:
        return "".join(mentor.tags)[:1]

    mentee_key = mentor_key

    def strength(self, mentor_key: str, mentee_key: str) -> float | None:
        return self.STRENGTH.get((mentor_key, mentee_key), 0.25)

    def because(self, mentor: Any, mentee: Any, strength: Any) -> str:
        return f"{mentor.id} and {mentee.id} trust each other by {strength}."


@dataclass
class Case:
    """One instance as a user would write it, and what ipmatch made of it."""

    seed: int
    cohort: dict[str, Any]
    policy: dict[str, Any]
    criteria: list[Any] = field(default_factory=list)

    def match(self, **changes: Any) -> Matching:
        """The matching; ``changes`` replace keys of the cohort."""
        cohort = Cohort.model_validate(self.cohort | changes)
        return match(cohort, Policy.model_validate(self.policy), criteria=self.criteria)


def random_case(seed: int) -> Case:
    """A tiny cohort and a policy; the same for the same seed on every machine."""
    draw = Random(f"ipmatch {seed}")
    kind = draw.choice(["plain", "plain", "pinned", "wild", "wild"])
    plain = kind != "wild"
    mentors = [
        _mentor(draw, f"M{i}", plain)
        for i in range(draw.choice([1, 2, 2, 3, 3, 4]) if draw.random() > 0.03 else 0)
    ]
    mentees = [
        _mentee(draw, f"E{j}", plain)
        for j in range(draw.choice([1, 2, 3, 4, 4, 5, 5]) if draw.random() > 0.03 else 0)
    ]
    cohort: dict[str, Any] = {
        "mentors": mentors,
        "mentees": mentees,
        "required_pairs": [],
        "forbidden_pairs": [],
    }
    for mentor in mentors:
        for mentee in mentees:
            _between(draw, cohort, mentor, mentee, {"plain": 0.0, "pinned": 0.15, "wild": 0.04}[kind])
    criteria = [Trust()] if draw.random() < 0.2 else []
    policy = _policy(draw, bool(criteria), plain)
    if kind == "pinned" and draw.random() < 0.7:
        # Many eligible pairs, so that a required pair, and nothing else, keeps somebody out.
        policy["tiers"] = {"order": ORDERS[8]}
    return Case(seed, cohort, policy, criteria)


@cache
def solved(seed: int) -> tuple[Case, Matching | None]:
    """A case with its matching; ``None`` where the rules cannot all hold."""
    case = random_case(seed)
    try:
        return case, case.match()
    except InfeasibleError:
        return case, None


def ruled_case(seed: int) -> Case:
    """The same with quotas on either side that minimums, or other quotas, may fill with the wrong people."""
    case, draw = random_case(seed), Random(f"ipmatch quotas {seed}")
    mentors = case.cohort["mentors"]
    if mentors and draw.random() < 0.4:
        return _squeezed(draw, case)
    quotas: dict[str, dict[str, Any]] = {}
    for _ in range(draw.choice([1, 1, 1, 2])):
        side = draw.choice(["mentor", "mentee"])
        groups = [{"sectors": draw.choice(SECTORS[:2])}, {"region": "Kent"}, {"tags": "a"}, {}]
        quota = {"side": side, "where": draw.choice(groups), "min": draw.choice([0, 0, 0, 1, 1, 2])}
        if draw.random() < 0.7:
            quota["max"] = quota["min"] + draw.choice([0, 0, 1, 1, 2])
        quotas[f"{side} {quota}"] = quota
    return Case(seed, case.cohort, {**case.policy, "quotas": list(quotas.values())}, case.criteria)


def _squeezed(draw: Random, case: Case) -> Case:
    """A few places of a group of mentors, of which one must have somebody."""
    mentors = case.cohort["mentors"]
    for mentor in mentors:
        mentor["region"] = draw.choice(["Kent", "Kent", "Surrey"])
    chosen = draw.choice(mentors)
    quotas: list[dict[str, Any]] = [
        {"side": "mentor", "where": {"region": chosen["region"]}, "max": draw.choice([1, 1, 2])}
    ]
    if draw.random() < 0.5:
        chosen["min_mentees"] = 1
    else:
        quotas.append({"side": "mentor", "where": {"id": chosen["id"]}, "min": 1})
    policy = {**case.policy, "tiers": {"order": ORDERS[8]}, "quotas": quotas}
    return Case(case.seed, case.cohort, policy, case.criteria)


@cache
def solved_ruled(seed: int) -> tuple[Case, Matching | None]:
    """Such a case with its matching; ``None`` where the rules cannot all hold."""
    case = ruled_case(seed)
    try:
        return case, case.match()
    except InfeasibleError:
        return case, None


def _person(draw: Random, identifier: str, plain: bool) -> dict[str, Any]:
    sparse = 0.0 if plain else 0.07
    person: dict[str, Any] = {
        "id": identifier,
        "sectors": draw.sample(
            SECTORS[:2] if draw.random() < 0.8 else SECTORS, draw.choice([0, 1, 1, 1, 1, 2])
        ),
        "scopes": draw.sample(SCOPES, draw.choice([0, 1, 1, 2])),
        "region": draw.choice(["Kent", "Surrey", None]),
        "organisation": draw.choice(["Alpha", " alpha", "Beta", None]),
        "availability": draw.choice([[], ["Mon"], ["Tue"], ["mon", "Tue"]]),
        "meeting_mode": draw.choice([None, "virtual", "in-person", "either"]),
        "tags": draw.choice([[], ["a"], ["b"], ["b", "a"]]),
    }
    if draw.random() < sparse:
        person["status"] = draw.choice(["enrolled", "paused", "withdrawn", "ended"])
    if draw.random() < sparse:
        person["consent"] = draw.choice([True, False])
    if draw.random() < sparse:
        person[draw.choice(["person", "email", "gphc_number"])] = draw.choice(["same", " Same "])
    return person


def _mentor(draw: Random, identifier: str, plain: bool) -> dict[str, Any]:
    mentor = _person(draw, identifier, plain)
    mentor["capacity"] = draw.choice([1, 1, 1, 2, 2, 3]) if plain or draw.random() < 0.96 else 0
    mentor["min_mentees"] = 0 if plain else draw.choice([0, 0, 0, 0, 0, 0, 0, 1, 1, 2])
    mentor["past_sectors"] = draw.sample(SECTORS, draw.choice([0, 0, 1]))
    mentor["years_prescribing"] = draw.choice([None, 5, 8] if plain else [None, 5, 8, 4, 3, 2.5])
    mentor["mentored_before"] = draw.choice([None, 0, 1, 4])
    return mentor


def _mentee(draw: Random, identifier: str, plain: bool) -> dict[str, Any]:
    mentee = _person(draw, identifier, plain)
    mentee["mentors_wanted"] = draw.choice([1, 1, 1, 2, 2] if draw.random() < 0.97 else [0])
    if draw.random() < 0.5:
        mentee["mentors_wanted"] = min(mentee["mentors_wanted"], 1)
    mentee["rounds_waited"] = draw.choice([0, 0, 1, 2])
    mentee["confidence"] = draw.choice([None, 1, 2, 3])
    mentee["prescribing_frequency"] = draw.choice([None, "daily", "never"])
    if not plain and draw.random() < 0.05:
        mentee["ip_qualified"] = draw.choice([True, False])
    return mentee


def _between(
    draw: Random, cohort: dict[str, Any], mentor: dict[str, Any], mentee: dict[str, Any], pinned: float
) -> None:
    pair = {"mentor": mentor["id"], "mentee": mentee["id"]}
    chance = draw.random()
    if chance < pinned:
        cohort["required_pairs"].append({**pair, "reason": "already working together"})
    elif chance > 0.93:
        cohort["forbidden_pairs"].append(pair)
    for person, other in ((mentor, mentee), (mentee, mentor)):
        chance = draw.random()
        if chance < 0.02:
            person.setdefault("avoids", []).append(other["id"])
        elif chance < 0.2:
            person.setdefault("prefers", []).append(other["id"])
        if draw.random() < 0.1:
            person.setdefault("known_to", []).append(other["id"])


def _policy(draw: Random, own: bool, plain: bool) -> dict[str, Any]:
    if plain and not own and draw.random() < 0.5:
        return {}
    weights = {name: draw.choice(choices) for name, choices in WEIGHTS.items()}
    if own:
        weights["trust"] = draw.choice([0, 12, 0.125])
    return {
        "weights": weights,
        "organisation": {"same": draw.choice(["penalise", "penalise", "forbid", "ignore"])},
        "tiers": {
            "order": draw.choice(ORDERS[:1] * 3 + ORDERS),
            "sector_from": draw.choice([0.5, 0.5, 1]),
            "scope_from": draw.choice([0.5, 0.25, 0.3, 1]),
        },
        "eligibility": {
            "min_years_prescribing": draw.choice([3, 3, 0, 4.5]),
            "availability": draw.choice(["ignore", "ignore", "require"]),
        },
        "objective": {"levels": draw.choice(LEVELS[:3] * 2 + LEVELS), "seed": draw.choice([0, 1, 2**63])},
    }
