"""Survey: what participants said at the end of a programme (the pilot report's appendix 3), by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt

from ipmatch.cohort import Cohort
from ipmatch.document import Document, Frozen
from ipmatch.errors import Fault
from ipmatch.people import Confidence, Id, Side

__all__ = ["Answer", "Survey", "misfits"]

Frequency = Literal["daily", "weekly", "monthly", "never", "other"]
Support = Literal["protected-time", "funding", "signposting", "development-plan", "other"]
NoSupport = Literal["not-informed", "declined", "other"]
DppReason = Literal["confidence", "job-plan", "time", "understanding", "other"]
Enrolment = Literal[
    "confidence", "access", "mentoring-skills", "workforce", "development", "interest", "other"
]
Resource = Literal["department", "trust", "rps", "leadership-academy", "cppe", "other"]


def _set(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


class Answer(Frozen):
    """One participant's answers; ``None`` where a question was not answered or not put to them.

    Free text is not kept. ``meetings`` counts to 3, meaning 3 or more; ``dpp`` is whether a mentor is a
    designated prescribing practitioner, ``dpp_considered`` and ``dpp_working_towards`` what those do who are
    not; ``had_mentor`` comes from the enrolment survey, whether a mentee had a mentor before.
    """

    id: Id
    side: Side
    gphc_registered: StrictBool | None = None
    prescribing_frequency: Frequency | None = None
    confidence: Confidence | None = None
    recommend: StrictBool | None = None
    dpp: StrictBool | None = None
    dpp_considered: StrictBool | None = None
    dpp_working_towards: StrictBool | None = None
    dpp_reasons: Annotated[tuple[DppReason, ...], AfterValidator(_set)] | None = None
    enrolled_for: Annotated[tuple[Enrolment, ...], AfterValidator(_set)] | None = None
    contract: StrictBool | None = None
    contract_beneficial: StrictBool | None = None
    meetings: Annotated[StrictInt, Field(ge=0, le=3)] | None = None
    meeting_mode: Literal["virtual", "in-person", "mixed"] | None = None
    resources: Annotated[tuple[Resource, ...], AfterValidator(_set)] | None = None
    understands_role: StrictBool | None = None
    organisational_support: StrictBool | None = None
    support: Annotated[tuple[Support, ...], AfterValidator(_set)] | None = None
    no_support: NoSupport | None = None
    continuing: Literal["yes", "no", "uncertain"] | None = None
    had_mentor: StrictBool | None = None
    introduction_attended: StrictBool | None = None
    introduction_answered: StrictBool | None = None


class Survey(Document):
    """The answers of a round, one for each person who gave any."""

    kind: Literal["survey"] = "survey"
    version: Literal[1] = 1
    answers: tuple[Answer, ...] = ()

    def placed(self, before: str = "") -> Iterator[tuple[str, Answer]]:
        """Each answer with its place in the document."""
        return ((f"{before}answers[{place}]", answer) for place, answer in enumerate(self.answers))


def misfits(cohort: Cohort, answers: Iterable[tuple[str, Answer]]) -> Iterator[Fault]:
    """Of answers, each with its place: those of nobody in the cohort, of the other side, or given twice."""
    sides = {person.id: person.side for person in cohort.people}
    seen: set[str] = set()
    for where, answer in answers:
        if answer.id not in sides:
            yield Fault(where, f'nobody in the cohort has the id "{answer.id}".', "Check the id.")
        elif sides[answer.id] != answer.side:
            what = f"{answer.id} is a {sides[answer.id]} in the cohort, not a {answer.side}."
            yield Fault(where, what, "Check the id, or the side.")
        if answer.id in seen:
            yield Fault(where, f"{answer.id} answered before.", "Keep the answers that count.")
        seen.add(answer.id)
