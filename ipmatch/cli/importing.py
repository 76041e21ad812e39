"""ipmatch import: a cohort of survey exports, and what to ask about them."""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

from ipmatch.cli import common

if TYPE_CHECKING:
    from ipmatch.intake.enrolment import Enrolment
    from ipmatch.writing.alone import Held

__all__ = ["add", "run"]

_EPILOG = """\
Without -o nothing is written: the report shows how each column was read, and
what there is to ask. The people file holds names, e-mail addresses and register
numbers, for its owner only; whoever stands in it keeps the id when the answers
are imported again. Nothing else that is written tells who anybody is.
"""


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        help="make a cohort of spreadsheets (.xlsx, .csv)",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sources", metavar="FILE", nargs="+", help="workbooks and CSV files, of either side")
    parser.add_argument(
        "-o", metavar="COHORT.json", dest="out", help="write the cohort; - is standard output"
    )
    parser.add_argument("--people", metavar="FILE.csv", help="who is who: read if it is there, then renewed")
    parser.add_argument(
        "--columns", metavar="MAP.toml", help="which heading asks what, and the programme's regions"
    )
    parser.add_argument(
        "--scopes", metavar="FILE.csv", help="the review sheet of ipmatch scopes, with decisions"
    )
    orgs = "a table code,name,parent,successor that tells which organisations are the same"
    parser.add_argument("--organisations", metavar="FILE.csv", help=orgs)
    parents = "compare parents instead, where the table names one"
    parser.add_argument("--of-parents", action="store_true", help=parents)
    parser.add_argument(
        "--save-columns", metavar="MAP.toml", help="write how each column was read, to be edited"
    )
    parser.add_argument("--texts", metavar="FILE.csv", help="write the free answers that no rule uses")
    parser.add_argument(
        "--strict", action="store_true", help="fail (exit 3) if any answer must be asked about"
    )
    common.add_format(parser)
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read everything, then write everything, then report."""
    from pathlib import Path

    from ipmatch.reading.enrolments import certain, read_enrolment
    from ipmatch.writing.alone import alone
    from ipmatch.writing.intake_text import intake_text, summary

    _check(given)
    # Held from reading to writing: of two who import at once, neither gives an id that the other has given.
    with alone(Path(given.people)) if given.people else nullcontext() as people:
        enrolment = read_enrolment(
            *given.sources,
            columns=given.columns,
            people=given.people if given.people and os.path.lexists(given.people) else None,
            scopes=given.scopes,
            organisations=given.organisations,
            of_parents=given.of_parents,
        )
        if given.strict:
            certain(enrolment)
        with common.written(given) as written:
            _write(given, enrolment, people, written)
    if given.out == "-":
        common.tell(given, summary(enrolment.intake))
        return 0
    hints = () if given.quiet else _hints(given)
    common.show(given, enrolment.intake, intake_text, hints=hints)
    if written:
        common.say(given, f"Written: {', '.join(written)}")
    return 0


def _check(given: argparse.Namespace) -> None:
    """Find out before any work whether everything can be written.

    Raises
    ------
    UsageError
        With everything wrong at once.
    OutputError
        If there is no folder to write one in.
    """
    from pathlib import Path

    from ipmatch.errors import Fault, UsageError
    from ipmatch.writing.whole import exists, need_folders

    outputs = [("-o", given.out, ".json"), ("--save-columns", given.save_columns, ".toml")]
    outputs += [("--people", given.people, ".csv"), ("--texts", given.texts, ".csv")]
    faults = []
    for argument, path, suffix in outputs:
        if path is None or (path == "-" and argument == "-o"):
            continue
        if not path.lower().endswith(suffix):
            faults.append(
                Fault(f"{argument} {path}", f"it is written as {suffix}.", f"End its name in {suffix}.")
            )
        elif argument != "--people" and not given.force and os.path.lexists(path):
            faults.append(exists(path))
    inputs = [given.columns, given.scopes, given.organisations, *given.sources]
    paths = [*(path for _, path, _ in outputs), *inputs]
    named = [Path(path).absolute() for path in paths if path not in (None, "-")]
    if len(set(named)) < len(named):
        faults.append(Fault("ipmatch import", "one file is named twice.", "Name a file of its own for each."))
    if faults:
        raise UsageError(faults)
    need_folders(path for _, path, _ in outputs if path not in (None, "-"))


def _write(given: argparse.Namespace, enrolment: Enrolment, people: Held | None, written: list[str]) -> None:
    """Write what was asked for, and note it; the people first, so that no id is ever without its person."""
    from pathlib import Path

    from ipmatch.writing import stdout
    from ipmatch.writing.columns_file import columns_toml
    from ipmatch.writing.json_document import json_text
    from ipmatch.writing.people_file import people_csv, texts_csv
    from ipmatch.writing.whole import write_whole

    cohort = enrolment.cohort
    if people is not None:
        people.replace(people_csv(enrolment.people), private=True)
        written.append(given.people)
    if given.texts:
        write_whole(Path(given.texts), texts_csv(enrolment.texts), force=given.force, private=True)
        written.append(given.texts)
    if given.save_columns:
        text = columns_toml(enrolment.intake, cohort.programme.name, cohort.programme.regions)
        write_whole(Path(given.save_columns), text, force=given.force)
        written.append(given.save_columns)
    if given.out == "-":
        stdout.put(json_text(cohort, brief=True), data=True)
    elif given.out:
        write_whole(Path(given.out), json_text(cohort, brief=True), force=given.force)
        written.append(given.out)


def _hints(given: argparse.Namespace) -> tuple[str, ...]:
    if not given.out:
        words = ["ipmatch import", *map(common.quoted, given.sources)]
        for name, path in (
            ("--columns", given.save_columns or given.columns),
            ("--scopes", given.scopes),
            ("--organisations", given.organisations),
        ):
            words += [common.option(name, path)] if path else []
        words += ["--of-parents"] if given.of_parents else []
        people = common.option("--people", given.people or "people.private.csv")
        return (" ".join([*words, "-o cohort.json", people]),)
    cohort = common.quoted(given.out)
    review = common.option("--scopes", given.scopes) if given.scopes else "-o scope_review.csv"
    return (
        f"ipmatch scopes {cohort} {review}",
        f"ipmatch check {cohort}",
        f"ipmatch match {cohort} -o matching.json",
    )
