"""The front door: match, verify, check, explain. Each reads as the algorithm: score, solve, explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from ipmatch.answering import matched, request_of, solved
from ipmatch.cohort import Cohort
from ipmatch.crowds import crowd_of
from ipmatch.decisions import Decision, Decisions
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import CALLED, expect, expect_executor, one_of, whole
from ipmatch.matching import Keep, Matching, Verification
from ipmatch.policy import Policy
from ipmatch.posing import pose, refuse_worst_off
from ipmatch.requests import Earlier, Request
from ipmatch.scoring.criteria import Criterion, criteria_in

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ipmatch.answers.insights import RematchFrontier
    from ipmatch.answers.overviews import Check, Explanation

__all__ = ["check", "explain", "match", "rematch", "rematch_frontier", "verify"]


def match(
    cohort: Cohort,
    policy: Policy | str | None = None,
    *,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
    require_all: bool = False,
    time_limit: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Matching:
    """The provably best matching of a cohort under a policy, with a reason for everyone.

    Maximises the policy's levels one after the other over all pairings the rules allow (a lexicographic
    minimum-cost circulation); ties are settled by a lottery drawn from ids and seed. The answer depends on
    nothing else, and is checked against its certificate before it is returned.

    Parameters
    ----------
    cohort
        The people, and the pairs required or forbidden between them.
    policy
        The rules, or a preset by name; ``None`` for those the cohort carries, else the default preset (never
        merged).
    criteria
        The user's own criteria, beside those of ipmatch.
    decisions
        What was decided on top of the cohort: who withdraws, which pairs are required or forbidden.
    require_all
        Whether a mentee taking part without a mentor is an error.
    time_limit
        Seconds after which to stop with the best found, ``status`` feasible and a bound for each level (None
        where nothing is proved). Where the network holds all rules one is always found.
    executor
        Where the pairs of a big cohort are priced, part by part, such as a process pool, or the executor of
        a Dask client; the matching is the same whoever works, and whatever work is lost.
    progress
        Called with a few words as the work goes on.

    Returns
    -------
    Matching
        Scores in points, exact.

    Raises
    ------
    InputError
        If the policy and the criteria do not fit together; ``UsageError`` if a decision names an unknown id,
        or an argument is of another kind.
    InfeasibleError
        If the rules cannot all hold, with an irreducible clash; or on ``require_all``.
    TimeLimitError
        If the time limit came before anything was found.
    InternalError
        If the answer failed its own proof: a bug, never an answer.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, ch. 9.
    """
    request = request_of(cohort, policy, criteria, decisions)
    return matched(
        request, require_all=require_all, time_limit=time_limit, executor=executor, progress=progress
    )


def rematch(
    cohort: Cohort,
    previous: Matching,
    policy: Policy | str | None = None,
    *,
    keep: Keep | None = None,
    max_changes: int | None = None,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
    require_all: bool = False,
    time_limit: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Matching:
    """The best matching that follows on from an earlier one, after withdrawals and late joiners.

    Parameters
    ----------
    cohort
        The people as they are now.
    previous
        The earlier matching; its pairs are those to keep, as far as they are still possible.
    policy
        The rules, or a preset by name; ``None`` for those of the earlier matching.
    keep
        ``all``: every earlier pair still possible stays, as many as can. ``after-placed``: pairs move only
        where that places one more, as few as possible. ``tie-break``: the best new matching, equal ones
        resolved towards the earlier. A policy that lists the level ``keep`` itself has placed it already.
        ``None`` is ``all``, or ``tie-break`` with ``max_changes``.
    max_changes
        How many earlier pairs that are still possible may be given up: a rule, held exactly.
    criteria, decisions, require_all, time_limit, executor, progress
        As for :func:`match`.

    Returns
    -------
    Matching
        With ``rematch`` saying what ended, what was kept, and who changes, and why; what was decided for the
        earlier matching and is not given again binds no longer, and is warned of.

    Raises
    ------
    InputError, InfeasibleError, TimeLimitError, InternalError
        As :func:`match`; infeasible too if no matching changes so few pairs, with the least that can be.
    """
    request = _following(cohort, previous, policy, keep, max_changes, criteria, decisions)
    return matched(
        request, require_all=require_all, time_limit=time_limit, executor=executor, progress=progress
    )


def rematch_frontier(
    cohort: Cohort,
    previous: Matching,
    policy: Policy | str | None = None,
    *,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
    progress: Callable[[str], None] | None = None,
) -> RematchFrontier:
    """What a re-match gains by giving up more of the earlier pairs: each number of changes solved exactly.

    With more than 100 numbers of changes in question only some are. Parameters as for :func:`rematch`.

    Raises
    ------
    InputError, InfeasibleError, InternalError
        As :func:`rematch`; an input error too if the policy asks who is worst off, which no limit of changes
        can stand beside.
    """
    from ipmatch.explaining.trading import explain_trading

    expect(progress=(progress, *CALLED))
    tell = progress or (lambda words: None)
    request = _following(cohort, previous, policy, "tie-break", None, criteria, decisions)
    posed, best = solved(request, progress=tell)
    refuse_worst_off(posed.levels)
    return explain_trading(posed, best, tell)


def _following(
    cohort: Cohort,
    previous: Matching,
    policy: Policy | str | None,
    keep: Keep | None,
    max_changes: int | None,
    criteria: Sequence[Criterion] | None,
    decisions: Decisions | Iterable[Decision] | None,
) -> Request:
    """The request of a re-match."""
    expect(cohort=(cohort, Cohort), previous=(previous, Matching))
    if keep is not None:
        one_of("keep", keep, get_args(Keep))
    most = None if max_changes is None else whole("max_changes", max_changes)
    criteria = criteria_in(criteria)
    given = {criterion.name for criterion in criteria}
    lost = [name for name in previous.run.criteria if name not in given]
    if policy is None and lost:
        what = f"the earlier matching was made with other criteria of the user's own: {', '.join(lost)}."
        raise InputError([Fault("criteria", what, "Give them again, or give a policy without them.")])
    keep = keep or ("all" if most is None else "tie-break")
    rules = previous.run.policy if policy is None else policy
    earlier = Earlier(previous.pairs(), keep, most, previous.run.decisions)
    return replace(request_of(cohort, rules, criteria, decisions), earlier=earlier)


def verify(
    cohort: Cohort,
    matching: Matching,
    *,
    criteria: Sequence[Criterion] | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Whether a matching is what it says: checked without any solver, trusting nothing it holds.

    Scores the cohort anew, checks every rule, proves the pairing best from the certificate's prices, and
    compares every number, code and person with what the pairing itself implies. The score comes from the
    package's own scorer: what is not trusted is the solver, and the file.

    Parameters
    ----------
    cohort, matching
        The people, and what was made of them.
    criteria, executor, progress
        As for :func:`match`.

    Raises
    ------
    UsageError
        If an argument is of another kind.
    """
    from importlib.metadata import version

    from ipmatch.verifying import faults_of

    expect(cohort=(cohort, Cohort), matching=(matching, Matching), progress=(progress, *CALLED))
    expect_executor(executor)
    faults = faults_of(
        cohort,
        matching,
        criteria_in(criteria),
        version=version("ipmatch"),
        executor=executor,
        progress=progress,
    )
    return Verification(ok=not faults, faults=tuple(faults))


def check(
    cohort: Cohort,
    policy: Policy | str | None = None,
    *,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
) -> Check:
    """What a cohort looks like before any matching: who takes part, what to ask, supply against demand.

    Raises
    ------
    InputError, InfeasibleError
        As :func:`match`.
    """
    from ipmatch.explaining.readiness import check_readiness

    request = request_of(cohort, policy, criteria, decisions)
    return check_readiness((crowd_of(request) or pose(request)).scores)


def explain(
    cohort: Cohort,
    policy: Policy | str | None = None,
    *,
    pair: tuple[str, str] | None = None,
    mentee: str | None = None,
    mentor: str | None = None,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
) -> Explanation:
    """Everything the matching of a cohort says about one pair (mentor, mentee), one mentee or one mentor.

    With the price of a pair that was not made, and the cheapest other pairs; ``Study`` keeps them at hand.

    Raises
    ------
    UsageError
        If not exactly one subject is given, or an id is not known.
    InputError, InfeasibleError
        As :func:`match`.
    """
    from ipmatch.study import Study

    asked = Study(cohort, policy, criteria=criteria, decisions=decisions)
    return asked.explain(pair=pair, mentee=mentee, mentor=mentor)
