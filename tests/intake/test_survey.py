"""The made-up exports of ``examples/survey``: every trap in them is handled, or said with its place."""

import runpy
import tomllib
from pathlib import Path

import pytest

from ipmatch.front_door import match, verify
from ipmatch.intake.csv_text import csv_grid
from ipmatch.intake.workbook import workbook_grids
from ipmatch.reading.enrolments import read_enrolment

EXAMPLES = Path(__file__).parents[2] / "examples"
SURVEY = EXAMPLES / "survey"
TRAPS = tomllib.loads((SURVEY / "traps.toml").read_text(encoding="utf-8"))["trap"]


def imported(**more):
    files = (SURVEY / "mentors.xlsx", SURVEY / "mentees.csv")
    tables = {"columns": SURVEY / "columns.toml", "organisations": SURVEY / "organisations.csv"}
    return read_enrolment(*files, **tables, **more)


@pytest.fixture(scope="module")
def enrolment():
    return imported()


def address(trap):
    side = trap["file"].partition(".")[0].removesuffix("s")
    return trap["answers"].get("email", f"{side}{trap['row']}@example.org").strip().lower()


def test_the_files_are_what_the_script_makes():
    made = runpy.run_path(str(EXAMPLES / "survey.py"))["made"]()
    for name, content in made.items():
        there = (SURVEY / name).read_bytes()
        if name.endswith(".xlsx"):
            assert workbook_grids(there, name) == workbook_grids(content, name), (
                "run: python examples/survey.py"
            )
        else:
            assert there == content, "run: python examples/survey.py"


def test_the_exports_hold_what_their_makers_would_leave():
    (grid, notes) = workbook_grids((SURVEY / "mentors.xlsx").read_bytes(), "mentors.xlsx")
    assert "\n" in grid.rows[0][10]
    assert "\xa0" in grid.rows[0][9]
    assert notes.title == "Notes"
    content = (SURVEY / "mentees.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "1–5" in csv_grid(content, "mentees.csv").rows[0][10]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["name"])
def test_every_trap_is_handled_or_said(trap, enrolment):
    place = (
        f"{trap['file']}, sheet Form1, row {trap['row']}"
        if "xlsx" in trap["file"]
        else f"{trap['file']}, row {trap['row']}"
    )
    said = [
        remark
        for remark in enrolment.intake.remarks
        if remark.where == place or remark.where.startswith(f"{place},")
    ]
    assert [remark.code for remark in said] == trap.get("remarks", [])
    assert all(remark.what for remark in said)
    assert all(remark.mend for remark in said if remark.level == "asked")
    ids = {(identity.side, identity.email): identity.id for identity in enrolment.people}
    people = {person.id: person for person in enrolment.cohort.people}
    person = people.get(ids.get((trap["file"].partition("s.")[0], address(trap))))
    for field, value in trap.get("reads", {}).items():
        if field == "avoids":
            value = [ids["mentee", text] for text in value]
        found = getattr(person, field)
        assert (list(found) if isinstance(found, tuple) else found) == value, field
    for field in trap.get("unknown", []):
        assert getattr(person, field) is None


def test_every_kind_of_remark_is_shown_by_a_trap(enrolment):
    shown = {code for trap in TRAPS for code in trap.get("remarks", [])}
    assert {remark.code for remark in enrolment.intake.remarks} == shown | {
        "column-not-read",
        "sheet-not-read",
    }


def test_nobody_s_name_or_address_is_in_the_cohort_or_in_the_report(enrolment):
    told = enrolment.cohort.model_dump_json() + enrolment.intake.model_dump_json()
    for identity in enrolment.people:
        assert identity.name
        assert identity.name not in told
        assert identity.email is None or identity.email not in told


def test_the_cohort_of_the_exports_is_matched_and_verified(enrolment):
    matching = match(enrolment.cohort)
    assert verify(enrolment.cohort, matching).ok
    assert len(matching.pairings) >= 14
    both = {person.id for person in enrolment.cohort.people if person.person}
    assert len(both) == 2
    assert not any({pairing.mentor, pairing.mentee} == both for pairing in matching.pairings)


def test_who_was_known_keeps_the_id_when_the_export_comes_again(enrolment):
    known = {identity.id: identity for identity in enrolment.people}
    again = imported(people=known)
    assert again.cohort == enrolment.cohort
    assert again.people == enrolment.people
    assert again.intake.known_before == len(enrolment.people)
