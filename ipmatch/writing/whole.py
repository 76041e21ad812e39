"""A file appears whole or not at all, and replaces another only when that was asked for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from ipmatch.errors import Fault, OutputError, UsageError

__all__ = ["exists", "need_folders", "write_whole"]


def exists(path: str) -> Fault:
    """What to say where an output is there already."""
    return Fault(
        path, "it exists already.", "Choose another name, or overwrite it with --force (force=True)."
    )


def need_folders(paths: Iterable[str]) -> None:
    """Find out before any work whether each of these has a folder to be written in.

    Raises
    ------
    OutputError
        Of all that have none.
    """
    what = "its folder cannot be found. Make it first, or write elsewhere. Nothing was written."
    lost = [path for path in paths if not os.path.isdir(os.path.dirname(os.path.realpath(path)))]  # noqa: PTH112, PTH120
    if lost:
        raise OutputError("\n".join(f"{path}: {what}" for path in lost))


def write_whole(
    path: Path, content: str | bytes | Iterable[str], *, force: bool, private: bool = False
) -> None:
    """Write beside the file, then put it in place in one step; text is written as UTF-8.

    Pieces of text are written as they come. A ``private`` file can be read by its owner only, from the moment
    it is there.

    Raises
    ------
    UsageError
        If the file exists, and ``force`` does not say to replace it.
    OutputError
        If it could not be written; nothing is left behind.
    """
    if not force and os.path.lexists(path):
        raise UsageError([exists(str(path))])
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            raise OutputError(f"{path}: it is not a file. Choose another name.")
        _replace(target, _encoded(content), private=private)
    except OutputError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not valid"
        raise OutputError(f"{path}: it could not be written ({reason}). Nothing of it was written.") from None


def _encoded(content: str | bytes | Iterable[str]) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return (content,)
    return (piece.encode() for piece in ((content,) if isinstance(content, str) else content))


def _replace(target: Path, content: Iterable[bytes], *, private: bool) -> None:
    beside = target.with_name(f".{secrets.token_hex(8)}.ipmatch")
    try:
        # Opened like any new file, so that the umask decides who may read it.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(beside, flags, 0o600 if private else 0o666), "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists() and not private:
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
