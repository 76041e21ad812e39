"""Quotas that cross: exact values, a proof without prices, reasons that say only what is so, conflicts."""

from __future__ import annotations

from collections import Counter

import pytest

import ipmatch as ip
from ipmatch.errors import InfeasibleError, UsageError

from .asking import lost, matched, rematched, some_pairs, study
from .crossing import crossing_case, judged_crossing, scorer, solved_crossing

SEEDS = range(350)


def test_values_are_those_of_trying_everything_and_verify_agrees():
    by_rows = 0
    for seed in SEEDS:
        case, matching = solved_crossing(seed)
        oracle = scorer(case)
        if matching is None:
            assert oracle.clash or oracle.optimum is None, seed
            continue
        assert {level.level: level.value for level in matching.objective} == oracle.optimum, seed
        assert matching.status == "optimal", seed
        by_rows += matching.certificate.method != "network"
        cohort = ip.Cohort.model_validate(case.cohort)
        read = ip.Matching.model_validate_json(matching.model_dump_json())
        assert ip.verify(cohort, read, criteria=case.criteria).faults == (), seed
    assert by_rows > 35


def given(matching):
    return Counter(mentee for _, mentee in matching.pairs())


def without(oracle, rules):
    """The oracle's quotas without the bounds that a reason names, and its required pairs likewise."""
    quotas = [dict(quota) for quota in oracle.quotas]
    for rule in rules:
        for quota in quotas:
            if rule["rule"].startswith("quota") and rule["quota"].endswith(_title(quota)):
                quota.pop(rule["rule"].removeprefix("quota-")[:3], None)
    return quotas


def _title(quota):
    return " and ".join(f"{field} = {value}" for field, value in quota["where"].items())


def test_held_by_rule_names_rules_but_for_which_the_mentee_is_placed_beside_all_others():
    met = 0
    for case, oracle, matching in judged_crossing(SEEDS):
        for left in matching.unmatched_mentees:
            if left.code != "held-by-rule":
                continue
            met += 1
            with_one_more = {**given(matching), left.mentee: left.given + 1}
            held, let_go = oracle.quotas, without(oracle, left.facts["rules"])
            assert oracle.best(at_least=with_one_more, quotas=held) is None, case.seed
            assert oracle.best(at_least=with_one_more, quotas=let_go) is not None, case.seed
    assert met > 25


def test_a_mentor_held_by_rules_could_have_one_more_but_for_them():
    met = 0
    for case, oracle, matching in judged_crossing(SEEDS):
        load = Counter(mentor for mentor, _ in matching.pairs())
        for spare in matching.spare_mentors:
            if spare.code != "held-by-rule":
                continue
            met += 1
            loads = {**load, spare.mentor: load[spare.mentor] + 1}
            quotas = without(oracle, spare.facts["rules"])
            found = oracle.best(at_least=given(matching), load_at_least=loads, quotas=quotas)
            assert found is not None, case.seed
    assert met > 25


def test_raising_the_quota_that_a_repair_names_places_one_more():
    met = 0
    for case, oracle, matching in judged_crossing(SEEDS):
        placed = sum(1 for many in given(matching).values() if many)
        for left in matching.unmatched_mentees:
            for repair in left.repairs:
                met += 1
                quotas = [
                    {**quota, "max": repair.facts["to"]}
                    if repair.facts["quota"].endswith(_title(quota))
                    and quota.get("max") == repair.facts["now"]
                    else quota
                    for quota in oracle.quotas
                ]
                then = oracle.best(quotas=quotas)
                level = next(iter(repair.gain))
                before = {"placed": placed, "further_mentors": len(matching.pairings) - placed}
                assert then[level] >= before[level] + 1, case.seed
    assert met > 6


def test_every_why_not_is_solved_again_and_exact():
    codes = Counter()
    for case, _, matching in judged_crossing(range(250)):
        asked = study(case)
        for pair in some_pairs(case, 3):
            answer = asked.why_not(*pair)
            if answer.code in ("not-taking-part", "not-allowed"):
                continue
            field = "forbidden_pairs" if pair in matching.pairs() else "required_pairs"
            named = {"mentor": pair[0], "mentee": pair[1]}
            again = matched(case, **{field: [*case.cohort[field], named]})
            codes[answer.code] += 1
            assert answer.possible == (again is not None), (case.seed, pair)
            if again is not None:
                assert dict(answer.loss) == lost(matching, again), (case.seed, pair)
        for person in sorted(matching.pairs())[0][:1] if matching.pairs() else ():
            found, again = asked.without(person), rematched(case, matching, "tie-break", person)
            assert found.possible == (again is not None), case.seed
            if again is not None:
                assert dict(found.best.loss) == lost(matching, again), case.seed
    assert all(codes[code] for code in ("costs", "already-paired", "not-possible")), codes


