"""Questions about a matching of which every allowed pair is listed: each change is posed and solved again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError, InputError, InternalError
from ipmatch.explaining.changing import UNPROVED, Changed, cannot_stand, explained, origin_of
from ipmatch.explaining.moving import price_words
from ipmatch.explaining.why_not import Questions
from ipmatch.people import Side
from ipmatch.posing import Posed, pose, posed_by
from ipmatch.scoring.rules import marked
from ipmatch.scoring.scores import score
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.chains import forbidding, requiring, resolve, without_mentor
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.faces import with_only
from ipmatch.solving.links import Link
from ipmatch.solving.problem import Level, Limit, Objective, Problem
from ipmatch.solving.rerouting import rerouting_of

__all__ = ["ListedQuestions"]


class ListedQuestions(Questions):
    """What each single change would make of the matching of a cohort whose pairs are listed."""

    posed: Posed

    def changed(self, changes: Mapping[str, Any], start: Iterable[Link] = ()) -> Changed:
        try:
            now = self._posed_anew(changes)
            return self._solved(now, start)
        except InputError as refused:
            raise cannot_stand(refused) from None
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
        origin = origin_of(present, now)
        found = resolve(present.problem, used, now.problem, now.levels, origin=origin, start=start)
        return self._answer(now, found.used, found.moves, proved=found.proved)

    def without_mentor(self, i: int) -> Changed:
        posed = self.posed
        try:
            found = without_mentor(posed.problem, posed.levels, self.used, i)
        except RulesClash:
            raise self._clash_without(self.mentors[i]) from None
        own = np.flatnonzero(posed.problem.mentor != i)
        used = np.zeros_like(self.used)
        used[own[found.used]] = True
        return self._answer(posed, used, found.moves, proved=found.proved)

    def _with_pairs(self, change: str, mentor: str, mentee: str) -> Changed:
        place = self.posed.problem.place(self.rows[mentor], self.columns[mentee])
        if change != "release" and place is not None and self.posed.has_prices and self.is_linear:
            # The problem posed anew would differ in this pair alone; what clashes is told in its words.
            with suppress(RulesClash):
                return self._with_pair(place, made=change == "require")
        return super()._with_pairs(change, mentor, mentee)

    def _with_pair(self, pair: int, *, made: bool) -> Changed:
        """Solve again with one of the problem's pairs required or forbidden; ``RulesClash`` if it cannot."""
        problem, levels = self.posed.problem, self.posed.levels
        found = (requiring if made else forbidding)(problem, levels, self.used, pair)
        used = found.used
        if not made:
            used = np.insert(used, pair, False)
        return self._answer(self.posed, used, found.moves, proved=found.proved)

    def repaired(self, side: Side, identifier: str) -> tuple[tuple[Posed, BoolVector], ...]:
        person = (self.rows if side == "mentor" else self.columns)[identifier]
        keep = Level("repair.kept", 1, pair=self.used.astype(np.int64))
        orders = (keep, *self.posed.levels), (*self.posed.levels, keep)
        try:
            return tuple((self.posed, self._left_by(side, person, order)) for order in orders)
        except RulesClash:
            raise self._clash_without(identifier) from None

    def decided(self, decisions: tuple[Decision, ...]) -> tuple[Posed, BoolVector, bool]:
        request = self.posed.request
        now = pose(replace(request, decisions=(*request.decisions, *decisions)))
        try:
            return now, *self._nearest(now)
        except RulesClash as clash:
            raise explained(now, clash) from None

    def _nearest(self, now: Posed) -> tuple[BoolVector, bool]:
        """The best pairs, of equal ones those that keep most of the present, and whether that is proved."""
        problem, people = now.problem, now.scores.people
        kept = marked(people, people.places(self.pairs()))[problem.mentor, problem.mentee]
        found = best_pairing(problem, (*now.levels, Level("present", 1, pair=kept.astype(np.int64))))
        return found.used, found.proved and self.proved

    def _left_by(self, side: Side, person: int, order: Sequence[Objective]) -> BoolVector:
        """The best pairs by these levels once a person has left; ``RulesClash`` if none keep the rules."""
        rerouting = rerouting_of(self.posed.problem, order, self.used) if self.proved else None
        used = None if rerouting is None else rerouting.without(**{f"{side}s": [person]})
        return _solved_without(self.posed.problem, order, side, person) if used is None else used

    def one_more(self, side: Side, identifier: str) -> str:
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

    def _clash_without(self, identifier: str) -> InfeasibleError:
        """The error that names the rules that cannot all hold once somebody withdraws."""
        withdrawn = self.cohort.with_decisions([Decision(kind="withdraw", id=identifier)])
        now = pose(replace(self.posed.request, cohort=withdrawn, decisions=()))
        try:
            best_pairing(now.problem, ())
        except RulesClash as clash:
            return explained(now, clash)
        raise InternalError(f"Without {identifier} the rules clash, and do not.")


def _solved_without(problem: Problem, levels: Sequence[Objective], side: Side, person: int) -> BoolVector:
    kept = (problem.mentor if side == "mentor" else problem.mentee) != person
    minimum = problem.minimum.copy()
    if side == "mentor":
        minimum[person] = 0
    # A limit of changes speaks of the pairs still possible: those that go with this person are none.
    limits = tuple(
        replace(limit, minimum=max(0, limit.minimum - int(limit.pairs[~kept].sum())))
        for limit in problem.limits
    )
    smaller, fewer = with_only(replace(problem, minimum=minimum, limits=limits), levels, kept)
    used = np.zeros(len(kept), np.bool_)
    used[kept] = best_pairing(smaller, fewer).used
    return used
