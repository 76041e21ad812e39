"""The command line: arguments in, exit code out; every mistake in plain words, never a traceback."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code, as ``docs`` and ``ipmatch --help`` list them."""
    words = list(sys.argv[1:] if argv is None else argv)
    given: Namespace | None = None
    try:
        if argv is None:
            _begin()
        from ipmatch.cli import arguments

        given = arguments.parse(words)
        return int(given.run(given))
    except BaseException as error:  # noqa: BLE001 (the outermost door: whatever comes is told in plain words)
        from ipmatch.cli import door

        return door.leave(error, as_json=door.wants_json(given, words))


def _begin() -> None:
    """Settle what holds for the whole process, before anything else is loaded."""
    # A command drops next to nothing that holds itself. Looked for after every 700 new objects, as is usual,
    # that takes a twentieth of the time of a small match; so seldom, nothing, and no more memory either.
    gc.set_threshold(50_000)
    # As it ends, a process looks for garbage among all it holds: a tenth of that time, for nothing.
    atexit.register(gc.freeze)
    # Plugins of Pydantic see whatever it validates, here people's data; and to look for some takes a while.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
