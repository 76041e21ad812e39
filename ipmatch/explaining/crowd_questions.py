"""Questions about the matching of a big cohort: each change is solved again, its pairs seen in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ipmatch.cohort import Cohort
from ipmatch.crowds import PairedCrowd, PosedCrowd, crowd_of, rounds_told
from ipmatch.decisions import Decision
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.explaining.changing import Changed, cannot_stand, explained
from ipmatch.explaining.why_not import Questions
from ipmatch.matching import Matching
from ipmatch.people import Side
from ipmatch.requests import Request, pair_ids
from ipmatch.scoring.crowd import keys_of
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.links import Link, in_order, moves_of
from ipmatch.solving.problem import Level

if TYPE_CHECKING:
    from ipmatch.solving.columns.grid import Goal

__all__ = ["CrowdQuestions", "questions_in"]


def questions_in(
    posed: PosedCrowd, matching: Matching, progress: Callable[[str], None] | None = None
) -> CrowdQuestions:
    """The questions about a big cohort's matching; ``progress`` is told of each as it is solved."""
    pairs = posed.listing(keys_of(posed.scores.people, matching.pairs()))
    return CrowdQuestions(pairs, proved=matching.status == "optimal", progress=progress)


class CrowdQuestions(Questions):
    """What each single change would make of a big cohort's matching: nothing is kept from one to the next."""

    def __init__(
        self, posed: PairedCrowd, *, proved: bool = True, progress: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(posed, posed.used, proved=proved)
        self._told = rounds_told(progress)

    def changed(self, changes: Mapping[str, Any], start: Iterable[Link] = ()) -> Changed:
        return self._nearest(self.cohort.model_copy(update=dict(changes)), start)

    def without_mentor(self, i: int) -> Changed:
        start = [Link(i, j, made=False) for k, j in self.indices() if k == i]
        return self._nearest(self._left_by(self.mentors[i]), start)

    def repaired(self, side: Side, identifier: str) -> tuple[tuple[PairedCrowd, BoolVector], ...]:
        now = self._anew(self._left_by(identifier))
        keep = self._keeping("repair.kept", now)
        answers = (self._solved(now, order) for order in ((keep, *now.goals), (*now.goals, keep)))
        return tuple((found, found.used) for found in answers)

    def decided(self, decisions: tuple[Decision, ...]) -> tuple[PairedCrowd, BoolVector, bool]:
        request = self.posed.request
        now = self._posed(replace(request, decisions=(*request.decisions, *decisions)))
        found = self._solved(now, (*now.goals, self._keeping("present", now)))
        return found, found.used, self.proved

    def one_more(self, side: Side, identifier: str) -> str:
        return ""

    def _nearest(self, cohort: Cohort, start: Iterable[Link]) -> Changed:
        """The best matching of a changed cohort, nearest to the present as ``chains.resolve`` has it."""
        from ipmatch.solving.columns.grid import Goal

        now = self._anew(cohort)
        each = np.full(len(now.grid.wanted), -1)
        fewest = Goal(Level("chain.made", 1, first=each, further=each))
        paired = {mentee for _, mentee in self.pairs()}
        still = np.array([one.id in paired for one in now.scores.people.mentees], np.int64)
        placed = Goal(Level("chain.placed", 1, first=still))
        found = self._solved(now, (*now.goals, self._keeping("chain.kept", now), fewest, placed))
        links = self._links_to(found)
        return self._answer(found, found.used, moves_of(in_order(links, start)), proved=True)

    def _left_by(self, identifier: str) -> Cohort:
        return self.cohort.with_decisions([Decision(kind="withdraw", id=identifier)])

    def _anew(self, cohort: Cohort) -> PosedCrowd:
        """A changed cohort by the same rules; ``InfeasibleError`` if they cannot stand beside the change."""
        try:
            return self._posed(replace(self.posed.request, cohort=cohort, decisions=()))
        except UsageError:
            raise
        except InputError as refused:
            raise cannot_stand(refused) from None

    def _posed(self, request: Request) -> PosedCrowd:
        """A changed request; ``UsageError`` if all pairs would have to be listed for it."""
        posed = crowd_of(request, above=-1)
        if posed is None:
            what = "with this change quotas overlap, which no price tells without a list of all pairs."
            raise UsageError([Fault("policy, quotas", what, "Match again with the change, as a decision.")])
        return posed

    def _keeping(self, name: str, now: PosedCrowd) -> Goal:
        """The level by which as many of the present pairs stay as can."""
        from ipmatch.solving.columns.grid import Goal

        return Goal(Level(name, 1), now.scores.counting(now.scores.possible(self.pairs())))

    def _links_to(self, now: PairedCrowd) -> set[Link]:
        """The pairs that another matching breaks and makes; its people may stand at other places."""
        before, after = set(self.pairs()), set(pair_ids(now, now.used))
        return {
            Link(self.rows[mentor], self.columns[mentee], made=(mentor, mentee) in after)
            for mentor, mentee in before ^ after
        }

    def _solved(self, now: PosedCrowd, goals: Sequence[Goal]) -> PairedCrowd:
        """A big cohort with its best pairing by levels; ``InfeasibleError`` if rules cannot all hold."""
        from ipmatch.solving.columns.search import solve_grid

        try:
            return now.listing(solve_grid(now.grid, goals, told=self._told, canonical=False).keys)
        except RulesClash as clash:
            raise explained(now, clash) from None
