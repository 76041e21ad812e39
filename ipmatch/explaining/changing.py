"""One change of a cohort, posed and solved again: what is lost, level by level, and who moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from ipmatch.answers.alternatives import Loss, Move
from ipmatch.decisions import Decision
from ipmatch.document import FrozenMap, decimal_near
from ipmatch.errors import InfeasibleError, InputError, InternalError
from ipmatch.explaining.moving import moves_told, price_words
from ipmatch.explaining.present import Present
from ipmatch.people import Side
from ipmatch.posing import Posed, pose, posed_by
from ipmatch.scoring.scores import score
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.chains import forbidding, requiring, resolve, without_mentor
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.links import Link
from ipmatch.solving.links import Move as Step
from ipmatch.solving.problem import Level, Leximin, Limit, Objective
from ipmatch.solving.values import score_classes, totals

__all__ = ["UNPROVED", "Changed", "Changes", "explained", "loss_between"]

UNPROVED = " This compares the best matchings found; that they are the best is not proved."


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to one change, with as few moves as its value allows.

    ``alone`` are those it leaves without a mentor. ``ties``: the present rules too find it as good.
    ``proved``: nothing better is possible; where rules leave the network, the proof may be lacking.
    """

    loss: Loss
    moves: tuple[Move, ...]
    alone: frozenset[str]
    ties: bool
    proved: bool = True


