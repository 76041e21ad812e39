"""Sessions with places: judged by sharing out every set of pairs in every way."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import product
from math import prod
from random import Random

import pytest

import ipmatch as ip
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.reading.documents import read_policy
from ipmatch.solving.sessions import shared_out
from ipmatch.writing.files import text_of

from .enumerated import every_pairing
from .second_scorer import Second
from .strategies import ORDERS, Case, random_case

SEEDS = range(170)
LABELS = ("mon", "tue", "wed")


def session_case(seed: int) -> Case:
    case, draw = random_case(seed), Random(f"ipmatch sessions {seed}")
    for person in (*case.cohort["mentors"], *case.cohort["mentees"]):
        person["availability"] = draw.sample(LABELS, draw.choice([0, 1, 1, 2, 2, 3]))
    chosen = draw.sample(LABELS, draw.choice([1, 2, 2, 3]))
    sessions = [{"label": label, "places": draw.choice([None, 0, 1, 1, 1, 2])} for label in chosen]
    policy = {**case.policy, "sessions": sessions, "tiers": {"order": ORDERS[8]}}
    policy.setdefault("eligibility", {}).pop("availability", None)
    return Case(case.seed, case.cohort, policy, case.criteria)


def able(case: Case, pair):
    """The places, in the policy's list, of the sessions both can come to."""
    people = {person["id"]: person for person in (*case.cohort["mentors"], *case.cohort["mentees"])}
    given = [people[one]["availability"] for one in pair]
    sessions = case.policy["sessions"]
    return [
        k for k, session in enumerate(sessions) if all(not mine or session["label"] in mine for mine in given)
    ]


def fits(case: Case, pairs) -> bool:
    """Whether some way of sharing the pairs out keeps every session's places."""
    ways = [able(case, pair) for pair in pairs if able(case, pair)]
    most = [session["places"] for session in case.policy["sessions"]]
    counts = (Counter(way) for way in product(*ways))
    return any(all(most[k] is None or many <= most[k] for k, many in count.items()) for count in counts)


def judge(case: Case) -> Second:
    oracle = Second(case.cohort, case.policy, case.criteria)
    oracle.allowed = {pair for pair in oracle.allowed if pair in oracle.required or able(case, pair)}
    return oracle


def cases():
    for seed in SEEDS:
        case = session_case(seed)
        oracle = judge(case)
        ways = prod(2 ** sum(pair[1] == e for pair in oracle.allowed) for e in oracle.mentees)
        if ways <= 300 and not oracle.clash and oracle.mentees:
            yield case, oracle, [pairs for pairs in every_pairing(oracle) if fits(case, pairs)]


def test_values_sessions_and_proof_are_those_of_trying_everything():
    met = Counter()
    for case, oracle, pairings in cases():
        cohort, policy = ip.Cohort.model_validate(case.cohort), ip.Policy.model_validate(case.policy)
        if not pairings:
            with pytest.raises(InfeasibleError):
                ip.match(cohort, policy, criteria=case.criteria)
            met["infeasible"] += 1
            continue
        matching = ip.match(cohort, policy, criteria=case.criteria)
        best = max(tuple(oracle.value(pairs).values()) for pairs in pairings)
        assert tuple(level.value for level in matching.objective) == best, case.seed
        taken = Counter()
        for pairing in matching.pairings:
            open_to = able(case, (pairing.mentor, pairing.mentee))
            labels = [policy.sessions[k].label for k in open_to]
            assert pairing.session in labels if labels else pairing.session is None, case.seed
            taken[pairing.session] += 1
        for session in policy.sessions:
            assert session.places is None or taken[session.label] <= session.places, case.seed
        assert ip.verify(cohort, matching, criteria=case.criteria).faults == (), case.seed
        met[matching.certificate.method] += 1
        for left in matching.unmatched_mentees:
            met[left.code] += 1
            for repair in left.repairs:
                met[repair.code] += 1
    assert met["lagrangian"] > 8, met
    assert met["network"] > 8, met
    assert met["infeasible"] > 0, met
    assert met["raise-session-places"] > 1, met


PEOPLE = {
    "mentors": [
        {"id": "M1", "sectors": ["icb"], "availability": ["Mon 18:00", "Tue 18:00"]},
        {"id": "M2", "sectors": ["icb"], "availability": ["mon  18:00"]},
        {"id": "M3", "sectors": ["icb"]},
    ],
    "mentees": [
        {"id": "E1", "sectors": ["icb"], "availability": ["Mon 18:00"]},
        {"id": "E2", "sectors": ["icb"], "availability": ["Mon 18:00", "Tue 18:00"]},
        {"id": "E3", "sectors": ["icb"], "availability": ["Fri 9:00"]},
    ],
}
EVENINGS = [{"label": "Mon 18:00", "places": 1}, {"label": "Tue 18:00"}]


def matched(sessions=EVENINGS, **changes):
    return ip.match(ip.Cohort.model_validate(PEOPLE | changes), ip.Policy(sessions=sessions))


