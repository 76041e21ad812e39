"""One row of a sheet as the answers of one person: each cell read by the question its column asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ipmatch.people import Side
from ipmatch.vocabulary.text import normalise

from .cells import is_blank
from .grid import Cell
from .headings import WHO, Column, Layout
from .moments import Moment, read_moments
from .readers import Reader, readers_for
from .reading_of import ReadingOf, Said, text_of
from .report import Remark

__all__ = ["Answers", "answers_of"]

# What a spreadsheet's own last row begins with.
_SUM = re.compile(
    r"(grand |sub[ -]?)?totals?( (answers|number|people|responses|rows))?|sums?|averages?|means?|counts?"
)
_SURE = ("email", "forms_email", "gphc_number")
_WHAT = ("scope", "scopes", "sectors", "sectors_other")


@dataclass(slots=True)
class Answers:
    """What one person answered in one row, and the column of each question, answered or not."""

    side: Side
    layout: Layout
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    moment: Moment | None = None
    fingerprint: str = ""

    @property
    def row_number(self) -> int:
        """The number that a spreadsheet shows beside the row."""
        return self.layout.grid.first_row + self.row

    @property
    def place(self) -> str:
        """What messages call the row."""
        return self.layout.grid.row_place(self.row_number)

    def cell(self, field: str | None) -> str:
        """What messages call the cell that answers a question; the row, if there is none."""
        column = self.columns.get(field) if field else None
        grid = self.layout.grid
        return grid.cell_place(self.row_number, column.index, column.heading) if column else self.place

    def remark(self, said: Said, field: str | None = None) -> Remark:
        """What there is to say, with its place: of one answer, or of the whole row."""
        column = self.columns.get(field) if field else None
        return Remark(
            level=said.level,
            code=said.code,
            where=self.cell(field),
            row=self.row_number,
            column=column.letters if column else None,
            what=said.what,
            mend=said.mend,
        )


def answers_of(layout: Layout, regions: tuple[str, ...]) -> tuple[list[Answers], list[Remark]]:
    """The answers of everybody in a sheet, and what there is to ask or to say about them."""
    readers = readers_for(regions)
    grid = layout.grid
    columns = [column for column in layout.columns if column.field not in (None, "ignore")]
    seen: dict[tuple[str, type, Cell], ReadingOf] = {}
    everyone: list[Answers] = []
    remarks: list[Remark] = []
    moments = _moments(layout)
    for row in range(layout.head + 1, len(grid.rows)):
        cells = grid.rows[row]
        if all(cell == "" for cell in cells):
            continue
        side = _side(cells, layout) if layout.by_row else layout.side
        if side is None:
            place = Answers("mentor", layout, row)
            what = "whether this is a mentor or a mentee is not told: left out."
            said = Said("asked", "unknown-side", what, 'Write mentor or mentee in the column "side".')
            remarks.append(place.remark(said))
            continue
        one = Answers(side, layout, row, moment=moments.get(row))
        one.fingerprint = hashlib.sha256(repr([str(cell) for cell in cells]).encode()).hexdigest()
        heard: list[Remark] = []
        for column in columns:
            cell = cells[column.index] if column.index < len(cells) else ""
            if cell == "" and not grid.odd:
                one.columns.setdefault(column.field or "", column)
            else:
                heard += _take(one, column, cell, readers, seen)
        if nobody := _nobody(one):
            remarks.append(one.remark(nobody))
            continue
        remarks += [*_unnamed(one), *heard, *_together(one)]
        everyone.append(one)
    return everyone, remarks


def _take(
    one: Answers,
    column: Column,
    cell: Cell,
    readers: Mapping[str, Reader],
    seen: dict[tuple[str, type, Cell], ReadingOf],
) -> Iterable[Remark]:
    """Put one cell among the answers; gives what there is to say."""
    name = column.field or ""
    if odd := one.layout.grid.odd.get((one.row, column.index)):
        one.columns[name] = column
        mend = "Open it in Excel, and replace it by its value."
        return [one.remark(Said("asked", "unreadable-cell", f"this cell holds {odd}.", mend), name)]
    if name not in readers or is_blank(cell):
        one.columns.setdefault(name, column)
        return ()
    key = (name, type(cell), cell)
    read = seen.get(key)
    if read is None:
        read = seen[key] = readers[name](cell)
    one.columns[name] = column
    if read.value is not None and one.values.setdefault(name, read.value) != read.value:
        one.values[name] = None
        what = "this question is answered in another column too, and otherwise."
        return [one.remark(Said("asked", "contradiction", what, "Keep one of the two answers."), name)]
    return [one.remark(said, name) for said in read.said]


def _together(one: Answers) -> Iterator[Remark]:
    """What answers say together: the survey's skips, and years still to come."""
    values = one.values
    before, count = values.get("mentor_before"), values.get("mentored_before")
    if before is False and count is None and "mentored_before" in one.columns:
        values["mentored_before"] = 0
    elif before is False and count:
        what = "people were mentored, though this person says never to have been a mentor."
        yield one.remark(Said("asked", "contradiction", what, "Correct one of the two."), "mentored_before")
        values["mentored_before"] = None
    elif before is True and count == 0:
        what = "nobody was mentored, though this person says to have been a mentor."
        yield one.remark(Said("asked", "contradiction", what, "Correct one of the two."), "mentored_before")
        values["mentored_before"] = None
    year = values.get("qualified_year")
    if year and one.moment and year > one.moment[0]:
        what = f"{year} was still to come when this was answered."
        yield one.remark(Said("asked", "future-year", what, "Correct the year."), "qualified_year")
        values["qualified_year"] = None
    asked_for = one.layout.of("consent")
    if asked_for and "consent" not in values and all(_is_empty(one, column) for column in asked_for):
        values["consent"] = False
        what = "the agreement to take part is not ticked: not matched, and no answer kept."
        yield one.remark(
            Said("noted", "no-consent", what, "Ask for it, if that was an oversight."), "consent"
        )


