"""The journal: what may come next, what it comes to, and that nobody edits it."""

from __future__ import annotations

import json
from random import Random

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import NAMES_OF, Decision, Decisions, effect_of
from ipmatch.errors import InputError, UsageError
from ipmatch.front_door import match, rematch, verify
from ipmatch.programme.history import history
from ipmatch.programme.journal import decide, round_of
from ipmatch.reading.documents import read_decisions
from ipmatch.writing.journal_text import journal_text

SECTOR = {"sectors": ["icb"]}
COHORT = Cohort.model_validate(
    {
        "mentors": [{"id": f"M{i}", **SECTOR, "capacity": 1 + i % 2} for i in range(1, 5)],
        "mentees": [{"id": f"E{i}", **SECTOR} for i in range(1, 5)],
        "forbidden_pairs": [{"mentor": "M4", "mentee": "E4"}],
    }
)
MATCHING = match(COHORT)
PAIRS = sorted(MATCHING.pairs())
(ONE, E_ONE), (TWO, E_TWO) = PAIRS[:2]
WHY = {"by": "A. Lead", "when": "2027-03-01", "reason": "they met"}


def of(kind, *whom):
    return Decision.model_validate({"kind": kind, **dict(zip(NAMES_OF[kind], whom, strict=True)), **WHY})


def journal(*decisions):
    return decide(Decisions(), decisions, cohort=COHORT, matching=MATCHING)


def refused(*decisions):
    with pytest.raises(UsageError) as caught:
        journal(*decisions)
    return str(caught.value)


def states(entries):
    return {(one.mentor, one.mentee): one.state for one in history(entries).pairs}


def test_a_pair_goes_from_proposed_to_completed_a_step_at_a_time():
    steps = ("confirm", "start", "complete")
    reached = [states(journal(*(of(kind, ONE, E_ONE) for kind in steps[: n + 1]))) for n in range(3)]
    assert [one[ONE, E_ONE] for one in reached] == ["confirmed", "active", "completed"]
    assert (
        refused(of("start", ONE, E_ONE))
        == f"start {ONE} {E_ONE}: {ONE} and {E_ONE} are proposed. Confirm it first."
    )
    assert refused(of("confirm", ONE, E_ONE), of("confirm", ONE, E_ONE)).endswith(
        f"{ONE} and {E_ONE} are confirmed. Start it first."
    )


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([("confirm", "M1", "E9")], 'confirm M1 E9: nobody here has the id "E9". Check the id.'),
        (
            [("require", "M4", "E4")],
            "require M4 E4: M4 and E4 are forbidden in the cohort. Lift that there first.",
        ),
        ([("withdraw", ONE), ("lock", ONE, E_ONE)], f"{ONE} withdrew in entry 1. Undo that, or name others."),
        (
            [("forbid", "M1", "E1"), ("require", "M1", "E1")],
            "M1 and E1 are forbidden in entry 1. Undo that first.",
        ),
        (
            [("lock", ONE, E_ONE), ("forbid", ONE, E_ONE)],
            f"{ONE} and {E_ONE} are locked. Undo entry 1, or end the pair.",
        ),
        ([("undo", 3)], "undo 3: there is no entry 3 before this one, which is entry 1."),
        (
            [("confirm", ONE, E_ONE), ("start", ONE, E_ONE), ("undo", 1)],
            f"undo 1: entry 2, start {ONE} {E_ONE}, builds on it. Undo entry 2 first.",
        ),
        (
            [("end", ONE, E_ONE)],
            f"end {ONE} {E_ONE}: {ONE} and {E_ONE} are proposed. Confirm it first.",
        ),
    ],
)
def test_a_decision_that_cannot_come_next_is_refused_and_says_what_to_do(decisions, message):
    assert message in refused(*(of(*decision) for decision in decisions))


def test_nobody_can_be_held_to_more_pairs_than_they_have_places():
    message = refused(of("require", "M2", "E1"), of("require", "M2", "E2"))
    assert message == (
        "require M2 E2: M2 has 1 place, and is to keep E1 and E2. End or undo one of these first."
    )
    back = refused(of("require", "M2", "E1"), of("withdraw", "M2"), of("require", "M4", "E1"), of("undo", 2))
    assert back == "undo 2: E1 asks for 1 mentor, and is to keep M2 and M4. End or undo one of these first."


def test_who_when_and_why_are_always_asked_for():
    bare = Decision(kind="lock", mentor=ONE, mentee=E_ONE)
    assert refused(bare).splitlines() == [
        f'lock {ONE} {E_ONE}: "{name}" is missing. Say who decided, when and why.'
        for name in ("by", "when", "reason")
    ]


