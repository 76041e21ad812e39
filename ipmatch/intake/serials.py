"""Dates and times as workbooks hold them: numbers of days, which only the format of their cell tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from math import floor

from .elements import walk
from .grid import Cell

__all__ = ["day_or_time", "formats_of", "moment"]

_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)])
_BUILT_IN_SPAN = 46
# What a format shows as it stands: quoted, escaped, as wide as a character, or repeated.
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].?', re.DOTALL)
_SPAN = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]?")
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_GENERAL = frozenset({"general", "standard"})

_EPOCH, _EPOCH_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
# Excel counts a 29 February 1900, which never was.
_FIRST_AFTER_THE_FALSE_LEAP_DAY = 60
_MILLISECONDS = 86_400_000


def formats_of(styles: bytes) -> list[str]:
    """By a cell's style whether it shows a ``date``, a ``span`` of time, or neither (``""``)."""
    codes: dict[str, str] = {}
    used: list[str] = []
    inside = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name in ("cellXfs", "cellStyleXfs"):
            inside = name
        elif name == "xf" and inside == "cellXfs":
            used.append(attributes.get("numFmtId", "0"))
        elif name == "numFmt":
            codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))

    walk(styles, start)
    kinds = {number: _kind(number, codes.get(number)) for number in set(used)}
    return [kinds[number] for number in used]


def moment(number: float, kind: str, *, since_1904: bool) -> Cell:
    """What a number of days shows in a cell of that format; one outside the calendar stays a number."""
    try:
        span = timedelta(milliseconds=floor(number * _MILLISECONDS + 0.5))
        if kind == "span":
            return span
        if number < 0:
            return number
        if number < 1:
            return (datetime.min + span).time()
        epoch = _EPOCH_OF_1904 if since_1904 else _EPOCH
        if not since_1904 and number < _FIRST_AFTER_THE_FALSE_LEAP_DAY:
            epoch += timedelta(days=1)
        shown = epoch + span
    except OverflowError:
        return number
    return shown.date() if shown.time() == time() else shown


def day_or_time(text: str) -> Cell:
    """A date written out, as strict workbooks hold it; any other text as it is."""
    try:
        return date.fromisoformat(text) if len(text) <= len("2022-01-31") else datetime.fromisoformat(text)
    except ValueError:
        return text


def _kind(number: str, code: str | None) -> str:
    if code is None:
        if not number.isdigit() or int(number[:9]) not in (*_BUILT_IN_DATES, _BUILT_IN_SPAN):
            return ""
        return "span" if int(number[:9]) == _BUILT_IN_SPAN else "date"
    first = _LITERAL.sub("", code).partition(";")[0]
    if first.strip().lower() in _GENERAL:
        return ""
    if _SPAN.search(first):
        return "span"
    return "date" if _DATE.search(_BRACKETS.sub("", first)) else ""
