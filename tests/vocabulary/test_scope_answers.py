"""The reader of free text about scope, judged by answers that were labelled before it was written."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch.vocabulary.scope_answers import ScopeFound, read_scope_answer
from ipmatch.vocabulary.scopes import known_scopes
from ipmatch.vocabulary.tables import read_table
from ipmatch.vocabulary.text import plain_words

with (Path(__file__).parent / "scope_answers.csv").open(encoding="utf-8", newline="") as file:
    LABELLED = [(row["answer"], set(filter(None, row["scopes"].split(";")))) for row in csv.DictReader(file)]
FRIENDS = read_table("scope_false_friends")


def test_the_list_is_long_and_its_labels_are_scopes():
    assert len({answer for answer, _ in LABELLED}) == len(LABELLED) >= 350
    assert set().union(*(scopes for _, scopes in LABELLED)) <= set(known_scopes())


def test_nothing_wrong_is_ever_accepted():
    wrong = {answer: set(read_scope_answer(answer).scopes) - scopes for answer, scopes in LABELLED}
    assert {answer: scopes for answer, scopes in wrong.items() if scopes} == {}


def test_nine_in_ten_of_the_scopes_named_are_read():
    read = sum(len(scopes & set(read_scope_answer(answer).scopes)) for answer, scopes in LABELLED)
    assert read >= 0.9 * sum(len(scopes) for _, scopes in LABELLED)


def test_whatever_is_not_taken_is_asked_or_shown_as_not_understood():
    for answer, scopes in LABELLED:
        reading = read_scope_answer(answer)
        named = {hint.scope for hint in (*reading.found, *reading.hedged)}
        assert named or reading.questions or reading.unread, answer
        assert scopes & named or reading.unread or not scopes, answer


def test_every_scope_keeps_the_words_it_was_read_from():
    reading = read_scope_answer("High  blood-pressure; WARFARIN clinic, and T2DM")
    assert reading.found == (
        ScopeFound("Hypertension", "high blood pressure"),
        ScopeFound("Anticoagulation", "warfarin clinic"),
        ScopeFound("Type 2 diabetes", "t2dm"),
    )


@pytest.mark.parametrize(
    ("answer", "scopes", "hedged"),
    [
        ("Not diabetes", set(), {"Diabetes (general)"}),
        ("Renal, not diabetes, HIV", {"Chronic kidney disease"}, {"Diabetes (general)", "HIV"}),
        ("Previously HIV, now renal", {"Chronic kidney disease"}, {"HIV"}),
        ("Hypertension but never HIV", {"Hypertension"}, {"HIV"}),
        ("Chest infections", set(), {"Infectious diseases and antimicrobial stewardship"}),
        ("Cancer pain", set(), {"Oncology and SACT", "Chronic pain"}),
        ("Renal, HIV (in the past)", set(), {"Chronic kidney disease", "HIV"}),
        ("HIV or TB", set(), {"HIV", "Tuberculosis"}),
    ],
)
def test_a_scope_named_with_reserve_is_asked_about(answer, scopes, hedged):
    reading = read_scope_answer(answer)
    assert set(reading.scopes) == scopes
    assert {hint.scope for hint in reading.hedged} == hedged


def test_an_ambiguous_abbreviation_beside_a_scope_is_asked_about():
    reading = read_scope_answer("Hypertension, MS")
    assert reading.scopes == ("Hypertension",)
    assert reading.questions == ("Does MS mean multiple sclerosis, musculoskeletal or mitral stenosis?",)


@pytest.mark.parametrize("row", FRIENDS, ids=lambda row: row["phrase"])
@pytest.mark.parametrize("typed", ["{}", "{} clinic", "I see {} often", "{}, {}"])
def test_a_false_friend_names_no_scope(row, typed):
    phrase = row["phrase"]
    assert plain_words(phrase) == phrase
    assert read_scope_answer(typed.format(phrase, phrase.upper())).scopes == ()


def test_whole_answer_words_do_not_count_inside_an_answer():
    assert read_scope_answer("GP").scopes == ("General practice (generalist)",)
    assert read_scope_answer("Hypertension in GP").scopes == ("Hypertension",)


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    assert set(read_scope_answer(text).scopes) <= set(known_scopes())


@given(
    st.permutations(["hypertension", "HIV", "T2DM", "menopause"]),
    st.sampled_from([", ", "; ", "\n", " / ", " and "]),
)
def test_the_order_of_a_list_makes_no_difference(names, joint):
    scopes = {"Hypertension", "HIV", "Type 2 diabetes", "Menopause and HRT"}
    assert set(read_scope_answer(joint.join(names)).scopes) == scopes
