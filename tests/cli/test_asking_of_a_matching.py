"""``--matching``: questions about a matching made before, a re-match too, by its own rules and decisions."""

import json
from pathlib import Path

import pytest

PEOPLE = {
    "mentors": [{"id": f"M{n}", "sectors": ["primary-care"]} for n in range(1, 4)],
    "mentees": [{"id": f"E{n}", "sectors": ["primary-care"]} for n in range(1, 4)],
}


@pytest.fixture
def again(run):
    """``again.json``: a re-match after M1's withdrawal that may change nothing else."""
    Path("people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    first = ("--require", "M1", "E1", "--require", "M2", "E2", "--require", "M3", "E3")
    assert run("match", "people.json", "-q", *first, "-o", "first.json")[0] == 0
    words = ("--previous", "first.json", "--withdraw", "M1", "--max-changes", "0", "-o", "again.json")
    assert run("rematch", "people.json", "-q", *words)[0] == 0
    return run


def told(out):
    return " ".join(out.split())


def test_a_re_match_is_explained_as_it_is_and_not_as_a_fresh_match_would_be(again):
    _, fresh, _ = again("explain", "people.json", "--mentee", "E1")
    code, out, err = again("explain", "people.json", "--matching", "again.json", "--mentee", "E1")
    assert (code, err) == (0, "")
    assert "E1 is paired with" in told(fresh)
    assert told(out).startswith("Every place is taken: 3 mentees taking part ask for 3 mentors, and the 2")
    assert "No matching that keeps every rule gives E1 a mentor." in told(out)


def test_the_price_of_a_pair_is_that_under_the_limit_of_the_re_match(again):
    code, out, _ = again("why-not", "people.json", "M2", "E1", "--matching", "again.json")
    assert code == 0
    assert "M2 for E1 is not possible beside the other rules: the limit of 0 changes." in told(out)


def test_a_kept_pair_is_told_as_kept(again):
    _, out, _ = again(
        "explain", "people.json", "--matching", "again.json", "--pair", "M2", "E2", "--format", "json"
    )
    assert json.loads(out)["pairings"][0]["basis"] == "kept"


@pytest.mark.parametrize(
    "beside", [("--policy", "pilot-2023"), ("--withdraw", "M2"), ("--forbid", "M2", "E2")]
)
def test_a_matching_has_its_own_rules_and_decisions(again, beside):
    code, _, err = again("why-not", "people.json", "M2", "E1", "--matching", "again.json", *beside)
    assert code == 2
    assert "--matching: a matching has rules and decisions of its own" in err


def test_a_matching_that_is_not_what_it_says_is_refused(again):
    made = json.loads(Path("again.json").read_text(encoding="utf-8"))
    made["pairings"].pop()
    Path("wrong.json").write_text(json.dumps(made), encoding="utf-8")
    code, _, err = again("explain", "people.json", "--matching", "wrong.json", "--mentee", "E2")
    assert code == 3
    assert "matching: " in err


def test_of_a_matching_that_is_not_proved_nothing_is_priced(again):
    again("match", "people.json", "-q", "--time-limit", "0.000001", "-o", "hasty.json")
    code, out, _ = again("explain", "people.json", "--matching", "hasty.json", "--mentee", "E1")
    assert code == 0
    assert "E1 is paired with" in told(out)
    assert "Should they withdraw" not in out
    code, out, _ = again("why-not", "people.json", "M1", "E2", "--matching", "hasty.json")
    assert code == 0
    assert "that they are the best is not proved" in told(out)
