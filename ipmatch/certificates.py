"""Certificates: the integers that prove a matching best, as they are written and read."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, StrictInt

from ipmatch.document import Frozen, FrozenMap

__all__ = ["Certificate", "LevelProof", "Part", "ProofStep"]

Prices = FrozenMap[str, tuple[StrictInt, ...]]


class Part(Frozen):
    """A part of a matching; fields added by a later ipmatch are ignored."""

    model_config = ConfigDict(extra="ignore")


class ProofStep(Part):
    """A Lagrangian bound: a price for each node of the network, and multipliers of rows.

    Multipliers stand as (row, multiplier), in units of 1 / ``denominator``. A step that is too weak by itself
    tightens what is possible for the ``parts`` that follow it: one, or two for at most ``most`` units on
    ``arc`` and for more.
    """

    denominator: StrictInt
    rows: StrictInt
    multipliers: tuple[tuple[StrictInt, StrictInt], ...] = ()
    prices: tuple[StrictInt, ...] = ()
    parts: StrictInt = 0
    arc: StrictInt | None = None
    most: StrictInt | None = None


class LevelProof(Part):
    """That no pairing as good by the levels before gains more than ``bound`` units; None claims nothing."""

    level: str
    bound: StrictInt | None
    kind: Literal["none", "lagrangian", "tree"]
    proof: tuple[ProofStep, ...] | None


class Certificate(Part):
    """Integers that prove a matching without a solver: dual prices, or bounds where rules leave the network.

    With ``method`` network, ``order`` names the levels, and each person has one price for each; ``asks``
    holds the second node of a mentee who wants several mentors, ``quotas`` the node of each group that quotas
    bound, mentors' before mentees', as the policy lists them. Otherwise ``rows`` names the rules beside the
    network and ``levels`` holds a proof of each level. ``unique`` says whether no other matching is as good,
    the lottery included.

    The prices of a level on who is worst off prove that some pair scores no more. Those of levels that begin
    with ``without.`` prove the matching that fairness is compared with; with ``method`` stable, those that
    begin with ``best.`` prove the best one, while the pairing itself is proved by looking at every pair.
    """

    method: Literal["network", "lagrangian", "tree", "stable"] = "network"
    order: tuple[str, ...] = ()
    mentors: Prices = FrozenMap()
    mentees: Prices = FrozenMap()
    asks: Prices = FrozenMap()
    quotas: tuple[tuple[StrictInt, ...], ...] = ()
    rows: tuple[str, ...] = ()
    levels: tuple[LevelProof, ...] = ()
    unique: bool = True
