"""A letter tells one participant of their own pairs; the lead and the auditor are told everything."""

from __future__ import annotations

import re

from ipmatch.cohort import Cohort
from ipmatch.policy import Policy
from ipmatch.study import Study

from .second_scorer import judged
from .strategies import Case

# What a letter must never speak of.
NEVER = re.compile(
    r"score|point|instead|rank|other|best|lottery|\bless\b|\bmore\b|required|wait", re.IGNORECASE
)


def study(case: Case) -> Study:
    return Study(
        Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), criteria=case.criteria
    )


def two(*, mentor=None, mentee=None, **cohort) -> Study:
    """A mentor Ben and a mentee Ana, both in Kent, beside somebody of each side."""
    ben = {"id": "M1", "name": "Ben Bell", "sectors": ["icb"], "region": "Kent", **(mentor or {})}
    ana = {"id": "E1", "name": "Ana Alder", "sectors": ["icb"], "region": "Kent", **(mentee or {})}
    people = {
        "mentors": [ben, {"id": "M2", "name": "Moy", "sectors": ["academia"]}],
        "mentees": [ana, {"id": "E2", "name": "Eve", "sectors": ["academia"]}],
    }
    weights = {"experience": 1, "availability": 1, "known_to": 1, "preferences": 1, "meeting_mode": 1}
    return Study(Cohort.model_validate(people | cohort), Policy().replace(weights=weights))


def lines(letter) -> list[str]:
    return letter.text.splitlines()


def test_a_letter_names_nobody_but_the_two_and_no_score():
    told = set()
    for case, oracle, matching in judged(range(0, 400, 2)):
        asked = study(case)
        for side in ("mentor", "mentee"):
            for person in case.cohort[f"{side}s"]:
                letter = asked.letter(**{side: person["id"]})
                own = {x for pair in matching.pairs() if person["id"] in pair for x in pair} | {person["id"]}
                assert set(re.findall(r"[ME]\d", letter.text)) == own, case.seed
                assert not NEVER.search(re.sub(r"hospice care|Lipids.*prevention", "", letter.text)), (
                    letter.text
                )
                assert not re.search(r"\d", re.sub(r"[ME]\d", "", letter.text)), letter.text
                told.add((side, "out" if person["id"] in oracle.out else len(own) > 1))
    assert told == {(side, what) for side in ("mentor", "mentee") for what in ("out", True, False)}


def test_a_mentee_reads_what_the_two_share():
    asked = two(
        mentor={
            "scopes": ["Asthma"],
            "mentored_before": 2,
            "availability": ["Mon"],
            "meeting_mode": "either",
        },
        mentee={"scopes": ["Asthma"], "confidence": 1, "availability": ["Mon"], "meeting_mode": "virtual"},
    )
    assert lines(asked.letter(mentee="E1")) == [
        "Dear Ana Alder,",
        "",
        "Your mentor is Ben Bell.",
        "",
        "What you and Ben Bell share:",
        "- Ben Bell prescribes in integrated care board, where you work.",
        "- You both prescribe in Asthma.",
        "- You are both in Kent.",
        "- Ben Bell has mentored before.",
        "- You can both come to Mon.",
        "- You can meet online.",
    ]


def test_a_mentor_is_not_told_that_the_mentee_lacks_confidence():
    text = two(mentor={"mentored_before": 2}, mentee={"confidence": 1}).letter(mentor="M1").text
    assert "mentored before" not in text
    assert "confiden" not in text
    assert "You prescribe in" in text


def test_a_letter_keeps_the_other_persons_wishes_to_them():
    asked = two(mentor={"prefers": ["E2", "E1"], "known_to": ["E1"]})
    mentor, mentee = asked.letter(mentor="M1").text, asked.letter(mentee="E1").text
    assert "You asked for Ana Alder." in mentor
    assert "You know Ana Alder already." in mentor
    assert "asked" not in mentee
    assert "You know" not in mentee


def test_a_letter_keeps_the_reason_of_a_required_pair():
    required = [{"mentor": "M1", "mentee": "E2", "reason": "a private reason"}]
    text = two(required_pairs=required).letter(mentee="E2").text
    assert "The programme team has decided to pair you with Ben Bell." in text
    assert "private" not in text


