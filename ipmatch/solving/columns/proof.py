"""The proof of a big cohort's pairing, checked without any solver and without a list of all pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ipmatch.solving import certificate
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.front import Front
from ipmatch.solving.columns.grid import Goal, Grid, lottery_goal
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.lottery import pair_level_name, people_levels
from ipmatch.solving.network import build, slimmed

__all__ = ["faults_of"]

LISTED = 400_000
"""As soon as so few pairs are undecided, they are listed."""


def faults_of(
    grid: Grid,
    goals: Sequence[Goal],
    used: IndexVector,
    prices: Mapping[str, IntVector],
    crew: Crew,
    complete: bool = True,
    *,
    listed: int = LISTED,
    called: Callable[[str, int], str] | None = None,
    told: Callable[[str], None] | None = None,
) -> list[str]:
    """List in plain English what keeps ``prices`` from proving the pairs ``used``, by key, the one best.

    As ``certificate.check``: on every pair the first level whose reduced cost is not zero agrees with the
    pairing. Pairs are looked at level by level, each ``told`` first, until few enough are undecided to be
    listed.
    """
    used = merged(used)
    undecided, faults = _outside(grid, goals, used, prices, crew, complete, listed, called, told)
    if faults:
        return faults
    keys = merged(used, undecided, grid.required)
    del undecided
    problem = grid.listed(keys)
    levels = [grid.level(goal, keys) for goal in goals]
    problem.kept["network"] = slimmed(build(problem), problem)
    faults = certificate.check(
        problem, levels, found(used, keys)[1], prices, complete=complete, called=called
    )
    # A problem and its network hold each other, and might stay for long.
    problem.kept.clear()
    return faults


def _outside(
    grid: Grid,
    goals: Sequence[Goal],
    used: IndexVector,
    prices: Mapping[str, IntVector],
    crew: Crew,
    complete: bool,
    listed: int,
    called: Callable[[str, int], str] | None,
    told: Callable[[str], None] | None,
) -> tuple[IndexVector, list[str]]:
    """List the pairs that no level decides, once they are few; or say which unused pair refutes prices."""
    front, nobody = Front(grid, crew), np.zeros(0, np.int64)
    network = build(grid.listed(merged(used, grid.required)))
    if not grid.terrain.allowed(*grid.pairs(used)).all():
        return nobody, ["A pair is used that may not be."]
    lottery = [Goal(level) for level in people_levels(network.problem) if level.name in prices]
    order = [*goals, *lottery, lottery_goal(grid, 0)]
    for goal in order:
        if told is not None:
            told(goal.name)
        vector = prices.get(goal.name)
        if vector is None or not certificate.are_prices(vector, network.nodes):
            # The check of the listed pairs says what is missing; ties it must see all.
            needed = complete and goal.name == pair_level_name(0)
            undecided = front.tight(1 << 62) if needed else None
            return nobody if undecided is None else undecided, []
        wanted = front.violated(goal, vector).keys
        wanted = wanted[~found(used, wanted)[1]]
        if len(wanted):
            mentor, mentee = (int(index[0]) for index in grid.pairs(wanted))
            name = called or (lambda side, index: f"{side} {index}")
            others = f" (and {len(wanted) - 1} others)" if len(wanted) > 1 else ""
            return nobody, [
                f"Level {goal.name!r}: the prices do not prove the pairing best: they call for more of "
                f"the pair of {name('mentor', mentor)} and {name('mentee', mentee)}{others}."
            ]
        front.passed(goal, vector)
        drawn = goal.pair is not None and goal.pair.draw is not None
        keys = front.tight(1 << 62 if drawn else listed)
        if keys is not None:
            return keys, []
    return nobody, []
