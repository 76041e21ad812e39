"""ipmatch forget: take one person out of every file named, or say of a file what has to be done instead."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from ipmatch.cli import common

__all__ = ["add", "run"]

NOT_NAMED = "not named."


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("forget", help="take one person out of files", description=__doc__)
    parser.add_argument("id", metavar="ID", help="whom to forget")
    files = "cohorts and surveys (.json), the people file and other lists with a column id (.csv)"
    parser.add_argument("files", metavar="FILE", nargs="+", help=files)
    check = "only say what would be done"
    parser.add_argument("--dry-run", action="store_true", help=check)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Look at every file first, then write those that change."""
    from ipmatch.people import clean_id
    from ipmatch.programme.forgetting import FileLeft, Forgotten
    from ipmatch.writing.whole import write_whole

    identifier = clean_id(given.id)
    looked = common.read_all(
        *((path, path, lambda path: _looked_at(path, identifier)) for path in given.files)
    )
    found = [(path, *seen) for path, seen in zip(given.files, looked, strict=True)]
    for path, content, _ in found:
        if content is not None and not given.dry_run:
            write_whole(Path(path), content, force=True)
    left = [
        FileLeft(
            file=path,
            changed=content is not None,
            names_still=content is None and words != NOT_NAMED,
            because=words,
        )
        for path, content, words in found
    ]
    told = [f"{one.file}: {one.because}" for one in left] + (
        ["Nothing was written."] if given.dry_run else []
    )
    answer = Forgotten(id=identifier, written=not given.dry_run, files=tuple(left))
    common.show("".join(f"{line}\n" for line in told), answer, given)
    return 0


def _looked_at(path: str, identifier: str) -> tuple[str | None, str]:
    """What a file is to hold then, ``None`` if it stays as it is, and what there is to say of it."""
    from ipmatch.reading.sources import suffix_of

    return _table(path, identifier) if suffix_of(path) == ".csv" else _document(path, identifier)


def _document(path: str, identifier: str) -> tuple[str | None, str]:
    from ipmatch.errors import Fault, InputError
    from ipmatch.programme.forgetting import KEPT, forgotten
    from ipmatch.reading.faults import faults_in_order
    from ipmatch.reading.json_text import parse_json
    from ipmatch.reading.sources import name_of, read_text
    from ipmatch.writing.json_document import json_text

    name, text = name_of(path), read_text(path)
    data, findings = parse_json(text, name)
    if findings:
        raise InputError(faults_in_order(findings, [], data, name))
    if not isinstance(data, dict):
        raise InputError([Fault(name, "this is no document of ipmatch.", "Give a cohort or a survey.")])
    kind = data.get("kind")
    if isinstance(kind, str) and kind in KEPT:
        return None, f"it names {identifier} still. {KEPT[kind]}" if _names(data, identifier) else NOT_NAMED
    left, told = forgotten(data, identifier)
    return (json_text(left), told) if told else (None, NOT_NAMED)


def _table(path: str, identifier: str) -> tuple[str | None, str]:
    from ipmatch.errors import Fault, InputError
    from ipmatch.people import clean_id
    from ipmatch.reading.sheets import headings_of, read_sheet
    from ipmatch.words import counted

    grid = read_sheet(path)
    headings = headings_of(grid)
    if "id" not in headings:
        raise InputError([Fault(grid.place, 'there is no column "id".', "Give a list of people by id.")])
    column = headings.index("id")
    kept = [row for row in grid.rows if len(row) <= column or clean_id(str(row[column])) != identifier]
    if len(kept) == len(grid.rows):
        return None, NOT_NAMED
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(kept)
    return f"\ufeff{out.getvalue()}", f"Taken out: {counted(len(grid.rows) - len(kept), 'row')}."


def _names(value: Any, identifier: str) -> bool:
    if isinstance(value, dict):
        return any(_names(item, identifier) for item in value.values())
    if isinstance(value, list):
        return any(_names(item, identifier) for item in value)
    return isinstance(value, str) and value == identifier
