"""How far weights may move before the pairing changes, beside every pairing there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from zlib import crc32

import pytest

from ipmatch.answering import request_of, solved
from ipmatch.cohort import Cohort
from ipmatch.errors import UsageError
from ipmatch.explaining.frontiers import explain_frontier
from ipmatch.explaining.intervals import weight_words
from ipmatch.explaining.recruiting import explain_recruiting
from ipmatch.explaining.sensitivity import explain_sensitivity
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.problem import Threshold
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort

from .enumerated import best, crossings, enumerable, total, value

SEEDS = range(70)
EPSILON = Fraction(1, 10**9)


def study_of(case, policy=None):
    policy = Policy.model_validate(case.policy if policy is None else policy)
    return Study(Cohort.model_validate(case.cohort), policy, criteria=case.criteria)


def lines(oracle, name):
    """Every pairing best by the levels before the score: its points but for a weight, and per point of it."""
    weight = oracle.weights().get(name, Fraction(0))
    for pairs in best(oracle, "score"):
        own = total(oracle, pairs, name)
        yield pairs, oracle.value(pairs).get("score", Fraction(0)) - weight * own, own


def on_top(known, weight):
    """The pairings best at a weight."""
    highest = max(rest + weight * own for _, rest, own in known)
    return [pairs for pairs, rest, own in known if rest + weight * own == highest]


@cache
def told_weights():
    """Every weight that a small case's study tells of, beside the enumeration."""
    found = []
    for case, oracle, matching in enumerable(SEEDS):
        if "score" in oracle.levels():
            told = study_of(case).sensitivity()
            assert told.exact
            found += [
                (case, matching, told, weight, list(lines(oracle, weight.criterion)))
                for weight in told.weights
            ]
    return found


def test_a_weight_has_exactly_the_interval_in_which_the_pairing_is_among_the_best():
    met = Counter()
    for case, matching, _, weight, known in told_weights():
        low, high = value(weight.interval.low), value(weight.interval.high)
        published = frozenset(matching.pairs())
        today = Fraction(weight.weight)
        assert low <= today, case.seed
        assert high is None or today <= high, case.seed
        ends = {low, low if high is None else high, today, low + 1000 if high is None else (low + high) / 2}
        assert all(published in on_top(known, at) for at in ends), (case.seed, weight)
        assert not low or published not in on_top(known, low - min(EPSILON, low)), (case.seed, weight)
        assert high is None or published not in on_top(known, high + EPSILON), (case.seed, weight)
        met[
            "today is an end" if today and today in (low, high) else "open" if high is None else "closed"
        ] += 1
        met["single point"] += low == high
    assert met["single point"] >= 2, met
    assert min(met.values()) >= 2, met


def test_what_lies_beyond_each_end_is_best_there_and_told_by_its_pairs():
    met = Counter()
    for case, matching, _, weight, known in told_weights():
        interval = weight.interval
        assert (interval.below is None) == (not value(interval.low)), (case.seed, weight)
        assert (interval.above is None) == (interval.high is None), (case.seed, weight)
        for beyond, end, step in (
            (interval.below, value(interval.low), -EPSILON),
            (interval.above, value(interval.high), EPSILON),
        ):
            if beyond is not None:
                assert set(beyond.leave) <= matching.pairs()
                then = frozenset(matching.pairs() - set(beyond.leave) | set(beyond.come))
                assert then in on_top(known, end + step), (case.seed, weight)
                met[step > 0] += 1
    assert min(met.values()) >= 8, met


def test_inside_the_interval_the_pairing_stays_as_it_is_lottery_and_all():
    met = 0
    for case, matching, _, weight, _ in told_weights():
        low, high = value(weight.interval.low), value(weight.interval.high)
        middle = low + 1 if high is None else (low + high) / 2
        inside = round(middle * 1000) / Fraction(1000)
        if not (low < inside and (high is None or inside < high)) or met >= 100:
            continue
        decimal = Decimal(inside.numerator) / inside.denominator
        weights = {**case.policy.get("weights", {}), weight.criterion: decimal}
        policy = Policy.model_validate(case.policy | {"weights": weights})
        cohort = Cohort.model_validate(case.cohort)
        again = match(cohort, policy, criteria=case.criteria)
        assert again.pairs() == matching.pairs(), (case.seed, weight)
        met += 1
    assert met == 100


