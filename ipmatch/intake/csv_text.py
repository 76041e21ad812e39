"""CSV as Excel and survey tools save it: UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import itertools
import re

from ipmatch.errors import Fault, InputError

from .grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Grid, checked

__all__ = ["FORMULA_STARTS", "csv_grid", "malformed", "without_apostrophe"]

# What a spreadsheet may take for a formula, full-width forms included.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", None),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def csv_grid(content: bytes, name: str) -> Grid:
    """The cells of a CSV file, all of them text; rows are numbered as Excel numbers them.

    Raises
    ------
    InputError
        If it is no text, a quote is left open, or it is far too large for a list of people.
    """
    text = _decoded(content, name)
    separator, text, first = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        for row in itertools.islice(reader, MOST_ROWS + 1):
            rows.append([cell.strip() for cell in row])
            if len(row) > MOST_COLUMNS:
                break
    except csv.Error as error:
        raise InputError([malformed(error, name, reader.line_num)]) from None
    return checked(Grid(name, None, rows, first))


def without_apostrophe(cell: str) -> str:
    """A cell without the apostrophe that was put before it, so that no spreadsheet runs it as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _decoded(content: bytes, name: str) -> str:
    encoding = next((found for mark, found in _BYTE_ORDER_MARKS if content.startswith(mark)), "")
    if encoding == "" and b"\0" in content[:4]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    for attempt in [encoding] if encoding else ["utf-8", "cp1252"] if encoding == "" else []:
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    what = "this is not text that can be read."
    raise InputError([Fault(name, what, 'In Excel, save it as "CSV UTF-8" or as .xlsx.')])


def _separator(text: str) -> tuple[str, str, int]:
    """What separates cells, the text behind an Excel ``sep=`` line, and the number of its first row."""
    if told := _SEPARATOR_LINE.match(text):
        return told[1], text[told.end() :], 2
    head = _QUOTED.sub("", text[:LONGEST_CELL]).lstrip("\r\n").splitlines()
    first = head[0] if head else ""
    return max((",", ";", "\t"), key=first.count), text, 1


def malformed(error: csv.Error, name: str, line: int) -> Fault:
    """What is wrong with a CSV file that cannot be taken apart, and where."""
    place = f"{name}, line {line}"
    if "field larger" in str(error):
        return Fault(place, "a cell of more than 100,000 characters.", "Check that its quotes are closed.")
    if "unexpected end" in str(error):
        return Fault(name, "a double quote is opened and never closed.", "Close it, or save the file again.")
    return Fault(place, "the quotes are not closed as CSV closes them.", "Save the file again from Excel.")
