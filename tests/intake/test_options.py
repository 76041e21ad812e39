"""A second row of headings: the options of a question, each ticked in a column of its own."""

import pytest

from ipmatch.reading.enrolments import read_enrolment

HEAD = (
    "Respondent ID",
    "Email Address",
    "First Name",
    "Scope of prescribing practice",
    "Which sectors",
    "",
    "",
)
OPTIONS = (
    "",
    "",
    "",
    "Open-Ended Response",
    "Acute Hospital Settings",
    "Care Homes",
    "Other (please specify)",
)


def read(sheet, *rows):
    made = read_enrolment(sheet("mentors.csv", *rows))
    people = [(person.sectors, person.scopes) for person in made.cohort.mentors]
    return sorted(people), [(one.level, one.code, one.where) for one in made.intake.remarks]


@pytest.mark.parametrize("ticked", ["Care Homes", "care homes", "x", "1", "Yes", "TRUE"])
def test_options_in_columns_of_their_own_are_one_answer_and_their_row_is_nobody(sheet, ticked):
    """A mentor who prescribes in acute hospital was made of the options, and nobody had the other sectors."""
    people, said = read(
        sheet,
        HEAD,
        OPTIONS,
        ("7", "a@example.org", "A", "Asthma", "", ticked, ""),
        ("8", "b@example.org", "B", "Pain", "Acute Hospital Settings", ticked, ""),
        ("9", "c@example.org", "C", "HIV", "", "", "Hospice"),
    )
    assert people == [
        (("acute-hospital", "care-home"), ("Chronic pain",)),
        (("care-home",), ("Asthma",)),
        (("other: hospice",), ("HIV",)),
    ]
    assert [one for one in said if one[1] != "other-sector"] == [
        ("noted", "options-joined", "mentors.csv, row 2")
    ]


def test_a_row_that_tells_of_each_question_only_its_kind_is_nobody(sheet):
    kinds = ("", "", "", "Open-Ended Response", "Response", "", "")
    people, said = read(sheet, HEAD[:5], kinds[:5], ("7", "a@example.org", "A", "Asthma", "Care Homes"))
    assert people == [(("care-home",), ("Asthma",))]
    assert said == [("noted", "options-joined", "mentors.csv, row 2")]


@pytest.mark.parametrize(
    "second",
    [
        ("6", "z@example.org", "Z", "Pain", "Academia", "", ""),
        ("", "", "", "Pain", "Academia", "a note", ""),
        ("", "", "", "Pain", "Academia", "", ""),
    ],
)
def test_an_answer_below_the_headings_is_no_row_of_options(sheet, second):
    people, said = read(sheet, HEAD, second, ("7", "a@example.org", "A", "Asthma", "Care Homes", "more", ""))
    assert (("academia",), ("Chronic pain",)) in people
    assert "options-joined" not in {code for _, code, _ in said}