def test_steady_pairs_are_in_every_best_pairing_at_every_weight_within_ten_per_cent():
    all_steady = {}
    for case, matching, told, weight, known in told_weights():
        today = Fraction(weight.weight)
        low, high = today * 9 / 10, today * 11 / 10
        at = {
            low,
            high,
            *(
                crossing
                for crossing in crossings({(rest, own) for _, rest, own in known})
                if low < crossing < high
            ),
        }
        steady = frozenset.intersection(*(pairs for weight in at for pairs in on_top(known, weight)))
        assert weight.steady == len(steady), (case.seed, weight)
        pairs = all_steady.setdefault(case.seed, [matching.pairs(), told])
        pairs[0] = pairs[0] & steady
    for seed, (pairs, told) in all_steady.items():
        assert set(told.steady) == pairs, seed


def test_samples_are_what_matching_again_gives():
    met = 0
    for case, matching, _, weight, _ in told_weights():
        for sample in weight.samples if met < 100 else ():
            if sample.weight.as_tuple().exponent < -3:
                continue  # finer than a policy may be written
            weights = {**case.policy.get("weights", {}), weight.criterion: sample.weight}
            again = study_of(case, case.policy | {"weights": weights}).matching
            assert sample.kept == len(matching.pairs() & again.pairs()), (case.seed, weight)
            assert Fraction(sample.weight) == Fraction(weight.weight) * (100 + sample.percent) / 100
            met += 1
    assert met >= 100


def scope_or_region(**weights):
    """One mentee, for whom one mentor has the scope and another the region."""
    shared = {"sectors": ["primary-care"]}
    mentors = [
        {"id": "M1", **shared, "scopes": ["Hypertension"], "region": "Surrey"},
        {"id": "M2", **shared, "region": "Kent"},
    ]
    mentees = [{"id": "E1", **shared, "scopes": ["Hypertension"], "region": "Kent"}]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    told = Study(cohort, Policy(weights=weights)).sensitivity()
    return {weight.criterion: weight for weight in told.weights}


def test_sentences_say_where_the_pairing_stays_and_what_changes_first():
    told = {name: weight.interval for name, weight in scope_or_region().items()}
    assert told["sector"].because == "The pairing is among the best whatever sector weighs."
    assert told["scope"].because == "The pairing is among the best while scope weighs 10 or more."
    assert told["scope"].below.because == "Below 10, M1 with E1 gives way to M2 with E1."
    assert (told["scope"].below.leave, told["scope"].below.come) == ((("M1", "E1"),), (("M2", "E1"),))
    assert told["region"].because == "The pairing is among the best while region weighs 25 or less."
    assert told["region"].above.because == "Above 25, M1 with E1 gives way to M2 with E1."
    assert (told["region"].below, told["scope"].above) == (None, None)


def test_a_weight_that_is_an_end_today_is_said_to_be_one():
    told = scope_or_region(scope=10)
    assert {told["scope"].interval.because, told["region"].interval.because} in (
        {
            "The pairing is among the best while scope weighs 10 or more. "
            "That is today's weight: any less leads to another pairing.",
            "The pairing is among the best while region weighs 10 or less. "
            "That is today's weight: any more leads to another pairing.",
        },
        {
            "The pairing is among the best while scope weighs 10 or less. "
            "That is today's weight: any more leads to another pairing.",
            "The pairing is among the best while region weighs 10 or more. "
            "That is today's weight: any less leads to another pairing.",
        },
    )
    assert told["region"].steady == 0


