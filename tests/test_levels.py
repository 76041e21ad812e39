"""Fairness, leximin and balance through the front door, alone and with every other rule."""

from __future__ import annotations

from fractions import Fraction

from ipmatch.cohort import Cohort
from ipmatch.study import verify

from .every_level import NOBODY, small

SEEDS = range(260)


def test_every_order_of_levels_reaches_what_trying_everything_reaches():
    seen, clashes = set(), 0
    for case, judge, matching in small(SEEDS):
        best = None if judge.clash else judge.best()
        if matching is None:
            clashes += 1
            assert best is None, case.seed
            continue
        assert judge.value(matching.pairs()) == best, case.seed
        reached = {level.level: level.value for level in matching.objective}
        for name, amount in best.items():
            if amount[0] == NOBODY:
                assert name not in reached, case.seed
                continue
            assert abs(Fraction(reached[name]) - amount[0]) <= abs(amount[0]) / 10**14, (case.seed, name)
        assert list(reached) == [name for name in best if name in reached], case.seed
        assert matching.status == "optimal"
        seen |= {tuple(case.policy["objective"]["levels"])}
    assert len(seen) == 13
    assert clashes > 10


def test_every_such_matching_verifies_without_a_solver():
    for case, _, matching in small(range(150)):
        if matching is not None:
            cohort = Cohort.model_validate(case.cohort)
            assert verify(cohort, matching, criteria=case.criteria).faults == (), case.seed
