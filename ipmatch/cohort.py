"""Cohort: the people of one round, the pairs required and forbidden among them, and what is decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from ipmatch.checks import cross_faults
from ipmatch.document import Document, Frozen, Text, in_words
from ipmatch.errors import Fault, UsageError
from ipmatch.people import PRIVATE_FIELDS, Id, Labels, Mentee, Mentor, Person
from ipmatch.policy import Policy

__all__ = ["Cohort", "Decision", "NamedPair", "Programme"]


class Programme(Frozen):
    """What the round is called, and the regions it runs in; no regions means any."""

    name: Text | None = None
    regions: Labels = ()


class NamedPair(Frozen):
    """A mentor and a mentee named together, and why."""

    mentor: Id
    mentee: Id
    reason: Text | None = None


class Decision(Frozen):
    """One change a person decided on: somebody withdraws, or a pair is required or forbidden."""

    kind: Literal["withdraw", "require", "forbid"]
    id: Id | None = None
    mentor: Id | None = None
    mentee: Id | None = None
    reason: Text | None = None


def _by_pair(pairs: tuple[NamedPair, ...]) -> tuple[NamedPair, ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair.mentor, pair.mentee)))


Pairs = Annotated[tuple[NamedPair, ...], AfterValidator(_by_pair)]


class Cohort(Document):
    """The mentors and mentees of one round, and the pairs required or forbidden between them.

    Ids are unique over both sides. Holds no rules; ``policy`` is the one its file carries, if any.

    Raises
    ------
    pydantic.ValidationError
        With every fault at once: in one person's data, and across people.
    """

    kind: Literal["cohort"] = "cohort"
    version: Literal[1] = 1
    programme: Programme = Programme()
    mentors: tuple[Mentor, ...] = ()
    mentees: tuple[Mentee, ...] = ()
    required_pairs: Pairs = ()
    forbidden_pairs: Pairs = ()
    policy: Policy | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _check_across_people(cls, data: Any, handler: ModelWrapValidatorHandler[Cohort]) -> Cohort:
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
        if isinstance(data, dict):
            lines += [InitErrorDetails(type=fault, loc=loc, input=None) for loc, fault in cross_faults(data)]
        if lines or cohort is None:
            raise ValidationError.from_exception_data(cls.__name__, lines)
        return cohort

    @property
    def people(self) -> tuple[Mentor | Mentee, ...]:
        """Everyone, mentors first, in the order given."""
        return (*self.mentors, *self.mentees)

    def with_decisions(self, decisions: Iterable[Decision]) -> Cohort:
        """The cohort after these decisions, the original untouched.

        Raises
        ------
        UsageError
            If a decision names an id that is not in the cohort; all such are listed.
        """
        decisions = tuple(decisions)
        sides = {person.id: "mentor" for person in self.mentors} | {
            person.id: "mentee" for person in self.mentees
        }
        faults = [fault for decision in decisions for fault in _unknown_ids(decision, sides)]
        if faults:
            raise UsageError(faults)
        gone = {decision.id for decision in decisions if decision.kind == "withdraw"}
        changes: dict[str, Any] = {
            side: tuple(
                person.model_copy(update={"status": "withdrawn"}) if person.id in gone else person
                for person in getattr(self, side)
            )
            for side in ("mentors", "mentees")
        }
        for kind, field in (("require", "required_pairs"), ("forbid", "forbidden_pairs")):
            named = {(pair.mentor, pair.mentee): pair for pair in getattr(self, field)}
            for decision in decisions:
                if decision.kind == kind and decision.mentor and decision.mentee:
                    pair = NamedPair(mentor=decision.mentor, mentee=decision.mentee, reason=decision.reason)
                    named.setdefault((pair.mentor, pair.mentee), pair)
            changes[field] = _by_pair(tuple(named.values()))
        return self.model_copy(update=changes)

    def fingerprint(self) -> str:
        """SHA-256 of the cohort as compared: normalised, sorted, without names, e-mails or free text."""
        plain = {
            "regions": sorted(self.programme.regions),
            "mentors": _compared(self.mentors),
            "mentees": _compared(self.mentees),
            "required": [(pair.mentor, pair.mentee) for pair in self.required_pairs],
            "forbidden": [(pair.mentor, pair.mentee) for pair in self.forbidden_pairs],
        }
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _compared(people: Iterable[Person]) -> list[dict[str, Any]]:
    ordered = sorted(people, key=lambda person: person.id)
    return [person.model_dump(mode="json", exclude=set(PRIVATE_FIELDS)) for person in ordered]


def _unknown_ids(decision: Decision, sides: dict[str, str]) -> list[Fault]:
    given = (decision.id, decision.mentor, decision.mentee)
    where = " ".join([decision.kind, *(identifier for identifier in given if identifier)])
    named = (
        [(decision.id, None)]
        if decision.kind == "withdraw"
        else [(decision.mentor, "mentor"), (decision.mentee, "mentee")]
    )
    faults = []
    for identifier, side in named:
        if identifier is None:
            faults.append(Fault(where, "the decision names nobody.", "Name the person, or the pair."))
        elif identifier not in sides:
            faults.append(Fault(where, f'nobody here has the id "{identifier}".', "Check the id."))
        elif side and sides[identifier] != side:
            mend = "Name the mentor first, then the mentee."
            faults.append(Fault(where, f"{identifier} is a {sides[identifier]}, not a {side}.", mend))
    return faults
