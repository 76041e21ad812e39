"""A big cohort's matching is that of a small one, to the byte."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from ipmatch import crowds
from ipmatch.answering import request_of, solved
from ipmatch.cohort import Cohort
from ipmatch.crowded import crowd_matching
from ipmatch.crowds import crowd_of
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError, InputError, TimeLimitError
from ipmatch.front_door import match, verify
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.scoring.rules import FLOOR
from ipmatch.solving.columns import start
from ipmatch.solving.columns.search import solve_grid
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.search import OutOfTime
from ipmatch.synthetic import demo_cohort
from tests.bordering import without_repairs
from tests.strategies import random_case, ruled_case


@pytest.fixture
def crowded(monkeypatch):
    """Every cohort is a crowd."""
    monkeypatch.setattr(crowds, "CROWD", -1)


def request_for(case):
    cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
    return request_of(cohort, policy, case.criteria)


def tried(call, *given, **named):
    try:
        return call(*given, **named)
    except (InfeasibleError, InputError) as error:
        return type(error), str(error)
    except RulesClash:
        return RulesClash


@pytest.mark.parametrize("make", [random_case, ruled_case])
def test_scores_rules_pairs_and_prices_are_those_of_the_listed_cohort(make, monkeypatch):
    monkeypatch.setattr(start, "FIRST", 2)
    compared = 0
    for seed in range(100):
        monkeypatch.setattr("ipmatch.scoring.crowd.FEW", seed % 2 << 18)
        request = request_for(make(seed))
        listed, crowd = tried(solved, request), tried(crowd_of, request, above=-1)
        if crowd is None or isinstance(crowd, tuple):
            assert crowd is None or crowd == listed
            continue
        columns = tried(solve_grid, crowd.grid, crowd.goals, listed=seed % 2 * 100)
        if columns is RulesClash:
            assert listed[0] is InfeasibleError
            continue
        posed, answer = listed
        assert_same_scores(posed.scores, crowd)
        keys = posed.problem.mentor * len(posed.problem.wanted) + posed.problem.mentee
        assert np.array_equal(keys[answer.used], columns.keys)
        assert [(level.name, level.value, level.prices.tolist()) for level in columns.levels] == [
            (level.name, level.value, level.prices.tolist()) for level in answer.levels
        ]
        compared += 1
    assert compared > 50


def assert_same_scores(scores, crowd):
    ours, pairs = crowd.scores, np.argwhere(np.ones_like(scores.allowed))
    mentor, mentee = pairs.T
    assert np.array_equal(ours.terrain.gain(ours.score, mentor, mentee), scores.points.reshape(-1))
    assert np.array_equal(ours.terrain.allowed(mentor, mentee), scores.allowed.reshape(-1))
    assert np.array_equal(ours.tiers_at(mentor, mentee), scores.tier.reshape(-1))
    assert np.array_equal(ours.points_at(mentor, mentee), scores.points_at(mentor, mentee))
    for name, table in ours.tables.items():
        listed = scores.tables[name]
        assert np.array_equal(table.steps_at(mentor, mentee), listed.steps_at(mentor, mentee))
    people = tuple(np.arange(size) for size in scores.allowed.shape)
    assert np.array_equal(ours.best_below_floor(people[1]), scores.best_below_floor(people[1]))
    for rule in (FLOOR, "forbidden", "avoids"):
        for most in (1, 2, None):
            closed = ours.closed_by(rule, people[0][::2], people[1][1:], most)
            listed = scores.closed_by(rule, people[0][::2], people[1][1:], most)
            assert [np.array(part).tolist() for part in closed] == [
                np.array(part).tolist() for part in listed
            ]
        each = (ours.closed_each(rule, people[0][::2], people[1][1:], 2) for ours in (ours, scores))
        (count, best), (listed_count, listed_best) = each
        assert count.tolist() == listed_count.tolist()
        assert best.tolist() == listed_best.tolist()
    for i, j in pairs.tolist():
        assert ours.rules_against(i, j) == scores.rules_against(i, j)
        for name, table in ours.tables.items():
            assert table.strength_of(i, j) == scores.tables[name].strength_of(i, j)


def made_both_ways(case, monkeypatch):
    """The file of a cohort with its pairs listed, and without; None where the rules clash or quotas cross."""
    listed = tried(case.match)
    monkeypatch.setattr(crowds, "CROWD", -1)
    crowd = tried(case.match)
    if isinstance(listed, tuple):
        assert crowd[0] is listed[0]
        return None
    if crowd_of(request_for(case)) is None:
        return None
    assert verify(Cohort.model_validate(case.cohort), crowd, criteria=case.criteria).faults == ()
    ours, theirs = crowd.model_dump(mode="json"), listed.model_dump(mode="json")
    return ours, theirs


@pytest.mark.parametrize("make", [random_case, ruled_case])
@pytest.mark.parametrize("seed", range(60))
def test_at_the_border_the_file_is_the_same(make, seed, monkeypatch):
    monkeypatch.setattr(start, "FIRST", 1)
    case = make(seed)
    made = made_both_ways(case, monkeypatch)
    if made is None:
        return
    ours, theirs = made
    if "placed" in Policy.model_validate(case.policy).objective.levels[1:]:
        without_repairs(ours, theirs)
    assert json.dumps(ours) == json.dumps(theirs)


def test_at_the_border_the_file_of_hundreds_is_the_same(monkeypatch):
    cohort, policy = demo_cohort(90, 260, seed=4), Policy(tiers={"order": ["sector", "scope-and-sector"]})
    for few in (1.0, 0.4):
        mentors = cohort.mentors[: int(few * len(cohort.mentors))]
        spare = tuple(mentor.model_copy(update={"capacity": 4}) for mentor in mentors)
        some = cohort.model_copy(update={"mentors": spare})
        files = []
        for pairs in (1 << 60, -1):
            monkeypatch.setattr(crowds, "CROWD", pairs)
            files.append(match(some, policy).model_dump(mode="json"))
        assert json.dumps(files[0]) == json.dumps(files[1])
        left = files[0]["unmatched_mentees"]
        assert {"shortage"} <= {one["code"] for one in left}
        assert any(one["repairs"] for one in left)


def test_who_decided_and_why_stays_out_of_the_file_whatever_its_size(monkeypatch):
    cohort = demo_cohort(20, 25, seed=2)
    pair, other = match(cohort).pairings[:2]
    decisions = [
        Decision(kind="forbid", mentor=pair.mentor, mentee=pair.mentee, by="Sam Lead", reason="They differ."),
        Decision(kind="withdraw", id=other.mentee, by="Sam Lead", when="2026-11-02", reason="Illness."),
    ]
    small = match(cohort, decisions=decisions)
    monkeypatch.setattr(crowds, "CROWD", -1)
    big = match(cohort, decisions=decisions)
    assert big == small
    assert [decision.kind for decision in big.run.decisions] == ["withdraw", "forbid"]
    for words in ("Sam Lead", "They differ.", "Illness."):
        assert words not in big.model_dump_json()
    assert verify(cohort, big).faults == ()


def test_a_matching_that_was_changed_is_refused(crowded):
    cohort = demo_cohort(30, 30, seed=3)
    matching = match(cohort)
    whole = matching.model_dump(mode="json")
    assert verify(cohort, matching).ok
    changed = [
        {"pairings": whole["pairings"][1:]},
        {"pairings": [*whole["pairings"], whole["pairings"][0]]},
        {"pairings": [{**whole["pairings"][0], "mentor": "M9999"}, *whole["pairings"][1:]]},
        {"pairings": [{**whole["pairings"][0], "score": 1}, *whole["pairings"][1:]]},
        {"certificate": {**whole["certificate"], "mentees": {}}},
        {"spare_mentors": []},
    ]
    for change in changed:
        assert verify(cohort, Matching.model_validate({**whole, **change})).faults != ()
    prices = whole["certificate"]["mentees"]
    first = next(iter(prices))
    cheaper = {**prices, first: [price - 7 for price in prices[first]]}
    fewer = Matching.model_validate({**whole, "certificate": {**whole["certificate"], "mentees": cheaper}})
    assert "do not prove" in verify(cohort, fewer).faults[0]


def test_rules_that_clash_are_named(crowded):
    mentors = [{"id": "M1", "sectors": ["primary-care"], "min_mentees": 1}, {"id": "M2", "sectors": ["icb"]}]
    mentees = [{"id": "E1", "sectors": ["icb"]}, {"id": "E2", "sectors": ["icb"]}]
    with pytest.raises(InfeasibleError, match="M1 must have at least 1 mentee") as caught:
        match(Cohort.model_validate({"mentors": mentors, "mentees": mentees}))
    assert caught.value.conflict == ("M1 must have at least 1 mentee",)


def test_a_clash_is_told_like_that_of_the_listed_cohort_mends_and_all(monkeypatch):
    monkeypatch.setattr(start, "FIRST", 2)
    told = []
    for make, seed in product((random_case, ruled_case), range(120)):
        request = request_for(make(seed))
        listed, crowd = tried(solved, request), tried(crowd_of, request, above=-1)
        if listed[0] is InfeasibleError and isinstance(crowd, crowds.PosedCrowd):
            assert tried(crowd_matching, crowd) == listed
            told.append(listed[1])
    assert sum("No single change" in words for words in told) > 5
    assert sum("No single change" not in words for words in told) > 5


def test_small_cohorts_are_no_crowds():
    assert crowd_of(request_of(demo_cohort(40, 40, seed=0))) is None


@pytest.mark.parametrize("seconds", [1e-9, 1e-3, 0.03, 0.1])
def test_a_search_cut_short_gives_what_it_found_and_a_bound(seconds, crowded):
    cohort = demo_cohort(40, 60, seed=2)
    best = {level.level: level.value for level in match(cohort).objective}
    try:
        matching = match(cohort, time_limit=seconds)
    except TimeLimitError:
        return
    assert verify(cohort, matching).faults == ()
    for level in matching.objective:
        if level.bound is not None:
            assert level.value <= level.bound
        if level.bound != level.value:
            assert matching.status == "feasible"
            assert level.bound is None or best[level.level] <= level.bound
            break
        assert level.value == best[level.level]


def test_each_level_interrupted_is_told_with_its_bound(crowded, monkeypatch):
    """Time runs out after each number of rounds in turn; what was proved stays proved."""
    cohort = demo_cohort(40, 60, seed=2)
    best = {level.level: level.value for level in match(cohort).objective}
    monkeypatch.setitem(solve_grid.__kwdefaults__, "listed", 0)
    statuses = set()
    for rounds in range(12):
        left = iter(range(rounds))

        def check(search, left=left):
            if next(left, None) is None:
                raise OutOfTime

        monkeypatch.setattr("ipmatch.solving.columns.search._Search._check_time", check)
        matching = match(cohort)
        assert verify(cohort, matching).faults == ()
        statuses.add((matching.status, matching.certificate.unique))
        exact = True
        for level in matching.objective:
            if exact:
                assert level.bound is None or level.value <= best[level.level] <= level.bound
            exact = exact and level.value == level.bound
    assert {("feasible", False), ("optimal", False)} <= statuses
