"""ipmatch equality: how groups fared in a matching that knew nothing of them; small counts are not shown."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("equality", help="who was paired, group by group", description=__doc__)
    common.add_cohort(parser)
    parser.add_argument("matching", metavar="MATCHING", help="the matching.json made of it")
    groups = "a .csv or .xlsx with a column id and one for each characteristic"
    parser.add_argument("monitoring", metavar="MONITORING", help=groups)
    least = "the least count that is shown (5)"
    parser.add_argument("--threshold", metavar="N", type=common.whole_number(1000), default=5, help=least)
    common.add_format(parser, ("text", "json", "csv"))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, count, hide, and show."""
    from ipmatch.programme.equality import equality
    from ipmatch.reading.documents import read_cohort, read_matching
    from ipmatch.reading.monitoring_file import read_monitoring
    from ipmatch.writing.equality_text import equality_csv, equality_text

    cohort, matching, monitoring = common.read_all(
        ("COHORT", given.cohort, read_cohort),
        ("MATCHING", given.matching, read_matching),
        last=("MONITORING", given.monitoring, lambda path, cohort, _: read_monitoring(path, cohort=cohort)),
    )
    found = equality(cohort, matching, monitoring, threshold=given.threshold)
    common.show(given, found, equality_text, forms={"csv": equality_csv})
    return 0
