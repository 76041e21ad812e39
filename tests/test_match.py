"""``match`` on some 1,500 tiny cohorts, judged by a second scorer and by trying everything."""

import json
import re
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match
from ipmatch.policy import Policy

from .second_scorer import OVERRIDDEN, Second, judged, second
from .strategies import SCOPES, Case, random_case, solved

SEEDS = range(1500)
SOME = range(0, 1500, 4)


def text(matching) -> str:
    return json.dumps(matching.model_dump(mode="json"), ensure_ascii=False)


def shuffled(draw: Random, value: Any, key: str = "") -> Any:
    """The same document with rows, list items and keys in another order; an order of preference stays."""
    if isinstance(value, dict):
        keys = draw.sample(list(value), len(value))
        return {name: shuffled(draw, value[name], name) for name in keys}
    if isinstance(value, list):
        items = [shuffled(draw, item) for item in value]
        return items if key in ("prefers", "order", "levels") else draw.sample(items, len(items))
    return value


def test_every_level_reaches_exactly_what_trying_everything_reaches():
    for case, oracle, matching in judged(SEEDS):
        reached = {level.level: Fraction(level.value) for level in matching.objective}
        assert list(reached.items()) == list(oracle.optimum.items()), case.seed
        assert reached == oracle.value(matching.pairs()), case.seed
        assert all(level.bound == level.value for level in matching.objective)


def test_it_is_infeasible_exactly_when_trying_everything_finds_nothing():
    clashes = [seed for seed in SEEDS if solved(seed)[1] is None]
    assert len(clashes) > 50
    for seed in SEEDS:
        oracle = second(seed)
        assert (seed in clashes) == (bool(oracle.clash) or oracle.optimum is None), seed


def test_a_clash_names_rules_of_which_every_one_is_needed():
    for seed in SEEDS:
        case, matching = solved(seed)
        if matching is not None:
            continue
        oracle = second(seed)
        with pytest.raises(InfeasibleError) as caught:
            case.match()
        conflict = caught.value.conflict
        assert all(member in str(caught.value) for member in conflict)
        if oracle.clash:
            required, ban = conflict
            pair = tuple(re.findall(r"[ME]\d", required))
            assert pair in oracle.clash
            assert ban.endswith(f"{pair[0]} with {pair[1]}")
            continue
        rules = [_rule(member) for member in conflict]
        assert _holds(oracle, rules) is False, seed
        for rule in rules:
            assert _holds(oracle, [other for other in rules if other != rule]), (seed, rule)


def _rule(member: str) -> tuple[str, str | int]:
    if found := re.fullmatch(r"required pair (M\d) with (E\d)", member):
        return found[1], found[2]
    found = re.fullmatch(r"(M\d) must have at least (\d) mentees?", member)
    assert found, member
    return found[1], int(found[2])


def _holds(oracle: Second, rules) -> bool:
    required = {rule for rule in rules if isinstance(rule[1], str)}
    minimums = {rule[0]: rule[1] for rule in rules if isinstance(rule[1], int)}
    return oracle.best(required=required, minimums=minimums) is not None


def test_contributions_add_up_to_the_score_and_scores_to_the_objective():
    for case, oracle, matching in judged(SEEDS):
        for pairing in matching.pairings:
            pair = pairing.mentor, pairing.mentee
            assert sum(part.points for part in pairing.contributions) == pairing.score, case.seed
            assert Fraction(pairing.score) == oracle.points[pair], case.seed
            assert pairing.tier == oracle.tier[pair], case.seed
            assert {part.criterion for part in pairing.contributions} == set(oracle.weights())
            for part in pairing.contributions:
                assert Fraction(part.strength) == oracle.strength[pair][part.criterion], case.seed
                assert (part.points * matching.scale) % 1 == 0
        for level in matching.objective:
            if level.level == "score":
                assert level.value == sum(pairing.score for pairing in matching.pairings)


def test_hard_is_hard():
    for case, oracle, matching in judged(SEEDS):
        pairs = matching.pairs()
        assert len(pairs) == len(matching.pairings)
        assert oracle.required <= pairs <= oracle.allowed, case.seed
        for pairing in matching.pairings:
            pair = pairing.mentor, pairing.mentee
            assert (pairing.basis == "required") == (pair in oracle.required)
            despite = [flag for flag in pairing.flags if flag.code == "required-despite"]
            assert {rule for flag in despite for rule in flag.facts["rules"]} == oracle.removed[pair], (
                case.seed
            )
            assert oracle.removed[pair] <= OVERRIDDEN
        for identifier, mentor in oracle.mentors.items():
            load = sum(pair[0] == identifier for pair in pairs)
            assert mentor["min_mentees"] <= load <= mentor["capacity"], case.seed
        for identifier, mentee in oracle.mentees.items():
            assert sum(pair[1] == identifier for pair in pairs) <= mentee["mentors_wanted"], case.seed


