"""The way out: every error becomes a message on standard error and an exit code."""

from __future__ import annotations

import json
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from ipmatch.errors import (
    InfeasibleError,
    InputError,
    InternalError,
    IpmatchError,
    MissingExtraError,
    OutputError,
    TimeLimitError,
    UsageError,
)
from ipmatch.writing.characters import shown
from ipmatch.writing.stdout import silence

__all__ = ["complain", "leave", "wants_json"]

MOST_FAULTS = 20

# The first that fits; a subclass stands before its parent.
_EXITS: tuple[tuple[type[BaseException], int], ...] = (
    (UsageError, 2),
    (InputError, 3),
    (InfeasibleError, 4),
    (MissingExtraError, 6),
    (TimeLimitError, 7),
    (OutputError, 8),
    (KeyboardInterrupt, 130),
)


def leave(error: BaseException, *, as_json: bool = False) -> int:
    """Say what went wrong, and give the exit code.

    With ``as_json`` the message is one JSON object, in the form of the schema ``failure``.
    """
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0
    if isinstance(error, BrokenPipeError):
        silence()  # the reader has seen enough, as with "| head"
        return 0
    code = next((code for kind, code in _EXITS if isinstance(error, kind)), 1)
    message = _message(error)
    if as_json:
        complain(json.dumps(_failure(error, code, message), ensure_ascii=False))
    else:
        complain(message)
    return code


def wants_json(given: Namespace | None, words: Sequence[str]) -> bool:
    """Whether errors are to be JSON: asked for, even if the arguments could not be understood."""
    if given is not None:
        return getattr(given, "format", None) == "json"
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def complain(words: str) -> None:
    """A message on standard error, safe for any terminal; nothing if that is closed."""
    if sys.stderr is None:
        return
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    try:
        sys.stderr.write("".join(f"{shown(line, encoding)}\n" for line in words.split("\n")))
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def _message(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted; nothing half-written."
    if isinstance(error, InputError):
        lines = [str(fault) for fault in error.faults[:MOST_FAULTS]]
        more = len(error.faults) - len(lines)
        return "\n".join([*lines, *([f"and {more} more."] if more else [])])
    if isinstance(error, IpmatchError) and not isinstance(error, InternalError):
        return str(error)
    return (
        f"This is a bug in ipmatch, not in your data: {type(error).__name__} at {_place(error)}.\n"
        "Please report this line, and what you ran, without anybody's personal data."
    )


def _place(error: BaseException) -> str:
    """The innermost line of ipmatch on the way to the error; not its text, which may hold personal data."""
    home = Path(__file__).parents[1]
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    own = [(path, line) for path, line in frames if path.is_relative_to(home)]
    return f"{own[-1][0].relative_to(home.parent).as_posix()}:{own[-1][1]}" if own else "an unknown place"


def _failure(error: BaseException, code: int, message: str) -> dict[str, object]:
    failure: dict[str, object] = {
        "kind": "failure",
        "version": 1,
        "exit": code,
        "message": message,
        "faults": [],
    }
    if isinstance(error, InputError):
        failure["faults"] = [
            {"where": fault.where, "what": fault.what, "mend": fault.mend} for fault in error.faults
        ]
    if isinstance(error, InfeasibleError):
        failure["conflict"] = list(error.conflict)
    return failure
