"""ipmatch sensitivity: how sure the pairing is, how far each weight may move, and whom to recruit."""

from __future__ import annotations

import argparse

from ipmatch.cli import common
from ipmatch.cli.deciding import add_document, decided
from ipmatch.cli.progress import Progress

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sensitivity", help="what other weights and other mentors would change", description=__doc__
    )
    common.add_cohort(parser)
    common.add_rules(parser)
    add_document(parser)
    exact = "exact intervals for more than 1,000 people too, which may take minutes"
    parser.add_argument("--exact", action="store_true", help=exact)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, and tell what other rules would change."""
    from ipmatch.study import Study
    from ipmatch.writing.insights_text import analysis_text

    cohort, policy, decisions = common.inputs_of(given, last=decided(given))
    with Progress(quiet=given.quiet) as progress:
        study = Study(
            cohort, policy, criteria=common.criteria_of(given), decisions=decisions, progress=progress
        )
        analysis = study.analysis(exact=True if given.exact else None)
    common.show(given, analysis, analysis_text, cohort=cohort)
    return 0
