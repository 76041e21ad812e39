"""The survey as it is exported: its own headings, its own answers, and nothing told of what people wrote."""

from __future__ import annotations

import csv
import io

import pytest

from ipmatch.errors import InputError
from ipmatch.intake.identity import Identity
from ipmatch.reading.survey_file import read_survey

HEADINGS = (
    "id",
    "1. Please State whether you are a mentor or Mentee",
    "4. On a scale of 1-5, how confident do you feel in prescribing after completing the mentoring pilot?",
    "On a scale of 1 to 5, how confident do you feel as a mentor after completing the mentoring pilot?",
    "How many times did you meet with your mentor/mentee during the pilot?",
    "Please indicate which mentoring resource(s) you have used, if any. Please select all that apply.",
    "9c. Are you currently working towards becoming a DPP?",
    "Why? Free text",
)


def sheet(tmp_path, *rows, headings=HEADINGS):
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    path = tmp_path / "survey.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_answers_are_read_as_the_survey_words_them(tmp_path):
    mentor = ["M1", "Mentor", "", "4 – Quite confident", "Three or more", "RPS mentoring platform;My own;"]
    working = (
        "Yes I have considered it but I am not currently working towards becoming a DPP – Go to question 10"
    )
    mentee = ["E1", "mentee ", "not at all confident", "", "Nil – we were both ill", "None;", "", "Zebedee"]
    found = read_survey(sheet(tmp_path, [*mentor, working, ""], mentee)).answers
    assert [(one.id, one.side, one.confidence, one.meetings, one.resources) for one in found] == [
        ("M1", "mentor", 4, 3, ("other", "rps")),
        ("E1", "mentee", 1, 0, ()),
    ]
    assert (found[0].dpp_working_towards, found[1].dpp_working_towards) == (False, None)
    assert "Zebedee" not in str(found)


def test_answers_under_addresses_are_joined_through_the_people_file(tmp_path):
    headings = ("ID", "Start time", "Completion time", "Email", "Name", "side", "confidence")
    rows = [
        ("1", "", "", "ANA@nhs.example", "Ana", "mentor", "5"),
        ("2", "", "", "ana@nhs.example", "Ana", "mentee", "2"),
    ]
    people = {
        "M1": Identity("M1", "mentor", email="ana@nhs.example"),
        "E1": Identity("E1", "mentee", email="Ana@NHS.example"),
    }
    found = read_survey(sheet(tmp_path, *rows, headings=headings), people=people).answers
    assert [(one.id, one.confidence) for one in found] == [("M1", 5), ("E1", 2)]


def test_an_address_that_nobody_enrolled_with_is_told_with_what_to_write_instead(tmp_path):
    people = {"M1": Identity("M1", "mentor", email="ana@nhs.example")}
    answers = sheet(tmp_path, ("ana@nhs.example", "mentee", "5"), headings=("Email", "side", "confidence"))
    message = r"^survey\.csv, row 2: no mentee in the people file has this e-mail address\. Write the address"
    with pytest.raises(InputError, match=message):
        read_survey(answers, people=people)


def test_everything_wrong_is_told_by_row_and_no_answer_is_echoed(tmp_path):
    rows = [("", "Mentor"), ("E1", "neither, Zebedee"), ("E2", "Mentee", "Zebedee", "3")]
    with pytest.raises(InputError) as caught:
        read_survey(sheet(tmp_path, *rows))
    told = str(caught.value)
    assert "Zebedee" not in told
    assert [line.partition(": ")[2] for line in told.splitlines()] == [
        "nobody can be told by this row. Give the id, and whether mentor or mentee.",
        "this is none of the answers. They begin with: mentor, mentee.",
        "mentor or mentee? Give the id, and whether mentor or mentee.",
        "this is none of the answers. They begin with: 1, 2, 3, 4, 5, not at all confident, not very "
        "confident, neither confident nor unconfident, quite confident, confident.",
    ]
    assert 'survey.csv, row 4, column C "4. On a scale of 1-5' in told


def test_two_columns_that_answer_one_question_differently_are_told(tmp_path):
    with pytest.raises(InputError, match=r"another column answers this otherwise\. Keep one of the two\."):
        read_survey(sheet(tmp_path, ("E1", "Mentee", "2", "3")))


def test_a_sheet_nobody_can_be_told_by_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"there is no column for id or side\. Give an id for everybody"):
        read_survey(sheet(tmp_path, ("5",), headings=("confidence",)))


def test_a_list_of_people_without_answers_is_no_survey(tmp_path):
    with pytest.raises(InputError, match=r"survey\.csv: no column asks any question of the survey\."):
        read_survey(sheet(tmp_path, ("M1", "mentor", "Zebedee"), headings=("id", "side", "name")))


def test_an_id_that_can_be_none_is_a_fault_of_its_row(tmp_path):
    """It was a bug in ipmatch."""
    with pytest.raises(InputError, match=r"^survey\.csv, row 3: this id holds invisible characters\. Use l"):
        read_survey(sheet(tmp_path, ("E1", "Mentee", "2"), ("E\u202e2", "Mentee", "2")))
