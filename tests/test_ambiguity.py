"""What the data fix and what the lottery decided, beside every pairing there is."""

from __future__ import annotations

from collections import Counter

import pytest

from ipmatch.cohort import Cohort
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.study import Study

from .enumerated import best, enumerable
from .second_scorer import judged, judged_ruled


def study_of(case, **changes):
    policy = Policy.model_validate(case.policy | changes)
    return Study(Cohort.model_validate(case.cohort), policy, criteria=case.criteria)


def two_for_one(**policy):
    """Two mentees as good for the one place, and a third whom nobody rivals."""
    people = {"sectors": ["primary-care"], "scopes": ["Asthma"]}
    other = {"sectors": ["care-home"], "scopes": ["Contraception"]}
    mentors = [{"id": "M1", **people}, {"id": "M2", **other}]
    mentees = [{"id": "E1", **people}, {"id": "E2", **people}, {"id": "E3", **other}]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    return cohort, Study(cohort, Policy(**policy))


def test_fixed_pairs_are_in_all_the_best_pairings_and_tied_ones_in_some():
    met = Counter()
    for case, oracle, matching in enumerable(range(200)):
        optima, told = best(oracle), study_of(case).ambiguity(drawings=0)
        always, sometimes = frozenset.intersection(*optima), frozenset.union(*optima)
        named = {
            code: {(p.mentor, p.mentee) for p in told.pairs if p.code == code} for code in ("fixed", "tie")
        }
        assert named["fixed"] == always, case.seed
        assert named["tie"] == matching.pairs() - always, case.seed
        assert {(p.mentor, p.mentee) for p in told.others} == sometimes - matching.pairs(), case.seed
        assert told.unique == (len(optima) == 1), case.seed
        assert told.tied == len(named["tie"]), case.seed
        met[told.unique] += 1
    assert min(met[True], met[False]) >= 15, met


def test_bigger_cases_and_those_with_quotas_are_judged_pair_by_pair():
    for case, oracle, matching in (*judged(range(500, 530)), *judged_ruled(range(40))):
        told = study_of(case).ambiguity(drawings=0)
        for pair in told.pairs:
            without = oracle.best(allowed=oracle.allowed - {(pair.mentor, pair.mentee)})
            is_tie = (pair.mentor, pair.mentee) not in oracle.required and without == oracle.optimum
            assert (pair.code == "tie") == is_tie, case.seed
        others = {(pair.mentor, pair.mentee) for pair in told.others}
        for pair in oracle.allowed - matching.pairs():
            assert (pair in others) == (oracle.best(required=oracle.required | {pair}) == oracle.optimum)


def test_the_most_different_pairing_is_as_good_and_none_differs_more():
    changes = Counter()
    for case, oracle, matching in enumerable(range(200)):
        optima, told = best(oracle), study_of(case).ambiguity(drawings=0)
        assert frozenset(told.most_different) in optima, case.seed
        assert told.changed == len(matching.pairs() - set(told.most_different)), case.seed
        assert told.changed == max(len(matching.pairs() - other) for other in optima), case.seed
        changes[told.changed] += 1
    assert all(changes[number] for number in (0, 1, 2)), changes


def test_sampled_odds_count_the_drawings_exactly():
    for case, _, _ in enumerable(range(30)):
        told, drawn = study_of(case).ambiguity(drawings=6), Counter()
        for seed in range(6):
            objective = {**case.policy.get("objective", {}), "seed": seed}
            policy = Policy.model_validate(case.policy | {"objective": objective})
            cohort = Cohort.model_validate(case.cohort)
            drawn.update(match(cohort, policy, criteria=case.criteria).pairs())
        counts = {(pair.mentor, pair.mentee): pair.drawn for pair in (*told.pairs, *told.others)}
        assert {pair: count for pair, count in counts.items() if count} == drawn, case.seed


def test_a_tie_is_told_with_its_odds():
    cohort, study = two_for_one()
    told = study.ambiguity()
    (tie,) = (pair for pair in told.pairs if pair.code == "tie")
    (other,) = told.others
    assert {tie.mentor, other.mentor} == {"M1"}
    assert tie.drawn + other.drawn == told.drawings == 100
    assert 30 < tie.drawn < 70
    assert {(odds.side, odds.id, odds.chosen) for odds in told.people} == {
        ("mentee", tie.mentee, True),
        ("mentee", other.mentee, False),
    }
    assert tie.because == (
        f"Other pairings as good do without M1 with {tie.mentee}: a tie the lottery decided. "
        f"It was drawn in {tie.drawn} of 100 sampled drawings."
    )
    assert other.because.startswith(f"M1 with {other.mentee} would be as good: a tie the lottery decided.")
    assert told.because == (
        "Other pairings are as good: 1 of 2 pairs is fixed by the data, 1 is a tie the lottery decided. "
        "The most different one changes 1 of them."
    )
    assert len(cohort.mentees) == 3


def test_a_pairing_without_rivals_is_said_to_be_fixed(example):
    told = Study(example).ambiguity()
    assert (told.unique, told.tied, told.others, told.people) == (True, 0, (), ())
    assert told.because == "No other pairing is as good: all 2 pairs are fixed by the data."
    assert told.pairs[0].because == (
        "M01 with E01 is in every pairing as good as this one: fixed by the data."
    )


@pytest.mark.parametrize("cohort", [{}, {"mentees": [{"id": "E1"}]}, {"mentors": [{"id": "M1"}]}])
def test_nobody_to_pair_is_no_error(cohort):
    told = Study(Cohort.model_validate(cohort)).ambiguity()
    assert (told.unique, told.pairs, told.most_different) == (True, (), ())
    assert told.because == "No pair is made, and nothing is left to the lottery."


def test_a_pair_that_is_not_worth_its_points_can_be_made_and_is_not():
    """It was said that no pair can be made, and of one pair that "all 1 pair are fixed"."""
    people = {"sectors": ["primary-care"], "organisation": "Alpha"}
    cohort = Cohort.model_validate({"mentors": [{"id": "M1", **people}], "mentees": [{"id": "E1", **people}]})
    sentences = [
        Study(cohort, Policy(objective={"levels": levels}, weights={"sector": 10})).ambiguity().because
        for levels in (["score"], ["placed", "score"])
    ]
    assert sentences == [
        "No pair is made, and nothing is left to the lottery.",
        "No other pairing is as good: the one pair is fixed by the data.",
    ]
