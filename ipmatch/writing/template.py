"""The enrolment workbook: the questions to ask, with their choices; empty, or filled with a cohort."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ipmatch.cohort import Cohort
from ipmatch.document import Frozen
from ipmatch.errors import needing
from ipmatch.expecting import expect, several
from ipmatch.intake.identity import Identity
from ipmatch.intake.questions import Question, questions, sector_options
from ipmatch.people import Mentee, Mentor, Side
from ipmatch.vocabulary.sectors import SECTORS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Template", "TemplateColumn", "enrolment_workbook", "template_of"]

ROWS = 500
_FILLED_ONLY = ("id", "person", "status", "scopes", "min_mentees", "mentors_wanted", "rounds_waited", "tags")
_NOTES = (
    "How this workbook is used",
    "",
    "One row for each person, mentors and mentees on sheets of their own. Leave empty what is not known.",
    "Where more than one may apply, write them one after the other with a semicolon between.",
    "Blue headings were not asked in the pilot of 2023; without the employer, the wish for somebody from",
    "outside cannot be met. Headings may be reworded or moved: ipmatch import shows how it read each one.",
    "The same questions can be put into Microsoft Forms; its export is read the same way.",
    "",
    "Where people can be asked to choose from",
)
_WIDE = {"scope": 40, "sectors": 40, "past_sectors": 32, "email": 30, "organisation": 30, "name": 24}


class TemplateColumn(Frozen):
    """A column of the workbook: the field that is asked, and the heading that asks it."""

    field: str
    heading: str


class Template(Frozen):
    """The workbook that was written, and what it asks of either side."""

    written: str
    mentors: tuple[TemplateColumn, ...]
    mentees: tuple[TemplateColumn, ...]


def template_of(path: str, *, filled: bool = False) -> Template:
    """What the workbook at ``path`` asks, column by column."""

    def columns(side: Side) -> tuple[TemplateColumn, ...]:
        asked = _columns(side, filled=filled)
        return tuple(TemplateColumn(field=field, heading=heading) for field, heading, _ in asked)

    return Template(written=path, mentors=columns("mentor"), mentees=columns("mentee"))


def enrolment_workbook(cohort: Cohort | None = None, people: Mapping[str, Identity] | None = None) -> bytes:
    """The workbook, with a sheet of mentors, one of mentees, and one of notes.

    Parameters
    ----------
    cohort
        Whose answers to fill in; pairs and rules have no place in a workbook of answers.
    people
        Names, addresses and register numbers to fill in, by id.

    Raises
    ------
    MissingExtraError
        Without XlsxWriter.
    """
    expect(cohort=(cohort, Cohort, None), people=(people, Mapping, None))
    several("people", (people or {}).values(), Identity)
    with needing("office", "A workbook"):
        from xlsxwriter import Workbook
    memory = io.BytesIO()
    book = Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # A fixed moment, so that the same questions give the same bytes.
    book.set_properties({"title": "Enrolment", "created": datetime(2000, 1, 1)})
    sides: tuple[tuple[Side, Sequence[Mentor | Mentee]], ...] = (
        ("mentor", cohort.mentors if cohort else ()),
        ("mentee", cohort.mentees if cohort else ()),
    )
    for side, entries in sides:
        _sheet(book, side, entries, people or {}, filled=cohort is not None)
    notes = book.add_worksheet("Notes")
    notes.set_column(0, 0, 110)
    for row, line in enumerate((*_NOTES, *sector_options())):
        notes.write_string(row, 0, line)
    book.close()
    return memory.getvalue()


def _sheet(
    book: Workbook,
    side: Side,
    entries: Sequence[Mentor | Mentee],
    people: Mapping[str, Identity],
    *,
    filled: bool,
) -> None:
    sheet: Worksheet = book.add_worksheet(f"{side.title()}s")
    base = {"text_wrap": True, "valign": "top", "bold": True, "bottom": 1, "bg_color": "#E8EDEE"}
    plain: Format = book.add_format(base)
    added: Format = book.add_format({**base, "bg_color": "#CCE3F5"})
    wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
    columns = list(_columns(side, filled=filled))
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 75)
    for column, (field, heading, question) in enumerate(columns):
        sheet.write_string(0, column, heading, added if question and question.added else plain)
        sheet.set_column(column, column, _WIDE.get(field, 18), wrapped)
        if question:
            _validate(sheet, column, question)
    for row, entry in enumerate(entries, start=1):
        identity = people.get(entry.id)
        for column, (field, _, _) in enumerate(columns):
            _write(sheet, row, column, _cell(entry, identity, field), wrapped)


def _columns(side: Side, *, filled: bool) -> Iterator[tuple[str, str, Question | None]]:
    """Field, heading and question of each column; what nobody is asked stands in a filled workbook only."""
    model = Mentor if side == "mentor" else Mentee
    if filled:
        yield from ((field, field, None) for field in _FILLED_ONLY if field in model.model_fields)
    for field, question in questions().items():
        heading = question.heading(side)
        if heading and not (filled and field == "mentor_before"):
            yield field, heading, question


def _validate(sheet: Worksheet, column: int, question: Question) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if question.options and not question.many:
        rule = {"validate": "list", "source": list(question.options), "error_type": "warning"}
    elif question.field == "capacity":
        rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100}
    elif question.field == "qualified_year":
        rule = {"validate": "integer", "criteria": "between", "minimum": 2006, "maximum": 2100}
    elif question.field == "years_prescribing":
        rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 80}
    hint = question.hint
    if question.many:
        hint = (
            "Several with a semicolon between. See the sheet Notes."
            if "sectors" in question.field
            else ("Several with a semicolon between, for example: Monday; Thursday")
        )
    if hint:
        rule |= {"input_title": "How to answer", "input_message": hint}
    if rule["validate"] != "any" or hint:
        sheet.data_validation(1, column, ROWS, column, rule)


def _write(sheet: Worksheet, row: int, column: int, cell: str | int | Decimal | None, form: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, form)
    else:
        sheet.write_number(row, column, cell, form)


def _cell(entry: Mentor | Mentee, identity: Identity | None, field: str) -> str | int | Decimal | None:
    """What a field of a person looks like as an answer."""
    if field in ("name", "email", "gphc_number"):
        return getattr(entry, field) or (getattr(identity, field) if identity else None)
    if field == "scope":
        return entry.scope_text
    value = getattr(entry, field, None)
    if field in ("sectors", "past_sectors"):
        return ";".join(map(_sector, value or ()))
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    if field == "consent" and value is None:
        return "Unknown"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field in ("prescribing_frequency", "meeting_mode") and value:
        return str(value).replace("-", " ").capitalize()
    return value if isinstance(value, str | int | Decimal) else None


def _sector(slug: str) -> str:
    return sector_options()[SECTORS.index(slug)] if slug in SECTORS else slug
