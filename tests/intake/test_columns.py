"""Headings known by what they ask, whose sheet they stand in, and the column map for all others."""

import tomllib

import pytest

from ipmatch.intake.column_map import ColumnMap, column_map
from ipmatch.intake.frames import grid_of_frame
from ipmatch.intake.grid import column_letters
from ipmatch.intake.headings import lay_out
from ipmatch.intake.questions import bookkeeping, questions
from ipmatch.reading.enrolments import read_enrolment
from ipmatch.vocabulary.text import plain_words
from ipmatch.writing.columns_file import columns_toml


def fields(*headings, side="mentor"):
    layout = lay_out(grid_of_frame([dict.fromkeys(headings, "x")], "sheet"), ColumnMap(), side)
    return [column.field for column in layout.columns]


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_every_question_of_the_template_is_known_again_however_it_is_numbered(side):
    for field, question in questions().items():
        heading = question.heading(side)
        if heading:
            forms = (
                heading,
                f"12. {heading}?",
                f"Q3) {heading.upper()} *",
                heading.replace(" ", "\u00a0\n"),
                field,
            )
            assert fields(*forms) == [field] * len(set(forms)), field


def test_a_heading_is_known_as_one_thing_only():
    headings = [question.heading(side) for question in questions().values() for side in ("mentor", "mentee")]
    for heading in filter(None, headings):
        words = plain_words(heading)
        known = [q.field for q in (*questions().values(), *bookkeeping().values()) if q.is_asked_by(words)]
        assert len(known) == 1, heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Please indicated your scope of prescribing practice", "scope"),
        ("Please indicate the sector (s) you currently prescribe in Tick all that apply", "sectors"),
        ("Which sectors have you previously worked in?", "past_sectors"),
        ("How often do you use you prescribing skills", "prescribing_frequency"),
        ("I agree to participate as an IP mentor in this pilot - b. Email address", "email"),
        ("I agree to participate as an IP mentee in this pilot", "consent"),
        ("Name2", "name"),
        ("Employer", "organisation"),
        ("Has your organisation been informed?", "organisation_informed"),
        ("Please describe your role", None),
        ("Who is not or would like to be paired: whom should you not be paired with", None),
    ],
)
def test_headings_with_misprints_and_other_wording_are_known_and_others_are_not_guessed(heading, field):
    assert fields(heading, "sectors") == [field, "sectors"]


def test_what_a_form_adds_itself_is_told_from_what_was_asked():
    forms = ("ID", "Start time", "Completion time", "Email", "Name", "Name2", "Email address")
    assert fields(*forms) == [
        "response",
        "started",
        "completed",
        "forms_email",
        "forms_name",
        "name",
        "email",
    ]
    assert fields("ID", "Email", "Name") == ["id", "email", "name"]


def test_the_marks_of_a_form_that_is_a_quiz_are_no_answers():
    """Each was read as the question before it, so that a mark could contradict the answer."""
    asked = "What year did you complete the IP qualification"
    forms = ("Start time", "Completion time", asked, f"Points - {asked}", f"Feedback - {asked}")
    assert fields(*forms) == ["started", "completed", "qualified_year", "ignore", "ignore"]


def test_the_text_box_of_other_belongs_to_the_question_before_it():
    headings = (
        "Which sectors do you work in",
        "Other (please describe)",
        "Mentoring platforms used",
        "Other (please state)",
    )
    assert fields(*headings) == ["sectors", "sectors_other", "platforms", "ignore"]


def test_titles_above_the_headings_are_passed_over(sheet):
    rows = [("IP mentoring", "", ""), ("", "", ""), ("name", "sectors", "capacity"), ("A", "Academia", "2")]
    enrolment = read_enrolment(sheet("mentors.csv", *rows))
    assert [one.capacity for one in enrolment.cohort.mentors] == [2]


@pytest.mark.parametrize(
    ("name", "headings", "side"),
    [
        ("a.csv", ("sectors", "How many mentees can you take"), "mentor"),
        ("a.csv", ("sectors", "How often do you use your prescribing skills"), "mentee"),
        ("a.csv", ("Please indicate the sectors you currently prescribe in", "name"), "mentor"),
        ("Mentees 2027.csv", ("sectors", "name"), "mentee"),
        ("mentors.csv", ("sectors", "qualified_year"), "mentee"),
    ],
)
def test_whose_sheet_it_is_is_told_by_its_headings_then_by_its_name(sheet, name, headings, side):
    enrolment = read_enrolment(sheet(name, headings, ["Academia", 1]))
    assert [one.side for one in enrolment.intake.sheets] == [side]


