"""The score of every allowed pair taken apart by criterion, to ask what each weight does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from ipmatch.posing import Posed
from ipmatch.requests import Request
from ipmatch.scoring.builtin import BUILTIN
from ipmatch.scoring.tables import Table, tabulate
from ipmatch.solving.arrays import IntVector
from ipmatch.solving.best import Solution
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.weights import Component

__all__ = ["Parts", "Solved"]

Solved: TypeAlias = Callable[[Request], tuple[Posed, Solution]]
"""What answers a changed request."""


class Parts:
    """What each criterion adds to the score of every allowed pair.

    Attributes
    ----------
    known
        The names of all criteria, in the order contributions are listed.
    names, components
        Those whose weight stands in the policy and counts, be it 0; weights are per step of strength.
    at
        The place of the level that counts the points; ``None`` if there is none.
    """

    def __init__(self, posed: Posed, assignment: Assignment) -> None:
        self.posed, self.assignment, self.policy = posed, assignment, posed.scores.policy
        self._criteria = {criterion.name: criterion for criterion in (*BUILTIN, *posed.request.criteria)}
        self._tables = dict(posed.scores.tables)
        self.known = tuple(self._criteria)
        ignored = () if self.policy.organisation.same == "penalise" else ("organisation",)
        self.names = [name for name in self.known if name in self.policy.weights and name not in ignored]
        self.components = [
            Component(Fraction(self.policy.weight(name)) / self.steps(name), self.gain(name))
            for name in self.names
        ]
        levels = [level.name for level in posed.levels]
        self.at = levels.index("score") if "score" in levels else None

    def gain(self, name: str) -> IntVector:
        """The strength of every allowed pair [P], in steps."""
        problem = self.posed.problem
        return self._table(name).gathered()[problem.mentor, problem.mentee].astype(np.int64)

    def steps(self, name: str) -> int:
        """How many steps make full strength."""
        return self._table(name).steps

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            people = self.posed.scores.people
            self._tables[name] = tabulate(self._criteria[name], people.mentors, people.mentees)
        return self._tables[name]
