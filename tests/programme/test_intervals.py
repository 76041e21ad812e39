"""Exact intervals, against scipy's and against the tails themselves."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from scipy.stats import binomtest

from ipmatch.programme.intervals import clopper_pearson

ALL = [(count, of) for of in range(1, 31) for count in range(of + 1)] + [(18, 18), (435, 500), (1, 1000)]


@pytest.mark.parametrize(("count", "of"), ALL)
def test_the_interval_is_scipy_s_rounded_outwards(count, of):
    low, high = map(float, clopper_pearson(count, of))
    exact = binomtest(count, of).proportion_ci(confidence_level=0.95, method="exact")
    assert exact.low - 0.001 - 1e-9 <= low <= exact.low + 1e-9
    assert exact.high - 1e-9 <= high <= exact.high + 0.001 + 1e-9


def test_the_ends_are_the_last_thousandths_at_which_the_count_is_rare():
    for count, of in ((5, 9), (1, 9), (8, 16)):
        low, high = (Fraction(end) for end in clopper_pearson(count, of))
        for end, counts, inwards in ((low, range(count, of + 1), 1), (high, range(count + 1), -1)):
            tails = [
                sum(comb(of, k) * p**k * (1 - p) ** (of - k) for k in counts)
                for p in (end, end + Fraction(inwards, 1000))
            ]
            assert tails[0] <= Fraction(25, 1000) < tails[1]


@pytest.mark.parametrize(("count", "of"), [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_proportion_is_refused(count, of):
    with pytest.raises(ValueError, match=f"{count} of {of} is no proportion"):
        clopper_pearson(count, of)
