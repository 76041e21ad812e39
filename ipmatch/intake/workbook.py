"""Workbooks (.xlsx) through python-calamine, which is handed only what a bounded look has found harmless."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ipmatch.errors import Fault, InputError, MissingExtraError

from .grid import Grid, checked
from .package import Package, open_package

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["workbook_grids"]

_UNREADABLE = "Open it in Excel, save it as .xlsx, and try again."
_NAMED_IN_ERROR = re.compile(r"[^\w .,:'()/-]+")


def workbook_grids(content: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook that hold anything, in order; one that is hidden is given without its rows.

    Formulas are never run: their saved values are read. Links to other files are never followed.

    Raises
    ------
    MissingExtraError
        Without python-calamine.
    InputError
        If it is no workbook, is broken or protected, or is far too large for a list of people.
    """
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        what = f'{name}: reading Excel needs the office extra: pip install "ipmatch[office]"'
        raise MissingExtraError(f"{what} (or save the sheet as CSV UTF-8).") from None
    package = open_package(content, name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_plain_zip(package)))
        grids = list(_grids(workbook, name, package))
    except InputError:
        raise
    except BaseException as error:
        # A panic inside the reader is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise InputError([Fault(name, "this workbook is broken.", _UNREADABLE)]) from None
    if not any(grid.rows for grid in grids):
        raise InputError([Fault(name, "no sheet of this workbook holds anything.", "Check the file.")])
    if len(grids) == 1:
        only = grids[0]
        return [Grid(only.file, None, only.rows, only.first_row, only.odd, only.title)]
    return grids


def _grids(workbook: CalamineWorkbook, name: str, package: Package) -> Iterator[Grid]:
    for metadata in workbook.sheets_metadata:
        if str(metadata.typ).rpartition(".")[2] != "WorkSheet":
            continue
        if str(metadata.visible).rpartition(".")[2] != "Visible":
            yield Grid(name, metadata.name, [], title=metadata.name)
            continue
        rows = workbook.get_sheet_by_name(metadata.name).to_python(skip_empty_area=False)
        if any(cell != "" for row in rows for cell in row):
            stripped = [[cell.strip() if isinstance(cell, str) else cell for cell in row] for row in rows]
            odd = package.odd_cells(metadata.name)
            yield checked(Grid(name, metadata.name, stripped, 1, odd, metadata.name))


def _plain_zip(package: Package) -> bytes:
    """The parts that were looked at, and nothing else, as a zip file without compression."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as file:
        for part, content in package.parts.items():
            file.writestr(part, content)
    return memory.getvalue()
