"""The best pairing under any rules: on the network alone where it holds them, else with rows beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import Assignment, solve
from ipmatch.solving.problem import Level, Objective, Problem
from ipmatch.solving.rows.parting import part

if TYPE_CHECKING:
    from ipmatch.solving.rows.conflict import RowsClash
    from ipmatch.solving.rows.search import RowsAssignment

__all__ = ["Solution", "best_pairing"]

Solution: TypeAlias = "Assignment | RowsAssignment"


def best_pairing(
    problem: Problem,
    levels: Sequence[Objective],
    *,
    deadline: float | None = None,
    draw: bool = True,
    progress: Callable[[str, int | None], None] | None = None,
) -> Solution:
    """Find the pairing best by the first level, among those best by the second, and so on; lots settle ties.

    Parameters
    ----------
    problem, levels
        What is allowed, and what is wanted, most important first.
    deadline
        The ``time.monotonic()`` at which to stop with the best found.
    draw
        Whether lots are to settle ties where rows do not come with them for nothing.
    progress
        Called with the name and the value of each level once it is decided.

    Raises
    ------
    RulesClash
        If the rules cannot all hold.
    TimeLimitError
        If the deadline passes before a pairing under rows is found.
    ValueError
        If the levels cannot be expressed; under rows those on who is worst off cannot.
    InternalError
        If the answer fails its own proof.
    """
    held, rows = part(problem)
    if not rows:
        return solve(problem, levels, deadline=deadline, progress=progress)
    from ipmatch.solving.rows.conflict import RowsClash
    from ipmatch.solving.rows.search import solve_with_rows

    linear = [level for level in levels if isinstance(level, Level)]
    if len(linear) < len(levels):
        raise ValueError("levels: who is worst off cannot be compared under rows.")
    try:
        return solve_with_rows(held, linear, rows, deadline=deadline, draw=draw, progress=progress)
    except RowsClash as clash:
        raise _of_quotas(problem, clash) from None


def _of_quotas(problem: Problem, clash: RowsClash) -> RulesClash:
    """The same clash, with the rows told as the quotas and limits they hold."""
    limits = {limit.name: k for k, limit in enumerate(problem.limits)}
    bounds: dict[str, set[int]] = {
        "minimum": set(clash.quota_minimums),
        "maximum": set(clash.quota_maximums),
    }
    for name in clash.rows:
        if name not in limits:
            quota, kind = name.removeprefix("quota ").split(", ")
            bounds[kind].add(int(quota))
    return RulesClash(
        clash.pairs,
        clash.mentors,
        tuple(sorted(bounds["minimum"])),
        tuple(sorted(bounds["maximum"])),
        tuple(sorted(limits[name] for name in clash.rows if name in limits)),
    )
