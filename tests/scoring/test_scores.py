"""Points are exact, presets keep their promises, and hard rules are hard."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.front_door import match
from ipmatch.policy import PRESETS, Policy
from ipmatch.scoring.scores import score


def cohort_of(mentor=None, mentee=None, **more):
    return Cohort.model_validate(
        {"mentors": [{"id": "M1", **(mentor or {})}], "mentees": [{"id": "E1", **(mentee or {})}], **more}
    )


def _every_pair_of_sector_first():
    """Points and sector strength of every kind of pair the default can meet."""
    sectors = [
        ({"sectors": ["icb"]}, 1),
        ({"sectors": ["academia"], "past_sectors": ["icb"]}, 0.5),
        ({"sectors": ["academia"]}, 0),
    ]
    scopes = ["Hypertension", "Lipids and cardiovascular prevention", "Anticoagulation", "Asthma"]
    for (sector, strength), scope, region, organisation in product(
        sectors, scopes, ["Kent", "Surrey"], ["A", "B"]
    ):
        mentor = {**sector, "scopes": [scope], "region": region, "organisation": organisation}
        mentee = {"sectors": ["icb"], "scopes": ["Hypertension"], "region": "Kent", "organisation": "A"}
        scores = score(cohort_of(mentor, mentee), Policy())
        yield strength, scope, region, organisation, scores.decimal(int(scores.points[0, 0]))


def test_sector_first_puts_the_sector_first():
    pairs = list(_every_pair_of_sector_first())
    current = [points for strength, *_, points in pairs if strength == 1]
    without = [points for strength, *_, points in pairs if strength == 0]
    assert min(current) == 45
    assert max(without) == 35
    plain = {
        (region, inside): points
        for strength, scope, region, inside, points in pairs
        if strength == 1 and scope == "Asthma"
    }
    assert plain["Surrey", "B"] == 65
    assert plain["Kent", "A"] == 55


def test_points_are_exact_for_the_finest_weights():
    mentor = {"sectors": ["icb"], "past_sectors": [], "scopes": ["Hypertension"], "prefers": ["E1"]}
    mentee = {"sectors": ["icb"], "scopes": ["Anticoagulation"], "region": "Kent"}
    weights = {
        "sector": Decimal("33.333"),
        "scope": Decimal("0.001"),
        "preferences": Decimal("0.003"),
        "region": 0,
    }
    [pairing] = match(cohort_of(mentor, mentee), Policy(weights=weights)).pairings
    assert pairing.score == Decimal("33.333") + Decimal("0.00025") + Decimal("0.0015")
    assert {part.criterion: str(part.points) for part in pairing.contributions} == {
        "sector": "33.333",
        "scope": "0.00025",
        "organisation": "0",
        "preferences": "0.0015",
    }


def test_the_scale_depends_on_the_policy_alone_and_makes_every_score_whole():
    policy = Policy(weights={"sector": 0.3, "scope": Decimal("0.1"), "region": 7})
    for mentor in ({}, {"sectors": ["icb"], "scopes": ["Asthma"]}):
        assert match(cohort_of(mentor, {}), policy).scale == 40
    assert match(cohort_of(), Policy()).scale == 4
    assert match(cohort_of(), Policy(preset="pilot-2023-as-told")).scale == 1


def test_a_policy_whose_total_could_leave_exact_range_names_the_decimals_to_drop():
    weights = {"sector": Decimal("12345678901.001"), "scope": Decimal("1000000000.5"), "region": 10**9}
    cohort = Cohort.model_validate(
        {"mentors": [{"id": f"M{i}"} for i in range(400)], "mentees": [{"id": f"E{i}"} for i in range(400)]}
    )
    with pytest.raises(InputError) as caught:
        match(cohort, Policy(weights=weights))
    [fault] = caught.value.faults
    assert fault.mend == "Drop the decimals of sector = 12345678901.001, scope = 1000000000.5."
    with pytest.raises(InputError, match="Divide all weights by the same number"):
        match(cohort, Policy(weights={"sector": 10**12, "scope": 10**12, "region": 10**12}))


def test_many_people_for_few_places_meet_the_same_refusal_and_never_a_crash():
    """A level's bound must fit the solver's prices too: this once ended in a ValueError of the solver."""
    mentees = [{"id": f"E{i}"} for i in range(1000)]
    cohort = Cohort.model_validate({"mentors": [{"id": "M1"}], "mentees": mentees})
    with pytest.raises(InputError, match="too fine or too large"):
        match(cohort, Policy(weights={"sector": Decimal("100000000000.001")}))


def test_the_largest_weights_that_pass_are_matched_exactly():
    cohort = cohort_of({"sectors": ["icb"]}, {"sectors": ["icb"]})
    [pairing] = match(cohort, Policy(weights={"sector": 10**12, "scope": 0, "region": 0})).pairings
    assert pairing.score == 10**12


@pytest.mark.parametrize("spelling", ["Acute hospital", "acute-hospital", "ACUTE HOSPITAL "])
def test_sectors_are_read_by_their_aliases(spelling):
    assert cohort_of({"sectors": [spelling]}).mentors[0].sectors == ("acute-hospital",)


def test_scopes_are_read_by_their_aliases_and_kept_as_written_when_unknown():
    mentor = cohort_of({"scopes": ["anticoag", "HIGH BLOOD PRESSURE", " Zebra care "]}).mentors[0]
    assert mentor.scopes == ("Anticoagulation", "Hypertension", "Zebra care")


BOTH, SECTOR, PAST, SCOPE, RELATED, NEITHER = (
    ({"sectors": ["icb"], "scopes": ["Hypertension"]}),
    ({"sectors": ["icb"], "scopes": ["Asthma"]}),
    ({"past_sectors": ["icb"], "scopes": ["Asthma"]}),
    ({"sectors": ["academia"], "scopes": ["Hypertension"]}),
    ({"sectors": ["academia"], "scopes": ["Lipids and cardiovascular prevention"]}),
    ({"sectors": ["academia"], "scopes": ["Asthma"]}),
)
KINDS = {"both": BOTH, "sector": SECTOR, "past": PAST, "scope": SCOPE, "related": RELATED, "neither": NEITHER}


@pytest.mark.parametrize(
    ("policy", "tiers"),
    [
        (
            {"preset": "sector-first"},
            {
                "both": "scope-and-sector",
                "sector": "sector",
                "past": "sector",
                "scope": "scope",
                "related": "scope",
            },
        ),
        ({"preset": "pilot-2023"}, {"both": "scope-and-sector", "sector": "sector"}),
        ({"preset": "pilot-2023-as-told"}, {"both": "scope", "sector": "sector", "scope": "scope"}),
        (
            {"preset": "pilot-2023-as-told", "tiers": {"order": ["scope", "sector", "outlier"]}},
            {
                "both": "scope",
                "sector": "sector",
                "scope": "scope",
                "past": "outlier",
                "related": "outlier",
                "neither": "outlier",
            },
        ),
        ({"tiers": {"order": ["sector"]}}, {"both": "sector", "sector": "sector", "past": "sector"}),
        (
            {"tiers": {"order": ["sector", "scope"]}},
            {"both": "sector", "sector": "sector", "past": "sector", "scope": "scope", "related": "scope"},
        ),
        ({"tiers": {"order": ["outlier"]}}, {"neither": "outlier"}),
        ({"tiers": {"order": ["scope-and-sector"]}}, {"both": "scope-and-sector"}),
        (
            {"tiers": {"scope_from": 1, "sector_from": 1}},
            {"both": "scope-and-sector", "sector": "sector", "scope": "scope"},
        ),
    ],
)
def test_each_policy_proposes_these_tiers_and_no_others(policy, tiers):
    mentee = {"sectors": ["icb"], "scopes": ["Hypertension"]}
    found = {}
    for kind, mentor in KINDS.items():
        scores = score(cohort_of(mentor, mentee), Policy.model_validate(policy))
        if scores.allowed[0, 0]:
            found[kind] = scores.tier_of(0, 0)
    assert found == tiers


def test_every_preset_matches_an_empty_and_a_tiny_cohort():
    for preset in PRESETS:
        assert match(Cohort(), Policy(preset=preset)).summary.placed == 0
        assert match(cohort_of(BOTH, BOTH), Policy(preset=preset)).summary.placed == 1


REQUIRED = {"required_pairs": [{"mentor": "M1", "mentee": "E1"}]}


@pytest.mark.parametrize(
    ("mentor", "mentee", "policy", "rules"),
    [
        ({"sectors": ["icb"]}, {"sectors": ["academia"]}, {}, ("floor",)),
        (
            {**BOTH, "organisation": "A"},
            {**BOTH, "organisation": "a"},
            {"organisation": {"same": "forbid"}},
            ("same-organisation",),
        ),
        (
            {**BOTH, "availability": ["Mon"]},
            {**BOTH, "availability": ["Tue"]},
            {"eligibility": {"availability": "require"}},
            ("availability",),
        ),
    ],
)
def test_a_required_pair_overrides_rules_about_the_pair_and_is_flagged(mentor, mentee, policy, rules):
    policy = Policy.model_validate(policy)
    assert match(cohort_of(mentor, mentee), policy).pairings == ()
    [pairing] = match(cohort_of(mentor, mentee, **REQUIRED), policy).pairings
    [flag] = [flag for flag in pairing.flags if flag.code == "required-despite"]
    assert flag.facts["rules"] == rules
    assert pairing.basis == "required"


@pytest.mark.parametrize(
    ("mentor", "mentee", "ban"),
    [
        ({**BOTH, "avoids": ["E1"]}, BOTH, "one of the two avoids the other: M1 with E1"),
        (BOTH, {**BOTH, "avoids": ["M1"]}, "one of the two avoids the other: M1 with E1"),
        (
            {**BOTH, "email": "A@x.nhs"},
            {**BOTH, "email": " a@X.nhs"},
            "the same person on both sides: M1 with E1",
        ),
        ({**BOTH, "person": "p"}, {**BOTH, "person": "p"}, "the same person on both sides: M1 with E1"),
        (
            {**BOTH, "gphc_number": "2000001"},
            {**BOTH, "gphc_number": "2000001"},
            "the same person on both sides: M1 with E1",
        ),
    ],
)
def test_a_required_pair_never_overrides_peoples_own_word(mentor, mentee, ban):
    assert match(cohort_of(mentor, mentee)).pairings == ()
    with pytest.raises(InfeasibleError) as caught:
        match(cohort_of(mentor, mentee, **REQUIRED))
    assert caught.value.conflict == ("required pair M1 with E1", ban)
    assert all(name in str(caught.value) for name in caught.value.conflict)


@pytest.mark.parametrize(
    "change", [{"status": "withdrawn"}, {"capacity": 0}, {"consent": False}, {"years_prescribing": 2.9}]
)
def test_a_required_pair_of_somebody_who_does_not_take_part_is_void_with_a_warning(change):
    matching = match(cohort_of({**BOTH, **change, "min_mentees": 1}, BOTH, **REQUIRED))
    assert matching.pairings == ()
    assert {"required-void", "no-mentors"} == {note.code for note in matching.warnings}


def test_blank_marks_make_nobody_the_same_person():
    blank = {"email": " ", "gphc_number": ""}
    assert len(match(cohort_of({**BOTH, **blank}, {**BOTH, **blank})).pairings) == 1


def test_scores_do_not_change_with_the_callers_decimal_context():
    import decimal

    with decimal.localcontext(prec=3):
        assert match(cohort_of(BOTH, BOTH), Policy(weights={"sector": Decimal("33.333")})).pairings[
            0
        ].score == Decimal("58.333")


def test_no_float_array_holds_a_score():
    scores = score(cohort_of(BOTH, BOTH), Policy())
    assert scores.points.dtype == np.int64


def test_a_weight_without_a_criterion_is_refused_with_a_suggestion():
    with pytest.raises(
        InputError, match=r'weights.sectr: there is no such criterion. Did you mean "sector"\?'
    ):
        match(Cohort(), Policy(weights={"sectr": 1}))


def test_the_cohorts_own_policy_is_used_only_when_none_is_given():
    data = {"mentors": [{"id": "M1"}], "mentees": [{"id": "E1"}], "policy": {"tiers": {"order": ["outlier"]}}}
    cohort = Cohort.model_validate(data)
    assert match(cohort).pairs() == {("M1", "E1")}
    assert match(cohort, Policy()).pairs() == set()
