"""Rules that cannot all hold, in the lead's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ipmatch.errors import InfeasibleError
from ipmatch.posing import Posed
from ipmatch.words import counted

if TYPE_CHECKING:
    # Behind it stands the solver, which verify must do without.
    from ipmatch.solving.conflict import RulesClash

__all__ = ["explain_clash"]


def explain_clash(posed: Posed, clash: RulesClash) -> InfeasibleError:
    """The error that names every rule of an irreducible clash, the places it runs into, and the mend."""
    problem, people = posed.problem, posed.scores.people
    pairs = [(int(problem.mentor[pair]), int(problem.mentee[pair])) for pair in clash.pairs]
    members = [f"required pair {people.mentors[i].id} with {people.mentees[j].id}" for i, j in pairs]
    members += [
        f"{people.mentors[i].id} must have at least {counted(int(problem.minimum[i]), 'mentee')}"
        for i in clash.mentors
    ]
    mentors = sorted({i for i, _ in pairs} | set(clash.mentors))
    limits = [f"{people.mentors[i].id} has {counted(int(problem.capacity[i]), 'place')}" for i in mentors]
    for i in clash.mentors:
        eligible = int((problem.mentor == i).sum())
        limits.append(f"{counted(eligible, 'mentee')} may be paired with {people.mentors[i].id}")
    mentees = {j for _, j in pairs} | set(problem.mentee[np.isin(problem.mentor, clash.mentors)].tolist())
    if len(mentees) <= 10:
        limits += [
            f"{people.mentees[j].id} asks for {counted(int(problem.wanted[j]), 'mentor')}"
            for j in sorted(mentees)
        ]
    message = (
        "The rules cannot all hold:\n"
        + "".join(f"  - {member}\n" for member in members)
        + f"because {'; '.join(limits)}.\n"
        + "Drop any one of these rules, or raise a number."
    )
    return InfeasibleError(message, members)
