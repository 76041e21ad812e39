"""Flags on pairings and warnings on a matching: each when, and only when, it is so."""

from __future__ import annotations

from collections import Counter

import pytest

from ipmatch.cohort import Cohort
from ipmatch.front_door import check, match
from ipmatch.matching import Matching
from ipmatch.policy import Policy

from ..second_scorer import judged

GOOD = {"sectors": ["icb"], "scopes": ["Asthma"], "organisation": "A", "consent": True}
MENTOR = {"id": "M1", **GOOD, "organisation": "B", "years_prescribing": 9}
MENTEE = {"id": "E1", **GOOD}
MEET = {"eligibility": {"availability": "require"}}
OPEN = {"tiers": {"order": ["scope-and-sector", "sector", "scope", "outlier"]}}


def matched(mentor=None, mentee=None, policy=None, **more) -> Matching:
    cohort = {"mentors": [{**MENTOR, **(mentor or {})}], "mentees": [{**MENTEE, **(mentee or {})}], **more}
    return match(Cohort.model_validate(cohort), Policy.model_validate(policy or {}))


def flags(*args, **more) -> list[str]:
    [pairing] = matched(*args, **more).pairings
    return [flag.code for flag in pairing.flags]


def test_a_pair_with_nothing_to_note_has_no_flag():
    assert flags() == []


@pytest.mark.parametrize(
    ("mentor", "mentee", "policy", "expected"),
    [
        ({"organisation": "a "}, {}, {}, ["same-organisation"]),
        ({"organisation": "a "}, {}, {"organisation": {"same": "ignore"}}, ["same-organisation"]),
        ({"organisation": None}, {}, {}, ["unknown-organisation"]),
        ({"organisation": None}, {"organisation": None}, {}, ["unknown-organisation"] * 2),
        ({"organisation": None}, {}, {"organisation": {"same": "ignore"}}, []),
        ({"organisation": None}, {}, {"organisation": {"same": "forbid"}}, ["unknown-organisation"]),
        ({"sectors": ["academia"], "scopes": ["ADHD"]}, {}, OPEN, ["outlier"]),
        ({"sectors": ["academia"], "past_sectors": ["icb"]}, {}, {}, ["past-sector"]),
        ({"years_prescribing": 3}, {}, {}, ["exactly-minimum-years"]),
        ({"years_prescribing": 3}, {}, {"eligibility": {"min_years_prescribing": 0}}, []),
        ({"years_prescribing": 0}, {}, {"eligibility": {"min_years_prescribing": 0}}, []),
        ({"years_prescribing": None}, {}, {}, ["unknown-years"]),
        ({"years_prescribing": None}, {}, {"eligibility": {"min_years_prescribing": 0}}, []),
        ({}, {"prescribing_frequency": "daily"}, {}, ["frequent-prescriber"]),
        ({}, {"prescribing_frequency": "weekly"}, {}, ["frequent-prescriber"]),
        ({}, {"prescribing_frequency": "monthly"}, {}, []),
        ({"consent": None}, {}, {}, ["unknown-consent"]),
        ({"consent": None}, {"consent": None}, {}, []),
        ({"scopes": []}, {}, {}, ["unknown-scope"]),
        ({"scopes": ["Asthma", "Zebra care"]}, {}, {}, ["unknown-scope"]),
        ({"sectors": []}, {}, {}, ["unknown-sector"]),
        (
            {},
            {"availability": ["Monday"]},
            {"eligibility": {"availability": "require"}},
            ["unknown-availability"],
        ),
        ({}, {"availability": ["Monday"]}, {}, []),
    ],
)
def test_each_flag_is_raised_when_it_is_so_and_not_otherwise(mentor, mentee, policy, expected):
    assert flags(mentor, mentee, policy) == expected


def test_a_flag_about_one_person_names_that_person():
    met = Counter()
    for _, _, matching in judged(range(300)):
        for pairing in matching.pairings:
            for flag in pairing.flags:
                if "id" in flag.facts:
                    assert flag.facts["id"] in (pairing.mentor, pairing.mentee)
                    assert flag.facts["id"] in flag.because
                    met[flag.code] += 1
    assert len(met) >= 4, met


