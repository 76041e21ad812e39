from __future__ import annotations

import json
from decimal import Decimal

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import UsageError
from ipmatch.front_door import match
from ipmatch.policy import PRESETS, Policy
from ipmatch.reading import read_cohort, read_matching, read_policy

TOO_DEEP = "lists and tables stand in one another more than 64 deep. Check that this is the right file."


def test_a_cohort_is_what_its_file_says(tmp_path):
    data = {"mentors": [{"id": "M01", "years_prescribing": 3.5}], "mentees": [{"id": "E01"}]}
    (tmp_path / "pairs.json").write_text(json.dumps(data), encoding="utf-8")
    cohort = read_cohort(tmp_path / "pairs.json")
    assert cohort == Cohort.model_validate(
        data | {"mentors": [{"id": "M01", "years_prescribing": Decimal("3.5")}]}
    )
    assert read_cohort(str(tmp_path / "pairs.json")) == cohort


def test_a_matching_survives_write_and_read(tmp_path):
    mentor = {"id": "M01", "sectors": ["acute-hospital"], "years_prescribing": 6}
    mentee = {"id": "E01", "sectors": ["acute-hospital"]}
    matching = match(Cohort.model_validate({"mentors": [mentor], "mentees": [mentee]}))
    (tmp_path / "matching.json").write_text(json.dumps(matching.model_dump(mode="json")), encoding="utf-8")
    assert read_matching(tmp_path / "matching.json") == matching


@pytest.mark.parametrize("name", PRESETS)
def test_a_policy_may_be_the_name_of_a_preset(name):
    assert read_policy(name) == Policy.model_validate({"preset": name})


def test_toml_and_json_give_the_same_exact_policy(tmp_path):
    (tmp_path / "p.toml").write_text('preset = "pilot-2023"\n[weights]\nscope = 0.1\n', encoding="utf-8")
    (tmp_path / "p.json").write_text('{"preset": "pilot-2023", "weights": {"scope": 0.1}}', encoding="utf-8")
    policy = read_policy(tmp_path / "p.toml")
    assert policy == read_policy(tmp_path / "p.json")
    assert policy.weight("scope") == Decimal("0.1")


def test_an_unknown_bare_word_is_taken_for_a_preset_and_answered_with_the_nearest():
    message = (
        r'^pilot-2032: there is no preset of this name\. Did you mean "pilot-2023"\? '
        r"Presets: sector-first, pilot-2023, pilot-2023-as-told, dpp-allocation, supervision, rotations, "
        r"placements, peer-groups; or give a \.toml or \.json file\.$"
    )
    with pytest.raises(UsageError, match=message):
        read_policy("pilot-2032")


