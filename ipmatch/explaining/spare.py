"""Why a mentor has places left: nobody to take, everybody placed, outscored, or the lottery."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ipmatch.explaining.unmatched import level_amounts
from ipmatch.matching import SpareMentor
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.marginals import loss_of_using
from ipmatch.words import counted, lost

__all__ = ["explain_spare"]

Code = Literal["no-eligible-mentee", "all-placed", "outscored", "lottery"]


def explain_spare(posed: Posed, used: BoolVector) -> tuple[SpareMentor, ...]:
    """Every mentor with places left, in order of id, each with the reason."""
    problem = posed.problem
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    spare = np.flatnonzero(load < problem.capacity)
    if not len(spare):
        return ()
    served = given >= problem.wanted
    # Whoever has a mentee, and else only served ones to choose from, needs no price for his reason.
    unsolved = (posed.scores.allowed & ~served).any(axis=1) | ((load == 0) & posed.scores.allowed.any(axis=1))
    losses, possible = loss_of_using(problem, posed.levels, used, among=unsolved)
    reasons = []
    for i in spare.tolist():
        mentor = posed.scores.people.mentors[i]
        left = int(problem.capacity[i] - load[i])
        eligible = posed.scores.allowed[i]
        further = eligible.copy()
        further[problem.mentee[used & (problem.mentor == i)]] = False
        another = "another place of " if load[i] else ""
        loss = level_amounts(posed, [int(lost_units[i]) for lost_units in losses]) if possible[i] else None
        code: Code
        if not eligible.any():
            code, because = "no-eligible-mentee", f"No mentee taking part may be paired with {mentor.id}."
        elif not further.any() and not served[eligible].all():
            code, because = "no-eligible-mentee", f"No further mentee may be paired with {mentor.id}."
        elif loss is None or (load[i] and served[further].all()):
            code, loss = "all-placed", None
            everyone = "Everyone" if served[eligible].all() else "Everyone else"
            because = f"{everyone} who may be paired with {mentor.id} has all the mentors they asked for."
        elif not any(loss.values()):
            code = "lottery"
            because = f"Using {another}{mentor.id} instead would cost nothing: the lottery decided."
        else:
            code = "outscored"
            why = "Others fit better" if served[further].all() else "No further pair is worth making"
            because = f"{why}: using {another}{mentor.id} would cost {lost(loss)}."
        reasons.append(
            SpareMentor(
                mentor=mentor.id,
                capacity=int(problem.capacity[i]),
                given=int(load[i]),
                code=code,
                loss=loss,
                because=f"{because} {counted(left, 'place')} left.",
            )
        )
    return tuple(reasons)
