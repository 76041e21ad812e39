"""Which question each column of a sheet answers, and whose sheet it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ipmatch.people import Side
from ipmatch.vocabulary.text import plain_words

from .column_map import ColumnMap
from .grid import Cell, Grid, column_letters, short
from .options import with_options_joined
from .questions import Question, bookkeeping, questions

__all__ = ["WHO", "Column", "Layout", "closest", "lay_out"]

How = Literal["map", "words", "beside", "unread"]

# What tells who somebody is.
WHO = ("id", "name", "first_name", "surname", "forms_name", "email", "forms_email", "gphc_number")
# A title or two may stand above the headings.
MOST_TITLES = 20
LEAST_LIKE = 0.5
# Fewer are found in any sheet of notes.
LEAST_COLUMNS = 2

_NUMBER_BEFORE = re.compile(
    r"^\s*(?:q(?:uestion)?\s*)?\d{1,2}\s*[a-c]?\s*[.):]\s*(?:[a-c]\s*[.)]\s+)?", re.IGNORECASE
)
_FORMS_OWN = {"id": "response", "email": "forms_email", "name": "forms_name"}
# Of a form that is a quiz, two columns behind each question.
_MARKS = re.compile(r"^\s*(points|feedback) [-–] ", re.IGNORECASE)
IGNORED = "ignore"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the field it was read as (``None`` if it was not), and how that was known."""

    index: int
    heading: str
    field: str | None
    how: How

    @property
    def letters(self) -> str:
        """What a spreadsheet shows above it."""
        return column_letters(self.index)


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of answers: where its headings stand, what its columns are, and whose answers they hold.

    ``side`` is ``None`` where the sheet does not tell, or where a column ``side`` tells it of each row. If
    ``joined``, a second row of headings named options, and those ticked stand in one cell.
    """

    grid: Grid
    head: int
    columns: tuple[Column, ...]
    side: Side | None
    by_row: bool = False
    joined: bool = False

    def of(self, field: str) -> list[Column]:
        """The columns read as a field."""
        return [column for column in self.columns if column.field == field]


def lay_out(grid: Grid, chosen: ColumnMap, side: Side | None = None) -> Layout | None:
    """The layout of a sheet, or ``None`` if nothing in it looks like the answers of people."""
    best: tuple[int, int, list[Column]] = (0, 0, [])
    for head, row in enumerate(grid.rows[:MOST_TITLES]):
        columns = _columns(row, chosen, side)
        found = sum(column.field not in (None, IGNORED) for column in columns)
        if found > best[0]:
            best = (found, head, columns)
    found, head, columns = best
    if found < (1 if side else LEAST_COLUMNS):
        return None
    by_row = side is None and any(column.field == "side" for column in columns)
    whose = side if side or by_row else _side(columns, grid, chosen)
    who = [column.index for column in columns if column.field in WHO]
    joined = with_options_joined(grid, head, [column.index for column in columns], who)
    return Layout(joined or grid, head, tuple(columns), whose, by_row, joined is not None)


def closest(field: str, columns: Sequence[Column]) -> tuple[Column, int] | None:
    """The unread column most like a question, and how many letters in a hundred agree."""
    question = questions()[field]
    asked = [plain_words(text) for text in (field, question.mentor, question.mentee) if text]
    likes = [
        (
            max(SequenceMatcher(None, words, text, autojunk=False).ratio() for text in asked),
            -column.index,
            column,
        )
        for column in columns
        if column.field is None and (words := _words(column.heading)[:200])
    ]
    like, _, column = max(likes, default=(0.0, 0, None))
    return (column, round(100 * like)) if column is not None and like >= LEAST_LIKE else None


def _columns(row: Sequence[Cell], chosen: ColumnMap, side: Side | None) -> list[Column]:
    headings = [str(cell) for cell in row]
    section = chosen.section([plain_words(heading) for heading in headings], side)
    fields = [_field(heading) for heading in headings]
    from_forms = "started" in fields and "completed" in fields
    columns: list[Column] = []
    for index, (heading, field) in enumerate(zip(headings, fields, strict=True)):
        if not heading.strip():
            continue
        how: How = "words" if field else "unread"
        if from_forms and (own := _FORMS_OWN.get(plain_words(heading))):
            field = own
        elif from_forms and _MARKS.match(heading):
            field = IGNORED
        elif field == "other":
            # The text box of "Other" belongs to the question before it.
            before = columns[-1].field if columns else None
            field, how = ("sectors_other", "beside") if before == "sectors" else (IGNORED, "beside")
        if mapped := section.get(plain_words(heading)):
            field, how = mapped, "map"
        columns.append(Column(index, heading, field, how))
    return columns


def _field(heading: str) -> str | None:
    """The field a heading names or asks for; ``None`` if none or several could be meant."""
    words = _words(heading)
    if (exact := words.replace(" ", "_")) in questions() or exact in bookkeeping():
        return exact
    known: list[Question] = [
        question
        for question in (*bookkeeping().values(), *questions().values())
        if question.is_asked_by(words)
    ]
    return known[0].field if len(known) == 1 else None


def _words(heading: str) -> str:
    return plain_words(_NUMBER_BEFORE.sub("", heading))


def _side(columns: Sequence[Column], grid: Grid, chosen: ColumnMap) -> Side | None:
    told = Counter(
        side
        for column in columns
        if (question := questions().get(column.field or ""))
        and (side := question.tells(_words(column.heading)))
    )
    if chosen_side := chosen.side_of([plain_words(column.heading) for column in columns]):
        return chosen_side
    if len(told) == 1:
        return next(iter(told))
    named = plain_words(f"{grid.title} {grid.file}")
    mentor, mentee = "mentor" in named, "mentee" in named
    return ("mentor" if mentor else "mentee") if mentor != mentee else None


def shown(column: Column) -> str:
    """A column as messages name it."""
    return f'column {column.letters} "{short(column.heading)}"'