def test_a_bare_word_that_is_a_file_is_read(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text('{"weights": {"region": 1}}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_policy("mine").weight("region") == 1


@pytest.mark.parametrize(
    ("reader", "content", "message"),
    [
        (read_cohort, [{"id": "M01"}], "this is a list, not a cohort. Give a cohort: one object, in braces."),
        (read_policy, '"text"', "this is a text, not a policy. Give a policy: one object, in braces."),
        (
            read_matching,
            "null",
            "this is a single value, not a matching. Give a matching: one object, in braces.",
        ),
        (read_cohort, {"kind": "policy"}, 'this is a "policy", not a cohort. Give a cohort file.'),
        (
            read_policy,
            {"kind": "cohort", "mentors": 3},
            'this is a "cohort", not a policy. Give a policy file.',
        ),
        (read_matching, {"kind": "cohort"}, 'this is a "cohort", not a matching. Give a matching file.'),
        (
            read_cohort,
            {"version": 2, "mentors": 3},
            "version 2 is newer than this ipmatch reads. Use ipmatch 2 or later, or a version 1 file.",
        ),
    ],
)
def test_the_wrong_document_is_one_plain_fault(faults, reader, content, message):
    assert faults(reader, content) == [f"pairs.json: {message}"]


def test_every_fault_of_a_cohort_is_told_at_once_in_the_order_of_the_file(faults):
    data = {
        "forbidden_pairs": [{"mentor": "M01", "mentee": "E01"}],
        "mentees": [{"id": "E01", "qualified_year": "2022"}, {"region": "Kent"}],
        "mentors": [
            {"id": "M01", "capacty": 2, "sectors": ["acute hospitl"], "status": "enroled", "confidence": 9},
            {"capacity": -1, "id": "M01"},
            "M03",
        ],
        "required_pairs": [{"mentor": "M01", "mentee": "E01"}, {"mentor": "M07", "mentee": "M01"}],
        "policy": {"weights": {"sector": -1, "scope": 1e300, "region": "many", "Bad name": 1}},
    }
    known_sectors = (
        "acute-hospital, care-home, community-health, community-pharmacy, health-and-justice, icb, "
        "mental-health, primary-care, substance-misuse, academia, other"
    )
    assert faults(read_cohort, json.dumps(data).replace("1e+300", "1e30")) == [
        "pairs.json, forbidden_pairs[0]: this pair is required at required_pairs[0]. Drop one of the two.",
        'pairs.json, mentees[0].qualified_year (E01): "2022" is not a whole number. '
        "Write a whole number, without quotes.",
        'pairs.json, mentees[1].id: missing. Add "id".',
        'pairs.json, mentors[0].capacty (M01): unknown field. Did you mean "capacity"?',
        'pairs.json, mentors[0].sectors[0] (M01): "acute hospitl" is not a known sector. '
        f'Did you mean "acute-hospital"? Use {known_sectors}.',
        'pairs.json, mentors[0].status (M01): "enroled" is not one of the known values. '
        'Did you mean "enrolled"? Use "enrolled", "paused", "withdrawn" or "ended".',
        "pairs.json, mentors[0].confidence (M01): 9 is too large. Use 5 or less.",
        "pairs.json, mentors[1].capacity (M01): -1 is too small. Use 0 or more.",
        'pairs.json, mentors[1].id (M01): "M01" is already the id of mentors[0]. '
        "Give every person an id of their own, mentors and mentees alike.",
        "pairs.json, mentors[2]: this text is not an object. Write an object in braces.",
        'pairs.json, required_pairs[1].mentor: no mentor has the id "M07". Check the id, or add the person.',
        "pairs.json, required_pairs[1].mentee: M01 is a mentor, not a mentee. Name a mentee here.",
        "pairs.json, policy.weights.sector: -1 is negative. Use 0 to switch a criterion off.",
        "pairs.json, policy.weights.scope: this weight is too large. Use 1000000000000 or less.",
        'pairs.json, policy.weights.region: "many" is not a number. Write a number, without quotes.',
        'pairs.json, policy.weights["Bad name"]: this is not a criterion\'s name. '
        "Use lower case letters and _.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "p.toml, line 1, column 4: this is not TOML: invalid value. Correct it here."),
        (
            'x = 1\na = "1" b',
            "p.toml, line 2, column 9: this is not TOML: "
            "expected newline or end of document after a statement. Correct it here.",
        ),
        (
            "[weights]\nsector = nan",
            "p.toml, weights.sector: this is not a finite number. Write a finite number.",
        ),
        (
            "[weights]\nsector = 1e999999999",
            "p.toml, weights.sector: this number has more than 100 digits. Write a number of sensible size.",
        ),
        (
            "a = " + "9" * 5000,
            "p.toml: a number or a date in it is far out of range. Write numbers of sensible size.",
        ),
        (
            "a = " + "[" * 5000,
            f"p.toml: {TOO_DEEP}",
        ),
        (
            ".".join(["a"] * 100) + " = 1",
            f"p.toml: {TOO_DEEP}",
        ),
        ("a." * 49_990 + "a = 1", f"p.toml: {TOO_DEEP}"),
        ("['a' . " + '"b" . ' * 10_000 + "c]", f"p.toml: {TOO_DEEP}"),
        (
            "[objective]\nseed = 0x" + "f" * 4_000,
            "p.toml: a number or a date in it is far out of range. Write numbers of sensible size.",
        ),
        ("#" * 100_001, "p.toml: more than 100,000 characters. Check that this is the right file."),
        (
            "[objective]\nlevels = ['placed', 'placed']",
            'p.toml, objective.levels: "placed" stands here twice. Name each once.',
        ),
    ],
)
def test_a_faulty_toml_policy_is_told_with_its_place(faults, text, message):
    assert faults(read_policy, text, "p.toml") == [message]
