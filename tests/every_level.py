"""Levels that do not add up pair by pair, judged by trying every pairing of a tiny case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from math import prod
from random import Random

from ipmatch.errors import InfeasibleError, InputError
from ipmatch.matching import Matching

from . import enumerated
from .promises import members
from .second_scorer import Pair, Second
from .strategies import ORDERS, Case, random_case, ruled_case

Pairs = frozenset[Pair]
Value = tuple[Fraction, ...]

NOBODY = Fraction(10**9)
LEVELS = [
    ["placed", "fairness"],
    ["placed", "fairness", "score"],
    ["placed", "leximin"],
    ["placed", "balance", "score"],
    ["placed", "score", "balance"],
    ["placed", "tiers", "fairness"],
    ["placed", "balance", "fairness", "score"],
    ["placed", "fairness", "balance", "score"],
    ["placed", "leximin", "balance"],
    ["waiting", "placed", "preferences", "leximin"],
    ["placed", "score", "fairness"],
    ["balance", "score"],
    ["tiers", "balance", "placed", "fairness", "waiting"],
]


@cache
def every_level(seed: int) -> tuple[Case, Matching | None] | None:
    """A random case, half of them with quotas, whose policy has one of these orders, and its matching.

    There is none where the rules clash; no case where the worst-off stand beside quotas that cross.
    """
    draw = Random(f"every level {seed}")
    case = random_case(seed) if draw.random() < 0.5 else ruled_case(seed)
    objective = {"levels": draw.choice(LEVELS), "seed": draw.choice([0, 7])}
    case = Case(case.seed, case.cohort, {**case.policy, "objective": objective}, case.criteria)
    try:
        return case, case.match()
    except InfeasibleError:
        return case, None
    except InputError:
        return None


@cache
def fair(seed: int) -> tuple[Case, Matching | None]:
    """A random case in which anybody may be paired with anybody and the worst-off come first."""
    case = random_case(seed)
    draw = Random(f"fair {seed}")
    policy = {
        **case.policy,
        "tiers": {"order": ORDERS[8]},
        "objective": {"levels": ["placed", draw.choice(["fairness", "leximin"])]},
    }
    case = Case(seed, case.cohort, policy, case.criteria)
    try:
        return case, case.match()
    except InfeasibleError:
        return case, None


def small(seeds: Iterable[int]) -> Iterator[tuple[Case, Judge, Matching | None]]:
    """The cases whose pairings are few enough to try them all."""
    for found in map(every_level, seeds):
        if found is None:
            continue
        case, matching = found
        judge = Judge(case)
        if judge.is_small:
            yield case, judge, matching


class Judge:
    """Every pairing that the rules of a case allow, with its value level by level, from the definitions."""

    def __init__(self, case: Case, required: Iterable[Pair] = ()) -> None:
        self.scorer = Second(case.cohort, case.policy, case.criteria)
        self.scorer.required |= set(required)
        self.scorer.allowed |= set(required)
        self.names = list(case.policy["objective"]["levels"])
        worst = [place for place, name in enumerate(self.names, 1) if name in ("fairness", "leximin")]
        if worst and "score" not in self.names:
            self.names.insert(worst[0], "score")
        self.is_small = prod(len(ways) for ways in enumerated._ways(self.scorer)) <= enumerated.MOST

    @property
    def clash(self) -> bool:
        return bool(self.scorer.clash)

    def pairings(self) -> list[Pairs]:
        """Every pairing under every rule, quotas included."""
        return [pairs for pairs in enumerated.every_pairing(self.scorer) if self._within_quotas(pairs)]

    def _within_quotas(self, pairs: Pairs) -> bool:
        for quota in self.scorer.quotas:
            group = members(quota, self.scorer.mentors | self.scorer.mentees)
            own = [person for pair in pairs for person in pair if person in group]
            if len(set(own)) < quota.get("min", 0) or len(own) > quota.get("max", len(own)):
                return False
        return True

    def best(self, pairings: Iterable[Pairs] | None = None) -> dict[str, Value] | None:
        """The best value of each level in turn; ``None`` if there is no pairing."""
        values = [self.value(pairs) for pairs in (self.pairings() if pairings is None else pairings)]
        return max(values, key=lambda value: tuple(value.values()), default=None)

    def value(self, pairs: Pairs) -> dict[str, Value]:
        """What a set of pairs reaches at each level; leximin is all scores from the worst up."""
        return {name: amount for level in self.names for name, amount in self._level(level, pairs)}

    def _level(self, level: str, pairs: Pairs) -> Iterator[tuple[str, Value]]:
        counted = sorted(self.scorer.points[pair] for pair in pairs - self.scorer.required)
        match level:
            case "fairness":
                yield level, (counted[0] if counted else NOBODY,)
            case "leximin":
                most = sum(mentee["mentors_wanted"] for mentee in self.scorer.mentees.values())
                yield level, (*counted, *[NOBODY] * max(1 - len(counted), most - len(counted)))
            case "balance":
                loads = [(m, sum(pair[0] == m for pair in pairs)) for m in self.scorer.order[0]]
                capacity = {m: self.scorer.mentors[m]["capacity"] for m, _ in loads}
                yield level, (-sum((Fraction(n * n, capacity[m]) for m, n in loads), Fraction(0)),)
            case _:
                names = self._scalar(level)
                worth = [Fraction(0)] * len(names)
                for e in self.scorer.order[1]:
                    own = self.scorer._worth(e, [m for m, other in pairs if other == e], names)
                    worth = [x + y for x, y in zip(worth, own, strict=True)]
                yield from zip(names, ((amount,) for amount in worth), strict=True)

    def _scalar(self, level: str) -> list[str]:
        if level == "tiers":
            return [f"tiers.{tier}" for tier in self.scorer.rules["tiers"]["order"]]
        several = any(mentee["mentors_wanted"] > 1 for mentee in self.scorer.mentees.values())
        return ["placed", "further_mentors"] if level == "placed" and several else [level]
