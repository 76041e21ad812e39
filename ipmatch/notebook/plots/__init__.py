"""Plots for analysts, in matplotlib: each takes ``ax=None`` and gives the axes, with its words in ``alt``.

Colours are those of Okabe and Ito, and cividis, which colour-blind readers can tell apart; nothing is told by
colour alone. :func:`described` shows a plot with its words, for readers who listen.
"""

from ipmatch.notebook.plots.drawing import described
from ipmatch.notebook.plots.people import loads, resilience, scores, supply, tiers
from ipmatch.notebook.plots.rules import changed, frontier, tradeoff

__all__ = [
    "changed",
    "described",
    "frontier",
    "loads",
    "resilience",
    "scores",
    "supply",
    "tiers",
    "tradeoff",
]


def __dir__() -> list[str]:
    return [*__all__]
