"""Every repair really places one more: make the change in the cohort or the policy, and match again."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest

from ipmatch.answering import matched, request_of, solved
from ipmatch.cohort import Cohort
from ipmatch.explaining.repairs import repairs_for
from ipmatch.matching import Matching, Repair
from ipmatch.policy import Policy

from ..second_scorer import judged, judged_ruled
from ..strategies import Case
from .test_rules import squeezed, title


def changes(case: Case, repair: Repair):
    """The cohort and policy after the first and the last of the changes that a repair names."""
    facts = repair.facts
    options = facts.get("mentors") or facts.get("pairs") or (facts,)
    for option in {0: options[0], len(options) - 1: options[-1]}.values():
        cohort, policy = copy.deepcopy(case.cohort), copy.deepcopy(case.policy)
        change(cohort, policy, repair.code, option, facts)
        yield Case(case.seed, cohort, policy, case.criteria)


def change(cohort: dict[str, Any], policy: dict[str, Any], code: str, option: Any, facts: Any) -> None:
    people = {person["id"]: person for person in (*cohort["mentors"], *cohort["mentees"])}
    match code:
        case "one-more-place":
            people[option]["capacity"] += 1
        case "lower-mentor-minimum":
            people[option["mentor"]]["min_mentees"] = option["to"]
        case "drop-required-pair" | "lift-forbidden-pair":
            key = "required_pairs" if code == "drop-required-pair" else "forbidden_pairs"
            cohort[key] = [p for p in cohort[key] if (p["mentor"], p["mentee"]) != both(option)]
        case "allow-below-floor":
            cohort["required_pairs"].append(dict(option))
        case "lift-avoidance":
            for one, other in (both(option), both(option)[::-1]):
                people[one]["avoids"] = [who for who in people[one].get("avoids", []) if who != other]
        case "raise-quota-maximum" | "lower-quota-minimum":
            bound = "max" if code == "raise-quota-maximum" else "min"
            found = [
                quota
                for quota in policy["quotas"]
                if (quota["side"], title(quota), quota.get(bound))
                == (facts["side"], facts["quota"], facts["now"])
            ]
            assert len(found) == 1
            found[0][bound] = facts["to"]


def both(pair: Any) -> tuple[str, str]:
    return pair["mentor"], pair["mentee"]


def placed(matching: Matching) -> tuple[int, int]:
    """Mentees with a mentor, and pairs."""
    return matching.summary.placed, len(matching.pairings)


def check(case: Case, matching: Matching, left: Any, repairs: tuple[Repair, ...], met: Counter[str]) -> None:
    for repair in repairs:
        for changed in changes(case, repair):
            again = changed.match()
            before, after = placed(matching), placed(again)
            if left.given:
                assert after > before, (case.seed, repair)
            else:
                assert after[0] > before[0], (case.seed, repair)
            if len(matching.unmatched_mentees) == 1 and not left.given:
                assert left.mentee in {pairing.mentee for pairing in again.pairings}, case.seed
            met[repair.code] += 1


@pytest.mark.parametrize("cases", [judged_ruled(range(250)), judged(range(250))], ids=["quotas", "no quotas"])
def test_every_repair_in_a_matching_places_one_more(cases):
    met = Counter()
    for case, _, matching in cases:
        for left in matching.unmatched_mentees:
            check(case, matching, left, left.repairs, met)
    assert len(met) >= 3, met
    assert met["one-more-place"] >= 20, met


def test_all_repairs_of_a_mentee_are_told_when_asked_for_and_each_is_true():
    met = Counter()
    for cases in (judged_ruled(range(250, 350)), judged(range(250, 300))):
        for case, _, matching in cases:
            if not matching.unmatched_mentees:
                continue
            cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
            posed, assignment = solved(request_of(cohort, policy, case.criteria))
            columns = posed.scores.people.columns()
            for left in matching.unmatched_mentees:
                found = repairs_for(posed, assignment.used, columns[left.mentee])
                assert found[:3] == left.repairs, case.seed
                check(case, matching, left, found[3:], met)


def test_a_place_that_is_not_named_would_not_let_the_mentee_in_without_somebody_losing_one():
    met = Counter()
    for case, oracle, matching in judged(range(400)):
        if oracle.rules["objective"]["levels"][0] != "placed":
            continue
        for left in matching.unmatched_mentees:
            named = {
                mentor
                for repair in left.repairs
                if repair.code == "one-more-place"
                for mentor in repair.facts["mentors"]
            }
            asked = Counter([other for _, other in matching.pairs()] + [left.mentee])
            for mentor in oracle.mentors:
                could = oracle.best(at_least=asked, one_more=mentor) is not None
                assert could == (mentor in named), (case.seed, left.mentee, mentor)
                met[could] += 1
    assert min(met.values()) > 50, met


def test_minimums_that_take_the_last_place_are_mended_by_lowering_them():
    for quotas, minimum in (((), 1), (({"side": "mentor", "where": {"id": "M1"}, "min": 1},), 0)):
        [left] = squeezed(quotas, minimum).unmatched_mentees
        for repair in left.repairs:
            if repair.code == "lower-mentor-minimum":
                assert not squeezed(quotas, repair.facts["to"]).unmatched_mentees
            if repair.code == "lower-quota-minimum":
                lowered = {**quotas[0], "min": repair.facts["to"]}
                assert not squeezed((lowered,), minimum).unmatched_mentees


def test_whoever_has_everything_they_asked_for_needs_no_repair():
    cohort = {"mentors": [{"id": "M", "sectors": ["icb"]}], "mentees": [{"id": "E", "sectors": ["icb"]}]}
    posed, assignment = solved(request_of(Cohort.model_validate(cohort)))
    assert repairs_for(posed, assignment.used, 0) == ()


def test_where_the_best_pair_below_the_floor_places_nobody_the_pair_that_does_is_named_too():
    cohort = {
        "mentors": [
            {"id": "M1", "sectors": ["primary-care"], "region": "Kent"},
            {"id": "M2", "sectors": ["academia"]},
        ],
        "mentees": [
            {"id": "E1", "sectors": ["primary-care"]},
            {"id": "E2", "sectors": ["icb"], "region": "Kent"},
        ],
    }
    [left] = matched(request_of(Cohort.model_validate(cohort))).unmatched_mentees
    assert left.facts["just_below_floor"]["mentor"] == "M1"
    assert left.because.endswith(
        "allowing that one pair would change nothing. "
        "Allowing M2 with E2, who share too little, would place E2."
    )
    cohort["required_pairs"] = [{"mentor": "M2", "mentee": "E2"}]
    assert matched(request_of(Cohort.model_validate(cohort))).summary.placed == 2
