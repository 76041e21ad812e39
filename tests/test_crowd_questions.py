"""A question about a big cohort is answered like that about a small one, to the word."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from ipmatch import crowds, posing, studied
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError, InputError, UsageError
from ipmatch.front_door import explain, match
from ipmatch.reporting import material
from ipmatch.reporting.material import gather
from ipmatch.solving.columns import start
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.report import outputs
from tests.asking import people, some_pairs, study
from tests.strategies import random_case, ruled_case

SMALL = studied.STUDIED


@pytest.fixture
def crowded(monkeypatch):
    """Every cohort that can be is a crowd."""
    monkeypatch.setattr(crowds, "CROWD", -1)
    monkeypatch.setattr(studied, "STUDIED", -1)


def both_ways(case, monkeypatch):
    """The study of a case with its pairs listed, and without; None where the rules clash or quotas cross."""
    try:
        listed = study(case)
    except InfeasibleError:
        return None
    with monkeypatch.context() as patch:
        patch.setattr(studied, "STUDIED", -1)
        crowd = study(case)
    return None if crowd.lists_pairs else (listed, crowd)


def questions(case, pairs):
    """Some of all that can be asked of a matching that has these pairs."""
    draw, (mentors, mentees) = Random(case.seed), people(case)
    for pair in [*some_pairs(case, 2), *sorted(pairs)[:1]]:
        yield from ((name, pair) for name in ("why_not", "forbid", "release"))
    everyone = [*mentors, *mentees]
    yield from (("without", (one,)) for one in draw.sample(everyone, min(2, len(everyone))))
    for mentor in mentors[:1]:
        yield from ((name, (mentor,)) for name in ("one_place_more", "one_place_fewer"))
    gone = [Decision(kind="withdraw", id=one) for one in draw.sample(everyone, min(2, len(everyone)))]
    yield "what_if", (gone,)


@pytest.mark.parametrize("make", [random_case, ruled_case])
def test_every_single_change_is_told_as_if_all_pairs_were_listed(make, monkeypatch):
    monkeypatch.setattr(start, "FIRST", 1)
    codes = Counter()
    for seed in range(120):
        made = both_ways(make(seed), monkeypatch)
        if made is None:
            continue
        listed, crowd = made
        assert crowd.matching.pairs() == listed.matching.pairs()
        for name, arguments in questions(make(seed), listed.matching.pairs()):
            answer = getattr(listed, name)(*arguments)
            with monkeypatch.context() as patch:
                patch.setattr(studied, "STUDIED", -1)
                assert getattr(crowd, name)(*arguments) == answer, (seed, name, arguments)
            codes[name, getattr(answer, "code", answer.possible)] += 1
        assert not crowd.lists_pairs
    assert all(codes["why_not", code] for code in ("costs", "not-possible", "not-allowed", "already-paired"))
    assert all(codes[name, True] for name in ("without", "what_if"))
    assert codes["one_place_more", "gains"]


def test_who_waits_is_told_how_far_each_question_has_come(crowded):
    told = list[str]()
    study = Study(demo_cohort(6, 8, seed=3), progress=told.append)
    assert told[-1] == "explaining"
    for ask in (study.why_not, study.forbid):
        told.clear()
        ask(*min(study.matching.pairs()))
        assert any(words.startswith("best by score, round 1: ") for words in told)
    told.clear()
    again = Study.of(demo_cohort(6, 8, seed=3), study.matching, progress=told.append)
    assert told[0] == "checking placed"
    assert told[-1] == "explaining anew"
    again.without(min(study.matching.pairs())[0])
    assert told[-1].startswith("best by ")


def test_explanations_and_letters_are_those_of_the_listed_cohort(crowded, monkeypatch):
    cohort = demo_cohort(20, 40, seed=2)
    crowd = Study(cohort)
    monkeypatch.setattr(studied, "STUDIED", SMALL)
    listed = Study(cohort)
    matching = crowd.matching
    left, pair = matching.unmatched_mentees[0], matching.pairings[0]
    for subject in ({"mentee": left.mentee}, {"mentee": pair.mentee}, {"mentor": pair.mentor}):
        # The cheapest other pairs take the prices of all pairs.
        told = listed.explain(**subject).model_copy(update={"alternatives": ()})
        assert crowd.explain(**subject) == told
        assert crowd.letter(**subject) == listed.letter(**subject)
    for both in ((pair.mentor, pair.mentee), (pair.mentor, left.mentee)):
        assert crowd.explain(pair=both) == listed.explain(pair=both) == explain(cohort, pair=both)
    assert not crowd.lists_pairs


def test_a_question_that_asks_for_all_pairs_lists_them(crowded, monkeypatch):
    cohort = demo_cohort(12, 20, seed=3)
    matching = match(cohort)
    for asked in (Study(cohort), Study.of(cohort, matching)):
        assert not asked.lists_pairs
        answers = asked.recruit(), asked.resilience(), asked.prices().possible.tolist()
        assert asked.lists_pairs
        with monkeypatch.context() as patch:
            patch.setattr(studied, "STUDIED", SMALL)
            small = Study(cohort)
            assert (small.recruit(), small.resilience(), small.prices().possible.tolist()) == answers
    monkeypatch.setattr(posing, "LISTABLE", 99)
    with pytest.raises(InputError, match="12 mentors and 20 mentees make more pairs than can be listed here"):
        Study(cohort).recruit()


def test_a_matching_made_before_is_asked_without_a_list(crowded):
    cohort = demo_cohort(20, 40, seed=2)
    matching = match(cohort)
    pair = matching.pairings[3].mentor, matching.unmatched_mentees[0].mentee
    asked = Study.of(cohort, matching)
    assert asked.why_not(*pair) == Study(cohort).why_not(*pair)
    assert asked.matching is matching
    with pytest.raises(InputError, match="was made from another cohort"):
        Study.of(demo_cohort(20, 40, seed=3), matching)


def test_a_change_by_which_quotas_come_to_overlap_is_refused_with_what_to_do(crowded, monkeypatch):
    case, pair = ruled_case(176), ("M2", "E0")
    with pytest.raises(UsageError, match=r"quotas overlap.*Match again with the change, as a decision"):
        study(case).why_not(*pair)
    monkeypatch.setattr(studied, "STUDIED", SMALL)
    assert study(case).why_not(*pair).code == "not-allowed"


def test_a_report_of_too_many_pairs_is_refused_before_they_are_listed(crowded, monkeypatch):
    cohort = demo_cohort(12, 20, seed=3)
    matching = match(cohort)
    assert gather(cohort, matching).matching == matching
    monkeypatch.setattr(material, "MOST_PAIRS", 0)
    with pytest.raises(UsageError, match="a report lists every pair"):
        gather(cohort, matching)


def test_letters_sheets_and_published_counts_list_no_pairs(crowded, monkeypatch):
    cohort = demo_cohort(20, 40, seed=2)
    matching = match(cohort)
    forms: list[tuple[Any, str]] = [("letters", "l.csv"), ("letters", "l.html"), ("sheets", "s.html")]
    forms.append(("publish", "p.md"))
    big = gather(cohort, matching, asking=False)
    made = [outputs.made(big, path, kind) for kind, path in forms]
    assert not big.study.lists_pairs
    monkeypatch.setattr(studied, "STUDIED", SMALL)
    small = gather(cohort, matching, asking=False)
    assert small.study.lists_pairs
    assert [outputs.made(small, path, kind) for kind, path in forms] == made
