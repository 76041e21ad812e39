"""What every criterion of ipmatch's own has: whole steps of strength, and one way of telling it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.criteria import Finding

__all__ = ["Builtin", "Keys"]

Keys = tuple[Any, ...]


class Builtin(ABC):
    """A criterion of ipmatch's own: strengths are whole steps of ``1 / steps``."""

    name: ClassVar[str]
    steps: ClassVar[int] = 1

    @abstractmethod
    def key(self, person: Person) -> Any:
        """What this criterion needs to know of a person, whichever side they are on."""

    def mentor_key(self, mentor: Mentor) -> Any:
        """All that this criterion needs to know of a mentor."""
        return self.key(mentor)

    def mentee_key(self, mentee: Mentee) -> Any:
        """All that this criterion needs to know of a mentee."""
        return self.key(mentee)

    def strength(self, mentor_key: Any, mentee_key: Any) -> Decimal:
        """How well two keys fit, as a whole number of steps over ``steps``."""
        return Decimal(self.in_steps(mentor_key, mentee_key)) / self.steps

    @abstractmethod
    def in_steps(self, mentor_key: Any, mentee_key: Any) -> int:
        """How well two keys fit, in steps."""

    @abstractmethod
    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        """What was found about this pair: a code, the facts, and one sentence."""

    def because(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> str:
        """The sentence alone."""
        return self.finding(mentor, mentee, strength).because
