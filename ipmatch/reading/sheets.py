"""One sheet, from a CSV file or a workbook."""

from __future__ import annotations

from ipmatch.errors import Fault, InputError
from ipmatch.intake.csv_text import csv_grid
from ipmatch.intake.grid import Grid

from .sources import LARGEST_SURVEY, Source, known_suffix, name_of, read_bytes

__all__ = ["read_sheet"]


def read_sheet(source: Source) -> Grid:
    """The one sheet of a ``.csv`` or ``.xlsx`` file; ``-`` reads CSV from standard input.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        If it cannot be read, holds several sheets, or nothing.
    """
    suffix = known_suffix(source, (".csv", ".xlsx"), "Give a .csv or .xlsx file.")
    name, content = name_of(source), read_bytes(source, LARGEST_SURVEY)
    if suffix == ".xlsx":
        from ipmatch.intake.workbook import workbook_grids

        grids = workbook_grids(content, name)
        if len(grids) > 1:
            what = f"this workbook has {len(grids)} sheets."
            raise InputError([Fault(name, what, "Save the one that is meant on its own.")])
        grid = grids[0]
    else:
        grid = csv_grid(content, name)
    if not grid.rows:
        raise InputError([Fault(name, "there is nothing in it.", "Give a sheet with a row of headings.")])
    return grid
