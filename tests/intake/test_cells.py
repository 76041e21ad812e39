"""Answers in every form people and spreadsheets give them: read, or asked about, never guessed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch.intake.cells import read_confidence, read_frequency, read_meeting_mode, read_status, read_yes_no
from ipmatch.intake.lists import read_availability, read_items, read_people, read_sectors, read_tools
from ipmatch.intake.moments import read_moments
from ipmatch.intake.readers import readers_for
from ipmatch.intake.reading_of import echo

READERS = readers_for(("London", "Sussex"))


@pytest.mark.parametrize(
    "cell",
    [
        4,
        4.0,
        "4",
        "4 - Quite confident",
        "4 – Quite  confident ",
        "4. Quite confident",
        "4: quite confident",
        "QUITE CONFIDENT",
        "4/5",
        "4 out of 5",
    ],
)
def test_a_point_of_the_scale_is_read_in_every_printed_form(cell):
    assert read_confidence(cell).value == 4


@pytest.mark.parametrize("cell", ["4 - Confident", "6", "0", "4.5", "Very confident", "4 I think", "3-4"])
def test_a_point_that_is_none_or_two_is_asked_about(cell):
    assert read_confidence(cell).value is None
    assert [said.level for said in read_confidence(cell).said] == ["asked"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("Yes", True),
        ("Yes – please continue onto the next question", True),
        ("No – please skip to Q. 7", False),
        ("I agree", True),
        (True, True),
        (False, False),
        (1.0, True),
        ("no.", False),
        ("No thanks", False),
        ("Yes please", True),
    ],
)
def test_yes_and_no_are_read_with_the_words_of_the_survey_behind(cell, answer):
    assert read_yes_no(cell).value is answer


@pytest.mark.parametrize(
    "cell",
    [
        "Yes and no",
        "maybe",
        "Yes, but not now",
        "Yes please, but not now",
        "Not sure",
        "No, yes",
        "Jo Nobody",
        "yesterday",
    ],
)
def test_neither_a_plain_yes_nor_a_plain_no_is_asked_about_and_not_shown(cell):
    (said,) = read_yes_no(cell).said
    assert read_yes_no(cell).value is None
    assert said.what == "this answer is neither a plain yes nor a plain no."


@pytest.mark.parametrize(
    ("reader", "cell", "choice"),
    [
        (read_frequency, "Daily", "daily"),
        (read_frequency, "once a week", "weekly"),
        (read_frequency, "NEVER", "never"),
        (read_frequency, "Other: when asked", "other"),
        (read_frequency, "Rarely", "other"),
        (read_meeting_mode, "In person", "in-person"),
        (read_meeting_mode, "Mixed virtual and in person", "either"),
        (read_status, "Withdrawn", "withdrawn"),
    ],
)
def test_choices_are_read_by_name_and_alias(reader, cell, choice):
    assert reader(cell).value == choice


@pytest.mark.parametrize(
    ("reader", "cell"), [(read_frequency, "Monthyl"), (read_meeting_mode, "phone"), (read_status, "gone")]
)
def test_another_choice_is_asked_about_and_the_choices_are_named(reader, cell):
    (said,) = reader(cell).said
    assert (said.level, said.code) == ("asked", "not-an-option")
    assert said.mend.partition("The options are ")[2]


@pytest.mark.parametrize(
    ("cell", "sectors"),
    [
        (
            "Acute Hospital Settings;Community Pharmacy (including locum pharmacists);",
            ("acute-hospital", "community-pharmacy"),
        ),
        ("Acute Hospital Settings, Care Homes", ("acute-hospital", "care-home")),
        ("Community Pharmacy (including locum pharmacists), Academia", ("community-pharmacy", "academia")),
        ("Care Homes;Care Homes", ("care-home",)),
        ("Teaching Hospitals", ("acute-hospital",)),
        ("Care Homes\nAcademia", ("care-home", "academia")),
        ("None", ()),
        (";", ()),
    ],
)
def test_ticked_sectors_are_read_even_where_an_option_holds_a_comma(cell, sectors):
    assert read_sectors(cell).value == sectors
    assert read_sectors(cell).said == ()


def test_a_sector_of_ones_own_words_is_kept_and_one_mistyped_is_asked_about():
    own, mistyped = read_sectors("Academia;Hospice"), read_sectors("Academia;Acute Hosptial Settings")
    assert own.value == ("academia", "other: hospice")
    assert [said.code for said in own.said] == ["other-sector"]
    assert mistyped.value == ("academia",)
    assert [said.mend for said in mistyped.said] == ['Did you mean "Acute Hospital Settings"?']


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("Monday;Thursday;", ("Monday", "Thursday")),
        ("Mon-Wed", ("Monday", "Tuesday", "Wednesday")),
        ("Mondays and Thursday mornings", ("Monday", "Thursday am")),
        ("Fri to Mon", ("Friday", "Saturday", "Sunday", "Monday")),
        ("Week A", ("Week A",)),
        ("any day", ()),
    ],
)
def test_days_are_read_in_full(cell, days):
    assert read_availability(cell).value == days


def test_none_with_another_tick_is_a_contradiction():
    assert [said.code for said in read_tools("None;RPS mentoring platform;").said] == ["contradiction"]
    assert read_tools("None;").value == ()
    assert read_tools("RPS mentor webinars;my own;").value == ("RPS mentor webinars",)


def test_people_and_labels_are_parted_and_nobody_is_nobody():
    assert read_people("Jo Nobody; jo@example.org\nM01, none").value == ("Jo Nobody", "jo@example.org", "M01")
    assert read_items("a; b, c").value == ("a", "b", "c")


@pytest.mark.parametrize(
    ("field", "cell", "read"),
    [
        ("email", " Jo@Example.ORG ", "jo@example.org"),
        ("email", "mailto:jo@example.org", "jo@example.org"),
        ("email", "Jo <jo@example.org>", "jo@example.org"),
        ("gphc_number", 2012345.0, "2012345"),
        ("gphc_number", "201 2345", "2012345"),
        ("region", "london", "London"),
        ("name", "  Jo   Nobody ", "Jo Nobody"),
    ],
)
def test_what_tells_who_somebody_is_is_read_in_one_form(field, cell, read):
    assert READERS[field](cell).value == read


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("email", "Zeb Quill"),
        ("gphc_number", "1234567"),
        ("gphc_number", "Zeb"),
        ("region", "Zeb"),
        ("region", "London; Sussex"),
    ],
)
def test_what_tells_who_somebody_is_is_never_shown(field, cell):
    (said,) = READERS[field](cell).said
    assert said.level == "asked"
    assert "Zeb" not in said.what + said.mend
    assert "1234567" not in said.what + said.mend


def test_a_region_mistyped_gets_a_suggestion():
    (said,) = READERS["region"]("Susex").said
    assert said.mend.startswith('Did you mean "Sussex"?')


@pytest.mark.parametrize(
    "cell", ["Jo Nobody", "jo@example.org", "2012345", "0207 946 0000", "a long text with 1 digit in it"]
)
def test_only_short_answers_with_a_digit_and_no_telling_number_are_shown(cell):
    assert echo(cell) == "this answer"


def test_the_order_of_day_and_month_is_told_by_the_whole_column_or_not_read():
    assert read_moments(["13/4/2023 10:00", "2/5/2023"]) == [(2023, 4, 13, 10, 0, 0), (2023, 5, 2, 0, 0, 0)]
    assert read_moments(["4/13/23 1:05 PM"]) == [(2023, 4, 13, 13, 5, 0)]
    assert read_moments(["3/4/2023", "2/5/2023"]) == [None, None]
    assert read_moments(["4/4/2023", ""]) == [(2023, 4, 4, 0, 0, 0), None]
    assert read_moments([datetime(2023, 4, 3, 9, 1, 2)]) == [(2023, 4, 3, 9, 1, 2)]


CELLS = st.one_of(
    st.text(max_size=40), st.floats(allow_nan=False), st.integers(), st.booleans(), st.dates(), st.datetimes()
)


@given(st.sampled_from(sorted(READERS)), CELLS)
def test_any_cell_under_any_question_is_read_or_asked_about(field, cell):
    reading = READERS[field](cell)
    assert reading.value is None or reading.value == reading.value
    assert all(said.what for said in reading.said)
