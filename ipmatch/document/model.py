"""The models every ipmatch document is made of: frozen, strict, and plain about what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    StrictStr,
    ValidationError,
    model_validator,
)

from ipmatch.document.exact import plain_number
from ipmatch.document.faults import LineFault, in_words, shown

__all__ = ["Document", "Frozen", "Rational", "Text", "called"]


def _whole(text: str) -> str:
    # JSON can spell half of a surrogate pair; such text can be neither written nor compared.
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise LineFault("broken-text", "this text holds half a character.", "Type it again.")
    return text


Text = Annotated[StrictStr, AfterValidator(_whole)]


def _with_annotations(schema: dict[str, Any]) -> None:
    """Let a published schema accept ``$schema`` and ``x_…`` keys, as the model does."""
    for field in schema.get("properties", {}).values():
        if field.get("type") == "number" and isinstance(field.get("default"), str):
            field["default"] = plain_number(Decimal(field["default"]))
    if schema.get("additionalProperties") is False:
        schema["properties"]["$schema"] = {"type": "string"}
        schema["patternProperties"] = {"^x_": {}}


class Frozen(BaseModel):
    """A model that cannot change, refuses unknown keys with a suggestion, and says what is wrong plainly."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra=_with_annotations,
        defer_build=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _in_plain_words(cls, data: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        if isinstance(data, dict) and not data.keys() <= cls.__pydantic_fields__.keys():
            data = {key: value for key, value in data.items() if not _is_annotation(key)}
        try:
            made = handler(data)
        except ValidationError as error:
            lines = [in_words(cls, detail) for detail in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, lines) from None
        # The names of the fields given would take more room than the fields.
        object.__setattr__(made, "__pydantic_fields_set__", _shared(frozenset(made.__pydantic_fields_set__)))
        return made

    @classmethod
    def model_construct(  # type: ignore[override]  # the plugin of mypy makes it another signature
        cls, _fields_set: set[str] | None = None, **values: Any
    ) -> Self:
        """A model of values that are right already: nothing is looked at, and no validator is built for it.

        For what ipmatch itself makes, such as the many parts of an answer; what others give is validated. As
        Pydantic's own, in half its time. (The tests validate everything that is made here.)
        """
        made, put = cls.__new__(cls), object.__setattr__
        given = _shared(frozenset(values)) if _fields_set is None else _fields_set
        put(made, "__dict__", _defaults(cls) | values)
        put(made, "__pydantic_fields_set__", given)
        put(made, "__pydantic_extra__", None)
        put(made, "__pydantic_private__", None)
        return made


@cache
def _defaults(model: type[BaseModel]) -> dict[str, Any]:
    """The fields in their order, each with its default, which cannot change."""
    fields = model.__pydantic_fields__.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields}


@lru_cache(maxsize=4096)
def _shared(names: frozenset[str]) -> set[str]:
    """One set of these names for all models: none of them can change, and Pydantic copies it with them."""
    return set(names)


class Document(Frozen):
    """A file of its own: it says what kind it is and which major version wrote it."""

    @model_validator(mode="before")
    @classmethod
    def _is_the_right_document(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            expected = cls.model_fields["kind"].default
            kind, version = data.get("kind", expected), data.get("version", 1)
            if kind != expected:
                found = shown(kind) if isinstance(kind, str) else "document of another kind"
                what = f"this is a {found}, not {called(expected)}."
                raise LineFault("wrong-kind", what, f"Give {called(expected, 'file')}.")
            if type(version) is int and version > 1:
                raise LineFault(
                    "newer-version",
                    f"version {version} is newer than this ipmatch reads.",
                    f"Use ipmatch {version} or later, or a version 1 file.",
                )
        return data


class Rational(Frozen):
    """An exact fraction, for breakpoints that no decimal can hold."""

    numerator: int
    denominator: int


def called(kind: str, noun: str = "") -> str:
    """A kind of document with its article: ``a cohort``, ``decisions``, ``a decisions file``."""
    return f"{'' if kind.endswith('s') and not noun else 'a '}{kind} {noun}".rstrip()


def _is_annotation(key: Any) -> bool:
    return isinstance(key, str) and (key == "$schema" or key.startswith("x_"))
