"""The best pairing, one objective after the other, each proved by prices before the next is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ipmatch.errors import InternalError
from ipmatch.solving import certificate
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.lottery import check_numbers
from ipmatch.solving.problem import Objective, Problem, check_levels
from ipmatch.solving.search import OutOfTime, ProvedLevel, Search

__all__ = ["Assignment", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """A set of pairs [P], and the proof: every level in order, the lottery's included.

    If ``complete`` it is the one best; if not, time ran out: it is best by the levels listed, if any.
    """

    used: BoolVector
    levels: tuple[ProvedLevel, ...]
    complete: bool = True

    @property
    def proved(self) -> bool:
        """Whether nothing is better."""
        return self.complete


def solve(
    problem: Problem,
    levels: Sequence[Objective],
    *,
    progress: Callable[[str, int | None], None] | None = None,
    deadline: float | None = None,
) -> Assignment:
    """Find the pairing best by the first level, among those best by the second, and so on; lots settle ties.

    After each level every arc whose reduced cost is not zero is fixed: what remains are exactly the optima so
    far. The solver sees a pool of pairs; a level ends when no other pair is worth adding.

    Parameters
    ----------
    problem, levels
        What is allowed, and what is wanted, most important first.
    progress
        Called with the name and the value of each level once it is proved.
    deadline
        The ``time.monotonic()`` after which no level or round is begun, but for the first: some pairing is
        always found.

    Returns
    -------
    Assignment
        Pairs and prices depend on the problem and the levels only, not on the order of rows or the solver;
        unless time ran out.

    Raises
    ------
    RulesClash
        If required pairs, minimums, quotas and places cannot all hold.
    ValueError
        If the levels cannot be expressed (see ``check_levels``), quotas cross, or two lottery numbers on a
        side are equal.
    InternalError
        If the answer fails its own proof.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapters 9 and 17.5 (column generation).
    """
    check_levels(problem, levels)
    check_numbers(problem)
    search = Search.started(problem, levels, deadline)
    proved, complete = list[ProvedLevel](), True
    try:
        for level in search.run(levels):
            proved.append(level)
            if progress is not None:
                progress(level.name, level.value)
    except OutOfTime:
        complete = False
    problem.kept["pool"] = search.seen
    used, prices = search.flow[search.network.pairs] == 1, {level.name: level.prices for level in proved}
    faults = certificate.check(problem, levels, used, prices, complete=complete)
    if faults:
        raise InternalError("The pairing fails its own proof: " + " ".join(faults))
    return Assignment(used, tuple(proved), complete)
