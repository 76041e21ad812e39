"""A request becomes an answer: score, solve, explain; the reasons must add up to what was solved."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ipmatch.cohort import Cohort
from ipmatch.crowds import crowd_of
from ipmatch.decisions import Decision, Decisions, decisions_in
from ipmatch.errors import Fault, InfeasibleError, TimeLimitError, UsageError
from ipmatch.expecting import CALLED, NUMBER, expect, expect_executor
from ipmatch.policy import DEFAULT, Policy, policy_of
from ipmatch.posing import Posed, pose
from ipmatch.requests import Request
from ipmatch.scoring.criteria import Criterion, criteria_in

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ipmatch.explaining.beside import Beside
    from ipmatch.matching import Matching
    from ipmatch.solving.best import Solution
    from ipmatch.solving.lexicographic import Assignment

__all__ = ["matched", "request_of", "solved", "told"]


def request_of(
    cohort: Cohort,
    policy: Policy | str | None = None,
    criteria: Iterable[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
) -> Request:
    """The request as it is answered: without a policy the cohort's own, else the default, never merged.

    Raises
    ------
    InputError
        If a criterion is none; ``UsageError`` if anything is of another kind, or there is no such preset.
    """
    expect(cohort=(cohort, Cohort), policy=(policy, Policy, str, None))
    rules = cohort.policy or DEFAULT if policy is None else policy_of(policy)
    return Request(cohort, rules, criteria_in(criteria), decisions_in(decisions))


def matched(
    request: Request,
    *,
    require_all: bool = False,
    time_limit: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Matching:
    """The matching of a request, by whichever way suits its size; a big cohort's pairs are never listed.

    Raises
    ------
    InputError, InfeasibleError, InternalError, TimeLimitError
        As :func:`ipmatch.match`.
    """
    expect(time_limit=(time_limit, *NUMBER, None))
    seconds = None if time_limit is None else float(time_limit)
    if seconds is not None and not 0 < seconds < math.inf:
        what = f"{time_limit} is not a number of seconds above 0."
        raise UsageError([Fault("time_limit", what, "Give seconds, or leave it out.")])
    expect(progress=(progress, *CALLED), require_all=(require_all, bool))
    expect_executor(executor)
    crowd, tell = crowd_of(request), progress or (lambda words: None)
    deadline = None if seconds is None else time.monotonic() + seconds
    if crowd is None:
        posed, assignment = solved(request, deadline=deadline, progress=tell)
        tell("explaining")
        matching = told(posed, assignment, deadline=deadline)
    else:
        from ipmatch.crowded import crowd_matching

        matching = crowd_matching(crowd, deadline=deadline, executor=executor, progress=tell)
    if require_all and matching.unmatched_mentees:
        raise _unplaced(matching)
    return matching


def solved(
    request: Request, *, deadline: float | None = None, progress: Callable[[str], None] | None = None
) -> tuple[Posed, Solution]:
    """The integer problem of a request and its assignment, before anything is explained.

    The ``deadline`` is a ``time.monotonic()``, at which to stop with the best found.

    Raises
    ------
    InputError, InfeasibleError, InternalError, TimeLimitError
        As :func:`ipmatch.match`.
    """
    from ipmatch.explaining.stability import stable_pairs
    from ipmatch.solving.best import best_pairing
    from ipmatch.solving.conflict import RulesClash
    from ipmatch.solving.lexicographic import Assignment

    tell = progress or (lambda words: None)
    tell("scoring every pair")
    posed = pose(request)
    try:
        if posed.is_stable:
            tell("letting mentees propose")
            return posed, Assignment(stable_pairs(posed), ())
        assignment = best_pairing(
            posed.problem,
            posed.levels,
            deadline=deadline,
            progress=lambda level, _: tell(f"best by {level.partition('.')[0]}"),
        )
    except RulesClash as clash:
        from ipmatch.explaining.clash import explain_clash

        raise explain_clash(posed, clash) from None
    return posed, assignment


def told(posed: Posed, assignment: Solution, *, deadline: float | None = None) -> Matching:
    """The matching that an assignment is, every person accounted for.

    What it is compared with, where fairness or stability has a cost, is left out if that is not solved before
    the ``deadline``.

    Raises
    ------
    InternalError
        If the reasons do not add up to what was solved.
    """
    from importlib.metadata import version

    from ipmatch.explaining.beside import proof_beside
    from ipmatch.explaining.explain import explain
    from ipmatch.explaining.proof import check_values
    from ipmatch.solving.lexicographic import Assignment

    values, beside = {level.name: level.value for level in assignment.levels}, None
    if isinstance(assignment, Assignment):
        prices = {level.name: level.prices for level in assignment.levels}
        beside = _beside(posed, assignment, deadline) if assignment.complete else None
        proof = proof_beside(posed, assignment.used, prices, beside, complete=assignment.complete)
    else:
        from ipmatch.explaining.row_proof import proof_by_rows

        proof = proof_by_rows(posed, assignment.entries, unique=assignment.unique)
    matching = explain(posed, assignment.used, proof, version=version("ipmatch"), beside=beside)
    check_values(matching, values, posed)
    return matching


def _beside(posed: Posed, assignment: Assignment, deadline: float | None) -> Beside | None:
    """The matching that shows what fairness or stability costs, solved and proved in time."""
    from ipmatch.explaining.beside import Beside, levels_beside
    from ipmatch.solving.lexicographic import solve

    levels = levels_beside(posed, assignment.used)
    if levels is None:
        return None
    other = solve(posed.problem, levels, deadline=deadline)
    if not other.complete:
        return None
    return Beside(other.used, {level.name: level.prices for level in other.levels})


def _unplaced(matching: Matching) -> InfeasibleError | TimeLimitError:
    first, method = matching.objective[0], matching.run.policy.objective.method
    # There is one stable matching: that a better one may be possible is no question of time.
    if method == "optimal" and first.bound != first.value:
        return TimeLimitError(
            "The time limit came before a matching was found that gives every mentee a mentor, "
            "or a proof that there is none."
        )
    people = [f"{left.mentee}: {left.because}" for left in matching.unmatched_mentees]
    message = "Not every mentee taking part can be placed:\n" + "\n".join(f"  - {line}" for line in people)
    return InfeasibleError(message, [f"{left.mentee} must be placed" for left in matching.unmatched_mentees])
