"""Mentees whose searches lead to the same are told the same as if each were searched for alone."""

from __future__ import annotations

import pytest

from ipmatch.answering import solved, told
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.explaining import alternating
from ipmatch.explaining.alternating import Alternating
from tests.strategies import random_case, ruled_case
from tests.test_crowds import request_for


@pytest.mark.parametrize("make", [random_case, ruled_case])
def test_a_search_that_many_take_tells_of_each_what_their_own_would(make, monkeypatch):
    shared, alike = set[tuple[bool, bool]](), Alternating.alike

    def noted(self, mentee):
        first = alike(self, mentee)
        if first != mentee:
            shared.add((bool(self.given[mentee]), bool(self.problem.wanted[mentee] > 1)))
        return first

    monkeypatch.setattr(Alternating, "alike", noted)
    for seed in range(200):
        try:
            posed, answer = solved(request_for(make(seed)))
        except (InfeasibleError, InputError):
            continue
        monkeypatch.setattr(alternating, "WORTH_KNOWING", 1 << 60)
        alone = told(posed, answer)
        monkeypatch.setattr(alternating, "WORTH_KNOWING", 0)
        assert told(posed, answer) == alone, seed
    assert {(False, False), (False, True), (True, True)} <= shared
