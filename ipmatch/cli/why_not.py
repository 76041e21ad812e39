"""ipmatch why-not: the exact price of insisting on one pair, and who would move."""

from __future__ import annotations

import argparse

from ipmatch.cli import common
from ipmatch.cli.deciding import add_decisions, decisions_of
from ipmatch.cli.progress import Progress
from ipmatch.cli.studying import add_made, study_of

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("why-not", help="what insisting on a pair would cost", description=__doc__)
    common.add_cohort(parser)
    parser.add_argument("mentor", metavar="M", help="the mentor")
    parser.add_argument(
        "mentee", metavar="E", help="the mentee; if the two are paired, what others would cost"
    )
    common.add_rules(parser)
    add_decisions(parser)
    add_made(parser)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, and price the pair."""
    from ipmatch.writing.alternatives_text import alternative_text

    with Progress(quiet=given.quiet) as progress:
        cohort, study = study_of(given, progress, decisions_of(given))
        alternative = study.why_not(given.mentor, given.mentee)
    common.show(given, alternative, alternative_text, cohort=cohort)
    return 0
