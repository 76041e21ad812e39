from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.vocabulary import organisations
from ipmatch.vocabulary.organisations import near_equal, organisation_key


def test_case_and_spacing_make_no_other_organisation():
    assert organisation_key("  Brighton\u00a0 HOSPITALS ") == organisation_key("Brighton Hospitals")
    assert organisation_key("Guy’s") == organisation_key("Guy's")


def test_names_that_look_alike_keep_different_keys():
    assert organisation_key("Brighton Hospital") != organisation_key("Brighton Hospitals")
    assert organisation_key("Boots Ltd.") != organisation_key("Boots Ltd")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Brighton Hospitals", "The Brighton Hospitals NHS Foundation Trust"),
        ("Brighton Hospital", "Brighton Hospitals"),
        ("Brighton & Sussex Hospitals", "Brighton and Sussex Hospitals"),
        ("Bart's Health", "Barts Health NHS Trust"),
        ("Saint Mary's Hospital", "St. Mary's Hospital"),
        ("Brighton Healthcare", "Brighton Health Care"),
        ("Brighton Hospitals", "Brigton Hospitals"),
        ("Brighton Hospitals", "Brightoon Hospitals"),
        ("Brighton Hospitals", "Brigthon Hospitals"),
        ("Brighton Hospitals", "Brighten Hospitals"),
    ],
)
def test_names_that_look_alike_are_paired(a, b):
    assert near_equal([b, a]) == near_equal([a, b]) == [(min(a, b), max(a, b))]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Brighton Hospitals NHS Foundation Trust", "Bristol Hospitals NHS Foundation Trust"),
        ("Kent NHS Trust", "Kant NHS Trust"),
        ("Organisation 0001", "Organisation 0002"),
        ("Hospital Site A", "Hospital Site B"),
        ("East Kent Hospitals", "West Kent Hospitals"),
        ("NHS Trust", "The NHS Foundation Trust"),
        ("Camden Hospitals", " camden  HOSPITALS"),
    ],
)
def test_names_that_are_meant_to_differ_or_are_the_same_are_not_paired(a, b):
    assert near_equal([a, b]) == []


@settings(deadline=None)
@given(st.text("abc", min_size=5, max_size=30), st.integers(0, 29), st.sampled_from("abcz"))
def test_one_slip_is_found_wherever_nine_letters_in_ten_agree(core, place, letter):
    place %= len(core)
    for slip in (core[:place] + letter + core[place:], core[:place] + letter + core[place + 1 :]):
        if (
            organisation_key(slip) != core
            and SequenceMatcher(None, core, slip, autojunk=False).ratio() >= 0.9
        ):
            assert near_equal([core + "x", slip + "x"]) == [tuple(sorted((core + "x", slip + "x")))]


def test_an_organisation_spelt_in_several_ways_is_named_once():
    names = ["BRIGHTON HOSPITALS", "Brighton Hospitals", "Brighton Hospital", "brighton hospital"]
    assert near_equal(names) == [("BRIGHTON HOSPITALS", "Brighton Hospital")]


@settings(deadline=None)
@given(st.lists(st.text("abAB &.'1", max_size=8)), st.randoms())
def test_the_order_of_names_makes_no_difference(names, shuffler):
    pairs = near_equal(names)
    shuffler.shuffle(names)
    assert near_equal(names) == near_equal(set(names)) == pairs == sorted(pairs)
    assert all(a < b and organisation_key(a) != organisation_key(b) for a, b in pairs)


def test_names_are_compared_themselves_where_their_numbers_agree(monkeypatch):
    names = ["Brighton Hospitals", "Brigton Hospitals", "Camden Hospitals", "East Kent", "West Kent", "Kent"]
    pairs = near_equal(names)
    monkeypatch.setattr(organisations, "hash", lambda key: 7, raising=False)
    assert near_equal(names) == pairs == [("Brighton Hospitals", "Brigton Hospitals")]
