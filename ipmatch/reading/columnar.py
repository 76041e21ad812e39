"""A cohort as a Parquet file: people are rows, fields are columns; the rest is in the file's metadata."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ipmatch.errors import Fault, InputError, needing
from ipmatch.parquet import REST, SIDES

from .csv_cells import WHOLE_FIELDS
from .json_text import parse_json
from .sources import Source, name_of, read_bytes
from .tables import CHUNK, Chunk, Table, faults_of_columns, is_annotation

if TYPE_CHECKING:
    import polars

__all__ = ["LARGEST", "parquet_table"]

LARGEST = 1 << 34
# In columns nobody writes quotes and brackets.
MENDS = {
    "Write it in quotes.": "Save this column as text.",
    "Write a whole number, without quotes.": "Save this column as whole numbers.",
    "Write a number, without quotes.": "Save this column as numbers.",
    "Write a finite number, without quotes.": "Save this column as numbers.",
    "Write true, false or null, without quotes.": "Save this column as true and false.",
    "Write a list in square brackets.": "Save this column as lists.",
}


def parquet_table(source: Source) -> Table:
    """The people of a Parquet file in columns; a null is an answer that was not given.

    Raises
    ------
    UsageError, InputError
        If there is no such file; if it is not a Parquet file of people, with every column at fault.
    MissingExtraError
        Without the columnar extra.
    """
    name = name_of(source)
    with needing("columnar", "Reading a .parquet file"):
        import polars
    content = io.BytesIO(read_bytes(source, LARGEST))
    try:
        with _hushed():
            rest = polars.read_parquet_metadata(content).get(REST, "{}")
            content.seek(0)
            frame = polars.read_parquet(content)
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException):
        what = "this is not a Parquet file, or it is damaged."
        raise InputError([Fault(name, what, "Save it again as Parquet.")]) from None
    if faults := list(faults_of_columns(frame.columns, name)):
        raise InputError(faults)
    frame = frame.drop([column for column in frame.columns if is_annotation(column)])
    data, findings = parse_json(rest, name)
    plain = {key: value for key, value in data.items() if key not in SIDES} if isinstance(data, dict) else {}
    readers = {
        column: _whole for column, kind in frame.schema.items() if kind.is_float() and column in WHOLE_FIELDS
    }
    return Table(name, frame.columns, lambda _: _chunks(frame), readers, plain, findings, MENDS)


@contextmanager
def _hushed() -> Iterator[None]:
    """Nothing on standard error meanwhile: of a damaged file polars prints its own stack, past Python."""
    try:
        kept = os.dup(2)
    except OSError:  # closed: there is nothing to keep quiet
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _chunks(frame: polars.DataFrame) -> Iterator[Chunk]:
    for start in range(0, frame.height, CHUNK):
        part = frame.slice(start, CHUNK)
        rows = range(start + 1, start + 1 + part.height)
        yield Chunk(rows, [part[column].to_list() for column in part.columns])


def _whole(cell: float) -> int | float:
    """2.0 as the whole number it stands for: pandas has no other for a column where some are missing."""
    return int(cell) if cell.is_integer() else cell
