"""A cohort in CSV: cells as spreadsheets and other tools write them, and everything that can be wrong."""

import os
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

import ipmatch as ip
from ipmatch.errors import InputError
from ipmatch.intake.grid import MOST_ROWS
from ipmatch.reading import cohort_csv
from ipmatch.reading.documents import is_table

from .tables import told

HEAD = "side,id,sectors,capacity,years_prescribing,dpp,availability,name,x_note\n"
MENTOR = 'mentor,M1,acute-hospital; ICB,2.0,3.50,Yes,"[""Mon; Tue"", ""Wed""]", Ana ,anything\n'
MENTEE = "mentee,E1,,,,,,,\n"


@pytest.fixture
def written(tmp_path):
    """Writes a file, and reads it as a cohort or as what is wrong with it."""

    def write(content, name="cohort.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return told(file)

    return write


@pytest.mark.parametrize(
    "content",
    [
        HEAD + MENTOR + MENTEE,
        "\ufeff" + HEAD + MENTOR + MENTEE,
        "sep=,\n" + HEAD + MENTOR + MENTEE,
        "\ufeffsep=,\r\n" + (HEAD + MENTOR + MENTEE).replace("\n", "\r\n"),
        "\n" + HEAD + "\n" + MENTOR + ",,,,,,,,\n" + MENTEE + "\n",
        '"side","id"' + HEAD[7:] + MENTOR + MENTEE.rstrip(),
    ],
)
def test_cells_are_read_exactly_however_the_file_was_saved(written, content):
    cohort = written(content)
    (mentor,), (mentee,) = cohort.mentors, cohort.mentees
    assert mentor == ip.Mentor(
        id="M1",
        sectors=["acute-hospital", "icb"],
        capacity=2,
        years_prescribing=Decimal("3.50"),
        dpp=True,
        availability=["Mon; Tue", "Wed"],
        name="Ana",
    )
    assert str(mentor.years_prescribing) == "3.50"
    assert mentee == ip.Mentee(id="E1")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("mentor,M1", "row 2: 2 cells under 9 headings. Give each row a cell for every heading,"),
        ("mentor,M1,,,,,,,,,", "row 2: 11 cells under 9 headings."),
        ("mentor,M1,,2.5,,,,,", '"2.5" is not a whole number. Write a whole number in digits.'),
        ("mentor,M1,,two,,,,,", 'row 2, column "capacity" (M1): "two" is not a whole number.'),
        ("mentor,M1,," + "9" * 101 + ",,,,,", "this number has more than 100 digits."),
        ("mentor,M1,,-1,,,,,", "-1 is too small. Use 0 or more."),
        ("mentor,M1,,,3 years,,,,", '"3 years" is not a number. Write a number in digits, such as 2.5.'),
        ("mentor,M1,,,nan,,,,", '"nan" is not a number.'),
        ("mentor,M1,,,1e999,,,,", "this number has more than 100 digits."),
        ("mentor,M1,,,,maybe,,,", '"maybe" is neither true nor false.'),
        ('mentor,M1,,,,,"[1, 2",,', "this is no list in square brackets."),
        ("mentor,M1,,,,,[1],,", "1 is not text."),
        ("Mentor,M1,,,,,,,", 'row 2, column "side" (M1): this is neither side. Write "mentor" or "mentee".'),
        (",M1,,,,,,,", 'row 2, column "side" (M1): this is neither side.'),
        ("mentor,  ,,,,,,,", 'row 2, column "id": missing. Add "id".'),
        ("mentor,M\x071,,,,,,,", "this id holds invisible characters."),
        ("mentor,M1,,,,,,=cmd(),", ""),
        ("mentor,M1,,,,,," + "a" * 100_001 + ",", "a text of 100,001 characters."),
        ("mentor,M1,,,,,," + "a" * 200_000 + ",", "line 2: a cell of more than 100,000 characters."),
        ('mentor,M1,,,,,,"open,', "a double quote is opened and never closed."),
        ('mentor,M1,,,,,,"a"b,', "line 2: the quotes are not closed as CSV closes them."),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(written, row, fault):
    said = written(HEAD + row + "\n")
    if not fault:
        assert isinstance(said, ip.Cohort)
    else:
        assert fault in said[0]
        assert not any("anything" in one or "Ana" in one for one in said)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_rows(written):
    rows = ["mentee,E1,,,,,,,", "mentor,M1,,x,y,z,,,", "neither,M2,,,,,,,", "mentor", "mentee,E1,,,,,,,"]
    assert [fault.split(":")[0] for fault in written(HEAD + "\n".join(rows))] == [
        'row 3, column "capacity" (M1)',
        'row 3, column "years_prescribing" (M1)',
        'row 3, column "dpp" (M1)',
        'row 4, column "side" (M2)',
        "row 5",
        'row 6, column "id" (E1)',
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ((HEAD + "mentor,M1,,,,,,É,\n").encode("cp1252"), "byte offset 87: this is not UTF-8 text."),
        (
            (HEAD + MENTEE).encode("utf-16"),
            "byte offset 0: this is UTF-16 text, not UTF-8. Save it as UTF-8.",
        ),
        ((HEAD + "mentor,M\x001,,,,,,,\n").encode(), "byte offset 80: this is not UTF-8 text."),
    ],
)
def test_what_is_not_utf_8_is_refused_with_the_byte_where_that_begins(written, content, fault):
    assert written(content) == [f"{fault} Save it as UTF-8." if "Save" not in fault else fault]


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("side,id,capacty", 'column "capacty": unknown column. Did you mean "capacity"?'),
        ("side,id,region,region", 'column "region": this column is there twice. Keep one of them.'),
        ("side,id,", "column 3: it has no heading. Name it, or take it out."),
    ],
)
def test_a_big_file_with_side_and_id_is_a_cohort_whose_columns_are_told(written, monkeypatch, head, fault):
    monkeypatch.setattr(cohort_csv, "LARGEST_SURVEY", 10)
    assert written(f"{head}\nmentor,M1,\n") == [fault]


