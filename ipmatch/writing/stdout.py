"""Standard output as a destination: UTF-8 where it is data, and a plain error where it fails."""

from __future__ import annotations

import os
import shutil
import sys

from ipmatch.errors import OutputError

__all__ = ["encoding", "put", "silence", "width"]


def width() -> int:
    """The columns of the terminal; 80 where there is none, so that a redirected answer is always the same."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, 40), 240)


def encoding() -> str:
    """What text on standard output is encoded in."""
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def put(text: str, *, data: bool = False) -> None:
    """Write to standard output; ``data`` is UTF-8 with its own line ends, whatever the terminal likes.

    Raises
    ------
    OutputError
        If standard output is closed, or its disk is full.
    """
    stream = sys.stdout
    if stream is None:
        raise OutputError("standard output: it is closed. Redirect it to a file.")
    binary = getattr(stream, "buffer", None)
    try:
        if data and binary is not None:
            stream.flush()
            binary.write(text.encode("utf-8"))
        else:
            stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        silence()
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is closed"
        raise OutputError(f"standard output: {reason}. Redirect it to a file that can be written.") from None


def silence() -> None:
    """Send what is still unwritten nowhere, so that Python's farewell does not complain of it again."""
    try:
        descriptor = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    except (AttributeError, OSError, ValueError):
        return
