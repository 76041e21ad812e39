"""What an attacker would type or send: no crash, no unescaped character, the right exit code."""

import json
from pathlib import Path

import pytest

STEERING = {"\x1b", "\u202e", "\x07", "\x9b", "\r", "\ud800"}
ODD_IDS = (
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "M" * 300,
    "👩🏽",
    "--x",
    "-5",
    "a b;rm -rf /",
    "|*_`[x](y)",
)
COMMANDS = (
    ("match", "odd.json"),
    ("match", "odd.json", "--format", "csv"),
    ("match", "odd.json", "--format", "md"),
    ("match", "odd.json", "--format", "json"),
    ("check", "odd.json"),
    ("rematch", "odd.json", "--previous", "odd.matching.json", "--format", "md"),
    ("compare", "odd.matching.json", "odd.matching.json"),
    ("verify", "odd.json", "odd.matching.json"),
)


def put(path, data):
    Path(path).write_text(json.dumps(data), encoding="utf-8")


def safe(*texts):
    return not STEERING & set("".join(texts).replace("\r\n", "")) and "Traceback" not in "".join(texts)


@pytest.mark.parametrize("odd", ODD_IDS, ids=range(len(ODD_IDS)))
def test_a_strange_id_is_only_an_id(run, odd):
    mentees = [{"id": odd, "sectors": ["icb"], "name": "A\nB\x1b[31m"}, {"id": "E2", "sectors": ["icb"]}]
    put("odd.json", {"mentors": [{"id": "M1", "sectors": ["icb"]}], "mentees": mentees})
    assert run("match", "odd.json", "-q", "-o", "odd.matching.json")[0] == 0
    for command in COMMANDS:
        code, out, err = run(*command)
        assert code == 0, (command, err)
        assert safe(out, err)
        assert "<script>" not in out or "md" not in command
    assert run("explain", "odd.json", f"--mentee={odd}")[0] == 0
    code, out, _ = run("rematch", "odd.json", "--previous", "odd.matching.json", f"--withdraw={odd}")
    assert code == 0
    assert safe(out)
    _, out, _ = run("match", "odd.json")
    assert "--mentee --x" not in out


def test_what_people_write_steers_no_terminal_in_any_form(run):
    odd = {"sectors": ["other: \x1b[31mred\x07\x9b\u202e"], "scopes": ["\x1b]0;owned\x07"]}
    put("odd.json", {"mentors": [{"id": "M1", **odd}], "mentees": [{"id": "E1", **odd}]})
    for form in ("text", "json", "csv", "md"):
        code, out, err = run("match", "odd.json", "--format", form)
        assert code == 0
        assert safe(out, err), form


@pytest.mark.parametrize(
    "odd", ["\u202eevil", "a\nb", "\x1b[2J", "", " ", "a\x00b", "\ud800", "👩\u200d🔬"], ids=range(8)
)
def test_an_id_nobody_can_read_is_refused(run, odd):
    put("odd.json", {"mentors": [{"id": odd}], "mentees": [{"id": "E1"}]})
    code, out, err = run("match", "odd.json")
    assert (code, out) == (3, "")
    assert safe(err)
    for words in (("--withdraw", odd), ("--require", "M01", odd), ("--withdraw", "E01", "--reason", odd)):
        code, out, err = run("match", "pairs.json", *words)
        assert code in ((0, 2) if "--reason" in words else (2,)), err
        assert safe(out, err)


LIES = (
    {"scale": 10**30},
    {"scale": -1},
    {"summary.placed": 10**40},
    {"pairings.0.score": 1e99},
    {"pairings.0.score": -0.1},
    {"pairings.0.mentor": "\x1b]0;owned\x07"},
    {"pairings.0.mentee": "\u202e\ud800"},
    {"pairings.0.tier": "outlier"},
    {"pairings.0.contributions.0.because": "\x1b[31mred"},
    {"pairings.0.contributions": []},
    {"unmatched_mentees": []},
    {"unmatched_mentees.0.because": "x" * 100_000},
    {"objective.0.value": 10**50},
    {"objective": []},
    {"warnings": [{"code": "\x1b", "because": "\x9b31m"}]},
    {"certificate.mentors": {}},
    {"certificate.order": ["placed"] * 50},
    {"certificate.mentors.placed": [2**62]},
    {"run.seed": 3},
    {"run.policy": {"weights": {"sector": 10**80}}},
    {"run.decisions": [{"kind": "withdraw", "id": "nobody"}]},
    {"run.decisions": [{"kind": "withdraw"}, {"kind": "require", "mentor": "E01", "mentee": "M01"}]},
    {"run.criteria": ["\x1b[31m"]},
    {"run.cohort_sha256": "\x1b"},
    {"rematch": {"keep": "all", "earlier": [["\x1b", "E01"]], "still_possible": -9, "kept": 99, "ended": [],
                 "changes": []}},
)  # fmt: skip


def told(lie):
    """The contract's matching with one lie in it."""
    data = json.loads(Path("matching.json").read_text(encoding="utf-8"))
    for path, value in lie.items():
        *parents, last = path.split(".")
        place = data
        for key in parents:
            place = place[int(key)] if key.isdigit() else place[key]
        place[last] = value
    return data


@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_a_lie_in_a_matching_is_found_and_nothing_of_it_steers_the_terminal(run, lie):
    put("lie.json", told(lie))
    code, out, err = run("verify", "pairs.json", "lie.json")
    assert code in (3, 5), (out, err)
    assert safe(out, err)
    for command in (
        ("verify", "pairs.json", "lie.json", "--format", "json"),
        ("rematch", "pairs.json", "--previous", "lie.json"),
        ("rematch", "pairs.json", "--previous", "lie.json", "--format", "json"),
        ("rematch", "pairs.json", "--previous", "lie.json", "--format", "md"),
        ("compare", "matching.json", "lie.json"),
        ("compare", "lie.json", "matching.json", "--format", "csv"),
        ("compare", "lie.json", "lie.json", "--format", "md"),
        ("compare", "lie.json", "matching.json", "--format", "json"),
    ):
        code, out, err = run(*command)
        assert code in (0, 2, 3, 5), (command, err)
        assert safe(out, err), command


def test_a_matching_of_another_cohort_is_one_fault(run):
    put("other.json", {"mentors": [{"id": "M1"}], "mentees": [{"id": "E1"}]})
    code, out, _ = run("verify", "other.json", "matching.json")
    assert code == 5
    assert out.count("\n  - ") == 1
