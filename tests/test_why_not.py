"""Every price is what matching again says, and every move adds up."""

from __future__ import annotations

import json

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import UsageError
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.study import Study

from .asking import adds_up, holds, lost, matched, named, rematched, shuffled, some_pairs, study
from .second_scorer import judged
from .strategies import solved_ruled

SEEDS = range(745)
SOME = range(0, 680, 12)


def test_a_price_is_what_requiring_the_pair_and_matching_again_loses():
    codes, cohorts = set(), 0
    for case, oracle, matching in judged(SEEDS):
        asked = study(case)
        for pair in some_pairs(case, 1):
            cohorts += 1
            answer, where = asked.why_not(*pair), (case.seed, pair)
            codes.add((answer.code, answer.possible))
            if set(pair) & set(oracle.out):
                assert answer.code == "not-taking-part", where
                assert all(identifier in answer.because for identifier in set(pair) & set(oracle.out))
                continue
            made = pair in matching.pairs()
            assert (answer.code == "already-paired") == made == (answer.change == "forbid"), where
            assert set(answer.rules) == (set() if made else oracle.removed[pair]), where
            assert (answer.code == "not-allowed") == (not made and bool(oracle.removed[pair])), where
            again = matched(case, **named(case, "forbidden_pairs" if made else "required_pairs", pair))
            holds(answer, matching, again, where)
            if again is None:
                continue
            after = adds_up(answer, case, oracle, matching)
            assert (pair in after) != made, where
            zero = not any(answer.loss.values())
            assert ("the lottery decided" in answer.because) == (zero and not answer.rules), where
    assert cohorts > 600
    assert codes == {
        *((code, True) for code in ("already-paired", "costs", "costs-nothing", "not-allowed")),
        *((code, False) for code in ("already-paired", "not-allowed", "not-possible", "not-taking-part")),
    }


def test_the_prices_of_all_pairs_are_those_of_each():
    for case, oracle, matching in judged(range(0, 680, 14)):
        asked = study(case)
        prices = asked.prices()
        assert prices.mentors == tuple(oracle.order[0])
        assert prices.mentees == tuple(oracle.order[1])
        assert prices.known.all()
        for i, mentor in enumerate(prices.mentors):
            for j, mentee in enumerate(prices.mentees):
                answer, where = asked.why_not(mentor, mentee), (case.seed, mentor, mentee)
                assert prices.possible[i, j] == answer.possible, where
                assert prices.of(mentor, mentee) == answer.loss, where
                assert prices.paired[i, j] == ((mentor, mentee) in matching.pairs())
                assert prices.allowed[i, j] == (not oracle.removed[mentor, mentee])


def test_forbidding_and_releasing_a_pair_is_matching_again_without_it():
    codes = set()
    for case, oracle, matching in judged(range(0, 680, 4)):
        asked = study(case)
        required = sorted(oracle.required)
        for pair in required[:2]:
            answer = asked.release(*pair)
            holds(
                answer,
                matching,
                matched(case, **named(case, "required_pairs", pair, dropped=True)),
                case.seed,
            )
            if answer.possible:
                adds_up(answer, case, oracle, matching)
            codes.add(answer.code)
        for pair in some_pairs(case, 1):
            answer = asked.forbid(*pair)
            codes.add(answer.code)
            if answer.code == "not-taking-part":
                continue
            if pair in oracle.required:
                assert answer.code == "not-possible"
                assert answer.conflict == (f"required pair {pair[0]} with {pair[1]}",)
                continue
            holds(answer, matching, matched(case, **named(case, "forbidden_pairs", pair)), (case.seed, pair))
            assert asked.release(*pair).code == "not-required"
    assert codes == {
        "costs", "costs-nothing", "gains", "not-possible", "not-paired", "not-taking-part",
    }  # fmt: skip


