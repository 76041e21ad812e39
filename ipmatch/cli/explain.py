"""ipmatch explain: everything about one pair, one mentee or one mentor of the matching."""

from __future__ import annotations

import argparse

from ipmatch.cli import common
from ipmatch.cli.deciding import add_document
from ipmatch.cli.progress import Progress
from ipmatch.cli.studying import add_made, study_of

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("explain", help="explain one pair or person", description=__doc__)
    common.add_cohort(parser)
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--pair", nargs=2, metavar=("M", "E"), help="a mentor and a mentee, paired or not")
    subject.add_argument("--mentee", metavar="ID", help="one mentee")
    subject.add_argument("--mentor", metavar="ID", help="one mentor")
    letter = "the letter to this person instead: their own pairs, and nothing of anybody else"
    parser.add_argument("--letter", action="store_true", help=letter)
    common.add_rules(parser)
    add_document(parser)
    add_made(parser)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, and explain."""
    from ipmatch.errors import Fault, UsageError
    from ipmatch.writing.answers_text import explanation_text

    if given.letter and given.pair is not None:
        what = "a letter is to one person."
        raise UsageError([Fault("--letter", what, "Name --mentee or --mentor instead of --pair.")])
    pair = None if given.pair is None else (given.pair[0], given.pair[1])
    with Progress(quiet=given.quiet) as progress:
        cohort, study = study_of(given, progress)
        answer = (
            study.letter(mentee=given.mentee, mentor=given.mentor)
            if given.letter
            else study.explain(pair=pair, mentee=given.mentee, mentor=given.mentor)
        )
    if given.letter:
        common.show(given, answer, lambda letter, **_: str(letter.text))
    else:
        common.show(given, answer, explanation_text, cohort=cohort)
    return 0