def test_everyone_and_every_place_is_accounted_for_exactly_once():
    for case, oracle, matching in judged(SEEDS):
        out = {person.id: person.code for person in matching.not_taking_part}
        assert len(out) == len(matching.not_taking_part)
        assert out == oracle.out, case.seed
        places = [(pairing.mentor, 1) for pairing in matching.pairings]
        places += [(spare.mentor, spare.capacity - spare.given) for spare in matching.spare_mentors]
        places += [(pairing.mentee, 1) for pairing in matching.pairings]
        places += [(left.mentee, left.wanted - left.given) for left in matching.unmatched_mentees]
        assert all(number > 0 for _, number in places)
        counted = {
            identifier: sum(n for other, n in places if other == identifier) for identifier, _ in places
        }
        assert counted == {
            p["id"]: p.get("capacity", p.get("mentors_wanted"))
            for p in (*oracle.mentors.values(), *oracle.mentees.values())
        }, case.seed
        for group, key in (
            ("unmatched_mentees", "mentee"),
            ("spare_mentors", "mentor"),
            ("not_taking_part", "id"),
        ):
            ids = [getattr(person, key) for person in getattr(matching, group)]
            assert ids == sorted(set(ids))
        assert [(p.mentor, p.mentee) for p in matching.pairings] == sorted(matching.pairs())


def test_the_summary_counts_what_is_there():
    for case, oracle, matching in judged(SEEDS):
        summary = matching.summary
        assert (summary.mentors, summary.mentees) == (
            len(case.cohort["mentors"]),
            len(case.cohort["mentees"]),
        )
        assert (summary.taking_part.mentors, summary.taking_part.mentees) == (
            len(oracle.mentors),
            len(oracle.mentees),
        )
        assert summary.places == sum(mentor["capacity"] for mentor in oracle.mentors.values())
        assert summary.placed == len({mentee for _, mentee in matching.pairs()})
        assert sum(summary.tiers.values()) == len(matching.pairings)


def test_the_order_of_rows_keys_and_list_items_changes_no_byte():
    for case, _, matching in judged(SOME):
        draw = Random(case.seed)
        other = Case(case.seed, shuffled(draw, case.cohort), shuffled(draw, case.policy), case.criteria)
        assert text(other.match()) == text(matching), case.seed


def test_new_ids_redraw_the_lottery_and_change_nothing_else():
    for case, _, matching in judged(range(0, 1500, 10)):
        swapped = {f"M{i}": f"mentor {9 - i}" for i in range(4)} | {
            f"E{j}": f"entrée {9 - j}" for j in range(5)
        }
        renamed = json.dumps(case.cohort)
        for old, new in swapped.items():
            renamed = renamed.replace(f'"{old}"', json.dumps(new))
        again = Case(case.seed, json.loads(renamed), case.policy, case.criteria).match()
        assert again.objective == matching.objective, case.seed


def test_a_newcomer_in_another_component_changes_nobody_elses_pairing():
    for case, _, matching in judged(range(0, 1500, 10)):
        mentor = {**random_case(0).cohort["mentors"][0], "id": "A new mentor", "years_prescribing": 9}
        mentee = {"id": "a new mentee", "sectors": mentor["sectors"], "scopes": SCOPES}
        bans = [{"mentor": mentor["id"], "mentee": other["id"]} for other in case.cohort["mentees"]]
        bans += [{"mentor": other["id"], "mentee": mentee["id"]} for other in case.cohort["mentors"]]
        again = case.match(
            mentors=[mentor, *case.cohort["mentors"]],
            mentees=[*case.cohort["mentees"], mentee],
            forbidden_pairs=[*case.cohort["forbidden_pairs"], *bans],
        )
        assert again.pairs() - {(mentor["id"], mentee["id"])} == matching.pairs(), case.seed


