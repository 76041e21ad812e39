"""Each criterion against the contract's table, and a user's own."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.front_door import match
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import Policy
from ipmatch.scoring.builtin import practice
from ipmatch.scoring.builtin.practice import Scope
from ipmatch.scoring.scores import score
from ipmatch.vocabulary.scopes import known_scopes

TIERS = {"order": ["scope-and-sector", "sector", "scope", "outlier"]}


def pair(mentor, mentee, criterion, **policy):
    """The one pair's contribution of a criterion with weight 10."""
    cohort = Cohort.model_validate({"mentors": [{"id": "M1", **mentor}], "mentees": [{"id": "E1", **mentee}]})
    matching = match(cohort, Policy(weights={criterion: 10}, tiers=TIERS, **policy))
    [pairing] = matching.pairings
    return next(part for part in pairing.contributions if part.criterion == criterion)


def strength(mentor, mentee, criterion):
    return pair(mentor, mentee, criterion).strength


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected", "code"),
    [
        ({"sectors": ["icb"]}, {"sectors": ["icb"]}, "1", "same-sector"),
        ({"sectors": ["icb"], "past_sectors": ["icb"]}, {"sectors": ["icb"]}, "1", "same-sector"),
        ({"sectors": ["academia"], "past_sectors": ["icb"]}, {"sectors": ["icb"]}, "0.5", "past-sector"),
        ({"sectors": ["academia"]}, {"sectors": ["icb"]}, "0", "no-shared-sector"),
        ({"sectors": ["academia"]}, {"sectors": ["icb"], "tags": ["x"]}, "0", "no-shared-sector"),
        ({}, {"sectors": ["icb"]}, "0", "unknown-sector"),
        ({"sectors": ["icb"]}, {}, "0", "unknown-sector"),
        ({"sectors": ["other"]}, {"sectors": ["other"]}, "0", "no-shared-sector"),
        ({"sectors": ["other: Hospice care"]}, {"sectors": ["Other (hospice  care)"]}, "1", "same-sector"),
        ({"sectors": ["other: hospice care"]}, {"sectors": ["other: prison"]}, "0", "no-shared-sector"),
    ],
)
def test_a_current_sector_counts_whole_and_a_past_one_of_the_mentor_half(mentor, mentee, expected, code):
    found = pair(mentor, mentee, "sector")
    assert (found.strength, found.code, found.points) == (Decimal(expected), code, Decimal(expected) * 10)


def test_a_past_sector_of_the_mentee_counts_for_nothing_because_there_is_none():
    with pytest.raises(ValueError, match="past_sectors"):
        pair({"sectors": ["icb"]}, {"sectors": [], "past_sectors": ["icb"]}, "sector")


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected", "code"),
    [
        (["Hypertension"], ["high blood pressure"], "1", "same-scope"),
        (["Hypertension"], ["Lipids and cardiovascular prevention"], "0.5", "related-scope"),
        (["Hypertension"], ["Anticoagulation"], "0.25", "same-scope-group"),
        (["Hypertension"], ["Asthma"], "0", "different-scope"),
        (["Asthma", "Hypertension"], ["Hypertension", "ADHD"], "1", "same-scope"),
        (["Zebra  care"], ["zebra care."], "1", "same-scope"),
        (["Zebra care"], ["Asthma"], "0", "different-scope"),
        ([], ["Asthma"], "0", "unknown-scope"),
        (["Asthma"], [], "0", "unknown-scope"),
    ],
)
def test_the_best_match_over_the_mentees_scopes_counts(mentor, mentee, expected, code):
    found = pair({"scopes": mentor}, {"scopes": mentee}, "scope")
    assert (found.strength, found.code) == (Decimal(expected), code)


def test_the_rank_of_a_wish_counts_less_and_less_and_never_nothing():
    others = [{"id": f"X{place}"} for place in range(6)]
    for place, expected in enumerate(["0.5", "0.4", "0.3", "0.2", "0.1", "0.1"]):
        wishes = [f"X{k}" for k in range(place)]
        cohort = Cohort.model_validate(
            {"mentors": [{"id": "M1"}, *others], "mentees": [{"id": "E1", "prefers": [*wishes, "M1"]}]}
        )
        scores = score(cohort, Policy(weights={"preferences": 10}, tiers=TIERS))
        assert scores.tables["preferences"].strength_of(0, 0) == Decimal(expected)
    assert strength({"prefers": ["E1"]}, {"prefers": ["M1"]}, "preferences") == 1
    assert strength({"prefers": ["E1"]}, {}, "preferences") == Decimal("0.5")
    assert strength({}, {}, "preferences") == 0


