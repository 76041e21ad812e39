"""A data frame, or a list of dicts, as a grid of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from ipmatch.errors import Fault, InputError, needing

from .grid import Cell, Grid, checked

__all__ = ["grid_of_frame"]


def grid_of_frame(frame: Any, name: str) -> Grid:
    """The grid of a frame; its columns are the headings, and its first row is row 1.

    Raises
    ------
    MissingExtraError
        Without narwhals, unless it is a list of dicts.
    InputError
        If it is no frame.
    """
    if (
        isinstance(frame, Sequence)
        and not isinstance(frame, str)
        and all(isinstance(row, Mapping) for row in frame)
    ):
        columns = list(dict.fromkeys(str(column) for row in frame for column in row))
        rows: list[Sequence[Any]] = [[row.get(column) for column in columns] for row in frame]
    else:
        columns, rows = _columns_and_rows(frame, name)
    cells = [[_cell(value) for value in row] for row in rows]
    return checked(Grid(name, None, [columns, *cells], first_row=0))


def _columns_and_rows(frame: Any, name: str) -> tuple[list[str], list[Sequence[Any]]]:
    with needing("notebook", f"{name}: a data frame that is no list of dicts"):
        import narwhals as nw
    try:
        eager = nw.from_native(frame, eager_only=True)
    except TypeError:
        what = "this is neither a data frame nor a list of dicts."
        raise InputError(
            [Fault(name, what, "Give a pandas or polars frame, collected if it is lazy.")]
        ) from None
    return [str(column) for column in eager.columns], list(eager.rows())


def _cell(value: Any) -> Cell:
    """A value as a cell: what is missing is empty, a list is what a form would export."""
    if isinstance(value, list | tuple | set | frozenset):
        return ";".join(str(_cell(item)) for item in value)
    if value is None or type(value).__name__ in ("NAType", "NaTType", "NoneType"):
        return ""
    if isinstance(value, str):
        return value.strip()
    if hasattr(value, "tolist"):
        return _cell(value.tolist())
    if isinstance(value, bool | int | date | time | timedelta):
        return value
    if isinstance(value, float):
        return "" if value != value else value
    return str(value).strip()
