"""``rematch`` on some 550 second rounds, judged by a second scorer that tries everything."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.document import decimal_of
from ipmatch.errors import UsageError
from ipmatch.front_door import match, rematch, verify
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.words import lost

from .rounds import KEEPS, judge, rematched, second_round
from .test_match import shuffled, text

SEEDS = range(680)
SOME = range(0, 680, 8)


def rounds(seeds=SEEDS):
    """Every second round that has a re-matching, with its judge, in every mode."""
    for seed in seeds:
        for keep in KEEPS:
            if second_round(seed) is not None and (again := rematched(seed, keep)) is not None:
                yield second_round(seed), judge(seed, keep), again


def reasons_for_release(again: Matching):
    """Each sentence about an earlier pair still possible but not kept, with its mentor and mentee."""
    for change in again.rematch.changes:
        for found in re.finditer(r"(M\d) is still possible, but ([^.]*(?:\.\d[^.]*)*)\.", change.because):
            yield (found[1], change.mentee), found[2]


def test_every_level_reaches_exactly_what_trying_everything_reaches():
    compared = Counter()
    for found, oracle, again in rounds():
        reached = {level.level: Fraction(level.value) for level in again.objective}
        assert list(reached.items()) == list(oracle.optimum.items()), (found.case.seed, oracle.keep)
        assert reached == oracle.value(again.pairs())
        compared[oracle.keep] += 1
    assert min(compared.values()) > 500


def test_it_is_infeasible_exactly_when_trying_everything_finds_nothing():
    clashes = 0
    for seed in SEEDS:
        if second_round(seed) is None:
            continue
        oracle = judge(seed, "all")
        impossible = bool(oracle.clash) or oracle.optimum is None
        assert all((rematched(seed, keep) is None) == impossible for keep in KEEPS), seed
        clashes += impossible
    assert clashes > 20


def test_what_is_counted_is_so():
    for _, oracle, again in rounds():
        told = again.rematch
        assert told.keep == oracle.keep
        assert set(told.earlier) == oracle.earlier
        assert told.still_possible == len(oracle.still_possible)
        assert told.kept == len(oracle.earlier & again.pairs())


def test_the_mode_all_keeps_as_many_as_any_matching_could_and_the_others_no_more():
    differing = 0
    for seed in SEEDS:
        modes = [rematched(seed, keep) for keep in KEEPS]
        if None in modes:
            continue
        kept = [again.rematch.kept for again in modes]
        assert kept[0] == judge(seed, "all").optimum["keep"] >= max(kept)
        assert modes[1].summary.placed >= modes[0].summary.placed
        differing += kept[0] > kept[2]
    assert differing > 30


def test_without_cuts_minimums_or_new_required_pairs_every_pair_still_possible_stays():
    seen = 0
    for found, oracle, again in rounds():
        free = oracle.required <= oracle.earlier and not any(
            m["min_mentees"] for m in oracle.mentors.values()
        )
        if again.rematch.keep == "all" and free and not found.is_cut:
            assert again.rematch.kept == again.rematch.still_possible, found.case.seed
            seen += again.rematch.kept > 0
    assert seen > 60


def test_every_pair_that_ended_is_told_once_and_why_is_true():
    codes = Counter()
    for found, oracle, again in rounds():
        told = [(pair.mentor, pair.mentee) for pair in again.rematch.ended]
        assert sorted(told) == sorted(oracle.earlier - oracle.still_possible)
        here = {person["id"] for side in ("mentors", "mentees") for person in found.cohort[side]}
        for pair in again.rematch.ended:
            codes[pair.code] += 1
            both = pair.mentor, pair.mentee
            if pair.code == "removed-by-rule":
                assert set(pair.facts["rules"]) == oracle.removed[both]
                continue
            out = [one for one in both if one in oracle.out or one not in here]
            assert list(pair.facts["ids"]) == out
            assert list(pair.facts["codes"]) == [oracle.out[one] for one in out if one in oracle.out]
            assert (pair.code == "not-taking-part") == any(one in oracle.out for one in out)
            for one in out:
                assert f"{one} is not in this cohort." in pair.because or one in here
                assert one in pair.because
    assert min(codes[code] for code in ("removed-by-rule", "not-taking-part", "not-in-cohort")) > 20


def test_every_difference_is_told_exactly_once_and_nobody_else_is_named():
    codes = Counter()
    for _, oracle, again in rounds():
        told, gone, new = Counter(), set(), set()
        for change in again.rematch.changes:
            told[change.mentee] += 1
            codes[change.code] += 1
            before, after = (
                {(mentor, change.mentee) for mentor in mentors} for mentors in (change.before, change.after)
            )
            assert before == {pair for pair in oracle.earlier if pair[1] == change.mentee} != after
            gone |= before - after
            new |= after - before
            assert change.code == expected_code(change, oracle)
        assert set(told.values()) <= {1}
        assert (gone, new) == (oracle.earlier - again.pairs(), again.pairs() - oracle.earlier)
    assert set(codes) == {"moved", "newly-placed", "newly-alone", "fewer-mentors", "more-mentors", "left"}


def expected_code(change, oracle) -> str:
    if change.mentee not in oracle.mentees:
        return "left"
    if not change.before or not change.after:
        return "newly-placed" if change.after else "newly-alone"
    more = len(change.after) - len(change.before)
    return "moved" if more == 0 else "more-mentors" if more > 0 else "fewer-mentors"


def test_a_change_gives_the_reason_for_every_mentor_lost():
    for _, _, again in rounds():
        ended = {(pair.mentor, pair.mentee): pair.because for pair in again.rematch.ended}
        released = {pair for pair, _ in reasons_for_release(again)}
        assert len(released) == again.rematch.still_possible - again.rematch.kept
        for change in again.rematch.changes:
            for mentor in set(change.before) - set(change.after):
                pair = (mentor, change.mentee)
                assert pair in released or ended[pair] in change.because


def test_where_keeping_comes_first_only_a_full_mentor_or_mentee_stands_in_the_way_and_that_is_true():
    seen = Counter()
    for _, oracle, again in rounds():
        for pair, words in reasons_for_release(again):
            full = re.match(r"(M\d|E\d) (has|asks for) only (\d) \w+, and .*?([ME]\d .*?)(;|$)", words)
            if full is None:
                assert oracle.levels()[0] != "keep", words
                continue
            who, others = full[1], re.findall(r"([ME]\d) \((.*?)\)", full[4])
            assert who in pair
            side = 0 if full[2] == "has" else 1
            person = (oracle.mentors if side == 0 else oracle.mentees)[who]
            assert person["capacity" if side == 0 else "mentors_wanted"] == int(full[3]) == len(others)
            for other, basis in others:
                used = (who, other) if side == 0 else (other, who)
                assert used in again.pairs()
                assert basis_is_true(basis, used, oracle, again)
                seen[basis.split()[0]] += 1
    assert set(seen) == {"kept", "required", "who"}


def basis_is_true(basis, pair, oracle, again) -> bool:
    if basis == "required":
        return pair in oracle.required
    if basis == "kept":
        return pair in oracle.earlier
    least = oracle.mentors[pair[0]]["min_mentees"]
    load = sum(mentor == pair[0] for mentor, _ in again.pairs())
    return f"at least {least} mentee" in basis and load == least


def test_the_price_of_keeping_a_pair_is_what_insisting_on_it_costs():
    seen = Counter()
    for found, oracle, again in rounds():
        for pair, words in reasons_for_release(again):
            both = "{} with {}".format(*pair)
            forced = oracle.best(required=oracle.required | {pair})
            if forced is None:
                assert words.endswith(f"no matching that keeps every rule has {both}")
                seen["impossible"] += 1
                continue
            losses = {level: best - forced[level] for level, best in oracle.optimum.items()}
            loss = {level: decimal_of(x.numerator, x.denominator) for level, x in losses.items()}
            if any(losses.values()):
                assert words.endswith(f"keeping {both} would cost {lost(loss)}"), (found.case.seed, words)
                seen["costs"] += 1
            else:
                assert words.endswith(f"keeping {both} would be as good, and the lottery decided")
                seen["lottery"] += 1
    assert seen["costs"] > 50
    assert set(seen) == {"impossible", "costs", "lottery"}


def test_every_re_matching_verifies_and_a_lie_about_the_earlier_pairs_does_not():
    lies = 0
    for found, _, again in rounds(SOME):
        cohort, criteria = Cohort.model_validate(found.cohort), found.case.criteria
        assert verify(cohort, again, criteria=criteria).faults == (), found.case.seed
        told = again.rematch
        changes = (
            {"kept": told.kept + 1},
            {"still_possible": told.still_possible + 1},
            {"changes": told.changes[1:]} if told.changes else {"kept": -1},
            {"ended": told.ended[1:]} if told.ended else {"kept": -1},
            {"earlier": told.earlier[1:]} if told.earlier else {"kept": -1},
        )
        change = changes[lies % len(changes)]
        wrong = again.model_copy(update={"rematch": told.model_copy(update=change)})
        assert not verify(cohort, wrong, criteria=criteria).ok, (found.case.seed, change)
        assert not verify(cohort, again.model_copy(update={"rematch": None}), criteria=criteria).ok
        lies += 1
    assert lies > 150


def test_the_order_of_rows_and_of_earlier_pairs_changes_no_byte():
    draw = Random("order")
    for found, oracle, again in rounds(SOME):
        cohort = Cohort.model_validate(shuffled(draw, found.cohort))
        pairings = tuple(draw.sample(found.previous.pairings, len(found.previous.pairings)))
        previous = found.previous.model_copy(update={"pairings": pairings})
        assert text(rematch(cohort, previous, keep=oracle.keep, criteria=found.case.criteria)) == text(again)


def test_a_re_matching_can_be_the_earlier_one_of_the_next_and_where_nothing_changed_nobody_moves():
    for found, _, again in rounds(SOME):
        cohort, criteria = Cohort.model_validate(found.cohort), found.case.criteria
        read = Matching.model_validate(json.loads(text(again)))
        third = rematch(cohort, read, keep="all", criteria=criteria)
        assert third.pairs() >= again.pairs(), found.case.seed
        assert (third.rematch.ended, third.rematch.kept) == ((), len(again.pairs()))
        assert verify(cohort, third, criteria=criteria).ok


def test_the_rules_are_those_of_the_earlier_matching_unless_others_are_given():
    cohort = Cohort.model_validate(
        {
            "mentors": [{"id": "M1"}],
            "mentees": [{"id": "E1"}],
            "policy": {"objective": {"seed": 5}},
        }
    )
    outliers = Policy(tiers={"order": ["outlier"]})
    previous = match(cohort, outliers)
    assert rematch(cohort, previous).run.policy == outliers
    assert rematch(cohort, previous).pairs() == {("M1", "E1")}
    assert rematch(cohort, previous, Policy()).pairs() == set()


def test_a_level_keep_in_the_rules_is_placed_where_they_say():
    for found, _, again in rounds(range(0, 300, 8)):
        rules = found.previous.run.policy
        levels = rules.objective.levels
        placed = rules.replace(objective={"levels": [*levels, "keep"]})
        cohort, criteria = Cohort.model_validate(found.cohort), found.case.criteria
        by_rule = rematch(cohort, found.previous, placed, keep="all", criteria=criteria)
        if again.rematch.keep == "tie-break":
            assert by_rule.pairs() == again.pairs()
            assert by_rule.objective == again.objective


def test_an_id_that_changed_sides_is_told_of_as_such():
    first = Cohort(
        mentors=[{"id": "A"}], mentees=[{"id": "B"}], required_pairs=[{"mentor": "A", "mentee": "B"}]
    )
    second = Cohort(mentors=[{"id": "B"}], mentees=[{"id": "C"}])
    told = rematch(second, match(first)).rematch
    assert told.ended[0].because == "A is not in this cohort. B is a mentor now."
    assert told.changes[0].because == "B no longer takes part. A is not in this cohort. B is a mentor now."


def test_a_decision_about_nobody_is_refused_as_in_match():
    cohort = Cohort(mentors=[{"id": "M1"}], mentees=[{"id": "E1"}])
    with pytest.raises(UsageError, match='nobody here has the id "M9"'):
        rematch(cohort, match(cohort), decisions=[Decision(kind="withdraw", id="M9")])
