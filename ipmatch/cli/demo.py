"""ipmatch demo: a made-up cohort to try things out on; nobody in it exists."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]

MOST_PEOPLE = 100_000


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="print a made-up cohort", description=__doc__)
    people = common.whole_number(MOST_PEOPLE)
    parser.add_argument("--mentors", metavar="N", type=people, default=12, help="how many (12)")
    parser.add_argument("--mentees", metavar="N", type=people, default=10, help="how many (10)")
    seed = common.whole_number(2**64 - 1)
    parser.add_argument("--seed", metavar="S", type=seed, default=0, help="another seed, other people (0)")
    common.add_format(parser, ("json",))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make the cohort, and print it."""
    from ipmatch.synthetic import demo_cohort
    from ipmatch.writing import stdout
    from ipmatch.writing.json_document import json_text

    cohort = demo_cohort(given.mentors, given.mentees, given.seed)
    stdout.put(json_text(cohort, brief=True), data=True)
    return 0