def test_warnings_say_what_in_the_cohort_deserves_a_second_look():
    people = {
        "mentors": [
            {
                **MENTOR,
                "capacity": 4,
                "scopes": ["Asthma", "Zebra care"],
                "organisation": "Royal Kent Hospital",
                "person": "p",
            },
            {**MENTOR, "id": "M2", "organisation": "Royal Kent Hospitals", "person": " P"},
        ],
        "mentees": [{**MENTEE, "scopes": ["Hypertensoin"]}],
        "required_pairs": [{"mentor": "M1", "mentee": "E1"}],
    }
    notes = {
        note.code: note
        for note in match(Cohort.model_validate(people)).warnings
        if note.code != "unknown-scope"
    }
    assert set(notes) == {"near-equal-organisations", "same-person-twice"}
    assert notes["same-person-twice"].facts["ids"] == ("M1", "M2")
    scopes = [note for note in match(Cohort.model_validate(people)).warnings if note.code == "unknown-scope"]
    assert [(note.facts["scope"], note.facts["ids"]) for note in scopes] == [
        ("Hypertensoin", ("E1",)),
        ("Zebra care", ("M1",)),
    ]
    assert 'Did they mean "Hypertension"?' in scopes[0].because


@pytest.mark.parametrize(("capacity", "warned"), [(4, True), (5, False), (6, False)])
def test_less_than_a_quarter_in_reserve_is_warned_of(capacity, warned):
    people = {
        "mentors": [{**MENTOR, "capacity": capacity}],
        "mentees": [{**MENTEE, "id": f"E{i}"} for i in range(4)],
    }
    notes = [
        note for note in match(Cohort.model_validate(people)).warnings if note.code == "low-spare-capacity"
    ]
    assert bool(notes) == warned
    for note in notes:
        assert note.facts == {"spare": capacity - 4, "placed": 4}


@pytest.mark.parametrize(
    ("mentor", "mentee", "because"),
    [
        ({"status": "ended"}, {}, "M1 has ended."),
        ({"status": "withdrawn"}, {}, "M1 has withdrawn."),
        ({"status": "paused"}, {}, "M1 is paused."),
        ({"capacity": 0}, {}, "M1 has no place to give."),
        ({}, {"mentors_wanted": 0}, "E1 asks for no mentor."),
        ({"consent": False}, {}, "M1 has not consented."),
        ({"years_prescribing": 1}, {}, "M1 has prescribed for 1 year; the rule asks for 3."),
        ({"years_prescribing": 2.5}, {}, "M1 has prescribed for 2.5 years; the rule asks for 3."),
        ({}, {"ip_qualified": False}, "E1 is not qualified as an independent prescriber."),
        (
            {"status": "withdrawn", "capacity": 0, "consent": False, "years_prescribing": 1},
            {},
            "M1 has withdrawn.",
        ),
        ({"capacity": 0, "consent": False, "years_prescribing": 1}, {}, "M1 has no place to give."),
        ({"consent": False, "years_prescribing": 1}, {}, "M1 has not consented."),
    ],
)
def test_the_first_rule_that_keeps_somebody_out_is_the_one_told(mentor, mentee, because):
    [out] = matched(mentor, mentee).not_taking_part
    assert out.because == because


