"""How the pictures beside ``RESULTS.md`` look: both axes by powers, told in plain numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["by_size"]


def by_size(axes: Axes, sizes: Iterable[int], what: str, title: str) -> None:
    """Set up a picture of something by the sizes measured, each of which stands at the axis."""
    from matplotlib.ticker import LogLocator, StrMethodFormatter

    measured = sorted(set(sizes))
    axes.set(xscale="log", yscale="log", xlabel=what, title=title)
    axes.set_xticks(measured, [f"{size:,}" for size in measured])
    axes.minorticks_off()
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.grid(visible=True, which="major", alpha=0.3)
