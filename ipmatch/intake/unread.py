"""What of the sheets was not read: whole sheets, columns, and cells with no heading above them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ipmatch.vocabulary.text import plain_words

from .grid import column_letters
from .headings import Layout, shown
from .questions import bookkeeping, questions
from .report import Remark

__all__ = ["sheet_unread", "unread_in"]

# A heading so much like a field's name is one with a slip in it, and not another column of the sheet.
MISSPELT = 0.85


def sheet_unread(place: str) -> Remark:
    """Of a sheet without answers, by its place."""
    what = "this sheet is hidden, or holds no answers: not read."
    return Remark(level="noted", code="sheet-not-read", where=place, what=what)


def unread_in(layout: Layout) -> Iterator[Remark]:
    """Of a sheet with answers, what in it was not read."""
    for column in layout.columns:
        if column.field is None:
            words = plain_words(column.heading).replace(" ", "_")
            close = get_close_matches(words, [*questions(), *bookkeeping()], n=1, cutoff=MISSPELT)
            yield Remark(
                level="asked" if close else "noted",
                code="column-not-read",
                where=f"{layout.grid.place}, {shown(column)}",
                column=column.letters,
                what="this column was not read: its heading is no question known here.",
                mend=f'Did you mean "{close[0]}"?' if close else "If it is one, name it in the column map.",
            )
    if layout.joined:
        row = layout.grid.first_row + layout.head + 1
        what = "a second row of headings: the options that stand under one question are read together."
        yield Remark(
            level="noted", code="options-joined", where=layout.grid.row_place(row), row=row, what=what
        )
    headed = {column.index for column in layout.columns}
    told = set[int]()
    for row in range(layout.head + 1, len(layout.grid.rows)):
        cells = enumerate(layout.grid.rows[row])
        bare = [index for index, cell in cells if index not in headed and str(cell).strip()]
        if bare and bare[-1] > max(headed):
            yield _beyond(layout, row, next(index for index in bare if index > max(headed)))
        for index in bare:
            if index < max(headed) and index not in told:
                told.add(index)
                yield _bare_column(layout, index)


def _beyond(layout: Layout, row: int, index: int) -> Remark:
    """A cell behind the last heading: its row may have slipped there, and every answer with it."""
    number = layout.grid.first_row + row
    return Remark(
        level="asked",
        code="beyond-headings",
        where=f"{layout.grid.row_place(number)}, column {column_letters(index)}",
        row=number,
        column=column_letters(index),
        what="this cell stands beyond the headings: not read.",
        mend="If its row has slipped, put the answer that holds a comma in quotes; else give it a heading.",
    )


def _bare_column(layout: Layout, index: int) -> Remark:
    return Remark(
        level="noted",
        code="no-heading",
        where=f"{layout.grid.place}, column {column_letters(index)}",
        column=column_letters(index),
        what="this column was not read: it has no heading.",
        mend="Give it one, if it holds answers.",
    )
