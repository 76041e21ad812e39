"""The pairing problem in integers, and the objectives by which its pairings are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolVector, HashVector, IntVector

__all__ = ["LARGEST", "Level", "Problem", "check_levels"]

LARGEST = 2**60
"""No price or distance is larger: the sum of three such numbers and a cost still fits 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Who may be paired with whom, in integers alone: I mentors, J mentees, P allowed pairs.

    Attributes
    ----------
    capacity, minimum
        [I] places of each mentor, at least 1; pairs he must have, at least 0 (perhaps more than can be had).
    wanted
        [J] mentors each mentee asks for, at least 1.
    mentor, mentee
        [P] the allowed pairs, sorted by mentor and then mentee, each once.
    required
        [P] the pairs that must be used.
    mentor_number, mentee_number
        [I], [J] lottery numbers.

    Raises
    ------
    ValueError
        If an array has the wrong type, shape, order or sign.
    """

    capacity: IntVector
    minimum: IntVector
    wanted: IntVector
    mentor: IntVector
    mentee: IntVector
    required: BoolVector
    mentor_number: HashVector
    mentee_number: HashVector

    def __post_init__(self) -> None:
        mentors, mentees, pairs = len(self.capacity), len(self.wanted), len(self.mentor)
        for name, size, kind in (
            ("capacity", mentors, np.int64),
            ("minimum", mentors, np.int64),
            ("wanted", mentees, np.int64),
            ("mentor", pairs, np.int64),
            ("mentee", pairs, np.int64),
            ("required", pairs, np.bool_),
            ("mentor_number", mentors, np.uint64),
            ("mentee_number", mentees, np.uint64),
        ):
            _check_vector(name, getattr(self, name), size, kind)
        for name, least, most in (
            ("capacity", 1, LARGEST),
            ("minimum", 0, LARGEST),
            ("wanted", 1, LARGEST),
            ("mentor", 0, mentors - 1),
            ("mentee", 0, mentees - 1),
        ):
            values = getattr(self, name)
            if len(values) and not least <= values.min() <= values.max() <= most:
                raise ValueError(f"{name}: every entry must lie between {least} and {most}.")
        sooner, later = self.mentor[:-1], self.mentor[1:]
        if not np.all((sooner < later) | ((sooner == later) & (self.mentee[:-1] < self.mentee[1:]))):
            raise ValueError("mentor, mentee: the pairs must be sorted by mentor, then mentee, each once.")


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One objective of the lexicographic order: what each choice gains, to be maximised; None is all zero.

    Attributes
    ----------
    name
        Names the level in prices and messages.
    bound
        The largest absolute gain the policy allows, whether or not a choice at hand has it.
    pair
        [P] gain of using a pair.
    first, further
        [J] gain of a mentee's first mentor; of each mentor after the first.
    mentor
        [I] gain of a mentor's first mentee.
    """

    name: str
    bound: int
    pair: IntVector | None = None
    first: IntVector | None = None
    further: IntVector | None = None
    mentor: IntVector | None = None


def check_levels(problem: Problem, levels: Iterable[Level]) -> None:
    """Refuse levels a circulation cannot express.

    Raises
    ------
    ValueError
        If a name comes twice or is the lottery's, a gain has the wrong shape or exceeds its bound, a bound is
        too large, or a further mentor or mentee gains more than the first, which no flow can count.
    """
    none_of, pairs = np.zeros(len(problem.wanted), np.int64), len(problem.mentor)
    mentees, mentors = none_of, np.zeros(len(problem.capacity), np.int64)
    sizes = {"pair": pairs, "first": len(mentees), "further": len(mentees), "mentor": len(mentors)}
    names = set[str]()
    for level in levels:
        if level.name in names or level.name.startswith("lottery."):
            raise ValueError(f"level {level.name!r}: the name is taken.")
        names.add(level.name)
        # Neither a price (four for each node) nor a total may overflow.
        if not 0 <= level.bound <= LARGEST // (4 * (2 + len(mentors) + 2 * len(mentees) + pairs)) - 1:
            raise ValueError(f"level {level.name!r}: the bound {level.bound} is negative or too large.")
        for kind, size in sizes.items():
            gain = getattr(level, kind)
            if gain is None:
                continue
            _check_vector(f"level {level.name!r}, {kind}", gain, size, np.int64)
            if size and not -level.bound <= gain.min() <= gain.max() <= level.bound:
                raise ValueError(f"level {level.name!r}, {kind}: a gain exceeds the bound {level.bound}.")
        first, further = (none_of if gain is None else gain for gain in (level.first, level.further))
        mentees = np.where(mentees == 0, first - further, mentees)
        mentors = np.where(mentors == 0, 0 if level.mentor is None else level.mentor, mentors)
    if np.any(mentees[problem.wanted > 1] < 0) or np.any(mentors[problem.capacity > 1] < 0):
        raise ValueError("levels: a first mentor or mentee must never gain less than a further one.")


def _check_vector(name: str, vector: npt.NDArray[np.generic], size: int, kind: type) -> None:
    if vector.shape != (size,) or vector.dtype != kind:
        raise ValueError(
            f"{name}: expected {size} entries of {kind.__name__.rstrip('_')}, "
            f"found shape {vector.shape} of {vector.dtype}."
        )
