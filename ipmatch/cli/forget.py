"""ipmatch forget: take one person out of every file named, or say of a file what has to be done instead."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ipmatch.cli import common

if TYPE_CHECKING:
    from ipmatch.programme.forgetting import Forgotten

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("forget", help="take one person out of files", description=__doc__)
    parser.add_argument("id", metavar="ID", help="whom to forget")
    files = "cohorts and surveys (.json), the people file and other lists with a column id (.csv)"
    parser.add_argument("files", metavar="FILE", nargs="+", help=files)
    check = "only say what would be done"
    parser.add_argument("--dry-run", action="store_true", help=check)
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Forget, and tell of every file."""
    from ipmatch.forgetting import forget

    common.show(given, forget(given.id, given.files, dry_run=given.dry_run), _text)
    return 0


def _text(answer: Forgotten, **_: object) -> str:
    told = [f"{one.file}: {one.because}" for one in answer.files]
    told += [] if answer.written else ["Nothing was written."]
    return "".join(f"{line}\n" for line in told)
