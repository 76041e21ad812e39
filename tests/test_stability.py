"""What a matching says of stability, judged by people's own lists and scores."""

from __future__ import annotations

import numpy as np

from ipmatch.answering import matched, request_of, solved
from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.explaining.stability import cost_against, stability_faults, stability_of
from ipmatch.policy import Policy
from ipmatch.posing import Posed
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.stable import check_stable
from ipmatch.words import lost

from .stable_cases import SEEDS, cases, ids, person, posed_of, stable_of
from .strategies import random_case


def wish(posed: Posed, own, other, points: int) -> tuple[int, int]:
    """Where somebody puts a partner: their list, then the score; smaller is better."""
    listed = other.id in own.prefers
    return (0, own.prefers.index(other.id)) if listed else (1, -points)


def rather(posed: Posed, used) -> set[tuple[str, str]]:
    """The blocking pairs, from people and points alone."""
    people, points, had = posed.scores.people, posed.scores.points, ids(posed, used)
    required = {(pair.mentor, pair.mentee) for pair in posed.request.cohort.required_pairs}
    row = {mentor.id: (i, mentor) for i, mentor in enumerate(people.mentors)}
    column = {mentee.id: (j, mentee) for j, mentee in enumerate(people.mentees)}
    found = set()
    for i, j in np.argwhere(posed.scores.allowed).tolist():
        mentor, mentee = people.mentors[i], people.mentees[j]
        mentees = [column[other] for one, other in had if one == mentor.id]
        mentors = [row[one] for one, other in had if other == mentee.id]
        wish_of_mentor, wish_of_mentee = (
            wish(posed, mentor, mentee, points[i, j]),
            wish(posed, mentee, mentor, points[i, j]),
        )
        agrees = len(mentees) < mentor.capacity or any(
            wish_of_mentor < wish(posed, mentor, other, points[i, k])
            for k, other in mentees
            if (mentor.id, other.id) not in required
        )
        accepts = len(mentors) < mentee.mentors_wanted or any(
            wish_of_mentee < wish(posed, mentee, other, points[k, j])
            for k, other in mentors
            if (other.id, mentee.id) not in required
        )
        if agrees and accepts and (mentor.id, mentee.id) not in had:
            found.add((mentor.id, mentee.id))
    return found


def _lists(posed: Posed) -> bool:
    people = posed.scores.people
    return any(person.prefers for person in (*people.mentors, *people.mentees))


def test_in_a_stable_matching_nobody_would_rather_have_each_other():
    for seed, posed, used in cases():
        assert rather(posed, used) == set(), seed
        told = stability_of(posed, used)
        assert (told.blocking_pairs, told.largest_gain, told.examples) == (0, None, ()), seed
        together = "rather have each other" if _lists(posed) else "score higher together"
        aside = ", required pairs aside" if posed.problem.required.any() else ""
        assert told.because == f"No mentor and mentee would both {together}{aside}."


def test_a_best_matching_reports_every_pair_that_would_rather_have_each_other():
    reported = rules = 0
    for seed in SEEDS[:350]:
        case = random_case(seed)
        request = request_of(
            Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), case.criteria
        )
        try:
            posed, assignment = solved(request)
        except InfeasibleError:
            continue
        used = assignment.used
        told, right = stability_of(posed, used), rather(posed, used)
        assert told.blocking_pairs + told.breaking_a_rule == len(right), seed
        assert {(pair.mentor, pair.mentee) for pair in told.examples} <= right, seed
        assert [pair.gain for pair in told.examples] == sorted(
            (pair.gain for pair in told.examples), reverse=True
        )
        assert told.largest_gain == (told.examples[0].gain if told.examples else None), seed
        reported, rules = reported + len(told.examples), rules + told.breaking_a_rule
    assert reported > 50
    assert rules > 0


def test_a_list_comes_before_the_score_and_the_score_decides_among_those_not_listed():
    posed = posed_of(
        [person("M1", scopes=["Asthma"]), person("M2"), person("M3", ["E1"], sectors=["primary-care"])],
        [person("E1", ["M3", "M2"], scopes=["Asthma"]), person("E2")],
        {"tiers": {"order": ["scope-and-sector", "sector", "scope", "outlier"]}},
    )
    orders = orders_of(posed.scores, posed.problem)
    ranked = {
        pair: (int(one), int(other))
        for pair, one, other in zip(
            zip(posed.problem.mentor.tolist(), posed.problem.mentee.tolist(), strict=True),
            orders.mentor_rank,
            orders.mentee_rank,
            strict=True,
        )
    }
    assert ranked[2, 0][1] < ranked[1, 0][1] < orders.unlisted <= ranked[0, 0][1]
    assert ranked[2, 0][0] == 0
    assert ranked[0, 1][1] == ranked[1, 1][1] < ranked[2, 1][1]


