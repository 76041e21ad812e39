"""What a set of pairs is worth, whoever found it: reckoned from ipmatch's own scores, rules first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import NamedTuple

from ipmatch.cohort import Cohort
from ipmatch.policy import Policy
from ipmatch.scoring.scores import score

__all__ = ["Judge", "Outcome"]


class Outcome(NamedTuple):
    """How many mentees have a mentor, and the total of the points; compared in this order."""

    placed: int
    points: float


class Judge:
    """Checks pairs against the rules of one cohort."""

    def __init__(self, cohort: Cohort) -> None:
        self._scores = score(cohort, cohort.policy or Policy())
        people = self._scores.people
        self._row = {mentor.id: i for i, mentor in enumerate(people.mentors)}
        self._column = {mentee.id: j for j, mentee in enumerate(people.mentees)}

    def outcome(self, pairs: Set[tuple[str, str]]) -> Outcome:
        """The worth of pairs (mentor, mentee) by id.

        Raises
        ------
        ValueError
            If a pair is not allowed, or somebody has more than may be.
        """
        scores, units = self._scores, 0
        for mentor, mentee in pairs:
            if not scores.allowed[self._row[mentor], self._column[mentee]]:
                raise ValueError(f"{mentor} and {mentee} may not be paired.")
            units += int(scores.points[self._row[mentor], self._column[mentee]])
        load, given = Counter(mentor for mentor, _ in pairs), Counter(mentee for _, mentee in pairs)
        full = [one.id for one in scores.people.mentors if load[one.id] > one.capacity]
        full += [one.id for one in scores.people.mentees if given[one.id] > 1]
        if full:
            raise ValueError(f"{', '.join(full)} have more pairs than may be.")
        return Outcome(len(given), units / scores.scale)
