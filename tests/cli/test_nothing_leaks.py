"""Planted names, addresses and reasons are in no message, no log and no file that travels."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

NAME, ADDRESS, NUMBER, REASON = (
    "Zebedee Quillfeather",
    "zebedee@quill.example",
    "2099999",
    "Quilled his papers",
)
PLANTED = (NAME, "zebedee", ADDRESS, NUMBER, REASON, "quill")
SECTOR = {"sectors": ["icb"], "scope_text": f"as {NAME} says"}


def person(identifier, **more):
    return {
        "id": identifier,
        "name": NAME,
        "email": f"{identifier}.{ADDRESS}",
        "gphc_number": NUMBER[:-1] + identifier[-1],
        **SECTOR,
        **more,
    }


ROUND = {
    "mentors": [person("M1"), person("M2"), person("M3", capacity=2)],
    "mentees": [person("E4"), person("E5"), person("E6"), person("E7", sectors=["academia"])],
    "required_pairs": [{"mentor": "M1", "mentee": "E4", "reason": REASON}],
    "forbidden_pairs": [{"mentor": "M2", "mentee": "E5", "reason": REASON}],
}
WHY = ("--by", NAME, "--when", "2027-03-01", "--reason", REASON)


@pytest.fixture
def round_(folder, run):
    """A round in which everybody is called the same, with its matching and its journal."""
    Path("round.json").write_text(json.dumps(ROUND), encoding="utf-8")
    assert run("match", "round.json", "-q", "-o", "made.json", "-o", "made.csv")[0] == 0
    assert (
        run("decide", "round.json", "journal.json", "confirm", "--all", "--matching", "made.json", *WHY)[0]
        == 0
    )
    survey = "id,side,confidence,why? free text\nE4,mentee,4,Zebedee\nM1,mentor,4,quill\n"
    Path("survey.csv").write_text(survey, encoding="utf-8")
    Path("groups.csv").write_text("id,age band\nE4,30-39\nM1,40-49\n", encoding="utf-8")
    wrong = json.loads(json.dumps(ROUND))
    wrong["mentors"][0] |= {"name": [NAME], "capacity": "one", "email": 3}
    wrong["required_pairs"][0]["reason"] = {"why": REASON}
    Path("wrong.json").write_text(json.dumps(wrong), encoding="utf-8")
    impossible = {
        **ROUND,
        "mentors": [{**one, "capacity": 0} if one["id"] == "M2" else one for one in ROUND["mentors"]],
    }
    impossible["required_pairs"] = [{"mentor": "M1", "mentee": e, "reason": REASON} for e in ("E4", "E6")]
    Path("impossible.json").write_text(json.dumps(impossible), encoding="utf-8")


def told(text):
    return [word for word in PLANTED if word.casefold() in text.casefold()]


TRAVELS = [
    ("match", "round.json", "--format", "json"),
    ("match", "round.json", "--format", "csv"),
    ("match", "round.json", "--decisions", "journal.json", "--format", "json"),
    ("rematch", "round.json", "--previous", "made.json", "--decisions", "journal.json", "--format", "json"),
    ("check", "round.json", "--format", "json"),
    ("explain", "round.json", "--pair", "M1", "E4", "--format", "json"),
    ("explain", "round.json", "--mentee", "E7", "--format", "json"),
    ("why-not", "round.json", "M2", "E6", "--format", "json"),
    ("why-not", "round.json", "M2", "E5", "--format", "json"),
    ("sensitivity", "round.json", "--format", "json"),
    ("compare", "made.json", "made.json"),
    ("verify", "round.json", "made.json"),
    ("followup", "round.json", "made.json", "survey.csv"),
    ("followup", "round.json", "made.json", "survey.csv", "--format", "json"),
    ("equality", "round.json", "made.json", "groups.csv"),
    ("equality", "round.json", "made.json", "survey.csv"),
    ("report", "round.json", "made.json", "--publish", "--format", "md"),
    ("report", "round.json", "made.json", "--format", "json"),
    ("forget", "E4", "round.json", "survey.csv", "made.json", "journal.json"),
]
FAILS = [
    (3, "match", "wrong.json"),
    (3, "match", "wrong.json", "--format", "json"),
    (4, "match", "impossible.json"),
    (4, "match", "impossible.json", "--format", "json"),
    (2, "match", "round.json", "--require", "M1", "E99"),
    (2, "decide", "round.json", "journal.json", "withdraw", "E99", *WHY),
    (2, "decide", "round.json", "journal.json", "lock", "M1", "E6", *WHY),
    (3, "followup", "round.json", "made.json", "groups.csv"),
    (3, "verify", "wrong.json", "made.json"),
]


@pytest.mark.usefixtures("round_")
@pytest.mark.parametrize("words", TRAVELS, ids=" ".join)
def test_nothing_that_travels_tells_who_anybody_is(run, caplog, words):
    with caplog.at_level(logging.DEBUG):
        code, out, err = run(*words)
    assert code == 0, err
    assert told(out + err + caplog.text) == []


@pytest.mark.usefixtures("round_")
@pytest.mark.parametrize("words", FAILS, ids=lambda words: " ".join(map(str, words[:4])))
def test_no_message_of_a_failure_tells_who_anybody_is(run, caplog, words):
    with caplog.at_level(logging.DEBUG):
        code, out, err = run(*words[1:])
    assert (code, out) == (words[0], ""), err
    assert err
    assert told(err + caplog.text) == []


@pytest.mark.usefixtures("round_")
def test_the_messages_beside_a_text_for_the_lead_tell_nothing_either(run):
    for words in (
        ("match", "round.json"),
        ("history", "journal.json"),
        ("explain", "round.json", "--mentee", "E4"),
    ):
        code, out, err = run(*words)
        assert code == 0
        assert told(out), "the lead's own terminal shows names and reasons"
        assert told(err) == []


@pytest.mark.usefixtures("round_")
def test_no_file_written_for_others_tells_who_anybody_is():
    for name in ("made.json", "made.csv"):
        assert told(Path(name).read_text(encoding="utf-8")) == []