def test_a_sheet_that_tells_no_side_and_one_with_nothing_to_match_by_are_faults(sheet, faults):
    plain = sheet("people.csv", ("name", "sectors"), ("A", "Academia"))
    bare = sheet("mentors.csv", ("name", "email", "Your prescribing practise"), ("A", "a@x.org", "HIV"))
    assert faults(plain, bare) == [
        "people.csv: its headings do not tell whether these are mentors or mentees. "
        'Name the sheet "mentors" or "mentees", or add a column "side".',
        'mentors.csv: no column looks like "scope of prescribing practice" or "sectors". '
        'Closest: column C "Your prescribing practise" (64% alike). '
        'Write scope = "Your prescribing practise" under [mentors] in a column map.',
    ]


def test_a_sheet_of_something_else_is_a_fault(sheet, faults):
    assert faults(sheet("mentors.csv", ("a", "b"), (1, 2))) == [
        "mentors.csv: no sheet holds answers of mentors or mentees. Check the headings, in row 1."
    ]


def test_a_column_map_decides_over_everything(sheet, tmp_path):
    path = sheet("x.csv", ("Your field", "Where", "region"), ("HIV", "Academia", "Kent"))
    chosen = tmp_path / "map.toml"
    chosen.write_text(
        '[programme]\nname = "N"\nregions = ["Kent"]\n'
        '[mentees]\nscope = "your field "\nsectors = ["Where"]\nignore = "Region"\n'
    )
    enrolment = read_enrolment(path, columns=chosen)
    (person,) = enrolment.cohort.mentees
    assert (person.scopes, person.sectors, person.region) == (("HIV",), ("academia",), None)
    assert (enrolment.cohort.programme.name, enrolment.cohort.programme.regions) == ("N", ("Kent",))
    assert {column.how for column in enrolment.intake.sheets[0].columns} == {"map"}


def test_a_saved_map_reads_the_same_columns_the_same_way(sheet, tmp_path):
    heads = ("name", 'A "quoted"\nheading\\', "sectors", "capacity", "\u007f odd")
    path = sheet("mentors.csv", heads, ("A", "x", "Academia", "1", ""))
    first = read_enrolment(path)
    saved = tmp_path / "map.toml"
    saved.write_text(columns_toml(first.intake, "N", ("Kent",)), encoding="utf-8")
    again = read_enrolment(path, columns=saved)
    assert again.cohort.mentors == first.cohort.mentors
    assert [column.field or "ignore" for column in first.intake.sheets[0].columns] == [
        column.field for column in again.intake.sheets[0].columns
    ]
    assert tomllib.loads(saved.read_text(encoding="utf-8"))["mentors"]["capacity"] == "capacity"


def test_everything_wrong_with_a_map_is_said_at_once(sheet, tmp_path, faults):
    path = sheet("mentors.csv", ("name", "sectors", "capacity"), ("A", "Academia", "1"))
    chosen = tmp_path / "map.toml"
    chosen.write_text(
        'mentor = 1\n[mentors]\nscop = "x"\nregion = 3\nname = "A"\nemail = "a"\n'
        '[programme]\nregions = "Kent"\n'
    )
    told = faults(path, columns=chosen)
    assert told[:3] == [
        "map.toml, mentor: this is not a section of a column map. "
        "Write [mentors], [mentees], [columns] or [programme].",
        'map.toml, mentors.scop: there is no such field. Did you mean "scope"?',
        "map.toml, mentors.region: this is no heading. Write a heading, or a list of headings, in quotes.",
    ]
    assert told[3].startswith('map.toml, mentors.email: this heading is mapped to "name" too.')
    assert told[4].startswith(
        "map.toml, programme: its name is no text, or its regions are no list of texts."
    )
    chosen.write_text('[mentors]\nscope = "sector"\n')
    assert faults(path, columns=chosen) == [
        'map.toml, mentors.scope: no sheet has this heading. Did you mean "sectors"?'
    ]


def test_columns_are_lettered_as_a_spreadsheet_does():
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_an_empty_map_is_a_map():
    assert column_map({}, "map.toml") == ColumnMap()