@pytest.mark.parametrize(
    ("criterion", "mentor", "mentee", "expected"),
    [
        ("region", {"region": "Kent"}, {"region": " kent "}, "1"),
        ("region", {"region": "Kent"}, {"region": "Surrey"}, "0"),
        ("region", {}, {}, "0"),
        ("organisation", {"organisation": "St  Mary’s"}, {"organisation": "st mary's "}, "-1"),
        ("organisation", {"organisation": "A"}, {"organisation": "B"}, "0"),
        ("organisation", {}, {}, "0"),
        ("experience", {"mentored_before": 1}, {"confidence": 2}, "1"),
        ("experience", {"mentored_before": 1}, {"confidence": 3}, "0"),
        ("experience", {"mentored_before": 0}, {"confidence": 1}, "0"),
        ("experience", {}, {"confidence": 1}, "0"),
        ("experience", {"mentored_before": 4}, {}, "0"),
        ("availability", {"availability": ["Mon am"]}, {"availability": ["mon am"]}, "1"),
        ("availability", {"availability": ["Mon"]}, {"availability": ["Tue"]}, "0"),
        ("availability", {"availability": ["Mon"]}, {}, "0.5"),
        ("availability", {}, {}, "0.5"),
        ("known_to", {"known_to": ["E1"]}, {}, "1"),
        ("known_to", {}, {"known_to": ["M1"]}, "1"),
        ("known_to", {}, {}, "0"),
        ("meeting_mode", {"meeting_mode": "virtual"}, {"meeting_mode": "either"}, "1"),
        ("meeting_mode", {"meeting_mode": "virtual"}, {"meeting_mode": "virtual"}, "1"),
        ("meeting_mode", {"meeting_mode": "virtual"}, {"meeting_mode": "in-person"}, "0"),
        ("meeting_mode", {"meeting_mode": "either"}, {}, "0"),
        ("tags", {"tags": ["Welsh"]}, {"tags": ["welsh", "x"]}, "1"),
        ("tags", {"tags": ["a"]}, {"tags": ["b"]}, "0"),
        ("tags", {}, {}, "0"),
    ],
)
def test_the_other_criteria_are_as_the_contract_says(criterion, mentor, mentee, expected):
    assert strength(mentor, mentee, criterion) == Decimal(expected)


class Own:
    """A criterion of a user, from two plain functions."""

    def __init__(self, strength, because=lambda *_: "Because.", key=lambda person: person.region, name="own"):
        self.name, self.mentor_key, self.mentee_key = name, key, key
        self.asked = []
        self._strength, self.because = strength, because

    def strength(self, mentor_key, mentee_key):
        self.asked.append((mentor_key, mentee_key))
        return self._strength(mentor_key, mentee_key)


def people(*regions):
    return {
        "mentors": [{"id": f"M{i}", "region": region} for i, region in enumerate(regions)],
        "mentees": [{"id": f"E{i}", "region": region} for i, region in enumerate(regions)],
    }


def own_match(own, weight=1, regions=("Kent",)):
    policy = Policy(weights={"own": weight, "region": 0}, tiers=TIERS)
    return match(Cohort.model_validate(people(*regions)), policy, criteria=[own])


def test_a_users_criterion_is_asked_once_for_each_pair_of_distinct_keys():
    own = Own(lambda a, b: int(a == b))
    own_match(own, regions=["Kent", "Surrey", "Kent", "Kent", "Surrey"])
    assert sorted(own.asked) == sorted((a, b) for a in ("Kent", "Surrey") for b in ("Kent", "Surrey"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (0.0005, "0"),
        (0.0015, "0.002"),
        (0.3335, "0.334"),
        (0.3345, "0.334"),
        (1, "1"),
        (Decimal("0.99951"), "1"),
        (0.1, "0.1"),
    ],
)
def test_a_users_strength_is_rounded_to_three_places_half_to_even(given, kept):
    [pairing] = own_match(Own(lambda a, b: given), weight=Decimal("0.125")).pairings
    [part] = [part for part in pairing.contributions if part.criterion == "own"]
    assert part.strength == Decimal(kept)
    assert part.points == Decimal(kept) * Decimal("0.125")


