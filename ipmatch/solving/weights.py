"""How far a weight may move before another pairing is better, and what two criteria can be traded for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TypeAlias

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.faces import Face, face_of, with_only
from ipmatch.solving.lexicographic import Assignment, solve
from ipmatch.solving.problem import LARGEST, Level, Objective, Problem

__all__ = ["Component", "Frontier", "Interval", "Point", "frontier", "interval", "steady"]

_Totals: TypeAlias = tuple[int, int]
"""What a pairing counts in all other components, and in the one whose weight moves."""


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """A criterion's part of the score: its weight, and what it counts for each pair [P] before the weight."""

    weight: Fraction
    gain: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """The weights of one criterion, ends included, for which the pairing is among the best.

    Attributes
    ----------
    low, high
        The ends; ``low`` is at least 0, ``high`` is None if no weight is too large.
    below, above
        [P] the pairing of the weights just beyond each end; None where there is no beyond.
    """

    low: Fraction
    high: Fraction | None
    below: BoolVector | None
    above: BoolVector | None


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A pairing [P] that some weights make the best, and its totals of the two gains."""

    first: int
    second: int
    used: BoolVector


@dataclass(frozen=True, slots=True, eq=False)
class Frontier:
    """The pairings that some weight of the first gain makes best, the second's being 1, from 0 upwards.

    At each of the ``breakpoints`` a point ties with the next; there is one fewer of them.
    """

    points: tuple[Point, ...]
    breakpoints: tuple[Fraction, ...]


def interval(
    problem: Problem,
    levels: Sequence[Objective],
    answer: Assignment,
    components: Sequence[Component],
    k: int,
    *,
    at: int,
) -> Interval:
    """Find between which weights of component ``k`` the answer stays best by ``levels[: at + 1]``.

    Parameters
    ----------
    problem, levels, answer
        The problem, its levels without the lottery's, and the answer of ``solve`` to them.
    components
        The parts of the score, by which the gain of ``levels[at]`` is a multiple of their weighted sum.
    at
        Which level is the score; those after it only choose the pairings beyond the ends.

    Raises
    ------
    ValueError
        If the answer is not the best at today's weights, or a level before is a threshold or leximin: their
        scores move with the weights.
    InternalError
        If numbers are too large.

    References
    ----------
    Eisner & Severance (1976), "Mathematical techniques for efficient record segmentation in large shared
    databases", *Journal of the ACM* 23(4).
    """
    _refuse_thresholds(levels[:at])
    score = _Score(problem, levels, answer, components, k, at)
    mine, today = score.totals(answer.used), components[k].weight
    if not _tied(mine, score.totals(score.best(today).used), today):
        raise ValueError("answer: it is not the best at these weights.")
    low, high = score.end(mine, Fraction(0)) or Fraction(0), score.end(mine, None)
    return Interval(
        low=low,
        high=high,
        below=score.pairing(low, -1) if low else None,
        above=None if high is None else score.pairing(high, 1),
    )


def steady(
    problem: Problem,
    levels: Sequence[Objective],
    answer: Assignment,
    components: Sequence[Component],
    k: int,
    *,
    at: int,
    low: Fraction,
    high: Fraction,
) -> BoolVector:
    """Mark the pairs [P] in all pairings best by ``levels[: at + 1]``, at every weight from low to high.

    Parameters and errors as for ``interval``.
    """
    _refuse_thresholds(levels[:at])
    score = _Score(problem, levels, answer, components, k, at)
    _, breakpoints = score.pieces(low, high)
    always = np.ones(len(answer.used), np.bool_)
    # What is best between two breakpoints is among the best at them.
    for weight in {low, high, *breakpoints}:
        face = score.best(weight)
        always &= face.used & ~face.sometimes()
    return always


def frontier(
    problem: Problem,
    levels: Sequence[Objective],
    answer: Assignment,
    first: IntVector,
    second: IntVector,
    *,
    at: int,
) -> Frontier:
    """Trade one gain for another among the pairings best by ``levels[:at]``.

    Compromises that no weights make the best are not found.

    Parameters
    ----------
    problem, levels, answer
        As for ``interval``; the gain of ``levels[at]`` is not looked at.
    first, second
        [P] the gains to weigh against each other.
    """
    components = [Component(Fraction(1), first), Component(Fraction(1), second)]
    score = _Score(problem, levels, answer, components, 0, at)
    totals, breakpoints = score.pieces(Fraction(0), None)
    edges = [Fraction(0), *breakpoints, (breakpoints or [Fraction(0)])[-1] + 2]
    points = tuple(
        Point(own * score.unit, rest * score.unit, score.pairing((before + after) / 2))
        for (rest, own), (before, after) in zip(totals, pairwise(edges), strict=True)
    )
    return Frontier(points, tuple(breakpoints))


class _Score:
    """The score as ``rest + weight * own``, both integers, over the pairings best by the levels before."""

    def __init__(
        self,
        problem: Problem,
        levels: Sequence[Objective],
        answer: Assignment,
        components: Sequence[Component],
        k: int,
        at: int,
    ) -> None:
        self._problem, self._levels, self._at = problem, tuple(levels), at
        self._face = face_of(problem, levels[:at], answer)
        weights = [Fraction(1) if i == k else part.weight for i, part in enumerate(components)]
        scale = lcm(*(weight.denominator for weight in weights))
        factors = [int(weight * scale) for weight in weights]
        most = [int(np.abs(part.gain).max(initial=0)) for part in components]
        if sum(abs(factor) * size for factor, size in zip(factors, most, strict=True)) > LARGEST:
            raise InternalError("The weighted gains are too large.")
        self._own: IntVector = components[k].gain * factors[k]
        self._rest: IntVector = np.zeros_like(self._own)
        for i, (part, factor) in enumerate(zip(components, factors, strict=True)):
            if i != k:
                self._rest += part.gain * factor
        self.unit = (
            int(np.gcd(np.gcd.reduce(self._own, initial=0), np.gcd.reduce(self._rest, initial=0))) or 1
        )
        self._own //= self.unit
        self._rest //= self.unit

    def totals(self, used: BoolVector) -> _Totals:
        return sum(self._rest[used].tolist()), sum(self._own[used].tolist())

    def best(self, weight: Fraction | None) -> Face:
        """Find all pairings best at a weight, or at every weight large enough."""
        if weight is None:
            return self._face.best(self._cost(-self._own)).best(self._cost(-self._rest))
        return self._face.best(self._cost(-self._gain(weight)))

    def end(self, mine: _Totals, weight: Fraction | None) -> Fraction | None:
        """Come from a far weight towards today's, until the pairing with totals ``mine`` is best."""
        while True:
            theirs = self.totals(self.best(weight).used)
            if _tied(mine, theirs, weight):
                return weight
            weight = _crossing(mine, theirs)

    def pieces(self, low: Fraction, high: Fraction | None) -> tuple[list[_Totals], list[Fraction]]:
        """List the totals of the best from one weight to another, and the weights where they change."""
        last = self.best(high) if high is None else self.best(high).best(self._cost(self._own))
        totals, ahead = [self._last_at(low)], [self.totals(last.used)]
        breakpoints = list[Fraction]()
        if ahead[0][1] <= totals[0][1]:
            return totals, breakpoints
        while ahead:
            weight = _crossing(totals[-1], ahead[-1])
            between = self._last_at(weight)
            if _tied(between, ahead[-1], weight):
                breakpoints.append(weight)
                totals.append(ahead.pop())
            else:
                ahead.append(between)
        return totals, breakpoints

    def pairing(self, weight: Fraction, beyond: int = 0) -> BoolVector:
        """Choose the pairing [P] of a weight, or of those just beyond, by later levels and the lottery."""
        face, gain = self.best(weight), self._gain(weight)
        if beyond:
            face = face.best(self._cost(-beyond * self._own))
        possible = face.used | face.sometimes()
        chosen = [_level("weights.score", gain), _level("weights.beyond", beyond * self._own)]
        levels = [*self._levels[: self._at], *chosen, *self._levels[self._at + 1 :]]
        smaller, same = with_only(self._problem, levels, possible)
        used = np.zeros_like(possible)
        used[possible] = solve(smaller, same).used
        return used

    def _last_at(self, weight: Fraction) -> _Totals:
        """Of the pairings best at a weight, take those that stay best when it grows."""
        return self.totals(self.best(weight).best(self._cost(-self._own)).used)

    def _gain(self, weight: Fraction) -> IntVector:
        rest, own = int(np.abs(self._rest).max(initial=0)), int(np.abs(self._own).max(initial=0))
        if weight.denominator * rest + weight.numerator * own > LARGEST:
            raise InternalError(f"At weight {weight} the gains are too large.")
        gain = weight.denominator * self._rest + weight.numerator * self._own
        common: IntVector = gain // (int(np.gcd.reduce(gain, initial=0)) or 1)
        return common

    def _cost(self, cost: IntVector) -> IntVector:
        every = np.zeros(len(self._face.flow), np.int64)
        every[self._face.network.pairs] = cost
        return every


def _refuse_thresholds(levels: Sequence[Objective]) -> None:
    for level in levels:
        if not isinstance(level, Level):
            raise ValueError(f"level {level.name!r}: the lowest score moves with the weights.")


def _level(name: str, gain: IntVector) -> Level:
    return Level(name, int(np.abs(gain).max(initial=0)), pair=gain)


def _tied(mine: _Totals, theirs: _Totals, weight: Fraction | None) -> bool:
    """Whether two totals are worth the same at a weight, or at every weight large enough."""
    rest, own = theirs[0] - mine[0], theirs[1] - mine[1]
    return rest == own == 0 if weight is None else rest + weight * own == 0


def _crossing(mine: _Totals, theirs: _Totals) -> Fraction:
    """Return the weight at which two totals are worth the same."""
    return Fraction(mine[0] - theirs[0], theirs[1] - mine[1])
