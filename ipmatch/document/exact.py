"""Exact numbers: decimals that no rounding touches, in Python and in JSON."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from ipmatch.document.faults import LineFault, shown

__all__ = ["Exact", "decimal_near", "decimal_of", "plain", "plain_number"]

# More digits than any score or weight has; exact arithmetic on longer numbers could take for ever.
MOST_DIGITS = 100
# What every reader of JSON keeps of a number.
NUMBER_DIGITS = 15


@lru_cache(maxsize=4096)
def decimal_of(units: int, scale: int) -> Decimal:
    """``units / scale`` exactly, without trailing zeros or exponent.

    Raises
    ------
    ValueError
        If the quotient has no finite decimal form.
    """
    share = Fraction(units, scale)
    denominator, twos, fives = share.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        raise ValueError(f"{share} has no finite decimal form")
    places = max(twos, fives)
    # As text, because arithmetic on decimals rounds to whatever precision the caller has set.
    return Decimal(f"{int(share * 10**places)}E-{places}")


def decimal_near(units: int, scale: int) -> Decimal:
    """``units / scale``, exactly where it has a finite form, else to 15 digits: 0 only if nothing."""
    try:
        return decimal_of(units, scale)
    except ValueError:
        return plain(Context(prec=NUMBER_DIGITS).divide(Decimal(units), Decimal(scale)))


def plain(value: Decimal) -> Decimal:
    """The same number without exponent or trailing zeros."""
    return Decimal(int(value)) if value == value.to_integral_value() else Decimal(f"{value:f}".rstrip("0"))


def plain_number(value: Decimal) -> int | float:
    """The number as JSON holds it."""
    return int(value) if value == value.to_integral_value() else float(value)


def _readable(value: object) -> object:
    """A number that exact arithmetic can carry; text and truth values are no numbers."""
    if isinstance(value, bool | str):
        raise LineFault("not-a-number", f"{shown(value)} is not a number.", "Write a number, without quotes.")
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > MOST_DIGITS:
        raise LineFault("out-of-range", "this number is out of range.", "Write an ordinary number.")
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(_readable),
    PlainSerializer(plain_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
