"""ipmatch verify: whether a matching is what it says, checked without any solver."""

from __future__ import annotations

import argparse

from ipmatch.cli import common
from ipmatch.cli.progress import Progress
from ipmatch.cli.workers import add_workers, executor_of

__all__ = ["add", "run"]

WRONG = 5


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", help="check a matching without a solver", description=__doc__)
    common.add_cohort(parser)
    parser.add_argument("matching", metavar="MATCHING", help="the matching.json to check")
    common.add_criteria(parser)
    add_workers(parser)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Verify, and show every fault."""
    from ipmatch.front_door import verify
    from ipmatch.reading.documents import read_matching
    from ipmatch.writing.answers_text import verification_text

    cohort, matching = common.read_all(
        ("COHORT", given.cohort, common.cohort_reader(given)), ("MATCHING", given.matching, read_matching)
    )
    with executor_of(given) as executor, Progress(quiet=given.quiet) as progress:
        found = verify(
            cohort, matching, criteria=common.criteria_of(given), executor=executor, progress=progress
        )
    common.show(given, found, verification_text, matching)
    return 0 if found.ok else WRONG
