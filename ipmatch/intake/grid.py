"""Grid: the cells of one sheet, and what messages call each of its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from ipmatch.errors import Fault, InputError
from ipmatch.vocabulary.text import normalise

__all__ = ["LONGEST_CELL", "MOST_COLUMNS", "MOST_ROWS", "Cell", "Grid", "Row", "checked", "column_letters"]

Cell = str | bool | int | float | datetime | date | time | timedelta
Row = Sequence[Cell]

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 32_767  # what Excel itself allows

LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, its first row holding the headings; an empty cell is ``""``.

    ``sheet`` is what messages call it, ``title`` what stands on its tab. ``odd`` are cells that hold
    something unreadable, by row and column counted from 0.
    """

    file: str
    sheet: str | None
    rows: Sequence[Row]
    first_row: int = 1
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict)
    title: str = ""

    @property
    def place(self) -> str:
        """The file and, where it has several, the sheet."""
        return self.file if self.sheet is None else f"{self.file}, sheet {short(self.sheet)}"

    def headings(self) -> list[str]:
        """The first row in plain words: lower case, single spaces."""
        return [normalise(str(cell)) for cell in self.rows[0]] if self.rows else []

    def below(self) -> Iterator[tuple[int, list[str]]]:
        """Each further row that holds anything: the number beside it, and a text under every heading."""
        for number, row in enumerate(self.rows[1:], start=self.first_row + 1):
            cells = [str(cell).strip() for cell in row]
            if any(cells):
                yield number, [*cells, *[""] * (len(self.rows[0]) - len(cells))]

    def row_place(self, row: int) -> str:
        """A row, by the number that a spreadsheet shows beside it."""
        return f"{self.place}, row {row}"

    def cell_place(self, row: int, column: int, heading: str) -> str:
        """A cell, by the row number and column letter that a spreadsheet shows, and its heading."""
        return f'{self.row_place(row)}, column {column_letters(column)} "{short(heading)}"'


def column_letters(column: int) -> str:
    """The letters over a column counted from 0: A to Z, then AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def short(text: str) -> str:
    """A heading on one line, cut short."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= LONGEST_HEADING else line[: LONGEST_HEADING - 1] + "…"


def checked(grid: Grid) -> Grid:
    """The grid without the empty rows at its end, if it is of a size that people can have filled in.

    Raises
    ------
    InputError
        If it has too many rows or columns, or a cell is longer than Excel allows.
    """
    rows = list(grid.rows)
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    faults = []
    if len(rows) > MOST_ROWS:
        mend = "Keep one row for each person; more are read from CSV with a cohort's own fields as headings."
        faults.append(Fault(grid.place, f"more than {MOST_ROWS:,} rows.", mend))
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        what = f"more than {MOST_COLUMNS:,} columns."
        faults.append(Fault(grid.place, what, "Keep one column for each question."))
    if not faults:
        for number, row in enumerate(rows, start=grid.first_row):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                    place = f"{grid.row_place(number)}, column {column_letters(column)}"
                    what = f"more than {LONGEST_CELL:,} characters in one cell."
                    faults.append(Fault(place, what, "Shorten it."))
    if faults:
        raise InputError(faults)
    return replace(grid, rows=rows)
