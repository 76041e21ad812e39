"""A file that is read, changed and written by one process at a time, so that nobody's change is lost."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ipmatch.errors import OutputError
from ipmatch.writing.whole import write_whole

__all__ = ["Held", "alone"]

PATIENCE = 10.0
"""Seconds to wait for another to finish."""
BETWEEN_TRIES = 0.05

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


class Held:
    """A file that nobody else who asks is writing meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path, self._before = path, _content(path)

    def replace(self, content: str, *, private: bool = False) -> None:
        """Put new content in its place, unless somebody changed it who did not ask.

        Raises
        ------
        OutputError
            If it was changed, or could not be written; it is as it was then.
        """
        if _content(self._path) != self._before:
            raise OutputError(f"{self._path}: it was changed meanwhile. Nothing was written: do it again.")
        write_whole(self._path, content, force=True, private=private)
        self._before = content.encode()


@contextmanager
def alone(path: Path) -> Iterator[Held]:
    """Hold a file, there or not, until the end of the block; whoever else asks for it waits.

    The operating system keeps the lock, on a file beside it, and drops it whatever becomes of its holder.
    Where a drive knows no locks, ``Held.replace`` notices all the same that the file has changed.

    Raises
    ------
    OutputError
        If another holds it for long.
    """
    lock = _locked(path)
    try:
        yield Held(path)
    finally:
        if lock is not None:
            _let_go(lock)


def _locked(path: Path) -> BinaryIO | None:
    """The lock, once it is ours; ``None`` where there can be none."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            target = Path(os.path.realpath(path))
            place = target.with_name(f".{target.name}.lock")
            file = place.open("ab")
        except (OSError, ValueError):
            return None  # no such folder, or one that may not be written to: writing will say why
        try:
            _lock(file)
            if _is_there_still(file, place):
                return file
        except OSError as error:
            if error.errno not in _HELD:
                file.close()
                return None
        file.close()
        if time.monotonic() > until:
            what = "somebody else is writing to it. Nothing was written: try again in a moment."
            raise OutputError(f"{path}: {what}")
        time.sleep(BETWEEN_TRIES)


def _is_there_still(file: BinaryIO, place: Path) -> bool:
    """Whether the lock is that of this name, and not one that its last holder has just taken away."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), place.stat())
    except FileNotFoundError:
        return False


def _content(path: Path) -> bytes | None:
    try:
        # A pipe or a device may have no end.
        return path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _let_go(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        file.close()
        # Who waits may have opened it: then it is theirs to take away.
        with suppress(OSError):
            Path(file.name).unlink()

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(file: BinaryIO) -> None:
        # Taken away before it is let go of: who waits for it sees that it is gone, and makes another.
        Path(file.name).unlink(missing_ok=True)
        file.close()
