"""What people write: refused with every fault at once, each with its place and its mend; kept frozen to the bottom."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from ipmatch.cohort import Cohort, Decision, NamedPair
from ipmatch.document import Frozen, FrozenMap, Rational, decimal_of, plain
from ipmatch.matching import Matching
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import PRESETS, Policy

from ..strategies import solved

FULL = {
    "$schema": "https://example.org/cohort.schema.json",
    "x_note": {"anything": [1]},
    "kind": "cohort",
    "version": 1,
    "programme": {"name": "Spring", "regions": ["Kent", "Surrey"], "x_colour": "green"},
    "mentors": [{"id": "M1", "region": "Kent", "sectors": ["icb"], "prefers": ["E2", "E1"], "x_room": 4, "tags": ["b", "a"]}],
    "mentees": [{"id": "E1"}, {"id": "E2"}],
    "required_pairs": [{"mentor": "M1", "mentee": "E1", "x_by": "lead"}],
    "policy": {"preset": "pilot-2023", "weights": {"scope": 40}, "x_note": ""},
}


def faults(model: type[BaseModel], data) -> dict[str, str]:
    """The faults by their place."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return {".".join(str(part) for part in error["loc"]): error["msg"] for error in caught.value.errors()}


def reachable(value):
    yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from reachable(getattr(value, name))
    elif isinstance(value, FrozenMap):
        for item in value.values():
            yield from reachable(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from reachable(item)


def test_nothing_that_can_change_is_reachable_from_a_document():
    matchings = [matching for seed in range(60) if (matching := solved(seed)[1])]
    for document in (Cohort.model_validate(FULL), Policy(), *matchings):
        for value in reachable(document):
            assert not isinstance(value, list | dict | set), value
            assert isinstance(value, Frozen | FrozenMap | tuple | str | int | Decimal | None), type(value)


def test_a_document_refuses_to_be_changed():
    cohort, policy = Cohort.model_validate(FULL), Policy()
    for target, name in ((cohort, "mentors"), (cohort.mentors[0], "capacity"), (policy.tiers, "order")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(target, name, None)
    with pytest.raises(TypeError, match="does not support item assignment"):
        policy.weights["sector"] = 1


def test_documents_can_be_compared_hashed_pickled_copied_and_read_back():
    case, matching = solved(4)
    assert matching is not None
    for document in (Cohort.model_validate(FULL), Policy(preset="pilot-2023"), matching, matching.pairings):
        assert pickle.loads(pickle.dumps(document)) == document
        assert copy.deepcopy(document) == document
        assert hash(copy.deepcopy(document)) == hash(document)
    for document in (Cohort.model_validate(FULL), Policy(preset="pilot-2023"), matching):
        again = type(document).model_validate(json.loads(json.dumps(document.model_dump(mode="json"))))
        assert again == document
        assert type(document).model_validate_json(document.model_dump_json()) == document
    assert Policy() != Policy(preset="pilot-2023")


def test_annotations_are_accepted_and_dropped_and_unknown_keys_are_not():
    assert "x_note" not in Cohort.model_validate(FULL).model_dump()
    found = faults(Cohort, {"mentors": [{"id": "M1", "capacty": 2, "colour": 1}], "metees": [], "programme": {"nam": "x"}})
    assert found["mentors.0.capacty"] == 'unknown field. Did you mean "capacity"?'
    assert found["mentors.0.colour"].startswith("unknown field. ")
    assert found["metees"] == 'unknown field. Did you mean "mentees"?'
    assert found["programme.nam"] == 'unknown field. Did you mean "name"?'
    assert faults(Policy, {"weigths": {}, "tiers": {"ordr": []}}) == {
        "weigths": 'unknown field. Did you mean "weights"?',
        "tiers.ordr": 'unknown field. Did you mean "order"?',
    }


def test_a_reader_of_matchings_ignores_what_a_later_ipmatch_added():
    written = solved(4)[1].model_dump(mode="json")
    written["novelty"] = 1
    for part in (*written["pairings"], *written["spare_mentors"], written["run"], written["summary"]):
        part["novelty"] = [1]
    assert Matching.model_validate(written) == solved(4)[1]


@pytest.mark.parametrize(
    ("model", "data", "message"),
    [
        (Cohort, {"kind": "policy"}, "this is a \"policy\", not a cohort. Give a cohort file."),
        (Policy, {"kind": "matching"}, "this is a \"matching\", not a policy. Give a policy file."),
        (Policy, {"kind": {"name": "Ana"}}, "this is a document of another kind, not a policy. Give a policy file."),
        (Cohort, {"version": 2, "mentors": 3}, "version 2 is newer than this ipmatch reads. Use ipmatch 2 or later, or a version 1 file."),
    ],
)
def test_a_wrong_kind_or_a_newer_version_is_one_plain_fault(model, data, message):
    assert faults(model, data) == {"": message}


@pytest.mark.parametrize("version", [0, -1, "1", 1.5, None, []])
def test_a_version_that_is_none_is_a_fault(version):
    assert "version" in faults(Policy, {"version": version})


def test_every_fault_is_told_at_once_in_fields_and_across_people():
    found = faults(
        Cohort,
        {
            "programme": {"regions": ["Kent"]},
            "mentors": [
                {"id": "M1", "capacity": "two", "sectors": ["primary cre"], "avoids": ["E9"], "region": "Kemt"},
                {"id": " M1 ", "confidence": 6},
                {"capacity": -1},
            ],
            "mentees": [
                {"id": "E1", "prefers": ["M1"], "avoids": ["M1"], "known_to": ["E1"], "prescribing_frequency": "dayly"},
                {"id": "M1"},
                "E2",
            ],
            "required_pairs": [{"mentor": "M1", "mentee": "E1"}, {"mentor": "E1", "mentee": "M1"}],
            "forbidden_pairs": [{"mentor": "M1", "mentee": "E1"}, {"mentor": "M1"}, {"mentor": "M7", "mentee": "E1"}],
            "policy": {"kind": "cohort"},
        },
    )
    assert found == {
        "mentors.0.capacity": '"two" is not a whole number. Write a whole number, without quotes.',
        "mentors.0.sectors.0": found["mentors.0.sectors.0"],
        "mentors.0.avoids.0": found["mentors.0.avoids.0"],
        "mentors.0.region": '"Kemt" is not one of the programme\'s regions: Kent. Did you mean "Kent"? Correct it, or add it to programme.regions.',
        "mentors.1.id": '"M1" is already the id of mentors[0]. Give every person an id of their own, mentors and mentees alike.',
        "mentors.1.confidence": "6 is too large. Use 5 or less.",
        "mentors.2.id": 'missing. Add "id".',
        "mentors.2.capacity": "-1 is too small. Use 0 or more.",
        "mentees.0.prefers.0": "M1 is preferred and avoided at once. Drop one of the two.",
        "mentees.0.known_to.0": "E1 is a mentee, not a mentor. Name a mentor here.",
        "mentees.0.prescribing_frequency": found["mentees.0.prescribing_frequency"],
        "mentees.1.id": '"M1" is already the id of mentors[0]. Give every person an id of their own, mentors and mentees alike.',
        "mentees.2": "this text is not an object. Write an object in braces.",
        "required_pairs.1.mentor": "E1 is a mentee, not a mentor. Name a mentor here.",
        "required_pairs.1.mentee": "M1 is a mentor, not a mentee. Name a mentee here.",
        "forbidden_pairs.0": "this pair is required at required_pairs[0]. Drop one of the two.",
        "forbidden_pairs.1.mentee": 'missing. Add "mentee".',
        "forbidden_pairs.2.mentor": 'no mentor has the id "M7". Check the id, or add the person.',
        "policy": 'this is a "cohort", not a policy. Give a policy file.',
    }
    assert found["mentors.0.sectors.0"].startswith('"primary cre" is not a known sector. Did you mean "primary-care"?')
    assert found["mentors.0.avoids.0"].startswith('no mentee has the id "E9". ')
    assert found["mentees.0.prescribing_frequency"].startswith('"dayly" is not one of the known values. Did you mean "daily"?')


@pytest.mark.parametrize("field", ["name", "email", "gphc_number", "scope_text"])
def test_private_cells_are_never_shown_in_a_fault(field):
    for value in (77777, ["Ana Secret"], {"Ana Secret": 1}):
        message = faults(Cohort, {"mentors": [{"id": "M1", field: value}]})[f"mentors.0.{field}"]
        assert message == "this value is not text. Write it in quotes."


def test_a_person_in_the_wrong_place_is_not_shown_in_a_fault():
    ana = {"id": "M1", "name": "Ana Secret", "email": "ana@secret.example"}
    for data in ({"mentors": ana}, {"mentors": [[ana]]}, {"programme": [ana]}, {"mentors": [{"id": ana}]},
                 {"mentors": [{"id": "M1", "capacity": ana}]}, {"mentors": "Ana Secret"}, {"kind": ana}, [ana], "Ana Secret"):
        assert "Secret" not in str(faults(Cohort, data))


@pytest.mark.parametrize(
    "data",
    [
        None, 3, [], "x", {"mentors": None}, {"mentors": {"a": 1}}, {"mentors": [None, 1, []]}, {"mentees": [{"id": None}]},
        {"mentors": [{"id": ""}]}, {"mentors": [{"id": " \t"}]}, {"mentors": [{"id": "a\u200bb"}]}, {"mentors": [{"id": "a\x00"}]},
        {"mentors": [{"id": "\ud800"}, {"id": "\ud800"}]}, {"mentors": [{"id": "M1", "region": "\ud800"}]},
        {"programme": {"regions": ["Kent"]}, "mentors": [{"id": "M1", "region": "\ud83d"}]},
        {"mentors": [{"id": "M1", "sectors": ["\udfff"]}]}, {"mentors": [{"id": "M1", "\ud800": 1}]},
        {"mentors": [{"id": "M1", "avoids": ["\ud800"]}]}, {"mentors": [{"id": "M1", "sectors": [""]}]},
        {"mentors": [{"id": "M1", "prefers": ["E1", "E1"]}]}, {"mentors": [{"id": "M1", "years_prescribing": "nan"}]},
        {"mentors": [{"id": "M1", "years_prescribing": True}]}, {"mentors": [{"id": "M1", "years_prescribing": 1e400}]},
        {"mentors": [{"id": "M1", "capacity": 10**30}]}, {"mentors": [{"id": "M1", "capacity": 1.0}]},
        {"mentors": [{"id": "M1", "consent": "yes"}]}, {"mentors": [{"id": "M1", "tags": "a"}]}, {1: 2}, {"mentors": [{1: 2}]},
        {"required_pairs": [[]]}, {"required_pairs": {"mentor": "x"}}, {"policy": "pilot-2023"}, {"policy": {"preset": []}},
        {"policy": {"weights": []}}, {"policy": {"weights": {"A b": 1}}}, {"policy": {"weights": None}}, {"policy": {"preset": "\ud800"}},
    ],
)
def test_no_input_crashes_a_model_and_every_fault_can_be_printed(data):
    for place, message in faults(Cohort, data).items():
        (place.encode("utf-8", "replace"), message.encode("utf-8"))
        assert message.endswith((".", "?", '"')), message


def test_ids_are_compared_without_space_around_and_in_one_unicode_form():
    cohort = Cohort.model_validate(
        {"mentors": [{"id": " Zoe\u0308 "}], "mentees": [{"id": "E1", "avoids": ["Zo\u00eb"]}]}
    )
    assert cohort.mentors[0].id == cohort.mentees[0].avoids[0] == "Zo\u00eb"


def test_lists_without_an_order_are_sorted_and_wishes_are_not():
    mentor = Cohort.model_validate(FULL).mentors[0]
    assert (mentor.tags, mentor.prefers) == (("a", "b"), ("E2", "E1"))


def test_models_built_in_code_are_checked_like_files():
    mentors, mentees = [Mentor(id="A")], [Mentee(id="A"), Mentee(id="B", avoids=["A"], prefers=["A"])]
    with pytest.raises(ValidationError) as caught:
        Cohort(mentors=mentors, mentees=mentees, required_pairs=[NamedPair(mentor="A", mentee="C")])
    places = {error["loc"] for error in caught.value.errors()}
    assert {("mentees", 0, "id"), ("required_pairs", 0, "mentee"), ("mentees", 1, "prefers", 0)} <= places


def test_a_fingerprint_ignores_names_and_order_and_sees_everything_else():
    cohort = Cohort.model_validate(FULL)
    same = {**FULL, "mentees": FULL["mentees"][::-1], "mentors": [{**FULL["mentors"][0], "name": "Ana", "email": "a@b"}]}
    assert Cohort.model_validate(same).fingerprint() == cohort.fingerprint()
    for change in ({"capacity": 2}, {"prefers": ["E1", "E2"]}, {"consent": True}):
        other = {**FULL, "mentors": [{**FULL["mentors"][0], **change}]}
        assert Cohort.model_validate(other).fingerprint() != cohort.fingerprint()


def test_decisions_leave_the_cohort_untouched():
    cohort = Cohort.model_validate(FULL)
    before = cohort.model_dump_json()
    changed = cohort.with_decisions([Decision(kind="withdraw", id="M1"), Decision(kind="forbid", mentor="M1", mentee="E2")])
    assert cohort.model_dump_json() == before
    assert changed.mentors[0].status == "withdrawn"
    assert len(changed.forbidden_pairs) == 1


@pytest.mark.parametrize(
    ("units", "scale", "text"),
    [(605, 4, "151.25"), (10, 1, "10"), (1000, 1, "1000"), (-1, 8, "-0.125"), (0, 5, "0"), (30, 20, "1.5"), (1, 10**6, "0.000001")],
)
def test_units_become_plain_decimals(units, scale, text):
    assert f"{decimal_of(units, scale):f}" == text
    assert decimal_of(units, scale).as_tuple() == plain(Decimal(text)).as_tuple()


def test_a_number_without_a_finite_decimal_is_refused():
    with pytest.raises(ValueError, match="1/3 has no finite decimal form"):
        decimal_of(1, 3)
    assert Rational(numerator=1, denominator=3).numerator == 1


def test_numbers_are_written_plainly():
    assert [str(plain(Decimal(text))) for text in ("1E+3", "10.0", "0.50", "-0.0", "33.333", "100")] == [
        "1000", "10", "0.5", "0", "33.333", "100",
    ]


def test_no_preset_ever_changes():
    """A preset never changes: better defaults get a new name."""
    rules = {name: Policy(preset=name).model_dump(mode="json") for name in PRESETS}
    common = {"eligibility": {"min_years_prescribing": 3, "availability": "ignore"}, "kind": "policy", "version": 1}
    for name, weights, same, order, share, levels in (
        ("sector-first", (65, 25, 10, 20), "penalise", ["scope-and-sector", "sector", "scope"], 0.5, ["placed", "score"]),
        ("pilot-2023", (65, 25, 0, 0), "ignore", ["scope-and-sector", "sector"], 1, ["placed", "tiers", "score"]),
        ("pilot-2023-as-told", (0, 0, 0, 0), "ignore", ["scope", "sector"], 1, ["placed", "tiers"]),
    ):
        expected = {
            **common,
            "preset": name,
            "weights": dict(zip(("sector", "scope", "region", "organisation"), weights, strict=True)),
            "organisation": {"same": same},
            "tiers": {"order": order, "sector_from": share, "scope_from": share},
            "objective": {"method": "optimal", "levels": levels, "seed": 0},
        }
        assert {key: rules[name][key] for key in expected} == expected


def test_keys_below_a_preset_override_it_one_by_one_and_lists_whole():
    policy = Policy(preset="pilot-2023", weights={"scope": 40}, tiers={"order": ["scope"]}, objective={"seed": 7})
    assert dict(policy.weights) == {"sector": 65, "scope": 40, "region": 0, "organisation": 0}
    assert (policy.tiers.order, policy.tiers.sector_from) == (("scope",), 1)
    assert (policy.objective.levels, policy.objective.seed) == (("placed", "tiers", "score"), 7)


def test_replace_changes_what_it_names_and_another_preset_is_complete():
    policy = Policy(preset="pilot-2023", weights={"scope": 40})
    changed = policy.replace(weights={"region": 5}, objective={"seed": 3})
    assert dict(changed.weights) == {"sector": 65, "scope": 40, "region": 5, "organisation": 0}
    assert (changed.objective.seed, changed.objective.levels) == (3, policy.objective.levels)
    assert policy.weight("region") == 0
    assert policy.replace() == policy
    assert policy.replace(preset="pilot-2023") == policy
    assert policy.replace(preset="sector-first") == Policy()
    assert policy.replace(tiers=Policy().tiers).tiers == Policy().tiers
    with pytest.raises(ValidationError, match="unknown field"):
        policy.replace(weight={"scope": 1})


@pytest.mark.parametrize(
    ("policy", "place", "start"),
    [
        ({"weights": {"sector": -1}}, "weights.sector", "-1 is negative."),
        ({"weights": {"sector": 0.0001}}, "weights.sector", "0.0001 has more than 3 decimal places."),
        ({"weights": {"sector": float("nan")}}, "weights.sector", "NaN is not a number."),
        ({"weights": {"sector": float("inf")}}, "weights.sector", "Infinity is not a number."),
        ({"weights": {"sector": True}}, "weights.sector", "true is not a number."),
        ({"weights": {"sector": 10**13}}, "weights.sector", "this weight is too large."),
        ({"preset": "sectorfirst"}, "preset", '"sectorfirst" is not one of the known values. Did you mean "sector-first"?'),
        ({"objective": {"levels": ["placed", "scor"]}}, "objective.levels.1", '"scor" is not one of the known values. Did you mean "score"?'),
        ({"objective": {"levels": ["score", "score"]}}, "objective.levels", '"score" stands here twice.'),
        ({"objective": {"levels": []}}, "objective.levels", "the list is empty."),
        ({"tiers": {"order": ["sector", "sector"]}}, "tiers.order", '"sector" stands here twice.'),
        ({"tiers": {"sector_from": 0}}, "tiers.sector_from", "0 is too small."),
        ({"tiers": {"scope_from": 1.1}}, "tiers.scope_from", "1.1 is too large."),
        ({"objective": {"seed": -1}}, "objective.seed", "-1 is too small."),
        ({"objective": {"seed": 2**64}}, "objective.seed", f"{2**64} is too large."),
        ({"eligibility": {"min_years_prescribing": -1}}, "eligibility.min_years_prescribing", "-1 is too small."),
    ],
)
def test_an_impossible_rule_is_refused_in_plain_words(policy, place, start):
    found = faults(Policy, policy)
    assert list(found) == [place]
    assert found[place].startswith(start), found
