"""A request becomes an answer: score, solve, explain; the reasons must add up to what was solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from typing import TYPE_CHECKING

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision, Decisions
from ipmatch.errors import InfeasibleError, InternalError
from ipmatch.policy import Policy
from ipmatch.posing import Posed, Request, pose
from ipmatch.scoring.criteria import Criterion

if TYPE_CHECKING:
    from ipmatch.matching import Matching
    from ipmatch.solving.lexicographic import Assignment

__all__ = ["Answered", "answer", "request_of", "solved", "told"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A request's matching, with the integer problem and the proved assignment behind it."""

    posed: Posed
    assignment: Assignment
    matching: Matching


def request_of(
    cohort: Cohort,
    policy: Policy | None = None,
    criteria: Iterable[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
) -> Request:
    """The request as it is answered: without a policy the cohort's own, else the default, never merged."""
    decided = decisions.decisions if isinstance(decisions, Decisions) else tuple(decisions or ())
    return Request(cohort, policy or cohort.policy or Policy(), tuple(criteria or ()), decided)


def answer(
    request: Request, *, require_all: bool = False, progress: Callable[[str], None] | None = None
) -> Answered:
    """Answer a request, or say which rules cannot all hold.

    Raises
    ------
    InputError, InfeasibleError, InternalError
        As :func:`ipmatch.match`.
    """
    tell = progress or (lambda words: None)
    posed, assignment = solved(request, progress=tell)
    tell("explaining")
    matching = told(posed, assignment)
    if require_all and matching.unmatched_mentees:
        raise _unplaced(matching)
    return Answered(posed, assignment, matching)


def solved(request: Request, *, progress: Callable[[str], None] | None = None) -> tuple[Posed, Assignment]:
    """The integer problem of a request and its proved assignment, before anything is explained.

    Raises
    ------
    InputError, InfeasibleError, InternalError
        As :func:`ipmatch.match`.
    """
    from ipmatch.solving.conflict import RulesClash
    from ipmatch.solving.lexicographic import solve

    tell = progress or (lambda words: None)
    tell("scoring every pair")
    posed = pose(request)
    try:
        assignment = solve(
            posed.problem, posed.levels, progress=lambda level, value: tell(f"best by {level}: {value}")
        )
    except RulesClash as clash:
        from ipmatch.explaining.clash import explain_clash

        raise explain_clash(posed, clash) from None
    return posed, assignment


def told(posed: Posed, assignment: Assignment) -> Matching:
    """The matching that an assignment is, every person accounted for.

    Raises
    ------
    InternalError
        If the reasons do not add up to what was solved.
    """
    from ipmatch.explaining.explain import explain

    prices = {level.name: level.prices for level in assignment.levels}
    matching = explain(posed, assignment.used, prices, version=version("ipmatch"))
    _check_values(matching, {level.name: level.value for level in assignment.levels}, posed)
    return matching


def _check_values(matching: Matching, proved: dict[str, int | None], posed: Posed) -> None:
    """The values the solver reached are those the reasons add up to."""
    for level in matching.objective:
        # Only loads shared out by thirds and the like have no finite form; rounding brings the units back.
        if round(Fraction(level.value) * posed.scale_of(level.level)) != proved[level.level]:
            raise InternalError(
                f"Level {level.level}: the reasons add up to {level.value}, not to what was solved."
            )


def _unplaced(matching: Matching) -> InfeasibleError:
    people = [f"{left.mentee}: {left.because}" for left in matching.unmatched_mentees]
    message = "Not every mentee taking part can be placed:\n" + "\n".join(f"  - {line}" for line in people)
    return InfeasibleError(message, [f"{left.mentee} must be placed" for left in matching.unmatched_mentees])
