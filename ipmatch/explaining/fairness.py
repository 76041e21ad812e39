"""What fairness costs in points, and whom it helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from ipmatch.costs import FairnessCost, Shift
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.problem import Level, Objective
from ipmatch.solving.values import totals
from ipmatch.words import counted, listed

__all__ = ["fairness_cost"]

# A sentence names this many of those who gain, and of those who lose; the data hold all.
MOST_SHIFTS = 3


def fairness_cost(posed: Posed, used: BoolVector, without: BoolVector) -> FairnessCost:
    """A matching beside the best one by the same levels but that on who is worst off.

    Parameters
    ----------
    posed, used, without
        A problem with such a level, and the pairs [P] of the two matchings.
    """
    scores, problem = posed.scores, posed.problem
    level = next(level for level in posed.levels if not isinstance(level, Level))
    lowest, lowest_without = (_lowest(posed, level, pairs) for pairs in (used, without))
    points = scores.points[problem.mentor, problem.mentee]
    total, total_without = (int(points[pairs].sum()) for pairs in (used, without))
    shifts = sorted(_shifts(posed, points, used, without), key=lambda one: (-abs(one.change), one.mentee))
    gains = tuple(shift for shift in shifts if shift.change > 0 or shift.points_without is None)
    loses = tuple(shift for shift in shifts if shift not in gains)
    return FairnessCost(
        level="leximin" if level.name == "leximin" else "fairness",
        points=scores.decimal(total_without - total),
        lowest=lowest,
        lowest_without=lowest_without,
        gains=gains,
        loses=loses,
        pairs_without=pair_ids(posed, without),
        because=_because(
            scores.decimal(total_without - total),
            (lowest, lowest_without),
            (gains, loses),
            required=bool(problem.required.any()),
        ),
    )


def _lowest(posed: Posed, level: Objective, used: BoolVector) -> Decimal | None:
    (units,) = totals(posed.problem, [level], used)
    return None if units is None else posed.scores.decimal(units)


def _shifts(posed: Posed, points: IntVector, used: BoolVector, without: BoolVector) -> Iterator[Shift]:
    """Every mentee whose points differ, or who has a mentor in one of the two only."""
    scores = posed.scores
    (then, had), (now, has) = (_each(posed, points, pairs) for pairs in (without, used))
    for j in np.flatnonzero((then != now) | (had != has)).tolist():
        yield Shift(
            mentee=scores.people.mentees[j].id,
            points_without=scores.decimal(int(then[j])) if had[j] else None,
            points=scores.decimal(int(now[j])) if has[j] else None,
            change=scores.decimal(int(now[j] - then[j])),
        )


def _each(posed: Posed, points: IntVector, used: BoolVector) -> tuple[IntVector, BoolVector]:
    """The points of each mentee's pairs [J] together, and whether there are any."""
    mentee, total = posed.problem.mentee[used], np.zeros(len(posed.problem.wanted), np.int64)
    np.add.at(total, mentee, points[used])
    return total, np.bincount(mentee, minlength=len(total)) > 0


def _because(
    points: Decimal,
    lowest: tuple[Decimal | None, Decimal | None],
    shifts: tuple[Sequence[Shift], Sequence[Shift]],
    *,
    required: bool,
) -> str:
    """What fairness costs, the lowest score with it and without it, and who gains and who gives way."""
    now, without = lowest
    if now is None:
        return "Fairness has no say: every pair is required, or there is none."
    aside = ", required pairs aside, " if required else " "
    rises = f"the lowest score{aside}is {now:f} "
    rises += "with or without it" if now == without else f"instead of {without:f}"
    # A level between fairness and the score may cost more points without fairness than with it.
    amount = counted(abs(points), "point") if points else "no points"
    verb = "gains" if points < 0 else "costs"
    parts = [_named(some, words) for some, words in zip(shifts, ("gain", "give way"), strict=True) if some]
    told = "; ".join(parts) if parts else "Nobody gains or loses by it"
    return f"Fairness {verb} {amount}: {rises}. {told}."


def _named(shifts: Sequence[Shift], verb: str) -> str:
    """``E03 (+15) and 2 more gain``."""
    shown = [f"{shift.mentee} ({_change(shift)})" for shift in shifts[:MOST_SHIFTS]]
    more = len(shifts) - len(shown)
    if len(shifts) == 1:
        verb = {"gain": "gains", "give way": "gives way"}[verb]
    return f"{listed([*shown, f'{more:,} more'] if more else shown)} {verb}"


def _change(shift: Shift) -> str:
    if shift.points_without is None:
        return "placed only so"
    return "left without a mentor" if shift.points is None else f"{shift.change:+f}"