def test_a_weight_of_nothing_has_an_interval_but_no_samples():
    region = scope_or_region(region=0)["region"]
    assert (region.samples, region.steady) == ((), 1)
    assert region.interval.because == "The pairing is among the best while region weighs 25 or less."


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (Fraction(40), "40"),
        (Fraction(25, 2), "12.5"),
        (Fraction(35, 3), "11.667 (35/3)"),
        (Fraction(1, 2000), "0 (1/2000)"),
        (Fraction(0), "0"),
    ],
)
def test_a_weight_is_told_exactly(weight, words):
    assert weight_words(weight) == words


def test_levels_that_count_no_points_are_said_to_ignore_weights(example):
    told = Study(example, Policy(objective={"levels": ["placed", "tiers"]})).sensitivity()
    assert {weight.interval.because for weight in told.weights} >= {
        "The policy's levels count no points: the weight of sector changes nothing."
    }
    assert all(weight.interval.high is None for weight in told.weights)


def test_exact_intervals_are_left_out_if_not_asked_for(example):
    told = Study(example).sensitivity(exact=False)
    assert (told.exact, told.steady, told.note.code) == (False, None, "not-asked-for")
    assert all(weight.interval is None and len(weight.samples) == 4 for weight in told.weights)
    assert told.because.startswith("Exact intervals were not asked for.")


def test_an_organisation_that_is_not_penalised_has_no_weight_to_move(example):
    told = Study(example, Policy(organisation={"same": "forbid"})).sensitivity()
    assert "organisation" not in {weight.criterion for weight in told.weights}


def test_a_weight_too_fine_to_stay_exact_is_not_matched_again(example):
    weights = {"sector": Decimal("99999999999.999"), "scope": 0, "region": 0, "organisation": 0}
    told = Study(example, Policy(weights=weights)).sensitivity()
    assert {sample.kept for weight in told.weights for sample in weight.samples} == {2, None}


def test_under_fairness_weights_are_sampled_and_recruits_are_priced_by_the_levels_before(example):
    posed, _ = solved(request_of(example))
    problem = posed.problem
    points = posed.scores.points[problem.mentor, problem.mentee]
    fair = Threshold("fairness", posed.scores.bound, points)
    posed = replace(posed, levels=(posed.levels[0], fair, *posed.levels[1:]))
    assignment = solve(problem, posed.levels)
    told = explain_sensitivity(posed, assignment, solved, exact=True)
    assert (told.exact, told.note.code) == (False, "fairness")
    assert told.because.endswith("Only a few other weights were tried, each matched anew.")
    with pytest.raises(UsageError, match="a policy that asks for fairness has none"):
        explain_frontier(posed, assignment, "sector", "scope")
    (profile,) = explain_recruiting(posed, assignment, solved, most=5)
    assert dict(profile.gain) == {"placed": 1}


class Chance:
    """A user's criterion that tells every two people from every other two."""

    name = "chance"

    def mentor_key(self, person):
        return person.id

    mentee_key = mentor_key

    def strength(self, mentor, mentee):
        return crc32(f"{mentor} {mentee}".encode()) % 1000 / 1000

    def because(self, mentor, mentee, strength):
        return "Chance."


def test_a_users_own_criterion_has_an_interval_too():
    told = Study(demo_cohort(40, 40, 1), Policy(weights={"chance": 12.5}), criteria=[Chance()]).sensitivity()
    assert told.exact
    interval = {weight.criterion: weight.interval for weight in told.weights}["chance"]
    assert value(interval.low) < Fraction(25, 2) < value(interval.high)


def test_weights_too_fine_for_breakpoints_are_sampled_only():
    weights = {"sector": Decimal("333333.333"), "scope": Decimal("111111.117"), "chance": Decimal("333.337")}
    told = Study(demo_cohort(40, 40, 1), Policy(weights=weights), criteria=[Chance()]).sensitivity()
    assert (told.exact, told.note.code, told.steady) == (False, "too-fine", None)
    assert all(sample.kept is not None for weight in told.weights for sample in weight.samples)