def test_dropping_any_member_of_a_conflict_lets_the_others_hold():
    met = Counter()
    for seed in SEEDS:
        case = crossing_case(seed)
        if scorer(case).clash:
            continue
        conflict = clash_of(case)
        if not conflict:
            continue
        met["clashes"] += 1
        assert scorer(only(case, conflict)).best() is None, seed
        for member in conflict:
            rest = [other for other in conflict if other != member]
            assert scorer(only(case, rest)).best() is not None, (seed, member)
    assert met["clashes"] > 60


def clash_of(case):
    try:
        case.match()
    except InfeasibleError as error:
        return error.conflict
    return ()


def bounds(case):
    """Every rule of a case that a conflict can name: its words, and where it stands."""
    for k, quota in enumerate(case.policy["quotas"]):
        title = f"{quota['side']}s with {_title(quota)}"
        if quota["min"]:
            people = quota["side"] if quota["min"] == 1 else f"{quota['side']}s"
            yield f'quota "{title}": at least {quota["min"]} {people} must be paired', ("quota", k, "min")
        if "max" in quota:
            pairs = "pair" if quota["max"] == 1 else "pairs"
            yield f'quota "{title}": at most {quota["max"]} {pairs}', ("quota", k, "max")
    for pair in case.cohort["required_pairs"]:
        yield f"required pair {pair['mentor']} with {pair['mentee']}", ("pair", pair, "")
    for mentor in case.cohort["mentors"]:
        least = mentor["min_mentees"]
        mentees = "mentee" if least == 1 else "mentees"
        if least:
            yield f"{mentor['id']} must have at least {least} {mentees}", ("mentor", mentor["id"], "")


def only(case, members):
    """The case with these rules alone."""
    kept = [place for words, place in bounds(case) if words in members]
    assert len(members) == len({words for words, _ in bounds(case) if words in members})
    quotas = [
        {key: value for key, value in quota.items() if key not in ("min", "max") or ("quota", k, key) in kept}
        for k, quota in enumerate(case.policy["quotas"])
    ]
    mentors = [
        {**mentor, "min_mentees": mentor["min_mentees"] * (("mentor", mentor["id"], "") in kept)}
        for mentor in case.cohort["mentors"]
    ]
    pairs = [pair for pair in case.cohort["required_pairs"] if ("pair", pair, "") in kept]
    cohort = {**case.cohort, "mentors": mentors, "required_pairs": pairs}
    return type(case)(case.seed, cohort, {**case.policy, "quotas": quotas}, case.criteria)


def one_by_rows():
    case, _, matching = next(
        found for found in judged_crossing(SEEDS) if len(found[2].pairings) > 1 and found[2].certificate.rows
    )
    return case, matching


def test_a_proof_that_does_not_prove_is_found_out():
    case, matching = one_by_rows()
    cohort, whole = ip.Cohort.model_validate(case.cohort), matching.model_dump(mode="json")
    levels = whole["certificate"]["levels"]
    forged = [
        {"levels": [{**levels[0], "bound": levels[0]["bound"] - 1}, *levels[1:]]},
        {"levels": [{**level, "proof": None} for level in levels]},
        {"levels": levels[1:]},
        {"levels": [{**levels[0], "proof": [{**levels[0]["proof"][0], "prices": [0, 1]}]}, *levels[1:]]},
        {"levels": [{**levels[0], "proof": [{**levels[0]["proof"][0], "denominator": 0}]}, *levels[1:]]},
    ]
    for change in forged:
        file = {**whole, "certificate": {**whole["certificate"], **change}}
        found = ip.verify(cohort, ip.Matching.model_validate(file), criteria=case.criteria)
        assert found.faults, change.keys()


def test_questions_that_need_prices_of_everything_say_why_there_are_none():
    case, matching = one_by_rows()
    asked = study(case)
    mentor, _ = sorted(matching.pairs())[0]
    for question in (
        asked.prices,
        asked.ambiguity,
        asked.recruit,
        asked.analysis,
        lambda: asked.alternatives(mentor=mentor),
        lambda: asked.frontier("sector", "scope"),
    ):
        with pytest.raises(UsageError, match="no prices of all changes at once"):
            question()
    assert asked.sensitivity().note.code == "rules-overlap"
    assert asked.explain(mentor=mentor).alternatives == ()
