"""Why a mentor has places left: nobody to take, everybody placed, outscored, or the lottery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.explaining.cut import Residual
from ipmatch.explaining.instead import instead_of
from ipmatch.explaining.naming import Naming
from ipmatch.matching import SpareMentor
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.marginals import loss_of_using
from ipmatch.solving.problem import Side
from ipmatch.words import counted, lost

__all__ = ["explain_spare"]

Code = Literal["no-eligible-mentee", "all-placed", "outscored", "lottery", "held-by-rule"]


def explain_spare(posed: Posed, used: BoolVector, prices: Mapping[str, IntVector]) -> tuple[SpareMentor, ...]:
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
    instead = instead_of(posed, used, prices, loss_of_using, unsolved)
    naming, room = Naming(posed), _room(posed, load, given)
    reasons = []
    for i in spare.tolist():
        mentor = posed.scores.people.mentors[i]
        left = int(problem.capacity[i] - load[i])
        eligible = posed.scores.allowed[i]
        further = eligible.copy()
        further[problem.mentee[used & (problem.mentor == i)]] = False
        another = "another place of " if load[i] else ""
        found = instead.get(i)
        loss = found.loss if found else None
        facts: dict[str, Any] = {}
        code: Code
        if not eligible.any():
            code, because = "no-eligible-mentee", f"No mentee taking part may be paired with {mentor.id}."
        elif not further.any() and not served[eligible].all():
            code, because = "no-eligible-mentee", f"No further mentee may be paired with {mentor.id}."
        elif served[further].all() and (found is None or load[i]):
            code, loss = "all-placed", None
            everyone = "Everyone" if served[eligible].all() else "Everyone else"
            because = f"{everyone} who may be paired with {mentor.id} has all the mentors they asked for."
        elif found is None:
            code = "held-by-rule"
            rules = Residual(posed.problem, used).blocking_place(i)
            facts["rules"] = tuple(naming.facts(rule) for rule in rules)
            one = "another" if load[i] else "a"
            because = f"But for {naming.rules(rules)}, {mentor.id} could have {one} mentee."
        elif found.level is None:
            code = "lottery"
            because = f"Using {another}{mentor.id} instead would cost nothing: the lottery decided."
        else:
            code = "outscored"
            # With room for both, nothing but what the pair is worth can speak against it.
            wanting = (further & ~served & room["mentee"]).any() and room["mentor"][i]
            why = "No further pair is worth making" if wanting else "Others fit better"
            then = f"cost {lost(loss)}" if loss is not None else f"be worse by the level {found.level}"
            because = f"{why}: using {another}{mentor.id} would {then}."
        reasons.append(
            SpareMentor(
                mentor=mentor.id,
                capacity=int(problem.capacity[i]),
                given=int(load[i]),
                code=code,
                loss=loss,
                facts=FrozenMap(facts),
                because=f"{because} {counted(left, 'place')} left.",
            )
        )
    return tuple(reasons)


def _room(posed: Posed, load: IntVector, given: IntVector) -> dict[Side, BoolVector]:
    """Whose quotas allow one pair more."""
    room: dict[Side, BoolVector] = {
        "mentor": np.ones(len(load), np.bool_),
        "mentee": np.ones(len(given), np.bool_),
    }
    for quota in posed.problem.quotas:
        pairs = (load if quota.side == "mentor" else given)[quota.members].sum()
        if quota.maximum is not None and pairs >= quota.maximum:
            room[quota.side][quota.members] = False
    return room
