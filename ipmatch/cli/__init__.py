"""The command line: arguments in, exit code out; every mistake in plain words, never a traceback."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code, as ``docs`` and ``ipmatch --help`` list them."""
    from ipmatch.cli import door

    words = list(sys.argv[1:] if argv is None else argv)
    given: Namespace | None = None
    try:
        from ipmatch.cli import arguments

        given = arguments.parse(words)
        return int(given.run(given))
    except BaseException as error:  # noqa: BLE001 (the outermost door: whatever comes is told in plain words)
        return door.leave(error, as_json=door.wants_json(given, words))
