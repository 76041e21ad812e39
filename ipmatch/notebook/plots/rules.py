"""Plots of many policies: what changes with a weight, and what can be traded for what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ipmatch.answers.insights import Frontier
from ipmatch.answers.sweeps import Sweep
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect, one_of
from ipmatch.notebook.frames import rows_of
from ipmatch.notebook.plots.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SKY,
    VERMILLION,
    axes_of,
    finished,
    whole_numbers,
)
from ipmatch.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["changed", "frontier", "tradeoff"]

LINES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."), (VERMILLION, ":"), (SKY, "-"), (GREY, "--"))
# More ratios than this along a frontier would hide it.
MOST_RATIOS = 9


def changed(sweep: Sweep, *, weight: str | None = None, ax: Axes | None = None) -> Axes:
    """How many pairs of the base are not made, against one weight: a line for each setting of the others.

    Parameters
    ----------
    weight
        The criterion across; ``None`` for the first swept.

    Raises
    ------
    UsageError
        If no such weight was swept.
    """
    expect(sweep=(sweep, Sweep))
    rows = [row for row in sweep.rows if row.possible]
    swept = list(dict.fromkeys(name for row in sweep.rows for name in row.weights))
    chosen = swept[0] if weight is None and swept else weight
    expect(weight=(weight, str, None))
    if chosen not in swept:
        raise UsageError([Fault("weight", f'"{chosen}" was not swept.', f"Use {', '.join(swept)}.")])
    ax = axes_of(ax)
    lines: dict[str, list[tuple[float, int]]] = {}
    for row in rows:
        others = ", ".join(f"{name} {value:f}" for name, value in row.weights.items() if name != chosen)
        lines.setdefault(others, []).append((float(row.weights[chosen]), row.left))
    for place, (others, points) in enumerate(lines.items()):
        colour, dashes = LINES[place % len(LINES)]
        across, up = zip(*sorted(points), strict=True)
        ax.plot(across, up, dashes, color=colour, marker="o", markersize=4, label=others)
    today = sweep.base.policy.weight(chosen)
    ax.axvline(float(today), color=GREY, linewidth=1, linestyle=":")
    ax.annotate(
        f"base {today:f}",
        (float(today), 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        fontsize="small",
    )
    ax.set_ylim(bottom=0)
    whole_numbers(ax.yaxis)
    ax.set_xlabel(f"weight of {chosen.replace('_', ' ')}, points")
    ax.set_ylabel("pairs changed")
    if any(lines):
        ax.legend(frameon=False, fontsize="small")
    left = [row.left for row in rows]
    still = [row.weights[chosen] for row in rows if not row.left]
    # Where the lowest score counts, the base may be the best again beyond weights by which it is not.
    gaps = any(row.left and min(still) <= row.weights[chosen] <= max(still) for row in rows if still)
    alt = (
        f"Line of pairs changed against the weight of {chosen}, base {today:f}: "
        f"at most {counted(max(left, default=0), 'pair')} of {len(sweep.base.pairs)}"
    )
    alt += (
        f"; none between {min(still):f} and {max(still):f} where tried"
        if still and not gaps and not any(lines)
        else ""
    )
    return finished(ax, f"Pairs changed as {chosen.replace('_', ' ')} counts more", f"{alt}.")


def tradeoff(
    sweep: Sweep, *, x: str = "outside_share", y: str = "tier_scope-and-sector", ax: Axes | None = None
) -> Axes:
    """Two columns of a sweep's frame against each other: a point for each policy, the base marked.

    Raises
    ------
    UsageError
        If the sweep has no such column of numbers.
    """
    expect(sweep=(sweep, Sweep))
    rows, base = rows_of(sweep), rows_of(Sweep(base=sweep.base, rows=(sweep.base,)))
    numbers = [name for name, kind in rows.kinds.items() if kind in (int, float)]
    for axis, name in (("x", x), ("y", y)):
        one_of(axis, name, numbers)
    ax = axes_of(ax, width=5.5, height=4)
    cells = zip(rows.columns["possible"], rows.columns[x], rows.columns[y], strict=True)
    points = [
        (float(a), float(b)) for possible, a, b in cells if possible and a is not None and b is not None
    ]
    sizes: dict[tuple[float, float], int] = {}
    for point in points:
        sizes[point] = sizes.get(point, 0) + 1
    if sizes:
        across, up = zip(*sizes, strict=True)
        area = [30 + 18 * (count - 1) for count in sizes.values()]
        ax.scatter(across, up, s=area, color=BLUE, alpha=0.75, label="policies; larger: several")
    here = [base.columns[name][0] if name in base.columns else 0 for name in (x, y)]
    if None not in here:
        ax.scatter(
            float(here[0]),
            float(here[1]),
            marker="*",
            s=190,
            color=VERMILLION,
            edgecolors="white",
            label="base",
            zorder=3,
        )
    ax.set_xlabel(x.replace("_", " "))
    ax.set_ylabel(y.replace("_", " "))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small")
    alt = f"Points of {counted(len(points), 'policy', 'policies')}, {x} across and {y} up"
    if points:
        (left, right), (low, high) = ((min(values), max(values)) for values in zip(*points, strict=True))
        alt += f": from {left:g} to {right:g} and from {low:g} to {high:g}"
    return finished(ax, "What policies trade", f"{alt}.")


def frontier(front: Frontier, *, ax: Axes | None = None) -> Axes:
    """The pairings that some weights of two criteria make the best, and the ratios at which they give way."""
    expect(front=(front, Frontier))
    ax = axes_of(ax, width=5.8, height=4.2)
    across = [float(point.totals[front.one]) for point in front.points]
    up = [float(point.totals[front.other]) for point in front.points]
    ax.plot(across, up, "-", color=GREY, linewidth=1.2, zorder=1)
    ax.scatter(across, up, color=BLUE, s=42, zorder=2, label="best for some weights")
    ratios = [one.numerator / one.denominator for one in front.breakpoints]
    if len(ratios) <= MOST_RATIOS:
        for ratio, (a, b) in zip(front.breakpoints, pairwise(zip(across, up, strict=True)), strict=True):
            words = (
                f"{ratio.numerator}" if ratio.denominator == 1 else f"{ratio.numerator}/{ratio.denominator}"
            )
            ax.annotate(
                words,
                ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2),
                xytext=(5, 5),
                textcoords="offset points",
                fontsize="small",
            )
    today = None if front.today is None else front.today.numerator / front.today.denominator
    if today is not None:
        here = sum(ratio < today for ratio in ratios)
        ax.scatter(
            across[here],
            up[here],
            marker="*",
            s=210,
            color=VERMILLION,
            edgecolors="white",
            zorder=3,
            label="today",
        )
    ax.set_xlabel(f"{front.one.replace('_', ' ')}: strength over all pairs")
    ax.set_ylabel(f"{front.other.replace('_', ' ')}: strength over all pairs")
    ax.margins(0.12)
    ax.legend(frameon=False, fontsize="small")
    alt = (
        f"Frontier of {front.one} against {front.other}: {counted(len(front.points), 'pairing')}, "
        f"from {across[0]:g} and {up[0]:g} to {across[-1]:g} and {up[-1]:g}"
    )
    if ratios:
        alt += f"; they change where the weight of {front.one} is " + ", ".join(
            f"{one:.4g}" for one in ratios[:20]
        )
        alt += f" times that of {front.other}"
    return finished(ax, f"Trading {front.one} for {front.other}; numbers are ratios of weights", f"{alt}.")
