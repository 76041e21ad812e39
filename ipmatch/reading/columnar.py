"""A cohort as a Parquet file: people are rows, fields are columns; the rest is in the file's metadata."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from ipmatch.errors import Fault, InputError, needing
from ipmatch.parquet import REST, SIDES
from ipmatch.people import Mentee, Mentor
from ipmatch.vocabulary.text import suggest

from .json_text import parse_json
from .sources import Source, name_of, read_bytes
from .values import Finding

__all__ = ["LARGEST", "parse_columns"]

LARGEST = 1 << 34


def parse_columns(source: Source) -> tuple[dict[str, Any], list[Finding]]:
    """The cohort of a Parquet file as its JSON would hold it, so that every rule and place is the same.

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
        rest = polars.read_parquet_metadata(content).get(REST, "{}")
        content.seek(0)
        frame = polars.read_parquet(content)
    except polars.exceptions.PolarsError:
        what = "this is not a Parquet file, or it is damaged."
        raise InputError([Fault(name, what, "Save it again as Parquet.")]) from None
    if faults := list(_faults(frame.columns, name)):
        raise InputError(faults)
    data, findings = parse_json(rest, name)
    if not isinstance(data, dict):
        data = {}
    sides = frame["side"].to_list()
    strangers = [row for row, side in enumerate(sides) if side not in SIDES.values()]
    if strangers:
        more = f" (and {len(strangers) - 1:,} more rows)" if len(strangers) > 1 else ""
        where, what = f'{name}, row {strangers[0] + 1}, column "side"', f"this is neither side{more}."
        raise InputError([Fault(where, what, 'Write "mentor" or "mentee".')])
    columns = [frame[field].to_list() for field in frame.columns if field != "side"]
    fields = [field for field in frame.columns if field != "side"]
    people = list(_people(fields, columns)) if columns else [{} for _ in sides]
    for field, wanted in SIDES.items():
        data[field] = [person for person, side in zip(people, sides, strict=True) if side == wanted]
    return data, findings


def _faults(columns: Sequence[str], name: str) -> Iterator[Fault]:
    """Columns that are missing or that nobody knows: each told once, not once for every person."""
    for needed in ("side", "id"):
        if needed not in columns:
            yield Fault(name, f'there is no column "{needed}".', f'Add the column "{needed}".')
    known = ["side", *dict.fromkeys((*Mentor.model_fields, *Mentee.model_fields))]
    for column in columns:
        if column not in known and not column.startswith("x_"):
            close = suggest(column, known)
            mend = f'Did you mean "{close}"?' if close else f"Known columns: {', '.join(known)}."
            yield Fault(f'{name}, column "{column[:60]}"', "unknown column.", mend)


def _people(fields: Sequence[str], columns: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for row in zip(*columns, strict=True):
        yield {field: answer for field, answer in zip(fields, row, strict=True) if answer is not None}
