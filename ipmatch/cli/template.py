"""ipmatch template: the questions to ask, as a workbook to fill in or to put into a form."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("template", help="write an enrolment workbook", description=__doc__)
    parser.add_argument("out", metavar="ENROLMENT.xlsx", help="where to write it")
    parser.add_argument("--cohort", metavar="COHORT", help="fill in the answers of this cohort")
    parser.add_argument("--people", metavar="FILE.csv", help="fill in the names of this people file")
    common.add_format(parser)
    parser.add_argument("--force", action="store_true", help="overwrite a file that exists")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Write it."""
    from pathlib import Path

    from ipmatch.reading.people_file import read_people
    from ipmatch.writing import stdout
    from ipmatch.writing.files import check_destinations
    from ipmatch.writing.json_document import json_text
    from ipmatch.writing.template import enrolment_workbook, template_of
    from ipmatch.writing.whole import write_whole

    read = [given.cohort] if given.cohort else []
    check_destinations([given.out], force=given.force, suffixes=(".xlsx",), read=read)
    cohort, people = common.read_all(
        ("--cohort", given.cohort, common.cohort_reader(given)), ("--people", given.people, read_people)
    )
    private = people is not None or (
        cohort is not None and any(one.name or one.email for one in cohort.people)
    )
    write_whole(Path(given.out), enrolment_workbook(cohort, people), force=given.force, private=private)
    if given.format == "json":
        stdout.put(json_text(template_of(given.out, filled=cohort is not None)), data=True)
    common.say(given, f"Written: {given.out}")
    return 0
