"""Fairness, leximin and balance through the front door, alone and with every other rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

from ipmatch.answering import request_of, solved, told
from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match, verify
from ipmatch.matching import Matching
from ipmatch.policy import Policy

from .every_level import NOBODY, Judge, fair, small
from .strategies import Case
from .test_match import shuffled, text

SEEDS = range(260)


def test_every_order_of_levels_reaches_what_trying_everything_reaches():
    seen, clashes = set(), 0
    for case, judge, matching in small(SEEDS):
        best = None if judge.clash else judge.best()
        if matching is None:
            clashes += 1
            assert best is None, case.seed
            continue
        assert judge.value(matching.pairs()) == best, case.seed
        reached = {level.level: level.value for level in matching.objective}
        for name, amount in best.items():
            if amount[0] == NOBODY:
                assert name not in reached, case.seed
                continue
            assert abs(Fraction(reached[name]) - amount[0]) <= abs(amount[0]) / 10**14, (case.seed, name)
        assert list(reached) == [name for name in best if name in reached], case.seed
        assert matching.status == "optimal"
        seen |= {tuple(case.policy["objective"]["levels"])}
    assert len(seen) == 13
    assert clashes > 10


def test_every_such_matching_verifies_without_a_solver():
    for case, _, matching in small(range(150)):
        if matching is not None:
            cohort = Cohort.model_validate(case.cohort)
            assert verify(cohort, matching, criteria=case.criteria).faults == (), case.seed


def test_the_order_of_rows_keys_and_list_items_changes_no_byte():
    for case, _, matching in small(range(0, 260, 3)):
        if matching is not None:
            draw = Random(case.seed)
            other = Case(case.seed, shuffled(draw, case.cohort), shuffled(draw, case.policy), case.criteria)
            assert text(other.match()) == text(matching), case.seed


def test_a_forged_threshold_price_or_comparison_is_found_out():
    found = Counter()
    for case, matching in map(fair, range(120)):
        if matching is None or matching.fairness.lowest is None:
            continue
        document = matching.model_dump(mode="json")
        for name, forged in forgeries(document):
            again = Matching.model_validate(forged)
            cohort = Cohort.model_validate(case.cohort)
            is_found = not verify(cohort, again, criteria=case.criteria).ok
            # Where the levels before leave no choice, prices of 0 prove the rest.
            assert is_found or "proof" in name, (case.seed, name)
            found[name] += is_found
    assert set(found) == {"threshold", "proof", "points", "comparison", "its proof"}
    assert min(found.values()) > 3


def forgeries(document):
    """The same matching with one claim of the level on who is worst off made up."""
    fairness, certificate = document["fairness"], document["certificate"]
    level = fairness["level"]
    raised = [
        {**one, "value": one["value"] + 1, "bound": one["bound"] + 1} if one["level"] == level else one
        for one in document["objective"]
    ]
    yield "threshold", {**document, "objective": raised}
    yield "proof", {**document, "certificate": without_prices(certificate, level)}
    yield "points", {**document, "fairness": {**fairness, "points": fairness["points"] + 1}}
    pairs = [[pairing["mentor"], pairing["mentee"]] for pairing in document["pairings"]]
    if fairness["points"]:
        yield "comparison", {**document, "fairness": {**fairness, "pairs_without": pairs, "points": 0}}
        yield "its proof", {**document, "certificate": without_prices(certificate, "without.score")}


def without_prices(certificate, level):
    """A certificate that gives every person the price 0 at one level."""
    place = certificate["order"].index(level)

    def zeroed(prices):
        return {person: [*own[:place], 0, *own[place + 1 :]] for person, own in prices.items()}

    sides = {side: zeroed(certificate[side]) for side in ("mentors", "mentees", "asks")}
    quotas = [[*own[:place], 0, *own[place + 1 :]] for own in certificate["quotas"]]
    return {**certificate, **sides, "quotas": quotas}


def test_what_fairness_costs_is_the_difference_to_the_best_matching_without_it():
    shifted = 0
    for case, matching in map(fair, range(150)):
        if matching is None:
            continue
        judge = Judge(case)
        told, points = matching.fairness, judge.scorer.points
        plain = Case(
            case.seed,
            case.cohort,
            {**case.policy, "objective": {"levels": ["placed", "score"]}},
            case.criteria,
        )
        without, best = set(told.pairs_without), plain.match().pairs()
        values = [Judge(plain).value(pairs) for pairs in (without, best)]
        assert values[0] == values[1], case.seed
        total = sum(points[pair] for pair in without) - sum(points[pair] for pair in matching.pairs())
        assert Fraction(told.points) == total, case.seed
        for lowest, pairs in ((told.lowest, matching.pairs()), (told.lowest_without, without)):
            counted = [points[pair] for pair in pairs - judge.scorer.required]
            assert lowest == (min(counted) if counted else None), case.seed
        for shift in (*told.gains, *told.loses):
            before, after = (
                [points[pair] for pair in pairs if pair[1] == shift.mentee]
                for pairs in (without, matching.pairs())
            )
            assert (shift.points_without, shift.points) == (
                sum(before) if before else None,
                sum(after) if after else None,
            )
            assert Fraction(shift.change) == sum(after) - sum(before), case.seed
            shifted += 1
        still = set(judge.scorer.mentees) - {shift.mentee for shift in (*told.gains, *told.loses)}
        for mentee in still:
            assert sum(points[pair] for pair in without if pair[1] == mentee) == sum(
                points[pair] for pair in matching.pairs() if pair[1] == mentee
            )
    assert shifted > 10


def test_fairness_that_brings_points_says_so_and_required_pairs_have_no_part_in_the_lowest_score():
    """It was said to cost -55 points; and the lowest score to be 65 where a required pair has 0."""
    mentors = [{"id": "M1", "sectors": ["icb"], "capacity": 2}, {"id": "M2", "region": "Kent", "capacity": 2}]
    mentees = [{"id": "E1", "sectors": ["icb"]}, {"id": "E2", "sectors": ["icb"], "region": "Kent"}]
    policy = Policy(
        tiers={"order": ["sector", "outlier"]},
        objective={"levels": ["placed", "fairness", "balance", "score"]},
    )
    cohort = Cohort(mentors=mentors, mentees=mentees)
    assert match(cohort, policy).fairness.because == (
        "Fairness gains 55 points: the lowest score is 65 instead of 10. E2 (+55) gains."
    )
    pair = {"mentor": "M2", "mentee": "E3"}
    cohort = Cohort(mentors=mentors, mentees=[*mentees, {"id": "E3"}], required_pairs=[pair])
    assert match(cohort, policy).fairness.because == (
        "Fairness costs no points: the lowest score, required pairs aside, is 65 with or without it. "
        "Nobody gains or loses by it."
    )


def test_leximin_cut_short_after_the_lowest_score_is_not_proved():
    cut = 0
    for case, _ in map(fair, range(60)):
        policy = {**case.policy, "objective": {"levels": ["placed", "score", "leximin"]}}
        cohort = Cohort.model_validate(case.cohort)
        try:
            posed, answer = solved(request_of(cohort, Policy.model_validate(policy), case.criteria))
        except InfeasibleError:
            continue
        names = [level.name for level in answer.levels]
        if not any(name.startswith("leximin.") for name in names):
            continue
        levels = answer.levels[: names.index("leximin") + 1]
        matching = told(posed, replace(answer, levels=levels, complete=False))
        assert matching.status == "feasible", case.seed
        assert matching.objective[-1].bound is None
        assert verify(cohort, matching, criteria=case.criteria).faults == (), case.seed
        cut += 1
    assert cut > 3
