"""The megabytes that this process holds, now and at its peak; nothing here imports ipmatch."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

__all__ = ["held", "megabytes", "peak"]

STATM = Path("/proc/self/statm")


def held() -> float:
    """Megabytes held now; where the system does not say, the most till now."""
    if not STATM.exists():
        return peak()
    return int(STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / (1 << 20)


def peak() -> float:
    """The most that was held till now."""
    return megabytes(resource.getrusage(resource.RUSAGE_SELF))


def megabytes(used: resource.struct_rusage) -> float:
    """The most memory of what was used, in the unit that is the same on every system."""
    return used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