@pytest.mark.parametrize(
    ("people", "because"),
    [
        (
            {"mentors": [MENTOR], "mentees": [MENTEE, {**MENTEE, "id": "E2"}]},
            "Every place is taken: 2 mentees taking part ask for 2 mentors, "
            "and the only mentor, M1, has 1 place. ",
        ),
        (
            {
                "mentors": [MENTOR, {"id": "M2", "sectors": ["academia"]}],
                "mentees": [MENTEE, {**MENTEE, "id": "E2"}],
            },
            "Only M1 can mentor E1 and E2: 1 place for the 2 asked for, so one must go without. ",
        ),
        (
            {"mentors": [{**MENTOR, "sectors": ["academia"], "scopes": []}], "mentees": [MENTEE]},
            "The only mentor, M1, may not be paired with E1: they share too little. "
            "The best mentor who shares too little is M1 (tier: outlier); "
            "allowing that one pair would place one more mentee.",
        ),
        (
            {"mentors": [MENTOR, {**MENTOR, "id": "M2"}], "mentees": [{**MENTEE, "avoids": ["M1", "M2"]}]},
            "None of the 2 mentors may be paired with E1: both avoid or are avoided.",
        ),
        (
            {"mentors": [MENTOR], "mentees": [{**MENTEE, "mentors_wanted": 2}]},
            "E1 has 1 mentor of the 2 asked for. No other mentor takes part.",
        ),
        ({"mentors": [], "mentees": [MENTEE]}, "No mentor takes part."),
    ],
)
def test_reasons_for_the_unmatched_read_plainly(people, because):
    left = match(Cohort.model_validate(people)).unmatched_mentees[-1]
    assert left.because.startswith(because), left.because


def crowd(mentees: int, **more) -> Matching:
    people = {
        "mentors": [{**MENTOR, "capacity": mentees - 1}, {"id": "M2", "sectors": ["academia"]}],
        "mentees": [{**MENTEE, "id": f"E{i:03}", **more} for i in range(mentees)],
    }
    return match(Cohort.model_validate(people))


def test_a_large_group_is_told_of_by_what_its_people_have_in_common():
    [left] = crowd(30).unmatched_mentees
    assert left.because.startswith(
        "30 mentees (Respiratory) ask for 30 mentors; "
        "the only mentor who may take any of them has 29 places. "
    )
    assert left.facts["attributes"] == {
        "scope_group": "Respiratory",
        "mentees": 30,
        "asked": 30,
        "mentors": 1,
        "places": 29,
    }
    assert len(left.facts["group"]) == 30


def test_a_large_group_with_nothing_in_common_is_told_of_by_its_size():
    people = [{**MENTEE, "id": f"E{i:02}"} for i in range(12)]
    for i, person in enumerate(people):
        person |= {"sectors": ["icb"], "scopes": []} if i % 2 else {"sectors": [], "scopes": ["Asthma"]}
    mentors = [{**MENTOR, "capacity": 11}, {"id": "M2", "sectors": ["academia"]}]
    policy = Policy(tiers={"order": ["scope-and-sector", "sector", "scope"]})
    cohort = {"mentors": mentors, "mentees": people}
    [left] = match(Cohort.model_validate(cohort), policy).unmatched_mentees
    assert left.because.startswith(
        f"Only M1 can mentor {left.mentee} and 11 others: 11 places for the 12 asked for, so one must go"
    )
    assert "attributes" not in left.facts


def test_a_group_of_more_than_a_hundred_is_given_by_number_alone():
    [left] = crowd(101).unmatched_mentees
    assert "group" not in left.facts
    assert (left.facts["group_size"], left.facts["mentor_count"]) == (101, 1)


def test_a_quota_of_nobody_is_warned_of():
    quotas = [
        {"side": "mentor", "where": {"region": "Kent"}, "max": 3},
        {"side": "mentee", "where": {"sectors": "ICB"}, "max": 3},
    ]
    notes = matched(policy={"quotas": quotas}).warnings
    [note] = [note for note in notes if note.code == "quota-of-nobody"]
    assert note.because == 'The quota "mentors with region = Kent" speaks of nobody who takes part.'


def test_many_entries_of_one_address_are_one_warning():
    mentors = [{"id": f"M{i:04d}", "email": "Team@example.org"} for i in range(2000)]
    mentors.append({"id": "M9999", "email": "team@example.org", "gphc_number": "2012345"})
    mentors.append({"id": "N1", "gphc_number": "2012345"})
    warnings = check(Cohort.model_validate({"mentors": mentors})).warnings
    told = [note for note in warnings if note.code == "same-person-twice"]
    assert [len(note.facts["ids"]) for note in told] == [2001, 2]
    assert told[0].because == (
        "M0000, M0001, M0002, M0003, M0004, M0005, M0006, M0007, M0008 and 1,992 more look like one person."
    )
    assert told[1].because == "M9999 and N1 look like one person."