class Changes(Present):
    """Single changes of the matching's cohort, each posed anew and solved again with the fewest moves."""

    @cached_property
    def repairs(self) -> tuple[tuple[Objective, ...], tuple[Objective, ...]]:
        """The levels of the best repair, which keeps pairs first, and of the best matching: it does last."""
        keep = Level("repair.kept", 1, pair=self.used.astype(np.int64))
        return (keep, *self.posed.levels), (*self.posed.levels, keep)

    def changed(self, changes: Mapping[str, Any], start: Iterable[Link] = ()) -> Changed:
        """Pose the cohort anew with these fields changed, and solve it; the same people take part.

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
        try:
            now = self._posed_anew(changes)
            return self._solved(now, start)
        except InputError as refused:
            raise InfeasibleError(
                str(refused), [fault.what.rstrip(".") for fault in refused.faults]
            ) from None
        except RulesClash as clash:
            raise explained(now, clash) from None

    def _posed_anew(self, changes: Mapping[str, Any]) -> Posed:
        posed = self.posed
        cohort = self.cohort.model_copy(update=dict(changes))
        request = replace(posed.request, cohort=cohort, decisions=())
        # Naming pairs changes no person, so nothing that a criterion has seen.
        known = posed.scores.tables if set(changes) <= {"required_pairs", "forbidden_pairs"} else None
        return posed_by(request, score(cohort, request.policy, request.criteria, known=known))

    def _solved(self, now: Posed, start: Iterable[Link]) -> Changed:
        # Where nobody may be paired yet, there is nothing to keep.
        none = np.zeros(len(now.problem.mentor), np.bool_)
        present, used = (self.posed, self.used) if len(self.used) else (now, none)
        origin = _origin(present, now)
        found = resolve(present.problem, used, now.problem, now.levels, origin=origin, start=start)
        return self._answer(now, found.used, found.moves, proved=found.proved)

    def without_mentor(self, i: int) -> Changed:
        """Solve again without one mentor, with as few moves as can be.

        Raises
        ------
        InfeasibleError
            If the rules cannot all hold.
        """
        posed = self.posed
        try:
            found = without_mentor(posed.problem, posed.levels, self.used, i)
        except RulesClash:
            raise self.clash_without(self.mentors[i]) from None
        own = np.flatnonzero(posed.problem.mentor != i)
        used = np.zeros_like(self.used)
        used[own[found.used]] = True
        return self._answer(posed, used, found.moves, proved=found.proved)

    def with_pair(self, pair: int, *, made: bool) -> Changed:
        """Solve again with one of the problem's pairs required, or forbidden, with as few moves as can be.

        Raises
        ------
        RulesClash
            If the rules cannot all hold.
        """
        problem, levels = self.posed.problem, self.posed.levels
        found = (requiring if made else forbidding)(problem, levels, self.used, pair)
        used = found.used
        if not made:
            used = np.insert(used, pair, False)
        return self._answer(self.posed, used, found.moves, proved=found.proved)

    def one_more(self, side: Side, identifier: str) -> str:
        """What one more pair of somebody who is short of one would do, as a sentence: solved again."""
        problem = self.posed.problem
        people, ids = (problem.mentor, self.rows) if side == "mentor" else (problem.mentee, self.columns)
        own = people == ids[identifier]
        asked = Limit(f"one more for {identifier}", own, minimum=int(self.used[own].sum()) + 1)
        start = [
            Link(int(problem.mentor[pair]), int(problem.mentee[pair]), made=True)
            for pair in np.flatnonzero(own & ~self.used)
        ]
        changed = replace(problem, limits=(*problem.limits, asked))
        other, levels = "mentee" if side == "mentor" else "mentor", self.posed.levels
        one = f"another {other}" if asked.minimum > 1 else f"a {other}"
        try:
            found = resolve(problem, self.used, changed, levels, start=start)
        except RulesClash:
            return f"No matching that keeps every rule gives {identifier} {one}."
        answer = self._answer(self.posed, found.used, found.moves, proved=found.proved)
        doubt = "" if answer.proved else UNPROVED
        return f"Giving {identifier} {one} {price_words(answer.loss)}: {self.told(answer)}.{doubt}"

    def clash_without(self, identifier: str) -> InfeasibleError:
        """The error that names the rules that cannot all hold once somebody withdraws."""
        withdrawn = self.cohort.with_decisions([Decision(kind="withdraw", id=identifier)])
        now = pose(replace(self.posed.request, cohort=withdrawn, decisions=()))
        try:
            best_pairing(now.problem, ())
        except RulesClash as clash:
            return explained(now, clash)
        raise InternalError(f"Without {identifier} the rules clash, and do not.")

    def told(self, found: Changed, asked: tuple[str, str] | None = None) -> str:
        """Who moves, as a sentence has it; ``asked`` is the pair insisted on."""
        return moves_told(found.moves, alone=found.alone, asked=asked, with_points=self.counts_points)

    def _answer(self, now: Posed, used: BoolVector, steps: Iterable[Step], *, proved: bool) -> Changed:
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

    def _is_as_good(self, now: Posed, used: BoolVector) -> bool:
        """Whether the present rules, which exempt fewer pairs, find these pairs as good as their own."""
        posed, origin = self.posed, _origin(self.posed, now)[used]
        then = np.zeros_like(self.used)
        then[origin[origin >= 0]] = True
        alike = all(amount == 0 for amount in loss_between(posed, self.used, posed, then).values())
        return bool((origin >= 0).all()) and alike


def explained(now: Posed, clash: RulesClash) -> InfeasibleError:
    """The error that says in the lead's own words which rules clash."""
    # Rarely needed, and slow to load.
    from ipmatch.explaining.clash import explain_clash

    return explain_clash(now, clash)


def loss_between(posed: Posed, used: BoolVector, now: Posed, now_used: BoolVector) -> Loss:
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


def _reached(posed: Posed, used: BoolVector) -> dict[str, Fraction | None]:
    reached = totals(posed.problem, posed.levels, used)
    return {
        level.name: None if units is None else Fraction(units, posed.scale_of(level.name))
        for level, units in zip(posed.levels, reached, strict=True)
    }


def _classes(posed: Posed, used: BoolVector) -> dict[Decimal, int]:
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


def _origin(posed: Posed, now: Posed) -> IndexVector:
    """For each pair of a changed problem its place in the present one, or -1."""
    mentees = len(posed.problem.wanted)
    keys, wanted = (one.problem.mentor * mentees + one.problem.mentee for one in (posed, now))
    place = np.searchsorted(keys, wanted)
    known = np.append(keys, -1)[place] == wanted
    origin: IndexVector = np.where(known, place, -1)
    return origin
