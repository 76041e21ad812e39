"""How groups fared, for a terminal, and as rows for a spreadsheet."""

from __future__ import annotations

from ipmatch.programme.equality import Equality, EqualityRow, EqualityTable
from ipmatch.suppression import shown_count
from ipmatch.writing.csv_rows import csv_of
from ipmatch.writing.layout import Paper, number

__all__ = ["equality_csv", "equality_text"]

_COLUMNS = ("side", "characteristic", "group", "outcome", "part_of", "count")


def equality_text(found: Equality, *, width: int = 80, encoding: str = "utf-8") -> str:
    """A table for each characteristic and side, under the caution."""
    paper = Paper(width, encoding)
    paper.say(found.caution)
    for table in found.tables:
        paper.heading(f"{table.side.capitalize()}s by {table.characteristic}")
        paper.listing([(row.group, _told(table, row)) for row in table.rows])
    return str(paper)


def equality_csv(found: Equality) -> str:
    """One row for every count of every table."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for table in found.tables:
        for row in table.rows:
            head = (table.side, table.characteristic, row.group)
            for column, parent, count in zip(table.columns, table.part_of, row.counts, strict=True):
                rows.append((*head, column, parent or "", shown_count(count)))
    return csv_of(rows)


def _told(table: EqualityTable, row: EqualityRow) -> str:
    """The counts in one line, parts in brackets behind what they are parts of."""
    counts = dict(zip(table.columns, row.counts, strict=True))
    parts = []
    for column, parent in zip(table.columns, table.part_of, strict=True):
        if parent is None and column != "total":
            inner = [
                name for name, whole in zip(table.columns, table.part_of, strict=True) if whole == column
            ]
            told = ", ".join(f"{shown_count(counts[name])} {name.replace('-', ' ')}" for name in inner)
            parts.append(f"{shown_count(counts[column])} {column}{f' ({told})' if told else ''}")
    share = ""
    if row.low is not None and row.high is not None:
        share = f" Paired of those who could be: {number(row.low * 100)} to {number(row.high * 100)} %."
    return f"{shown_count(counts['total'])}: {', '.join(parts)}.{share}"
