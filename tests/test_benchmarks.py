import json
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import crews, peers, results
from benchmarks.cohorts import CROWDS, KINDS, cohort, crowd
from benchmarks.crew_report import crew_lines
from benchmarks.crews import DASK, POOL, CrewMeasured, measure_crews
from benchmarks.crowd_report import crowd_chapter, crowd_lines
from benchmarks.crowds import CrowdCase, CrowdMeasured, Lap, measure_crowd, milestones
from benchmarks.judge import Judge
from benchmarks.measure import Case, measure
from benchmarks.peer.points import LEAST_PLACED, takes_part, value_of
from benchmarks.peer.solvers import SOLVERS
from benchmarks.peers import HERE, PEERS, Peer
from benchmarks.report import exponent, lines
from ipmatch import crowds
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.scoring.scores import score
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


def test_what_is_taken_beyond_the_input_is_told_of_us_and_of_a_peer_beside_the_whole():
    ours, theirs = measure(Case("skewed", 40), [HERE], 1)
    assert ours.outcome == theirs.outcome
    assert all(0 <= one.beyond < one.megabytes / 2 for one in (ours, theirs))
    heading, _, row = lines(ours, [replace(theirs, megabytes=200, beyond=90.4, cpu=1)], heading=True)
    cells = dict(zip(heading.split(" | "), row.split(" | "), strict=True))
    assert (cells["memory MB"], cells["beyond MB"]) == ("200", "90")


def test_growth_is_read_off_the_times():
    assert exponent([100, 200, 400], [1, 4, 16]) == pytest.approx(2)


@pytest.mark.parametrize("above", [0, 10**9])
def test_what_passed_when_is_read_off_the_words_that_solving_says(above, monkeypatch):
    monkeypatch.setattr(crowds, "CROWD", above)
    said = []
    match(crowd("demo", 100, 1), progress=said.append)
    laps = [Lap(float(k), 0, 0, words) for k, words in enumerate([*said, "explained"])]
    when = milestones(laps, proved=True)
    assert list(when) == ["0.01", "0.001", "score", "all", "explained"]
    assert sorted(when.values()) == list(when.values())
    assert said[int(when["score"])].startswith("best by score")
    assert said[int(when["all"])] == "explaining"


def test_a_gap_is_known_as_soon_as_it_is_small_enough():
    said = [
        "best by placed, round 1: 90",
        "best by score, round 1: 1000, at most 11 more, 8 s left",
        "best by score, round 2: 1000, at most 9 more, 6 s left",
        "best by score, round 3: 1000, at most 1 more, 4 s left",
        "best by score, round 4: 1000, 2 s left",
    ]
    laps = [Lap(float(k), 0, 0, words) for k, words in enumerate(said)]
    assert milestones(laps, proved=True) == {"0.01": 2, "0.001": 3, "score": 4}


def test_levels_that_time_cut_short_are_not_told_as_proved():
    laps = [
        Lap(1, 0, 0, "best by score, round 1: 1000, at most 5 more, 0 s left"),
        Lap(2, 0, 0, "explaining"),
    ]
    assert milestones(laps, proved=False) == {"0.01": 1}


def test_a_big_cohort_is_measured_step_by_step_and_verified():
    one = measure_crowd(CrowdCase("demo", 40, workers=2, above=0))
    assert (one.failure, one.gap, one.proved) == (None, 0, True)
    assert one.pairs == len(match(crowd("demo", 40, 1)).pairings)
    assert min(one.verify) > 0
    assert set(milestones(one.laps, proved=True)) == {"0.01", "0.001", "score", "all", "explained"}
    peaks, used = ([getattr(lap, name) for lap in one.laps] for name in ("megabytes", "cpu"))
    assert peaks == sorted(peaks)
    assert used == sorted(used)
    assert one.laps[-1].megabytes > 2 * one.laps[0].megabytes, "two workers count too"