def test_whoever_has_nobody_is_told_so_and_nothing_of_anybody():
    asked = two(mentor={"status": "withdrawn"}, programme={"name": "Spring"})
    assert lines(asked.letter(mentee="E1")) == [
        "Spring",
        "",
        "Dear Ana Alder,",
        "",
        "We have no mentor for you in this round.",
        "Please ask the programme team what comes next.",
    ]
    assert (
        "You are not taking part in this round, because you have withdrawn" in asked.letter(mentor="M1").text
    )


def test_the_lead_is_told_every_reason_and_price():
    asked = two()
    text = asked.briefing(mentee="E1")
    assert "M1 with E1: sector, " in text
    assert "(+65)" in text
    assert "Who else" not in text, "nobody else may be paired with her"
    wide = Study(asked._posed.request.cohort, Policy().replace(tiers={"order": ["sector", "outlier"]}))
    assert "Who else, and what it would cost the programme:\n- Insisting on M2 for E1" in wide.briefing(
        mentee="E1"
    )


def test_whoever_offers_or_asks_for_nothing_is_not_told_that_they_are_taking_a_break():
    mentors = [{"id": "M1", "capacity": 0}, {"id": "M2", "status": "ended"}, {"id": "M3", "status": "paused"}]
    study = Study(Cohort(mentors=mentors, mentees=[{"id": "E1", "mentors_wanted": 0}]))
    told = [
        study.letter(**{side: one}).text.partition("because ")[2].partition(".")[0]
        for side, one in (("mentor", "M1"), ("mentor", "M2"), ("mentor", "M3"), ("mentee", "E1"))
    ]
    assert told == [
        "you offer no place",
        "your part in the programme has ended",
        "you are taking a break",
        "you ask for no mentor",
    ]


def test_the_auditor_is_told_the_proof_there_is_and_of_whom_nothing_is_known():
    """Beside sessions there was a price "for each of 0 levels"; and unknown consent was said to leave out."""
    people = {"mentors": [{"id": "M1", "sectors": ["icb"], "capacity": 2}]}
    cohort = Cohort.model_validate(
        people | {"mentees": [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]}
    )
    page = Study(cohort, Policy(sessions=[{"label": "Mon", "places": 1}])).audit()
    assert "For each of 2 levels the certificate gives these rules prices, too" in page
    assert "the exchange would break a minimum, a quota or a limit." in page
    page = Study(cohort).audit()
    assert "For each of 4 levels, the lottery's included, the certificate gives every person a price." in page
    assert "nor does anyone withdrawn, paused, who refuses consent or is known not to be qualified." in page


def test_the_auditor_reads_the_rules_the_order_of_levels_the_proof_and_the_record():
    policy = Policy.model_validate(
        {
            "organisation": {"same": "forbid"},
            "eligibility": {"availability": "require", "min_years_prescribing": 2.5},
            "quotas": [{"side": "mentee", "where": {"region": "Kent"}, "min": 1, "max": 3}],
            "objective": {"levels": ["placed", "tiers", "score"], "seed": 7},
        }
    )
    page = Study(two()._posed.request.cohort, policy).audit()
    for sentence in (
        "less than 2.5 years",
        "A pair must share a sector (one from the mentor's past will do) or a scope (a related one will do).",
        "Nobody is paired within what is known to be their own organisation.",
        "must share some of it",
        "mentees with region = Kent: at least 1 person paired and at most 3 pairs.",
        "sector: up to 65 points.",
        "1. 2 placed mentees: proved the most",
        "the seed 7",
        "ipmatch verify",
        "SHA-256",
    ):
        assert sentence in page, sentence
    assert "organisation:" not in page
    any_pair = Policy().replace(tiers={"order": ["scope-and-sector", "sector", "scope", "outlier"]})
    assert (
        "A pair need share neither a sector nor a scope."
        in Study(two()._posed.request.cohort, any_pair).audit()
    )
    both = Study(two()._posed.request.cohort, Policy().replace(tiers={"order": ["scope-and-sector"]})).audit()
    assert "A pair must share both a sector (one from the mentor's past will do) and a scope" in both
    strict = Policy().replace(tiers={"sector_from": 1, "scope_from": 1})
    assert "A pair must share a sector or a scope." in Study(two()._posed.request.cohort, strict).audit()
    loose = Policy().replace(tiers={"scope_from": 0.25})
    assert "a scope (one of the same group will do)." in Study(two()._posed.request.cohort, loose).audit()
