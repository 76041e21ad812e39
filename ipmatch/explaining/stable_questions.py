"""Questions about a stable matching: what each single change would make of it, proposed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ipmatch.explaining.changing import Changed
from ipmatch.explaining.listed_questions import ListedQuestions
from ipmatch.explaining.stability import stable_pairs
from ipmatch.posing import Posed
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.faces import with_only
from ipmatch.solving.links import Link, in_order, links_between, moves_of
from ipmatch.solving.stable import stable

__all__ = ["StableQuestions", "questions_about"]


def questions_about(posed: Posed, used: BoolVector, *, proved: bool = True) -> ListedQuestions:
    """The questions about a matching, by whatever method it was made."""
    return StableQuestions(posed, used) if posed.is_stable else ListedQuestions(posed, used, proved=proved)


class StableQuestions(ListedQuestions):
    """What each single change would make of a stable matching.

    Every answer is what matching again gives: there is one stable matching that is best for mentees, so
    nothing is chosen among several, and a change may gain as well as lose.
    """

    def without_mentor(self, i: int) -> Changed:
        posed, own = self.posed, np.flatnonzero(self.posed.problem.mentor != i)
        smaller, _ = with_only(posed.problem, (), posed.problem.mentor != i)
        orders = orders_of(posed.scores, smaller)
        try:
            found = stable(smaller, orders.mentor_rank, orders.mentee_rank)
        except RulesClash:
            raise self._clash_without(self.mentors[i]) from None
        used = np.zeros_like(self.used)
        used[own[found]] = True
        return self._moved(posed, used, [Link(i, j, made=False) for k, j in self.indices() if k == i])

    def _solved(self, now: Posed, start: Iterable[Link]) -> Changed:
        return self._moved(now, stable_pairs(now), start)

    def _nearest(self, now: Posed) -> tuple[BoolVector, bool]:
        return stable_pairs(now), True

    def _moved(self, now: Posed, used: BoolVector, start: Iterable[Link]) -> Changed:
        links = links_between(self.posed.problem, self.used, now.problem, used)
        found = self._answer(now, used, moves_of(in_order(links, start)), proved=True)
        # Equal totals are no tie: orders decide, not levels.
        return replace(found, ties=False)
