"""Every reason is true: make the change it speaks of, solve again by trying everything, and compare."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations

from ipmatch.matching import Matching

from ..second_scorer import Second, judged

SEEDS = range(1500)


def reasons(*codes: str):
    """Every unmatched mentee with one of these codes, beside the second scorer of their cohort."""
    for case, oracle, matching in judged(SEEDS):
        for left in matching.unmatched_mentees:
            if left.code in codes or not codes:
                yield case.seed, oracle, matching, left


def had(matching: Matching, mentee: str) -> set[str]:
    return {mentor for mentor, other in matching.pairs() if other == mentee}


def given(matching: Matching) -> Counter[str]:
    return Counter(mentee for _, mentee in matching.pairs())


def difference(before: dict[str, Fraction], after: dict[str, Fraction]) -> dict[str, Fraction]:
    return {level: before[level] - after[level] for level in before}


def decider(loss: dict[str, Fraction]) -> str:
    first = next((level for level, amount in loss.items() if amount), "lottery")
    return first if first in ("score", "lottery") else f"level:{first}"


def test_all_codes_are_met_often_enough_to_mean_something():
    met = Counter(left.code for *_, left in reasons())
    assert all(
        met[code] >= 15 for code in ("no-eligible-mentor", "below-floor", "shortage", "not-worth-it")
    ), met
    assert met["held-by-rule"] >= 8, met


def test_no_eligible_mentor_and_below_floor_count_what_each_rule_removes_and_removes_alone():
    for seed, oracle, matching, left in reasons("no-eligible-mentor", "below-floor"):
        others = [(m, left.mentee) for m in oracle.mentors if m not in had(matching, left.mentee)]
        assert not any(pair in oracle.allowed for pair in others), seed
        removed = Counter(rule for pair in others for rule in oracle.removed[pair])
        alone = Counter(
            rule for pair in others for rule in oracle.removed[pair] if len(oracle.removed[pair]) == 1
        )
        assert left.facts["removed"] == removed, seed
        assert left.facts["alone"] == alone, seed
        assert left.code == ("below-floor" if alone["floor"] else "no-eligible-mentor"), seed
        assert left.decided_by is None
        assert left.loss is None


def test_with_a_mentor_eligible_the_code_is_another():
    for seed, oracle, matching, left in reasons("shortage", "held-by-rule", "not-worth-it"):
        assert {m for m, e in oracle.allowed if e == left.mentee} - had(matching, left.mentee), seed


def test_the_best_pair_just_below_the_floor_is_named_with_what_allowing_it_would_gain():
    met = Counter()
    for seed, oracle, _, left in reasons():
        pairs = [(m, left.mentee) for m in oracle.order[0] if oracle.removed[m, left.mentee] == {"floor"}]
        pairs = [pair for pair in pairs if pair not in oracle.required]
        found = left.facts.get("just_below_floor")
        if not pairs:
            assert found is None, seed
            continue
        best = max(pairs, key=lambda pair: oracle.points[pair])
        assert (found["mentor"], left.mentee) == best, seed
        assert found["tier"] == oracle.tier[best]
        assert found["score"] == oracle.points[best]
        if left.given:
            assert found["gain"] is None
            continue
        gain = difference(oracle.best(allowed=oracle.allowed | {best}), oracle.optimum)
        assert found["gain"] == gain, (seed, left.mentee)
        met["some" if any(gain.values()) else "none"] += 1
        assert ("would change nothing" in left.because) == (not any(gain.values())), (seed, left.because)
        assert ("would place one more mentee" in left.because) == bool(gain.get("placed")), (
            seed,
            left.because,
        )
    assert min(met["some"], met["none"]) > 20, met


def test_a_shortage_names_a_group_that_cannot_all_be_served_and_of_which_nobody_is_idle():
    sizes = Counter()
    for seed, oracle, matching, left in reasons("shortage"):
        facts, count = left.facts, given(matching)
        group, mentors = set(facts["group"]), set(facts["mentors"])
        assert left.mentee in group
        asked = {e: count[e] + (e == left.mentee) for e in group}
        assert not _servable(oracle, asked), seed
        for person in group:
            assert _servable(oracle, {e: n for e, n in asked.items() if e != person}), (seed, person)
        elsewhere = sum(e in group and m not in mentors for m, e in matching.pairs())
        assert facts["places"] == sum(oracle.mentors[m]["capacity"] for m in mentors), seed
        assert facts["needed"] == sum(asked.values()), seed
        assert facts.get("elsewhere", 0) == elsewhere, seed
        assert facts["needed"] == facts["places"] + elsewhere + 1, seed
        # Everybody else who may mentor one of the group does so already, and may do so only once.
        outside = {(m, e) for m, e in oracle.allowed if e in group and m not in mentors}
        assert outside <= matching.pairs(), seed
        sizes[len(group)] += 1
    assert len(sizes) >= 3, sizes


def _servable(oracle: Second, asked: dict[str, int]) -> bool:
    """Whether the allowed pairs and the places alone could give each of these this many mentors."""
    return oracle.best(required=set(), minimums=False, at_least=asked) is not None


def test_held_by_rule_names_the_required_pairs_without_any_one_of_which_it_would_still_hold():
    for seed, oracle, matching, left in reasons("held-by-rule"):
        assert {rule["rule"] for rule in left.facts["rules"]} == {"required-pair"}, seed
        named = {(rule["mentor"], rule["mentee"]) for rule in left.facts["rules"]}
        assert named <= oracle.required
        assert named
        keep = dict(given(matching))
        keep[left.mentee] = keep.get(left.mentee, 0) + 1
        for size in range(len(named) + 1):
            for dropped in combinations(sorted(named), size):
                held = oracle.required - set(dropped)
                free = oracle.best(required=held, minimums=False, at_least=keep) is not None
                assert free == (size == len(named)), (seed, dropped)
        # Minimums never keep anybody out: nobody needs to lose a mentee.
        assert oracle.best(required=oracle.required - named, at_least=keep) is not None, seed


def test_not_worth_it_means_a_place_could_be_had_without_anybody_losing_theirs():
    for seed, oracle, matching, left in reasons("not-worth-it"):
        keep = given(matching) + Counter({left.mentee: 1})
        assert oracle.best(at_least=keep) is not None, seed
        assert oracle.rules["objective"]["levels"][0] != "placed", seed
        assert any(left.loss.values()) or left.decided_by == "lottery", seed


def test_a_loss_is_exactly_what_giving_one_more_mentor_costs_and_says_what_decided():
    met = Counter()
    for seed, oracle, _, left in reasons("shortage", "held-by-rule", "not-worth-it"):
        forced = oracle.best(at_least={left.mentee: left.given + 1})
        if forced is None:
            assert left.loss is None, seed
            assert left.decided_by is None, seed
            assert f"No pairing under the rules gives {left.mentee} " in left.because
            met[None] += 1
            continue
        loss = difference(oracle.optimum, forced)
        assert left.loss == loss, (seed, left.mentee)
        assert left.decided_by == decider(loss), seed
        met[left.decided_by.partition(":")[0]] += 1
    assert all(met[kind] >= 10 for kind in ("score", "lottery", "level")), met


def test_a_spare_mentors_loss_is_exactly_what_one_more_place_used_costs():
    met = Counter()
    for case, oracle, matching in judged(SEEDS):
        seed = case.seed
        for spare in matching.spare_mentors:
            met[spare.code] += 1
            eligible = {e for m, e in oracle.allowed if m == spare.mentor}
            more = eligible - {e for m, e in matching.pairs() if m == spare.mentor}
            served = {e for e, n in given(matching).items() if n == oracle.mentees[e]["mentors_wanted"]}
            if spare.code == "no-eligible-mentee":
                assert not more, seed
                assert (not eligible) == ("further" not in spare.because), seed
                continue
            forced = oracle.best(load_at_least={spare.mentor: spare.given + 1})
            if spare.code == "all-placed":
                assert more <= served, seed
                assert spare.loss is None, seed
                assert spare.given or forced is None, seed
                continue
            loss = difference(oracle.optimum, forced)
            assert spare.loss == loss, (seed, spare.mentor)
            assert spare.code == ("outscored" if any(loss.values()) else "lottery"), seed
    assert all(met[code] >= 10 for code in ("no-eligible-mentee", "all-placed", "outscored", "lottery")), met


def test_facts_and_sentences_name_people_of_the_cohort_only():
    for case, _, matching in judged(SEEDS):
        known = {person["id"] for person in (*case.cohort["mentors"], *case.cohort["mentees"])}
        for text in _sentences(matching):
            words = {word.strip(".,;:()") for word in text.split()}
            assert {
                word for word in words if len(word) == 2 and word[0] in "ME" and word[1].isdigit()
            } <= known, text


def test_a_reason_reads_well():
    for case, _, matching in judged(SEEDS):
        for text in _sentences(matching):
            assert text[0].isalnum() or text[0] == '"', text
            assert text.endswith((".", "?")), text
            for clumsy in (
                "  ",
                " .",
                "..",
                "None ",
                "Decimal",
                "()",
                " 1 places",
                " 1 mentees",
                " 1 mentors",
                " 1 points",
                " 0 ",
                " 1 years",
                "all 1 ",
                " 1 have",
                " 1 are",
                " 1 share ",
                "but gain nothing",
            ):
                assert clumsy not in f"{text} ".replace("None of the", "Not one of the"), (case.seed, text)


def _sentences(matching: Matching):
    for pairing in matching.pairings:
        yield from (note.because for note in (*pairing.flags, *pairing.contributions))
    for group in (
        matching.unmatched_mentees,
        matching.spare_mentors,
        matching.not_taking_part,
        matching.warnings,
    ):
        yield from (reason.because for reason in group)
