"""ipmatch explain: everything about one pair, one mentee or one mentor of the matching."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("explain", help="explain one pair or person", description=__doc__)
    common.add_cohort(parser)
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--pair", nargs=2, metavar=("M", "E"), help="a mentor and a mentee, paired or not")
    subject.add_argument("--mentee", metavar="ID", help="one mentee")
    subject.add_argument("--mentor", metavar="ID", help="one mentor")
    common.add_rules(parser)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, and explain."""
    from ipmatch.people import clean_id
    from ipmatch.study import explain
    from ipmatch.writing import stdout
    from ipmatch.writing.answers_text import explanation_text

    cohort, policy = common.inputs_of(given)
    explanation = explain(
        cohort,
        policy,
        pair=None if given.pair is None else (clean_id(given.pair[0]), clean_id(given.pair[1])),
        mentee=None if given.mentee is None else clean_id(given.mentee),
        mentor=None if given.mentor is None else clean_id(given.mentor),
        criteria=common.criteria_of(given),
    )
    text = explanation_text(explanation, cohort=cohort, width=stdout.width(), encoding=stdout.encoding())
    common.show(text, explanation, given)
    return 0
