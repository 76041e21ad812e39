"""Why a mentor has places left: nobody to take, everybody placed, outscored, or the lottery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ipmatch.explaining.cut import Residual
from ipmatch.explaining.instead import instead_of
from ipmatch.explaining.naming import Naming
from ipmatch.explaining.room import nobody_waits, spare_mentor
from ipmatch.matching import SpareMentor
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.marginals import loss_of_using
from ipmatch.solving.openings import openings_of
from ipmatch.solving.problem import Side
from ipmatch.words import NOTHING_FURTHER, lost

__all__ = ["explain_spare"]


def explain_spare(
    posed: AnyPosed, used: BoolVector, prices: Mapping[str, IntVector]
) -> tuple[SpareMentor, ...]:
    """Every mentor with places left, in order of id, each with the reason."""
    problem = posed.problem
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    spare = np.flatnonzero(load < problem.capacity)
    if not len(spare):
        return ()
    short, choices = given < problem.wanted, problem.others("mentor")
    openings = openings_of(problem, used)
    # Who waits for one more: somebody of theirs, somebody else they may have.
    theirs, others = np.zeros(len(load), np.bool_), openings.mentors_of(short)
    theirs[problem.mentor[used & short[problem.mentee]]] = True
    # Whoever has a mentee, and else only served ones to choose from, needs no price for his reason.
    unsolved = others | theirs | ((load == 0) & (choices > 0))
    instead = instead_of(posed, used, prices, loss_of_using, unsolved)
    naming, room = Naming(posed), _room(posed, load, given)
    wanting = openings.mentors_of(short & room["mentee"]) & room["mentor"]
    reasons, residual = [], None
    for i in spare.tolist():
        mentor, had, found = naming.mentors[i], int(load[i]), instead.get(i)
        another = "another place of " if had else ""
        loss = found.loss if found else None
        facts: dict[str, Any] = {}
        code: Any
        # Whoever has nobody could take a served mentee from somebody else.
        other = bool(others[i]) or (found is not None and not had)
        if nobody := nobody_waits(mentor, had, int(choices[i]), own_waits=bool(theirs[i]), others=other):
            (code, because), loss = nobody, None
        elif found is None:
            code = "held-by-rule"
            residual = residual or Residual(problem, used, openings)
            rules = residual.blocking_place(i)
            facts["rules"] = tuple(naming.facts(rule) for rule in rules)
            one = "another" if had else "a"
            because = f"But for {naming.rules(rules)}, {mentor} could have {one} mentee."
        elif found.level is None:
            code = "lottery"
            because = f"Using {another}{mentor} instead would cost nothing: the lottery decided."
        else:
            code = "outscored"
            # With room for both, nothing but what the pair is worth can speak against it.
            why = NOTHING_FURTHER if wanting[i] else "Others fit better"
            then = f"cost {lost(loss)}" if loss is not None else f"be worse by the level {found.level}"
            because = f"{why}: using {another}{mentor} would {then}."
        capacity = int(problem.capacity[i])
        reasons.append(spare_mentor(mentor, capacity, had, code, because, loss=loss, facts=facts))
    return tuple(reasons)


def _room(posed: AnyPosed, load: IntVector, given: IntVector) -> dict[Side, BoolVector]:
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
