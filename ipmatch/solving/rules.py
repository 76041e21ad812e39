"""Rules about groups: how many of some people, or of some pairs, there must and may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolVector, IndexVector

__all__ = ["LARGEST", "SIDES", "Limit", "Quota", "Side", "check_quota", "check_vector"]

Side: TypeAlias = Literal["mentor", "mentee"]
SIDES: tuple[Side, ...] = ("mentor", "mentee")

LARGEST = 2**60
"""No price or distance is larger: the sum of three such numbers and a cost still fits 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Quota:
    """What a group of people must and may have.

    Attributes
    ----------
    side, members
        The group: sorted indices of mentors, or of mentees.
    minimum
        How many different members must have a pair.
    maximum
        How many pairs the members may have together; None is any number.
    """

    side: Side
    members: IndexVector
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """How many of some pairs [P] must and may be used; None is any number. ``name`` is its own."""

    name: str
    pairs: BoolVector
    minimum: int = 0
    maximum: int | None = None


def check_quota(name: str, quota: Quota, people: int) -> None:
    """Refuse members out of order or range, and numbers out of range."""
    members = quota.members
    check_vector(f"{name}, members", members, len(members), np.int64)
    if len(members) and not (members[0] >= 0 and members[-1] < people and np.all(np.diff(members) > 0)):
        raise ValueError(f"{name}, members: must be sorted, each once, between 0 and {people - 1}.")
    if not 0 <= quota.minimum <= LARGEST or not (quota.maximum is None or 0 <= quota.maximum <= LARGEST):
        raise ValueError(f"{name}: minimum and maximum must lie between 0 and {LARGEST}.")


def check_vector(name: str, vector: npt.NDArray[np.generic], size: int, kind: type) -> None:
    """Refuse a vector of another size or type."""
    if vector.shape != (size,) or vector.dtype != kind:
        raise ValueError(
            f"{name}: expected {size} entries of {kind.__name__.rstrip('_')}, "
            f"found shape {vector.shape} of {vector.dtype}."
        )
