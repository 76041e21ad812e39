"""Made-up cohorts that look like real ones, to try things out on; nobody in them exists."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from numbers import Integral
from typing import Any, TypeVar

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.vocabulary.scopes import known_scopes, scope_group
from ipmatch.vocabulary.sectors import SECTORS, sector_label

__all__ = ["demo_cohort"]

Choice = TypeVar("Choice")
Row = dict[str, Any]

# Weights have no unit. Community pharmacy asks far more than it offers, as the pilot found.
_MENTOR_SECTORS = dict(zip(SECTORS, (34, 3, 7, 2, 2, 1, 10, 37, 3, 1), strict=True))
_MENTEE_SECTORS = dict(zip(SECTORS, (29, 3, 6, 9, 2, 1, 9, 37, 3, 1), strict=True))
_REGIONS = {"London": 40, "Kent": 15, "Surrey": 20, "Sussex": 25}
_GENERAL = "General practice and common conditions"
_GROUPS: Mapping[str, Mapping[str, int]] = {
    "acute-hospital": {
        "Cardiovascular": 20,
        "Cancer, haematology and palliative": 14,
        "Acute and perioperative": 14,
        "Infection": 12,
        "Gastroenterology and liver": 12,
        "Renal and urology": 8,
        "Respiratory": 7,
        "Diabetes and endocrine": 7,
        "Musculoskeletal and immunology": 6,
    },
    "primary-care": {
        _GENERAL: 30,
        "Cardiovascular": 24,
        "Diabetes and endocrine": 16,
        "Respiratory": 12,
        "Women's health": 6,
        "Mental health": 6,
        "Neurology and pain": 6,
    },
    "mental-health": {"Mental health": 85, "Addictions": 10, "Neurology and pain": 5},
    "community-pharmacy": {_GENERAL: 65, "Women's health": 18, "Cardiovascular": 17},
    "care-home": {"Children and older people": 60, _GENERAL: 40},
    "substance-misuse": {"Addictions": 90, "Mental health": 10},
    "health-and-justice": {"Addictions": 40, "Mental health": 35, "Infection": 25},
}
_ELSEWHERE = {_GENERAL: 40, "Cardiovascular": 30, "Skin, eye and ENT": 15, "Children and older people": 15}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class _Draw:
    """Draws that are the same on every Python: only ``random()`` is promised never to change."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 a demonstration, not a secret

    def chance(self, per_thousand: int) -> bool:
        return self._random() * 1000 < per_thousand

    def below(self, stop: int) -> int:
        return int(self._random() * stop)

    def one(self, choices: Sequence[Choice]) -> Choice:
        return choices[self.below(len(choices))]

    def early(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices, the first much likelier than the last."""
        return choices[int(self._random() * self._random() * len(choices))]

    def weighted(self, weights: Mapping[Choice, int]) -> Choice:
        point = self._random() * sum(weights.values())
        for choice, weight in weights.items():
            point -= weight
            if point < 0:
                return choice
        raise ValueError("weights must be positive")


def demo_cohort(mentors: int = 12, mentees: int = 10, seed: int = 0) -> Cohort:
    """A made-up cohort of this size: the same for the same numbers on every machine and Python.

    Mentors are a little scarce where both numbers are alike, sectors skewed, scopes clustered, some things
    unknown, some people out; a few pairs are required, forbidden, wished for or avoided. The rules of every
    preset can be met.

    Raises
    ------
    UsageError
        If a number of people is negative, or a number is not whole.
    """
    expect(mentors=(mentors, Integral), mentees=(mentees, Integral), seed=(seed, Integral))
    faults = [
        Fault(side, f"{number} is not a number of people.", "Use 0 or more.")
        for side, number in (("mentors", mentors), ("mentees", mentees))
        if number < 0
    ]
    if faults:
        raise UsageError(faults)
    draw = _Draw(seed)
    everyone = mentors + mentees
    givers = [_mentor(draw, f"M{number:04d}", everyone) for number in range(1, mentors + 1)]
    takers = [_mentee(draw, f"E{number:04d}", everyone) for number in range(1, mentees + 1)]
    required, promised = _promises(draw, givers, takers)
    forbidden = _between(draw, givers, takers, promised)
    return Cohort.model_validate(
        {
            "programme": {"name": f"Synthetic demonstration, seed {seed}", "regions": tuple(_REGIONS)},
            "mentors": givers,
            "mentees": takers,
            "required_pairs": required,
            "forbidden_pairs": forbidden,
        }
    )


def _person(draw: _Draw, identifier: str, weights: Mapping[str, int], everyone: int) -> Row:
    """What both sides share: about one answer in twenty is missing."""
    sector, region = draw.weighted(weights), draw.weighted(_REGIONS)
    sectors = [sector] if not draw.chance(100) else sorted({sector, draw.weighted(weights)})
    row: Row = {
        "id": identifier,
        "status": "enrolled",
        "consent": None if draw.chance(30) else True,
        "sectors": [] if draw.chance(15) else sectors,
        "scopes": [] if draw.chance(50) else _scopes(draw, sector),
        "availability": [day for day in _DAYS if draw.chance(350)],
        "meeting_mode": draw.weighted({"either": 50, "virtual": 35, "in-person": 15}),
        "organisation_informed": draw.weighted({True: 60, False: 15, None: 25}),
    }
    if not draw.chance(40):
        row["region"] = region
    # About six people to an organisation, the larger ones first.
    share = everyone * weights[sector] * _REGIONS[region] // 60_000
    if not draw.chance(100):
        row["organisation"] = f"{region} {sector_label(sector)} {draw.early(range(1, share + 3))}"
    return row


def _scopes(draw: _Draw, sector: str) -> list[str]:
    count = draw.weighted({1: 60, 2: 30, 3: 10})
    groups = _GROUPS.get(sector, _ELSEWHERE)
    return sorted({draw.early(_scopes_by_group()[draw.weighted(groups)]) for _ in range(count)})


def _mentor(draw: _Draw, identifier: str, everyone: int) -> Row:
    row = _person(draw, identifier, _MENTOR_SECTORS, everyone)
    row["capacity"] = draw.weighted({1: 89, 2: 7, 3: 4})
    years = draw.weighted({3: 15, 4: 20, 5: 15, 6: 10, 8: 15, 10: 10, 15: 5, None: 10})
    row["years_prescribing"] = years
    row["mentored_before"] = draw.weighted({0: 44, 1: 20, 2: 15, 3: 6, 4: 10, None: 5})
    row["confidence"] = draw.weighted({1: 3, 2: 12, 3: 25, 4: 40, 5: 15, None: 5})
    row["dpp"] = draw.weighted({True: 25, False: 70, None: 5})
    if draw.chance(120):
        row["past_sectors"] = sorted({draw.weighted(_MENTEE_SECTORS)} - set(row["sectors"]))
    _leave(draw, row, 345, {"years_prescribing": draw.one((1, 2, Decimal("2.5")))})
    return row


def _mentee(draw: _Draw, identifier: str, everyone: int) -> Row:
    row = _person(draw, identifier, _MENTEE_SECTORS, everyone)
    row["mentors_wanted"] = 2 if draw.chance(30) else 1
    row["prescribing_frequency"] = draw.weighted(
        {"never": 46, "monthly": 28, "weekly": 13, "daily": 6, "other": 2, None: 5}
    )
    row["qualified_year"] = draw.weighted({2026: 30, 2025: 35, 2024: 20, 2022: 10, None: 5})
    row["confidence"] = draw.weighted({1: 20, 2: 35, 3: 25, 4: 12, 5: 3, None: 5})
    row["ip_qualified"] = None if draw.chance(50) else True
    row["rounds_waited"] = draw.weighted({0: 88, 1: 9, 2: 3})
    _leave(draw, row, 900, {"ip_qualified": False})
    return row


def _leave(draw: _Draw, row: Row, staying: int, not_eligible: Row) -> None:
    """Some do not take part, for one of the rules' reasons: of mentors a quarter, as in the pilot."""
    changes: Mapping[str, Row] = {
        "stays": {},
        "withdrawn": {"status": "withdrawn"},
        "paused": {"status": "paused"},
        "no-consent": {"consent": False},
        "not-eligible": not_eligible,
    }
    fates = {"stays": staying, "withdrawn": 50, "paused": 25, "no-consent": 10, "not-eligible": 30}
    fate = draw.weighted(fates)
    row.update(changes[fate])


def _takes_part(row: Row) -> bool:
    years = row.get("years_prescribing")
    consents, qualified = row["consent"] is not False, row.get("ip_qualified") is not False
    return row["status"] == "enrolled" and consents and qualified and (years is None or years >= 3)


def _promises(draw: _Draw, givers: list[Row], takers: list[Row]) -> tuple[list[Row], set[tuple[str, str]]]:
    """Minimums and required pairs, with pairs that meet them all at once: so the rules never clash."""
    asking: dict[str, list[Row]] = {}
    for taker in filter(_takes_part, takers):
        for sector in taker["sectors"]:
            asking.setdefault(sector, []).append(taker)
    required: list[Row] = []
    promised: dict[str, str] = {}
    most = min(2, len(takers) // 10)
    for giver in filter(_takes_part, givers):
        open_to = asking.get(giver["sectors"][0]) if giver["sectors"] else None
        if not draw.chance(60) or not open_to:
            continue
        taker = draw.one(open_to)
        if taker["id"] in promised or _same_organisation(giver, taker):
            continue
        promised[taker["id"]] = giver["id"]
        if len(required) < most:
            required.append(
                {"mentor": giver["id"], "mentee": taker["id"], "reason": "already working together"}
            )
        else:
            giver["min_mentees"] = 1
    return required, {(mentor, mentee) for mentee, mentor in promised.items()}


def _same_organisation(giver: Row, taker: Row) -> bool:
    return "organisation" in giver and giver["organisation"] == taker.get("organisation")


def _between(draw: _Draw, givers: list[Row], takers: list[Row], promised: set[tuple[str, str]]) -> list[Row]:
    """Wishes and acquaintances, one human being in both roles now and then, and the forbidden pairs."""
    if not givers or not takers:
        return []
    forbidden: dict[tuple[str, str], Row] = {}
    for number, taker in enumerate(takers, start=1):
        what = draw.weighted(
            {"nothing": 890, "prefers": 60, "known_to": 25, "avoids": 10, "forbidden": 10, "person": 5}
        )
        others = [draw.one(givers) for _ in range(draw.weighted({1: 60, 2: 30, 3: 10}))]
        pairs = [(other["id"], taker["id"]) for other in others]
        if what == "nothing" or promised.intersection(pairs):
            continue
        if what == "forbidden":
            forbidden[pairs[0]] = {"mentor": pairs[0][0], "mentee": pairs[0][1], "reason": "line manager"}
        elif what == "person" and "person" not in others[0]:
            others[0]["person"] = taker["person"] = f"P{number:04d}"
        elif what in ("prefers", "known_to", "avoids"):
            taker[what] = list(dict.fromkeys(mentor for mentor, _ in pairs))
    for giver in givers:
        what = draw.weighted({"nothing": 960, "prefers": 20, "known_to": 12, "avoids": 8})
        other = draw.one(takers)["id"]
        if what != "nothing" and (giver["id"], other) not in promised:
            giver[what] = [other]
    return list(forbidden.values())


@cache
def _scopes_by_group() -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for scope in known_scopes():
        groups.setdefault(scope_group(scope) or "", []).append(scope)
    return {group: tuple(scopes) for group, scopes in groups.items()}