def test_none_removes_the_pair_whatever_the_weight_and_a_required_pair_does_not_override_it():
    for weight in (0, 5):
        matching = own_match(Own(lambda a, b: None), weight=weight)
        assert matching.pairings == ()
        assert matching.unmatched_mentees[0].facts["removed"] == {"criterion:own": 1}
    cohort = people("Kent") | {"required_pairs": [{"mentor": "M0", "mentee": "E0"}]}
    with pytest.raises(InfeasibleError, match="own") as caught:
        match(Cohort.model_validate(cohort), Policy(tiers=TIERS), criteria=[Own(lambda a, b: None)])
    assert caught.value.conflict == ("required pair M0 with E0", 'the criterion "own" removes M0 with E0')


def _boom(*_):
    raise RuntimeError("Ana Secret")


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (Own(_boom), 'criterion "own": failed with RuntimeError'),
        (Own(lambda a, b: 1, key=_boom), 'criterion "own": failed with RuntimeError'),
        (Own(lambda a, b: 1, key=lambda person: []), 'criterion "own": failed with TypeError'),
        (Own(lambda a, b: 1, because=_boom), 'criterion "own": failed with RuntimeError'),
        (Own(lambda a, b: 1, because=lambda *_: None), 'criterion "own": gave a reason that is not text'),
        (Own(lambda a, b: 1.001), 'criterion "own": gave the strength 1.001'),
        (Own(lambda a, b: -0.1), 'criterion "own": gave the strength -0.1'),
        (Own(lambda a, b: float("nan")), 'criterion "own": gave the strength nan'),
        (Own(lambda a, b: float("inf")), 'criterion "own": gave the strength inf'),
        (Own(lambda a, b: "much"), 'criterion "own": failed with InvalidOperation'),
        (Own(lambda a, b: 1, name="sector"), 'two criteria are called "sector"'),
        (Own(lambda a, b: 1, name="My Own"), "'My Own' is not a criterion's name"),
        (SimpleNamespace(name="own"), "a SimpleNamespace is not a criterion"),
    ],
)
def test_a_failing_criterion_is_a_fault_of_the_input_and_shows_no_data(own, message):
    with pytest.raises(InputError, match=message) as caught:
        own_match(own)
    assert "Secret" not in str(caught.value)
    assert all(fault.mend for fault in caught.value.faults)


def test_somebody_who_names_thousands_of_scopes_is_compared_as_everybody_else(monkeypatch):
    """Ten thousand scopes each kept two people busy for minutes: every one was held against every other."""
    odd, held = [f"odd {number}" for number in range(2_000)], []
    near = practice.relation
    monkeypatch.setattr(practice, "relation", lambda *both: held.append(both) or near(*both))
    scope = Scope()
    for mentor, mentee, steps in (
        (odd[:1_000], odd[1_000:], 0),
        (odd[:1_200], odd[1_000:], 4),
        ([*odd[:1_000], "Hypertension"], [*odd[1_000:], "Anticoagulation"], 1),
        (["asthma  care", *odd[:1_000]], [*odd[1_000:], "Asthma care"], 4),
    ):
        found = scope.finding(Mentor(id="M1", scopes=mentor), Mentee(id="E1", scopes=mentee), Decimal(0))
        assert scope.in_steps(mentor, mentee) == steps
        assert found.code == {0: "different-scope", 1: "same-scope-group", 4: "same-scope"}[steps]
    assert len(held) < 1_000


def test_many_scopes_are_compared_to_the_same_end_as_few(monkeypatch):
    draw, known = Random(4), [*known_scopes(), *(f"odd {number}" for number in range(40)), "ODD 3", "Odd  7"]
    pairs = [[sorted(draw.sample(known, draw.randint(1, 60))) for _ in range(2)] for _ in range(200)]
    found = []
    for most in (10**9, 0):
        monkeypatch.setattr(practice, "MANY_COUPLES", most)
        people = [(Mentor(id="M1", scopes=one), Mentee(id="E1", scopes=other)) for one, other in pairs]
        found.append([Scope().finding(mentor, mentee, Decimal(0)).because for mentor, mentee in people])
    assert found[0] == found[1]
