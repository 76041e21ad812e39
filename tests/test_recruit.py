"""Whom to recruit: every gain is what adding that mentor and matching again gives."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.front_door import match
from ipmatch.people import Mentor
from ipmatch.policy import Policy
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort
from ipmatch.vocabulary.scopes import scope_group

from .strategies import Case, random_case, ruled_case

EVERY_TIER = ["scope-and-sector", "sector", "scope", "outlier"]
QUOTAS = [
    [{"side": "mentee", "where": {"region": "Kent"}, "max": 2}],
    [{"side": "mentee", "where": {"sectors": "primary-care"}, "min": 1}],
    [{"side": "mentor", "where": {"region": "Surrey"}, "max": 1}],
    [{"side": "mentor", "where": {"region": "Kent"}, "max": 1}, {"side": "mentee", "max": 3}],
    [{"side": "mentor", "where": {"sectors": "primary-care"}, "max": 1}],
    [{"side": "mentor", "max": 2}, {"side": "mentor", "where": {"region": "Kent"}, "max": 1}],
    [{"side": "mentor", "where": {"region": "Surrey"}, "min": 1}],
]


def studied(seeds, quotas=(), *, make=random_case):
    """Every case with a matching, with the Study of it."""
    for seed in seeds:
        case = make(seed)
        if quotas:
            case.policy["quotas"] = quotas[seed % len(quotas)]
        cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
        try:
            yield case, cohort, policy, Study(cohort, policy, criteria=case.criteria)
        except (InfeasibleError, InputError):
            continue


def gain_of(case, cohort, policy, before, **mentor):
    """What each level gains by one more mentor, from matching again."""
    newcomer = Mentor.model_validate({"id": "M-new", **mentor})
    more = cohort.model_copy(update={"mentors": (*cohort.mentors, newcomer)})
    after = match(more, policy, criteria=case.criteria)
    levels = zip(before.objective, after.objective, strict=True)
    return {old.level: new.value - old.value for old, new in levels}


def described(sector, scope, region):
    return {"sectors": [sector] if sector else [], "scopes": [scope] if scope else [], "region": region}


def test_every_gain_is_what_matching_again_with_that_mentor_gives():
    told, cases = Counter(), 0
    for case, cohort, policy, study in studied(range(260)):
        profiles = study.recruit(most=2)
        cases += 1
        for profile in profiles:
            again = gain_of(
                case,
                cohort,
                policy,
                study.matching,
                **described(profile.sector, profile.scope, profile.region),
            )
            assert dict(profile.gain) == again, (case.seed, profile)
            told["placed" if profile.gain.get("placed") else "other"] += 1
        vectors = [tuple(profile.gain.values()) for profile in profiles]
        assert vectors == sorted(vectors, reverse=True), case.seed
        assert all(vector > (0,) * len(vector) for vector in vectors), case.seed
    assert cases >= 200
    assert min(told.values()) >= 100, told


def test_gains_are_exact_under_quotas_too():
    told = 0
    for case, cohort, policy, study in studied(range(70), QUOTAS):
        for profile in study.recruit(most=3):
            again = gain_of(
                case,
                cohort,
                policy,
                study.matching,
                **described(profile.sector, profile.scope, profile.region),
            )
            assert dict(profile.gain) == again, (case.seed, profile)
            told += 1
    assert told >= 60


@pytest.mark.parametrize(
    ("make", "seeds"), [(random_case, range(1000, 1012)), (ruled_case, (1072, 1084, 1131, 1147))]
)
def test_what_is_told_is_what_beats_every_more_general_kind(make, seeds):
    """Under minimums of mentors only the scope of each group that most ask for was tried."""
    told = Counter()
    for case, cohort, policy, study in studied(seeds, make=make):
        left_out = {person.id for person in study.matching.not_taking_part}
        mentees = [mentee for mentee in cohort.mentees if mentee.id not in left_out]
        need, kinds = kinds_of(mentees, {left.mentee for left in study.matching.unmatched_mentees})
        gains = {
            kind: tuple(gain_of(case, cohort, policy, study.matching, **described(*kind)).values())
            for kind in kinds
        }
        best = {}
        for kind in sorted(kinds, key=lambda kind: need.get(kind[1], ())):
            if all(gains[other] >= gains[kind] for other in kinds if fits(other, kind)):
                group = kind[0], scope_group(kind[1] or "") or kind[1], kind[2]
                if group not in best or gains[kind] > gains[best[group]]:
                    best[group] = kind
        expected = {
            kind: gains[kind]
            for group, kind in best.items()
            if gains[kind] > (0,) * len(gains[kind])
            and all(
                gains[kind] > gains[best[other]] for other in best if other != group and fits(group, other)
            )
        }
        profiles = study.recruit(most=1000)
        found = {(p.sector, p.scope, p.region): tuple(p.gain.values()) for p in profiles}
        assert found == expected, case.seed
        told.update(part is None for kind in found for part in kind)
    assert min(told[True], told[False]) >= 10, told


def kinds_of(mentees, short):
    """Sector × scope × region of the mentees, each perhaps open; and which scopes are asked for most."""
    sectors = {sector for mentee in mentees for sector in mentee.sectors} - {"other"}
    need = Counter(scope for mentee in mentees for scope in mentee.scopes if mentee.id in short)
    asked = Counter(scope for mentee in mentees for scope in mentee.scopes)
    regions = {mentee.region for mentee in mentees if mentee.region}
    kinds = list(product([None, *sectors], [None, *asked], [None, *regions]))
    return {scope: (-need[scope], -asked[scope], scope) for scope in asked}, kinds


def fits(special, general):
    return all(b is None or a == b for a, b in zip(special, general, strict=True))


@pytest.mark.parametrize("seed", [348, 568, 832, 898])
def test_under_quotas_nothing_is_left_open_that_a_region_or_sector_would_bring_less_by(seed):
    """Of a scope that was not tried anew in one region, a mentor of any region was said to help."""
    case = ruled_case(seed)
    cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
    study = Study(cohort, policy, criteria=case.criteria)
    left_out = {person.id for person in study.matching.not_taking_part}
    mentees = [mentee for mentee in cohort.mentees if mentee.id not in left_out]
    regions = {mentee.region for mentee in mentees if mentee.region}
    sectors = {sector for mentee in mentees for sector in mentee.sectors} - {"other"}
    for profile in study.recruit(most=1000):
        for sector in [profile.sector] if profile.sector else [None, *sectors]:
            for region in [profile.region] if profile.region else [None, *regions]:
                mentor = described(sector, profile.scope, region)
                again = gain_of(case, cohort, policy, study.matching, **mentor)
                assert tuple(again.values()) >= tuple(profile.gain.values()), (profile, sector, region)


def test_of_a_group_of_scopes_the_one_that_brings_most_is_told():
    """The one that most mentees ask for was, and that another helps where it does not was not said at all."""
    sector = {"sectors": ["primary-care"]}
    mentors = [{"id": f"M{k}", **sector, "scopes": ["Hypertension"]} for k in range(3)]
    mentees = [{"id": f"E{k}", **sector, "scopes": ["Hypertension"]} for k in range(3)]
    mentees.append({"id": "E9", **sector, "scopes": ["Anticoagulation"]})
    mentors.append({"id": "M9", **sector})
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    found = Study(cohort, Policy(tiers={"order": ["scope-and-sector", "sector"]})).recruit()
    assert [(one.scope_group, one.scope, one.gain["score"]) for one in found] == [
        ("Cardiovascular", "Anticoagulation", 25)
    ]


def test_nobody_brings_more_than_the_first_kind_told_where_all_is_named():
    """Another scope of a group would have brought 180 points, and 172.5 were told."""
    cohort = demo_cohort(100, 100, seed=1)
    study = Study(cohort)
    best = study.recruit(most=1)[0]
    assert best.gain["score"] == 180
    assert dict(best.gain) == gain_of(
        Case(1, {}, {}), cohort, Policy(), study.matching, **described(best.sector, best.scope, best.region)
    )


def short_of(region, **policy):
    """A mentee in a region and a sector without any mentor, and another pair that is content."""
    mentors = [{"id": "M1", "sectors": ["primary-care"], "region": "Kent"}]
    mentees = [
        {"id": "E1", "sectors": ["primary-care"], "region": "Kent"},
        {"id": "E2", "sectors": ["community-pharmacy"], "scopes": ["Hypertension"], "region": region},
    ]
    return Study(Cohort.model_validate({"mentors": mentors, "mentees": mentees}), Policy(**policy))


def test_a_profile_says_in_one_sentence_what_it_brings():
    best, *others = short_of("Kent").recruit()
    assert (best.sector, best.scope_group, best.scope) == (
        "community-pharmacy",
        "Cardiovascular",
        "Hypertension",
    )
    assert best.because == (
        "One more community-pharmacy mentor in Kent who prescribes in Hypertension (Cardiovascular) "
        "would place 1 more mentee and gain 100 points."
    )
    assert {profile.because for profile in others} >= {
        "One more community-pharmacy mentor would place 1 more mentee and gain 65 points.",
        "One more mentor who prescribes in Hypertension (Cardiovascular) "
        "would place 1 more mentee and gain 25 points.",
    }


def test_profiles_that_bring_the_same_are_told_as_the_most_general_one():
    weights = {"scope": 0, "region": 0}
    profiles = short_of(None, weights=weights, tiers={"order": ["scope-and-sector", "sector"]}).recruit()
    assert [(profile.sector, profile.scope, profile.region) for profile in profiles] == [
        ("community-pharmacy", None, None)
    ]
    only_placed = short_of("Kent", objective={"levels": ["placed"]}, tiers={"order": EVERY_TIER})
    (anybody,) = only_placed.recruit()
    assert anybody.because == "One more mentor of any kind would place 1 more mentee."


def test_nobody_is_looked_for_where_nobody_would_help(example):
    content = Cohort.model_validate({"mentors": [{"id": "M1"}], "mentees": []})
    assert Study(content).recruit() == ()
    assert len(Study(example).recruit(most=2)) <= 2
    assert Study(example).recruit(most=0) == ()


def test_a_cohort_without_mentors_is_told_whom_to_look_for():
    mentee = {"id": "newcomer-00001", "sectors": ["other: hospice care"], "scopes": ["Zebra care"]}
    (best, *_) = Study(Cohort.model_validate({"mentees": [mentee]})).recruit()
    assert best.because == (
        "One more hospice-care mentor who prescribes in Zebra care would place 1 more mentee "
        "and gain 90 points."
    )
