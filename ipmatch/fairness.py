"""What fairness changes: the points it gives up, and whom it helps."""

from __future__ import annotations

from typing import Literal

from ipmatch.certificates import Part
from ipmatch.document import Exact

__all__ = ["FairnessCost", "Shift"]


class Shift(Part):
    """A mentee who gains or loses by fairness: the points of their pairs without it and with it.

    ``None`` stands for having no mentor; ``change`` counts that as 0 points.
    """

    mentee: str
    points_without: Exact | None
    points: Exact | None
    change: Exact


class FairnessCost(Part):
    """A matching beside the best one by the same policy without its level on who is worst off.

    ``points`` are those given up in total. ``lowest`` is the lowest score of a pair that is not required,
    ``None`` if there is none. ``gains`` and ``loses`` are mentees, the largest change first.
    ``pairs_without`` are the matching it is compared with, (mentor, mentee), so that it can be proved again:
    of several as good the one that shares most pairs with this one.
    """

    level: Literal["fairness", "leximin"]
    points: Exact
    lowest: Exact | None
    lowest_without: Exact | None
    gains: tuple[Shift, ...]
    loses: tuple[Shift, ...]
    pairs_without: tuple[tuple[str, str], ...]
    because: str
