"""The figures of big cohorts as a table, a chapter of ``RESULTS.md``, and a picture beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.crowds import CLOSE, CrowdMeasured, Lap, milestones
from benchmarks.plots import by_size
from benchmarks.report import exponent
from benchmarks.results import HOME, add, heading_of, machine, row_of, stamp

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["crowd_chapter", "crowd_lines", "write_crowds"]

COLUMNS = (
    "kind",
    "n",
    "mentors",
    "workers",
    *(f"gap ≤ {close * 100:g} % s" for close in CLOSE),
    "score proved s",
    "all proved s",
    "explained s",
    "processor s",
    "memory MB",
    "beyond input",
    "verify s",
    "processor s",
    "pairs",
    "gap",
)


def crowd_lines(measured: Iterable[CrowdMeasured], *, heading: bool) -> list[str]:
    """Rows of the table."""
    rows = heading_of(COLUMNS, words=(0,)) if heading else []
    for one in measured:
        when, last = milestones(one.laps, proved=one.proved), _last(one)
        cells = [one.case.kind, f"{one.case.size:,}", f"{one.case.mentors:,}", str(one.case.workers)]
        cells += [_seconds(when.get(key)) for key in (*map(str, CLOSE), "score", "all", "explained")]
        cells += ["", "", ""] if last is None else _used(one, last)
        cells += [
            *map(_seconds, one.verify or (None, None)),
            "" if one.pairs is None else f"{one.pairs:,}",
            "" if one.gap is None else f"{one.gap * 100:.2g} %",
        ]
        rows.append(row_of(cells))
    return rows


def crowd_chapter(measured: Sequence[CrowdMeasured]) -> str:
    """When, where and what; the table; how it grows; and what did not come to its end."""
    limits = sorted({one.case.time_limit for one in measured if one.case.time_limit is not None})
    stopped = f"; stopped after {', '.join(f'{limit:g}' for limit in limits)} s" if limits else ""
    grows = [
        f"- {kind}, {what}: n^{exponent(sizes, used):.2f} from {min(sizes):,} to {max(sizes):,}"
        for kind, points in _whole(measured).items()
        for what, used in _growing(points).items()
        if len(set(sizes := [one.case.size for one in points])) > 1
    ]
    failed = [
        f"- {one.case.kind}, {one.case.size:,}: {one.failure}; last told: "
        + (f"“{last.words}” after {_seconds(last.seconds)} s." if (last := _last(one)) else "nothing.")
        for one in measured
        if one.failure is not None
    ]
    parts = [
        stamp(),
        f"{machine()}; one run each{stopped}.",
        "\n".join(crowd_lines(measured, heading=True)),
        *(["Growth (least squares over the sizes):\n\n" + "\n".join(grows)] if grows else []),
        *(["Not to the end:\n\n" + "\n".join(failed)] if failed else []),
        *(["![time and memory by size](crowds.png)"] if _grows(measured) else []),
    ]
    return "\n\n".join(parts) + "\n"


def write_crowds(measured: Sequence[CrowdMeasured]) -> None:
    """Add the chapter, and draw its picture, which one size alone does not make."""
    add("Big cohorts", crowd_chapter(measured))
    if _grows(measured):
        _draw(measured, HOME / "crowds.png")


def _grows(measured: Iterable[CrowdMeasured]) -> bool:
    return len({one.case.size for one in measured}) > 1


def _last(one: CrowdMeasured) -> Lap | None:
    return one.laps[-1] if one.laps else None


def _used(one: CrowdMeasured, last: Lap) -> list[str]:
    return [
        _seconds(last.cpu),
        f"{last.megabytes:,.0f}",
        f"{last.megabytes - one.laps[0].megabytes:,.0f}",
    ]


def _whole(measured: Iterable[CrowdMeasured]) -> dict[str, list[CrowdMeasured]]:
    """Those that came to their proved end, by kind, smallest first."""
    found: dict[str, list[CrowdMeasured]] = {}
    for one in sorted(measured, key=lambda one: one.case.size):
        if one.failure is None and one.proved:
            found.setdefault(one.case.kind, []).append(one)
    return found


def _growing(points: Sequence[CrowdMeasured]) -> dict[str, list[float]]:
    return {
        "explained": [one.laps[-1].seconds for one in points],
        "processor": [one.laps[-1].cpu for one in points],
    }


def _draw(measured: Sequence[CrowdMeasured], target: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    kinds = list(dict.fromkeys(one.case.kind for one in measured))
    marks = {"0.01": ":", "score": "--", "explained": "-"}
    words = {"0.01": "within 1 %", "score": "score proved", "explained": "explained"}
    for number, kind in enumerate(kinds):
        points = sorted((one for one in measured if one.case.kind == kind and one.laps), key=_size)
        style: dict[str, Any] = {"color": f"C{number}", "marker": "o", "markersize": 4}
        for key, dashes in marks.items():
            seen = [
                (one.case.size, when[key])
                for one in points
                if key in (when := milestones(one.laps, proved=one.proved))
            ]
            _plot(left, seen, dashes, f"{kind}, {words[key]}", style)
        checked = [(one.case.size, one.verify[0]) for one in points if one.verify is not None]
        _plot(left, checked, "-.", f"{kind}, verify", style | {"alpha": 0.5})
        sizes = [one.case.size for one in points]
        right.plot(sizes, [one.laps[-1].megabytes for one in points], "-", label=f"{kind}, in all", **style)
        right.plot(sizes, [one.laps[0].megabytes for one in points], ":", label=f"{kind}, input", **style)
    for axes, title in ((left, "seconds since the call"), (right, "memory at its peak, MB")):
        by_size(axes, (one.case.size for one in measured), "mentees", title)
        axes.legend(frameon=False, fontsize="small")
    figure.savefig(target, dpi=110)


def _plot(
    axes: Axes, points: Sequence[tuple[int, float]], dashes: str, label: str, style: dict[str, Any]
) -> None:
    axes.plot([size for size, _ in points], [value for _, value in points], dashes, label=label, **style)


def _size(one: CrowdMeasured) -> int:
    return one.case.size


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if value >= 10 else f"{value:.2f}"
