"""read_enrolment: spreadsheets of answers as a cohort, who the people are, and a report of all noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, InputError, raise_all, taken
from ipmatch.intake.column_map import ColumnMap, column_map
from ipmatch.intake.csv_text import csv_grid
from ipmatch.intake.enrolment import Enrolment, Known, enrol, lay_out_all
from ipmatch.intake.frames import grid_of_frame
from ipmatch.intake.grid import Grid
from ipmatch.intake.headings import Layout, lay_out
from ipmatch.intake.identity import Identity
from ipmatch.intake.organisations import Organisations, organisations_of
from ipmatch.intake.scope_review import decisions_of
from ipmatch.intake.workbook import workbook_grids
from ipmatch.people import Side

from .people_file import read_people
from .sources import LARGEST_SURVEY, SPREADSHEETS, Source, known_suffix, name_of, read_bytes, read_text
from .toml_text import parse_toml

__all__ = [
    "certain",
    "read_enrolment",
    "read_frames",
    "read_scope_decisions",
    "read_spreadsheet",
]


def read_enrolment(
    *sources: Source,
    columns: Source | None = None,
    people: Source | Mapping[str, Identity] | None = None,
    scopes: Source | None = None,
    organisations: Source | None = None,
    of_parents: bool = False,
) -> Enrolment:
    """The cohort that spreadsheets of answers hold, with a report.

    Answers that cannot be read for certain count as not known; ``intake.remarks`` lists every one, with its
    cell. Nothing is guessed, and nothing left out unsaid.

    Parameters
    ----------
    sources
        ``.xlsx`` workbooks, one sheet or several, and ``.csv`` files; whose answers a sheet holds is told by
        its headings, its name, or a column ``side``.
    columns
        A column map (``.toml``) where headings are not recognised.
    people
        The people file of an earlier import: who stands in it keeps the id.
    scopes
        The review sheet of ``ipmatch scopes``, with its decisions.
    organisations
        A table ``code,name,parent,successor``; ``of_parents`` compares parents where there are any.

    Raises
    ------
    UsageError
        If a file is not there, or is no spreadsheet.
    InputError
        With everything that no cohort can be made of, each fault with its place.
    """
    errors: list[InputError] = []
    chosen = taken(errors, _columns, columns) or ColumnMap()
    known = people if isinstance(people, Mapping) else taken(errors, read_people, people) or {}
    decided = taken(errors, read_scope_decisions, scopes) or {}
    table = taken(
        errors, lambda source: organisations_of(_grids(source)[0], of_parents=of_parents), organisations
    )
    grids = [grid for source in sources for grid in taken(errors, _grids, source) or ()]
    raise_all(errors)
    laid_out = [(grid.place, lay_out(grid, chosen)) for grid in grids]
    left_out = [place for place, layout in laid_out if layout is None]
    layouts = lay_out_all(laid_out, chosen)
    return enrol(layouts, Known(chosen, known, decided, table or Organisations()), left_out)


def read_frames(mentors: Any = None, mentees: Any = None, *, strict: bool = True) -> Cohort:
    """A cohort of data frames: pandas, polars or any other that narwhals knows, or lists of dicts.

    Columns are named like the fields of a person, or like the questions of the survey. ``strict`` refuses
    what cannot be read for certain; otherwise it counts as not known.

    Raises
    ------
    InputError
        With every fault, by row (the first is 1) and column.
    """
    layouts: list[tuple[str, Layout | None]] = []
    sides: tuple[tuple[Side, Any], ...] = (("mentor", mentors), ("mentee", mentees))
    for side, frame in sides:
        if frame is not None:
            grid = grid_of_frame(frame, f"{side}s")
            if len(grid.rows) > 1:
                layouts.append((grid.place, lay_out(grid, ColumnMap(), side)))
    if not layouts:
        return Cohort()
    enrolment = enrol(lay_out_all(layouts, ColumnMap()), Known())
    return certain(enrolment) if strict else enrolment.cohort


def read_spreadsheet(source: Source) -> Cohort:
    """The cohort of one spreadsheet, if every answer in it can be read for certain.

    Raises
    ------
    UsageError, InputError
        As :func:`read_enrolment` does, and for each answer that cannot.
    """
    return certain(read_enrolment(source))


def read_scope_decisions(source: Source) -> Mapping[str, str]:
    """What a review sheet decides, by the normalised answer.

    Raises
    ------
    UsageError, InputError
        If there is no such file, or it is no review sheet; a decision that names no scope is a fault.
    """
    return decisions_of(_grids(source)[0])


def certain(enrolment: Enrolment) -> Cohort:
    """The cohort, if every answer could be read for certain; free text on scope may stay open.

    Raises
    ------
    InputError
        With each answer that could not.
    """
    open_scopes = ("ambiguous-scope", "uncertain-scope", "unread-scope")
    faults = [
        Fault(remark.where, remark.what, remark.mend)
        for remark in enrolment.intake.remarks
        if remark.level == "asked" and remark.code not in open_scopes
    ]
    if faults:
        raise InputError(faults)
    return enrolment.cohort


def _columns(source: Source) -> ColumnMap:
    name = name_of(source)
    table, findings = parse_toml(read_text(source), name)
    if findings:
        raise InputError([Fault(name, finding.what, finding.mend) for finding in findings])
    return column_map(table, name)


def _grids(source: Source) -> list[Grid]:
    suffix = known_suffix(source, SPREADSHEETS, "Save it as .xlsx or CSV UTF-8.")
    name, content = name_of(source), read_bytes(source, LARGEST_SURVEY)
    is_workbook = content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) if not suffix else suffix != ".csv"
    grids = workbook_grids(content, name) if is_workbook else [csv_grid(content, name)]
    if not any(grid.rows for grid in grids):
        raise InputError([Fault(name, "the file is empty.", "Give a file with headings and answers.")])
    return grids
