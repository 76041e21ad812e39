"""The matching that questions are about: its people by id, its pairs, and what a move is worth."""

from __future__ import annotations

import numpy as np

from ipmatch.answers.alternatives import Move
from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.explaining.seating import sessions_of
from ipmatch.people import Side, clean_id, id_mend
from ipmatch.requests import AnyPosed, pair_ids
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.values import is_linear

__all__ = ["Present"]


class Present:
    """The matching that questions are about, and the people by id; whether it is ``proved`` to be best."""

    def __init__(self, posed: AnyPosed, used: BoolVector, *, proved: bool = True) -> None:
        self.posed, self.used, self.proved = posed, used, proved
        self.mentors = tuple(person.id for person in posed.scores.people.mentors)
        self.mentees = tuple(person.id for person in posed.scores.people.mentees)
        self.rows, self.columns = posed.scores.people.rows(), posed.scores.people.columns()

    def indices(self) -> list[tuple[int, int]]:
        """The pairs of the matching by row and column."""
        problem, pairs = self.posed.problem, np.flatnonzero(self.used)
        return list(zip(problem.mentor[pairs].tolist(), problem.mentee[pairs].tolist(), strict=True))

    def seats(self) -> dict[tuple[int, int], str | None]:
        """The pairs of the matching by row and column, each with its session if any."""
        return dict(zip(self.indices(), sessions_of(self.posed, self.used).values(), strict=True))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of the matching by id."""
        return pair_ids(self.posed, self.used)

    @property
    def cohort(self) -> Cohort:
        """The cohort with what is decided already."""
        return self.posed.scores.cohort

    @property
    def counts_points(self) -> bool:
        """Whether points decide anything."""
        return any(level.name in ("score", "fairness", "leximin") for level in self.posed.levels)

    @property
    def is_linear(self) -> bool:
        """Whether no level is about who is worst off."""
        return is_linear(self.posed.levels)

    def is_paired(self, mentor: str, mentee: str) -> bool:
        """Whether the matching has this pair."""
        place = self.posed.problem.place(self.rows[mentor], self.columns[mentee])
        return place is not None and bool(self.used[place])

    def pair_of(self, mentor: str, mentee: str) -> tuple[str, str]:
        """The two ids as they are compared; all that is wrong with them at once."""
        faults: list[Fault] = []
        sides: tuple[tuple[Side, str], ...] = (("mentor", mentor), ("mentee", mentee))
        for side, identifier in sides:
            try:
                self.person(side, identifier)
            except UsageError as error:
                faults += error.faults
        if faults:
            raise UsageError(faults)
        return clean_id(mentor), clean_id(mentee)

    def person(self, side: Side, identifier: str) -> str:
        """The id as it is compared.

        Raises
        ------
        UsageError
            If nobody of that side has it.
        """
        expect(**{side: (identifier, str)})
        identifier = clean_id(identifier)
        sides = {person.id: person.side for person in self.cohort.people}
        if sides.get(identifier) != side:
            what = f'no {side} has the id "{identifier}".'
            mend = id_mend(identifier, (one for one, of in sides.items() if of == side))
            if identifier in sides:
                mend = "Name the mentor first, then the mentee."
            raise UsageError([Fault(side, what, mend)])
        return identifier

    def why_absent(self, identifier: str) -> str:
        """Why somebody does not take part."""
        people = self.posed.scores.people.left_out
        return next(person.because for person in people if person.id == identifier)

    def move(self, mentee: int, before: int | None, after: int | None) -> Move:
        """One step by index, as a move by id with its change in points."""
        scores = self.posed.scores
        units = [0 if i is None else scores.points_of(i, mentee) for i in (before, after)]
        return Move(
            mentee=self.mentees[mentee],
            mentor_before=None if before is None else self.mentors[before],
            mentor_after=None if after is None else self.mentors[after],
            change=scores.decimal(units[1] - units[0]),
        )