def test_only_a_file_of_the_cohorts_own_fields_is_read_as_one(tmp_path):
    for head, is_one in (
        ("side,id,region", True),
        ("id;region;side;x_note", True),
        ("side,region", False),
        ("id,region", False),
        ("Side,ID,Region", False),
        ("side,id,Where do you work?", False),
        ("", False),
    ):
        file = tmp_path / "any.csv"
        file.write_text(f"{head}\n", encoding="utf-8")
        assert is_table(file) is is_one


def test_answers_in_peoples_own_words_are_read_as_before(written):
    head = "side,name,sectors,capacity,email\n"
    cohort = written(f"{head}mentor,Ana,Acute hospital,two,ana@example.org\n")
    assert [mentor.capacity for mentor in cohort.mentors] == [2]


def test_there_may_be_more_people_than_a_spreadsheet_holds(written):
    people = [f"{'mentee' if number % 3 else 'mentor'},P{number},icb" for number in range(MOST_ROWS + 5)]
    cohort = written("side,id,sectors\n" + "\n".join(people))
    assert len(cohort.people) == MOST_ROWS + 5
    assert cohort.mentors[-1].id == f"P{MOST_ROWS + 2}"
    assert len({id(person.sectors) for person in cohort.people}) <= 2


def test_a_pipe_by_name_is_read_once(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(pipe.write_text, "side,id,sectors\nmentor,M1,icb\n")
        assert [mentor.id for mentor in told(pipe).mentors] == ["M1"]


def test_headings_without_people_are_an_empty_cohort(written):
    assert written(HEAD) == ip.Cohort()


def test_a_file_that_is_empty_says_so(tmp_path):
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        ip.read_cohort(file)
