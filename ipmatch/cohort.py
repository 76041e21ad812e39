"""Cohort: the people of one round, and the pairs required and forbidden among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import InitErrorDetails

from ipmatch.checks import cross_faults
from ipmatch.decisions import Decision, Decisions, Effect, decisions_in, effect_of, standing
from ipmatch.document import Document, Frozen, Text, in_words
from ipmatch.document.shown import Shown
from ipmatch.errors import Fault, UsageError
from ipmatch.fingerprint import fingerprint_of
from ipmatch.people import Id, Labels, Mentee, Mentor, id_mend
from ipmatch.policy import Policy

__all__ = ["ALONE", "Cohort", "NamedPair", "Programme"]

ALONE = "alone"
"""The context in which a cohort is validated without a look across its people."""

Someone = TypeVar("Someone", Mentor, Mentee)


class Programme(Frozen):
    """What the round is called, and the regions it runs in; no regions means any."""

    name: Text | None = None
    regions: Labels = ()


class NamedPair(Frozen):
    """A mentor and a mentee named together, and why."""

    mentor: Id
    mentee: Id
    reason: Text | None = Field(default=None, repr=False)

    @property
    def ids(self) -> tuple[str, str]:
        """The two ids, mentor first."""
        return self.mentor, self.mentee


def _by_pair(pairs: tuple[NamedPair, ...]) -> tuple[NamedPair, ...]:
    return tuple(sorted(pairs, key=lambda pair: pair.ids))


Pairs = Annotated[tuple[NamedPair, ...], AfterValidator(_by_pair)]


class Cohort(Shown, Document):
    """The mentors and mentees of one round, and the pairs required or forbidden between them.

    Ids are unique over both sides. Holds no rules; ``policy`` is the one its file carries, if any.

    Raises
    ------
    pydantic.ValidationError
        With every fault at once: in one person's data, and across people.
    """

    kind: Literal["cohort"] = "cohort"
    version: Literal[1] = 1
    programme: Programme = Programme.model_construct()
    mentors: tuple[Mentor, ...] = ()
    mentees: tuple[Mentee, ...] = ()
    required_pairs: Pairs = ()
    forbidden_pairs: Pairs = ()
    policy: Policy | None = None

    if TYPE_CHECKING:
        # What may be given, which is more than the fields hold: the model reads it.
        def __init__(
            self,
            *,
            kind: Literal["cohort"] = ...,
            version: Literal[1] = ...,
            programme: Programme | Mapping[str, object] = ...,
            mentors: Sequence[Mentor | Mapping[str, object]] = ...,
            mentees: Sequence[Mentee | Mapping[str, object]] = ...,
            required_pairs: Sequence[NamedPair | Mapping[str, object]] = ...,
            forbidden_pairs: Sequence[NamedPair | Mapping[str, object]] = ...,
            policy: Policy | Mapping[str, object] | None = ...,
        ) -> None: ...

    @model_validator(mode="wrap")
    @classmethod
    def _check_across_people(
        cls, data: Any, handler: ModelWrapValidatorHandler[Any], info: ValidationInfo
    ) -> Any:
        lines: list[InitErrorDetails] = []
        cohort: Cohort | None = None
        try:
            cohort = handler(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
            lines = [in_words(cls, detail) for detail in details]
            if any(
                detail["type"] in ("wrong-kind", "newer-version") and not detail["loc"] for detail in details
            ):
                data = None
        # Who reads people in bulk looks at them apart, and asks of the rest alone what is wrong with it.
        if isinstance(data, dict) and info.context != ALONE:
            lines += [InitErrorDetails(type=fault, loc=loc, input=None) for loc, fault in cross_faults(data)]
        if lines or cohort is None:
            raise ValidationError.from_exception_data(cls.__name__, lines)
        return cohort

    @classmethod
    def from_frames(cls, mentors: Any = None, mentees: Any = None, *, strict: bool = True) -> Cohort:
        """The cohort of data frames, or of lists of dicts; see :func:`ipmatch.read_frames`.

        Raises
        ------
        InputError
            With every fault, by row and column.
        """
        from ipmatch import read_frames

        return read_frames(mentors, mentees, strict=strict)

    @property
    def people(self) -> tuple[Mentor | Mentee, ...]:
        """Everyone, mentors first, in the order given."""
        return (*self.mentors, *self.mentees)

    def with_decisions(self, decisions: Decisions | Iterable[Decision]) -> Cohort:
        """The cohort after these decisions, the original untouched.

        Raises
        ------
        UsageError
            If a decision names an id that is not in the cohort; all such are listed.
        """
        decisions = standing(decisions_in(decisions))
        if not decisions:
            return self
        faults = [fault for _, fault in self.unknown_in(decisions)]
        if faults:
            raise UsageError(faults)
        effect = effect_of(decisions, _reasons(self.required_pairs), _reasons(self.forbidden_pairs))
        return self.model_copy(
            update={
                "mentors": tuple(_after(person, effect) for person in self.mentors),
                "mentees": tuple(_after(person, effect) for person in self.mentees),
                "required_pairs": _named(effect.required),
                "forbidden_pairs": _named(effect.forbidden),
            }
        )

    def unknown_in(self, decisions: Iterable[Decision]) -> Iterator[tuple[int, Fault]]:
        """What is wrong with whom decisions name: by place, nobody here or somebody of the other side."""
        sides = {person.id: person.side for person in self.people}
        for place, decision in enumerate(decisions):
            for identifier, side in decision.people:
                if identifier not in sides:
                    what = f'nobody here has the id "{identifier}".'
                    yield place, Fault(decision.words, what, id_mend(identifier, sides))
                elif side and sides[identifier] != side:
                    what = f"{identifier} is a {sides[identifier]}, not a {side}."
                    yield place, Fault(decision.words, what, "Name the mentor first, then the mentee.")

    def fingerprint(self) -> str:
        """SHA-256 of the cohort as compared: normalised, sorted, without names, e-mails or free text."""
        rest = {
            "regions": sorted(self.programme.regions),
            "required": [pair.ids for pair in self.required_pairs],
            "forbidden": [pair.ids for pair in self.forbidden_pairs],
        }
        return fingerprint_of({"mentors": self.mentors, "mentees": self.mentees}, rest)


def _reasons(pairs: Iterable[NamedPair]) -> dict[tuple[str, str], str | None]:
    return {pair.ids: pair.reason for pair in pairs}


def _named(reasons: Mapping[tuple[str, str], str | None]) -> tuple[NamedPair, ...]:
    # From pairs and decisions that were validated.
    made = NamedPair.model_construct
    pairs = (made(mentor=mentor, mentee=mentee, reason=why) for (mentor, mentee), why in reasons.items())
    return _by_pair(tuple(pairs))


def _after(person: Someone, effect: Effect) -> Someone:
    """A person once decisions took effect: gone, or left with the pairs they had completed."""
    if person.id not in effect.gone:
        return person
    done = sum(person.id in pair for pair in effect.done)
    if not done:
        return person.model_copy(update={"status": "withdrawn"})
    if isinstance(person, Mentor):
        return person.model_copy(update={"capacity": done, "min_mentees": min(person.min_mentees, done)})
    return person.model_copy(update={"mentors_wanted": done})
