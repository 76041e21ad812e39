"""One sheet of a workbook, element by element: its cells, and those that hold what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from .elements import walk
from .grid import MOST_COLUMNS, MOST_ROWS, Cell, column_letters
from .package import refused
from .serials import day_or_time, moment
from .wording import Words, unescaped

__all__ = ["Book", "Sheet", "sheet_of"]

MOST_CELLS = 4_000_000
LARGEST_TEXT = 512 << 20

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}

_FORMULA_WITHOUT_VALUE = "a formula without a saved value"
_ERROR = "an error of the spreadsheet, such as #N/A"


@dataclass(slots=True)
class Book:
    """What the sheets of a workbook share: texts, formats by style, and how much they hold so far."""

    name: str
    texts: Sequence[str] = ()
    formats: Sequence[str] = ()
    since_1904: bool = False
    cells: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Its rows, each up to its last cell that holds anything; ``odd`` as in :class:`~.grid.Grid`."""

    rows: list[list[Cell]] = field(default_factory=list)
    odd: dict[tuple[int, int], str] = field(default_factory=dict)


def sheet_of(text: bytes, book: Book) -> Sheet:
    """The cells of a sheet.

    Raises
    ------
    InputError
        If a cell is far away from the others, or there are too many.
    ValueError, LookupError
        If it is no sheet of a workbook.
    """
    cells = _Cells(book)
    walk(text, cells.start, cells.end, cells.words)
    return cells.sheet


class _Cells:
    """Puts each cell in its place as its element ends."""

    def __init__(self, book: Book) -> None:
        self.sheet = Sheet()
        self._book = book
        self._inside = self._has_formula = False
        self._row, self._column = -1, -1
        self._kind, self._style = "n", ""
        self._words = Words()
        self.words = self._words.words

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._inside:
            self._inside = name == "sheetData"
        elif name == "c":
            self._place(attributes.get("r"))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._has_formula = False
            self._words.forget()
        elif name == "row":
            self._row, self._column = self._number_of_row(attributes.get("r")), -1
        elif name == "f":
            self._has_formula = True
        else:
            self._words.start(name)

    def end(self, name: str) -> None:
        if name == "c" and self._inside:
            self._keep(self._words.text)
        elif name == "sheetData":
            self._inside = False
        else:
            self._words.end(name)

    def _number_of_row(self, written: str | None) -> int:
        if written is None:
            return self._row + 1
        if not _ROW.fullmatch(written):
            raise self._outside()
        return int(written) - 1

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            self._row = max(self._row, 0)
        elif found := _REFERENCE.fullmatch(reference.strip()):
            self._row, self._column = int(found[2]) - 1, _column(found[1])
        else:
            raise self._outside()

    def _keep(self, text: str) -> None:
        if self._kind == "e":
            self._put("", _ERROR)
        elif text:
            self._put(self._value(text))
        elif self._has_formula:
            self._put("", _FORMULA_WITHOUT_VALUE)

    def _put(self, value: Cell, odd: str | None = None) -> None:
        self._cells_up_to_here()[self._column] = value
        if odd is not None:
            self.sheet.odd[self._row, self._column] = odd
        elif type(value) is str:
            self._book.letters += len(value)
            if self._book.letters > LARGEST_TEXT:
                raise refused(self._book.name, "its texts are far too long for a list of people.")

    def _cells_up_to_here(self) -> list[Cell]:
        """The cells of this row, up to this column; where that takes too much room, none are made."""
        rows, row, wide = self.sheet.rows, self._row, self._column + 1
        if row < 0:
            raise self._outside()
        more_rows = max(0, row + 1 - len(rows))
        more_cells = max(0, wide - (0 if more_rows else len(rows[row])))
        self._book.cells += more_rows + more_cells
        if row >= MOST_ROWS or wide > MOST_COLUMNS or self._book.cells > MOST_CELLS:
            what = f"the cell {column_letters(self._column)}{row + 1} is far away from a list of people."
            raise refused(self._book.name, what, "Delete what stands in it, and save the workbook again.")
        rows.extend([] for _ in range(more_rows))
        rows[row].extend([""] * more_cells)
        return rows[row]

    def _value(self, text: str) -> Cell:
        match self._kind:
            case "s":
                if not text.strip().isdecimal():
                    raise ValueError(text)
                return self._book.texts[int(text.strip()[:9])]
            case "n":
                return self._number(text) if _NUMBER.fullmatch(text) else text.strip()
            case "str" | "inlineStr":
                return unescaped(text).strip()
            case "b":
                return _TRUTHS[text]
            case "d":
                return day_or_time(text)
        raise ValueError(self._kind)

    def _number(self, text: str) -> Cell:
        number, formats = float(text), self._book.formats
        style = int(self._style[:9]) if self._style.isdecimal() else 0
        kind = formats[style] if style < len(formats) else ""
        return moment(number, kind, since_1904=self._book.since_1904) if kind else number

    def _outside(self) -> Exception:
        return refused(self._book.name, "a cell of it stands outside every sheet.")


@cache
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
