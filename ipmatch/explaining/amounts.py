"""Amounts per level as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ipmatch.document import FrozenMap, decimal_near
from ipmatch.requests import AnyPosed

__all__ = ["level_amounts"]


def level_amounts(posed: AnyPosed, units: Sequence[int]) -> FrozenMap[str, Decimal]:
    """Amounts of the first levels, or of all, in what a reader counts: points, wishes, people or pairs."""
    return FrozenMap(
        {
            level.name: decimal_near(amount, posed.scale_of(level.name))
            for level, amount in zip(posed.levels, units, strict=False)
        }
    )