def test_an_example_says_why_each_of_the_two_prefers_the_other():
    posed = posed_of(
        [person("M1", ["E2"], region="Kent"), person("M2")],
        [person("E1", region="Kent"), person("E2", ["M1", "M2"])],
    )
    used = np.array([posed.problem.place(0, 0) == p or posed.problem.place(1, 1) == p for p in range(4)])
    told = stability_of(posed, used)
    assert told.because == "1 pair would rather have each other, though not with more points for both."
    (pair,) = told.examples
    assert (pair.mentor, pair.mentee, pair.mentor_gives_up, pair.mentee_gives_up) == ("M1", "E2", "E1", "M2")
    assert pair.gain == -10
    assert pair.because == (
        "M1 and E2 would rather have each other: M1 is number 1 on the list of E2, M2 number 2"
        " and E2 is number 1 on the list of M1, which does not name E1."
    )


def test_the_best_total_may_part_two_who_would_both_score_higher():
    posed = posed_of(
        [person("M1", scopes=["Asthma"], region="Kent"), person("M2", region="Kent")],
        [person("E1", scopes=["Asthma"]), person("E2", region="Kent", scopes=["Asthma"], sectors=[])],
        {"weights": {"sector": 0, "scope": 30, "region": 20}, "tiers": {"order": ["scope", "outlier"]}},
    )
    used = solved(posed.request)[1].used
    assert ids(posed, used) == {("M1", "E1"), ("M2", "E2")}
    told = stability_of(posed, used)
    assert told.blocking_pairs == 1
    assert told.largest_gain == 20
    assert told.because == (
        "In 1 pair not made, both would score higher together than now; in the strongest case each of the two"
        " gains at least 20 points. The best total often has such pairs."
    )
    assert "M1 scores 50 with E2, 30 with E1" in told.examples[0].because
    cost = cost_against(posed, stable_of(posed), used)
    assert (cost.placed, cost.points, cost.optimal_placed, cost.optimal_points) == (1, 0, 2, 50)
    assert cost.because.endswith("by the policy's levels, stability costs 1 placed mentee.")


def test_what_stability_costs_is_the_difference_to_the_best_matching():
    fewer = less = 0
    for seed, posed, used in cases()[:100]:
        best = matched(posed.request)
        cost = cost_against(posed, used, solve(posed.problem, posed.levels).used)
        assert set(cost.optimal_pairs) == best.pairs(), seed
        assert cost.optimal_placed == best.summary.placed
        assert cost.placed == best.summary.placed - int(used.sum())
        value = {level.level: level.value for level in best.objective}
        points = posed.scores.points[posed.problem.mentor, posed.problem.mentee]
        assert cost.optimal_points == value["score"]
        assert cost.points == value["score"] - posed.scores.decimal(int(points[used].sum())), seed
        assert (cost.placed, cost.points) >= (0, 0), seed
        words = lost({"placed": cost.placed, "score": cost.points})
        assert f"stability costs {words}." in cost.because
        assert cost_against(posed, used, used).because.endswith("stability costs nothing.")
        fewer, less = fewer + (cost.placed > 0), less + (cost.points > 0)
    assert fewer >= 3
    assert less >= 10


def test_what_stability_cannot_keep_is_named_in_the_users_words():
    posed = posed_of(
        [person("M1", min_mentees=1), person("M2")],
        [person("E1", mentors_wanted=2), person("E2")],
        {
            "preset": "pilot-2023",
            "quotas": [{"side": "mentee", "where": {"region": "Kent"}, "max": 1, "name": "Kent"}],
        },
    )
    assert [str(fault) for fault in stability_faults(posed)] == [
        f'policy, objective.method: a "stable" matching may not exist with {what},'
        ' or use the method "optimal".'
        for what in (
            "min_mentees (M1). Set min_mentees to 0",
            "mentors_wanted (E1). Let each ask for one mentor",
            "quotas (Kent). Drop the quotas",
            "levels (tiers). List placed and score at the most",
        )
    ]


def test_a_pairing_that_is_not_the_stable_one_is_found_out_by_name():
    posed = posed_of([person("M1"), person("M2")], [person("E1", ["M2"]), person("E2", ["M2"])])
    orders = orders_of(posed.scores, posed.problem)
    right = stable_of(posed)
    people = posed.scores.people
    faults = check_stable(
        posed.problem,
        orders.mentor_rank,
        orders.mentee_rank,
        ~right,
        called=lambda side, k: (people.mentors if side == "mentor" else people.mentees)[k].id,
    )
    ((mentor, mentee),) = (pair for pair in ids(posed, right) if pair[0] == "M2")
    assert faults == [f"By the lottery, {mentor} and {mentee} come first."]


def test_who_has_one_mentor_of_two_lacks_a_further_one():
    """Beside the one she has she was said to lack a mentor."""
    posed = posed_of([person("M1"), person("M2")], [person("E1", mentors_wanted=2), person("E2")])
    used = np.array([posed.problem.place(0, 0) == p for p in range(4)])
    told = {(pair.mentor, pair.mentee): pair.because for pair in stability_of(posed, used).examples}
    assert told["M2", "E1"].endswith("E1 lacks a further mentor and M2 has a free place.")
    assert told["M2", "E2"].endswith("E2 lacks a mentor and M2 has a free place.")
