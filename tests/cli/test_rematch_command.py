"""``ipmatch rematch`` and ``ipmatch compare``, from file to file."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from ipmatch.reading.documents import read_matching
from ipmatch.schemas import published

PEOPLE = {
    "mentors": [{"id": f"M{n}", "sectors": ["primary-care"]} for n in range(1, 5)],
    "mentees": [{"id": f"E{n}", "sectors": ["primary-care"]} for n in range(1, 4)],
}


def put(path, data):
    Path(path).write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def rounds(run):
    """``people.json``, and ``first.json`` with its matching: M1 with E1 by decision."""
    put("people.json", PEOPLE)
    assert run("match", "people.json", "-q", "--require", "M1", "E1", "-o", "first.json")[0] == 0
    return run


def mentor_of(mentee, path="first.json"):
    return next(mentor for mentor, other in read_matching(path).pairs() if other == mentee)


def test_the_story_comes_first_and_then_the_matching(rounds):
    gone = mentor_of("E2")
    code, out, err = rounds(
        "rematch", "people.json", "--previous", "first.json", "--withdraw", gone, "--require", "M1", "E1"
    )
    assert (code, err) == (0, "")
    assert out.startswith("2 of 3 earlier pairs stay; 1 ended. Mentees: 1 moves; nobody else changes.")
    assert f"{gone} with E2  {gone} has withdrawn." in out
    assert f"E2 moves from {gone} to " in out
    assert out.index("Move to another mentor (1)") < out.index("3 of 3 mentees taking part are paired")
    assert "1. earlier pairs" in out


def test_what_is_written_verifies_and_a_tampered_story_does_not(rounds):
    words = ("--withdraw", mentor_of("E2"), "--reason", "a private reason")
    code, out, err = rounds("rematch", "people.json", "--previous", "first.json", *words, "-o", "second.json")
    assert (code, out) == (0, "")
    assert err.count("earlier pairs stay") == 1
    assert "Written: second.json" in err
    assert rounds("verify", "people.json", "second.json")[0] == 0
    data = json.loads(Path("second.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(published("matching"))).validate(data)
    assert "private" not in json.dumps(data)
    story = data["rematch"]
    for change in (
        {"kept": story["kept"] + 1},
        {"still_possible": 0},
        {"keep": "tie-break"},
        {"earlier": story["earlier"][1:]},
        {"ended": []},
        {"changes": []},
        {"changes": [{**story["changes"][0], "because": "Nobody knows."}]},
    ):
        put("tampered.json", {**data, "rematch": {**story, **change}})
        assert rounds("verify", "people.json", "tampered.json")[0] == 5, change
    put("tampered.json", {**data, "rematch": None})
    assert rounds("verify", "people.json", "tampered.json")[0] == 5


def test_rules_seed_and_mode_are_those_asked_for_and_else_those_of_before(rounds):
    asked = ("--keep", "tie-break", "--seed", "9", "--format", "json", "-q")
    matching = json.loads(rounds("rematch", "people.json", "--previous", "first.json", *asked)[1])
    assert (matching["rematch"]["keep"], matching["run"]["seed"]) == ("tie-break", 9)
    assert rounds("match", "people.json", "-q", "--policy", "pilot-2023", "-o", "pilot.json")[0] == 0
    words = ("rematch", "people.json", "--previous", "pilot.json", "--format", "json", "-q")
    assert json.loads(rounds(*words)[1])["run"]["policy"]["preset"] == "pilot-2023"
    other = json.loads(rounds(*words, "--policy", "sector-first")[1])
    assert other["run"]["policy"]["preset"] == "sector-first"


def test_decisions_of_before_that_are_not_given_again_are_told_of(rounds):
    withdrawn = ("--withdraw", "E3", "--forbid", "M2", "E1", "-o", "second.json", "-q")
    assert rounds("rematch", "people.json", "--previous", "first.json", *withdrawn)[0] == 0
    code, _, err = rounds("rematch", "people.json", "--previous", "second.json")
    assert code == 0
    assert "second.json was made with decisions that are neither in the cohort nor given again: " in err
    assert "--withdraw E3 --forbid M2 E1. Give them again if they still hold." in err
    again = rounds("rematch", "people.json", "--previous", "second.json", *withdrawn[:5])[2]
    assert again == ""


def test_a_matching_of_another_round_is_told_of_and_all_its_pairs_ended(rounds):
    code, out, err = rounds("rematch", "people.json", "--previous", "matching.json")
    assert code == 0
    assert "matching.json was made" not in err
    code, out, err = rounds("rematch", "pairs.json", "--previous", "other.json")
    assert code == 2
    put("other.json", json.loads(Path("first.json").read_text().replace('"M', '"X').replace('"E', '"Y')))
    code, out, err = rounds("rematch", "people.json", "--previous", "other.json")
    assert code == 0
    assert "nobody paired there is in this cohort" in err
    assert out.startswith("0 of 3 earlier pairs stay; 3 ended.")


def test_a_level_keep_in_the_rules_outdoes_the_option_and_that_is_said(rounds):
    Path("policy.toml").write_text('[objective]\nlevels = ["placed", "keep", "score"]\n')
    words = ("rematch", "people.json", "--previous", "first.json", "--policy", "policy.toml", "--keep", "all")
    assert 'the rules list the level "keep" themselves' in rounds(*words)[2]


def test_a_criterion_of_before_is_asked_for(rounds):
    Path("own.py").write_text(
        "class same:\n"
        "    name = 'same_letter'\n"
        "    def mentor_key(self, mentor): return mentor.id[-1]\n"
        "    def mentee_key(self, mentee): return mentee.id[-1]\n"
        "    def strength(self, mentor_key, mentee_key): return None if mentor_key == mentee_key else 0\n"
        "    def because(self, mentor, mentee, strength): return 'No.'\n"
    )
    own = ("--criteria", "own.py:same")
    assert rounds("match", "people.json", "-q", *own, "-o", "own.json")[0] == 0
    code, _, err = rounds("rematch", "people.json", "--previous", "own.json")
    assert code == 2
    assert "--criteria: the earlier matching was made with same_letter." in err
    assert rounds("rematch", "people.json", "--previous", "own.json", *own)[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rematch", "people.json"), 2, "--previous is missing."),
        (("rematch", "people.json", "--previous", "nowhere.json"), 2, "nowhere.json"),
        (("rematch", "-", "--previous", "-"), 2, "COHORT and --previous: both inputs are standard input."),
        (("rematch", "people.json", "--previous", "pairs.json"), 3, 'this is a "cohort", not a matching.'),
        (("rematch", "people.json", "--previous", "first.json", "--keep", "some"), 2, '"some" is not known'),
        (("rematch", "people.json", "--previous", "first.json", "--withdraw", "E9"), 2, '"E9"'),
        (("rematch", "people.json", "--previous", "first.json", "-o", "first.json"), 2, "it exists already."),
        (("rematch", "people.json", "--previous", "first.json", "--require-all", "--withdraw=M1",
          "--withdraw=M2"), 4, "Not every mentee"),
        (("compare", "first.json"), 2, "B.json is missing."),
        (("compare", "-", "-"), 2, "A.json and B.json: both inputs are standard input."),
        (("compare", "first.json", "pairs.json"), 3, 'this is a "cohort", not a matching.'),
    ],
)  # fmt: skip
def test_mistakes_are_told_plainly(rounds, words, code, said):
    found, out, err = rounds(*words)
    assert (found, out) == (code, "")
    assert said in err


def test_the_faults_of_every_input_are_told_at_once(rounds):
    put("faulty.json", {"mentors": [{"id": "M1", "capacty": 1}]})
    put("wrong.json", {"kind": "matching", "scale": "x"})
    Path("policy.toml").write_text("[weights]\nsector = -1\n")
    words = ("rematch", "faulty.json", "--previous", "wrong.json", "--policy", "policy.toml")
    code, _, err = rounds(*words)
    assert code == 3
    assert all(name in err for name in ("faulty.json", "wrong.json", "policy.toml"))
    put("other.json", {"kind": "matching", "scale": "x"})
    code, _, err = rounds("compare", "wrong.json", "other.json")
    assert code == 3
    assert "wrong.json, scale" in err
    assert "other.json, scale" in err
    # A file that is named twice has each fault once.
    assert rounds("compare", "wrong.json", "wrong.json")[2].count("wrong.json, scale") == 1


def test_compare_shows_both_sides_in_every_format(rounds, golden):
    gone = mentor_of("E2")
    words = ("--withdraw", gone, "--withdraw", "E3", "-q", "-o", "second.json")
    assert rounds("rematch", "people.json", "--previous", "first.json", *words)[0] == 0
    code, out, err = rounds("compare", "first.json", "second.json")
    assert (code, err) == (0, "")
    golden("compare.txt", out)
    answer = json.loads(rounds("compare", "first.json", "second.json", "--format", "json")[1])
    jsonschema.Draft202012Validator(json.loads(published("comparison"))).validate(answer)
    rows = list(
        csv.DictReader(io.StringIO(rounds("compare", "first.json", "second.json", "--format", "csv")[1]))
    )
    assert [row["mentee"] for row in rows] == ["E1", "E2", "E3"]
    assert "| E3 |" in rounds("compare", "first.json", "second.json", "--format", "md")[1]
    assert rounds("compare", "first.json", "first.json")[1].startswith(
        "The two matchings have the same 3 pairs."
    )


def test_the_frontier_is_a_table_of_what_each_change_gains_or_json(rounds):
    words = ("rematch", "people.json", "--previous", "first.json", "-q", "--frontier")
    code, out, err = rounds(*words)
    assert (code, err) == (0, "")
    assert "3 of 3 earlier pairs are still possible. Giving up more of the earlier pairs gains nothing." in (
        " ".join(out.split())
    )
    assert "Each is proved best." in out
    code, out, _ = rounds(*words, "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, json.loads(published("rematch-frontier")))
    assert [point["changes"] for point in found["points"]] == [0]
    assert found["complete"]


@pytest.mark.parametrize(
    "beside", [("--max-changes", "1"), ("--keep", "all"), ("-o", "x.json"), ("--format", "csv")]
)
def test_a_frontier_stands_alone(rounds, beside):
    code, _, err = rounds("rematch", "people.json", "--previous", "first.json", "--frontier", *beside)
    assert code == 2
    assert f"--frontier: it goes through every number of changes, so {beside[0]}" in err
