"""ipmatch followup: what a round came to, from the survey at its end: counts, out of how many, intervals."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ipmatch.cli import common

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort
    from ipmatch.intake.identity import Identity
    from ipmatch.programme.survey import Survey

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
    from ipmatch.writing.followup_text import followup_csv, followup_text

    if given.threshold is not None and not given.publish:
        raise UsageError([Fault("--threshold", "there is nothing to suppress.", "Add --publish.")])

    def survey_of(
        path: str, cohort: Cohort | None, _: object, people: Mapping[str, Identity] | None
    ) -> Survey | None:
        # Without the people file nobody could be told by an address.
        can_be_read = people is not None or given.people is None
        return read_survey(path, people=people, cohort=cohort) if can_be_read else None

    cohort, matching, _, survey = common.read_all(
        ("COHORT", given.cohort, read_cohort),
        ("MATCHING", given.matching, read_matching),
        ("--people", given.people, read_people),
        last=("SURVEY", given.survey, survey_of),
    )
    threshold = THRESHOLD if given.threshold is None else given.threshold
    found = follow_up(cohort, matching, survey, threshold=threshold if given.publish else None)
    common.show(given, found, followup_text, forms={"csv": followup_csv})
    return 0