def test_both_of_a_pair_come_to_the_session_that_is_named_and_unknown_availability_is_flagged():
    matching = matched()
    assert {pairing.mentee: pairing.session for pairing in matching.pairings} == {
        "E1": "Mon 18:00",
        "E2": "Tue 18:00",
    }
    for pairing in matching.pairings:
        flagged = [flag.facts["id"] for flag in pairing.flags if flag.code == "unknown-availability"]
        assert flagged == (["M3"] if pairing.mentor == "M3" else [])


def test_who_can_come_to_no_session_is_told_so():
    (left,) = matched().unmatched_mentees
    assert left.mentee == "E3"
    assert left.code == "no-eligible-mentor"
    assert left.facts["removed"] == {"session": 3}
    assert "all can come to none of the same sessions" in left.because


def test_places_that_run_out_are_named_with_what_would_be_enough():
    mentees = [{"id": f"E{n}", "sectors": ["icb"], "availability": ["Mon 18:00"]} for n in (1, 2)]
    (left,) = matched(mentees=mentees).unmatched_mentees
    assert left.code == "held-by-rule"
    words = f'the places of the session "Mon 18:00", {left.mentee} could have a mentor without anybody losing'
    assert words in left.because
    (repair,) = left.repairs
    assert repair.because == f'Raising the places of the session "Mon 18:00" by 1 could place {left.mentee}.'
    assert not matched([{"label": "Mon 18:00", "places": 2}], mentees=mentees).unmatched_mentees


def test_a_clash_with_places_names_the_session_and_its_mend():
    mentees = [{"id": f"E{n}", "sectors": ["icb"], "availability": ["Mon 18:00"]} for n in (1, 2)]
    pairs = [{"mentor": "M1", "mentee": "E1"}, {"mentor": "M2", "mentee": "E2"}]
    with pytest.raises(InfeasibleError) as caught:
        matched(mentees=mentees, required_pairs=pairs)
    assert 'the places of the session "Mon 18:00"' in caught.value.conflict
    assert 'raise the places of the session "Mon 18:00" by 1' in str(caught.value)
    enough = [{"label": "Mon 18:00", "places": 2}]
    assert len(matched(enough, mentees=mentees, required_pairs=pairs).pairings) == 2


def test_a_required_pair_without_a_common_session_stays_away_from_all_and_is_flagged():
    matching = matched(required_pairs=[{"mentor": "M1", "mentee": "E3"}])
    pairing = next(pairing for pairing in matching.pairings if pairing.mentee == "E3")
    assert pairing.session is None
    assert next(flag for flag in pairing.flags if flag.code == "required-despite").facts["rules"] == (
        "session",
    )


def test_a_session_that_is_not_the_one_implied_is_found_out():
    matching = matched()
    file = matching.model_dump(mode="json")
    file["pairings"][0]["session"] = "Wed"
    found = ip.verify(ip.Cohort.model_validate(PEOPLE), ip.Matching.model_validate(file))
    assert found.faults[0].startswith("pairings[0].session: the file says Wed")


def test_the_session_stands_in_the_table_the_csv_and_the_letter():
    cohort, policy = ip.Cohort.model_validate(PEOPLE), ip.Policy(sessions=EVENINGS)
    matching = ip.match(cohort, policy)
    assert "session: Tue 18:00" in text_of(matching, "text", cohort=cohort)
    rows = list(csv.DictReader(io.StringIO(text_of(matching, "csv", cohort=cohort), newline="")))
    assert [row["session"] for row in rows if row["mentee"] == "E2"] == ["Tue 18:00"]
    letter = ip.Study(cohort, policy).letter(mentee="E2").text
    mentor = next(pairing.mentor for pairing in matching.pairings if pairing.mentee == "E2")
    assert f"Please come to the session Tue 18:00 together with {mentor}." in letter


def test_earlier_pairs_move_on_to_make_room():
    assert shared_out([0b11, 0b11, 0b01], [1, 2]) == [1, 1, 0]
    assert shared_out([0b111, 0b011, 0b001], [1, 1, 1]) == [2, 1, 0]
    with pytest.raises(ValueError, match="sessions: there are more pairs than places"):
        shared_out([0b1, 0b1], [1])


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[[sessions]]\nlabel = " "', "Write the label"),
        ('[[sessions]]\nlabel = "Mon"\nplaces = -1', "places"),
        ('[[sessions]]\nlabel = "Mon"\nplaces = 1.5', "places"),
        ('[[sessions]]\nlabel = "Mon"\n[[sessions]]\nlabel = "MON "', 'the session "MON" stands here twice'),
        ("".join(f'[[sessions]]\nlabel = "{n}"\nplaces = 1\n' for n in range(9)), "9 sessions have a number"),
        ('[[sessions]]\nlable = "Mon"', 'Did you mean "label"'),
    ],
)
def test_what_is_wrong_with_sessions_is_said_where_it_stands(tmp_path, toml, words):
    path = tmp_path / "policy.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_policy(str(path))
    assert "sessions" in str(caught.value)
    assert words in str(caught.value)
