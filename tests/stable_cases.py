"""Cohorts that stability can serve: some by hand, many at random, each with its stable pairing."""

from __future__ import annotations

from functools import cache

import numpy as np

from ipmatch.answering import request_of
from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.policy import Policy
from ipmatch.posing import Posed, pose
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.stable import stable

from .strategies import random_case

SEEDS = range(500)


def person(identifier, prefers=(), **fields):
    return {"id": identifier, "sectors": ["acute-hospital"], "prefers": list(prefers), **fields}


def posed_of(mentors, mentees, policy=None, **pairs) -> Posed:
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees, **pairs})
    return pose(request_of(cohort, Policy.model_validate(policy or {})))


def stable_of(posed: Posed):
    orders = orders_of(posed.scores, posed.problem)
    return stable(posed.problem, orders.mentor_rank, orders.mentee_rank)


def ids(posed: Posed, used) -> set[tuple[str, str]]:
    people, problem = posed.scores.people, posed.problem
    pairs = np.flatnonzero(used)
    return {(people.mentors[problem.mentor[p]].id, people.mentees[problem.mentee[p]].id) for p in pairs}


@cache
def cases() -> list[tuple[int, Posed, np.ndarray]]:
    """Random cohorts that stability can serve, each with its stable pairing."""
    found = []
    for seed in SEEDS:
        case = random_case(seed)
        cohort = {**case.cohort}
        cohort["mentors"] = [{**mentor, "min_mentees": 0} for mentor in cohort["mentors"]]
        cohort["mentees"] = [{**mentee, "mentors_wanted": 1} for mentee in cohort["mentees"]]
        policy = {**case.policy, "objective": {"levels": ["placed", "score"], "seed": seed}}
        request = request_of(Cohort.model_validate(cohort), Policy.model_validate(policy), case.criteria)
        try:
            posed = pose(request)
            found.append((seed, posed, stable_of(posed)))
        except (InfeasibleError, RulesClash):
            continue
    assert len(found) > 350
    return found
