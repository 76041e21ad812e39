"""Big cohorts: a posed request becomes a matching, and a matching is checked, its pairs seen in blocks."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.crowds import PosedCrowd, rounds_told
from ipmatch.explaining.crowd import explain_crowd
from ipmatch.explaining.proof import check_values, prices_of
from ipmatch.matching import Matching
from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.columns import proof
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.memory import memory_returned

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["crowd_matching", "implied_by"]


def crowd_matching(
    posed: PosedCrowd,
    *,
    deadline: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Matching:
    """The best matching of a big cohort, proved and explained; or the best found in time.

    The ``deadline`` is a ``time.monotonic()``.

    Raises
    ------
    InfeasibleError
        If the rules cannot all hold, with an irreducible clash.
    TimeLimitError
        If nothing was found in time.
    InternalError
        If the answer failed its own proof.
    """
    from ipmatch.solving.columns.search import solve_grid
    from ipmatch.solving.conflict import RulesClash

    tell = progress or (lambda words: None)
    tell("pairing a big cohort")
    told = rounds_told(progress, deadline)
    try:
        answer = solve_grid(posed.grid, posed.goals, executor=executor, told=told, deadline=deadline)
    except RulesClash as clash:
        # Rarely needed, and slow to load.
        from ipmatch.explaining.clash import explain_clash

        raise explain_clash(posed, clash) from None
    memory_returned()
    tell("explaining")
    prices = {level.name: level.prices for level in answer.levels}
    matching = explain_crowd(
        posed,
        answer.keys,
        prices,
        version=version("ipmatch"),
        complete=answer.complete,
        unproved=answer.unproved,
        executor=executor,
    )
    check_values(matching, {level.name: level.value for level in answer.levels}, posed)
    return matching


def implied_by(
    matching: Matching,
    posed: PosedCrowd,
    *,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Matching | None, list[str]]:
    """The matching that a big cohort's pairs and prices imply; or what is wrong with them.

    Of a search cut short the bound is taken on trust: what proves it is too large to be kept.
    """
    keys, faults = _keys(matching, posed)
    if faults:
        return None, faults
    try:
        prices = prices_of(posed, matching.certificate)
    except ValueError as error:
        return None, [f"certificate: {error}"]
    people, complete = posed.scores.people, matching.certificate.unique
    sides = {"mentor": people.mentors, "mentee": people.mentees}
    tell = progress or (lambda words: None)
    faults = proof.faults_of(
        posed.grid,
        posed.goals,
        keys,
        prices,
        Crew(posed.grid.terrain, executor),
        complete,
        called=lambda side, index: sides[side][index].id,
        told=lambda level: tell(f"checking {level}"),
    )
    if faults:
        return None, faults
    tell("explaining anew")
    told = explain_crowd(
        posed,
        keys,
        prices,
        version=matching.run.ipmatch,
        complete=complete,
        unproved=_unproved(matching, posed),
        executor=executor,
    )
    return told, []


def _keys(matching: Matching, posed: PosedCrowd) -> tuple[IndexVector, list[str]]:
    """The pairs by sorted key, and those that cannot be."""
    scores, grid = posed.scores, posed.grid
    row, column = scores.people.rows(), scores.people.columns()
    faults, keys = list[str](), set[int]()
    for pairing in matching.pairings:
        mentor, mentee = pairing.mentor, pairing.mentee
        unknown = [one for one, known in ((mentor, row), (mentee, column)) if one not in known]
        if unknown:
            faults.append(f"{mentor} and {mentee}: {' and '.join(unknown)} does not take part.")
            continue
        key = row[mentor] * len(column) + column[mentee]
        if key in keys:
            faults.append(f"{mentor} and {mentee} are paired twice.")
        keys.add(key)
    used = np.array(sorted(keys), dtype=np.int64)
    banned = used[~grid.terrain.allowed(*grid.pairs(used))]
    for i, j in zip(*(index.tolist() for index in grid.pairs(banned)), strict=True):
        names = f"{scores.people.mentors[i].id} and {scores.people.mentees[j].id}"
        faults.append(f"{names} may not be paired: {', '.join(scores.rules_against(i, j))}.")
    return used, faults


def _unproved(matching: Matching, posed: PosedCrowd) -> tuple[str, int, int | None] | None:
    """The listed level at which time ran out, by what the matching says of it."""
    names = [goal.name for goal in posed.goals if goal.name not in matching.certificate.order]
    if not names:
        return None
    bound = next((level.bound for level in matching.objective if level.level == names[0]), None)
    return names[0], 0, None if bound is None else round(bound * posed.scale_of(names[0]))
