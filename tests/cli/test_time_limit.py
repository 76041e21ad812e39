"""``--time-limit``: the best so far with its bounds and exit 7, or nothing, and said so."""

import json
from pathlib import Path

import pytest

import ipmatch as ip
from ipmatch.reading.documents import read_matching

NO_TIME = "0.000001"
HOME = {"region": "Kent", "tags": ["new"], "sectors": ["icb"]}
PEOPLE = {
    "mentors": [{"id": f"M{n}", "sectors": ["icb"], "region": "Kent"} for n in range(4)],
    "mentees": [
        {"id": "E0", **HOME},
        {"id": "E1", **HOME, "region": "Surrey"},
        {"id": "E2", **HOME, "tags": []},
    ],
}
CROSSING = [
    {"side": "mentee", "where": {"region": "Kent"}, "max": 1},
    {"side": "mentee", "where": {"tags": "new"}, "max": 1},
]


@pytest.fixture
def people(run):
    def put(name, quotas=()):
        Path(name).write_text(json.dumps({**PEOPLE, "policy": {"quotas": list(quotas)}}), encoding="utf-8")

    put("plain.json")
    put("crossing.json", CROSSING)
    put("needy.json", [CROSSING[0], {**CROSSING[1], "min": 2, "max": 2}])
    return run


@pytest.mark.parametrize("cohort", ["plain.json", "crossing.json"])
def test_the_best_so_far_is_written_with_its_bounds_and_verifies(people, cohort):
    code, out, err = people("match", cohort, "--time-limit", NO_TIME, "-o", "found.json")
    assert (code, out) == (7, "")
    assert "The time limit ended the search. This is the best matching found" in err
    found = read_matching("found.json")
    assert found.status == "feasible"
    assert found.pairings
    assert [level.bound for level in found.objective][-1] is None
    code, out, _ = people("verify", cohort, "found.json")
    assert code == 0
    assert "but not proved best: its bounds hold" in " ".join(out.split())


def test_what_is_left_open_is_not_explained_as_if_it_were_settled(people):
    _, out, _ = people("match", "crossing.json", "--time-limit", NO_TIME, "--format", "json")
    found = json.loads(out)
    codes = {left["code"] for left in (*found["unmatched_mentees"], *found["spare_mentors"])}
    assert codes <= {"not-priced", "held-by-rule", "shortage", "all-placed", "no-eligible-mentor"}
    assert all(left["loss"] is None for left in found["unmatched_mentees"])


def test_where_nothing_is_found_that_is_said_and_nothing_written(people):
    code, _, err = people("match", "needy.json", "--time-limit", NO_TIME, "-o", "found.json")
    assert code == 7
    assert err == "The time limit came before any pairing that keeps all rules was found.\n"
    assert not Path("found.json").exists()


def test_a_limit_that_is_not_reached_changes_nothing(people):
    assert people("match", "plain.json", "-q", "--time-limit", "600", "-o", "in-time.json")[0] == 0
    assert people("match", "plain.json", "-q", "-o", "whole.json")[0] == 0
    assert Path("in-time.json").read_bytes() == Path("whole.json").read_bytes()
    assert (
        people("match", "crossing.json", "-q", "--time-limit", "600", "-o", "crossing-in-time.json")[0] == 0
    )
    assert people("match", "crossing.json", "-q", "-o", "crossing-whole.json")[0] == 0
    assert read_matching("crossing-in-time.json").pairs() == read_matching("crossing-whole.json").pairs()


def test_a_re_match_has_a_limit_too(people):
    people("match", "crossing.json", "-q", "-o", "first.json")
    code, _, err = people(
        "rematch", "crossing.json", "--previous", "first.json", "--time-limit", NO_TIME, "-o", "again.json"
    )
    assert code == 7
    assert "The time limit ended the search." in err
    assert people("verify", "crossing.json", "again.json")[0] == 0


def test_nobody_is_said_to_be_impossible_to_place_while_time_is_the_reason(people):
    code, _, err = people("match", "crossing.json", "--require-all", "--time-limit", NO_TIME)
    assert code == 7
    assert "The time limit came before a matching was found that gives every mentee a mentor" in err
    assert people("match", "crossing.json", "--require-all")[0] == 4


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "inf", "1e3", "ten", ""])
def test_a_limit_that_is_no_number_of_seconds_is_wrong_usage(people, limit):
    code, _, err = people("match", "plain.json", f"--time-limit={limit}")
    assert code == 2
    assert "is not a number of seconds above 0" in err


@pytest.mark.parametrize("limit", [0, -1.5, float("nan"), float("inf")])
def test_so_it_is_in_python(limit):
    with pytest.raises(ip.UsageError, match=r"time_limit: .* is not a number of seconds above 0"):
        ip.match(ip.Cohort.model_validate(PEOPLE), time_limit=limit)


@pytest.mark.parametrize(
    ("objective", "what"),
    [({"levels": ["placed", "fairness"]}, "fairness"), ({"method": "stable"}, "stability")],
)
def test_a_comparison_there_is_no_time_for_is_left_out_and_said_to_be(run, monkeypatch, objective, what):
    from ipmatch.solving import lexicographic

    data = {**PEOPLE, "policy": {"objective": objective}}
    Path("people.json").write_text(json.dumps(data), encoding="utf-8")
    whole = ip.match(ip.read_cohort("people.json"))
    real, calls = lexicographic.solve, []

    def solve(problem, levels, **given):
        calls.append(given.get("deadline"))
        return real(problem, levels, **{**given, "deadline": 0.0})

    # The answer itself is found in time, by another door.
    monkeypatch.setattr(lexicographic, "solve", solve)
    code, out, err = run("match", "people.json", "--time-limit", "600", "-o", "found.json")
    assert (code, out) == (7, "")
    assert f"What {what} costs is not told: the time limit ended before that was worked out." in " ".join(
        err.split()
    )
    assert calls[-1] is not None
    found = read_matching("found.json")
    assert found.pairs() == whole.pairs()
    assert found.fairness is None
    assert found.stability is None or found.stability.cost is None
    assert [note.code for note in found.warnings][-1] == "comparison-left-out"
    assert ip.verify(ip.read_cohort("people.json"), found).ok
    silent = found.model_copy(update={"warnings": found.warnings[:-1]})
    assert not ip.verify(ip.read_cohort("people.json"), silent).ok
    assert run("report", "people.json", "found.json", "-o", "report.md", "-q")[0] == 0
    assert run("explain", "people.json", "--matching", "found.json", "--mentee", "E0")[0] == 0