def _nobody(one: Answers) -> Said | None:
    """Why a row is nobody's: the headings once more, totals below the answers, or a note beside none."""
    cells, head = one.layout.grid.rows[one.row], one.layout.grid.rows[one.layout.head]
    if all(text_of(cell) == text_of(heading) for cell, heading in zip(cells, head, strict=False)):
        return Said("noted", "no-person", "this row repeats the headings: not read.", "")
    first = next((text_of(cell) for cell in cells if cell != ""), "")
    if _SUM.fullmatch(normalise(first)) and not any(map(one.values.get, _SURE)):
        return Said("noted", "no-person", "this row holds totals, and nobody's answers: not read.", "")
    who, what = ([column for name in names for column in one.layout.of(name)] for names in (WHO, _WHAT))
    if who and all(_is_empty(one, column) for column in (*who, *what)):
        why = "nothing in this row tells who answered, or by what to match: left out."
        return Said("asked", "no-person", why, "Give a name and a sector, if it is somebody's answers.")
    return None


def _unnamed(one: Answers) -> Iterator[Remark]:
    who = [column for name in WHO for column in one.layout.of(name)]
    if who and all(_is_empty(one, column) for column in who):
        what, mend = (
            "nothing in this row tells who answered.",
            "Give a name, or leave it out if it is nobody's.",
        )
        yield one.remark(Said("asked", "unnamed", what, mend))


def _is_empty(one: Answers, column: Column) -> bool:
    cells, place = one.layout.grid.rows[one.row], (one.row, column.index)
    return (column.index >= len(cells) or cells[column.index] == "") and place not in one.layout.grid.odd


def _side(cells: Any, layout: Layout) -> Side | None:
    for column in layout.of("side"):
        words = normalise(text_of(cells[column.index])) if column.index < len(cells) else ""
        mentor, mentee = words.startswith("mentor"), words.startswith("mentee")
        if mentor or mentee:
            return "mentor" if mentor else "mentee"
    return None


def _moments(layout: Layout) -> dict[int, Moment | None]:
    column = next(iter(layout.of("completed")), None)
    if column is None:
        return {}
    rows = range(layout.head + 1, len(layout.grid.rows))
    cells = [
        row[column.index] if column.index < len(row) else "" for row in layout.grid.rows[layout.head + 1 :]
    ]
    return dict(zip(rows, read_moments(cells), strict=True))
