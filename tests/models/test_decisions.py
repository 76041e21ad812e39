"""Decisions as data: whom each kind names, what many come to, and what of them may be recorded."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.decisions import KINDS, Decision, Decisions, effect_of, recorded, standing
from ipmatch.errors import UsageError
from ipmatch.front_door import match, verify

from .faults import faults

SECTOR = {"sectors": ["icb"]}
COHORT = Cohort.model_validate(
    {
        "mentors": [{"id": "M1", **SECTOR, "capacity": 2}, {"id": "M2", **SECTOR}, {"id": "M3", **SECTOR}],
        "mentees": [{"id": "E1", **SECTOR}, {"id": "E2", **SECTOR}, {"id": "E3", **SECTOR}],
    }
)


def on(mentor, mentee, kind, **more):
    return Decision(kind=kind, mentor=mentor, mentee=mentee, **more)


def swap(mentor, mentee, other_mentor, other_mentee):
    return on(mentor, mentee, "swap", other_mentor=other_mentor, other_mentee=other_mentee)


def pairs(decisions):
    effect = effect_of(decisions, {}, {})
    return set(effect.required), set(effect.forbidden), effect.gone


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        ({"kind": "withdraw"}, 'a decision to withdraw needs "id". Add "id".'),
        ({"kind": "lock", "mentor": "M1"}, 'a decision to lock needs "mentor" and "mentee". Add "mentee".'),
        (
            {"kind": "withdraw", "id": "M1", "mentee": "E1"},
            'a decision to withdraw needs "id" and nothing else. Remove "mentee".',
        ),
        (
            {"kind": "undo", "id": "M1"},
            'a decision to undo needs "entry" and nothing else. Add "entry". Remove "id".',
        ),
        (
            {"kind": "swap", "mentor": "M1", "mentee": "E1", "other_mentor": "M1", "other_mentee": "E2"},
            "only two mentors with two mentees can swap. Name two pairs that share nobody.",
        ),
    ],
)
def test_a_decision_that_names_the_wrong_people_is_told_what_it_needs(decision, message):
    assert faults(Decisions, {"decisions": [decision]}) == {"decisions.0": message}


@pytest.mark.parametrize("when", ["1.3.2027", "2027-02-29", "2027-3-1", "20270301", "2027-W09-1", "today"])
def test_a_day_is_a_day_of_the_calendar(when):
    found = faults(Decisions, {"decisions": [{"kind": "withdraw", "id": "M1", "when": when}]})
    assert found == {"decisions.0.when": "this is not a day. Write it as year-month-day: 2027-03-01."}


def test_who_decided_and_why_is_in_no_fault():
    secret = {"kind": "withdraw", "id": "M1", "by": ["Zebedee"], "reason": {"why": "Zebedee"}}
    assert "Zebedee" not in str(faults(Decisions, {"decisions": [secret, {**secret, "kind": "drop"}]}))


def test_only_what_still_stands_can_be_undone():
    lock = {"kind": "lock", "mentor": "M1", "mentee": "E1"}
    undo = [{"kind": "undo", "entry": number} for number in (1, 1, 2, 5, 9)]
    assert faults(Decisions, {"decisions": [lock, *undo]}) == {
        f"decisions.{place}.entry": f"{what} Name an earlier decision that still stands."
        for place, what in (
            (2, "entry 1 is undone already."),
            (3, "entry 2 undoes another itself."),
            (4, "there is no entry 5 before this one, which is entry 5."),
            (5, "there is no entry 9 before this one, which is entry 6."),
        )
    }


def test_what_is_undone_never_was():
    decisions = [on("M1", "E1", "lock"), on("M2", "E2", "forbid"), Decision(kind="undo", entry=1)]
    assert standing(decisions) == (decisions[1],)
    assert pairs(decisions) == (set(), {("M2", "E2")}, set())


@pytest.mark.parametrize("kind", ["require", "lock", "confirm", "start", "complete"])
def test_a_pair_that_is_to_stay_is_required(kind):
    assert pairs([on("M1", "E1", kind)]) == ({("M1", "E1")}, set(), set())


def test_a_pair_that_ended_is_not_made_again():
    assert pairs([on("M1", "E1", "start"), on("M1", "E1", "end")]) == (set(), {("M1", "E1")}, set())


def test_a_swap_parts_two_pairs_makes_two_and_can_be_swapped_back():
    there, back = swap("M1", "E1", "M2", "E2"), swap("M1", "E2", "M2", "E1")
    straight, crossed = {("M1", "E1"), ("M2", "E2")}, {("M1", "E2"), ("M2", "E1")}
    assert pairs([there]) == (crossed, straight, set())
    assert pairs([there, back]) == (straight, crossed, set())


def test_a_swap_does_not_lift_what_was_forbidden_for_itself():
    decisions = [on("M1", "E2", "forbid"), swap("M1", "E1", "M2", "E2")]
    assert ("M1", "E2") in pairs(decisions)[0] & pairs(decisions)[1]


def test_a_pair_confirmed_is_free_again_once_one_of_the_two_withdraws():
    gone = Decision(kind="withdraw", id="M1")
    assert pairs([on("M1", "E1", "confirm"), gone]) == (set(), set(), {"M1"})
    assert pairs([on("M1", "E1", "require"), gone]) == ({("M1", "E1")}, set(), {"M1"})


def test_a_pair_completed_stands_although_its_mentor_left():
    decisions = [
        on("M1", "E1", "complete"),
        on("M1", "E2", "start"),
        Decision(kind="withdraw", id="M1"),
    ]
    matching = match(COHORT, decisions=decisions)
    assert ("M1", "E1") in matching.pairs()
    assert {mentee for mentor, mentee in matching.pairs() if mentor != "M1"} == {"E2", "E3"}
    assert verify(COHORT, matching).ok


@pytest.mark.parametrize("kind", ["lock", "swap", "confirm", "start", "complete", "end"])
def test_a_matching_made_with_any_kind_can_be_verified_from_its_record_alone(kind):
    decision = swap("M1", "E1", "M2", "E2") if kind == "swap" else on("M1", "E1", kind)
    matching = match(COHORT, decisions=Decisions(decisions=[decision]))
    assert (("M1", "E1") in matching.pairs()) == (kind not in ("swap", "end"))
    assert verify(COHORT, matching).ok


def test_the_record_holds_no_name_and_no_reason_but_the_day():
    decision = Decision(kind="withdraw", id="M3", by="A. Lead", reason="private", when="2027-03-01")
    matching = match(COHORT, decisions=[decision])
    assert matching.run.decisions == (Decision(kind="withdraw", id="M3", when="2027-03-01"),)


def test_statements_are_recorded_in_one_order_and_events_in_theirs():
    statements = [on("M2", "E1", "forbid"), on("M1", "E2", "require"), Decision(kind="withdraw", id="M3")]
    assert recorded(statements) == recorded(statements[::-1]) == tuple(statements[::-1])
    events = (on("M2", "E1", "end"), on("M1", "E2", "lock"))
    assert recorded(events) == events
    assert match(COHORT, decisions=statements) == match(COHORT, decisions=statements[::-1])


def test_every_kind_says_whom_it_names():
    for kind in KINDS:
        with pytest.raises(ValidationError, match=f"a decision to {kind} needs"):
            Decision(kind=kind)


def test_a_decision_about_nobody_lists_every_unknown_id():
    cohort = Cohort.model_validate({"mentors": [{"id": "M1"}], "mentees": [{"id": "E1"}]})
    decisions = [
        Decision(kind="withdraw", id="X"),
        Decision(kind="require", mentor="E1", mentee="M1"),
        Decision(kind="swap", mentor="M1", mentee="E1", other_mentor="M9", other_mentee="E9"),
    ]
    with pytest.raises(UsageError) as caught:
        match(cohort, decisions=decisions)
    assert str(caught.value).splitlines() == [
        'withdraw X: nobody here has the id "X". Check the id.',
        "require E1 M1: E1 is a mentee, not a mentor. Name the mentor first, then the mentee.",
        "require E1 M1: M1 is a mentor, not a mentee. Name the mentor first, then the mentee.",
        'swap M1 E1 M9 E9: nobody here has the id "M9". Check the id.',
        'swap M1 E1 M9 E9: nobody here has the id "E9". Check the id.',
    ]