def test_a_big_cohort_that_is_not_matched_is_told_as_far_as_it_came():
    laps = [Lap(0, 0, 100, "read"), Lap(61, 60, 300, "best by score, round 1: 1000, at most 5 more")]
    failed = CrowdMeasured(CrowdCase("demo", 900), laps, failure="it ended with 137")
    (line,) = crowd_lines([failed], heading=False)
    assert line == "| demo | 900 | 396 | 1 | 61.0 |  |  |  |  | 60.0 | 300 | 200 |  |  |  |  |"
    last = "“best by score, round 1: 1000, at most 5 more” after 61.0 s."
    assert f"- demo, 900: it ended with 137; last told: {last}" in crowd_chapter([failed])


def test_only_several_sizes_make_a_picture():
    some = [CrowdMeasured(CrowdCase("demo", size), [Lap(0, 0, 100, "read")]) for size in (900, 1800)]
    assert "crowds.png" in crowd_chapter(some)
    assert "crowds.png" not in crowd_chapter(some[:1])


@pytest.mark.sockets
@pytest.mark.filterwarnings("ignore")
def test_a_round_is_shared_out_among_processes_and_over_dask_and_a_worker_killed():
    measured = [one for one in measure_crews(60, 1) if one.turn == 1]
    assert [one.who for one in measured] == ["one process", POOL, DASK]
    # So small a round may be over when the worker dies.
    assert [one.left is not None for one in measured] == [False, True, True]
    assert all(one.killed > 0 for one in measured[1:])


def test_an_answer_of_other_bytes_ends_the_run(monkeypatch):
    class Wrong(crews.Crew):
        def __init__(self, terrain, executor=None, *, charted):
            super().__init__(terrain, None, charted=charted)
            self._wrong = executor is not None

        def scan(self, question):
            hits = super().scan(question)
            return replace(hits, worst=hits.worst + 1) if self._wrong else hits

    monkeypatch.setattr(crews, "Crew", Wrong)
    monkeypatch.setattr(crews, "_dask", lambda: nullcontext(None))
    with pytest.raises(ValueError, match=f"^{POOL}: not the same worst as one process found"):
        measure_crews(60, 1)


def test_what_workers_cost_is_told_against_the_pool():
    one = CrewMeasured(900, 1, 50, POOL, 9.0, 2.0, 4.0, 3.0, 7)
    rows = crew_lines([one, replace(one, who=DASK, seconds=2.5, cpu=5.0)], heading=False)
    assert rows == [
        f"| 900 | 1 | 50 | {POOL} | 2.000 | 1.00 | 4.000 | 1.00 | 9.00 | 3.00 | 7 |",
        f"| 900 | 1 | 50 | {DASK} | 2.500 | 1.25 | 5.000 | 1.25 | 9.00 | 3.00 | 7 |",
    ]


@pytest.mark.parametrize("kind", CROWDS)
def test_big_cohorts_have_fewer_mentors_than_mentees(kind):
    made = crowd(kind, 50, 1)
    assert (len(made.mentors), len(made.mentees)) == (22, 50)


def test_chapters_of_one_part_stand_newest_first_and_leave_the_others_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    for part, title in (
        ("Big cohorts", "a"),
        ("Beside peers", "b"),
        ("Big cohorts", "c"),
        ("Executors", "d"),
    ):
        results.add(part, f"### {title}\n\nwords of {title}\n")
    text = results.RESULTS.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Results",
        *("## Beside peers", "### b"),
        *("## Big cohorts", "### c", "### a"),
        *("## Executors", "### d"),
    ]
    assert all(f"\n\nwords of {title}\n" in text for title in "abcd")


def test_the_results_that_are_kept_have_the_parts_that_are_written(monkeypatch, tmp_path):
    kept = results.RESULTS.read_text(encoding="utf-8")
    copy = tmp_path / "RESULTS.md"
    copy.write_text(kept, encoding="utf-8")
    monkeypatch.setattr(results, "RESULTS", copy)
    results.add("Beside peers", "### new\n")
    assert copy.read_text(encoding="utf-8").replace("### new\n\n", "") == kept
