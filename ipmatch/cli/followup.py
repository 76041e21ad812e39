"""ipmatch followup: what a round came to, from the survey at its end: counts, out of how many, intervals."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("followup", help="the results of a round", description=__doc__)
    common.add_cohort(parser)
    parser.add_argument("matching", metavar="MATCHING", help="the matching.json it ended with")
    parser.add_argument("survey", metavar="SURVEY", help="the answers, by id: .csv, .xlsx or .json")
    people = "the private people file, where the answers stand under e-mail addresses instead of ids"
    parser.add_argument("--people", metavar="FILE", help=people)
    publish = "counts that may be published: none that is too small, and no ids"
    parser.add_argument("--publish", action="store_true", help=publish)
    least = "with --publish, the smallest count that may be shown (5)"
    parser.add_argument("--threshold", metavar="N", type=common.whole_number(1000), help=least)
    common.add_format(parser, ("text", "json", "csv"))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, count, and show."""
    from ipmatch.errors import Fault, UsageError
    from ipmatch.programme.followup import follow_up
    from ipmatch.reading.documents import read_cohort, read_matching
    from ipmatch.reading.people_file import read_people
    from ipmatch.reading.survey_file import read_survey
    from ipmatch.suppression import THRESHOLD
    from ipmatch.writing import stdout
    from ipmatch.writing.followup_text import followup_csv, followup_text

    if given.threshold is not None and not given.publish:
        raise UsageError([Fault("--threshold", "there is nothing to suppress.", "Add --publish.")])
    people = read_people(given.people) if given.people else None
    cohort, matching, survey = common.read_all(
        ("COHORT", given.cohort, read_cohort),
        ("MATCHING", given.matching, read_matching),
        ("SURVEY", given.survey, lambda source: read_survey(source, people=people)),
    )
    threshold = THRESHOLD if given.threshold is None else given.threshold
    found = follow_up(cohort, matching, survey, threshold=threshold if given.publish else None)
    if given.format == "csv":
        stdout.put(followup_csv(found), data=True)
    else:
        text = followup_text(found, width=stdout.width(), encoding=stdout.encoding())
        common.show(text, found, given)
    return 0
