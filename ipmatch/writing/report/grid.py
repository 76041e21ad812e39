"""A table as every format shows it: headings that say what stands under them, and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["Cell", "Column", "Table", "table"]

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what stands under it; a person is an id."""

    title: str
    kind: Literal["text", "number", "person"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; ``key`` names the table, ``note`` says how to read it."""

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(key: str, title: str, note: str, columns: str, rows: Iterable[Sequence[Cell]]) -> Table:
    """A table; a column's title ends with # for numbers, with @ for people."""
    kinds: dict[str, Literal["number", "person"]] = {"#": "number", "@": "person"}
    headings = (Column(title.rstrip("#@"), kinds.get(title[-1:], "text")) for title in columns.split("|"))
    return Table(key, title, note, tuple(headings), tuple(map(tuple, rows)))
