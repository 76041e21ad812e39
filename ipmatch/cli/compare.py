"""ipmatch compare: two matchings side by side, by pair, person, tier and points."""

from __future__ import annotations

import argparse
from functools import partial

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("compare", help="two matchings side by side", description=__doc__)
    parser.add_argument("first", metavar="A.json", help="a matching.json; - is standard input")
    parser.add_argument("second", metavar="B.json", help="another")
    common.add_format(parser, ("text", "json", "csv", "md"))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Compare, and show."""
    from ipmatch.explaining.comparing import compare
    from ipmatch.reading.documents import read_matching
    from ipmatch.writing.comparison_text import comparison_text, csv_text, markdown_text

    first, second = common.read_all(
        ("A.json", given.first, read_matching), ("B.json", given.second, read_matching)
    )
    found, names = compare(first, second), (given.first, given.second)
    common.show(
        given,
        found,
        comparison_text,
        names,
        forms={"csv": csv_text, "md": partial(markdown_text, names=names)},
    )
    return 0
