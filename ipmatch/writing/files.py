"""Writing a matching where it is wanted: format by suffix, whole or not at all, nothing lost unasked."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import CALLED, PATH, expect, one_of
from ipmatch.matching import Matching
from ipmatch.writing import stdout
from ipmatch.writing.json_document import json_pieces, json_text
from ipmatch.writing.whole import exists, need_folders, write_whole

if TYPE_CHECKING:
    from ipmatch.scoring.criteria import Criterion

__all__ = ["FORMATS", "check_destinations", "text_of", "write", "write_cohort"]

FORMATS = ("text", "json", "csv", "md", "html", "xlsx", "parquet")
TO_READ = FORMATS[:4]
SUFFIXES = {
    ".json": "json",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".html": "html",
    ".md": "md",
    ".txt": "text",
    ".parquet": "parquet",
}

FILE_COLUMNS = 100


def write(
    matching: Matching,
    destination: str | os.PathLike[str],
    *,
    cohort: Cohort | None = None,
    format: str | None = None,  # noqa: A002 (the word users know)
    force: bool = False,
    criteria: Iterable[Criterion] = (),
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write a matching to a file, or to standard output where ``destination`` is ``-``.

    The file appears whole or not at all. A CSV file starts with a byte order mark, so that Excel reads it as
    UTF-8; on standard output it does not.

    Parameters
    ----------
    cohort
        Where given, text and Markdown show people's names; JSON, CSV and Parquet never do. A page or a
        workbook is the whole report, which needs it, and shows no names.
    format
        One of :data:`FORMATS`; by default what the suffix says, and ``text`` for ``-``.
    force
        Replace a file that exists.
    criteria
        The user's own, which a page or a workbook needs if the matching was made with any.
    progress
        Called with a few words as a page or a workbook is prepared.

    Raises
    ------
    UsageError
        If the format is not known, or the file exists.
    OutputError
        If it could not be written.
    """
    expect(
        matching=(matching, Matching),
        destination=(destination, *PATH),
        cohort=(cohort, Cohort, None),
        force=(force, bool),
        progress=(progress, *CALLED),
    )
    path = os.fspath(destination)
    chosen = _format(path, format)
    if chosen in ("html", "xlsx"):
        write_whole(Path(path), _report(matching, chosen, cohort, criteria, progress), force=force)
        return
    if chosen == "parquet":
        from ipmatch.writing.columnar import matching_parquet

        write_whole(Path(path), matching_parquet(matching), force=force)
        return
    if path == "-":
        as_text = chosen == "text"
        columns, encoding = (stdout.width(), stdout.encoding()) if as_text else (80, "utf-8")
        text = text_of(matching, chosen, cohort=cohort, columns=columns, encoding=encoding)
        stdout.put(text, data=not as_text)
        return
    write_whole(Path(path), _pieces(matching, chosen, cohort), force=force)


def write_cohort(cohort: Cohort, destination: str | os.PathLike[str], *, force: bool = False) -> None:
    """Write a cohort to a ``.json`` or, for tools that think in columns, a ``.parquet`` file.

    Raises
    ------
    UsageError
        If the suffix is another, or the file exists and is not to be replaced.
    OutputError
        If it could not be written.
    MissingExtraError
        For Parquet, without the columnar extra.
    """
    expect(cohort=(cohort, Cohort), destination=(destination, *PATH), force=(force, bool))
    path = Path(destination)
    if faults := _suffix_faults(os.fspath(destination), (".json", ".parquet")):
        raise UsageError(faults)
    if path.suffix.lower() == ".json":
        write_whole(path, json_pieces(cohort, brief=True), force=force)
        return
    from ipmatch.writing.columnar import cohort_parquet

    write_whole(path, cohort_parquet(cohort), force=force)


def _pieces(matching: Matching, chosen: str, cohort: Cohort | None) -> Iterable[str]:
    """The text of a file, that of data a piece at a time: a big cohort's takes much room."""
    match chosen:
        case "json":
            return json_pieces(matching)
        case "csv":
            from ipmatch.writing.csv_rows import EXCEL_MARK
            from ipmatch.writing.table import csv_pieces

            return chain([EXCEL_MARK], csv_pieces(matching))
    return [text_of(matching, chosen, cohort=cohort, columns=FILE_COLUMNS)]


def _report(
    matching: Matching,
    chosen: str,
    cohort: Cohort | None,
    criteria: Iterable[Criterion],
    progress: Callable[[str], None] | None,
) -> str | bytes:
    from ipmatch.reporting.material import gather
    from ipmatch.writing.report.outputs import made

    if cohort is None:
        what = "a report needs the cohort beside the matching."
        raise UsageError([Fault(chosen, what, "Give cohort=.")])
    return made(gather(cohort, matching, criteria=criteria, progress=progress), f"report.{chosen}")


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
            from ipmatch.writing.table import csv_text

            return csv_text(matching)
        case "md":
            from ipmatch.writing.markdown import markdown_text

            return markdown_text(matching, cohort=cohort)
    from ipmatch.writing.terminal import matching_text

    return matching_text(matching, cohort=cohort, width=columns, encoding=encoding, hints=tuple(hints))


def check_destinations(
    destinations: Iterable[str],
    *,
    force: bool = False,
    suffixes: Collection[str] = tuple(SUFFIXES),
    read: Iterable[str] = (),
) -> None:
    """Find out before any work whether these files could be written, with one of these suffixes.

    What is ``read`` to make them is never replaced, not even by ``force``.

    Raises
    ------
    UsageError
        With everything wrong at once: an unknown suffix, a file that exists, one named twice.
    OutputError
        If there is no folder to write one in.
    """
    faults: list[Fault] = []
    seen: set[str] = set()
    kept = set(map(os.path.realpath, read))
    paths = tuple(destinations)
    for path in paths:
        if stat.S_ISDIR(_mode_of(path)):
            faults.append(Fault(path, "this is a folder.", "Name a file in it."))
        else:
            faults += _suffix_faults(path, suffixes)
            faults += [exists(path)] if not force and os.path.lexists(path) else []
        place = os.path.realpath(path)
        if force and place in kept:
            faults.append(Fault(path, "what this is made of stands in it.", "Choose another name."))
        if place in seen:
            faults.append(Fault(path, "it is named twice.", "Name each output once."))
        seen.add(place)
    if faults:
        raise UsageError(faults)
    need_folders(paths)


def _mode_of(path: str) -> int:
    """What stands at a path, followed to its end; 0 where nothing does, or nothing can be said."""
    try:
        return Path(path).stat().st_mode
    except (OSError, ValueError):
        return 0


def _format(path: str, given: str | None) -> str:
    if given is not None:
        one_of("format", given, TO_READ if path == "-" else FORMATS)
        return given
    if path == "-":
        return "text"
    faults = _suffix_faults(path, tuple(SUFFIXES))
    if faults:
        raise UsageError(faults)
    return SUFFIXES[Path(path).suffix.lower()]


def _suffix_faults(path: str, suffixes: Collection[str]) -> list[Fault]:
    suffix = Path(path).suffix.lower()
    if suffix in suffixes:
        return []
    what = "the name has no suffix to tell the format by."
    if suffix:
        what = f'the suffix "{suffix}" is {"not for this" if suffix in SUFFIXES else "not known"}.'
    return [Fault(path, what, f"Use {', '.join(suffixes)}.")]
