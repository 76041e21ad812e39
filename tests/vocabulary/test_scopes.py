from difflib import get_close_matches
from itertools import product

import pytest

from ipmatch.vocabulary.scopes import (
    ScopeReading,
    akin,
    known_scopes,
    read_scope,
    relation,
    scope_group,
    scope_groups,
)
from ipmatch.vocabulary.tables import read_table
from ipmatch.vocabulary.text import plain_words

TAXONOMY = read_table("scope_taxonomy")
RELATED = [(row["scope_a"], row["scope_b"]) for row in read_table("scope_related")]
AMBIGUOUS = read_table("scope_ambiguous")


def test_the_taxonomy_has_89_scopes_in_16_groups():
    assert len(known_scopes()) == len(set(known_scopes())) == 89
    assert len(scope_groups()) == len(set(scope_groups())) == 16
    assert {scope_group(scope) for scope in known_scopes()} == set(scope_groups())


def test_no_synonym_stands_under_two_scopes():
    for row in TAXONOMY:
        for name in (row["scope"], *row["synonyms"].split(";")):
            assert read_scope(name.removeprefix("=")) == ScopeReading(scope=row["scope"]), name


def test_every_row_is_whole_and_every_synonym_is_written_as_it_is_compared():
    for row in TAXONOMY:
        assert set(row) == {"group", "scope", "synonyms"}
        assert all(row.values())
        synonyms = row["synonyms"].split(";")
        assert len(synonyms) == len(set(synonyms))
        for synonym in synonyms:
            assert plain_words(synonym)
            assert synonym == synonym.strip().casefold()


def test_related_pairs_name_two_known_scopes_once():
    assert {scope for pair in RELATED for scope in pair} <= set(known_scopes())
    assert all(a != b for a, b in RELATED)
    assert len({frozenset(pair) for pair in RELATED}) == len(RELATED)


def test_ambiguous_abbreviations_could_mean_known_scopes_and_are_nobody_s_synonym():
    for row in AMBIGUOUS:
        assert set(row["possible_scopes"].split(";")) <= set(known_scopes())
        assert read_scope(row["abbreviation"]).scope is None


@pytest.mark.parametrize("row", AMBIGUOUS, ids=lambda row: row["abbreviation"])
@pytest.mark.parametrize("typed", ["{}", " {}; ", "{}?"])
def test_an_ambiguous_abbreviation_asks_and_never_guesses(row, typed):
    for answer in (row["abbreviation"], row["abbreviation"].upper()):
        assert read_scope(typed.format(answer)) == ScopeReading(question=row["question_to_ask"])


@pytest.mark.parametrize(
    ("typed", "scope"),
    [
        ("ANTICOAG.", "Anticoagulation"),
        ("High\u00a0blood  pressure;", "Hypertension"),
        ("Crohn’s", "Inflammatory bowel disease"),
        ("Type-2 diabetes", "Type 2 diabetes"),
        ("depression / anxiety", "Depression and anxiety"),
        ("A & E", "Emergency and urgent care"),
        ("Cardiology (General)", "Cardiology (general)"),
        ("endocarditis", "Infective endocarditis"),
    ],
)
def test_names_and_synonyms_are_read(typed, scope):
    assert read_scope(typed) == ScopeReading(scope=scope)


@pytest.mark.parametrize("typed", ["general", "GP", "primary care", "PCN", "various"])
def test_a_whole_answer_synonym_is_read_when_it_is_the_whole_answer(typed):
    assert read_scope(typed).scope == "General practice (generalist)"


def test_general_adult_psychiatry_is_not_general_practice():
    assert read_scope("general adult psychiatry") == ScopeReading()


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("hypertention", "Hypertension"),
        ("anticoagulaton", "Anticoagulation"),
        ("gastroentrology", "Gastroenterology (general)"),
        ("hypothyriodism", "Thyroid disease"),
    ],
)
def test_a_misspelt_scope_is_suggested_and_not_accepted(typed, suggestion):
    assert read_scope(typed) == ScopeReading(suggestion=suggestion)


@pytest.mark.parametrize("typed", ["hypotension", "Hypotension clinic", "hypo-tension", "hypotention"])
def test_hypotension_never_becomes_or_suggests_hypertension(typed):
    assert read_scope(typed) == ScopeReading()


def test_no_opposite_of_a_name_is_taken_for_it():
    names = [name for row in TAXONOMY for name in (row["scope"], *row["synonyms"].split(";"))]
    for name in map(plain_words, names):
        for here, there in (("hypo", "hyper"), ("hyper", "hypo")):
            if here in name and (opposite := name.replace(here, there)) not in map(plain_words, names):
                reading = read_scope(opposite)
                assert reading.scope is None
                assert reading.suggestion is None or there in opposite


@pytest.mark.parametrize("typed", ["", "tbc", "see above", "aromatherapy", "hypertension and diabetes"])
def test_what_is_not_one_known_scope_is_not_understood(typed):
    assert read_scope(typed) == ScopeReading()


def test_an_unknown_scope_matches_itself_alone_however_it_is_typed():
    assert scope_group("Aromatherapy") is None
    assert relation("Aromatherapy", " aromatherapy; ") == "same"
    assert relation("Aromatherapy", "Homeopathy") is None
    assert relation("Aromatherapy", "Hypertension") is None
    assert relation("Hypertension", "Aromatherapy") is None


def test_a_scope_is_the_same_as_itself():
    assert all(relation(scope, scope) == "same" for scope in known_scopes())


def test_related_is_symmetric_and_goes_before_the_group():
    for a, b in RELATED:
        assert relation(a, b) == relation(b, a) == "related"
    for a, b in product(known_scopes(), repeat=2):
        assert relation(a, b) == relation(b, a)


def test_scopes_of_one_group_that_are_not_listed_as_related_share_the_group():
    assert relation("Anticoagulation", "Hypertension") == "group"
    assert relation("Hypertension", "Chronic kidney disease") == "related"
    assert relation("Hypertension", "Gout") is None


def test_the_cheap_test_before_a_suggestion_loses_none():
    forms = {plain_words(n): r["scope"] for r in TAXONOMY for n in (r["scope"], *r["synonyms"].split(";"))}
    for form in sorted(forms)[::7]:
        for typed in (form[:-1], form[1:], f"{form}z", form.replace("a", "o")):
            if typed in forms or read_scope(typed).question or "hyp" in typed:
                continue
            close = get_close_matches(typed, forms, n=1, cutoff=0.85)
            assert read_scope(typed).suggestion == (forms[close[0]] if close else None)


def test_scopes_that_are_not_akin_have_no_relation():
    scopes = [*known_scopes(), "Ward rounds", "ward rounds;", "hypertension"]
    near = set(akin(scopes))
    assert {(a, b) for a in scopes for b in scopes if relation(a, b)} <= near
    assert len(near) < len(scopes) ** 2 / 4
