"""The survey at the end of a round: a sheet as the survey tool exports it, or the document itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect
from ipmatch.intake.grid import Grid
from ipmatch.intake.identity import Identity
from ipmatch.people import clean_id
from ipmatch.programme.survey import Answer, Survey, misfits
from ipmatch.vocabulary.text import plain_words

from .documents import read_document
from .faults import findings_of
from .sheets import read_sheet
from .sources import Source, name_of, suffix_of

__all__ = ["read_survey"]

_NUMBER_BEFORE = re.compile(r"^\s*\d{1,2}\s*[a-c]?\s*[.):]\s*")
_ADDRESS = ("email", "e mail", "email address", "your email address")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the survey, as ``survey.toml`` tells it."""

    field: str
    asks: str
    options: Mapping[str, Any]
    many: bool = False

    def read(self, cell: str) -> Any:
        """What a cell means; ``None`` where it fits no option."""
        if self.many:
            items = [plain_words(item) for item in re.split(r"[;\n]+", cell) if item.strip()]
            found = [self._meaning(item, "other") for item in items]
            return tuple(meaning for meaning in found if meaning)
        return self._meaning(plain_words(cell), "other" if "other" in self.options else None)

    def _meaning(self, words: str, otherwise: str | None) -> Any:
        fits = [option for option in self.options if words == option or words.startswith(f"{option} ")]
        return self.options[max(fits, key=len)] if fits else otherwise


def read_survey(
    source: Source, *, people: Mapping[str, Identity] | None = None, cohort: Cohort | None = None
) -> Survey:
    """The answers of a ``.csv`` or ``.xlsx`` file, one row for each person, or of a ``.json`` document.

    The headings are the survey's questions or the names of the fields. Answers are joined by a column ``id``,
    or by e-mail address through the private people file. Free text, and columns that ask none of the
    questions, are not kept.

    Parameters
    ----------
    people
        Who stands behind each id, where the answers stand under e-mail addresses.
    cohort
        Whose answers they are to be: then others, and those given twice, are refused with their place.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        With everything wrong with it, by row; no answer is echoed.
    """
    expect(people=(people, Mapping, None), cohort=(cohort, Cohort, None))
    if suffix_of(source) == ".json":
        survey = read_document(source, Survey)
        if cohort and (wrong := list(misfits(cohort, survey.placed(f"{name_of(source)}, ")))):
            raise InputError(wrong)
        return survey
    grid = read_sheet(source)
    columns = list(_columns(grid))
    fields = [field for _, field, _ in columns]
    missing = [field for field in ("id", "side") if field not in fields and not (field == "id" and people)]
    if missing:
        mend = "Give an id for everybody, or the private people file with --people, and who is a mentor."
        raise InputError([Fault(grid.place, f"there is no column for {' or '.join(missing)}.", mend)])
    if not any(question and field != "side" for _, field, question in columns):
        what = "no column asks any question of the survey."
        raise InputError([Fault(grid.place, what, "Give the answers as they were exported.")])
    addresses = _addresses(people)
    faults: list[Fault] = []
    answers: list[tuple[str, Answer]] = []
    for number, cells in grid.below():
        row, where = _row(grid, number, columns, cells, faults), grid.row_place(number)
        address, side = row.pop("address", ""), row.get("side")
        identifier = row.pop("id", None) or addresses.get((address, side))
        if identifier is None or side is None:
            what, mend = "nobody can be told by this row.", "Give the id, and whether mentor or mentee."
            if side is None and identifier is not None:
                what = "mentor or mentee?"
            elif side is not None and address and addresses:
                what = f"no {side} in the people file has this e-mail address."
                mend = "Write the address they enrolled with, or the id."
            faults.append(Fault(where, what, mend))
            continue
        try:
            answers.append((where, Answer.model_validate({"id": identifier, **row})))
        except ValidationError as error:
            faults += [Fault(where, wrong.what, wrong.mend) for wrong in findings_of(error, row)]
    faults += misfits(cohort, answers) if cohort else ()
    if faults:
        raise InputError(faults)
    return Survey(answers=tuple(answer for _, answer in answers))


@cache
def _questions() -> tuple[Question, ...]:
    text = resources.files("ipmatch.programme").joinpath("survey.toml").read_text(encoding="utf-8")
    return tuple(Question(**question) for question in tomllib.loads(text)["question"])


def _columns(grid: Grid) -> Iterator[tuple[int, str, Question | None]]:
    """The columns that are read: place, field, and the question, none for the id and the address."""
    headings = [plain_words(_NUMBER_BEFORE.sub("", str(heading))) for heading in grid.rows[0]]
    # The survey tool numbers its answers under "ID", too.
    from_forms = {"start time", "completion time"} <= {*headings}
    for place, words in enumerate(headings):
        if words == "id" and from_forms:
            continue
        if words == "id":
            yield place, "id", None
        elif words in _ADDRESS:
            yield place, "address", None
        else:
            asked = [
                question
                for question in _questions()
                if words == question.field.replace("_", " ") or re.search(question.asks, words)
            ]
            if len(asked) == 1:
                yield place, asked[0].field, asked[0]


def _row(
    grid: Grid,
    number: int,
    columns: list[tuple[int, str, Question | None]],
    cells: list[str],
    faults: list[Fault],
) -> dict[str, Any]:
    """The answers of one person; one question may have a column for mentors and another for mentees."""
    row: dict[str, Any] = {}
    for place, field, question in columns:
        cell = cells[place]
        if not cell:
            continue
        found = _plain(field, cell) if question is None else question.read(cell)
        where = grid.cell_place(number, place, str(grid.rows[0][place]))
        if found is None and question is not None:
            options = ", ".join(dict.fromkeys(question.options))
            faults.append(Fault(where, "this is none of the answers.", f"They begin with: {options}."))
        elif field in row and row[field] != found:
            faults.append(Fault(where, "another column answers this otherwise.", "Keep one of the two."))
        elif found is not None:
            row[field] = found
    return row


def _plain(field: str, cell: str) -> str:
    return clean_id(cell) if field == "id" else cell.casefold()


def _addresses(people: Mapping[str, Identity] | None) -> dict[tuple[str, str | None], str]:
    return {
        (person.email.casefold(), person.side): identifier
        for identifier, person in (people or {}).items()
        if person.email
    }
