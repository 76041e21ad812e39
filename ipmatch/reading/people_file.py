"""The private people file: who stands behind each id; its cells are never shown in a message."""

from __future__ import annotations

from collections.abc import Mapping

from ipmatch.errors import Fault, InputError
from ipmatch.intake.csv_text import csv_grid, without_apostrophe
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
    headings = grid.headings()
    missing = [column for column in ("id", "side") if column not in headings]
    if missing:
        what = f"this is not a people file: no column {' or '.join(missing)}."
        raise InputError([Fault(grid.place, what, f"Its columns are {', '.join(IDENTITY_COLUMNS)}.")])
    people: dict[str, Identity] = {}
    faults: list[Fault] = []
    for number, row in grid.below():
        cells = dict(zip(headings, map(without_apostrophe, row), strict=False))
        identifier, side = clean_id(cells["id"]), _SIDES.get(cells["side"].casefold())
        problems = [
            *(["no id."] if not identifier else []),
            *(["this id stands in an earlier row."] if identifier in people else []),
            *(["the side is neither mentor nor mentee."] if side is None else []),
        ]
        faults += [Fault(grid.row_place(number), what, _MEND) for what in problems]
        if side is not None and not problems:
            rest = {column: cells.get(column) or None for column in IDENTITY_COLUMNS[2:]}
            people[identifier] = Identity(identifier, side, **rest)
    if faults:
        raise InputError(faults)
    return people