def test_a_place_more_or_fewer_is_matching_again_with_it():
    codes = set()
    for case, oracle, matching in judged(range(0, 680, 6)):
        asked = study(case)
        mentor = next(iter(shuffled(case, [person["id"] for person in case.cohort["mentors"]])), None)
        if mentor is None:
            continue
        for step, answer in ((1, asked.one_place_more(mentor)), (-1, asked.one_place_fewer(mentor))):
            codes.add(answer.code)
            if mentor in oracle.out:
                assert answer.code == "not-taking-part"
                continue
            mentors = [
                {**person, "capacity": person["capacity"] + step} if person["id"] == mentor else person
                for person in case.cohort["mentors"]
            ]
            where = case.seed, mentor, step
            assert answer.places == oracle.mentors[mentor]["capacity"] + step
            holds(answer, matching, matched(case, mentors=mentors), where)
            if answer.possible:
                adds_up(answer, case, oracle, matching)
    assert codes >= {"costs", "costs-nothing", "gains", "not-taking-part"}


def test_the_alternatives_of_somebody_are_the_cheapest_of_all_their_prices():
    for case, oracle, matching in judged(SOME):
        asked = study(case)
        for mentee in list(oracle.mentees)[:2]:
            every = [asked.why_not(mentor, mentee) for mentor in oracle.mentors]
            open_to = [one for one in every if one.possible and one.code in ("costs", "costs-nothing")]
            ranked = sorted(
                open_to,
                key=lambda one: (*one.loss.values(), -oracle.points[one.mentor, one.mentee], one.mentor),
            )
            assert asked.alternatives(mentee=mentee, most=2) == tuple(ranked[:2]), case.seed
        for mentor, mentee in sorted(matching.pairs())[:1]:
            found = asked.alternatives(mentor=mentor, mentee=mentee, most=99)
            assert all((one.mentor == mentor) != (one.mentee == mentee) for one in found)
            assert [tuple(one.loss.values()) for one in found] == sorted(
                tuple(one.loss.values()) for one in found
            )
            mine = asked.alternatives(mentor=mentor, most=99)
            assert {*mine, *asked.alternatives(mentee=mentee, most=99)} == set(found)


def test_a_study_has_the_matching_that_match_has():
    for case, _, matching in judged(range(0, 680, 60)):
        assert study(case).matching == matching


def test_a_sentence_tells_the_price_and_who_moves():
    people = {
        "mentors": [
            {"id": "M1", "sectors": ["icb"], "region": "Kent"},
            {"id": "M2", "sectors": ["icb"]},
        ],
        "mentees": [{"id": "E1", "sectors": ["icb"], "region": "Kent"}, {"id": "E2", "sectors": ["icb"]}],
    }
    asked = Study(Cohort.model_validate(people))
    insisting = "Insisting on M2 for E1 costs 10 points: E1 loses 10, E2 moves to M1 and scores the same."
    assert asked.why_not("M2", "E1").because == insisting
    assert asked.why_not("M1", "E1").because == (
        "M1 and E1 are paired. Doing without costs 10 points: "
        "E1 moves to M2 and loses 10, E2 moves to M1 and scores the same."
    )
    assert asked.one_place_fewer("M1").because == (
        "One place fewer at M1 costs 1 placed mentee and 75 points: E1 is left without a mentor and loses 75."
    ) or asked.one_place_fewer("M1").because.startswith("One place fewer at M1 costs 1 placed mentee and 65")
    assert asked.one_place_more("M2").because == "One place more at M2 changes nothing."


