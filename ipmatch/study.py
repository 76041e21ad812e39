"""Study: a matching kept at hand, with its scores, problem and prices, for every question asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ipmatch.decisions import Decision, Decisions, decisions_in
from ipmatch.studied import Studied

if TYPE_CHECKING:
    from ipmatch.answers.alternatives import Alternative, Letter, PairPrices, PlaceChange, WhatIf, Withdrawal
    from ipmatch.answers.insights import Ambiguity, Analysis, Frontier, Profile, Sensitivity
    from ipmatch.answers.overviews import Explanation

__all__ = ["Study"]


class Study(Studied):
    """One matching, solved once, and exact answers to every question about it.

    Parameters
    ----------
    cohort, policy, criteria, decisions, progress
        As for :func:`ipmatch.match`; progress is told of questions too.

    Raises
    ------
    InputError, InfeasibleError, InternalError
        As :func:`ipmatch.match`.
    """

    def explain(
        self, *, pair: tuple[str, str] | None = None, mentee: str | None = None, mentor: str | None = None
    ) -> Explanation:
        """Everything about one pair (mentor, mentee), one mentee or one mentor, prices included.

        Raises
        ------
        UsageError
            If not exactly one subject is given, or an id is not known.
        """
        from ipmatch.explaining.about import about

        priced = self._crowd is None and self._assignment.proved and self._posed.has_prices
        prices = self._prices if priced else None
        asked = prices or self._questions
        return about(self.matching, asked, prices, pair=pair, mentee=mentee, mentor=mentor)

    def why_not(self, mentor: str, mentee: str) -> Alternative:
        """The exact price of insisting on a pair, and who would move; if it is made, of doing without it.

        Requiring the pair and matching again gives precisely this loss. Of the matchings that do, it is one
        that keeps most pairs, then makes fewest others, then leaves fewest people without a mentor.

        Raises
        ------
        UsageError
            If there is no such mentor or mentee.
        """
        return self._questions.why_not(mentor, mentee)

    def forbid(self, mentor: str, mentee: str) -> Alternative:
        """The exact price of forbidding a pair, and who would move; raises as ``why_not``."""
        return self._questions.forbid(mentor, mentee)

    def release(self, mentor: str, mentee: str) -> Alternative:
        """What it brings to require a pair no longer, and who would move; raises as ``why_not``."""
        return self._questions.release(mentor, mentee)

    def one_place_more(self, mentor: str) -> PlaceChange:
        """What one more place at a mentor brings, and who would move; raises as ``why_not``."""
        from ipmatch.explaining.places import one_place

        return one_place(self._questions, mentor, more=True)

    def one_place_fewer(self, mentor: str) -> PlaceChange:
        """What one place fewer at a mentor costs, and who would move; raises as ``why_not``."""
        from ipmatch.explaining.places import one_place

        return one_place(self._questions, mentor, more=False)

    def prices(self) -> PairPrices:
        """The price of every pair at once, each on its own; equal to ``why_not`` for each.

        Raises
        ------
        UsageError
            If rules leave the network: then there are none.
        """
        from ipmatch.explaining.pair_prices import pair_prices

        self._with_prices("prices")
        return pair_prices(self._of_list)

    def alternatives(
        self, *, mentee: str | None = None, mentor: str | None = None, most: int = 3
    ) -> tuple[Alternative, ...]:
        """The cheapest other pairs of a mentee, of a mentor, or of either of two; cheapest first.

        Raises
        ------
        UsageError
            If nobody is named, an id is not known, or rules leave the network.
        """
        return self._prices.best(mentor=mentor, mentee=mentee, most=most)

    def without(self, identifier: str) -> Withdrawal:
        """What the withdrawal of one person would do: the repair that keeps the others' pairs, and the best.

        Raises
        ------
        UsageError
            If nobody has this id.
        """
        from ipmatch.explaining.withdrawals import withdrawal

        return withdrawal(self._questions, identifier)

    def resilience(self) -> tuple[Withdrawal, ...]:
        """What the withdrawal of each mentor with a mentee would do, each on its own: as ``without``."""
        from ipmatch.explaining.withdrawals import withdrawals

        return withdrawals(self._of_list)

    def what_if(self, decisions: Decisions | Iterable[Decision]) -> WhatIf:
        """What several decisions would do together: solved again, since single prices do not add up.

        Equal matchings are resolved towards the present one.

        Raises
        ------
        UsageError
            If a decision names an unknown id.
        InputError
            As :func:`ipmatch.match`.
        """
        from ipmatch.explaining.withdrawals import after_decisions

        return after_decisions(self._questions, decisions_in(decisions))

    def letter(self, *, mentee: str | None = None, mentor: str | None = None) -> Letter:
        """The letter to one participant: their own pairs and what they share, and nothing of anybody else.

        Raises
        ------
        UsageError
            If not exactly one is named, or nobody of that side has the id.
        """
        return self._letters.to(mentee=mentee, mentor=mentor)

    def briefing(
        self, *, pair: tuple[str, str] | None = None, mentee: str | None = None, mentor: str | None = None
    ) -> str:
        """What the programme lead is told of a pair or a person: every reason and price; as ``explain``."""
        from ipmatch.explaining.letters import lead_words

        return lead_words(self.explain(pair=pair, mentee=mentee, mentor=mentor))

    def audit(self) -> str:
        """The page for an auditor: rules, order of levels, proof and record, in words."""
        from ipmatch.explaining.auditing import audit_page

        return audit_page(self.matching)

    def ambiguity(self, *, drawings: int = 100) -> Ambiguity:
        """Whether other pairings are as good, what they have in common, and what the lottery decided.

        Parameters
        ----------
        drawings
            How many seeds, from 0 up, to sample the lottery's odds with; 0 is none.

        References
        ----------
        Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 9.11.
        """
        from ipmatch.explaining.ambiguity import explain_ambiguity

        return explain_ambiguity(self._posed, self._with_prices("ambiguity"), drawings=drawings)

    def sensitivity(self, *, exact: bool | None = None) -> Sensitivity:
        """How far each weight may move before the pairing changes, and what changes then.

        Parameters
        ----------
        exact
            Whether to find the exact intervals, besides matching again at -20, -10, +10 and +20 %. By default
            if at most 1,000 people take part. Under fairness there are none.
        """
        from ipmatch.explaining.sensitivity import explain_sensitivity
        from ipmatch.solving.lexicographic import Assignment

        # Matching again asks for pairs only, exact intervals for prices.
        bare = Assignment(self._assignment.used, ())
        assignment = self._with_prices("") if self._posed.has_prices else bare
        return explain_sensitivity(self._posed, assignment, self._solved, exact=exact)

    def frontier(self, one: str, other: str) -> Frontier:
        """What two criteria can be traded for: all the totals that some weights of theirs make the only best.

        Raises
        ------
        UsageError
            If there is no such criterion, both are the same, or the policy asks for fairness.
        """
        from ipmatch.explaining.frontiers import explain_frontier

        return explain_frontier(self._posed, self._with_prices("frontier"), one, other)

    def recruit(self, *, most: int = 10) -> tuple[Profile, ...]:
        """The kinds of one more mentor that would bring most, best first, each exactly; gains do not add up.

        Parameters
        ----------
        most
            How many to tell at the most.
        """
        from ipmatch.explaining.recruiting import explain_recruiting

        return explain_recruiting(self._posed, self._with_prices("recruit"), self._solved, most=most)

    def analysis(self, *, exact: bool | None = None, most: int = 5) -> Analysis:
        """Ambiguity, sensitivity and whom to recruit, in one; parameters as for each."""
        from ipmatch.answers.insights import Analysis

        return Analysis(
            ambiguity=self.ambiguity(),
            sensitivity=self.sensitivity(exact=exact),
            recruit=self.recruit(most=most),
        )
