"""A table of people as a cohort, column by column; or everything wrong with it, by row and column."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

from pydantic import ValidationError

from ipmatch.checks import cross_faults
from ipmatch.cohort import ALONE, Cohort
from ipmatch.errors import InputError
from ipmatch.parquet import SIDES
from ipmatch.people import Mentee, Mentor

from .bulk_faults import faults_of_table
from .checked import Answers, Wrong, people_of
from .tables import Chunk, Found, Table
from .values import Finding

__all__ = ["cohort_of_table"]

_MODELS: Mapping[str, type[Mentor] | type[Mentee]] = {"mentor": Mentor, "mentee": Mentee}
_NEITHER = Finding((), "this is neither side.", 'Write "mentor" or "mentee".')
_OF_THE_OTHER = {
    side: Finding((), f"a {side} has no such field.", "Leave this cell empty.") for side in _MODELS
}


def cohort_of_table(table: Table) -> Cohort:
    """The cohort, by the very rules of ``Cohort``, but without a validation for every person.

    Raises
    ------
    InputError
        With everything wrong, in the order of the rows.
    """
    reading = _Reading(table)
    for chunk in table.chunks(reading.found):
        reading.take(chunk)
    if not (reading.found or table.findings):
        data = table.rest | {side: tuple(reading.people[word]) for side, word in SIDES.items()}
        # The first thing wrong is enough: all are told below, by row, when the people are out of the way.
        if next(cross_faults(data), None) is None:
            try:
                return Cohort.model_validate(data, context=ALONE)
            except ValidationError:
                pass
        del data
    reading.people.clear()
    raise InputError(faults_of_table(table, reading.found, reading.rows))


@dataclass(slots=True)
class _Reading:
    """What was read of a table so far: people, by side, and their rows; and what was found wrong."""

    table: Table
    found: list[Found] = field(default_factory=list)
    people: dict[str, list[Any]] = field(default_factory=lambda: {side: [] for side in _MODELS})
    rows: dict[str, array[int]] = field(default_factory=lambda: {side: array("L") for side in _MODELS})
    answers: dict[str, dict[str, Answers]] = field(init=False)

    def __post_init__(self) -> None:
        self.answers = {
            side: {
                name: Answers(model, name, self.table.reader(name))
                for name in self.table.columns
                if name in model.model_fields
            }
            for side, model in _MODELS.items()
        }

    def take(self, chunk: Chunk) -> None:
        """Check the rows, and make people of them as long as nothing is wrong anywhere."""
        cells = dict(zip(self.table.columns, chunk.cells, strict=True))
        sides = cells.pop("side")
        for row in compress(chunk.rows, (side not in _MODELS for side in sides)):
            self.found.append(Found(row, "side", _NEITHER))
        for side in _MODELS:
            here = [one == side for one in sides]
            if all(here):
                self._take(side, chunk.rows, cells)
            elif any(here):
                kept = {name: list(compress(column, here)) for name, column in cells.items()}
                self._take(side, list(compress(chunk.rows, here)), kept)

    def _take(self, side: str, rows: Sequence[int], cells: Mapping[str, Sequence[Any]]) -> None:
        """The rows of one side."""
        self.rows[side].extend(rows)
        model, answers = _MODELS[side], self.answers[side]
        read = {name: answers[name].read(cells[name]) for name in answers}
        for name, column in cells.items():
            if name not in read:
                other = _OF_THE_OTHER[side]
                wrong = [(row, other) for row, cell in zip(rows, column, strict=True) if cell is not None]
                self.found += [Found(row, name, finding) for row, finding in wrong]
            elif Wrong in set(map(type, read[name])):
                for row, answer in zip(rows, read[name], strict=True):
                    if type(answer) is Wrong:
                        self.found += [Found(row, name, finding) for finding in answer.findings]
        if not self.found:
            defaults = {name: repeat(rules.default, len(rows)) for name, rules in model.model_fields.items()}
            columns = list((defaults | read).values())
            self.people[side] += people_of(model, columns, {*read})
