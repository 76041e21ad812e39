"""What a study stands on: one matching, its problem listed or seen in blocks, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from ipmatch.answering import request_of, solved, told
from ipmatch.cohort import Cohort
from ipmatch.crowds import PosedCrowd, crowd_of
from ipmatch.decisions import Decision, Decisions
from ipmatch.document.shown import Shown
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import CALLED, expect
from ipmatch.policy import Policy
from ipmatch.posing import Posed, pose
from ipmatch.requests import Request
from ipmatch.scoring.criteria import Criterion, criteria_in

if TYPE_CHECKING:
    from ipmatch.explaining.letters import Letters
    from ipmatch.explaining.listed_questions import ListedQuestions
    from ipmatch.explaining.pair_prices import Prices
    from ipmatch.explaining.why_not import Questions
    from ipmatch.matching import Matching
    from ipmatch.scoring.pairs import PairScores
    from ipmatch.scoring.scores import Scores
    from ipmatch.solving.best import Solution
    from ipmatch.solving.lexicographic import Assignment

__all__ = ["Studied"]

STUDIED = 8_000_000
"""So many pairs are listed, for quick answers; with more, each question is solved again without a list."""


class Studied(Shown):
    """One matching, kept with all that questions about it need."""

    _request: Request
    _crowd: PosedCrowd | None
    _progress: Callable[[str], None] | None

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy | str | None = None,
        *,
        criteria: Iterable[Criterion] | None = None,
        decisions: Decisions | Iterable[Decision] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        expect(progress=(progress, *CALLED))
        self._request = request_of(cohort, policy, criteria, decisions)
        self._progress = progress
        self._crowd = crowd_of(self._request, above=STUDIED)
        if self._crowd is None:
            self.__dict__["_listed"] = self._solved(self._request)
        else:
            from ipmatch.crowded import crowd_matching

            self.__dict__["matching"] = crowd_matching(self._crowd, progress=progress)

    @classmethod
    def of(
        cls,
        cohort: Cohort,
        matching: Matching,
        *,
        criteria: Iterable[Criterion] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Self:
        """The study of a matching made before; ``InputError`` if it is not what it says (see ``verify``)."""
        study = cls.__new__(cls)
        study._request = _verified(cohort, matching, criteria, progress)
        study._progress = progress
        study._crowd = crowd_of(study._request, above=STUDIED)
        study.__dict__["matching"] = matching
        return study

    @cached_property
    def matching(self) -> Matching:
        """The matching that all questions are about."""
        return told(self._posed, self._assignment)

    @property
    def lists_pairs(self) -> bool:
        """Whether all pairs are listed; of a big cohort they are once a question asks for all of them."""
        return "_listed" in self.__dict__ or self._crowd is None

    @property
    def scores(self) -> Scores:
        """Every pair's exact points, tier and permission, made or not."""
        return self._posed.scores

    @property
    def pair_scores(self) -> PairScores:
        """What any pair is worth, whether or not all are listed."""
        return self._questions.posed.scores

    @cached_property
    def _listed(self) -> tuple[Posed, Solution]:
        """All pairs listed and solved; of a big cohort that waits for a question that asks for all."""
        return self._remembered()

    @property
    def _posed(self) -> Posed:
        return self._listed[0]

    @property
    def _assignment(self) -> Solution:
        return self._listed[1]

    @cached_property
    def _questions(self) -> Questions:
        if self._crowd is None:
            return self._of_list
        from ipmatch.explaining.crowd_questions import questions_in

        return questions_in(self._crowd, self.matching, self._progress)

    @cached_property
    def _letters(self) -> Letters:
        from ipmatch.explaining.letters import Letters

        return Letters(self.pair_scores, self._questions.seats())

    @cached_property
    def _of_list(self) -> ListedQuestions:
        from ipmatch.explaining.stable_questions import questions_about

        return questions_about(self._posed, self._assignment.used, proved=self._assignment.proved)

    @cached_property
    def _prices(self) -> Prices:
        from ipmatch.explaining.pair_prices import Prices

        return Prices(self._posed, self._with_prices("prices").used)

    def _with_prices(self, asked: str) -> Assignment:
        """The assignment with its prices; ``UsageError`` if rules leave the network, and there are none."""
        from ipmatch.explaining.naming import with_prices

        return with_prices(self._posed, self._assignment, asked)

    def _solved(self, request: Request) -> tuple[Posed, Solution]:
        """A request's integer problem and its assignment, told as the work goes on."""
        return solved(request, progress=self._progress)

    def _remembered(self) -> tuple[Posed, Solution]:
        """The integer problem behind a matching made before, and its own pairs as the assignment.

        What is proved best is solved once more for its prices; the rest is taken as it is.
        """
        from ipmatch.solving.lexicographic import Assignment
        from ipmatch.verifying import used_by

        request, matching = self._request, self.matching
        if matching.status != "optimal" and request.policy.objective.method == "optimal":
            posed = pose(request)
            return posed, Assignment(used_by(matching, posed), (), complete=False)
        posed, assignment = self._solved(request)
        # Where time ran out before the lottery, another drawing may have been made: as good by every level.
        return posed, replace(assignment, used=used_by(matching, posed))


def _verified(
    cohort: Cohort,
    matching: Matching,
    criteria: Iterable[Criterion] | None,
    progress: Callable[[str], None] | None,
) -> Request:
    """What a matching made before says it answers, once it is verified.

    Raises
    ------
    InputError
        If the matching is not what it says, every fault listed; ``UsageError`` if an argument is of another
        kind.
    """
    from importlib.metadata import version

    from ipmatch.matching import Matching
    from ipmatch.verifying import faults_of, request_behind

    expect(cohort=(cohort, Cohort), matching=(matching, Matching), progress=(progress, *CALLED))
    own = criteria_in(criteria)
    faults = faults_of(cohort, matching, own, version=version("ipmatch"), progress=progress)
    if faults:
        mend = "Match the cohort again, and take the matching that is made."
        raise InputError([Fault("matching", what, mend) for what in faults])
    return request_behind(cohort, matching, own)
