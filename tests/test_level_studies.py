"""Under fairness, leximin and balance a Study's other answers are what matching again says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import UsageError
from ipmatch.matching import Matching

from .asking import matched, named, rematched, study
from .every_level import Judge, small
from .strategies import Case
from .test_level_reasons import loss_of, same_amounts

SEEDS = range(120)


def cases(seeds=SEEDS):
    return ((case, judge, matching) for case, judge, matching in small(seeds) if matching is not None)


def is_linear(case):
    return not {"fairness", "leximin"} & set(case.policy["objective"]["levels"])


def with_capacity(case, identifier, more):
    mentors = [
        {**mentor, "capacity": mentor["capacity"] + more * (mentor["id"] == identifier)}
        for mentor in case.cohort["mentors"]
    ]
    return Case(case.seed, {**case.cohort, "mentors": mentors}, case.policy, case.criteria)


def test_one_place_more_or_fewer_is_what_matching_again_loses():
    asked = 0
    for case, judge, matching in cases(SEEDS[::3]):
        questions = study(case)
        for mentor in judge.scorer.order[0][:1]:
            for more, answer in (
                (1, questions.one_place_more(mentor)),
                (-1, questions.one_place_fewer(mentor)),
            ):
                other, where = with_capacity(case, mentor, more), (case.seed, mentor, more)
                again = other.match() if answer.possible else matched(other)
                assert answer.possible == (again is not None), where
                if again is not None:
                    after = Judge(other).value(again.pairs())
                    same_amounts(answer.loss, loss_of(judge.value(matching.pairs()), after), where)
                    asked += 1
    assert asked > 20


def test_a_withdrawal_is_repaired_and_bettered_as_a_rematch_would():
    asked = 0
    for case, judge, matching in cases(SEEDS[::4]):
        for identifier in (*judge.scorer.order[0][:1], *judge.scorer.order[1][:1]):
            answer = study(case).without(identifier)
            for keep, outcome in (("all", answer.repair), ("tie-break", answer.best)):
                again, where = rematched(case, matching, keep, identifier), (case.seed, identifier, keep)
                assert answer.possible == (again is not None), where
                if again is not None:
                    exact = loss_of(judge.value(matching.pairs()), judge.value(again.pairs()))
                    same_amounts(outcome.loss, exact, where)
                    asked += 1
    assert asked > 30


def test_what_the_data_fix_is_in_every_best_pairing_and_a_tie_in_some():
    ties = 0
    for case, judge, matching in cases():
        best = judge.value(matching.pairs())
        every = [pairs for pairs in judge.pairings() if judge.value(pairs) == best]
        told = study(case).ambiguity(drawings=0)
        assert told.unique == (len(every) == 1), case.seed
        fixed = {(pair.mentor, pair.mentee) for pair in told.pairs if pair.code == "fixed"}
        assert fixed == frozenset.intersection(*every), case.seed
        others = {(pair.mentor, pair.mentee) for pair in told.others}
        assert others == frozenset.union(*every) - matching.pairs(), case.seed
        assert frozenset(told.most_different) in every, case.seed
        ties += not told.unique
    assert ties > 5


def test_prices_of_all_pairs_are_known_where_levels_add_up_and_say_so_where_not():
    for case, _, _ in cases():
        asked = study(case)
        prices = asked.prices()
        assert prices.known.all() == (is_linear(case) or not prices.known.size), case.seed
        if is_linear(case):
            for mentor in prices.mentors[:2]:
                for mentee in prices.mentees[:2]:
                    loss = asked.why_not(mentor, mentee).loss
                    assert prices.of(mentor, mentee) == loss, (case.seed, mentor, mentee)


def test_one_more_mentor_brings_what_matching_with_them_brings():
    kinds = 0
    for case, judge, matching in cases(SEEDS[::4]):
        for profile in study(case).recruit(most=2):
            newcomer = {
                "id": "newcomer",
                "sectors": [profile.sector] if profile.sector else [],
                "scopes": [profile.scope] if profile.scope else [],
                "region": profile.region,
            }
            again = case.match(mentors=[*case.cohort["mentors"], newcomer])
            before, after = values(matching), values(again)
            kinds += 1
            for level, gain in profile.gain.items():
                exact = after[level] - before[level]
                assert abs(Fraction(gain) - exact) <= abs(exact) / 10**12, (case.seed, level)
        assert judge.is_small
    assert kinds > 5


def test_the_cheapest_other_mentors_are_those_with_whom_matching_again_is_best():
    compared = 0
    for case, judge, matching in cases(SEEDS[::2]):
        questions = study(case)
        for mentee in judge.scorer.order[1][:1]:
            found = questions.alternatives(mentee=mentee, most=2)
            if "leximin" in judge.names or any(None in one.loss.values() for one in found):
                continue
            every = []
            for mentor in judge.scorer.order[0]:
                pair = mentor, mentee
                if pair in matching.pairs() or judge.scorer.removed[pair]:
                    continue
                best = Judge(required(case, *pair)).best()
                if best is not None:
                    every.append(tuple(best.values()))
            every.sort(reverse=True)
            told = [tuple(Judge(required(case, one.mentor, one.mentee)).best().values()) for one in found]
            assert told == every[:2], case.seed
            compared += len(told)
    assert compared > 10


def required(case, mentor, mentee):
    field = named(case, "required_pairs", (mentor, mentee))
    return Case(case.seed, {**case.cohort, **field}, case.policy, case.criteria)


def values(matching: Matching):
    return {level.level: Fraction(level.value) for level in matching.objective}


def test_a_weight_has_an_interval_only_where_levels_add_up():
    notes = {True: 0, False: 0}
    for case, _, matching in cases(SEEDS[::12]):
        told = study(case).sensitivity()
        assert told.exact == is_linear(case), case.seed
        assert (told.note is None) == is_linear(case)
        if told.note is not None:
            assert told.note.code == "fairness"
            for weight in told.weights:
                for sample in weight.samples:
                    weights = {**case.policy.get("weights", {}), weight.criterion: float(sample.weight)}
                    if round(weights[weight.criterion], 3) != weights[weight.criterion]:
                        continue
                    policy = {**case.policy, "weights": weights}
                    again = Case(case.seed, case.cohort, policy, case.criteria).match()
                    assert sample.kept == len(again.pairs() & matching.pairs()), case.seed
        notes[told.exact] += 1
    assert min(notes.values()) > 1


def test_what_two_criteria_trade_is_not_asked_under_fairness():
    case = next(case for case, _, _ in cases() if not is_linear(case))
    assert Cohort.model_validate(case.cohort)
    with pytest.raises(UsageError, match="fairness"):
        study(case).frontier("sector", "scope")