def test_a_pair_that_is_not_in_the_matching_cannot_be_confirmed():
    other = next((m.id, e.id) for m in COHORT.mentors for e in COHORT.mentees if (m.id, e.id) not in PAIRS)
    assert "no matching is given that pairs" in refused(of("confirm", *other))
    assert states(journal(of("require", *other), of("confirm", *other)))[other] == "confirmed"


def test_a_swap_proposes_two_new_pairs_and_swaps_back():
    there, back = of("swap", ONE, E_ONE, TWO, E_TWO), of("swap", ONE, E_TWO, TWO, E_ONE)
    old, new = {(ONE, E_ONE), (TWO, E_TWO)}, {(ONE, E_TWO), (TWO, E_ONE)}
    after = states(journal(there))
    assert {after[pair] for pair in old} == {"dropped"}
    assert {after[pair] for pair in new} == {"proposed"}
    assert {states(journal(there, back))[pair] for pair in old} == {"proposed"}
    assert "are dropped" in refused(there, there)


def test_a_withdrawal_ends_what_had_begun_and_keeps_what_was_completed():
    begun = [of(kind, ONE, E_ONE) for kind in ("confirm", "start")]
    assert states(journal(*begun, of("withdraw", ONE)))[ONE, E_ONE] == "ended"
    done = journal(*begun, of("complete", ONE, E_ONE), of("withdraw", ONE))
    assert states(done)[ONE, E_ONE] == "completed"
    again = rematch(COHORT, MATCHING, decisions=done)
    assert (ONE, E_ONE) in again.pairs()
    assert verify(COHORT, again).ok


def test_a_pair_nobody_decided_about_is_dropped_when_one_of_them_withdraws():
    """It was told as proposed still, beside the name of the mentor who had withdrawn."""
    gone = journal(of("withdraw", ONE), of("withdraw", E_ONE))
    told = {(one.mentor, one.mentee): one for one in history(gone, MATCHING).pairs}
    assert (told[ONE, E_ONE].state, told[ONE, E_ONE].since) == ("dropped", 1)
    others = {pair: one.state for pair, one in told.items() if pair != (ONE, E_ONE)}
    assert {state for pair, state in others.items() if ONE not in pair} == {"proposed"}
    back = journal(of("withdraw", ONE), of("undo", 1))
    assert {one.state for one in history(back, MATCHING).pairs} == {"proposed"}


def test_an_undone_entry_never_was_and_may_be_decided_again():
    undone = journal(of("confirm", ONE, E_ONE), of("undo", 1))
    assert states(undone) == {}
    assert history(undone).entries[0].undone_by == 2
    again = decide(undone, [of("confirm", ONE, E_ONE)], cohort=COHORT, matching=MATCHING)
    assert states(again)[ONE, E_ONE] == "confirmed"


def test_what_alone_made_a_pair_is_not_undone_beneath_what_was_decided_of_it():
    """The pair stayed confirmed beside the two that the undone swap had parted, proposed again."""
    swap, crossed = of("swap", ONE, E_ONE, TWO, E_TWO), (ONE, E_TWO)
    told = f"undo 1: entry 2, confirm {ONE} {E_TWO}, builds on it. Undo entry 2 first."
    for first in (swap, of("require", *crossed)):
        assert told in refused(first, of("confirm", *crossed), of("undo", 1))
    # A re-match proposes the pair itself, and so may the matching that is not given.
    swapped = journal(swap, of("confirm", *crossed))
    again = rematch(COHORT, MATCHING, decisions=swapped)
    undone = decide(swapped, [of("undo", 1)], cohort=COHORT, matching=again)
    assert states(undone) == {crossed: "confirmed"}
    begun = journal(of("require", ONE, E_ONE), of("confirm", ONE, E_ONE))
    assert states(decide(begun, [of("undo", 1)], cohort=COHORT)) == {(ONE, E_ONE): "confirmed"}


def random_journal(seed):
    """A long journal of whatever is accepted of random decisions, and the states as it grew."""
    draw = Random(seed)
    entries = Decisions()
    for _ in range(60):
        kind = draw.choice(list(NAMES_OF))
        ends = [draw.choice(PAIRS) if draw.random() < 0.7 else ("M1", "E2") for _ in range(2)]
        whom = {"withdraw": [draw.choice([*ends[0]])] if draw.random() < 0.2 else ["nobody"]}
        whom |= {"undo": [draw.randint(1, 9)], "swap": [*ends[0], *ends[1]]}
        try:
            decision = of(kind, *whom.get(kind, ends[0]))
            entries = decide(entries, [decision], cohort=COHORT, matching=MATCHING)
        except ValueError:
            continue
    return entries


