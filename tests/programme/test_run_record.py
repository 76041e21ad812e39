"""The record of a run: what made a matching stands in it, and verify finds out where that is not so."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from ipmatch.front_door import verify
from ipmatch.matching import Matching
from ipmatch.reading import read_cohort, read_matching

MADE = Path(__file__).parents[2] / "examples" / "pilot" / "made"


@pytest.fixture(scope="module")
def pilot():
    return read_cohort(MADE / "cohort.json"), read_matching(MADE / "matching.json")


def changed(matching, **record):
    data = copy.deepcopy(matching.model_dump(mode="json"))
    data["run"] |= record
    return Matching.model_validate(data)


def test_the_record_names_everything_that_made_the_matching(pilot):
    cohort, matching = pilot
    run = matching.run
    assert run.cohort_sha256 == cohort.fingerprint()
    assert (run.policy.preset, run.seed, run.criteria) == ("pilot-2023", 0, ())
    assert [(one.kind, one.id, one.when) for one in run.decisions] == [
        ("withdraw", "E01", "2023-02-28"),
        ("withdraw", "M03", "2023-02-27"),
        ("withdraw", "M07", "2023-02-27"),
        ("withdraw", "M12", "2023-02-27"),
    ]
    assert verify(cohort, matching).ok


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"cohort_sha256": "0" * 64}, "This matching was made from another cohort"),
        ({"seed": 1}, "run.seed: the file says 1, the pairing implies 0."),
        ({"criteria": ["trust"]}, "This matching was made with other criteria of the user's own: trust."),
        ({"policy": {"preset": "sector-first"}}, ""),
        ({"decisions": []}, ""),
        ({"decisions": [{"kind": "withdraw", "id": "E99"}]}, "do not fit this cohort"),
        (
            {"decisions": [{"kind": "forbid", "mentor": "M01", "mentee": "E08"}]},
            "may not be paired: forbidden",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_record_that_is_not_what_made_the_matching_is_found_out(pilot, record, fault):
    cohort, matching = pilot
    found = verify(cohort, changed(matching, **record))
    assert not found.ok
    assert any(fault in one for one in found.faults), found.faults


def test_a_record_that_names_who_decided_is_found_out(pilot):
    cohort, matching = pilot
    decisions = [one.model_dump(mode="json") for one in matching.run.decisions]
    decisions[0]["by"] = "somebody"
    found = verify(cohort, changed(matching, decisions=decisions))
    assert found.faults == ("run.decisions[0].by: the file says somebody, the pairing implies None.",)
