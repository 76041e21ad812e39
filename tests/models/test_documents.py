"""What people write: every fault at once, each with its place and its mend; frozen to the bottom."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.decisions import Decision
from ipmatch.document import Frozen, FrozenMap, Rational, decimal_of, freeze, plain
from ipmatch.matching import Certificate, Matching, Repair
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import Policy
from ipmatch.synthetic import demo_cohort

from ..strategies import solved
from .faults import faults

FULL = {
    "$schema": "https://example.org/cohort.schema.json",
    "x_note": {"anything": [1]},
    "kind": "cohort",
    "version": 1,
    "programme": {"name": "Spring", "regions": ["Kent", "Surrey"], "x_colour": "green"},
    "mentors": [
        {
            "id": "M1",
            "region": "Kent",
            "sectors": ["icb"],
            "prefers": ["E2", "E1"],
            "x_room": 4,
            "tags": ["b", "a"],
        }
    ],
    "mentees": [{"id": "E1"}, {"id": "E2"}],
    "required_pairs": [{"mentor": "M1", "mentee": "E1", "x_by": "lead"}],
    "policy": {"preset": "pilot-2023", "weights": {"scope": 40}, "x_note": ""},
}


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
    _, matching = solved(4)
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
    found = faults(
        Cohort,
        {"mentors": [{"id": "M1", "capacty": 2, "colour": 1}], "metees": [], "programme": {"nam": "x"}},
    )
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
        (Cohort, {"kind": "policy"}, 'this is a "policy", not a cohort. Give a cohort file.'),
        (Policy, {"kind": "matching"}, 'this is a "matching", not a policy. Give a policy file.'),
        (
            Policy,
            {"kind": {"name": "Ana"}},
            "this is a document of another kind, not a policy. Give a policy file.",
        ),
        (
            Cohort,
            {"version": 2, "mentors": 3},
            "version 2 is newer than this ipmatch reads. Use ipmatch 2 or later, or a version 1 file.",
        ),
    ],
)
def test_a_wrong_kind_or_a_newer_version_is_one_plain_fault(model, data, message):
    assert faults(model, data) == {"": message}


@pytest.mark.parametrize("version", [0, -1, "1", 1.5, None, []])
def test_a_version_that_is_none_is_a_fault(version):
    assert "version" in faults(Policy, {"version": version})


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
    same = {
        **FULL,
        "mentees": FULL["mentees"][::-1],
        "mentors": [{**FULL["mentors"][0], "name": "Ana", "email": "a@b"}],
    }
    assert Cohort.model_validate(same).fingerprint() == cohort.fingerprint()
    for change in ({"capacity": 2}, {"prefers": ["E1", "E2"]}, {"consent": True}):
        other = {**FULL, "mentors": [{**FULL["mentors"][0], **change}]}
        assert Cohort.model_validate(other).fingerprint() != cohort.fingerprint()


def test_a_fingerprint_is_that_of_the_whole_json_however_few_people_are_taken_at_a_time(monkeypatch):
    people = demo_cohort(7, 12, seed=1)
    held = Cohort.model_validate(FULL)
    whole = [cohort.fingerprint() for cohort in (people, held, Cohort())]
    assert whole[2] == "0c0687a6fa3a679b048402ea45c651dcee534406611f35b6f168849d76cdaf61"
    for few in (1, 5, 12):
        monkeypatch.setattr("ipmatch.fingerprint.PEOPLE_AT_ONCE", few)
        assert [cohort.fingerprint() for cohort in (people, held, Cohort())] == whole


def test_decisions_leave_the_cohort_untouched():
    cohort = Cohort.model_validate(FULL)
    before = cohort.model_dump_json()
    changed = cohort.with_decisions(
        [Decision(kind="withdraw", id="M1"), Decision(kind="forbid", mentor="M1", mentee="E2")]
    )
    assert cohort.model_dump_json() == before
    assert changed.mentors[0].status == "withdrawn"
    assert len(changed.forbidden_pairs) == 1


@pytest.mark.parametrize(
    ("units", "scale", "text"),
    [
        (605, 4, "151.25"),
        (10, 1, "10"),
        (1000, 1, "1000"),
        (-1, 8, "-0.125"),
        (0, 5, "0"),
        (30, 20, "1.5"),
        (1, 10**6, "0.000001"),
    ],
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
        "1000",
        "10",
        "0.5",
        "0",
        "33.333",
        "100",
    ]


def test_models_with_the_same_fields_given_share_their_names_and_a_copy_has_its_own():
    one, other = Mentor(id="M1", region="Kent"), Mentor.model_validate({"id": "M2", "region": "Kent"})
    assert one.model_fields_set == {"id", "region"}
    assert one.model_fields_set is other.model_fields_set
    copy = one.model_copy(update={"capacity": 2})
    assert copy.model_fields_set == {"id", "region", "capacity"}
    assert Mentor(id="M3", region="Kent").model_fields_set == {"id", "region"}


def test_what_is_frozen_already_is_not_frozen_again():
    facts = freeze({"ids": ["M1", "M2"], "removed": {"forbidden": 1}})
    assert freeze(facts) is facts
    half = FrozenMap({"ids": ["M1", "M2"]})
    assert freeze(half)["ids"] == ("M1", "M2")
    assert half["ids"] == ["M1", "M2"]
    deep = FrozenMap({"pairs": ({"mentor": "M1", "with": ["E1"]},), "others": 4})
    frozen = freeze(deep)
    assert frozen == {"pairs": ({"mentor": "M1", "with": ("E1",)},), "others": 4}
    assert type(frozen["pairs"][0]) is FrozenMap
    assert freeze(frozen["pairs"]) is frozen["pairs"]
    assert freeze(frozen) is frozen


def test_a_map_that_holds_what_it_should_is_taken_as_it_is_and_any_other_is_checked():
    gain = FrozenMap({"placed": Decimal(1)})
    told = {"code": "one-more-place", "because": "There is room."}
    one = Repair(**told, gain=gain)
    assert one.gain is gain
    assert Repair(**told, gain=one.gain).gain is gain
    assert all(again == one for again in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))))
    whole = FrozenMap({"placed": 1})
    assert type(Repair(**told, gain=whole).gain["placed"]) is Decimal
    assert type(whole["placed"]) is int
    for wrong in (
        FrozenMap({"placed": "1"}),
        FrozenMap({1: Decimal(1)}),
        FrozenMap({"placed": Decimal("NaN")}),
    ):
        for _ in range(2):
            with pytest.raises(ValidationError, match=r"gain\."):
                Repair(**told, gain=wrong)
    certificate = Certificate(mentors=FrozenMap({"M1": (1, 2)}))
    assert Certificate(mentors=certificate.mentors).mentors is certificate.mentors
    with pytest.raises(ValidationError, match="is not a number"):
        Repair(**told, gain=certificate.mentors)


def test_a_read_only_map_is_like_the_dict_it_was_made_of():
    many = {f"M{number}": number for number in range(40)}
    for given in ({}, {"b": 1, "a": None}, {1: "one", "1": 2}, many):
        made = FrozenMap(given)
        assert list(made) == list(given)
        assert list(made.items()) == list(given.items())
        assert (made, dict(made), repr(made), len(made)) == (given, given, repr(given), len(given))
        assert made == FrozenMap(dict(reversed(given.items())))
        assert hash(made) == hash(FrozenMap(dict(reversed(given.items()))))
        for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made)), FrozenMap(made)):
            assert again == made
            assert list(again.items()) == list(given.items())
    assert FrozenMap({"a": 1}) != FrozenMap({"a": 2})
    assert FrozenMap({"a": 1}) != FrozenMap({"b": 1})
    assert "c" not in FrozenMap({"a": 1})
    with pytest.raises(KeyError):
        FrozenMap({"a": 1})["c"]
