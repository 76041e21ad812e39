"""What two criteria can be traded for, beside every pairing there is."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import UsageError
from ipmatch.policy import Policy
from ipmatch.study import Study

from .enumerated import best, crossings, enumerable, total, value


def hull(points):
    """The totals of two criteria that some ratio of weights makes best, and where each ties with the next."""
    ratios = sorted(ratio for ratio in crossings((second, first) for first, second in points) if ratio > 0)
    between = [a + (b - a) / 2 for a, b in zip([0, *ratios], [*ratios, (ratios or [0])[-1] + 2], strict=True)]
    tops = [max(points, key=lambda point: point[0] * ratio + point[1]) for ratio in between]
    corners = [top for place, top in enumerate(tops) if place == 0 or top != tops[place - 1]]
    return corners, [ratio for ratio, a, b in zip(ratios, tops[:-1], tops[1:], strict=True) if a != b]


def test_the_frontier_has_every_corner_and_every_breakpoint():
    met = Counter()
    for case, oracle, _ in enumerable(range(100)):
        cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
        study, open_to = Study(cohort, policy, criteria=case.criteria), best(oracle, "score")
        for one, other in (("sector", "region"), ("scope", "organisation"), ("preferences", "sector")):
            found = study.frontier(one, other)
            points = {(total(oracle, pairs, one), total(oracle, pairs, other)) for pairs in open_to}
            corners, breakpoints = hull(points)
            totals = [(Fraction(p.totals[one]), Fraction(p.totals[other])) for p in found.points]
            assert totals == corners, (case.seed, one, other)
            assert [value(ratio) for ratio in found.breakpoints] == breakpoints, (case.seed, one, other)
            # Several pairings may have the same totals, or tie at a breakpoint: only totals are counted.
            each = f"Each of {len(corners)} totals of {one} and {other} is the only best one for some weights"
            assert found.because.startswith(each) == (len(corners) > 1), case.seed
            met[len(corners)] += 1
    assert met[1] >= 20, met
    assert met[2] >= 12, met


def test_a_frontier_says_what_today_is_worth(example):
    found = Study(example).frontier("sector", "region")
    assert value(found.today) == Fraction(65, 10)
    assert [(point.score, point.changed) for point in found.points] == [(Decimal("151.25"), 0)]
    assert found.because.startswith("There is nothing to trade between sector and region")
    assert Study(example).frontier("sector", "tags").today is None


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("sector", "sectors"), 'there is no criterion "sectors". Use sector, scope'),
        (("scope", "scope"), '"scope" cannot be traded for itself. Name two criteria.'),
    ],
)
def test_a_frontier_of_the_wrong_criteria_is_refused(example, names, message):
    with pytest.raises(UsageError, match=message):
        Study(example).frontier(*names)
