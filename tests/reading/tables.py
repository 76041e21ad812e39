"""The same people as a table and as JSON, and what is said of them either way."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import ipmatch as ip
from ipmatch.errors import InputError
from ipmatch.reading.columnar import MENDS

_PLACE = re.compile(r"(mentor|mentee)s\[(\d+)\](?:\.(\w+)(?:\[\d+\])?)?( \([^)]*\))?")
_OTHER = {side: f"a {side} has no such field. Leave this cell empty." for side in ("mentor", "mentee")}


def as_rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Everybody's answers; what is null was not given."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def as_json(columns: dict[str, list[Any]], rest: dict[str, Any]) -> str:
    """The same cohort as a JSON file; whole floats are whole numbers there."""
    plain: dict[str, Any] = {**rest, "mentors": [], "mentees": []}
    for row in as_rows(columns):
        side = row.pop("side")
        plain[f"{side}s"].append({key: _plain(value) for key, value in row.items()})
    return json.dumps(plain, default=float)


def as_csv(columns: dict[str, list[Any]], **options: Any) -> str:
    """The same people as CSV: lists parted by semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, **options)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in zip(*columns.values(), strict=True))
    return out.getvalue()


def told(file: Any) -> list[str] | ip.Cohort:
    """The cohort of a file, or everything that is said to be wrong with it, without the file's name."""
    try:
        return ip.read_cohort(file)
    except InputError as error:
        return [str(fault).removeprefix(file.name).removeprefix(", ") for fault in error.faults]


def by_row(fault: str, columns: dict[str, list[Any]], first: int) -> str:
    """What is said of a place in JSON, as it is said of a table whose first person is in row ``first``."""
    rows: dict[str, list[int]] = {"mentor": [], "mentee": []}
    for row, side in enumerate(columns["side"], start=first):
        rows[side].append(row)
    where, words = fault.split(": ", 1)
    place = _PLACE.fullmatch(where)
    words = _PLACE.sub(lambda found: f"row {rows[found[1]][int(found[2])]}", words)
    if place is None:
        return f"{where}: {words}"
    side, index, field, person = place.groups()
    if words.startswith("unknown field."):
        words = _OTHER[side]
    for mend, ours in MENDS.items() if first == 1 else ():
        words = words.replace(mend, ours)
    return f'row {rows[side][int(index)]}, column "{field}"{person or ""}: {words}'


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)
