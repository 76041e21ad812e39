"""When an answer was given: real dates, or text whose order of day and month the whole column tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from .grid import Cell

__all__ = ["read_moments"]

_NUMBERS = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?([AaPp][Mm])?.*)?"
)

Moment = tuple[int, int, int, int, int, int]


def read_moments(cells: Iterable[Cell]) -> list[Moment | None]:
    """The moments of a column, to be compared with each other; ``None`` where that is not certain.

    "3/4/2023" alone could be either of two days. Only where another cell of the column shows which number is
    the day is it read.
    """
    read = [_parts(cell) for cell in cells]
    told = [parts for parts in read if parts is not None and parts[0] < 1000]
    day_first, month_first = any(parts[0] > 12 for parts in told), any(parts[1] > 12 for parts in told)
    return [None if parts is None else _ordered(parts, day_first, month_first) for parts in read]


def _parts(cell: Cell) -> Moment | None:
    if isinstance(cell, datetime):
        return (cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
    if isinstance(cell, date):
        return (cell.year, cell.month, cell.day, 0, 0, 0)
    found = _NUMBERS.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found is None:
        return None
    first, second, third, hour, minute, seconds = (int(part or 0) for part in found.groups()[:6])
    third += 2000 if third < 100 and first < 1000 else 0
    if found[7]:
        hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
    return (first, second, third, hour, minute, seconds)


def _ordered(parts: Moment, day_first: bool, month_first: bool) -> Moment | None:
    first, second, third, *clock = parts
    hour, minute, seconds = clock
    if first >= 1000:
        return parts
    if day_first == month_first:
        # No cell tells, or they contradict each other; on one and the same day it makes no difference.
        return (third, first, first, hour, minute, seconds) if first == second and not day_first else None
    day, month = (first, second) if day_first else (second, first)
    return (third, month, day, hour, minute, seconds)
