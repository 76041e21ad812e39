"""Reasons that speak of rules are true: drop the rules they name, try everything, and compare."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from ipmatch.cohort import Cohort
from ipmatch.front_door import match, verify
from ipmatch.matching import Matching
from ipmatch.policy import Policy

from ..second_scorer import Second, judged, judged_ruled

RULED = range(800)
PLAIN = range(200)


def cases():
    yield from judged_ruled(RULED)
    yield from judged(PLAIN)


def kept_by_all(matching: Matching, mentee: str) -> Counter[str]:
    """How many mentors everyone has, and one more for a mentee."""
    return Counter([other for _, other in matching.pairs()] + [mentee])


def without(oracle: Second, rules: tuple, **asked) -> bool:
    """Whether some pairing keeps all rules but these, and gives people what is asked for them."""
    required = oracle.required - {(r["mentor"], r["mentee"]) for r in rules if r["rule"] == "required-pair"}
    minimums = {m: mentor["min_mentees"] for m, mentor in oracle.mentors.items()}
    minimums |= {r["mentor"]: 0 for r in rules if r["rule"] == "mentor-minimum"}
    dropped = {(r["side"], r["quota"], r["rule"]) for r in rules if "quota" in r}
    quotas = []
    for quota in oracle.quotas:
        bounds = dict(quota)
        for rule, bound in (("quota-minimum", "min"), ("quota-maximum", "max")):
            if (quota["side"], title(quota), rule) in dropped:
                bounds.pop(bound, None)
        quotas.append(bounds)
    return oracle.best(required=required, minimums=minimums, quotas=quotas, **asked) is not None


def title(quota) -> str:
    words = " and ".join(f"{field} = {value}" for field, value in quota["where"].items())
    return f"{quota['side']}s with {words}" if words else f"all {quota['side']}s"


def test_the_matching_with_quotas_is_best_and_proved():
    judged_cases = list(judged_ruled(RULED))
    assert len(judged_cases) >= 500
    for case, oracle, matching in judged_cases:
        assert oracle.optimum == {level.level: level.value for level in matching.objective}, case.seed


def test_what_was_solved_can_be_verified_and_a_group_s_price_not_be_changed():
    tampered = 0
    for case, _, matching in judged_ruled(range(150)):
        cohort = Cohort.model_validate(case.cohort)
        assert verify(cohort, matching, criteria=case.criteria).ok, case.seed
        groups = matching.certificate.quotas
        if not groups:
            continue
        for changed in (groups[1:], (*groups, groups[0]), ((*groups[0], 0), *groups[1:])):
            certificate = matching.certificate.model_copy(update={"quotas": changed})
            found = verify(
                cohort, matching.model_copy(update={"certificate": certificate}), criteria=case.criteria
            )
            assert not found.ok, case.seed
        tampered += 1
    assert tampered > 10


def test_held_by_rule_names_rules_without_any_one_of_which_it_would_still_hold():
    kinds, several = Counter(), 0
    for case, oracle, matching in cases():
        for left in matching.unmatched_mentees:
            if left.code != "held-by-rule":
                assert "rules" not in left.facts
                continue
            rules, asked = left.facts["rules"], kept_by_all(matching, left.mentee)
            assert rules
            for size in range(len(rules) + 1):
                for dropped in combinations(rules, size):
                    free = without(oracle, dropped, at_least=asked)
                    assert free == (size == len(rules)), (case.seed, left.mentee, dropped)
            kinds.update(rule["rule"] for rule in rules)
            several += len(rules) > 1
    assert kinds["quota-maximum"] >= 100, kinds
    assert kinds["required-pair"] >= 4, kinds
    assert several >= 3


KENT = {"sectors": ["icb"], "scopes": ["Asthma"], "region": "Kent"}
# M1 and M2 share one place of Kent; E2 may go to M2 alone, E1 to M1 or, elsewhere, to M3.
SQUEEZED = {
    "mentors": [{"id": "M1", **KENT}, {"id": "M2", **KENT}, {"id": "M3", **KENT, "region": "Surrey"}],
    "mentees": [{"id": "E1", **KENT, "avoids": ["M2"]}, {"id": "E2", **KENT, "avoids": ["M1", "M3"]}],
}
ONE_IN_KENT = {"side": "mentor", "where": {"region": "Kent"}, "max": 1}


def squeezed(quotas=(), minimum: int = 0) -> Matching:
    first, *others = SQUEEZED["mentors"]
    cohort = {**SQUEEZED, "mentors": [{**first, "min_mentees": minimum}, *others]}
    return match(Cohort.model_validate(cohort), Policy(quotas=[ONE_IN_KENT, *quotas]))


def test_without_a_minimum_both_are_placed():
    assert not squeezed().unmatched_mentees


def test_a_minimum_that_takes_the_last_place_of_a_quota_is_named_with_what_lowering_it_would_do():
    [left] = squeezed(minimum=1).unmatched_mentees
    assert left.code == "held-by-rule"
    assert left.facts["rules"] == ({"rule": "mentor-minimum", "mentor": "M1", "min": 1},)
    assert left.because.startswith("But for the minimum of M1, E2 could have a mentor")
    assert [repair.because for repair in left.repairs][:2] == [
        'Raising the maximum of the quota "mentors with region = Kent" to 2 would place E2.',
        "Lowering the minimum of M1 to 0 would place E2.",
    ]


def test_a_quota_minimum_that_takes_the_last_place_of_another_is_named_with_what_lowering_it_would_do():
    [left] = squeezed([{"side": "mentor", "where": {"id": "M1"}, "min": 1}]).unmatched_mentees
    assert left.code == "held-by-rule"
    rule = {"rule": "quota-minimum", "side": "mentor", "quota": "mentors with id = M1", "min": 1}
    assert left.facts["rules"] == (rule,)
    assert [repair.code for repair in left.repairs][:2] == ["raise-quota-maximum", "lower-quota-minimum"]


def test_a_group_held_by_rules_asks_for_one_more_than_there_is_and_nobody_in_it_is_idle():
    sizes = Counter()
    for case, oracle, matching in cases():
        for left in matching.unmatched_mentees:
            if left.code != "held-by-rule":
                continue
            needs, has = left.facts["needs"], left.facts["has"]
            assert sum(needs.values()) == sum(has.values()) + 1, case.seed
            rules = {"required_pairs", "mentor_minimums", "quota_minimums", "quota_maximums"}
            assert rules & {*needs, *has}, case.seed
            asked, group = kept_by_all(matching, left.mentee), left.facts["group"]
            wishes = {person: asked[person] for person in group}
            assert left.mentee in group
            assert not without(oracle, (), at_least=wishes), case.seed
            for person in group:
                others = {one: count for one, count in wishes.items() if one != person}
                assert without(oracle, (), at_least=others), (case.seed, person)
            sizes[len(group)] += 1
    assert len(sizes) >= 3, sizes


def test_a_shortage_is_never_told_of_somebody_whom_a_rule_alone_keeps_out():
    met = Counter()
    for case, oracle, matching in judged_ruled(RULED):
        for left in matching.unmatched_mentees:
            if left.code not in ("shortage", "held-by-rule", "not-worth-it"):
                continue
            asked = kept_by_all(matching, left.mentee)
            ruled = oracle.best(at_least=asked) is not None
            bare = oracle.best(required=set(), minimums=False, quotas=[], at_least=asked) is not None
            expected = "not-worth-it" if ruled else "held-by-rule" if bare else "shortage"
            assert left.code == expected, (case.seed, left.mentee)
            met[expected] += 1
    assert min(met[code] for code in ("shortage", "held-by-rule", "not-worth-it")) > 10, met


def test_what_a_loss_says_is_what_requiring_one_more_mentor_would_cost_among_quotas():
    met = 0
    for case, oracle, matching in judged_ruled(RULED):
        given = Counter(mentee for _, mentee in matching.pairs())
        for left in matching.unmatched_mentees:
            if left.code not in ("shortage", "held-by-rule", "not-worth-it"):
                continue
            forced = oracle.best(at_least={left.mentee: given[left.mentee] + 1})
            if left.loss is None:
                assert forced is None, case.seed
            else:
                assert left.loss == {level: oracle.optimum[level] - forced[level] for level in forced}, (
                    case.seed
                )
                met += 1
    assert met > 30


def test_a_mentor_held_by_rules_could_have_one_more_without_them_and_without_no_fewer():
    met = Counter()
    for case, oracle, matching in cases():
        load = Counter(mentor for mentor, _ in matching.pairs())
        for spare in matching.spare_mentors:
            asked = {"load_at_least": {spare.mentor: load[spare.mentor] + 1}}
            possible = without(oracle, (), **asked)
            met[spare.code] += 1
            if spare.code == "held-by-rule":
                rules = spare.facts["rules"]
                for size in range(len(rules) + 1):
                    for dropped in combinations(rules, size):
                        free = without(oracle, dropped, **asked)
                        assert free == (size == len(rules)), (case.seed, spare.mentor, dropped)
            elif spare.loss is not None:
                assert possible, (case.seed, spare.mentor)
                forced = oracle.best(**asked)
                loss = {level: oracle.optimum[level] - forced[level] for level in forced}
                assert spare.loss == loss, case.seed
            elif spare.code == "all-placed" and not load[spare.mentor]:
                assert not possible, (case.seed, spare.mentor)
    assert met["held-by-rule"] >= 20, met
