"""Writing a matching where it is wanted: format by suffix, whole or not at all, nothing lost unasked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, UsageError
from ipmatch.matching import Matching
from ipmatch.writing import stdout
from ipmatch.writing.json_document import json_text
from ipmatch.writing.markdown import markdown_text
from ipmatch.writing.table import csv_text
from ipmatch.writing.terminal import matching_text
from ipmatch.writing.whole import exists, write_whole

__all__ = ["FORMATS", "check_destinations", "text_of", "write"]

FORMATS = ("text", "json", "csv", "md")
SUFFIXES = {".json": "json", ".csv": "csv", ".md": "md", ".txt": "text"}

# Excel in the UK reads a CSV without this mark in a legacy code page, and garbles every accent.
_EXCEL_MARK = "\ufeff"
FILE_COLUMNS = 100


def write(
    matching: Matching,
    destination: str | os.PathLike[str],
    *,
    cohort: Cohort | None = None,
    format: str | None = None,  # noqa: A002 (the word users know)
    force: bool = False,
) -> None:
    """Write a matching to a file, or to standard output where ``destination`` is ``-``.

    The file appears whole or not at all. A CSV file starts with a byte order mark, so that Excel reads it as
    UTF-8; on standard output it does not.

    Parameters
    ----------
    cohort
        Where given, text and Markdown show people's names; JSON and CSV never do.
    format
        ``text``, ``json``, ``csv`` or ``md``; by default what the suffix says, and ``text`` for ``-``.
    force
        Replace a file that exists.

    Raises
    ------
    UsageError
        If the format is not known, or the file exists.
    OutputError
        If it could not be written.
    """
    path = os.fspath(destination)
    chosen = _format(path, format)
    if path == "-":
        as_text = chosen == "text"
        columns, encoding = (stdout.width(), stdout.encoding()) if as_text else (80, "utf-8")
        text = text_of(matching, chosen, cohort=cohort, columns=columns, encoding=encoding)
        stdout.put(text, data=not as_text)
        return
    mark = _EXCEL_MARK if chosen == "csv" else ""
    write_whole(
        Path(path), mark + text_of(matching, chosen, cohort=cohort, columns=FILE_COLUMNS), force=force
    )


def text_of(
    matching: Matching,
    format: str,  # noqa: A002 (the word users know)
    *,
    cohort: Cohort | None = None,
    columns: int = 80,
    encoding: str = "utf-8",
    hints: Iterable[str] = (),
) -> str:
    """The matching in one of :data:`FORMATS`."""
    match format:
        case "json":
            return json_text(matching)
        case "csv":
            return csv_text(matching)
        case "md":
            return markdown_text(matching, cohort=cohort)
    return matching_text(matching, cohort=cohort, width=columns, encoding=encoding, hints=tuple(hints))


def check_destinations(destinations: Iterable[str], *, force: bool = False) -> None:
    """Find out before any work whether these could be written.

    Raises
    ------
    UsageError
        With everything wrong at once: an unknown suffix, a file that exists, one named twice.
    """
    faults: list[Fault] = []
    seen: set[Path] = set()
    for path in destinations:
        try:
            _format(path, None)
        except UsageError as error:
            faults += error.faults
        if path != "-" and not force and os.path.lexists(path):
            faults.append(exists(path))
        if (place := Path(path).absolute()) in seen:
            faults.append(Fault(path, "it is named twice.", "Name each output once."))
        seen.add(place)
    if faults:
        raise UsageError(faults)


def _format(path: str, given: str | None) -> str:
    if given is not None:
        if given not in FORMATS:
            raise UsageError([Fault("format", f'"{given}" is not known.', f"Use {', '.join(FORMATS)}.")])
        return given
    if path == "-":
        return "text"
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        what = (
            f'the suffix "{suffix}" is not known.'
            if suffix
            else "the name has no suffix to tell the format by."
        )
        raise UsageError([Fault(path, what, f"Use {', '.join(SUFFIXES)}.")])
    return SUFFIXES[suffix]
