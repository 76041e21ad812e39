"""A matching where it is wanted: files, standard output, or both."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.progress import Progress

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort
    from ipmatch.matching import Matching

__all__ = ["add_outputs", "check_outputs", "deliver"]

OUT_OF_TIME = 7


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Where the matching goes, and in which form."""
    out = "write a file (.json .csv .xlsx .html .md .txt .parquet); may be repeated"
    parser.add_argument("-o", metavar="OUT", dest="out", action="append", default=[], help=out)
    common.add_format(parser, ("text", "json", "csv", "md"))
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")


def check_outputs(given: argparse.Namespace) -> None:
    """Find out before any work whether the files can be written.

    Raises
    ------
    UsageError
        If not, with everything wrong at once.
    """
    from ipmatch.writing import files

    read = [path for path in (given.cohort, given.policy, given.decisions) if path]
    files.check_destinations(_files(given), force=given.force, read=read)


def deliver(
    given: argparse.Namespace, matching: Matching, cohort: Cohort, outcome: str, hints: Iterable[str]
) -> int:
    """Write and show, and give the exit code.

    ``outcome`` is said where nothing is shown, ``hints`` are what to try next.
    """
    from ipmatch.writing import files, stdout

    criteria = common.criteria_of(given) if _files(given) else []
    with Progress(quiet=given.quiet) as progress, common.written(given) as written:
        for path in _files(given):
            files.write(
                matching, path, cohort=cohort, force=given.force, criteria=criteria, progress=progress
            )
            written.append(path)
    if written:
        common.tell(given, outcome)
        common.say(given, f"Written: {', '.join(written)}")
    wanted = given.format or (None if written == given.out != [] else "text")
    if wanted == "text":
        shown = () if given.quiet else tuple(hints)
        columns, encoding = stdout.width(), stdout.encoding()
        text = files.text_of(matching, "text", cohort=cohort, columns=columns, encoding=encoding, hints=shown)
        stdout.put(text)
    elif wanted:
        files.write(matching, "-", cohort=cohort, format=wanted)
    return _ended(given, matching)


def _files(given: argparse.Namespace) -> list[str]:
    return [path for path in given.out if path != "-"]


def _ended(given: argparse.Namespace, matching: Matching) -> int:
    """The exit code, after a word on what the time limit left open."""
    if given.time_limit is None:
        return 0
    missing = [note.because for note in matching.warnings if note.code == "comparison-left-out"]
    if missing:
        common.tell(given, missing[0])
        return OUT_OF_TIME
    if matching.status == "optimal" and matching.certificate.unique:
        return 0
    if matching.status == "optimal":
        what = "This matching is proved best; among equals the lottery was not drawn to its end."
    else:
        what = "This is the best matching found; how much better one could be is told beside each level."
    common.tell(given, f"The time limit ended the search. {what}")
    return OUT_OF_TIME
