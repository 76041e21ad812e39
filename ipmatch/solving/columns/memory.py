"""Memory that a scan frees and wants again at once: kept meanwhile, where the process is told not to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["memory_kept"]

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


def _allow(trim: int, mmap: int) -> None:
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library: it knows nothing of this
        return
    mallopt(_TRIM, trim)
    mallopt(_MMAP, mmap)
