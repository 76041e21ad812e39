"""One change of a cohort, solved again: what is lost, level by level, and who moves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from ipmatch.answers.alternatives import Loss, Move
from ipmatch.crowds import PosedCrowd
from ipmatch.decisions import Decision
from ipmatch.document import FrozenMap, decimal_near
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.explaining.moving import moves_told, price_words
from ipmatch.explaining.present import Present
from ipmatch.people import Side
from ipmatch.posing import Posed
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.links import Link
from ipmatch.solving.links import Move as Step
from ipmatch.solving.problem import Leximin
from ipmatch.solving.values import score_classes, totals

__all__ = ["UNPROVED", "Changed", "Changes", "cannot_stand", "explained", "loss_between", "origin_of"]

UNPROVED = " This compares the best matchings found; that they are the best is not proved."


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to one change, as near to the present as its value allows.

    ``alone`` are those it leaves without a mentor. ``ties``: the present rules too find it as good.
    ``proved``: nothing better is possible; where rules leave the network, the proof may be lacking.
    """

    loss: Loss
    moves: tuple[Move, ...]
    alone: frozenset[str]
    ties: bool
    proved: bool = True


class Changes(Present, ABC):
    """Single changes of the matching's cohort, each solved again with the fewest moves."""

    @abstractmethod
    def changed(self, changes: Mapping[str, Any], start: Iterable[Link] = ()) -> Changed:
        """Solve the cohort again with these fields changed; the same people take part.

        Parameters
        ----------
        changes
            Fields of the cohort.
        start
            The links that the change is about.

        Raises
        ------
        InfeasibleError
            If the changed rules cannot all hold, or the policy's levels or method cannot stand beside them.
        """

    @abstractmethod
    def without_mentor(self, i: int) -> Changed:
        """Solve again without one mentor; raises ``InfeasibleError`` if the rules cannot all hold."""

    @abstractmethod
    def repaired(self, side: Side, identifier: str) -> tuple[tuple[AnyPosed, BoolVector], ...]:
        """Solve again without somebody who takes part, first keeping most pairs, then for the best.

        Raises
        ------
        InfeasibleError
            If the rules cannot all hold.
        """

    @abstractmethod
    def decided(self, decisions: tuple[Decision, ...]) -> tuple[AnyPosed, BoolVector, bool]:
        """Solve again with further decisions, equal matchings resolved towards the present one.

        Returns
        -------
        AnyPosed, BoolVector, bool
            The problem, its pairs used, and whether nothing better is possible.

        Raises
        ------
        InfeasibleError
            If the rules cannot all hold.
        InputError
            As ``pose``; ``UsageError`` if a decision names an unknown id.
        """

    @abstractmethod
    def one_more(self, side: Side, identifier: str) -> str:
        """What one more pair of somebody who is short of one would do, as a sentence.

        Nothing, where the matching tells that itself.
        """

    def told(self, found: Changed, asked: tuple[str, str] | None = None) -> str:
        """Who moves, as a sentence has it; ``asked`` is the pair insisted on."""
        return moves_told(found.moves, alone=found.alone, asked=asked, with_points=self.counts_points)

    def effect(self, found: Changed) -> str:
        """What a change does, as the end of a sentence; a level may lose or gain though nobody moves."""
        if not found.moves and not any(found.loss.values()):
            return "changes nothing"
        return f"{price_words(found.loss)}: {self.told(found)}"

    def _answer(self, now: AnyPosed, used: BoolVector, steps: Iterable[Step], *, proved: bool) -> Changed:
        before, after = (
            np.bincount(problem.mentee[pairs], minlength=len(self.mentees))
            for problem, pairs in ((self.posed.problem, self.used), (now.problem, used))
        )
        loss = loss_between(self.posed, self.used, now, used)
        return Changed(
            loss=loss,
            moves=tuple(self.move(step.mentee, step.before, step.after) for step in steps),
            alone=frozenset(self.mentees[j] for j in np.flatnonzero((before > 0) & (after == 0))),
            ties=not any(loss.values()) and (self.is_linear or self._is_as_good(now, used)),
            proved=proved and self.proved,
        )

    def _is_as_good(self, now: AnyPosed, used: BoolVector) -> bool:
        """Whether the present rules, which exempt fewer pairs, find these pairs as good as their own."""
        posed, origin = self.posed, origin_of(self.posed, now)[used]
        then = np.zeros_like(self.used)
        then[origin[origin >= 0]] = True
        alike = all(amount == 0 for amount in loss_between(posed, self.used, posed, then).values())
        return bool((origin >= 0).all()) and alike


def cannot_stand(refused: InputError) -> InfeasibleError:
    """What a change asks of the policy that it cannot give, as rules that cannot all hold."""
    return InfeasibleError(str(refused), [fault.what.rstrip(".") for fault in refused.faults])


def explained(now: Posed | PosedCrowd, clash: RulesClash) -> InfeasibleError:
    """The error that says in the lead's own words which rules clash."""
    # Rarely needed, and slow to load.
    from ipmatch.explaining.clash import explain_clash

    return explain_clash(now, clash)


def loss_between(posed: AnyPosed, used: BoolVector, now: AnyPosed, now_used: BoolVector) -> Loss:
    """What each level of a matching loses against another one, in what a reader counts.

    A level that the other does not list loses all; ``None`` where only one of the two has anyone who counts.
    Where leximin finds both equal at the lowest score, the first score follows at which they are not.
    """
    before, after = _reached(posed, used), _reached(now, now_used)
    loss = dict[str, Decimal | None]()
    for level in posed.levels:
        amount, then = before[level.name], after.get(level.name, Fraction(0))
        if amount is None or then is None:
            loss[level.name] = Decimal(0) if amount is then else None
        else:
            share = amount - then
            loss[level.name] = decimal_near(share.numerator, share.denominator)
        if isinstance(level, Leximin):
            loss |= _first_class_lost(_classes(posed, used), _classes(now, now_used), level.name)
    return FrozenMap(loss)


def _reached(posed: AnyPosed, used: BoolVector) -> dict[str, Fraction | None]:
    reached = totals(posed.problem, posed.levels, used)
    return {
        level.name: None if units is None else Fraction(units, posed.scale_of(level.name))
        for level, units in zip(posed.levels, reached, strict=True)
    }


def _classes(posed: AnyPosed, used: BoolVector) -> dict[Decimal, int]:
    """How many pairs that count for leximin have each score."""
    levels = [level for level in posed.levels if isinstance(level, Leximin)]
    found = score_classes(posed.problem, levels[0], used) if levels else {}
    return {posed.scores.decimal(units): pairs for units, pairs in found.items()}


def _first_class_lost(
    before: dict[Decimal, int], after: dict[Decimal, int], name: str
) -> dict[str, Decimal | None]:
    """How many more pairs have the lowest score that tells two matchings of the same lowest score apart."""
    if not before or not after or min(before) != min(after):
        return {}
    for points in sorted({*before, *after}):
        more = after.get(points, 0) - before.get(points, 0)
        if more:
            return {f"{name}.{points:f}": Decimal(more)}
    return {}


def origin_of(posed: AnyPosed, now: AnyPosed) -> IndexVector:
    """For each pair of a changed problem its place in the present one, or -1."""
    mentees = len(posed.problem.wanted)
    keys, wanted = (one.problem.mentor * mentees + one.problem.mentee for one in (posed, now))
    place = np.searchsorted(keys, wanted)
    known = np.append(keys, -1)[place] == wanted
    origin: IndexVector = np.where(known, place, -1)
    return origin
