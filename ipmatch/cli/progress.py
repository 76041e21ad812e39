"""What goes on, on one line of standard error: only where somebody watches, and only if it takes long."""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress"]

PATIENCE_SECONDS = 1.0


class Progress:
    """A line that says what is being done; gone when the work is."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._start = time.monotonic()
        self._length = 0

    def __enter__(self) -> Progress:
        return self

    def __call__(self, words: str) -> None:
        """Say what is being done now."""
        if self._shown and time.monotonic() - self._start > PATIENCE_SECONDS:
            self._put(f"{words} …" if _has_dots() else f"{words} ...")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._length:
            self._put("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _put(self, line: str) -> None:
        sys.stderr.write("\r" + line.ljust(self._length))
        sys.stderr.flush()
        self._length = len(line)


def _has_dots() -> bool:
    return (sys.stderr.encoding or "").lower().startswith("utf")