def test_what_loses_though_nobody_moves_is_not_said_to_change_nothing():
    """The loss stood in the data, and the sentence said that nothing changes."""
    people = {
        "mentors": [{"id": "M1", "sectors": ["icb"], "capacity": 2}, {"id": "M2", "sectors": ["icb"]}],
        "mentees": [{"id": "E1", "sectors": ["icb"]}],
    }
    balanced = Policy(objective={"levels": ["placed", "balance", "score"]})
    asked = Study(Cohort.model_validate(people), balanced)
    assert asked.one_place_fewer("M1").because == (
        "One place fewer at M1 costs 0.5 units of balance: nobody moves."
    )
    fair = Policy(tiers={"order": ["sector", "outlier"]}, objective={"levels": ["placed", "fairness"]})
    people = {
        "mentors": [{"id": "M1", "sectors": ["icb"]}, {"id": "M2"}],
        "mentees": [{"id": "E1", "sectors": ["icb"]}, {"id": "E2"}],
        "required_pairs": [{"mentor": "M2", "mentee": "E2"}],
    }
    asked = Study(Cohort.model_validate(people), fair)
    assert asked.release("M2", "E2").because == (
        "Not requiring M2 for E2 any more costs 65 points of the lowest score: nobody moves."
    )


def test_an_id_in_another_case_or_without_its_zeros_is_asked_about():
    mentors = [{"id": "M05"}, {"id": "M50"}, {"id": "M007"}, {"id": "M07"}]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": [{"id": "E1"}]})
    asked = Study(cohort)
    for typed, mend in (
        ("m5", 'Did you mean "M05"?'),
        ("M050", 'Did you mean "M50"?'),
        ("M7", "Check the id."),
    ):
        with pytest.raises(UsageError) as caught:
            asked.why_not(typed, "E1")
        assert str(caught.value) == f'mentor: no mentor has the id "{typed}". {mend}'
    with pytest.raises(UsageError, match=r'without: nobody here has the id "e01"\. Did you mean "E1"\?'):
        asked.without("e01")
    with pytest.raises(UsageError, match=r'withdraw M5: nobody here has the id "M5"\. Did you mean "M05"\?'):
        match(cohort, decisions=[Decision(kind="withdraw", id="M5")])


def test_an_unknown_id_is_said_all_at_once():
    asked = Study(Cohort.model_validate({"mentors": [{"id": "M1"}], "mentees": [{"id": "E1"}]}))
    with pytest.raises(UsageError) as caught:
        asked.why_not("E1", "X")
    assert str(caught.value).splitlines() == [
        'mentor: no mentor has the id "E1". Name the mentor first, then the mentee.',
        'mentee: no mentee has the id "X". Check the id.',
    ]
    for question in (asked.one_place_more, asked.without, lambda one: asked.letter(mentee=one)):
        with pytest.raises(UsageError, match='the id "X"'):
            question("X")
    with pytest.raises(UsageError, match="exactly one"):
        asked.letter()
    with pytest.raises(UsageError, match="exactly one"):
        asked.explain()


def test_an_answer_survives_writing_and_reading():
    for case, _, _ in judged(range(0, 680, 60)):
        asked = study(case)
        for pair in some_pairs(case, 2):
            answer = asked.why_not(*pair)
            text = json.dumps(answer.model_dump(mode="json"))
            assert type(answer).model_validate(json.loads(text)) == answer


def test_prices_hold_beside_quotas_too():
    codes = set()
    for seed in range(200):
        case, matching = solved_ruled(seed)
        if matching is None:
            continue
        asked = study(case)
        for pair in some_pairs(case, 1):
            answer, where = asked.why_not(*pair), (seed, pair)
            codes.add(answer.code)
            if answer.code == "not-taking-part":
                continue
            field = "forbidden_pairs" if pair in matching.pairs() else "required_pairs"
            holds(answer, matching, matched(case, **named(case, field, pair)), where)
            if matching.certificate.method != "network":
                continue
            prices = asked.prices()
            place = prices.mentors.index(pair[0]), prices.mentees.index(pair[1])
            assert prices.of(*pair) == answer.loss or not prices.known[place], where
        for identifier in shuffled(case, sorted({person for pair in matching.pairs() for person in pair}))[
            :1
        ]:
            found = asked.without(identifier)
            again = rematched(case, matching, "tie-break", identifier)
            assert found.possible == (again is not None), (seed, identifier)
            if again is not None:
                assert dict(found.best.loss) == lost(matching, again), (seed, identifier)
    assert codes >= {"already-paired", "costs", "costs-nothing", "not-allowed", "not-possible"}
