"""What one change of a matching would mean: its exact price, level by level, and who would move."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from ipmatch.decisions import Decision
from ipmatch.document import Exact, Frozen, FrozenMap, decimal_near
from ipmatch.document.shown import Shown
from ipmatch.errors import Fault, UsageError
from ipmatch.people import Side

__all__ = [
    "Alternative",
    "Letter",
    "Loss",
    "Move",
    "PairPrices",
    "PlaceChange",
    "Rearranged",
    "WhatIf",
    "Withdrawal",
]

# Of a level on who is worst off nothing can be said where only one of two matchings has anyone who counts.
Loss = FrozenMap[str, Exact | None]

BoolMatrix = npt.NDArray[np.bool_]
IntMatrix = npt.NDArray[np.int64]


class Move(Frozen):
    """A mentee goes from one mentor to another, ``None`` being nobody; ``change`` is in points."""

    mentee: str
    mentor_before: str | None
    mentor_after: str | None
    change: Exact


class Alternative(Shown, Frozen):
    """One pair required, forbidden or released, everything else solved again: what is lost, and who moves.

    ``change`` says which of the three ``loss`` and ``moves`` are about, ``possible`` whether any matching
    that keeps the other rules does it. ``loss`` has an entry for each level listed, positive for worse; a
    later one may be negative where an earlier one is not 0. ``rules`` are those that do not allow the pair,
    ``conflict`` those that stand in the way of the change. ``exact`` says whether the loss is proved: where
    rules leave the network, a proof may be lacking.
    """

    mentor: str
    mentee: str
    change: Literal["require", "forbid", "release"]
    possible: bool
    exact: bool = True
    loss: Loss | None = None
    moves: tuple[Move, ...] = ()
    code: Literal[
        "already-paired",
        "costs-nothing",
        "costs",
        "gains",
        "not-allowed",
        "not-possible",
        "not-taking-part",
        "not-paired",
        "not-required",
    ]
    rules: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()
    because: str


class PlaceChange(Frozen):
    """One place more or fewer at a mentor, everything else solved again: what is lost, and who moves.

    With no place left the mentor does not take part.
    """

    mentor: str
    change: Literal["one-more", "one-fewer"]
    places: int
    possible: bool
    loss: Loss | None = None
    moves: tuple[Move, ...] = ()
    code: Literal["costs-nothing", "costs", "gains", "not-possible", "not-taking-part"]
    conflict: tuple[str, ...] = ()
    because: str


class Rearranged(Frozen):
    """A matching beside the present one: what is lost, who moves, who is left without a mentor."""

    loss: Loss
    moves: tuple[Move, ...]
    newly_alone: tuple[str, ...]


class Withdrawal(Frozen):
    """What the withdrawal of one person would do.

    ``partners`` are those paired with them now. ``repair`` keeps as many of the other pairs as rules allow,
    ``best`` is the best matching without them, equal ones resolved towards the present. Both are ``None`` if
    the rules cannot all hold without this person: ``conflict`` names those that clash.
    """

    side: Side
    id: str
    possible: bool
    partners: tuple[str, ...]
    repair: Rearranged | None
    best: Rearranged | None
    conflict: tuple[str, ...] = ()
    because: str


class WhatIf(Frozen):
    """Several decisions at once, solved again together: prices of single changes do not add up."""

    decisions: tuple[Decision, ...]
    possible: bool
    outcome: Rearranged | None
    conflict: tuple[str, ...] = ()
    because: str


class Letter(Frozen):
    """What one participant is told: their own pairs and what they share, and nothing of anybody else."""

    side: Side
    id: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class PairPrices:
    """The price of every pair on its own: of requiring it, or, where it is made already, of forbidding it.

    Attributes
    ----------
    mentors, mentees
        The ids of those who take part: row i is ``mentors[i]``, column j is ``mentees[j]``.
    levels, scales
        The levels listed, and how many units make one of what each counts.
    loss
        For each level [I, J] what is lost, in units, compared first level first; 0 where not possible.
    possible
        [I, J] whether any matching that keeps the other rules does it.
    allowed
        [I, J] whether no rule about the pair is against it.
    paired
        [I, J] the pairs of the matching.
    known
        [I, J] whether all this is so. It is not under a level on who is worst off, which a required pair is
        exempt from, nor where a requirement overrides a rule and quotas come to cross: ask ``why_not``.
    """

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    levels: tuple[str, ...]
    scales: tuple[int, ...]
    loss: tuple[IntMatrix, ...]
    possible: BoolMatrix
    allowed: BoolMatrix
    paired: BoolMatrix
    known: BoolMatrix

    def of(self, mentor: str, mentee: str) -> FrozenMap[str, Decimal] | None:
        """The loss for one pair, by level, as ``why_not`` gives it; ``None`` if it is not possible.

        Raises
        ------
        UsageError
            If one of the two does not take part.
        """
        sides = (("mentor", mentor, self.mentors), ("mentee", mentee, self.mentees))
        faults = [
            Fault(side, f'no {side} who takes part has the id "{identifier}".', "Check the id.")
            for side, identifier, known in sides
            if identifier not in known
        ]
        if faults:
            raise UsageError(faults)
        pair = self.mentors.index(mentor), self.mentees.index(mentee)
        if not self.possible[pair]:
            return None
        amounts = zip(self.levels, self.scales, self.loss, strict=True)
        return FrozenMap({level: decimal_near(int(loss[pair]), scale) for level, scale, loss in amounts})