def test_decisions_are_the_cohort_edited_by_hand():
    compared = 0
    for case, oracle, matching in judged(SOME):
        chosen = sorted(
            pair for pair in oracle.allowed if not oracle.removed[pair] and pair not in oracle.required
        )
        if len(chosen) < 3 or not oracle.mentees:
            continue
        draw = Random(case.seed)
        (m, e), (n, f) = draw.sample(chosen, 2)
        gone = draw.choice([*oracle.order[0], *oracle.order[1]])
        decisions = [
            Decision(kind="withdraw", id=gone, reason="private"),
            Decision(kind="require", mentor=m, mentee=e),
            Decision(kind="forbid", mentor=n, mentee=f),
        ]
        hand = json.loads(json.dumps(case.cohort))
        hand["required_pairs"].append({"mentor": m, "mentee": e})
        if {"mentor": n, "mentee": f} not in hand["forbidden_pairs"]:
            hand["forbidden_pairs"].append({"mentor": n, "mentee": f})
        for person in (*hand["mentors"], *hand["mentees"]):
            if person["id"] == gone:
                person["status"] = "withdrawn"
        cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
        edited = Second(hand, case.policy, case.criteria)
        if edited.clash or edited.optimum is None:
            with pytest.raises(InfeasibleError, match="cannot all hold"):
                match(cohort, policy, criteria=case.criteria, decisions=decisions)
            continue
        expected = Case(case.seed, hand, case.policy, case.criteria).match()
        decided = match(cohort, policy, criteria=case.criteria, decisions=decisions)
        assert "private" not in text(decided)
        assert decided.run.cohort_sha256 == matching.run.cohort_sha256
        assert [decision.kind for decision in decided.run.decisions] == ["withdraw", "require", "forbid"]
        same = {"run": matching.run}
        assert decided.model_copy(update=same) == expected.model_copy(update=same), case.seed
        compared += 1
    assert compared > 50


def test_a_matching_survives_writing_and_reading():
    for case, _, matching in judged(range(0, 1500, 5)):
        again = type(matching).model_validate(json.loads(text(matching)))
        assert again == matching, case.seed
        assert text(again) == text(matching)


def test_as_a_graph_everybody_is_a_node_and_every_pairing_an_edge_with_its_score():
    for case, oracle, matching in judged(range(0, 300, 5)):
        graph = matching.to_graph()
        sides = {one["id"]: side for side in ("mentor", "mentee") for one in case.cohort[f"{side}s"]}
        assert dict(graph.nodes(data="side")) == sides, case.seed
        scores = {(pairing.mentor, pairing.mentee): pairing.score for pairing in matching.pairings}
        assert {(a, b) if a in oracle.mentors else (b, a) for a, b in graph.edges} == set(scores), case.seed
        assert all(graph.edges[pair]["score"] == score for pair, score in scores.items()), case.seed


def test_requiring_everyone_to_be_placed_names_who_is_not():
    cohort = Cohort.model_validate({"mentors": [{"id": "M1", "sectors": ["icb"]}], "mentees": [{"id": "E1"}]})
    assert match(cohort).summary.placed == 0
    with pytest.raises(InfeasibleError, match="E1: ") as caught:
        match(cohort, require_all=True)
    assert caught.value.conflict == ("E1 must be placed",)


def test_nobody_on_one_side_is_a_valid_cohort_with_one_warning():
    for mentors, mentees, code in (([], ["E1"], "no-mentors"), (["M1"], [], "no-mentees")):
        cohort = {"mentors": [{"id": x} for x in mentors], "mentees": [{"id": x} for x in mentees]}
        matching = match(Cohort.model_validate(cohort))
        assert [note.code for note in matching.warnings] == [code]
        assert len(matching.unmatched_mentees) + len(matching.spare_mentors) == 1
    assert match(Cohort()).pairings == ()


def test_the_programmes_own_words_stay_out_of_the_matching():
    person = {
        "name": "Ana Secret",
        "email": "ana@secret.example",
        "gphc_number": "7777777",
        "scope_text": "sore throats",
    }
    cohort = Cohort.model_validate(
        {
            "mentors": [{"id": "M1", "sectors": ["icb"], **person}],
            "mentees": [{"id": "E1", "sectors": ["icb"]}],
            "required_pairs": [{"mentor": "M1", "mentee": "E1", "reason": "secret reason"}],
        }
    )
    written = text(match(cohort)).casefold()
    for secret in ("secret", "7777777", "sore throats"):
        assert secret not in written
