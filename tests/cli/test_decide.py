"""ipmatch decide and ipmatch history, through their front door."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from ipmatch.schemas import published
from ipmatch.writing import alone

SECTOR = {"sectors": ["icb"]}
ROUND = {
    "mentors": [{"id": "M1", **SECTOR, "region": "Kent"}, {"id": "M2", **SECTOR}, {"id": "M3", **SECTOR}],
    "mentees": [{"id": "E1", **SECTOR, "region": "Kent"}, {"id": "E2", **SECTOR}],
}
WHY = ("--by", "A. Lead", "--when", "2027-03-01", "--reason", "both said so")
PROPOSED = ("--matching", "round.matching.json")


@pytest.fixture
def decide(folder, run):
    """Decides about a round in Kent, whose matching is at hand: exit code, output, messages."""
    Path("round.json").write_text(json.dumps(ROUND), encoding="utf-8")
    assert run("match", "round.json", "-q", "--forbid", "M3", "E2", "-o", "round.matching.json")[0] == 0

    def decides(*words):
        return run("decide", "round.json", "journal.json", *words)

    return decides


def test_the_story_of_a_round_from_proposal_to_end(decide, run, golden):
    for words in (
        ("confirm", "--all"),
        ("start", "M1", "E1", "M2", "E2"),
        ("complete", "M1", "E1"),
        ("withdraw", "M2"),
        ("undo", "6"),
        ("withdraw", "M2"),
    ):
        code, out, _ = decide(*words, *PROPOSED, *WHY)
        assert code == 0, words
    assert out == ("Entry 8: M2 withdraws.\n8 entries, 1 of them undone. Pairs: 1 completed and 1 ended.\n")
    code, out, err = run("history", "journal.json")
    assert (code, err) == (0, "")
    golden("history.txt", out)
    golden("journal.json", Path("journal.json").read_text(encoding="utf-8"))
    told = json.loads(run("history", "journal.json", *PROPOSED, "--format", "json")[1])
    jsonschema.Draft202012Validator(json.loads(published("history"))).validate(told)
    assert [entry["undone_by"] for entry in told["entries"]] == [None] * 5 + [7, None, None]
    again = run("rematch", "round.json", "--previous", "round.matching.json", "--decisions", "journal.json")
    assert again[0] == 0
    assert "M3      E2" in again[1]


def test_what_was_decided_counts_when_matching_again(decide, run):
    decide("swap", "M1", "E1", "M2", "E2", *PROPOSED, *WHY)
    code, out, _ = run("match", "round.json", "--decisions", "journal.json", "--format", "json")
    assert code == 0
    pairs = [(one["mentor"], one["mentee"], one["basis"]) for one in json.loads(out)["pairings"]]
    assert pairs == [("M1", "E2", "required"), ("M2", "E1", "required")]


def test_the_next_step_is_named_where_the_matching_no_longer_holds(decide):
    assert decide("confirm", "M1", "E1", *PROPOSED, *WHY)[2] == ""
    assert decide("end", "M1", "E1", *PROPOSED, *WHY)[2] == (
        "Next: ipmatch rematch round.json --previous round.matching.json --decisions journal.json\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lock", "M1"), "decide lock: one name does not make it whole. Name a mentor and a mentee: M E."),
        (("withdraw",), "decide withdraw: it names nobody. Name one ID or several."),
        (("swap", "M1", "E1"), "decide swap: 2 names do not make it whole. Name M1 E1 M2 E2."),
        (("undo", "one"), 'decide undo: "one" is not a whole number. Write a whole number, without quotes.'),
        (
            ("end", "--all"),
            "--all: one cannot end all. It stands alone, with confirm, lock, start, complete.",
        ),
        (
            ("start", "--all"),
            "decide start: no pair is confirmed. Give the matching that proposes them with --matching.",
        ),
        (
            ("lock", "M1", "E1", "--when", "soon"),
            "--when: this is not a day. Write it as year-month-day: 2027-03-01.",
        ),
        (
            ("lock", "M1", "E1"),
            "lock M1 E1: no matching is given that pairs M1 and E1. Give one that does with --matching",
        ),
        (("withdraw", "M9"), 'withdraw M9: nobody here has the id "M9". Check the id.'),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(decide, words, message):
    code, out, err = decide(*WHY, *words)
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert not Path("journal.json").exists()


def test_today_is_a_day(decide):
    assert decide("withdraw", "M3", "--by", "A", "--when", "today", "--reason", "B")[0] == 0
    day = json.loads(Path("journal.json").read_text(encoding="utf-8"))["decisions"][0]["when"]
    assert len(day) == 10


def test_decisions_from_elsewhere_are_adopted_with_who_when_and_why(decide, run):
    bare = [{"kind": "require", "mentor": "M3", "mentee": "E1"}, {"kind": "withdraw", "id": "M1", "by": "B"}]
    Path("page.json").write_text(json.dumps({"kind": "decisions", "decisions": bare}), encoding="utf-8")
    assert decide("adopt", "page.json", *WHY)[0] == 0
    entries = json.loads(Path("journal.json").read_text(encoding="utf-8"))["decisions"]
    assert [(one["by"], one["when"]) for one in entries] == [("A. Lead", "2027-03-01"), ("B", "2027-03-01")]
    code, _, err = run("decide", "round.json", "page.json", "lock", "M1", "E1", *WHY)
    assert code == 3
    assert err == (
        "page.json: these decisions have no seals; this is not a journal. Begin a journal in another file, "
        "and adopt these into it.\n"
    )


def test_a_journal_edited_by_hand_is_refused_everywhere(decide, run):
    decide("confirm", "--all", *PROPOSED, *WHY)
    path = Path("journal.json")
    path.write_text(path.read_text(encoding="utf-8").replace("both said so", "I say so", 1), encoding="utf-8")
    for words in (
        ("history", "journal.json"),
        ("match", "round.json", "--decisions", "journal.json"),
        ("decide", "round.json", "journal.json", "withdraw", "M1", *WHY),
    ):
        code, out, err = run(*words)
        assert (code, out) == (3, "")
        assert err == (
            "journal.json, line 5, decisions[0]: this entry, or what stands before it, was changed by hand "
            "after it was sealed. Put the journal back as it was, and undo an entry with ipmatch decide "
            "instead.\n"
        )


def test_nobody_who_decided_and_no_reason_reaches_a_matching_or_a_message(decide, run):
    decide("confirm", "--all", *PROPOSED, *WHY)
    decide("withdraw", "M2", "--by", "Zebedee", "--when", "2027-04-01", "--reason", "Zebedee is ill")
    for form in ("json", "csv", "md", "text"):
        code, out, err = run("match", "round.json", "--decisions", "journal.json", "--format", form)
        assert code == 0
        assert not any(word in out + err for word in ("Zebedee", "A. Lead", "said so"))
    assert (
        "Zebedee"
        not in decide("withdraw", "M2", "--by", "Zebedee", "--when", "2027-04-01", "--reason", "x")[2]
    )


def test_an_old_journal_replays_to_the_same_bytes_whatever_the_order_and_the_hash_seed(decide, golden):
    old = Path(__file__).parents[1] / "golden" / "journal.json"
    shuffled = {side: people[::-1] for side, people in reversed(ROUND.items())}
    Path("shuffled.json").write_text(json.dumps(shuffled, indent=3), encoding="utf-8")
    for seed, cohort in (("1", "round.json"), ("2", "shuffled.json")):
        command = [
            sys.executable,
            "-m",
            "ipmatch",
            "match",
            cohort,
            "--decisions",
            str(old),
            "--format",
            "json",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        golden("journal.matching.json", done.stdout)


def test_of_people_who_decide_at_once_nobodys_entry_is_lost(decide, run):
    def command(*words):
        words = ("decide", "round.json", "journal.json", *words, *PROPOSED, *WHY)
        return subprocess.Popen([sys.executable, "-m", "ipmatch", *words], stdout=subprocess.DEVNULL)

    three = [command("confirm", "M1", "E1"), command("confirm", "M2", "E2"), command("forbid", "M3", "E1")]
    assert [one.wait() for one in three] == [0, 0, 0]
    told = json.loads(run("history", "journal.json", *PROPOSED, "--format", "json")[1])
    kinds = [entry["kind"] for entry in json.loads(Path("journal.json").read_text("utf-8"))["decisions"]]
    assert (len(told["entries"]), sorted(kinds)) == (3, ["confirm", "confirm", "forbid"])


def test_a_journal_that_another_holds_is_left_as_it_is(decide, monkeypatch):
    monkeypatch.setattr(alone, "PATIENCE", 0.1)
    with alone.alone(Path("journal.json")):
        code, out, err = decide("confirm", "M1", "E1", *PROPOSED, *WHY)
    assert (code, out) == (8, "")
    assert err == (
        "journal.json: somebody else is writing to it. Nothing was written: try again in a moment.\n"
    )
    assert not Path("journal.json").exists()


def test_a_journal_of_another_name_could_never_be_read_again_and_is_refused(decide, run):
    code, out, err = run("decide", "round.json", "journal.txt", "require", "M1", "E1", *WHY)
    assert (code, out) == (2, "")
    assert "journal.txt: a journal is a .json file. Name it decisions.json." in err
    assert not Path("journal.txt").exists()


def test_a_pipe_can_be_no_journal(decide, run):
    """It was read, and then waited for without end."""
    os.mkfifo("pipe.json")
    for name in ("-", "pipe.json"):
        code, out, err = run("decide", "round.json", name, "require", "M1", "E1", *WHY)
        assert (code, out, err) == (2, "", "JOURNAL: a journal is a file. Name one.\n")
