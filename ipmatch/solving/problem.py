"""The pairing problem in integers, and the objectives by which its pairings are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from ipmatch.solving.arrays import BoolVector, HashVector, IndexVector, IntVector
from ipmatch.solving.rules import LARGEST, SIDES, Limit, Quota, Side, check_quota, check_vector

__all__ = [
    "LARGEST",
    "SIDES",
    "Level",
    "Leximin",
    "Limit",
    "Objective",
    "Problem",
    "Quota",
    "Side",
    "Threshold",
    "check_levels",
    "largest_bound",
]


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
    quotas
        Bounds on groups of people. A network holds them as long as they do not cross (see ``quotas.split``).
    limits
        Bounds on sets of pairs, which no network holds (see ``rows.parting``).
    spread
        Whether each place of a mentor has an arc of its own, so that levels may tell places apart.
    choices
        [I], [J] how many others each could be paired with, where not all allowed pairs are listed.
    kept
        What takes long to derive from these numbers alone; whoever derives it keeps it here under its name.

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
    quotas: tuple[Quota, ...] = ()
    limits: tuple[Limit, ...] = ()
    spread: bool = False
    choices: tuple[IntVector, IntVector] | None = None
    kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

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
            check_vector(name, getattr(self, name), size, kind)
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
        for k, quota in enumerate(self.quotas):
            check_quota(f"quotas[{k}]", quota, mentors if quota.side == "mentor" else mentees)
        for limit in self.limits:
            check_vector(f"limit {limit.name!r}, pairs", limit.pairs, pairs, np.bool_)

    def only(self, kept: BoolVector | IndexVector) -> Problem:
        """Return the problem without any pairs but ``kept`` [P]."""
        return replace(
            self,
            mentor=self.mentor[kept],
            mentee=self.mentee[kept],
            required=self.required[kept],
            limits=tuple(replace(limit, pairs=limit.pairs[kept]) for limit in self.limits),
        )

    def place(self, mentor: int, mentee: int) -> int | None:
        """Return where a pair stands in the list of pairs; None if it does not."""
        start, stop = np.searchsorted(self.mentor, [mentor, mentor + 1])
        found = start + int(np.searchsorted(self.mentee[start:stop], mentee))
        return found if found < stop and self.mentee[found] == mentee else None

    def most(self, side: Side) -> IntVector:
        """Return how many pairs each person of a side can have: places or wishes, and others to pair with."""
        if side not in self.kept:
            limit = self.capacity if side == "mentor" else self.wanted
            self.kept[side] = np.minimum(limit, self.others(side))
            self.kept[side].setflags(write=False)
        most: IntVector = self.kept[side]
        return most

    def others(self, side: Side) -> IntVector:
        """Return how many others each person of a side could be paired with."""
        if self.choices:
            return self.choices[SIDES.index(side)]
        if side == "mentor":
            return np.bincount(self.mentor, minlength=len(self.capacity))
        return np.bincount(self.mentee, minlength=len(self.wanted))


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
    place
        Gain of each place that mentors can fill (``Problem.most``), mentor after mentor, first place first;
        for problems that are ``spread``.
    """

    name: str
    bound: int
    pair: IntVector | None = None
    first: IntVector | None = None
    further: IntVector | None = None
    mentor: IntVector | None = None
    place: IntVector | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """The lowest score of any pair used that is not required, to be as high as possible.

    Attributes
    ----------
    name, bound
        As for ``Level``.
    score
        [P] score of each pair.
    """

    name: str
    bound: int
    score: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Leximin:
    """The same, and then as few pairs as possible of the lowest score, of the next, and so on up.

    What comes before should settle how many pairs there are: a pair less is as good as one of a high score.

    Attributes
    ----------
    name, bound, score
        As for ``Threshold``; the number of pairs of score 7 is the level ``name.7``.
    """

    name: str
    bound: int
    score: IntVector


Objective: TypeAlias = Level | Threshold | Leximin


def largest_bound(problem: Problem) -> int:
    """Return the largest bound of a level by which no price (four for each node) and no total overflows."""
    people, pairs = len(problem.capacity) + 2 * len(problem.wanted), len(problem.mentor)
    nodes = 2 + people + 2 * len(problem.quotas)
    return LARGEST // (4 * (nodes + pairs)) - 1


def check_levels(problem: Problem, levels: Iterable[Objective]) -> None:
    """Refuse levels a circulation cannot express.

    Raises
    ------
    ValueError
        If a name comes twice or is the lottery's, a gain has the wrong shape or exceeds its bound, a bound is
        too large, or a further mentor or mentee gains more than the first, which no flow can count.
    """
    levels = tuple(levels)
    none_of, pairs = np.zeros(len(problem.wanted), np.int64), len(problem.mentor)
    mentees, mentors = none_of, np.zeros(len(problem.capacity), np.int64)
    places = int(problem.most("mentor").sum()) if problem.spread else 0
    sizes = {"pair": pairs, "first": len(mentees), "further": len(mentees), "mentor": len(mentors)}
    sizes |= {"place": places, "score": pairs}
    names, families, most = set[str](), {"lottery"}, largest_bound(problem)
    for level in levels:
        if level.name in names or level.name.partition(".")[0] in families:
            raise ValueError(f"level {level.name!r}: the name is taken.")
        names.add(level.name)
        if not 0 <= level.bound <= most:
            raise ValueError(f"level {level.name!r}: the bound {level.bound} is negative or too large.")
        if (
            isinstance(level, Level)
            and level.place is not None
            and not (problem.spread and level.mentor is None)
        ):
            raise ValueError(f"level {level.name!r}, place: needs a spread problem, and no gain of mentors.")
        for kind, size in sizes.items():
            gain = getattr(level, kind, None)
            if gain is None:
                continue
            check_vector(f"level {level.name!r}, {kind}", gain, size, np.int64)
            if size and not -level.bound <= gain.min() <= gain.max() <= level.bound:
                raise ValueError(f"level {level.name!r}, {kind}: a gain exceeds the bound {level.bound}.")
        if not isinstance(level, Level):
            families.add(level.name)
            continue
        first, further = (none_of if gain is None else gain for gain in (level.first, level.further))
        mentees = np.where(mentees == 0, first - further, mentees)
        mentors = np.where(mentors == 0, 0 if level.mentor is None else level.mentor, mentors)
    if np.any(mentees[problem.wanted > 1] < 0) or np.any(mentors[problem.capacity > 1] < 0):
        raise ValueError("levels: a first mentor or mentee must never gain less than a further one.")
    if problem.spread:
        _check_places(problem, [level for level in levels if isinstance(level, Level)])


def _check_places(problem: Problem, levels: Iterable[Level]) -> None:
    mentor = np.repeat(np.arange(len(problem.capacity)), problem.most("mentor"))
    opens = np.diff(mentor, prepend=-1) > 0
    falls = np.zeros(len(mentor), np.int64)
    for level in levels:
        gains = np.zeros_like(falls) if level.place is None else level.place
        if level.mentor is not None:
            gains = np.where(opens, level.mentor[mentor], 0)
        falls = np.where((falls == 0) & ~opens, -np.diff(gains, prepend=0), falls)
    if np.any(falls < 0):
        raise ValueError("levels: no place of a mentor may gain more than the one before it.")
