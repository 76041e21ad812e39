"""The private people file: who stands behind each id; its cells are never shown in a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ipmatch.errors import Fault, InputError
from ipmatch.intake.csv_text import csv_grid, without_apostrophe
from ipmatch.intake.grid import Grid
from ipmatch.intake.identity import IDENTITY_COLUMNS, Identity
from ipmatch.people import Side, clean_id

from .sources import LARGEST_SURVEY, Source, name_of, read_bytes

__all__ = ["Identity", "read_people"]

_MEND = "Write it anew with ipmatch import --people."
_SIDES: dict[str, Side] = {"mentor": "mentor", "mentee": "mentee"}


def read_people(source: Source) -> Mapping[str, Identity]:
    """Who stands behind each id, by id, in the order of the file ``people.private.csv``.

    Raises
    ------
    UsageError
        If there is no such file.
    InputError
        If it is not a people file; ``faults`` lists everything wrong with it, by row.
    """
    grid = csv_grid(read_bytes(source, LARGEST_SURVEY), name_of(source))
    headings = [str(cell).casefold() for cell in grid.rows[0]] if grid.rows else []
    missing = [column for column in ("id", "side") if column not in headings]
    if missing:
        what = f"this is not a people file: no column {' or '.join(missing)}."
        raise InputError([Fault(grid.place, what, f"Its columns are {', '.join(IDENTITY_COLUMNS)}.")])
    people: dict[str, Identity] = {}
    faults: list[Fault] = []
    for number, row in enumerate(grid.rows[1:], start=grid.first_row + 1):
        if any(row):
            cells = {
                heading: without_apostrophe(str(cell)) for heading, cell in zip(headings, row, strict=False)
            }
            _take(cells, number, grid, people, faults)
    if faults:
        raise InputError(faults)
    return people


def _take(
    cells: Mapping[str, str], number: int, grid: Grid, people: dict[str, Identity], faults: list[Fault]
) -> None:
    identifier, side = clean_id(cells.get("id", "")), _SIDES.get(cells.get("side", "").casefold())
    problems: Sequence[str] = [
        *(["no id."] if not identifier else []),
        *(["this id stands in an earlier row."] if identifier in people else []),
        *(["the side is neither mentor nor mentee."] if side is None else []),
    ]
    faults += [Fault(grid.row_place(number), what, _MEND) for what in problems]
    if side is not None and not problems:
        rest = {column: cells.get(column) or None for column in IDENTITY_COLUMNS[2:]}
        people[identifier] = Identity(identifier, side, **rest)
