"""The figures of rounds shared out as a table, and as a chapter of ``RESULTS.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.crews import POOL, CrewMeasured
from benchmarks.results import add, heading_of, machine, row_of, stamp

__all__ = ["crew_lines", "write_crews"]

COLUMNS = (
    "n",
    "round",
    "pairs told",
    "by",
    "seconds",
    "× pool",
    "processor s",
    "× pool",
    "first time s",
    "worker killed s",
    "parts left",
)


def crew_lines(measured: Iterable[CrewMeasured], *, heading: bool) -> list[str]:
    """Rows of the table, with what each costs against the pool of processes."""
    rows = heading_of(COLUMNS, words=(3,)) if heading else []
    everyone = list(measured)
    for one in everyone:
        pool = next(
            other for other in everyone if (other.size, other.turn, other.who) == (one.size, one.turn, POOL)
        )
        cells = (
            f"{one.size:,}",
            str(one.turn),
            f"{one.hits:,}",
            one.who,
            f"{one.seconds:.3f}",
            _ratio(one.seconds, pool.seconds),
            f"{one.cpu:.3f}",
            _ratio(one.cpu, pool.cpu),
            f"{one.first:.2f}",
            "" if one.killed is None else f"{one.killed:.2f}",
            "" if one.left is None else str(one.left),
        )
        rows.append(row_of(cells))
    return rows


def write_crews(measured: Sequence[CrewMeasured], repeats: int) -> None:
    """Add the chapter."""
    about = f"{machine()}; medians of {repeats}, in turns."
    table = "\n".join(crew_lines(measured, heading=True))
    add("Executors", "\n\n".join([stamp(), about, table]) + "\n")


def _ratio(one: float, pool: float) -> str:
    # The system counts processor time in hundredths of seconds.
    return f"{one / pool:.2f}" if pool else ""
