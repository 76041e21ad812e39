"""ipmatch check: every fault and warning, who takes part, supply and demand; no matching."""

from __future__ import annotations

import argparse

from ipmatch.cli import common
from ipmatch.cli.deciding import add_document, decided

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="look at a cohort before matching", description=__doc__)
    common.add_cohort(parser)
    common.add_rules(parser)
    add_document(parser)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check, and show."""
    from ipmatch.front_door import check
    from ipmatch.writing.answers_text import check_text

    cohort, policy, decisions = common.inputs_of(given, last=decided(given))
    found = check(cohort, policy, criteria=common.criteria_of(given), decisions=decisions)
    common.show(given, found, check_text, cohort=cohort)
    return 0
