"""The stable method through the front door: what it promises, what it costs, and what can be asked of it."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError, InputError, UsageError
from ipmatch.explaining.auditing import audit_page
from ipmatch.front_door import match, rematch, verify
from ipmatch.policy import Policy
from ipmatch.study import Study
from ipmatch.writing.digest import verdict

from .asking import named, some_pairs
from .stable_cases import cases, person
from .strategies import Case, random_case
from .test_stability import rather


def stable_case(seed):
    """A random case that stability can serve, with the policy that asks for it."""
    case = random_case(seed)
    cohort = {
        **case.cohort,
        "mentors": [{**mentor, "min_mentees": 0} for mentor in case.cohort["mentors"]],
        "mentees": [{**mentee, "mentors_wanted": 1} for mentee in case.cohort["mentees"]],
    }
    objective = {"method": "stable", "levels": ["placed", "score"], "seed": seed}
    return Case(seed, cohort, {**case.policy, "objective": objective}, case.criteria)


def matchings(most):
    for seed, posed, _ in itertools.islice(cases(), most):
        case = stable_case(seed)
        yield case, posed, case.match()


def test_nobody_would_rather_have_each_other_and_everything_verifies():
    behind = 0
    for case, posed, matching in matchings(150):
        place = {
            (posed.scores.people.mentors[i].id, posed.scores.people.mentees[j].id): p
            for p, (i, j) in enumerate(zip(posed.problem.mentor, posed.problem.mentee, strict=True))
        }
        used = posed.problem.required & False
        used[[place[pair] for pair in matching.pairs()]] = True
        assert rather(posed, used) == set(), case.seed
        assert matching.stability.blocking_pairs == matching.stability.breaking_a_rule == 0
        cohort = Cohort.model_validate(case.cohort)
        assert verify(cohort, matching, criteria=case.criteria).faults == (), case.seed
        assert matching.certificate.method == "stable"
        cost = matching.stability.cost
        best = match(
            cohort,
            Policy.model_validate({**case.policy, "objective": {"seed": case.seed}}),
            criteria=case.criteria,
        )
        assert set(cost.optimal_pairs) == best.pairs(), case.seed
        assert cost.placed == best.summary.placed - matching.summary.placed
        assert (matching.status == "optimal") == (not cost.placed and not cost.points), case.seed
        for level in matching.objective:
            assert level.bound is None or level.bound >= level.value, case.seed
        behind += matching.status == "feasible"
    assert behind > 10


def test_ties_drawn_by_lot_are_not_said_to_be_best_for_everybody():
    """Either of two is better off in one stable pairing and worse in the other; both were "the best"."""
    alike = {"sectors": ["icb"]}
    mentors = [{"id": "M1", **alike}, {"id": "M2", **alike}]
    mentees = [{"id": f"E{n}", **alike, "prefers": ["M1", "M2"]} for n in (1, 2)]
    cohort = Cohort(mentors=mentors, mentees=mentees)
    matching = match(cohort, Policy(objective={"method": "stable"}))
    promise = "once ties are drawn by lot, no other"
    assert f"Stable; {promise} stable pairing is better for any mentee." in verdict(matching)
    assert f"{promise} that none blocks is better for any mentee." in audit_page(matching)


def test_another_pairing_or_a_forged_optimum_is_found_out():
    tampered = 0
    for case, _, matching in matchings(60):
        cohort, document = Cohort.model_validate(case.cohort), matching.model_dump(mode="json")
        for change in (_without_a_pair, _cheaper):
            forged = change(document)
            if forged is not None:
                again = type(matching).model_validate(forged)
                assert not verify(cohort, again, criteria=case.criteria).ok, case.seed
                tampered += 1
    assert tampered > 40


def _without_a_pair(document):
    if not document["pairings"]:
        return None
    return {**document, "pairings": document["pairings"][1:]}


def _cheaper(document):
    """The stable pairing given out as the best one."""
    cost = document["stability"]["cost"]
    if not cost["points"] and not cost["placed"]:
        return None
    pairs = [[pairing["mentor"], pairing["mentee"]] for pairing in document["pairings"]]
    forged = {**cost, "optimal_pairs": pairs, "points": 0, "placed": 0}
    return {**document, "stability": {**document["stability"], "cost": forged}}


def test_insisting_on_a_pair_or_doing_without_is_what_matching_again_gives():
    codes = set()
    for case, _, matching in matchings(80):
        asked = Study(
            Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), criteria=case.criteria
        )
        for pair in some_pairs(case, 2):
            answer, made = asked.why_not(*pair), pair in matching.pairs()
            codes.add(answer.code)
            if not answer.possible:
                continue
            field = "forbidden_pairs" if made else "required_pairs"
            again = case.match(**named(case, field, pair))
            value = {level.level: level.value for level in again.objective}
            assert dict(answer.loss) == {
                level.level: level.value - value[level.level] for level in matching.objective
            }, (case.seed, pair)
            after = set(matching.pairs())
            after -= {(move.mentor_before, move.mentee) for move in answer.moves}
            after |= {(move.mentor_after, move.mentee) for move in answer.moves if move.mentor_after}
            assert after == again.pairs(), (case.seed, pair)
            assert "lottery" not in answer.because
            assert "worst off" not in answer.because
    assert {"costs", "already-paired", "not-taking-part"} <= codes


def test_doing_without_a_pair_costs_or_gains_as_its_sentence_has_it():
    """The code was "costs" beside "Doing without gains 1 placed mentee"."""
    met = Counter()
    for case, _, matching in matchings(120):
        asked = Study(
            Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), criteria=case.criteria
        )
        for pair in sorted(matching.pairs())[:2]:
            found = asked.forbid(*pair)
            if found.loss is not None:
                first = next((amount for amount in found.loss.values() if amount), 0)
                assert found.code == ("costs" if first > 0 else "gains" if first else "costs-nothing")
                assert first == 0 or f"Doing without {found.code} " in found.because
                met[found.code] += 1
    assert min(met["costs"], met["gains"]) > 5, met


def test_a_place_fewer_and_a_withdrawal_are_what_matching_again_gives():
    for case, posed, matching in matchings(40):
        asked = Study(
            Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), criteria=case.criteria
        )
        for mentor in posed.scores.people.mentors[:1]:
            gone = [Decision(kind="withdraw", id=mentor.id)]
            again = match(
                Cohort.model_validate(case.cohort),
                Policy.model_validate(case.policy),
                criteria=case.criteria,
                decisions=gone,
            )
            told = asked.what_if(gone)
            if not told.possible:
                continue
            assert told.outcome.loss["placed"] == matching.summary.placed - again.summary.placed
            if mentor.capacity == 1 and not any(
                pair["mentor"] == mentor.id for pair in case.cohort["required_pairs"]
            ):
                assert asked.one_place_fewer(mentor.id).loss == told.outcome.loss, case.seed


def two_by_two(**objective):
    mentors = [person("M1", ["E1"]), person("M2", ["E1"], region="Kent")]
    mentees = [person("E1", ["M2"], region="Kent"), person("E2", ["M1"])]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    return cohort, Policy.model_validate({"objective": {"method": "stable", **objective}})


def test_requiring_everyone_to_be_placed_blames_no_time_limit_where_stability_leaves_somebody_out():
    cohort = Cohort.model_validate(
        {
            "mentors": [person("M1", scopes=["Asthma"], region="Kent"), person("M2", region="Kent")],
            "mentees": [
                person("E1", scopes=["Asthma"]),
                person("E2", region="Kent", scopes=["Asthma"], sectors=[]),
            ],
        }
    )
    policy = {"weights": {"sector": 0, "scope": 30, "region": 20}, "tiers": {"order": ["scope", "outlier"]}}
    stable = Policy.model_validate({**policy, "objective": {"method": "stable"}})
    assert match(cohort, stable).stability.cost.placed == 1
    with pytest.raises(InfeasibleError, match=r"(?s)Not every mentee .*E1: .*ranked at least"):
        match(cohort, stable, require_all=True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda study: study.prices(),
        lambda study: study.alternatives(mentee="E1"),
        lambda study: study.ambiguity(),
        lambda study: study.recruit(),
        lambda study: study.frontier("sector", "scope"),
        lambda study: study.without("M1"),
        lambda study: study.resilience(),
    ],
)
def test_what_only_totals_answer_is_refused_with_what_to_ask_instead(ask):
    with pytest.raises(UsageError, match=r"a stable matching .* (what_if|optimal)"):
        ask(Study(*two_by_two()))


def test_everything_else_can_be_asked():
    study = Study(*two_by_two())
    assert study.explain(mentee="E1").because == "E1 is paired with M2."
    assert study.explain(pair=("M1", "E1")).price.code == "costs"
    assert study.sensitivity().note.code == "stable"
    assert "Stable" not in study.letter(mentee="E1").text
    assert "No allowed pair blocks the pairing" in study.audit()
    assert Study.of(two_by_two()[0], study.matching).matching == study.matching


def test_rules_that_stability_cannot_keep_are_refused_by_name():
    cohort, policy = two_by_two(levels=["placed", "fairness"])
    with pytest.raises(InputError, match=r"may not exist with levels \(fairness\)"):
        match(cohort, policy)
    cohort, policy = two_by_two()
    policy = policy.replace(sessions=[{"label": "Tue", "places": 1}])
    people = [person.model_copy(update={"availability": ("tue",)}) for person in cohort.people]
    halves = {"mentors": tuple(people[:2]), "mentees": tuple(people[2:])}
    with pytest.raises(InputError, match="places of the session"):
        match(cohort.model_copy(update=halves), policy)
    stable = two_by_two()
    with pytest.raises(InputError, match="does not keep earlier pairs"):
        rematch(stable[0], match(*stable))
