"""A tuner given decisions of a round: what was undone stays so, and what it saves is read again."""

from __future__ import annotations

from itertools import combinations

import pytest

from ipmatch.decisions import Decision, Decisions
from ipmatch.front_door import match
from ipmatch.notebook.tuner import Tuner
from ipmatch.notebook.tuner.view import view_of
from ipmatch.programme.journal import decide
from ipmatch.reading.documents import read_decisions
from ipmatch.synthetic import demo_cohort


@pytest.fixture(scope="module")
def cohort():
    return demo_cohort(14, 17, seed=4)


def test_a_journal_s_undone_entries_stay_undone_whatever_is_decided_here(cohort, tmp_path):
    one, other, third = sorted(match(cohort).pairs())[:3]
    who = {"by": "L. Lead", "when": "2027-03-01", "reason": "Asked."}
    entries = [
        Decision(kind="lock", mentor=one[0], mentee=one[1], **who),
        Decision(kind="forbid", mentor=other[0], mentee=other[1], **who),
        Decision(kind="forbid", mentor=third[0], mentee=third[1], **who),
        Decision(kind="undo", entry=2, **who),
    ]
    tuner = Tuner(cohort, decisions=decide(Decisions(), entries, cohort=cohort, matching=match(cohort)))
    assert view_of(tuner)["apart"] == [{"mentor": third[0], "mentee": third[1]}]
    tuner.forbid(*one)
    assert not {one, third} & tuner.pairs()
    assert [decision.words for decision in tuner.decisions] == [
        f"forbid {' '.join(third)}",
        f"forbid {' '.join(one)}",
    ]
    # The journal's seals would be broken, and the file refused.
    _, decisions = tuner.save(tmp_path / "policy.toml")
    assert match(cohort, decisions=read_decisions(decisions)).pairs() == tuner.pairs()


def test_a_swap_stays_when_something_is_decided_of_the_pair_it_parted(cohort):
    one, other = next(
        (one, other) for one, other in combinations(sorted(match(cohort).pairs()), 2) if not {*one} & {*other}
    )
    swap = Decision(kind="swap", mentor=one[0], mentee=one[1], other_mentor=other[0], other_mentee=other[1])
    tuner = Tuner(cohort, decisions=[swap])
    tuner.forbid(*one)
    assert {(one[0], other[1]), (other[0], one[1])} <= tuner.pairs()
