"""Amounts per level as people read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial

from ipmatch.document import FrozenMap, decimal_near
from ipmatch.requests import AnyPosed

__all__ = ["Amounts", "amounts_once", "level_amounts"]

Amounts = Callable[[tuple[int, ...]], FrozenMap[str, Decimal]]


def amounts_once(posed: AnyPosed) -> Amounts:
    """``level_amounts`` of one problem, which makes the same amounts once: many people lose the same."""
    return cache(partial(level_amounts, posed))


def level_amounts(posed: AnyPosed, units: Sequence[int]) -> FrozenMap[str, Decimal]:
    """Amounts of the first levels, or of all, in what a reader counts: points, wishes, people or pairs."""
    return FrozenMap(
        {
            level.name: decimal_near(amount, posed.scale_of(level.name))
            for level, amount in zip(posed.levels, units, strict=False)
        }
    )
