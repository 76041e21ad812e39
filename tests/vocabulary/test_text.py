import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.vocabulary.text import fold, normalise, plain_words, suggest


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Acute\u00a0Hospital \n Settings; ", "acute hospital settings"),
        ("Crohn’s disease.", "crohn's disease"),
        ("Crohn´s", "crohn's"),
        ("“DOAC” clinic – weekly", '"doac" clinic - weekly'),
        ("\ufeffAnti\u00adcoagulation\u200b", "anticoagulation"),
        ("ＨＩＶ", "hiv"),
        ("Cardiology (general)", "cardiology (general)"),
        (" ; . ", ""),
    ],
)
def test_case_spacing_and_typography_make_no_difference(typed, read):
    assert normalise(typed) == read


@settings(deadline=None)
@given(st.text())
def test_reading_a_text_again_changes_nothing(text):
    for reader in (fold, normalise, plain_words):
        assert reader(reader(text)) == reader(text)


def test_plain_words_keep_the_words_and_drop_the_marks():
    assert plain_words("Obs & gynae / women’s health (general), type-2_diabetes") == (
        "obs and gynae womens health general type 2 diabetes"
    )


def test_a_misspelt_name_suggests_the_known_one_as_it_is_written():
    assert suggest("susex ", ["Kent", "Sussex", "Surrey"]) == "Sussex"
    assert suggest("capacty", ("capacity", "confidence")) == "capacity"


def test_nothing_like_it_suggests_nothing():
    assert suggest("Yorkshire", ["Kent", "Sussex"]) is None
    assert suggest("", ["Kent"]) is None
    assert suggest("Kent", []) is None


def test_the_suggestion_does_not_depend_on_the_order_of_the_names():
    names = ["sector a", "sector b", "Sector B", "sector c"]
    assert suggest("sector", names) == suggest("sector", names[::-1])


def test_a_very_long_word_is_answered_at_once():
    assert suggest("x" * 1_000_000, ["capacity"]) is None
