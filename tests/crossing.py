"""Random small cohorts whose quotas cross, judged by the second scorer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from random import Random
from typing import Any

from ipmatch.errors import InfeasibleError
from ipmatch.matching import Matching

from .second_scorer import Second
from .strategies import ORDERS, Case, random_case

GROUPS: tuple[dict[str, Any], ...] = ({"region": "Kent"}, {"tags": "a"}, {"meeting_mode": "virtual"})


def crossing_case(seed: int) -> Case:
    """A case in which people of one side stand in two or three groups that overlap, each with a quota."""
    draw = Random(f"ipmatch crossing {seed}")
    case = next(case for case in map(random_case, count(draw.randrange(10**6))) if _has_room(case))
    for person in (*case.cohort["mentors"], *case.cohort["mentees"]):
        person["region"] = draw.choice(["Kent", "Kent", "Surrey"])
        person["tags"] = draw.choice([["a"], ["a"], []])
        person["meeting_mode"] = draw.choice(["virtual", "in-person"])
    side = draw.choice(["mentee", "mentee", "mentor"])
    quotas = []
    for where in draw.sample(GROUPS, draw.choice([2, 3, 3])):
        least = draw.choice([0, 0, 0, 0, 1])
        most = {} if draw.random() < 0.15 else {"max": max(least, draw.choice([1, 1, 2]))}
        quotas.append({"side": side, "where": where, "min": least, **most})
    policy = {**case.policy, "quotas": quotas, "tiers": {"order": draw.choice([ORDERS[8], *ORDERS[:2]])}}
    return Case(case.seed, case.cohort, policy, case.criteria)


def _has_room(case: Case) -> bool:
    """Whether groups of its people can overlap."""
    return len(case.cohort["mentors"]) >= 3 and len(case.cohort["mentees"]) >= 4


@cache
def solved_crossing(seed: int) -> tuple[Case, Matching | None]:
    """Such a case with its matching; ``None`` where the rules cannot all hold."""
    case = crossing_case(seed)
    try:
        return case, case.match()
    except InfeasibleError:
        return case, None


def scorer(case: Case) -> Second:
    """The second scorer of a case."""
    return Second(case.cohort, case.policy, case.criteria)


def judged_crossing(seeds: Iterable[int]) -> Iterator[tuple[Case, Second, Matching]]:
    """Every case that has a matching proved by rows, with its second scorer."""
    for case, matching in map(solved_crossing, seeds):
        if matching is not None and matching.certificate.method != "network":
            yield case, scorer(case), matching
