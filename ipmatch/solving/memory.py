"""Memory that is free: kept for a scan that wants it again at once, given back before others want theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

__all__ = ["memory_kept", "memory_returned"]

TOLD = "MALLOC_TRIM_THRESHOLD_"
"""Dask starts its workers with this, so that they give freed memory back early."""
KEPT = 1 << 25
"""Bytes: more than any array that scans make and drop by the hundred."""
_TRIM, _MMAP = -1, -3
_MMAP_USUAL = 1 << 17


@contextmanager
def memory_kept() -> Iterator[None]:
    """Let glibc keep what is freed; after it, give back as it is told to.

    Else the system is asked for the same pages again and again, which takes as long as the scan itself.

    References
    ----------
    mallopt(3), ``M_TRIM_THRESHOLD`` and ``M_MMAP_THRESHOLD``.
    """
    told = os.environ.get(TOLD, "")
    if not told.isdecimal() or int(told) >= KEPT:
        yield
        return
    _allow(KEPT, KEPT)
    try:
        yield
    finally:
        _allow(int(told), int(os.environ.get("MALLOC_MMAP_THRESHOLD_", _MMAP_USUAL)))


def memory_returned() -> None:
    """Let glibc give back what is free in between what is in use: else it only grows.

    Nothing of it may suit what a flow solver asks for next.

    References
    ----------
    malloc_trim(3).
    """
    glibc = _glibc()
    if glibc is not None:
        glibc.malloc_trim(0)


def _allow(trim: int, mmap: int) -> None:
    glibc = _glibc()
    if glibc is not None:
        glibc.mallopt(_TRIM, trim)
        glibc.mallopt(_MMAP, mmap)


def _glibc() -> ctypes.CDLL | None:
    """The C library, if it is that one: others know nothing of this."""
    import ctypes

    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
