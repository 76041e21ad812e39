"""The monitoring file: for each id the groups a person counts themselves to; its cells are never shown."""

from __future__ import annotations

from collections.abc import Iterator

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect
from ipmatch.intake.grid import Grid
from ipmatch.people import clean_id
from ipmatch.programme.equality import SMALLER, Monitoring, strangers
from ipmatch.programme.group_counts import EVERYONE

from .sheets import read_sheet
from .sources import Source

__all__ = ["read_monitoring"]

_NAMING = ("name", "email", "e-mail", "email address", "gphc number", "gphc_number", "first name", "surname")
_NOTHING = ("", "-", "n/a", "not known", "unknown", "not stated", "prefer not to say")


def read_monitoring(source: Source, *, cohort: Cohort | None = None) -> Monitoring:
    """The groups of a ``.csv`` or ``.xlsx`` file: a column ``id``, and a column for each characteristic.

    An empty cell, and "prefer not to say", count as not stated. The order of rows and columns is of no
    account.

    Parameters
    ----------
    cohort
        Whose groups they are to be: then ids of others are refused with their row.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        With everything wrong with it, by row; a file that names people is refused.
    """
    expect(cohort=(cohort, Cohort, None))
    grid = read_sheet(source)
    headings = grid.headings()
    characteristics = tuple(sorted({*headings} - {"", "id"}))
    faults = list(_wrong_headings(grid, headings, characteristics))
    groups: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for number, cells in grid.below() if "id" in headings else ():
        row, where = dict(zip(headings, cells, strict=False)), grid.row_place(number)
        identifier = clean_id(row["id"])
        if not identifier or identifier in groups:
            what = "this id stands in an earlier row." if identifier else "no id."
            faults.append(Fault(where, what, "Give every person one row."))
            continue
        told = {name: " ".join(row[name].split()) for name in characteristics}
        for reserved in sorted({EVERYONE, SMALLER} & {*told.values()}):
            faults.append(Fault(where, f'no group can be called "{reserved}".', "Rename it."))
        groups[identifier] = {name: group for name, group in told.items() if group.casefold() not in _NOTHING}
        places[identifier] = where
    faults += strangers(cohort, places) if cohort else ()
    if faults:
        raise InputError(dict.fromkeys(faults))
    return Monitoring(characteristics, groups)


def _wrong_headings(grid: Grid, headings: list[str], characteristics: tuple[str, ...]) -> Iterator[Fault]:
    if "id" not in headings:
        yield Fault(grid.place, 'there is no column "id".', "Give each person's id, and no name.")
    for heading in headings:
        if heading in _NAMING:
            what = f'the column "{heading}" tells who people are.'
            yield Fault(grid.place, what, "Take it out: this file is joined by id alone.")
        elif heading and headings.count(heading) > 1:
            yield Fault(grid.place, f'two columns are headed "{heading}".', "Keep one of them.")
    if not characteristics:
        yield Fault(
            grid.place, "there is no characteristic in it.", "Add a column for each, such as age band."
        )
