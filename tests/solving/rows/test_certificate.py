import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.rows.certificate import check
from ipmatch.solving.rows.conflict import RowsClash
from ipmatch.solving.rows.entries import RowEntry
from ipmatch.solving.rows.search import solve_with_rows
from tests.solving.rows.instances import crossing_cells, enumerate_all, random_rows_problem


def solved(seeds):
    """Random instances with their answers, those that have one."""
    for seed in seeds:
        problem, levels, rows = random_rows_problem(np.random.default_rng(seed))
        try:
            yield problem, levels, rows, solve_with_rows(problem, levels, rows)
        except RowsClash:
            continue


@pytest.fixture(scope="module")
def by_cases():
    """An instance with a level that no single bound proves."""
    for seed in range(20):
        instance = crossing_cells(np.random.default_rng(seed), 40, 30)
        answer = solve_with_rows(*instance)
        if answer.unique and any(entry.kind == "tree" for entry in answer.entries):
            return *instance, answer
    raise AssertionError


def test_a_certificate_survives_json_and_proves_the_same(by_cases):
    problem, levels, rows, answer = by_cases
    text = json.dumps([entry.to_json() for entry in answer.entries])
    entries = [RowEntry.from_json(data) for data in json.loads(text)]
    assert check(problem, levels, rows, answer.used, entries) == []
    assert json.dumps([entry.to_json() for entry in entries]) == text


def test_any_other_pairing_is_refused():
    refused = 0
    for problem, levels, rows, answer in solved(range(70_000, 70_025)):
        for used in enumerate_all(problem, rows).used[:40]:
            if not np.array_equal(used, answer.used):
                assert check(problem, levels, rows, used, answer.entries)
                refused += 1
    assert refused > 100


def test_numbers_at_random_never_prove_what_is_not_so():
    # Some changed numbers still prove the pairing; no change may prove another.
    rng, accepted = np.random.default_rng(0), 0
    for problem, levels, rows, answer in solved(range(71_000, 71_030)):
        others = [used for used in enumerate_all(problem, rows).used if not np.array_equal(used, answer.used)]
        for _ in range(20):
            k = int(rng.integers(len(answer.entries)))
            entry = answer.entries[k]
            proof = entry.node.proof
            noise = rng.integers(-3, 4, len(proof.prices)) * proof.denominator
            forged = replace(proof, prices=proof.prices + noise)
            if len(proof.multipliers):
                turned = proof.multipliers * rng.integers(-1, 2, len(proof.multipliers))
                forged = replace(forged, multipliers=turned)
            entries = list(answer.entries)
            entries[k] = replace(entry, node=replace(entry.node, proof=forged))
            accepted += not check(problem, levels, rows, answer.used, entries)
            if others:
                used = others[rng.integers(len(others))]
                entries[k] = replace(entries[k], bound=entry.bound + int(rng.integers(-2, 3)))
                assert check(problem, levels, rows, used, entries)
    assert accepted < 300


def test_a_bound_that_is_too_good_is_refused(by_cases):
    problem, levels, rows, answer = by_cases
    for k, entry in enumerate(answer.entries):
        entries = list(answer.entries)
        entries[k] = replace(entry, bound=entry.bound - 1)
        assert check(problem, levels, rows, answer.used, entries)
        assert check(problem, levels, rows, answer.used, entries, claim="feasible")


def test_a_bound_above_what_is_reached_is_true_but_proves_nothing(by_cases):
    problem, levels, rows, answer = by_cases
    entries = [replace(entry, bound=entry.bound + 1) for entry in answer.entries]
    assert check(problem, levels, rows, answer.used, entries, claim="feasible") == []
    faults = check(problem, levels, rows, answer.used, entries, claim="optimal")
    value = answer.levels[0].value
    assert faults == [f"Level 'placed': {value} is reached, and {value + 1} is the bound."]


def test_cases_left_out_prove_nothing(by_cases):
    problem, levels, rows, answer = by_cases
    k = next(k for k, entry in enumerate(answer.entries) if entry.kind == "tree")
    entries = list(answer.entries)
    entries[k] = replace(entries[k], node=replace(entries[k].node, parts=()))
    faults = check(problem, levels, rows, answer.used, entries)
    assert faults == [
        f"Level {entries[k].level!r}: that no pairing gains more than {entries[k].bound} is not proved."
    ]


def test_entries_must_be_all_there_and_in_order(by_cases):
    problem, levels, rows, answer = by_cases
    entries = answer.entries
    for wrong in (entries[1:], entries[:-1], entries[::-1], (*entries, entries[-1]), ()):
        assert check(problem, levels, rows, answer.used, wrong)
    assert check(problem, levels, rows, answer.used, entries[: len(levels)], claim="optimal") == []


def test_broken_rules_are_named(by_cases):
    problem, levels, rows, answer = by_cases
    nothing = np.zeros_like(answer.used)
    faults = check(problem, levels, rows, nothing, answer.entries)
    assert "Rule 'floor 0' asks for at least" in " ".join(faults)
    everything = check(problem, levels, rows, ~nothing, answer.entries)
    assert "mentees but only 1 places" in everything[0]
    tight = [replace(rows[0], low=None, up=0)]
    assert "Rule 'cell 00' allows 0 at most" in " ".join(
        check(problem, levels, tight, answer.used, answer.entries)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"denominator": 0},
        {"denominator": -1},
        {"multipliers": np.zeros(3, np.int64)},
        {"multipliers": np.full(19, 2**60)},
        {"prices": np.zeros(3, np.int64)},
        {"prices": np.zeros(71)},
        {"prices": np.full(71, 2**61)},
    ],
)
def test_numbers_of_wrong_count_or_size_are_refused_before_they_are_used(by_cases, change):
    problem, levels, rows, answer = by_cases
    entry = answer.entries[0]
    forged = replace(entry, node=replace(entry.node, proof=replace(entry.node.proof, **change)))
    assert len(entry.node.proof.multipliers) == 19
    assert len(entry.node.proof.prices) == 71
    faults = check(problem, levels, rows, answer.used, [forged, *answer.entries[1:]])
    assert faults == ["Level 'placed': the proof has numbers of wrong count or size."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "expected names and values"),
        ({}, "level: expected a name"),
        ({"level": "score", "bound": 1.5}, "bound: expected integers"),
        ({"level": "score", "bound": True}, "bound: expected integers"),
        ({"level": "score", "proof": 3}, "proof: expected a list"),
        ({"level": "score", "proof": []}, "expected one node"),
        ({"level": "score", "proof": [{"parts": 1}]}, "a part is missing"),
        ({"level": "score", "proof": [{"parts": 0}]}, "rows: expected integers"),
        (
            {"level": "score", "proof": [{"parts": 0, "rows": 1, "multipliers": [[1, 1]]}]},
            "pairs of a row and its multiplier",
        ),
        (
            {"level": "score", "proof": [{"parts": 0, "rows": 0, "multipliers": [], "prices": [2**70]}]},
            "denominator: expected integers",
        ),
    ],
)
def test_data_that_is_no_entry_is_refused(data, message):
    with pytest.raises(ValueError, match=message):
        RowEntry.from_json(data)


def test_checking_needs_no_solver():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['ortools', 'scipy']));"
        "import ipmatch.solving.rows.certificate, ipmatch.solving.rows.entries"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
