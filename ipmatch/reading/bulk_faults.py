"""What is wrong with a table of people, told by row and column, in the order of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ipmatch.checks import cross_faults
from ipmatch.cohort import ALONE, Cohort
from ipmatch.errors import Fault
from ipmatch.parquet import SIDES

from .faults import cut, faults_in_order, findings_of, in_brackets
from .tables import Found, Table
from .values import Finding, Refused

__all__ = ["faults_of_table"]

# What is compared between people.
_COMPARED = ("id", "region", "prefers", "avoids", "known_to")
_ENTRY = re.compile(r"\b(mentors|mentees)\[(\d+)\]")

_Entry = dict[str, Any]


def faults_of_table(
    table: Table, found: Iterable[Found], rows: Mapping[str, Sequence[int]]
) -> Iterator[Fault]:
    """Everything wrong: first of the cohort but its people, then of the people.

    Parameters
    ----------
    found
        What is wrong within rows.
    rows
        By side the row of each person; who contradicts whom is found out here.
    """
    people, ids = _compared(table)
    rest, everything = list(_of_the_rest(table)), list(found)
    for loc, fault in cross_faults({**table.rest, **people}):
        finding = Finding(loc, *fault.words)
        if loc[0] in SIDES:
            everything.append(_of_a_row(finding, rows))
        else:
            rest.append(finding)
    yield from faults_in_order(table.findings, rest, table.rest, table.name)
    places = {name: place for place, name in enumerate(table.columns)}
    everything.sort(key=lambda one: (one.row, places.get(one.column or "", -1), one.finding.loc))
    for row, column, finding in everything:
        cell = "" if column is None else f', column "{column}"{in_brackets(ids.get(row))}'
        mend = table.mends.get(finding.mend, finding.mend)
        yield Fault(f"{table.name}, row {row}{cell}", cut(finding.what), cut(mend))


def _of_the_rest(table: Table) -> Iterator[Finding]:
    """What is wrong with the cohort but its people."""
    try:
        Cohort.model_validate(table.rest, context=ALONE)
    except ValidationError as error:
        yield from findings_of(error, table.rest)


def _of_a_row(finding: Finding, rows: Mapping[str, Sequence[int]]) -> Found:
    """What is wrong with an entry of a cohort, told by rows."""
    field, index, name, *within = finding.loc
    words = _ENTRY.sub(lambda entry: f"row {rows[SIDES[entry[1]]][int(entry[2])]}", finding.what)
    row = rows[SIDES[str(field)]][int(index)]
    return Found(row, str(name), Finding(tuple(within), words, finding.mend))


def _compared(table: Table) -> tuple[dict[str, list[_Entry]], dict[int, Any]]:
    """Of everybody, as given, what is compared between people; and the id by row."""
    people: dict[str, list[_Entry]] = {field: [] for field in SIDES}
    fields, ids = {side: people[field] for field, side in SIDES.items()}, dict[int, Any]()
    names = [name for name in _COMPARED if name in table.columns]
    readers = [table.reader(name) for name in names]
    for chunk in table.chunks([]):
        cells = dict(zip(table.columns, chunk.cells, strict=True))
        columns = [cells[name] for name in names]
        for row, side, *answers in zip(chunk.rows, cells["side"], *columns, strict=True):
            read = ((name, cell, reader) for name, cell, reader in zip(names, answers, readers, strict=True))
            entry = {name: reader(cell) for name, cell, reader in read if cell is not None}
            ids[row] = entry.get("id")
            if side in fields:
                fields[side].append(
                    {name: answer for name, answer in entry.items() if type(answer) is not Refused}
                )
    return people, ids
