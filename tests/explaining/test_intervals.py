"""What the sentence of a weight's interval claims, where more than the score decides."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from ..enumerated import best, enumerable, value
from ..second_scorer import Second
from ..test_sensitivity import study_of


def test_where_a_level_follows_the_score_an_end_is_said_to_tie_by_the_levels_up_to_it():
    """At 51 of 584 such ends a level after the score preferred another than the one "among the best"."""
    met = Counter()
    for case, oracle, matching in enumerable(range(160)):
        follows = "score" in oracle.levels() and oracle.levels()[-1] != "score"
        for weight in study_of(case).sensitivity().weights if follows else ():
            words, ends = weight.interval.because, (value(weight.interval.low), value(weight.interval.high))
            assert ("by the levels up to score" in words) == ("count no points" not in words), case.seed
            for end in {end for end in ends if end is not None and (end * 1000).denominator == 1}:
                at_the_end = Decimal(end.numerator) / end.denominator
                weights = {**case.policy.get("weights", {}), weight.criterion: at_the_end}
                there = Second(case.cohort, case.policy | {"weights": weights}, case.criteria)
                met[frozenset(matching.pairs()) in best(there)] += 1
    assert min(met[True], met[False]) >= 5, met
