"""The report as an Excel workbook: a cover, one table a sheet, real numbers, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ipmatch.errors import needing
from ipmatch.reporting.material import Material
from ipmatch.writing import digest
from ipmatch.writing.characters import shown
from ipmatch.writing.report.grid import Cell, Column, Table
from ipmatch.writing.report.price_tables import every_pair
from ipmatch.writing.report.standing import heading_of, standing_of
from ipmatch.writing.report.tables import tables_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["workbook_bytes", "workbook_of"]

# Excel's own limits: characters in a cell, and columns of comfortable reading.
LONGEST_TEXT = 32_767
WIDEST = 60
# A sheet of every pair with more rows than this takes long to write and to open.
MOST_PAIRS = 50_000
# The row of the headings, counted from 0: below the title and the note.
HEADINGS = 2


def workbook_bytes(material: Material) -> bytes:
    """The whole report as ``.xlsx``: the same cells for the same matching."""
    tables = list(tables_of(material).values())
    if material.scores.points.size <= MOST_PAIRS:
        tables.append(every_pair(material))
    cover = [
        ("Programme", material.cohort.programme.name or "Mentoring programme"),
        ("Status", standing_of(material.matching)),
        ("Outcome", digest.verdict(material.matching)),
        ("Mentors", digest.in_reserve(material.matching)),
        *(("Left out", words) for words in material.left_out),
    ]
    return workbook_of(heading_of(material.matching), cover, tables, material.names)


def workbook_of(
    title: str, cover: Sequence[tuple[str, str]], tables: Sequence[Table], names: dict[str, str]
) -> bytes:
    """A workbook of these tables, with a cover that lists them and a sheet of notes.

    Raises
    ------
    MissingExtraError
        If XlsxWriter is not installed.
    """
    with needing("office", "A workbook"):
        import xlsxwriter
    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**safe, "strings_to_numbers": False}) as book:
        # No clock: the same matching gives the same file.
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        style = {
            "title": book.add_format({"bold": True, "font_size": 16, "font_color": "#003087"}),
            "note": book.add_format({"font_color": "#4c6272"}),
            "text": book.add_format({"valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top", "num_format": "General"}),
        }
        sheets = [(_sheet_name(table.title, place), table) for place, table in enumerate(tables)]
        listing = [("Sheet", f"{name}: {table.note}") for name, table in sheets]
        columns = (Column("What"), Column("Words"))
        _sheet(
            book, style, "Cover", Table("cover", title, "What stands where.", columns, (*cover, *listing)), {}
        )
        for name, table in sheets:
            _sheet(book, style, name, table, names)
        _sheet(book, style, "Notes", Table("notes", "Notes", "How to read this.", columns, _NOTES), {})
    return file.getvalue()


_NOTES = (
    ("Proposal", "A person decides. The pairs are proposals until somebody responsible has confirmed them."),
    ("Scores", "A score orders pairs by the rules on the sheet of rules, and says nothing else."),
    ("Prices", "Each price is exact for that one change alone. Two prices do not add up: solve again."),
    ("Empty cells", "A cell with a dash: there is nothing to say, or it was not asked."),
    ("Formulas", "There are none: every cell is the text or the number that ipmatch wrote."),
)


def _sheet_name(title: str, place: int) -> str:
    """A name Excel takes: at most 31 characters, and no two alike."""
    kept = "".join(" " if mark in "[]:*?/\\'" else mark for mark in title)
    return f"{place + 1} {kept}"[:31].strip()


def _sheet(book: Workbook, style: dict[str, Any], name: str, table: Table, names: dict[str, str]) -> None:
    sheet: Worksheet = book.add_worksheet(name)
    columns = tuple(_columns(table, names))
    rows = [tuple(_cells(table, row, names)) for row in table.rows] or [
        ("none", *("–",) * (len(columns) - 1))
    ]
    sheet.write_string(0, 0, table.title, style["title"])
    sheet.write_string(1, 0, table.note, style["note"])
    for place, (title, kind) in enumerate(columns):
        longest = max([len(title) + 3, *(len(str(row[place])) for row in rows[:500])])
        sheet.set_column(place, place, min(longest + 1, WIDEST), style[kind])
    for number, row in enumerate(rows, start=HEADINGS + 1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value)
    sheet.add_table(
        HEADINGS,
        0,
        HEADINGS + len(rows),
        len(columns) - 1,
        {"columns": [{"header": title} for title, _ in columns], "style": "Table Style Light 1"},
    )
    sheet.freeze_panes(HEADINGS + 1, 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADINGS)


def _columns(table: Table, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each heading with its style; a person has a column for the name too, where there are names."""
    for column in table.columns:
        yield column.title, "number" if column.kind == "number" else "text"
        if column.kind == "person" and names:
            yield f"{column.title} name", "text"


def _cells(table: Table, row: Sequence[Cell], names: dict[str, str]) -> Iterator[Cell]:
    for column, value in zip(table.columns, row, strict=True):
        yield value
        if column.kind == "person" and names:
            yield names.get(str(value), "–")


def _write(sheet: Worksheet, row: int, place: int, value: Cell) -> None:
    if isinstance(value, int | Decimal):
        sheet.write_number(row, place, float(value))
    else:
        text = shown(value or "–")
        cut = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
        sheet.write_string(row, place, cut)
