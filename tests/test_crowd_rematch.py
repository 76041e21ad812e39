"""A big cohort's re-match is that of a small one, to the byte."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from ipmatch import crowds
from ipmatch.cohort import Cohort
from ipmatch.explaining import releasing
from ipmatch.front_door import match, rematch, verify
from ipmatch.policy import Policy
from ipmatch.solving.columns import start
from ipmatch.synthetic import demo_cohort
from tests.bordering import without_repairs
from tests.rounds import KEEPS, rematched, second_round


@pytest.mark.parametrize("keep", KEEPS)
def test_at_the_border_the_second_round_is_the_same(keep, monkeypatch):
    monkeypatch.setattr(start, "FIRST", 1)
    codes, let_go = Counter(), 0
    for seed in range(0, 680, 4):
        found, listed = second_round(seed), second_round(seed) and rematched(seed, keep)
        if listed is None:
            continue
        with monkeypatch.context() as patch:
            patch.setattr(crowds, "CROWD", -1)
            crowd = found.rematch(keep)
            assert verify(Cohort.model_validate(found.cohort), crowd, criteria=found.case.criteria).ok
        ours, theirs = crowd.model_dump(mode="json"), listed.model_dump(mode="json")
        if keep == "all" or theirs["objective"][0]["level"] != "placed":
            without_repairs(ours, theirs)
        assert json.dumps(ours) == json.dumps(theirs), seed
        codes.update(change.code for change in crowd.rematch.changes)
        let_go += sum("still possible" in change.because for change in crowd.rematch.changes)
    assert {"moved", "newly-placed", "newly-alone", "left"} <= set(codes)
    assert let_go >= 5


def test_in_a_crowd_too_many_pairs_let_go_are_not_priced(monkeypatch):
    monkeypatch.setattr(crowds, "CROWD", -1)
    cohort = demo_cohort(12, 30, seed=1)
    first = match(cohort)
    swapped = Policy(weights={"sector": 0, "region": 90})
    dear = [change.because for change in rematch(cohort, first, swapped, keep="tie-break").rematch.changes]
    monkeypatch.setattr(releasing, "MOST_PRICED", 0)
    again = rematch(cohort, first, swapped, keep="tie-break")
    plain = [change.because for change in again.rematch.changes]
    assert any("would cost" in words for words in dear)
    assert any("no better matching has" in words for words in plain)
    assert not any("would cost" in words for words in plain)
    assert verify(cohort, again).ok
