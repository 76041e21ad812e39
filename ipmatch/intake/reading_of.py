"""How an answer was read: its value, and what there is to ask or to say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from .grid import Cell

__all__ = ["Level", "ReadingOf", "Said", "asked", "echo", "noted", "text_of", "value"]

Level = Literal["asked", "noted"]

LONGEST_ECHO = 24
_TELLING = re.compile(r"@|\d[\d\s-]{6,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to say of one answer: ``asked`` where it could not be read, ``noted`` where it was."""

    level: Level
    code: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class ReadingOf:
    """An answer as read; the value is ``None`` where it is not known."""

    value: Any = None
    said: tuple[Said, ...] = ()


def value(read: Any) -> ReadingOf:
    """A value there is nothing to say about."""
    return ReadingOf(read)


def asked(code: str, what: str, mend: str) -> ReadingOf:
    """An answer that could not be read, or could be read in two ways: it counts as not known."""
    return ReadingOf(None, (Said("asked", code, what, mend),))


def noted(read: Any, code: str, what: str, mend: str = "") -> ReadingOf:
    """A value, and how it was come by."""
    return ReadingOf(read, (Said("noted", code, what, mend),))


def text_of(cell: Cell) -> str:
    """A cell as its spreadsheet would show it; whole numbers without a point."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time | timedelta):
        return cell.isoformat() if not isinstance(cell, timedelta) else str(cell)
    return str(cell)


def echo(cell: Cell) -> str:
    """The answer in quotes if it is short, holds a digit and tells nobody's name; else "this answer"."""
    text = " ".join(text_of(cell).split())
    harmless = len(text) <= LONGEST_ECHO and any(map(str.isdigit, text)) and not _TELLING.search(text)
    return f'"{text}"' if harmless and text.isprintable() else "this answer"