@pytest.mark.parametrize("seed", range(40))
def test_the_states_of_pairs_are_what_the_cohort_is_held_to(seed):
    entries = random_journal(seed)
    assert len(entries.decisions) > 3
    state, effect = round_of(entries.decisions), effect_of(entries.decisions, {}, {})
    assert set(state.gone) == effect.gone
    for pair, known in state.pairs.items():
        gone = effect.gone & {*pair}
        if known.state in ("confirmed", "active", "completed") or known.locked:
            assert pair in effect.required, (pair, known)
        elif known.state in ("ended", "dropped"):
            assert pair in effect.forbidden or gone, (pair, known)
            assert pair not in effect.required or gone, (pair, known)
    assert effect.done == {pair for pair, known in state.pairs.items() if known.state == "completed"}
    again = rematch(COHORT, MATCHING, decisions=entries)
    assert set(effect.required) - {pair for pair in effect.required if effect.gone & {*pair}} <= again.pairs()
    assert not again.pairs() & set(effect.forbidden)


def test_a_journal_survives_writing_and_reading(tmp_path):
    entries = random_journal(3)
    path = tmp_path / "journal.json"
    path.write_text(journal_text(entries), encoding="utf-8")
    assert read_decisions(path) == entries
    assert journal_text(Decisions()).endswith('"decisions": []\n}\n')


@pytest.mark.parametrize(
    "layout", [{}, {"indent": 1}, {"separators": (",", ":")}, {"sort_keys": True, "indent": 2}]
)
def test_another_layout_of_the_same_journal_is_the_same_journal(tmp_path, layout):
    entries = random_journal(5)
    path = tmp_path / "journal.json"
    path.write_text(json.dumps(entries.model_dump(exclude_none=True), **layout), encoding="utf-8")
    assert read_decisions(path) == entries


def edits(entries):
    """Ways to edit a journal by hand, each with the entry at which that shows."""
    last = len(entries) - 1
    for place in (0, last // 2, last):
        for field, value in (
            ("by", "B. Other"),
            ("when", "2027-03-02"),
            ("reason", "they did not meet"),
            ("seal", None),
        ):
            yield place, [{**one, field: value} if i == place else one for i, one in enumerate(entries)]
    yield 1, [*entries[:1], *entries[2:]]
    yield 0, entries[1:]
    yield 0, [entries[1], entries[0], *entries[2:]]
    yield 2, [*entries[:2], entries[1], *entries[2:]]
    yield 1, [entries[0], {**entries[0], "reason": "new"}, *entries[1:]]


def test_a_journal_edited_by_hand_is_refused_with_the_line(tmp_path):
    steps = [of(kind, *pair) for kind in ("lock", "confirm", "start") for pair in PAIRS]
    entries = [one.model_dump(exclude_none=True) for one in journal(*steps).decisions]
    path = tmp_path / "journal.json"
    for place, edited in edits(entries):
        document = Decisions(decisions=[{k: v for k, v in one.items() if v is not None} for one in edited])
        path.write_text(journal_text(document), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_decisions(path)
        first = str(caught.value.faults[0])
        assert first.startswith(f"journal.json, line {place + 5}, decisions[{place}]: this entry"), first
        assert first.endswith(
            "Put the journal back as it was, and undo an entry with ipmatch decide instead."
        )
        assert "Other" not in first


def test_an_entry_taken_out_before_one_that_undoes_it_is_told_by_its_line_too(tmp_path):
    whole = journal(of("lock", ONE, E_ONE), of("lock", TWO, E_TWO), of("undo", 2))
    entries = [one.model_dump(exclude_none=True) for one in whole.decisions]
    path = tmp_path / "journal.json"
    path.write_text(json.dumps({"decisions": entries[1:]}, indent=1), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"journal\.json, line 3, decisions\[0\]: this entry, or what stands"
    ):
        read_decisions(path)


def test_decisions_without_seals_are_no_journal_to_append_to():
    bare = Decisions(decisions=[of("lock", ONE, E_ONE)])
    with pytest.raises(InputError, match="these decisions have no seals; they are not a journal"):
        decide(bare, [], cohort=COHORT)
    with pytest.raises(InputError, match="was changed by hand after it was sealed"):
        decide(Decisions(decisions=[*journal(of("lock", ONE, E_ONE)).decisions] * 2), [], cohort=COHORT)
