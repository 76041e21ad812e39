"""A cohort as a Parquet file: people are rows, fields are columns; the rest is in the file's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ipmatch.errors import Fault, InputError, needing
from ipmatch.parquet import REST, SIDES

from .csv_cells import WHOLE_FIELDS
from .json_text import parse_json
from .sources import Source, name_of, read_bytes
from .tables import CHUNK, Chunk, Table, faults_of_columns, is_annotation

if TYPE_CHECKING:
    import pyarrow

__all__ = ["LARGEST", "parquet_table"]

SIGNATURE = b"PAR1"
LARGEST = 1 << 34
# A few hundred bytes of Parquet can stand for as many rows as there are numbers.
MOST_PEOPLE = 1 << 23
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
        import pyarrow
        from pyarrow import parquet
    content = pyarrow.py_buffer(read_bytes(source, LARGEST, lambda head: head.startswith(SIGNATURE)))
    with _telling_damage(name):
        file = parquet.ParquetFile(content, page_checksum_verification=True)
        rows = file.metadata.num_rows
    if rows > MOST_PEOPLE:
        what = f"it holds {rows:,} rows, and a cohort has at most {MOST_PEOPLE:,} people."
        raise InputError([Fault(name, what, "Match in parts.")])
    with _telling_damage(name):
        table = file.read()
        table.validate(full=True)
        names = table.column_names
    if faults := list(faults_of_columns(names, name)):
        raise InputError(faults)
    table = table.select([place for place, column in enumerate(names) if not is_annotation(column)])
    rest = (table.schema.metadata or {}).get(REST.encode(), b"{}").decode("utf-8", "replace")
    data, findings = parse_json(rest, name)
    plain = {key: value for key, value in data.items() if key not in SIDES} if isinstance(data, dict) else {}
    readers = {
        field.name: _whole
        for field in table.schema
        if pyarrow.types.is_floating(field.type) and field.name in WHOLE_FIELDS
    }
    return Table(name, table.column_names, lambda _: _chunks(table, name), readers, plain, findings, MENDS)


@contextmanager
def _telling_damage(name: str) -> Iterator[None]:
    """What Arrow says of damage in the words of a fault: UnicodeDecodeError is of a name that is no text."""
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError):
        what = "this is not a Parquet file, or it is damaged."
        raise InputError([Fault(name, what, "Save it again as Parquet.")]) from None


def _chunks(table: pyarrow.Table, name: str) -> Iterator[Chunk]:
    for start in range(0, table.num_rows, CHUNK):
        part = table.slice(start, CHUNK)
        rows = range(start + 1, start + 1 + part.num_rows)
        yield Chunk(rows, [_cells(part, column, name) for column in part.column_names])


def _cells(part: pyarrow.Table, column: str, name: str) -> list[Any]:
    try:
        cells: list[Any] = part.column(column).to_pylist()
    except (ValueError, OverflowError):  # times that Python has no object for
        where, what = f'{name}, column "{column}"', f"it holds {part.field(column).type}, which is no answer."
        raise InputError([Fault(where, what, "Save this column as text.")]) from None
    return cells


def _whole(cell: float) -> int | float:
    """2.0 as the whole number it stands for: pandas has no other for a column where some are missing."""
    return int(cell) if cell.is_integer() else cell
