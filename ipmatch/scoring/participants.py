"""Who takes part, and the first rule that keeps out everyone else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar

from ipmatch.cohort import Cohort
from ipmatch.document import FrozenMap
from ipmatch.people import Mentee, Mentor, Side
from ipmatch.policy import Policy
from ipmatch.words import counted

__all__ = ["LeftOut", "Participants", "participants"]

Code = Literal["withdrawn", "paused", "no-consent", "too-few-years", "not-qualified"]
Someone = TypeVar("Someone", Mentor, Mentee)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person who does not take part, by which rule, and its facts."""

    side: Side
    id: str
    code: Code
    facts: FrozenMap[str, Any]
    because: str


@dataclass(frozen=True, slots=True)
class Participants:
    """Everyone taking part, sorted by id, and everyone who does not."""

    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    left_out: tuple[LeftOut, ...]

    def rows(self) -> dict[str, int]:
        """The row of each mentor, by id."""
        return {mentor.id: i for i, mentor in enumerate(self.mentors)}

    def columns(self) -> dict[str, int]:
        """The column of each mentee, by id."""
        return {mentee.id: j for j, mentee in enumerate(self.mentees)}

    def places(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
        """Row and column of those pairs of ids, mentor first, of which both take part."""
        row, column = self.rows(), self.columns()
        return [(row[one], column[other]) for one, other in pairs if one in row and other in column]


def participants(cohort: Cohort, policy: Policy) -> Participants:
    """Split a cohort into those who take part under the policy and those who do not."""
    years = policy.eligibility.min_years_prescribing
    left_out = [reason for person in cohort.people if (reason := _reason(person, years)) is not None]
    out = {reason.id for reason in left_out}
    return Participants(
        mentors=_in_order(mentor for mentor in cohort.mentors if mentor.id not in out),
        mentees=_in_order(mentee for mentee in cohort.mentees if mentee.id not in out),
        left_out=tuple(sorted(left_out, key=lambda reason: reason.id)),
    )


def _in_order(people: Iterable[Someone]) -> tuple[Someone, ...]:
    return tuple(sorted(people, key=lambda person: person.id))


def _reason(person: Mentor | Mentee, needed: Decimal) -> LeftOut | None:
    def left_out(code: Code, because: str, **facts: Any) -> LeftOut:
        return LeftOut(person.side, person.id, code, FrozenMap(facts), because)

    if person.status in ("withdrawn", "ended"):
        return left_out(
            "withdrawn",
            f"{person.id} {'has ended' if person.status == 'ended' else 'has withdrawn'}.",
            status=person.status,
        )
    places = person.places
    if person.status == "paused" or places == 0:
        nothing = "has no place to give" if person.side == "mentor" else "asks for no mentor"
        because = f"{person.id} {'is paused' if places else nothing}."
        return left_out("paused", because, status=person.status, places=places)
    if person.consent is False:
        return left_out("no-consent", f"{person.id} has not consented.")
    if (
        isinstance(person, Mentor)
        and person.years_prescribing is not None
        and person.years_prescribing < needed
    ):
        years = person.years_prescribing
        because = f"{person.id} has prescribed for {counted(years, 'year')}; the rule asks for {needed:f}."
        return left_out("too-few-years", because, years_prescribing=years, needed=needed)
    if isinstance(person, Mentee) and person.ip_qualified is False:
        return left_out("not-qualified", f"{person.id} is not qualified as an independent prescriber.")
    return None
