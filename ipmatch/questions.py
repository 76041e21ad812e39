"""Study: a matching kept at hand, with its scores, problem and prices, for every question asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from ipmatch.answering import Answered, answer, request_of
from ipmatch.cohort import Cohort, Decision
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.scoring.criteria import Criterion

if TYPE_CHECKING:
    from ipmatch.solving.exchange import Exchange

__all__ = ["Study"]


class Study:
    """One matching, solved once, and exact answers to every question about it.

    Parameters
    ----------
    cohort, policy, criteria, decisions
        As for :func:`ipmatch.match`.

    Raises
    ------
    InputError, InfeasibleError, InternalError
        As :func:`ipmatch.match`.
    """

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy | None = None,
        *,
        criteria: Iterable[Criterion] | None = None,
        decisions: Iterable[Decision] | None = None,
    ) -> None:
        self._answered: Answered = answer(request_of(cohort, policy, criteria, decisions))

    @property
    def matching(self) -> Matching:
        """The matching that all questions are about."""
        return self._answered.matching

    @cached_property
    def _exchange(self) -> Exchange:
        """The prices of all single changes, computed when first asked for."""
        from ipmatch.solving.exchange import Exchange

        posed, assignment = self._answered.posed, self._answered.assignment
        return Exchange(posed.problem, posed.levels, assignment.used)
