"""Sweep: many policies side by side, one tidy row for each."""

from __future__ import annotations

from ipmatch.document import Exact, Frozen, FrozenMap
from ipmatch.document.shown import Shown
from ipmatch.policy import Policy

__all__ = ["Sweep", "SweepRow"]


class SweepRow(Frozen):
    """What one policy makes of a cohort.

    ``weights`` are those swept, or all where policies were given. ``score`` is in the points of this policy,
    ``worst`` the lowest of any pair. ``left`` and ``came`` count the pairs of the base that are not made, and
    those that are new. Of the pairs of which both organisations are known, ``organisations_known``, those
    between different ones are ``outside``. A policy whose rules cannot hold, or whose weights are refused, is
    not ``possible``: ``because`` says why.
    """

    policy: Policy
    weights: FrozenMap[str, Exact]
    possible: bool = True
    placed: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    tiers: FrozenMap[str, int] = FrozenMap()
    score: Exact | None = None
    worst: Exact | None = None
    left: int = 0
    came: int = 0
    outside: int = 0
    organisations_known: int = 0
    because: str = ""


class Sweep(Shown, Frozen):
    """What many policies make of one cohort, in the order given; ``base`` is what they are compared with."""

    base: SweepRow
    rows: tuple[SweepRow, ...]
