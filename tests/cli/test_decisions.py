"""--decisions: a file of what was decided, wherever a cohort is matched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SECTOR = {"sectors": ["icb"]}
ROUND = {
    "mentors": [{"id": "M1", **SECTOR}, {"id": "M2", **SECTOR}],
    "mentees": [{"id": "E1", **SECTOR}, {"id": "E2", **SECTOR}],
}
DECIDED = {
    "kind": "decisions",
    "version": 1,
    "decisions": [
        {"kind": "require", "mentor": "M1", "mentee": "E2", "by": "A. Lead", "when": "2027-03-01"},
        {"kind": "forbid", "mentor": "M2", "mentee": "E1", "reason": "line manager"},
    ],
}


@pytest.fixture
def decided(folder):
    """The round, and what was decided about it."""
    for name, document in (("round", ROUND), ("decisions", DECIDED)):
        Path(f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.usefixtures("decided")
def test_match_keeps_to_the_file_and_tells_nobody_who_decided(run):
    code, out, err = run("match", "round.json", "--decisions", "decisions.json", "--format", "json")
    assert (code, err) == (0, "")
    matching = json.loads(out)
    assert [(one["mentor"], one["mentee"], one["basis"]) for one in matching["pairings"]] == [
        ("M1", "E2", "required")
    ]
    assert [one["kind"] for one in matching["run"]["decisions"]] == ["require", "forbid"]
    assert "A. Lead" not in out
    assert "line manager" not in out
    Path("matching.json").write_text(out, encoding="utf-8")
    assert run("verify", "round.json", "matching.json")[0] == 0


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize(
    "words",
    [
        ("explain", "round.json", "--mentee", "E1"),
        ("why-not", "round.json", "M2", "E1"),
        ("check", "round.json"),
        ("sensitivity", "round.json"),
    ],
)
def test_every_question_can_be_asked_after_the_decisions(run, words):
    before, after = run(*words), run(*words, "--decisions", "decisions.json")
    assert (before[0], after[0], after[2]) == (0, 0, "")
    # Who takes part, which is all that check tells, is not changed by naming pairs.
    assert (before[1] != after[1]) == (words[0] != "check")


@pytest.mark.usefixtures("decided")
def test_options_come_on_top_of_the_file(run):
    words = ("match", "round.json", "--decisions", "decisions.json", "--withdraw", "M2", "--format", "json")
    matching = json.loads(run(*words)[1])
    assert [one["kind"] for one in matching["run"]["decisions"]] == ["withdraw", "require", "forbid"]


@pytest.mark.usefixtures("decided")
def test_rematch_keeps_to_the_file_and_names_what_was_forgotten(run):
    lock = {"decisions": [{"kind": "lock", "mentor": "M1", "mentee": "E1"}]}
    Path("lock.json").write_text(json.dumps(lock), encoding="utf-8")
    run("match", "round.json", "--decisions", "lock.json", "-o", "first.json")
    again = ("rematch", "round.json", "--previous", "first.json")
    code, _, err = run(*again)
    assert code == 0
    assert "neither in the cohort nor given again: --decisions FILE." in err
    assert run(*again, "--decisions", "lock.json")[2] == ""


@pytest.mark.usefixtures("decided")
def test_everything_wrong_with_the_file_is_told_with_its_place(run):
    wrong = [
        {"kind": "require", "mentor": "E1", "mentee": "M9"},
        {"kind": "withdraw", "id": "M9"},
        DECIDED["decisions"][0],
    ]
    Path("wrong.json").write_text(json.dumps({"decisions": wrong}), encoding="utf-8")
    code, out, err = run("match", "round.json", "--decisions", "wrong.json", "-o", "out.json")
    assert (code, out) == (3, "")
    assert err.splitlines() == [
        "wrong.json, decisions[0]: E1 is a mentee, not a mentor. Name the mentor first, then the mentee.",
        'wrong.json, decisions[0]: nobody here has the id "M9". Check the id.',
        'wrong.json, decisions[1]: nobody here has the id "M9". Check the id.',
    ]
    assert not Path("out.json").exists()


@pytest.mark.usefixtures("decided")
def test_the_faults_of_the_cohort_and_of_the_decisions_are_told_together(run):
    Path("wrong.json").write_text('{"decisions": [{"kind": "lokc"}, 3]}', encoding="utf-8")
    code, _, err = run("match", "faulty.json", "--decisions", "wrong.json")
    assert code == 3
    assert "faulty.json, mentors[0].capacty (M0)" in err
    code, _, err = run("match", "round.json", "--decisions", "wrong.json")
    assert [line.partition(".json, ")[2].partition(":")[0] for line in err.splitlines()] == [
        "decisions[0].kind",
        "decisions[1]",
    ]
    assert 'Did you mean "lock"?' in err


@pytest.mark.usefixtures("decided")
def test_whom_nobody_knows_is_told_with_the_faults_of_every_file_and_option(run):
    """Names were looked up once every file was right, and those of options after those of the file."""
    wrong = [{"kind": "lokc"}, {"kind": "withdraw", "id": "M9"}]
    Path("wrong.json").write_text(json.dumps({"decisions": wrong}), encoding="utf-8")
    Path("policy.toml").write_text("[weights]\nsector = -1\n", encoding="utf-8")
    words = ("match", "round.json", "--policy", "policy.toml", "--decisions", "wrong.json")
    faults = [
        "policy.toml, weights.sector: -1 is negative. Use 0 to switch a criterion off.",
        "wrong.json, decisions[0].kind",
        'wrong.json, decisions[1]: nobody here has the id "M9". Check the id.',
    ]
    code, _, err = run(*words)
    assert code == 3
    told = err.splitlines()
    assert [line.partition(": ")[0] if at == 1 else line for at, line in enumerate(told)] == faults
    code, _, err = run(*words, "--withdraw", "E9")
    assert (code, err.splitlines()) == (2, [*told, 'withdraw E9: nobody here has the id "E9". Check the id.'])


@pytest.mark.usefixtures("decided")
def test_another_document_is_not_taken_for_decisions(run):
    code, _, err = run("match", "round.json", "--decisions", "matching.json")
    assert (code, err) == (
        3,
        'matching.json: this is a "matching", not decisions. Give a decisions file.\n',
    )
    Path("list.json").write_text("[]", encoding="utf-8")
    assert run("match", "round.json", "--decisions", "list.json")[2] == (
        "list.json: this is a list, not decisions. Give decisions: one object, in braces.\n"
    )
