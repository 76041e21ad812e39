"""Quotas: how many people of a kind must be paired, or how many pairs they may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictInt, ValidationError, model_validator

from ipmatch.document import Exact, Frozen, FrozenMap, LineFault, Text
from ipmatch.people import NAMING_FIELDS, PRIVATE_FIELDS, Mentee, Mentor, Person, Side
from ipmatch.vocabulary.text import normalise

__all__ = ["QuotaRule"]

Where = FrozenMap[str, StrictBool | StrictInt | Text | Exact]


class QuotaRule(Frozen):
    """A promise to a group of one side, by any of its fields; for a field that is a list, *contains*.

    ``min`` counts different people of the group with a pairing, ``max`` counts their pairs. An empty
    ``where`` means everyone of that side.
    """

    side: Side
    where: Where = Field(default_factory=FrozenMap)
    min: Annotated[StrictInt, Field(ge=0)] = 0
    max: Annotated[StrictInt, Field(ge=0)] | None = None
    name: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_values_as_their_fields_do(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        side, where = data.get("side"), data.get("where")
        if side not in ("mentor", "mentee") or not isinstance(where, Mapping):
            return data
        return {
            **data,
            "where": {field: _as_the_field_reads(side, field, where[field]) for field in sorted(where)},
        }

    @model_validator(mode="after")
    def _leaves_room(self) -> QuotaRule:
        if self.max is not None and self.max < self.min:
            what = f"the minimum {self.min} is above the maximum {self.max}."
            raise LineFault("contradictory-quota", what, "Lower min or raise max.")
        return self

    def holds(self, person: Person) -> bool:
        """Whether a person of the quota's side belongs to its group."""
        return all(_has(getattr(person, field), value) for field, value in self.where.items())

    def members(self, people: Iterable[Person]) -> list[int]:
        """The places in ``people`` of those who belong to the group."""
        return [place for place, person in enumerate(people) if self.holds(person)]

    @property
    def names_people(self) -> bool:
        """Whether it speaks of somebody by their id or pseudonym, or by whom they named."""
        return not NAMING_FIELDS.isdisjoint(self.where)

    @property
    def title(self) -> str:
        """The quota as a sentence names it."""
        if self.name:
            return self.name
        conditions = " and ".join(f"{field} = {value}" for field, value in self.where.items())
        return f"{self.side}s with {conditions}" if conditions else f"all {self.side}s"


def _has(held: Any, value: Any) -> bool:
    if isinstance(held, tuple):
        return value in held
    if isinstance(held, str) and isinstance(value, str):
        return normalise(held) == normalise(value)
    return bool(held == value)


def _as_the_field_reads(side: Side, field: str, value: Any) -> Any:
    """A value as the people's own field would read it, so that aliases mean the same here."""
    model: type[Person] = Mentor if side == "mentor" else Mentee
    known = [name for name in model.model_fields if name not in PRIVATE_FIELDS]
    if field not in known:
        raise LineFault(
            "unknown-field", f'a {side} has no field "{field}" to count by.', f"Use {', '.join(known)}."
        )
    is_list = isinstance(model.model_fields[field].get_default(call_default_factory=True), tuple)
    try:
        person = model.model_validate({"id": "x", field: [value] if is_list else value})
    except ValidationError as error:
        context = error.errors(include_url=False)[0].get("ctx") or {}
        mend = context.get("mend", "Correct it.")
        raise LineFault("bad-value", f"where.{field}: {context.get('what', 'not valid.')}", mend) from None
    read = getattr(person, field)
    return read[0] if is_list else read
