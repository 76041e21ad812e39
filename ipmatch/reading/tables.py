"""Cohorts in columns: a row for each person, a column for each field, told alike by Parquet and by CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ipmatch.errors import Fault
from ipmatch.people import Mentee, Mentor
from ipmatch.vocabulary.text import suggest

from .values import Finding

__all__ = ["CHUNK", "Chunk", "Found", "Table", "faults_of_columns", "is_annotation"]

CHUNK = 1 << 16
"""Rows looked at together: enough to make a column's work cheap, few enough to be small beside the people."""

FIELDS = tuple(dict.fromkeys((*Mentor.model_fields, *Mentee.model_fields)))
NEEDED = ("side", "id")


def _as_it_is(cell: Any) -> Any:
    return cell


class Found(NamedTuple):
    """Something wrong in a row: in one of its cells, or, without a column, with the row itself."""

    row: int
    column: str | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: their numbers in the file, and their cells by column; an empty cell is ``None``."""

    rows: Sequence[int]
    cells: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """People in columns, as often as they are asked for.

    ``chunks`` goes through the rows anew; of a row that is no row of this table it puts into the list that it
    is given what is wrong, and leaves it out. ``readers`` say by field what a cell holds, where that is not
    the answer itself: an answer, or ``values.Refused``. ``rest`` and ``findings`` are the cohort but its
    people as JSON would hold it, and what is wrong with that. ``mends`` are what to say here instead of what
    helps in JSON alone.
    """

    name: str
    columns: Sequence[str]
    chunks: Callable[[list[Found]], Iterator[Chunk]]
    readers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    mends: Mapping[str, str] = field(default_factory=dict)

    def reader(self, name: str) -> Callable[[Any], Any]:
        """What reads a cell of a field."""
        return self.readers.get(name, _as_it_is)


def is_annotation(column: str) -> bool:
    """Whether a column holds notes that no one reads: ``x_…``."""
    return column.startswith("x_")


def faults_of_columns(columns: Sequence[str], name: str) -> Iterator[Fault]:
    """Columns that are missing, twice there, or unknown: each told once, not once for every person."""
    for needed in NEEDED:
        if needed not in columns:
            yield Fault(name, f'there is no column "{needed}".', f'Add the column "{needed}".')
    known = ["side", *FIELDS]
    for place, column in enumerate(columns):
        where = f'{name}, column "{column[:60]}"'
        if is_annotation(column):
            continue
        if column in columns[:place]:
            yield Fault(where, "this column is there twice.", "Keep one of them.")
        elif not column.strip():
            yield Fault(f"{name}, column {place + 1}", "it has no heading.", "Name it, or take it out.")
        elif column not in known:
            close = suggest(column, known)
            mend = f'Did you mean "{close}"?' if close else f"Known columns: {', '.join(known)}."
            yield Fault(where, "unknown column.", mend)
