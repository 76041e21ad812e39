"""ipmatch report: a matching as a page, a workbook, Markdown, letters, pair sheets, or figures to publish."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.progress import Progress

if TYPE_CHECKING:
    from ipmatch.writing.report.outputs import Kind

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("report", help="a page, a workbook, letters", description=__doc__)
    common.add_cohort(parser)
    parser.add_argument("matching", metavar="MATCHING", help="its matching.json; - is standard input")
    out = "the file to write: .html, .xlsx, .md or .json; may be repeated"
    parser.add_argument("-o", metavar="OUT", dest="out", action="append", default=[], help=out)
    people = "people.private.csv: show the names that stand behind the ids"
    parser.add_argument("--people", metavar="FILE", help=people)
    instead = parser.add_mutually_exclusive_group()
    letters = "instead, a letter to everybody: .csv to merge, .html to print"
    instead.add_argument("--letters", action="store_true", help=letters)
    sheets = "instead, a sheet for each pair to fill in when they first meet: .html"
    instead.add_argument("--sheets", action="store_true", help=sheets)
    publish = "instead, counts that may be published: no ids, and none that is too small"
    instead.add_argument("--publish", action="store_true", help=publish)
    threshold = "with --publish, the smallest count that may be shown (5)"
    parser.add_argument("--threshold", metavar="N", type=common.whole_number(1000), help=threshold)
    common.add_criteria(parser)
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    common.add_format(parser, ("json", "html", "md", "csv"))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Gather, and write."""
    from ipmatch.reading.documents import read_cohort, read_matching
    from ipmatch.reading.people_file import read_people
    from ipmatch.reporting.material import gather
    from ipmatch.writing import stdout
    from ipmatch.writing.report import outputs
    from ipmatch.writing.whole import write_whole

    kind, out, wanted = _wanted(given)
    cohort, matching, people = common.read_all(
        ("COHORT", given.cohort, read_cohort),
        ("MATCHING", given.matching, read_matching),
        ("--people", given.people, read_people),
    )
    with Progress(quiet=given.quiet) as progress:
        material = gather(
            cohort,
            matching,
            criteria=common.criteria_of(given),
            people=people,
            asking=kind == "report",
            progress=progress,
        )
        progress("writing")
        made = {
            path: outputs.made(material, path, kind, people=people or {}, threshold=given.threshold)
            for path in wanted
        }
    with common.written(given) as written:
        for path in out:
            write_whole(Path(path), made[path], force=given.force, private=people is not None)
            written.append(path)
    if written:
        common.say(given, f"Written: {', '.join(written)}")
    if given.format:
        stdout.put(str(made[wanted[-1]]), data=True)
    return 0


def _wanted(given: argparse.Namespace) -> tuple[Kind, list[str], list[str]]:
    """What is to be written, in which files, and in these and last on standard output, before any work.

    Raises
    ------
    UsageError
        If it cannot be, with everything wrong at once.
    """
    from ipmatch.errors import Fault, UsageError
    from ipmatch.writing.report import outputs

    kinds: tuple[Kind, ...] = ("letters", "sheets", "publish")
    kind: Kind = next((kind for kind in kinds if getattr(given, kind)), "report")
    if given.threshold is not None and kind != "publish":
        raise UsageError([Fault("--threshold", "there is nothing to suppress.", "Add --publish.")])
    if not given.out and given.format is None:
        raise UsageError([Fault("ipmatch report", "-o or --format is missing.", "Say what to write.")])
    out = [path for path in given.out if path != "-"]
    if len(out) < len(given.out) and given.format is None:
        what = "the form on standard output is not told."
        raise UsageError([Fault("-o -", what, "Add --format html, md, json or csv.")])
    read = [path for path in (given.cohort, given.matching, given.people) if path]
    outputs.check(out, kind, force=given.force, read=read)
    standard_output = [f"standard output.{given.format}"] if given.format else []
    outputs.check(standard_output, kind, force=True)
    return kind, out, [*out, *standard_output]
