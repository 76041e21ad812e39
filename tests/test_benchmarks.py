import json

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.cohorts import KINDS, cohort
from benchmarks.judge import Judge
from benchmarks.peer.points import LEAST_PLACED, takes_part, value_of
from benchmarks.peer.solvers import SOLVERS
from benchmarks.peers import PEERS, Peer
from benchmarks.report import exponent
from ipmatch.policy import Policy
from ipmatch.scoring.scores import score
from ipmatch.study import match
from ipmatch.writing.json_document import json_text


@pytest.mark.parametrize("kind", KINDS)
def test_a_peer_is_given_the_same_pairs_and_points_that_we_reckon(kind):
    people = cohort(kind, 40, 5)
    scores = score(people, people.policy or Policy())
    plain = json.loads(json_text(people, brief=True))
    mentors, mentees = (
        sorted(filter(takes_part, plain[side]), key=lambda one: one["id"]) for side in ("mentors", "mentees")
    )
    assert [one["id"] for one in mentors] == [one.id for one in scores.people.mentors]
    assert [one["id"] for one in mentees] == [one.id for one in scores.people.mentees]
    value = value_of(plain, mentors, mentees).astype(np.float64).T
    assert np.array_equal(value > 0, scores.allowed)
    ours = np.where(scores.allowed, LEAST_PLACED + scores.points / scores.scale, 0)
    assert np.array_equal(value, ours)


@pytest.mark.parametrize("kind", KINDS)
def test_a_peer_with_our_goal_reaches_what_we_reach(kind):
    people = cohort(kind, 40, 6)
    plain = json.loads(json_text(people, brief=True))
    mentors, mentees = (list(filter(takes_part, plain[side])) for side in ("mentors", "mentees"))
    places = [i for i, mentor in enumerate(mentors) for _ in range(mentor.get("capacity", 1))]
    value = value_of(plain, mentors, mentees)[:, places]
    found = {
        (mentors[places[i]]["id"], mentees[j]["id"]) for j, i in SOLVERS["scipy"](value) if value[j, i] > 0
    }
    judge = Judge(people)
    assert judge.outcome(found) == judge.outcome(match(people).pairs())


def test_an_answer_that_breaks_a_rule_does_not_count():
    people = cohort("tight", 40, 7)
    judge, scores = Judge(people), score(people, Policy())
    mentor, mentee = ([one.id for one in side] for side in (scores.people.mentors, scores.people.mentees))
    i, j = np.argwhere(~scores.allowed)[0]
    with pytest.raises(ValueError, match="may not be paired"):
        judge.outcome({(mentor[i], mentee[j])})
    i = int(np.argmax(scores.allowed.sum(axis=1) >= 2))
    with pytest.raises(ValueError, match=f"^{mentor[i]} have more pairs than may be"):
        judge.outcome({(mentor[i], mentee[j]) for j in np.flatnonzero(scores.allowed[i])})


def test_cohorts_are_the_same_for_the_same_seed_and_differ_by_kind():
    made = {kind: cohort(kind, 20, 1).fingerprint() for kind in KINDS}
    assert made == {kind: cohort(kind, 20, 1).fingerprint() for kind in KINDS}
    assert len(set(made.values())) == len(KINDS)


def test_a_peer_that_cannot_be_installed_is_left_out_and_said_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(peers, "HOME", tmp_path / "a file")
    (tmp_path / "a file").touch()
    assert Peer("not-to-be-had", 10).python() is None
    assert "not-to-be-had cannot be installed here" in capsys.readouterr().err


def test_every_peer_can_be_called():
    assert {peer.name for peer in PEERS} == {*SOLVERS, "mentor-match"}


def test_growth_is_read_off_the_times():
    assert exponent([100, 200, 400], [1, 4, 16]) == pytest.approx(2)
