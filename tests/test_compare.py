"""``compare`` on first and second rounds: every pair on one side, every total counted."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from decimal import Decimal

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.explaining.comparing import compare
from ipmatch.front_door import match
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.writing.characters import width
from ipmatch.writing.comparison_text import comparison_text, csv_text, markdown_text

from .rounds import rematched, second_round
from .strategies import Trust

NAMES = ("first.json", "second.json")


def couples():
    """The first and the second matching of many rounds."""
    for seed in range(0, 600, 2):
        found, again = second_round(seed), rematched(seed, "tie-break")
        if found is not None and again is not None:
            yield found.previous, again


@pytest.fixture(scope="module")
def couple():
    """A couple in which every kind of difference occurs."""
    return max(couples(), key=lambda both: len({person.code for person in compare(*both).mentees}))


def test_every_pair_of_either_stands_on_exactly_one_side():
    codes = Counter()
    for first, second in couples():
        found = compare(first, second)
        assert found.pairs_in_both == len(first.pairs() & second.pairs())
        assert set(found.only_in_first) == first.pairs() - second.pairs()
        assert set(found.only_in_second) == second.pairs() - first.pairs()
        for side, matching in enumerate((first, second)):
            told = [(mentor, person.mentee) for person in found.mentees for mentor in person.mentors[side]]
            assert sorted(told) == sorted(matching.pairs())
            assert len(told) == found.totals[side].pairs
        codes.update(person.code for person in found.mentees)
    assert set(codes) == {"same", "moved", "only-in-first", "only-in-second"}


def test_totals_are_those_of_the_matchings_and_people_add_up_to_them():
    for first, second in couples():
        found = compare(first, second)
        for side, matching in enumerate((first, second)):
            total = found.totals[side]
            assert total.placed == matching.summary.placed
            assert total.tiers == matching.summary.tiers
            assert total.score == sum(pairing.score for pairing in matching.pairings)
            assert total.score == sum(person.points[side] for person in found.mentees)
            assert dict(total.objective) == {level.level: level.value for level in matching.objective}


def test_a_matching_compared_with_itself_is_the_same_and_turning_round_swaps_the_sides():
    for first, second in couples():
        same = compare(first, first)
        assert {person.code for person in same.mentees} <= {"same"}
        assert same.same_cohort
        assert same.same_policy
        one, other = compare(first, second), compare(second, first)
        assert one.totals == other.totals[::-1]
        assert one.only_in_first == other.only_in_second
        assert [person.mentors for person in one.mentees] == [
            person.mentors[::-1] for person in other.mentees
        ]


def test_the_order_of_pairings_in_a_file_says_nothing(couple):
    first, second = couple
    turned = first.model_copy(update={"pairings": first.pairings[::-1]})
    assert compare(turned, second) == compare(first, second)


def test_numbers_that_lie_in_a_file_are_counted_anew(couple):
    first, second = couple
    summary = first.summary.model_copy(update={"placed": 99, "tiers": {}})
    assert compare(first.model_copy(update={"summary": summary}), second) == compare(first, second)
    twice = first.model_copy(update={"pairings": first.pairings * 2})
    assert compare(twice, second) == compare(first, second)


def test_the_sentence_counts_who_moved_and_who_has_a_mentor_in_one_of_the_two_only():
    """Whoever had nobody in the second was said to have other mentors there."""
    for first, second in couples():
        found = compare(first, second)
        codes = Counter(person.code for person in found.mentees)
        for code, words in (
            ("moved", "other mentors in the second than in the first"),
            ("only-in-first", "a mentor in the first only"),
            ("only-in-second", "a mentor in the second only"),
        ):
            have = f"{codes[code]} mentee has" if codes[code] == 1 else f"{codes[code]} mentees have"
            assert (f"{have} {words}" in found.because) == (codes[code] > 0)


def test_one_sentence_says_what_differs():
    cohort = Cohort(
        mentors=[{"id": "M1", "sectors": ["icb"]}],
        mentees=[{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)],
    )
    full = match(cohort)
    (left,) = full.unmatched_mentees
    other = cohort.model_copy(update={"mentees": tuple(e for e in cohort.mentees if e.id == left.mentee)})
    sentences = [
        compare(one, two).because
        for one, two in (
            (full, full),
            (full, match(other)),
            (full, match(Cohort())),
            (match(Cohort()), full),
            (match(Cohort()), match(Cohort())),
        )
    ]
    assert sentences == [
        "The two matchings have the same 1 pair. Both place as many, for as many points.",
        "0 pairs are in both matchings; 1 mentee has a mentor in the first only and 1 mentee has a mentor in "
        "the second only. Both place as many, for as many points.",
        "0 pairs are in both matchings; 1 mentee has a mentor in the first only. "
        "The second places 1 mentee fewer and scores 65 points fewer.",
        "0 pairs are in both matchings; 1 mentee has a mentor in the second only. "
        "The second places 1 mentee more and scores 65 points more.",
        "Neither matching has a pair. Both place as many, for as many points.",
    ]


def test_differences_are_told_without_trailing_zeros():
    people = {"mentors": [{"id": "M1", "sectors": ["icb"]}], "mentees": [{"id": "E1", "sectors": ["icb"]}]}
    cohort = Cohort.model_validate(people)
    first = match(cohort, Policy(weights={"sector": Decimal("65.25")}))
    second = match(cohort, Policy(weights={"sector": Decimal("45.25")}))
    assert "The second scores 20 points fewer, each by its own rules." in compare(first, second).because


def test_other_people_and_other_rules_are_said():
    cohort = Cohort(mentors=[{"id": "M1"}], mentees=[{"id": "E1"}])
    found = compare(match(cohort), match(Cohort(), Policy(preset="pilot-2023")))
    assert (found.same_cohort, found.same_policy) == (False, False)
    assert "made from different cohorts and under different rules" in comparison_text(found, NAMES, width=120)


def test_other_decisions_and_other_criteria_are_said_whoever_decided_and_when():
    cohort = Cohort(mentors=[{"id": "M1", "tags": ["a"]}], mentees=[{"id": "E1", "tags": ["a"]}])
    decisions = [
        [Decision(kind="forbid", mentor="M1", mentee="E1", when=f"2027-03-0{day}", by="A")] for day in (1, 2)
    ]
    plain, decided, again = (match(cohort, decisions=some) for some in ([], *decisions))
    own = match(cohort, criteria=[Trust()])
    found = compare(plain, decided)
    assert (found.same_decisions, found.same_criteria) == (False, True)
    assert "made after different decisions." in comparison_text(found, NAMES, width=120)
    assert compare(decided, again).same_decisions
    found = compare(decided, own)
    assert (found.same_decisions, found.same_criteria) == (False, False)
    told = "made after different decisions and by different criteria of the user's own."
    assert told in comparison_text(found, NAMES, width=120)
    assert "for as many points, each by its own rules" in found.because


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_text_names_everyone_within_the_page(couple, columns):
    found = compare(*couple)
    text = comparison_text(found, NAMES, width=columns)
    assert max(map(width, text.splitlines())) <= columns
    for person in found.mentees:
        assert person.mentee in text
        assert all(mentor in text for mentors in person.mentors for mentor in mentors)
    assert all(person.mentee in markdown_text(found, NAMES) for person in found.mentees)


def test_the_table_has_a_row_for_every_mentee_and_adds_up():
    for first, second in couples():
        found = compare(first, second)
        rows = list(csv.DictReader(io.StringIO(csv_text(found), newline="")))
        assert [row["mentee"] for row in rows] == [person.mentee for person in found.mentees]
        for side, name in enumerate(("points_first", "points_second")):
            assert sum(Decimal(row[name]) for row in rows) == found.totals[side].score


def test_the_same_mentors_valued_otherwise_are_shown():
    cohort = Cohort(mentors=[{"id": "M1", "sectors": ["icb"]}], mentees=[{"id": "E1", "sectors": ["icb"]}])
    found = compare(match(cohort), match(cohort, Policy(weights={"sector": 60})))
    assert "same mentors, valued otherwise (1)" in comparison_text(found, NAMES)
    assert "-5" in comparison_text(found, NAMES)


def test_nothing_in_a_hostile_file_steers_a_terminal_or_becomes_markup():
    cohort = Cohort(mentors=[{"id": "M1", "sectors": ["icb"]}], mentees=[{"id": "E1", "sectors": ["icb"]}])
    data = json.loads(match(cohort).model_dump_json())
    data["pairings"][0] |= {"mentor": "=cmd\x1b[31m\u202e<b>|\n\ud800", "score": 1e15}
    hostile = Matching.model_validate(data)
    found = compare(match(cohort), hostile)
    for text in (comparison_text(found, ("a\x1b", "b")), csv_text(found), markdown_text(found, NAMES)):
        assert not {"\x1b", "\u202e", "\ud800"} & set(text)
        text.encode()
    assert "<b>" not in markdown_text(found, NAMES)
    assert ",'=cmd" in csv_text(found)
