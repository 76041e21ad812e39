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
    losses, possible = loss_of_using(problem, posed.levels, used)
    served = given >= problem.wanted
    reasons = []
    for i in spare.tolist():
        mentor = posed.scores.people.mentors[i]
        left = int(problem.capacity[i] - load[i])
        eligible = posed.scores.allowed[i]
        loss = level_amounts(posed, [int(lost_units[i]) for lost_units in losses]) if possible[i] else None
        code: Code
        if not eligible.any():
            code, because = "no-eligible-mentee", f"No mentee taking part may be paired with {mentor.id}."
        elif loss is None or (load[i] and served[eligible].all()):
            code = "all-placed"
            because = f"Everyone who may be paired with {mentor.id} has all the mentors they asked for."
            if not served[eligible].all():
                because = f"No pairing under the rules uses another place of {mentor.id}."
            loss = None
        elif not any(loss.values()):
            code = "lottery"
            because = f"Using {mentor.id} instead of somebody else would cost nothing: the lottery decided."
        else:
            code = "outscored"
            because = f"Others fit better: using {'another place of ' if load[i] else ''}{mentor.id} would cost {lost(loss)}."
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
