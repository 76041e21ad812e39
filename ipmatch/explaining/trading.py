"""Changes against gain: what giving up more of the earlier pairs would bring, each number exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ipmatch.answers.insights import RematchFrontier, RematchPoint
from ipmatch.document import plain
from ipmatch.errors import InternalError
from ipmatch.explaining.amounts import level_amounts
from ipmatch.limits import limit_of_changes
from ipmatch.posing import Posed
from ipmatch.solving.best import Solution, best_pairing
from ipmatch.solving.problem import Level, Problem
from ipmatch.words import counted, gained

__all__ = ["explain_trading"]

MOST_SOLVED = 100
"""Up to so many numbers of changes each is solved; of more only some."""
STEPS = (0, 1, 2, 5)


def explain_trading(posed: Posed, best: Solution, tell: Callable[[str], None]) -> RematchFrontier:
    """The best matchings for every number of changes at which more is gained than with fewer.

    Parameters
    ----------
    posed, best
        The re-match that is best whatever it changes, of all such with the fewest changes.
    tell
        Called with a few words as the work goes on.
    """
    problem, possible = posed.problem, int(posed.earlier.sum())
    kept = Level("keep", 1, pair=posed.earlier.astype(np.int64))
    most_kept = best_pairing(problem, [kept], draw=False).levels[0]
    if most_kept.value is None:
        raise InternalError("The level keep has no value.")
    least, most = possible - most_kept.value, possible - int((posed.earlier & best.used).sum())
    numbers = list(_numbers(least, most))
    points = list[RematchPoint]()
    for number in numbers:
        tell(f"the best with {counted(number, 'change')}")
        found = best if number == most else _with_at_most(posed, problem, number)
        values = level_amounts(posed, [level.value or 0 for level in found.levels[: len(posed.levels)]])
        objective = {name: values[name] for name in values if name != "keep"}
        if points and objective == points[-1].objective:
            continue
        first = points[0].objective if points else objective
        gain = {name: plain(objective[name] - first[name]) for name in objective}
        points.append(
            RematchPoint(
                changes=possible - int((posed.earlier & found.used).sum()),
                objective=objective,
                gain=gain,
                exact=found.proved,
            )
        )
    complete = len(numbers) == most - least + 1
    return RematchFrontier(
        earlier=len(posed.request.earlier.pairs) if posed.request.earlier else 0,
        still_possible=possible,
        points=tuple(points),
        complete=complete,
        because=_because(points, complete),
    )


def _numbers(least: int, most: int) -> Iterator[int]:
    """Every number of changes to solve for; of many the first few and then ever wider apart."""
    if most - least <= MOST_SOLVED:
        yield from range(least, most + 1)
        return
    scale = 1
    while True:
        for step in STEPS[scale > 1 :]:
            if step * scale >= most - least:
                yield most
                return
            yield least + step * scale
        scale *= 10


def _with_at_most(posed: Posed, problem: Problem, number: int) -> Solution:
    limits = (*problem.limits, limit_of_changes(posed.earlier, number))
    return best_pairing(replace(problem, limits=limits), posed.levels, draw=False)


def _because(points: list[RematchPoint], complete: bool) -> str:
    first, last = points[0], points[-1]
    fewest = "nothing" if first.changes == 0 else counted(first.changes, "earlier pair")
    start = f"No matching gives up fewer than {fewest} of those still possible. " if first.changes else ""
    if len(points) == 1:
        return f"{start}Giving up more of the earlier pairs gains nothing."
    told = "; ".join(
        f"{counted(point.changes, 'change')} would {gained(point.gain)}"
        for point in (points[1:] if len(points) <= 4 else [points[1], points[2], last])
    )
    doubt = "" if complete else " Only some numbers of changes were looked at."
    return f"{start}Beside the matching with {counted(first.changes, 'change')}: {told}.{doubt}"
