"""Cohorts and matchings as Parquet files, for tools that think in columns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ipmatch.cohort import Cohort
from ipmatch.errors import needing
from ipmatch.matching import Matching
from ipmatch.parquet import REST, SIDES
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.writing.json_document import json_text
from ipmatch.writing.table import columns_of, rows_of

if TYPE_CHECKING:
    import pyarrow

__all__ = ["cohort_parquet", "matching_parquet"]


def cohort_parquet(cohort: Cohort) -> bytes:
    """A cohort as Parquet: a row for each person, with ``side``; fields that nobody filled are left out.

    Raises
    ------
    MissingExtraError
        Without the columnar extra.
    """
    with needing("columnar", "Writing a .parquet file"):
        import pyarrow

    sides = [side for field, side in SIDES.items() for _ in getattr(cohort, field)]
    columns = {"side": pyarrow.array(sides, pyarrow.string())}
    for name in dict.fromkeys((*Mentor.model_fields, *Mentee.model_fields)):
        cells = _cells(cohort, name)
        if name == "id":
            columns[name] = pyarrow.array(cells, pyarrow.string())
        elif any(cell is not None for cell in cells):
            # Each different answer is made once: making a list is slow, and few are different.
            kinds = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
            columns[name] = pyarrow.array([*kinds]).take(pyarrow.array([kinds[cell] for cell in cells]))
    rest = json_text(cohort.model_copy(update=dict.fromkeys(SIDES, ())), brief=True)
    return _bytes(pyarrow.table(columns, metadata={REST: rest}))


def matching_parquet(matching: Matching) -> bytes:
    """A matching as Parquet: the rows and columns of its CSV, numbers as exact decimals.

    Raises
    ------
    MissingExtraError
        Without the columnar extra.
    """
    with needing("columnar", "Writing a .parquet file"):
        import pyarrow

    names = columns_of(matching)
    rows = list(rows_of(matching))
    columns = {}
    for k, name in enumerate(names):
        cells = [row[k] for row in rows]
        numbers = [cell for cell in cells if isinstance(cell, Decimal)]
        places = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
        is_number = name == "score" or name.startswith("points_")
        kind = pyarrow.decimal128(38, max(places, 0)) if is_number else pyarrow.string()
        columns[name] = pyarrow.array(cells, kind)
    return _bytes(pyarrow.table(columns))


def _cells(cohort: Cohort, name: str) -> list[Any]:
    """Everybody's answers to one question: what stands at its default says nothing."""
    cells = list[Any]()
    sides: tuple[tuple[type[Person], Sequence[Person]], ...] = (
        (Mentor, cohort.mentors),
        (Mentee, cohort.mentees),
    )
    for model, people in sides:
        if (field := model.model_fields.get(name)) is None:
            cells += [None] * len(people)
        else:
            default, answers = field.default, map(attrgetter(name), people)
            cells += [None if answer == default else answer for answer in answers]
    return cells


def _bytes(table: pyarrow.Table) -> bytes:
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd", write_page_checksum=True)
    return file.getvalue()
