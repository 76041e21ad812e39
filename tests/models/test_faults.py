"""Every fault of a cohort at once, each with its place and its mend, none showing more than its own cell."""

from __future__ import annotations

import difflib

import pytest
from pydantic import ValidationError

from ipmatch.cohort import Cohort

from .faults import faults


def test_every_fault_is_told_at_once_in_fields_and_across_people():
    found = faults(
        Cohort,
        {
            "programme": {"regions": ["Kent"]},
            "mentors": [
                {
                    "id": "M1",
                    "capacity": "two",
                    "sectors": ["primary cre"],
                    "avoids": ["E9"],
                    "region": "Kemt",
                },
                {"id": " M1 ", "confidence": 6},
                {"capacity": -1},
            ],
            "mentees": [
                {
                    "id": "E1",
                    "prefers": ["M1"],
                    "avoids": ["M1"],
                    "known_to": ["E1"],
                    "prescribing_frequency": "dayly",
                },
                {"id": "M1"},
                "E2",
            ],
            "required_pairs": [{"mentor": "M1", "mentee": "E1"}, {"mentor": "E1", "mentee": "M1"}],
            "forbidden_pairs": [
                {"mentor": "M1", "mentee": "E1"},
                {"mentor": "M1"},
                {"mentor": "M7", "mentee": "E1"},
            ],
            "policy": {"kind": "cohort"},
        },
    )
    assert found == {
        "mentors.0.capacity": '"two" is not a whole number. Write a whole number, without quotes.',
        "mentors.0.sectors.0": found["mentors.0.sectors.0"],
        "mentors.0.avoids.0": found["mentors.0.avoids.0"],
        "mentors.0.region": '"Kemt" is not one of the programme\'s regions: Kent. '
        'Did you mean "Kent"? Correct it, or add it to programme.regions.',
        "mentors.1.id": '"M1" is already the id of mentors[0]. '
        "Give every person an id of their own, mentors and mentees alike.",
        "mentors.1.confidence": "6 is too large. Use 5 or less.",
        "mentors.2.id": 'missing. Add "id".',
        "mentors.2.capacity": "-1 is too small. Use 0 or more.",
        "mentees.0.prefers.0": "M1 is preferred and avoided at once. Drop one of the two.",
        "mentees.0.known_to.0": "E1 is a mentee, not a mentor. Name a mentor here.",
        "mentees.0.prescribing_frequency": found["mentees.0.prescribing_frequency"],
        "mentees.1.id": '"M1" is already the id of mentors[0]. '
        "Give every person an id of their own, mentors and mentees alike.",
        "mentees.2": "this text is not an object. Write an object in braces.",
        "required_pairs.1.mentor": "E1 is a mentee, not a mentor. Name a mentor here.",
        "required_pairs.1.mentee": "M1 is a mentor, not a mentee. Name a mentee here.",
        "forbidden_pairs.0": "this pair is required at required_pairs[0]. Drop one of the two.",
        "forbidden_pairs.1.mentee": 'missing. Add "mentee".',
        "forbidden_pairs.2.mentor": 'no mentor has the id "M7". Check the id, or add the person.',
        "policy": 'this is a "cohort", not a policy. Give a policy file.',
    }
    assert found["mentors.0.sectors.0"].startswith(
        '"primary cre" is not a known sector. Did you mean "primary-care"?'
    )
    assert found["mentors.0.avoids.0"].startswith('no mentee has the id "E9". ')
    assert found["mentees.0.prescribing_frequency"].startswith(
        '"dayly" is not one of the known values. Did you mean "daily"?'
    )


@pytest.mark.parametrize("field", ["name", "email", "gphc_number", "scope_text"])
def test_private_cells_are_never_shown_in_a_fault(field):
    for value in (77777, ["Ana Secret"], {"Ana Secret": 1}):
        message = faults(Cohort, {"mentors": [{"id": "M1", field: value}]})[f"mentors.0.{field}"]
        assert message == "this value is not text. Write it in quotes."


def test_a_person_in_the_wrong_place_is_not_shown_in_a_fault():
    ana = {"id": "M1", "name": "Ana Secret", "email": "ana@secret.example"}
    for data in (
        {"mentors": ana},
        {"mentors": [[ana]]},
        {"programme": [ana]},
        {"mentors": [{"id": ana}]},
        {"mentors": [{"id": "M1", "capacity": ana}]},
        {"mentors": "Ana Secret"},
        {"kind": ana},
        [ana],
        "Ana Secret",
    ):
        assert "Secret" not in str(faults(Cohort, data))


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        [],
        "x",
        {"mentors": None},
        {"mentors": {"a": 1}},
        {"mentors": [None, 1, []]},
        {"mentees": [{"id": None}]},
        {"mentors": [{"id": ""}]},
        {"mentors": [{"id": " \t"}]},
        {"mentors": [{"id": "a\u200bb"}]},
        {"mentors": [{"id": "a\x00"}]},
        {"mentors": [{"id": "\ud800"}, {"id": "\ud800"}]},
        {"mentors": [{"id": "M1", "region": "\ud800"}]},
        {"programme": {"regions": ["Kent"]}, "mentors": [{"id": "M1", "region": "\ud83d"}]},
        {"mentors": [{"id": "M1", "sectors": ["\udfff"]}]},
        {"mentors": [{"id": "M1", "\ud800": 1}]},
        {"mentors": [{"id": "M1", "avoids": ["\ud800"]}]},
        {"mentors": [{"id": "M1", "sectors": [""]}]},
        {"mentors": [{"id": "M1", "prefers": ["E1", "E1"]}]},
        {"mentors": [{"id": "M1", "years_prescribing": "nan"}]},
        {"mentors": [{"id": "M1", "years_prescribing": True}]},
        {"mentors": [{"id": "M1", "years_prescribing": 1e400}]},
        {"mentors": [{"id": "M1", "capacity": 10**30}]},
        {"mentors": [{"id": "M1", "capacity": 1.0}]},
        {"mentors": [{"id": "M1", "consent": "yes"}]},
        {"mentors": [{"id": "M1", "tags": "a"}]},
        {1: 2},
        {"mentors": [{1: 2}]},
        {"required_pairs": [[]]},
        {"required_pairs": {"mentor": "x"}},
        {"policy": "pilot-2023"},
        {"policy": {"preset": []}},
        {"policy": {"weights": []}},
        {"policy": {"weights": {"A b": 1}}},
        {"policy": {"weights": None}},
        {"policy": {"preset": "\ud800"}},
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


def test_a_thousand_wrong_ids_are_all_told_and_few_get_a_suggestion():
    people = [{"id": f"M{i}"} for i in range(1000)]
    mentees = [{"id": f"E{i}", "avoids": [f"N{i}"]} for i in range(1000)]
    found = faults(Cohort, {"mentors": people, "mentees": mentees})
    assert len(found) == 1000
    assert sum("Did you mean" in words for words in found.values()) <= 20


def test_what_many_entries_have_wrong_alike_is_looked_up_once(monkeypatch):
    """A misspelt field of 300,000 people took 28 seconds, most of it for the same suggestion."""
    looked_up = []

    def look_up(word, known, n):
        looked_up.append(word)
        return [known[0]]

    monkeypatch.setattr(difflib, "get_close_matches", look_up)
    people = [{"id": f"M{i}", "a_slip_of_many": 1, "status": "a slip of many"} for i in range(9)]
    with pytest.raises(ValidationError) as caught:
        Cohort.model_validate({"mentors": people})
    assert caught.value.error_count() == 18
    assert sorted(looked_up) == ["a slip of many", "a_slip_of_many"]
