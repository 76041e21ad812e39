"""The contract's rules and scores written a second time, slowly and plainly, to judge the first by.

Reads what a user writes (dicts), shares no scoring code with ipmatch, counts in fractions, and finds the best
pairing by trying everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations
from typing import Any

from ipmatch.matching import Matching

from .promises import counts, kept, members
from .strategies import DEFAULT, Case, Trust, random_case, solved, solved_ruled

Pair = tuple[str, str]
Vector = tuple[Fraction, ...]

CARDIOVASCULAR = {"Hypertension", "Anticoagulation", "Lipids and cardiovascular prevention"}
RELATED = {"Hypertension", "Lipids and cardiovascular prevention"}
TIERS = ["scope-and-sector", "sector", "scope", "outlier"]
OVERRIDDEN = {"floor", "same-organisation", "availability"}


def _text(value: Any) -> str | None:
    return None if value is None else value.strip().casefold()


def _shared(one: Iterable[str], two: Iterable[str]) -> set[str]:
    return {label for label in set(one) & set(two) if label != "other"}


def _scope(one: str, two: str) -> Fraction:
    if one == two:
        return Fraction(1)
    if {one, two} == RELATED:
        return Fraction(1, 2)
    return Fraction(1, 4) if {one, two} <= CARDIOVASCULAR else Fraction(0)


def _wish(person: Mapping[str, Any], other: str) -> Fraction:
    wishes = person.get("prefers", [])
    if other not in wishes:
        return Fraction(0)
    return (
        [Fraction(1), Fraction(4, 5), Fraction(3, 5), Fraction(2, 5)][wishes.index(other)]
        if wishes.index(other) < 4
        else Fraction(1, 5)
    )


@cache
def second(seed: int) -> Second:
    """The second scorer of a random case."""
    case = random_case(seed)
    return Second(case.cohort, case.policy, case.criteria)


def judged(seeds: Iterable[int]) -> Iterable[tuple[Case, Second, Matching]]:
    """Every case that has a matching, with its second scorer and the matching."""
    for seed in seeds:
        case, matching = solved(seed)
        if matching is not None:
            yield case, second(seed), matching


def judged_ruled(seeds: Iterable[int]) -> Iterable[tuple[Case, Second, Matching]]:
    """The same for cases with quotas."""
    for case, matching in map(solved_ruled, seeds):
        if matching is not None:
            yield case, Second(case.cohort, case.policy, case.criteria), matching


class Second:
    """A cohort under a policy: who takes part, what every pair is worth, which rules remove it."""

    def __init__(
        self, cohort: Mapping[str, Any], policy: Mapping[str, Any], criteria: Iterable[Any] = ()
    ) -> None:
        self.rules = {key: {**table, **policy.get(key, {})} for key, table in DEFAULT.items()}
        self.quotas = policy.get("quotas", [])
        self.own = bool(list(criteria))
        self.out = {
            p["id"]: code for p in (*cohort["mentors"], *cohort["mentees"]) if (code := self._left_out(p))
        }
        self.mentors = {p["id"]: p for p in cohort["mentors"] if p["id"] not in self.out}
        self.mentees = {p["id"]: p for p in cohort["mentees"] if p["id"] not in self.out}
        named = {
            key: {(pair["mentor"], pair["mentee"]) for pair in cohort[key]}
            for key in ("required_pairs", "forbidden_pairs")
        }
        self.required = {
            (m, e) for m, e in named["required_pairs"] if m in self.mentors and e in self.mentees
        }
        self.void = named["required_pairs"] - self.required
        self.forbidden = named["forbidden_pairs"]
        self.order = sorted(self.mentors), sorted(self.mentees)
        every = [(m, e) for m in self.order[0] for e in self.order[1]]
        self.strength = {pair: self._strengths(*pair) for pair in every}
        self.points = {pair: self._points(pair) for pair in every}
        self.tier = {pair: self._tier(pair) for pair in every}
        self.removed = {pair: self._removed(pair) for pair in every}
        self.clash = {pair for pair in self.required if self.removed[pair] - OVERRIDDEN}
        self.allowed = {pair for pair in every if pair in self.required or not self.removed[pair]}

    def _left_out(self, person: Mapping[str, Any]) -> str | None:
        years = person.get("years_prescribing")
        if person.get("status") in ("withdrawn", "ended"):
            return "withdrawn"
        if person.get("status") == "paused" or 0 in (
            person.get("capacity", 1),
            person.get("mentors_wanted", 1),
        ):
            return "paused"
        if person.get("consent") is False:
            return "no-consent"
        if years is not None and years < self.rules["eligibility"]["min_years_prescribing"]:
            return "too-few-years"
        return "not-qualified" if person.get("ip_qualified") is False else None

    def _strengths(self, m: str, e: str) -> dict[str, Fraction | None]:
        mentor, mentee = self.mentors[m], self.mentees[e]
        lists = {
            key: ({_text(x) for x in mentor[key]}, {_text(x) for x in mentee[key]})
            for key in ("availability", "tags")
        }
        modes = {mentor["meeting_mode"], mentee["meeting_mode"]}
        found: dict[str, Fraction | None] = {
            "sector": Fraction(1)
            if _shared(mentor["sectors"], mentee["sectors"])
            else Fraction(1, 2)
            if _shared(mentor["past_sectors"], mentee["sectors"])
            else Fraction(0),
            "scope": max(
                (_scope(a, b) for a in mentor["scopes"] for b in mentee["scopes"]), default=Fraction(0)
            ),
            "region": Fraction(mentor["region"] is not None and mentor["region"] == mentee["region"]),
            "organisation": -Fraction(
                mentor["organisation"] is not None
                and _text(mentor["organisation"]) == _text(mentee["organisation"])
            ),
            "experience": Fraction(mentee["confidence"] in (1, 2) and (mentor["mentored_before"] or 0) > 0),
            "availability": Fraction(1, 2)
            if not all(lists["availability"])
            else Fraction(bool(set.intersection(*lists["availability"]))),
            "known_to": Fraction(e in mentor.get("known_to", []) or m in mentee.get("known_to", [])),
            "preferences": (_wish(mentor, e) + _wish(mentee, m)) / 2,
            "meeting_mode": Fraction(None not in modes and (len(modes) == 1 or "either" in modes)),
            "tags": Fraction(bool(set.intersection(*lists["tags"]))),
        }
        if self.own:
            keys = tuple("".join(sorted(person["tags"]))[:1] for person in (mentor, mentee))
            given = Trust.STRENGTH.get(keys, 0.25)
            found["trust"] = None if given is None else Fraction(round(Fraction(str(given)) * 1000), 1000)
        return found

    def weights(self) -> dict[str, Fraction]:
        weights = {name: Fraction(str(weight)) for name, weight in self.rules["weights"].items() if weight}
        if self.rules["organisation"]["same"] != "penalise":
            weights.pop("organisation", None)
        return weights

    def _points(self, pair: Pair) -> Fraction:
        return sum(
            (weight * (self.strength[pair][name] or 0) for name, weight in self.weights().items()),
            Fraction(0),
        )

    def _tier(self, pair: Pair) -> str:
        tiers = self.rules["tiers"]
        sector = self.strength[pair]["sector"] >= Fraction(str(tiers["sector_from"]))
        scope = self.strength[pair]["scope"] >= Fraction(str(tiers["scope_from"]))
        if sector and scope and "scope-and-sector" not in tiers["order"]:
            return next((tier for tier in tiers["order"] if tier in ("scope", "sector")), "scope-and-sector")
        return TIERS[(0 if scope else 1) if sector else (2 if scope else 3)]

    def _removed(self, pair: Pair) -> set[str]:
        mentor, mentee = self.mentors[pair[0]], self.mentees[pair[1]]
        strength = self.strength[pair]
        rules = {
            "forbidden": pair in self.forbidden,
            "avoids": mentee["id"] in mentor.get("avoids", []) or mentor["id"] in mentee.get("avoids", []),
            "same-person": any(
                mentor.get(key) and _text(mentor.get(key)) == _text(mentee.get(key))
                for key in ("person", "email", "gphc_number")
            ),
            "same-organisation": self.rules["organisation"]["same"] == "forbid"
            and strength["organisation"] < 0,
            "availability": self.rules["eligibility"]["availability"] == "require"
            and strength["availability"] == 0,
            "criterion:trust": self.own and strength["trust"] is None,
            "floor": self.tier[pair] not in self.rules["tiers"]["order"],
        }
        return {rule for rule, holds in rules.items() if holds}

    def levels(self) -> list[str]:
        names = []
        for level in self.rules["objective"]["levels"]:
            if level == "placed":
                several = any(mentee["mentors_wanted"] > 1 for mentee in self.mentees.values())
                names += ["placed", "further_mentors"] if several else ["placed"]
            else:
                names += (
                    [f"tiers.{tier}" for tier in self.rules["tiers"]["order"]]
                    if level == "tiers"
                    else [level]
                )
        return names

    def _worth(self, mentee: str, chosen: Iterable[str], names: list[str]) -> Vector:
        pairs = [(mentor, mentee) for mentor in chosen]
        count = {
            "placed": min(len(pairs), 1),
            "further_mentors": max(len(pairs) - 1, 0),
            "score": sum(self.points[pair] for pair in pairs),
            "waiting": self.mentees[mentee]["rounds_waited"] if pairs else 0,
            "preferences": sum(self.strength[pair]["preferences"] or 0 for pair in pairs),
        }
        tiers = [f"tiers.{self.tier[pair]}" for pair in pairs]
        return tuple(Fraction(count[name] if name in count else tiers.count(name)) for name in names)

    def value(self, pairs: Iterable[Pair]) -> dict[str, Fraction]:
        """What a set of pairs reaches at every level."""
        names, pairs = self.levels(), list(pairs)
        vectors = [self._worth(e, [m for m, other in pairs if other == e], names) for e in self.order[1]]
        return {
            name: sum((vector[place] for vector in vectors), Fraction(0)) for place, name in enumerate(names)
        }

    @cached_property
    def optimum(self) -> dict[str, Fraction] | None:
        """The best value of every level; ``None`` if the rules cannot all hold."""
        return self.best()

    def best(
        self,
        *,
        required: set[Pair] | None = None,
        allowed: set[Pair] | None = None,
        minimums: bool | Mapping[str, int] = True,
        at_least: Mapping[str, int] | None = None,
        load_at_least: Mapping[str, int] | None = None,
        quotas: list[Any] | None = None,
        one_more: str | None = None,
    ) -> dict[str, Fraction] | None:
        """The best value of every level over all feasible pairings; ``None`` if there is none.

        Tries every choice; of ways that load mentors and fill quotas alike it keeps the best.
        """
        required = self.required if required is None else required
        allowed = self.allowed if allowed is None else allowed
        names = self.levels()
        quotas = self.quotas if quotas is None else quotas
        groups = [members(quota, self.mentors | self.mentees) for quota in quotas]
        capacity = [self.mentors[m]["capacity"] + (m == one_more) for m in self.order[0]]
        start = (0,) * (len(capacity) + 2 * len(quotas))
        states: dict[tuple[int, ...], Vector] = {start: (Fraction(0),) * len(names)}
        for e in self.order[1]:
            open_to = [m for m in self.order[0] if (m, e) in allowed]
            must = {m for m, other in required if other == e}
            ways = [
                (
                    [m in chosen for m in self.order[0]]
                    + [count for group in groups for count in counts(e in group, len(chosen))],
                    self._worth(e, chosen, names),
                )
                for size in range((at_least or {}).get(e, 0), self.mentees[e]["mentors_wanted"] + 1)
                for chosen in combinations(open_to, size)
                if must <= set(chosen)
            ]
            after: dict[tuple[int, ...], Vector] = {}
            for loads, reached in states.items():
                for uses, worth in ways:
                    load = tuple(x + y for x, y in zip(loads, uses, strict=True))
                    if all(x <= most for x, most in zip(load, capacity, strict=False)):
                        value = tuple(x + y for x, y in zip(reached, worth, strict=True))
                        if load not in after or value > after[load]:
                            after[load] = value
            states = after
        least = [self._least(m, minimums, load_at_least) for m in self.order[0]]
        ends = [
            value
            for loads, value in states.items()
            if all(x >= low for x, low in zip(loads, least, strict=False))
            and kept(quotas, groups, self.order[0], loads)
        ]
        return dict(zip(names, max(ends), strict=True)) if ends else None

    def _least(
        self, mentor: str, minimums: bool | Mapping[str, int], forced: Mapping[str, int] | None
    ) -> int:
        if isinstance(minimums, bool):
            minimums = {mentor: minimums * self.mentors[mentor]["min_mentees"]}
        return max(minimums.get(mentor, 0), (forced or {}).get(mentor, 0))
