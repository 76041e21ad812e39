"""ipmatch history: the story of a round: who decided what, when and why, and where every pair stands."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("history", help="tell what a journal holds", description=__doc__)
    parser.add_argument("journal", metavar="JOURNAL", help="the journal; - is standard input")
    matching = "the present matching.json, whose undecided pairs are told too"
    parser.add_argument("--matching", metavar="MATCHING", help=matching)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, and tell."""
    from ipmatch.programme.history import history
    from ipmatch.reading.documents import read_decisions, read_matching
    from ipmatch.writing.journal_text import history_text

    journal, matching = common.read_all(
        ("JOURNAL", given.journal, read_decisions), ("--matching", given.matching, read_matching)
    )
    common.show(given, history(journal, matching), history_text)
    return 0
