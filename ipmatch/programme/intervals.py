"""Exact intervals for a proportion: Clopper and Pearson's, in whole numbers, rounded outwards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from math import comb

from ipmatch.document import decimal_of

__all__ = ["CONFIDENCE", "clopper_pearson"]

# In per cent; an interval leaves out half of the rest on either side.
CONFIDENCE = 95

STEPS = 1000


@lru_cache(maxsize=4096)
def clopper_pearson(count: int, of: int) -> tuple[Decimal, Decimal]:
    """The exact 95 % interval for a proportion of which ``count`` in ``of`` were seen, to three places.

    The lower end is the largest thousandth, and the upper end the smallest, at which a count as extreme as
    this one or more so has a probability of at most 2.5 %. No float decides: the tails of the binomial
    distribution are compared in integers. Rounded outwards, it covers what the unrounded interval covers.

    References
    ----------
    Clopper & Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the
    binomial", *Biometrika* 26, 404-413.
    """
    if not 0 <= count <= of or not of:
        raise ValueError(f"{count} of {of} is no proportion")
    low = 0 if count == 0 else _last(lambda step: _is_rare(count, of, of, step))
    high = STEPS if count == of else STEPS - _last(lambda step: _is_rare(0, count, of, STEPS - step))
    return decimal_of(low, STEPS), decimal_of(high, STEPS)


def _last(holds: Callable[[int], bool]) -> int:
    """The last step at which something holds that holds from 0 up to some step."""
    least, most = 0, STEPS
    while least < most:
        middle = (least + most + 1) // 2
        if holds(middle):
            least = middle
        else:
            most = middle - 1
    return least


def _is_rare(first: int, last: int, of: int, step: int) -> bool:
    """Whether ``first`` to ``last`` in ``of`` have, at so many thousandths, 2.5 % or less."""
    ways: int = sum(comb(of, k) * step**k * (STEPS - step) ** (of - k) for k in range(first, last + 1))
    return ways * 200 <= (100 - CONFIDENCE) * int(STEPS**of)
