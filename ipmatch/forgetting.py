"""forget(): take one person out of every file named, or say of a file what has to be done instead."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ipmatch.errors import Fault, InputError, UsageError, read_each
from ipmatch.expecting import PATH, expect, several
from ipmatch.people import clean_id
from ipmatch.programme.forgetting import KEPT, LISTS, FileLeft, Forgotten, forgotten
from ipmatch.reading.faults import faults_in_order
from ipmatch.reading.json_text import parse_json
from ipmatch.reading.sheets import read_sheet
from ipmatch.reading.sources import STANDARD_INPUT, name_of, read_text, suffix_of
from ipmatch.words import counted
from ipmatch.writing.alone import alone
from ipmatch.writing.json_document import json_text

__all__ = ["forget"]

NOT_NAMED = "not named."


def forget(identifier: str, files: Iterable[str | PathLike[str]], *, dry_run: bool = False) -> Forgotten:
    """Take one person out of cohorts, surveys and lists; told file by file, with what stays and why.

    Every file is looked at before any is written, and held meanwhile.

    Parameters
    ----------
    identifier
        Whom to forget.
    files
        Cohorts and surveys (``.json``), the people file and other lists with a column ``id`` (``.csv``).
    dry_run
        Only say what would be done.

    Raises
    ------
    UsageError
        If there is no id or no file, a file is not there, or none of them names the person.
    InputError
        If one cannot be read, or holds answers as a form gave them; nothing is written then.
    OutputError
        If one could not be written, or another holds it.
    """
    expect(identifier=(identifier, str), dry_run=(dry_run, bool))
    given = several("files", files)
    if not given:
        raise UsageError([Fault("files", "there is none.", "Name the files of the round.")])
    expect(**{f"files[{place}]": (file, *PATH) for place, file in enumerate(given)})
    identifier, paths = clean_id(identifier), [fspath(file) for file in given]
    if not identifier:
        raise UsageError([Fault("identifier", "empty id.", "Give the id of the person.")])
    with ExitStack() as stack:
        # In one order whoever asks: two who forget at once wait for each other, and not both.
        held = {path: stack.enter_context(alone(Path(path))) for path in sorted({*paths})}
        reads = (
            partial(_table if suffix_of(path) == ".csv" else _document, path, identifier) for path in paths
        )
        looked = dict(zip(paths, read_each(reads), strict=True))
        if all(words == NOT_NAMED for _, words, _ in looked.values()):
            where = "this file" if len(looked) == 1 else "any of these files"
            raise UsageError([Fault(identifier, f"this id does not stand in {where}.", "Check the id.")])
        for path, (content, _, _) in looked.items():
            if content is not None and not dry_run:
                held[path].replace(content)
    left = (
        FileLeft(file=path, changed=content is not None, names_still=still, because=words)
        for path, (content, words, still) in looked.items()
    )
    return Forgotten(id=identifier, written=not dry_run, files=tuple(left))


_Looked = tuple[str | None, str, bool]
"""What a file is to hold then, ``None`` if it stays as it is; what to say of it; if it names them still."""

_UNNAMED: _Looked = None, NOT_NAMED, False


def _document(path: str, identifier: str) -> _Looked:
    if path == STANDARD_INPUT:
        raise UsageError([Fault(name_of(path), "it cannot be written back.", "Name a file.")])
    if suffix_of(path) not in ("", ".json"):
        what = f"files ending in {suffix_of(path)} are not changed here."
        raise UsageError([Fault(name_of(path), what, "Make it anew without the person, or delete it.")])
    name, text = name_of(path), read_text(path)
    data, findings = parse_json(text, name)
    if findings:
        raise InputError(faults_in_order(findings, [], data, name))
    if not isinstance(data, dict):
        raise InputError([Fault(name, "this is no document of ipmatch.", "Give a cohort or a survey.")])
    kind = data.get("kind")
    if isinstance(kind, str) and kind in KEPT:
        return _kept(kind, identifier) if next(_named_at(data, identifier), None) else _UNNAMED
    left, told = forgotten(data, identifier)
    place = next(_named_at(left, identifier), None)
    return _told(json_text(left) if told else None, told, place, identifier)


def _table(path: str, identifier: str) -> _Looked:
    grid = read_sheet(path)
    headings = grid.headings()
    if kind := _made_of(headings):
        named = any(clean_id(str(cell)) == identifier for row in grid.rows for cell in row)
        return _kept(kind, identifier) if named else _UNNAMED
    if {"start time", "completion time"} <= {*headings}:
        what = "these are the answers as a form gave them: by name, and numbered as they came in."
        raise InputError(
            [Fault(grid.place, what, "Delete it once it is imported, or the row of the person.")]
        )
    if "id" not in headings:
        if there := _row_naming(grid.rows, headings, identifier):
            return _told(None, "", there, identifier)
        raise InputError([Fault(grid.place, 'there is no column "id".', "Give a list of people by id.")])
    column = headings.index("id")
    kept = [row for row in grid.rows if len(row) <= column or clean_id(str(row[column])) != identifier]
    rows, wishes = [], 0
    lists = {place for place, heading in enumerate(headings) if heading in LISTS}
    for row in kept:
        cells = [str(cell) for cell in row]
        for place in lists.intersection(range(len(cells))):
            items = cells[place].split(";")
            left = [item for item in items if clean_id(item) != identifier]
            wishes += len(items) - len(left)
            cells[place] = ";".join(left)
        rows.append(cells)
    told = [
        counted(number, noun, nouns)
        for number, noun, nouns in (
            (len(grid.rows) - len(kept), "row", "rows"),
            (wishes, "wish of another", "wishes of others"),
        )
        if number
    ]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    words = f"Taken out: {', '.join(told)}." if told else ""
    content = f"\ufeff{out.getvalue()}" if told else None
    return _told(content, words, _row_naming(rows, headings, identifier), identifier)


def _made_of(headings: list[str]) -> str | None:
    """What a table was written of, where that cannot lose a person."""
    if {"outcome", "mentor", "mentee"} <= {*headings}:
        return "rows"
    return "letters" if {"id", "letter"} <= {*headings} else None


def _kept(kind: str, identifier: str) -> _Looked:
    return None, f"it names {identifier} still. {KEPT[kind]}", True


def _told(content: str | None, words: str, place: str | None, identifier: str) -> _Looked:
    """What is said of a file that was changed or not, and where it names the person still, if it does."""
    if place is None:
        return content, words or NOT_NAMED, False
    still = f"names {identifier} still, at {place}: take that out by hand, or make it anew without them."
    return content, f"{words} It {still}" if words else f"it {still}", True


def _named_at(value: Any, identifier: str, place: str = "") -> Iterator[str]:
    """Where a document holds an id: as the whole of a text, or as a key."""
    if isinstance(value, dict):
        for key, item in value.items():
            there = f"{place}.{key}" if place else str(key)
            if clean_id(str(key)) == identifier:
                yield there
            yield from _named_at(item, identifier, there)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _named_at(item, identifier, f"{place}[{number}]")
    elif isinstance(value, str) and clean_id(value) == identifier:
        yield place


def _row_naming(rows: Sequence[Sequence[object]], headings: Sequence[str], identifier: str) -> str | None:
    """The first row with an id in a column of mentors or mentees."""
    sides = [place for place, heading in enumerate(headings) if "mentor" in heading or "mentee" in heading]
    for number, row in enumerate(rows, 1):
        cells = [str(row[place]) for place in sides if place < len(row)]
        if any(clean_id(part) == identifier for cell in cells for part in cell.split(";")):
            return f"row {number}"
    return None
