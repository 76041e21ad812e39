"""What is written is read back as it was: a filled template, its CSV, an import and its people file."""

import csv
import io
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.cohort import Cohort
from ipmatch.errors import InputError
from ipmatch.intake.column_map import ColumnMap
from ipmatch.intake.csv_text import csv_grid
from ipmatch.intake.enrolment import Known, enrol, lay_out_all
from ipmatch.intake.headings import lay_out
from ipmatch.intake.identity import Identity
from ipmatch.intake.organisations import organisations_of
from ipmatch.intake.questions import questions
from ipmatch.intake.reading_of import text_of
from ipmatch.intake.workbook import workbook_grids
from ipmatch.reading import read_cohort
from ipmatch.reading.enrolments import read_enrolment
from ipmatch.reading.people_file import read_people
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.people_file import people_csv, texts_csv
from ipmatch.writing.template import enrolment_workbook


def imported(grids):
    laid_out = [(grid.place, lay_out(grid, ColumnMap())) for grid in grids]
    return enrol(lay_out_all(laid_out, ColumnMap()), Known())


def people_of(cohort):
    return Cohort(mentors=cohort.mentors, mentees=cohort.mentees)


@pytest.mark.parametrize("seed", range(4))
def test_a_cohort_written_as_a_workbook_is_read_back_the_same(seed):
    cohort = demo_cohort(25, 30, seed=seed)
    enrolment = imported(workbook_grids(enrolment_workbook(cohort), "enrolment.xlsx"))
    agreeing = [one for one in cohort.people if one.consent is not False]
    read = {one.id: one for one in enrolment.cohort.people}
    assert [read[one.id] for one in agreeing] == agreeing
    assert set(read) == {one.id for one in cohort.people}
    assert [remark for remark in enrolment.intake.remarks if remark.level == "asked"] == []


ANYBODY = st.fixed_dictionaries(
    {
        "sectors": st.lists(
            st.sampled_from(["academia", "other: hospice care", "icb", "primary-care"]), unique=True
        ),
        "scopes": st.lists(st.sampled_from(["HIV", "Of its own", "Anticoagulation", "=1+1"]), unique=True),
        "years_prescribing": st.none()
        | st.decimals(0, 80, places=3).map(lambda years: years.normalize() + 0),
        "capacity": st.integers(0, 9999),
        "mentored_before": st.none() | st.integers(0, 4),
        "confidence": st.none() | st.integers(1, 5),
        "organisation": st.none() | st.sampled_from(["St. Nobody's", "=SUM(A1)", "Übel & Søn", "-1"]),
        "region": st.none() | st.sampled_from(["Kent", "Île-de-France"]),
        "meeting_mode": st.sampled_from([None, "virtual", "in-person", "either"]),
        "consent": st.sampled_from([None, True]),
        "dpp": st.sampled_from([None, True, False]),
        "status": st.sampled_from([None, "enrolled", "paused", "withdrawn", "ended"]),
        "scope_text": st.none() | st.sampled_from(["diabetes, but not type 1", "MS", "+44"]),
        "tags": st.lists(st.sampled_from(["a b", "RPS mentor webinars"]), unique=True),
        "availability": st.lists(st.sampled_from(["Monday", "Friday am", "Week B"]), unique=True),
    }
)


@settings(deadline=None, max_examples=20)
@given(st.lists(ANYBODY, min_size=1, max_size=3))
def test_any_mentor_written_into_the_template_is_read_back_the_same(everybody):
    cohort = Cohort(mentors=[{"id": f"M{n}", **person} for n, person in enumerate(everybody)])
    enrolment = imported(workbook_grids(enrolment_workbook(cohort), "enrolment.xlsx"))
    assert enrolment.cohort == cohort


