"""The figures as a chapter of ``RESULTS.md``, and as two pictures beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.measure import OURS, Measured
from benchmarks.peers import PEERS
from benchmarks.plots import by_size
from benchmarks.results import HOME, add, heading_of, machine, row_of, stamp

__all__ = ["chapter", "exponent", "lines", "write"]

COLUMNS = (
    "kind",
    "n",
    "tool",
    "process s",
    "×",
    "processor s",
    "×",
    "memory MB",
    "×",
    "beyond MB",
    "×",
    "inside s",
    "verify s",
    "placed",
    "points",
)


def lines(ours: Measured, measured: Iterable[Measured], *, heading: bool) -> list[str]:
    """Rows of a table, with what each costs against ours."""
    rows = heading_of(COLUMNS, words=(0, 2)) if heading else []
    for one in measured:
        cells = (
            one.case.kind,
            f"{one.case.size:,}",
            one.tool,
            f"{one.seconds:.2f}",
            _ratio(one.seconds, ours.seconds),
            f"{one.cpu:.2f}",
            _ratio(one.cpu, ours.cpu),
            f"{one.megabytes:.0f}",
            _ratio(one.megabytes, ours.megabytes),
            f"{one.beyond:.0f}",
            _ratio(one.beyond, ours.beyond),
            f"{one.inside:.3f}",
            "" if one.verify is None else f"{one.verify:.2f}",
            f"{one.outcome.placed:,}",
            f"{one.outcome.points:,.2f}",
        )
        rows.append(row_of(cells))
    return rows


def chapter(measured: Sequence[Measured], repeats: int) -> str:
    """When, where and what; the table; how each tool grows; and what a peer aims at if not at the same."""
    ours = {one.case: one for one in measured if one.tool == OURS}
    rows = [line for k, one in enumerate(measured) for line in lines(ours[one.case], [one], heading=not k)]
    grows = [
        f"- {tool}: n^{power:.2f} from {least:,} to {most:,}"
        for tool, power, least, most in _growth(measured)
    ]
    others = [f"- {peer.name}: {peer.goal}" for peer in PEERS if peer.goal != "the same"]
    tools = sorted({one.tool for one in measured} - {OURS})
    absent = [peer.name for peer in PEERS if peer.name not in tools]
    parts = [
        stamp(),
        f"{machine()}; medians of {repeats}; peers: {', '.join(tools) or 'none'}"
        + (f"; not asked, or not to be installed here: {', '.join(absent)}." if absent else "."),
        "*Beyond* is the peak of memory less what a process held once its libraries were loaded and the\n"
        "cohort was read: what matching, or scoring and solving, takes.",
        "\n".join(rows),
        "Growth of the time inside (least squares over the sizes):\n\n" + "\n".join(grows),
        "Aiming at something else than the best total:\n\n" + "\n".join(others),
        "![time and memory by size](times.png)",
    ]
    return "\n\n".join(parts) + "\n"


def write(text: str, measured: Sequence[Measured]) -> None:
    """Put a chapter before the earlier ones, and draw its pictures."""
    add("Beside peers", text)
    _draw(measured, HOME / "times.png")


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the size that the time grows with, by least squares of their logarithms."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)


def _growth(measured: Sequence[Measured]) -> Iterable[tuple[str, float, int, int]]:
    for tool, points in _by_tool(measured).items():
        # Small ones measure the start of Python, not the tool.
        big = [one for one in points if one.case.size >= 500]
        if len(big) >= 2:
            sizes = [one.case.size for one in big]
            yield tool, exponent(sizes, [one.inside for one in big]), min(sizes), max(sizes)


def _by_tool(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    """The figures of cohorts of the first kind, by tool, smallest first."""
    found: dict[str, list[Measured]] = {}
    for one in sorted(measured, key=lambda one: one.case.size):
        if one.case.kind == measured[0].case.kind:
            found.setdefault(one.tool, []).append(one)
    return found


def _draw(measured: Sequence[Measured], target: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for tool, points in _by_tool(measured).items():
        style = {"marker": "o", "linewidth": 2.5 if tool == OURS else 1.2, "zorder": 3 if tool == OURS else 2}
        sizes = [one.case.size for one in points]
        left.plot(sizes, [one.seconds for one in points], label=tool, **style)
        right.plot(sizes, [one.megabytes for one in points], label=tool, **style)
    for axes, words in ((left, "whole process, seconds"), (right, "memory at its peak, MB")):
        by_size(axes, (one.case.size for one in measured), "mentees, and as many mentors", words)
    figure.legend(*left.get_legend_handles_labels(), loc="outside right center", frameon=False)
    figure.savefig(target, dpi=110)


def _ratio(one: float, ours: float) -> str:
    if not ours:
        return ""
    return f"{one / ours:.2g}" if one < 100 * ours else f"{one / ours:,.0f}"
