"""The review sheet: one row for each distinct answer; what a person decides there holds from then on."""

import csv
import io

import pytest

from ipmatch.errors import InputError
from ipmatch.intake.csv_text import csv_grid
from ipmatch.intake.scope_review import ScopeReview, decided_scopes, decisions_of, review
from ipmatch.reading.enrolments import read_enrolment
from ipmatch.writing.scopes_text import review_csv

ANSWERS = [
    "Hypertension",
    "hypertension.",
    "MS",
    "MS",
    "ms ",
    "gastroentrology",
    "HTN and chest infections",
    "=cmd()",
]


def decided(text):
    return decisions_of(csv_grid(text.encode(), "review.csv"))


def rows(decisions=None):
    return {row.answer: row for row in review(ANSWERS, decisions)}


def test_answers_that_differ_in_typing_only_are_one_row_and_the_open_ones_come_first():
    listed = review(ANSWERS)
    assert [(row.answer, row.people, row.is_open) for row in listed] == [
        ("MS", 3, True),
        ("=cmd()", 1, True),
        ("gastroentrology", 1, True),
        ("HTN and chest infections", 1, True),
        ("Hypertension", 2, False),
    ]


def test_a_row_tells_what_was_read_from_which_words_and_what_to_ask():
    told = rows()
    assert told["Hypertension"].read_as == ("Hypertension (hypertension)",)
    assert told["MS"].question == ("Does MS mean multiple sclerosis, musculoskeletal or mitral stenosis?",)
    assert told["gastroentrology"].suggestion == ("Gastroenterology (general) (gastroentrology)",)
    assert told["HTN and chest infections"].suggestion == (
        "Hypertension (htn)",
        "Infectious diseases and antimicrobial stewardship (infections)",
    )
    assert told["HTN and chest infections"].not_understood == ("and chest",)


def test_the_sheet_runs_no_formula_and_its_decisions_are_read_back():
    text = review_csv(ScopeReview(answers=tuple(review(ANSWERS, {"ms": "Rheumatology"}))))
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert "'=cmd()" in [line["answer"] for line in lines]
    assert decided(text) == {"ms": "Rheumatology"}
    text = text.replace("'=cmd(),1,,,,cmd,", "'=cmd(),1,,,,cmd,none")
    assert decided(text) == {"ms": "Rheumatology", "=cmd()": "none"}


@pytest.mark.parametrize(
    ("decision", "scopes"),
    [
        ("Rheumatology", ("Rheumatology",)),
        ("gout; rheum ;", ("Gout", "Rheumatology")),
        ("None", ()),
        ("ignore", ()),
        ("keep", ("MS clinic",)),
    ],
)
def test_a_decision_is_scopes_or_none_or_the_words_themselves(decision, scopes):
    decisions = decided(f"answer,decision\nMS clinic,{decision}\n")
    assert decided_scopes("ms  CLINIC.", decisions) is not None
    assert decided_scopes("MS clinic", decisions) == scopes
    assert decided_scopes("another", decisions) is None


def test_a_decision_that_names_no_scope_is_refused_with_its_row():
    with pytest.raises(InputError) as caught:
        decided("answer,decision\nMS,Rheumatolgy\nPD,\nED,Unheard of\nms,none\n")
    told = [str(fault) for fault in caught.value.faults]
    assert told[0].startswith(
        'review.csv, row 2, column B "decision": this is no scope of the vocabulary. '
        'Did you mean "Rheumatology"?'
    )
    assert told[1].startswith(
        'review.csv, row 4, column B "decision": this is no scope of the vocabulary. Write'
    )
    assert told[2].startswith("review.csv, row 5: another row decides otherwise on the same answer.")


def test_another_file_is_no_review():
    with pytest.raises(
        InputError, match=r"^review.csv: this is not a review of scopes: no column answer or decision"
    ):
        decided("a,b\n1,2\n")


def test_decisions_hold_for_everybody_who_gives_the_answer(sheet):
    answers = sheet(
        "mentors.csv",
        ("name", "scope", "capacity"),
        ("A", "MS", 1),
        ("B", "ms.", 1),
        ("C", "HIV", 1),
        ("D", "PD", 1),
    )
    review_sheet = sheet("review.csv", ("answer", "decision"), ("MS", "Multiple sclerosis"), ("hiv", "none"))
    enrolment = read_enrolment(answers, scopes=review_sheet)
    ids = {one.name: one.id for one in enrolment.people}
    scopes = {one.id: one.scopes for one in enrolment.cohort.mentors}
    assert [scopes[ids[name]] for name in "ABCD"] == [
        ("Multiple sclerosis",),
        ("Multiple sclerosis",),
        (),
        (),
    ]
    assert [(remark.code, remark.row) for remark in enrolment.intake.remarks] == [("ambiguous-scope", 5)]
