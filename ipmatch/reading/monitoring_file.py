"""The monitoring file: for each id the groups a person counts themselves to; its cells are never shown."""

from __future__ import annotations

from ipmatch.errors import Fault, InputError
from ipmatch.people import clean_id
from ipmatch.programme.equality import SMALLER, Monitoring
from ipmatch.programme.group_counts import EVERYONE

from .sheets import headings_of, read_sheet, rows_of
from .sources import Source

__all__ = ["read_monitoring"]

_NAMING = ("name", "email", "e-mail", "email address", "gphc number", "gphc_number", "first name", "surname")
_NOTHING = ("", "-", "n/a", "not known", "unknown", "not stated", "prefer not to say")


def read_monitoring(source: Source) -> Monitoring:
    """The groups of a ``.csv`` or ``.xlsx`` file: a column ``id``, and a column for each characteristic.

    An empty cell, and "prefer not to say", count as not stated. The order of rows and columns is of no
    account.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        With everything wrong with it, by row; a file that names people is refused.
    """
    grid = read_sheet(source)
    headings = headings_of(grid)
    faults = []
    if "id" not in headings:
        faults.append(Fault(grid.place, 'there is no column "id".', "Give each person's id, and no name."))
    for heading in headings:
        if heading in _NAMING:
            what = f'the column "{heading}" tells who people are.'
            faults.append(Fault(grid.place, what, "Take it out: this file is joined by id alone."))
        elif heading and headings.count(heading) > 1:
            what = f'two columns are headed "{heading}".'
            faults.append(Fault(grid.place, what, "Keep one of them."))
    characteristics = tuple(sorted({heading for heading in headings if heading and heading != "id"}))
    if not characteristics:
        what = "there is no characteristic in it."
        faults.append(Fault(grid.place, what, "Add a column for each, such as age band."))
    groups: dict[str, dict[str, str]] = {}
    for number, cells in rows_of(grid) if "id" in headings else ():
        row = dict(zip(headings, cells, strict=False))
        identifier = clean_id(row["id"])
        what = (
            "no id."
            if not identifier
            else "this id stands in an earlier row."
            if identifier in groups
            else ""
        )
        if what:
            faults.append(Fault(grid.row_place(number), what, "Give every person one row."))
            continue
        told = {name: " ".join(row[name].split()) for name in characteristics}
        for reserved in sorted({EVERYONE, SMALLER} & {*told.values()}):
            what = f'no group can be called "{reserved}".'
            faults.append(Fault(grid.row_place(number), what, "Rename it."))
        groups[identifier] = {name: group for name, group in told.items() if group.casefold() not in _NOTHING}
    if faults:
        raise InputError(dict.fromkeys(faults))
    return Monitoring(characteristics, groups)
