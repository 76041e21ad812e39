"""What one more unit for somebody would cost, and which level decides against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from itertools import repeat
from typing import Protocol

import numpy as np

from ipmatch.document import FrozenMap, decimal_of
from ipmatch.explaining.amounts import level_amounts
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.fairness import cost_below, threshold_of, worst_off
from ipmatch.solving.network import build
from ipmatch.solving.optima import free_after
from ipmatch.solving.problem import Leximin, Objective, Problem, Threshold
from ipmatch.solving.values import before_worst_off, is_linear
from ipmatch.words import lost

__all__ = ["Instead", "instead_of"]


class Pricing(Protocol):
    """``loss_of_placing`` or ``loss_of_using``: what one more unit for each person would lose."""

    def __call__(
        self,
        problem: Problem,
        levels: Sequence[Objective],
        used: BoolVector,
        *,
        among: BoolVector | None = None,
        within: IndexVector | None = None,
    ) -> tuple[list[IntVector], BoolVector]: ...


@dataclass(frozen=True)
class Instead:
    """One more unit for somebody: what it would lose, and the level that decides; the lottery if ``None``.

    Where the worst-off would lose, what comes after is left out: it is the loss of another threshold. No
    number says what leximin loses where the lowest score stays: there the loss is ``None``.
    """

    loss: FrozenMap[str, Decimal] | None
    level: str | None

    @cached_property
    def words(self) -> str:
        """The loss in words."""
        return "" if self.loss is None else lost(self.loss)


def instead_of(
    posed: AnyPosed,
    used: BoolVector,
    prices: Mapping[str, IntVector],
    pricing: Pricing,
    among: BoolVector | None = None,
) -> dict[int, Instead]:
    """For each person of whom the rules allow one more unit, by index, what that would mean.

    Parameters
    ----------
    posed, used, prices
        The problem, its best pairing, and the prices that prove each level.
    pricing
        What one more unit is: a mentor for a mentee, or a mentee for a mentor.
    among
        Those to answer for; ``None`` is everyone.
    """
    problem = posed.problem
    linear = before_worst_off(posed.levels)
    losses, possible = pricing(problem, linear, used, among=among)
    found = _decided(posed, losses, np.flatnonzero(possible))
    tied = np.zeros_like(possible)
    if not is_linear(posed.levels):
        tied[[k for k, one in found.items() if one.level is None]] = True
    if tied.any():
        found |= _among_the_worst_off(posed, used, prices, pricing, tied)
    return found


def _decided(posed: AnyPosed, losses: Sequence[IntVector], people: IndexVector) -> dict[int, Instead]:
    """What these people lose; many lose the same, which is told once."""

    @cache
    def told(*units: int) -> Instead:
        loss = level_amounts(posed, units)
        return Instead(loss, next((level for level, amount in loss.items() if amount), None))

    # Where there is no level nobody loses any.
    each = zip(*(loss[people].tolist() for loss in losses), strict=True) if losses else repeat(())
    return {k: told(*units) for k, units in zip(people.tolist(), each, strict=False)}


def _among_the_worst_off(
    posed: AnyPosed, used: BoolVector, prices: Mapping[str, IntVector], pricing: Pricing, among: BoolVector
) -> dict[int, Instead]:
    """Those with whom the levels before lose nothing."""
    problem, place = posed.problem, len(before_worst_off(posed.levels))
    level = posed.levels[place]
    threshold = level if isinstance(level, Threshold) else threshold_of(level)  # type: ignore[arg-type]
    # No path tells what becomes of the levels after leximin; of its lowest score one does.
    after = posed.levels[place + 1 :] if threshold is level else ()
    losses, possible = pricing(problem, (*posed.levels[:place], threshold, *after), used, among=among)
    possible &= _nothing_lost(losses[:place])
    found = _decided(posed, losses, np.flatnonzero(possible))
    if isinstance(level, Leximin):
        found |= _by_leximin(posed, used, prices, pricing, possible)
    # With the others somebody would have less than the lowest score.
    below, nothing = among & ~possible, [0] * place
    lowest = worst_off(problem, threshold, used)
    for score, reached in _falling(posed, used, pricing, threshold, below):
        fall = decimal_of((lowest or 0) - score, posed.scores.scale)
        loss = FrozenMap({**level_amounts(posed, nothing), level.name: fall})
        found |= {k: Instead(loss, level.name) for k in np.flatnonzero(reached).tolist()}
    return found


def _by_leximin(
    posed: AnyPosed, used: BoolVector, prices: Mapping[str, IntVector], pricing: Pricing, among: BoolVector
) -> dict[int, Instead]:
    """The lottery decides about those whom some pairing as good gives more; about others a level."""
    left, found = among.copy(), dict[int, Instead]()
    faces = free_after(build(posed.problem), posed.levels, used, prices)
    next(faces)
    for level, free in zip(posed.levels, faces, strict=True):
        if not left.any():
            break
        _, possible = pricing(posed.problem, (), used, among=left, within=free)
        found |= {k: Instead(None, level.name) for k in np.flatnonzero(left & ~possible).tolist()}
        left &= possible
    nothing = level_amounts(posed, [0] * len(posed.levels))
    return found | {k: Instead(nothing, None) for k in np.flatnonzero(left).tolist()}


def _falling(
    posed: AnyPosed, used: BoolVector, pricing: Pricing, level: Threshold, among: BoolVector
) -> Iterator[tuple[int, BoolVector]]:
    """To which score the lowest would fall, highest first, and for whom."""
    problem, left = posed.problem, among.copy()
    linear, network = before_worst_off(posed.levels), build(posed.problem)
    lowest = worst_off(problem, level, used)
    scores = np.unique(level.score[~problem.required])
    for score in scores[scores < (scores.max() + 1 if lowest is None else lowest)][::-1].tolist():
        if not left.any():
            return
        open_to = (network.low < network.up) & (cost_below(network, level, score) == 0)
        losses, possible = pricing(problem, linear, used, among=left, within=np.flatnonzero(open_to))
        reached = possible & _nothing_lost(losses)
        left &= ~reached
        yield score, reached


def _nothing_lost(losses: Sequence[IntVector]) -> BoolVector:
    nothing: BoolVector = ~np.any([loss != 0 for loss in losses], axis=0)
    return nothing
