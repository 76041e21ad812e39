"""What all plots share: axes to draw on, colours anyone can tell apart, and the words for who listens."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from ipmatch.errors import Fault, UsageError, needing
from ipmatch.expecting import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "SKY",
    "TIERS_COLOURS",
    "VERMILLION",
    "Described",
    "axes_of",
    "described",
    "finished",
    "whole_numbers",
]

# Okabe & Ito (2008), "Color Universal Design".
BLUE, SKY, GREEN, ORANGE, VERMILLION, GREY = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#8C8C8C",
)
TIERS_COLOURS = {"scope-and-sector": BLUE, "sector": SKY, "scope": GREEN, "outlier": ORANGE}


@dataclass(frozen=True, slots=True)
class Described:
    """A plot as a notebook shows it, with its words for whoever cannot see it."""

    alt: str
    image: bytes = field(repr=False)

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.image).decode("ascii")
        return (
            f'<figure style="margin:0"><img alt="{escape(self.alt, quote=True)}" style="max-width:100%" '
            f'src="data:image/png;base64,{data}"></figure>'
        )


def axes_of(ax: Axes | None, *, width: float = 7.0, height: float = 4.0) -> Axes:
    """The axes given, or new ones of this size in inches.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    UsageError
        If these are no axes.
    """
    with needing("notebook", "A plot"):
        from matplotlib import axes, pyplot
    expect(ax=(ax, axes.Axes, None))
    if ax is not None:
        return ax
    return pyplot.subplots(figsize=(width, height), layout="constrained")[1]


def finished(ax: Axes, title: str, alt: str) -> Axes:
    """The axes under their title, with the frame a reader does not need taken off, and their words kept."""
    ax.set_title(title, loc="left", fontweight="bold", fontsize="medium")
    ax.spines[["top", "right"]].set_visible(False)
    vars(ax)["alt"] = alt
    return ax


def whole_numbers(axis: Axis) -> None:
    """Let an axis that counts have ticks at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))


def described(ax: Axes) -> Described:
    """The plot as a picture with its words, to end a cell with; the figure behind it is closed.

    Raises
    ------
    UsageError
        If it is none of these plots.
    """
    alt = getattr(ax, "alt", None)
    if not alt:
        raise UsageError([Fault("plot", "these axes have no words.", "Give what a plot of ipmatch gives.")])
    from matplotlib import pyplot

    figure, picture = ax.get_figure(root=True), BytesIO()
    if figure is None:
        raise UsageError([Fault("plot", "these axes have no figure.", "Draw the plot again.")])
    figure.savefig(picture, format="png", dpi=144, metadata={"Description": alt})
    pyplot.close(figure)
    return Described(alt, picture.getvalue())
