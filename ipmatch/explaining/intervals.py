"""The interval of one weight in words: where the pairing stays, and which pairs change first at each end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ipmatch.answers.insights import Beyond, WeightInterval
from ipmatch.document import Rational, decimal_of
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.weights import Interval
from ipmatch.words import listed

__all__ = ["explain_interval", "rational", "weight_words"]

PLACES = 3
MOST_PAIRS = 4


def explain_interval(
    posed: Posed, used: BoolVector, name: str, today: Fraction, found: Interval | None, steps: int
) -> WeightInterval:
    """The interval of a weight in points for full strength, found in points for each of ``steps``.

    ``None`` found means that no level counts points.
    """
    if found is None:
        because = f"The policy's levels count no points: the weight of {name} changes nothing."
        return WeightInterval(low=rational(Fraction(0)), high=None, below=None, above=None, because=because)
    low, high = found.low * steps, None if found.high is None else found.high * steps
    below = None if found.below is None else _beyond(posed, used, found.below, f"Below {weight_words(low)}")
    above = (
        None
        if found.above is None or high is None
        else _beyond(posed, used, found.above, f"Above {weight_words(high)}")
    )
    return WeightInterval(
        low=rational(low),
        high=None if high is None else rational(high),
        below=below,
        above=above,
        because=_because(name, today, low, high, _by(posed)),
    )


def rational(value: Fraction) -> Rational:
    """The fraction as documents hold it."""
    return Rational(numerator=value.numerator, denominator=value.denominator)


def weight_words(value: Fraction | Rational) -> str:
    """A weight as a decimal; with the exact fraction where three places do not hold it: ``11.667 (35/3)``."""
    value = Fraction(value.numerator, value.denominator)
    thousandths = round(value * 10**PLACES)
    decimal = f"{decimal_of(thousandths, 10**PLACES):f}"
    exact = Fraction(thousandths, 10**PLACES) == value
    return decimal if exact else f"{decimal} ({value.numerator}/{value.denominator})"


def _by(posed: Posed) -> str:
    """By which levels pairings are as good at an end, where others come after the score and may differ."""
    return "" if posed.levels[-1].name == "score" else " by the levels up to score"


def _because(name: str, today: Fraction, low: Fraction, high: Fraction | None, by: str) -> str:
    """Where the pairing stays; that others tie today if today's weight is an end with something beyond."""
    to = None if high is None else weight_words(high)
    if not low and high is None:
        return f"The pairing is among the best{by} whatever {name} weighs."
    if not low and not high:
        return f"Other pairings are as good{by} while {name} weighs nothing: any weight leads to another."
    if low == high:
        return (
            f"Other pairings are as good{by} at the weight of {weight_words(today)}: "
            "any change leads to another."
        )
    if not low:
        stays = f"The pairing is among the best{by} while {name} weighs {to} or less."
    elif high is None:
        stays = f"The pairing is among the best{by} while {name} weighs {weight_words(low)} or more."
    else:
        stays = f"The pairing is among the best{by} while {name} weighs from {weight_words(low)} to {to}."
    if today == low and low:
        return f"{stays} That is today's weight: any less leads to another pairing."
    if today == high:
        return f"{stays} That is today's weight: any more leads to another pairing."
    return stays


def _beyond(posed: Posed, used: BoolVector, then: BoolVector, where: str) -> Beyond:
    leave, come = pair_ids(posed, used & ~then), pair_ids(posed, then & ~used)
    if leave and come:
        because = f"{where}, {_some(leave)} {'gives' if len(leave) == 1 else 'give'} way to {_some(come)}."
    elif come:
        because = f"{where}, {_some(come)} {'comes' if len(come) == 1 else 'come'} in."
    else:
        because = f"{where}, {_some(leave)} {'drops' if len(leave) == 1 else 'drop'} out."
    return Beyond(leave=leave, come=come, because=because)


def _some(pairs: Sequence[tuple[str, str]]) -> str:
    """The first pairs in words, and how many more; the model lists all."""
    shown = [f"{mentor} with {mentee}" for mentor, mentee in pairs]
    if len(shown) > MOST_PAIRS:
        shown[MOST_PAIRS - 1 :] = [f"{len(pairs) - MOST_PAIRS + 1:,} more pairs"]
    return listed(shown)
