"""Rows as CSV (RFC 4180): numbers exactly, and text that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ipmatch.intake.csv_text import FORMULA_STARTS
from ipmatch.writing.layout import number

__all__ = ["EXCEL_MARK", "Cell", "csv_of", "csv_rows"]

# Excel in the UK reads a CSV without this mark in a legacy code page, and garbles every accent.
EXCEL_MARK = "\ufeff"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

Cell = str | Decimal | None


def csv_of(rows: Iterable[Iterable[Cell]]) -> str:
    """The text of all rows."""
    return "".join(csv_rows(rows))


def csv_rows(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield the text of each row; a cell that might be run starts with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow(map(_written, row))
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _written(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else number(cell)
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(cell) else cell
