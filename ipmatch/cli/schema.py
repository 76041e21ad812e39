"""ipmatch schema: the JSON Schema of a document or an answer."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    from ipmatch.schemas import NAMES

    parser = commands.add_parser("schema", help="print a JSON Schema", description=__doc__)
    parser.add_argument("name", metavar="NAME", choices=NAMES, help=", ".join(NAMES))
    common.add_format(parser, ("json",))
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print it."""
    from ipmatch.schemas import published
    from ipmatch.writing import stdout

    stdout.put(published(given.name), data=True)
    return 0
