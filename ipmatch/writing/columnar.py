"""Cohorts and matchings as Parquet files, for tools that think in columns."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ipmatch.cohort import Cohort
from ipmatch.errors import needing
from ipmatch.matching import Matching
from ipmatch.parquet import REST, SIDES
from ipmatch.people import Mentee, Mentor
from ipmatch.writing.json_document import json_text
from ipmatch.writing.table import columns_of, rows_of

if TYPE_CHECKING:
    import polars

__all__ = ["cohort_parquet", "matching_parquet"]


def cohort_parquet(cohort: Cohort) -> bytes:
    """A cohort as Parquet: a row for each person, with ``side``; fields that nobody filled are left out.

    Raises
    ------
    MissingExtraError
        Without the columnar extra.
    """
    with needing("columnar", "Writing a .parquet file"):
        import polars

    people = cohort.people
    columns: dict[str, list[Any]] = {"side": [person.side for person in people]}
    for name in dict.fromkeys((*Mentor.model_fields, *Mentee.model_fields)):
        answers = [_answer(person, name) for person in people]
        if name == "id" or any(answer is not None for answer in answers):
            columns[name] = answers
    rest = json_text(cohort.model_copy(update=dict.fromkeys(SIDES, ())), brief=True)
    return _bytes(polars.DataFrame(columns, strict=False), {REST: rest})


def matching_parquet(matching: Matching) -> bytes:
    """A matching as Parquet: the rows and columns of its CSV, numbers as exact decimals.

    Raises
    ------
    MissingExtraError
        Without the columnar extra.
    """
    with needing("columnar", "Writing a .parquet file"):
        import polars

    names = columns_of(matching)
    rows = list(rows_of(matching))
    columns = []
    for k, name in enumerate(names):
        cells = [row[k] for row in rows]
        numbers = [cell for cell in cells if isinstance(cell, Decimal)]
        places = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
        is_number = name == "score" or name.startswith("points_")
        kind = polars.Decimal(38, max(places, 0)) if is_number else polars.String
        columns.append(polars.Series(name, cells, kind))
    return _bytes(polars.DataFrame(columns), {})


def _answer(person: Mentor | Mentee, name: str) -> Any:
    """An answer as a cell: what stands at its default says nothing."""
    answer, field = getattr(person, name, None), type(person).model_fields.get(name)
    if field is None or answer == field.default:
        return None
    return list(answer) if isinstance(answer, tuple) else answer


def _bytes(frame: polars.DataFrame, metadata: dict[str, str]) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, metadata=metadata)
    return file.getvalue()
