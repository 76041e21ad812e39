"""What is wrong with a table of people, told by row and column, in the order of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ipmatch.cohort import Cohort
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
    between = _between(table, people)
    rest = [finding for finding in between if not _is_of_a_person(finding)]
    yield from faults_in_order(table.findings, rest, table.rest, table.name)
    everything = list(found)
    for finding in between:
        if _is_of_a_person(finding):
            field, index, name, *within = finding.loc
            words = _ENTRY.sub(lambda entry: f"row {rows[SIDES[entry[1]]][int(entry[2])]}", finding.what)
            row = rows[SIDES[str(field)]][int(index)]
            everything.append(Found(row, str(name), Finding(tuple(within), words, finding.mend)))
    places = {name: place for place, name in enumerate(table.columns)}
    everything.sort(key=lambda one: (one.row, places.get(one.column or "", -1), one.finding.loc))
    for row, column, finding in everything:
        cell = "" if column is None else f', column "{column}"{in_brackets(ids.get(row))}'
        yield Fault(f"{table.name}, row {row}{cell}", cut(finding.what), cut(finding.mend))


def _is_of_a_person(finding: Finding) -> bool:
    return len(finding.loc) > 2 and finding.loc[0] in SIDES


def _between(table: Table, people: Mapping[str, Sequence[_Entry]]) -> list[Finding]:
    """What is wrong between people, and with the rest of the cohort."""
    try:
        Cohort.model_validate(table.rest, context={"people": people})
    except ValidationError as error:
        return findings_of(error, {**table.rest, **people})
    return []


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
