"""--criteria FILE.py:NAME: a criterion the user wrote, loaded from a file they named themselves."""

from __future__ import annotations

import traceback
import types
from collections.abc import Sequence
from pathlib import Path

from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.scoring.criteria import Criterion

__all__ = ["load"]

_MEMBERS = ("name", "mentor_key", "mentee_key", "strength", "because")


def load(places: Sequence[str]) -> list[Criterion]:
    """The criteria at these places, each ``FILE.py:NAME``; a class is called without arguments.

    Raises
    ------
    UsageError
        If the file or the name is not there, or what it names is no criterion.
    InputError
        If the file cannot be run.
    """
    return [_criterion(place) for place in places]


def _criterion(place: str) -> Criterion:
    path, colon, name = place.rpartition(":")
    if not colon or not path or not name.isidentifier():
        raise _usage(f'"{place}" names no criterion.', "Write FILE.py:NAME.")
    if not Path(path).is_file():
        raise _usage(f"{path} is not there.", "Check the name of the file.")
    module = types.ModuleType(Path(path).stem)
    module.__file__ = path
    try:
        # Run, not imported: importing would leave a __pycache__ beside the user's file.
        exec(compile(Path(path).read_bytes(), path, "exec"), module.__dict__)  # noqa: S102
        found = getattr(module, name, None)
        criterion = found() if isinstance(found, type) else found
    except Exception as error:  # the user's code may raise anything
        raise InputError([_failed(path, error)]) from error
    if criterion is None:
        raise _usage(f'{path} has no "{name}".', "Check the name after the colon.")
    if not isinstance(criterion, Criterion):
        missing = ", ".join(member for member in _MEMBERS if not hasattr(criterion, member))
        raise _usage(f"{place} is no criterion: it has no {missing}.", "Add what is missing.")
    return criterion


def _usage(what: str, mend: str) -> UsageError:
    return UsageError([Fault("--criteria", what, mend)])


def _failed(path: str, error: Exception) -> Fault:
    """Where in the user's file it went wrong; not the error's text, which may hold anything."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    line = error.lineno if isinstance(error, SyntaxError) else (lines[-1] if lines else None)
    where = f"{path}, line {line}" if line else path
    return Fault(where, f"{type(error).__name__} while it was loaded.", "Mend the file.")