def test_a_workbook_s_sheets_saved_as_one_csv_with_a_side_column_are_the_same_cohort(tmp_path):
    cohort = demo_cohort(12, 12, seed=3)
    rows = []
    for grid in workbook_grids(enrolment_workbook(cohort), "enrolment.xlsx")[:2]:
        side = grid.title.lower().removesuffix("s")
        rows += [
            {"side": side}
            | {str(head): text_of(cell) for head, cell in zip_longest(grid.rows[0], row, fillvalue="")}
            for row in grid.rows[1:]
        ]
    heads = list(dict.fromkeys(head for row in rows for head in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads)
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "both.csv"
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    read = read_cohort(path)
    assert [one for one in read.people if one.consent is not False] == [
        one for one in cohort.people if one.consent is not False
    ]


def test_the_template_asks_what_the_pilot_forgot_and_is_the_same_every_time():
    grids = workbook_grids(enrolment_workbook(), "enrolment.xlsx")
    assert [grid.title for grid in grids] == ["Mentors", "Mentees", "Notes"]
    enrolment = imported(grids)
    fields = {column.field for sheet in enrolment.intake.sheets for column in sheet.columns}
    added = {"organisation", "years_prescribing", "capacity", "availability", "avoids", "prefers", "known_to"}
    assert added <= fields
    assert {field for field, question in questions().items() if question.mentor or question.mentee} == fields
    assert enrolment_workbook() == enrolment_workbook()


ANSWERS = {
    "consent": "Yes",
    "name": "A",
    "email": "a@x.org",
    "region": "Kent",
    "organisation": "X",
    "scope": "HIV",
    "sectors": "Academia;Care Homes",
    "confidence": "4 - Quite confident",
    "availability": "Monday; Thursday",
    "meeting_mode": "In person",
    "years_prescribing": 4,
    "capacity": 2,
    "qualified_year": 2022,
    "dpp": "No",
    "prescribing_frequency": "Never",
    "ip_qualified": "Yes",
    "mentor_before": "Yes",
    "mentored_before": "2 people",
}


def test_a_template_somebody_filled_in_is_imported_without_a_remark():
    grids = workbook_grids(enrolment_workbook(), "enrolment.xlsx")[:2]
    filled = []
    for grid in grids:
        layout = lay_out(grid, ColumnMap())
        row = [ANSWERS.get(column.field, "") for column in layout.columns]
        filled.append(type(grid)(grid.file, grid.sheet, [grid.rows[0], row], title=grid.title))
    enrolment = imported(filled)
    assert enrolment.intake.remarks == ()
    (mentor,), (mentee,) = enrolment.cohort.mentors, enrolment.cohort.mentees
    assert (mentor.capacity, mentor.mentored_before, mentor.confidence, mentor.person) == (2, 2, 4, "P01")
    assert (mentee.qualified_year, mentee.prescribing_frequency, mentee.meeting_mode) == (
        2022,
        "never",
        "in-person",
    )
    assert {one.name for one in enrolment.people} == {"A"}


def test_a_people_file_is_read_back_the_same(tmp_path):
    people = [
        Identity("M02", "mentor", "P1", '=HYPERLINK("x")', "a@x.org", "2012345"),
        Identity("M10", "mentor", None, 'Jo "J", Nobody\nII', None, None),
        Identity("E1", "mentee", None, "'t Hooft", "@x", None),
    ]
    path = tmp_path / "people.private.csv"
    path.write_text(people_csv(reversed(people)), encoding="utf-8", newline="")
    assert list(read_people(path).values()) == people


def test_no_cell_of_a_private_file_is_run_as_a_formula():
    text = people_csv([Identity("M1", "mentor", None, "=1+1")]) + texts_csv([("M1", "Q", "@SUM(1)")])
    assert "'=1+1" in text
    assert "'@SUM(1)" in text


TABLE = "code,name,parent,successor\n"


def table(text, **more):
    return organisations_of(csv_grid((TABLE + text).encode(), "orgs.csv"), **more)


def test_an_organisation_is_known_by_code_or_name_and_followed_to_what_became_of_it():
    bodies = table("A,Alpha,P,B\nB,Beta,P,C\nC,Gamma,P,\nP,Parent,,\nD,Same,,\nE,Same,,A\n")
    now = {
        written: bodies.now(written) for written in ("a", "ALPHA ", "Beta", "C", "Nowhere", "Same", "E", "D")
    }
    assert {written: name for written, (name, _) in now.items()} == {
        "a": "Gamma", "ALPHA ": "Gamma", "Beta": "Gamma", "C": "Gamma", "Nowhere": "Nowhere",
        "Same": "Same", "E": "Gamma", "D": "Same",
    }  # fmt: skip
    assert not now["Nowhere"][1]
    assert table("A,Alpha,P,\nP,Parent,,\n", of_parents=True).now("alpha") == ("Parent", True)


def test_a_row_of_a_code_alone_is_an_organisation_without_a_name():
    """It was a bug in ipmatch."""
    assert table("A,Alpha,,B\nB\n").now("alpha") == ("B", True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A,Alpha,,B\nB,Beta,,A\n", "orgs.csv, row 2: its successors go in a circle."),
        ("A,Alpha,,Z\n", "orgs.csv, row 2: the successor has no row of its own."),
        ("A,Alpha,,\nA,Other,,\n", "orgs.csv, row 3: this code stands in an earlier row."),
        (",Alpha,,\n", "orgs.csv, row 2: no code."),
    ],
)
def test_a_table_of_organisations_that_cannot_hold_is_refused_by_row(text, told):
    with pytest.raises(InputError) as caught:
        table(text)
    assert str(caught.value).startswith(told)


def test_organisations_that_became_one_are_one(tmp_path):
    (tmp_path / "orgs.csv").write_text(TABLE + "A,Alpha,,B\nB,Beta,,\n")
    (tmp_path / "mentors.csv").write_text(
        "name,sectors,capacity,organisation\nX,Academia,1,alpha\nY,Academia,1,B\nZ,Academia,1,Other\n"
    )
    enrolment = read_enrolment(tmp_path / "mentors.csv", organisations=tmp_path / "orgs.csv")
    assert sorted(one.organisation for one in enrolment.cohort.mentors) == ["Beta", "Beta", "Other"]
    assert [remark.code for remark in enrolment.intake.remarks] == ["unknown-organisation"]
