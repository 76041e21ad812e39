"""What every ipmatch document shares: frozen to the bottom, exact numbers, faults in plain words."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    PlainSerializer,
    StrictStr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

__all__ = [
    "Document",
    "Exact",
    "Facts",
    "Frozen",
    "FrozenMap",
    "LineFault",
    "Rational",
    "Text",
    "decimal_of",
    "freeze",
    "in_words",
    "plain",
    "thaw",
]

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)

# More digits than any score or weight has; exact arithmetic on longer numbers could take for ever.
MOST_DIGITS = 100

# Cells that may hold personal data are never echoed in a message.
_PRIVATE = frozenset({"name", "email", "gphc_number", "scope_text", "reason"})


def _whole(text: str) -> str:
    # JSON can spell half of a surrogate pair; such text can be neither written nor compared.
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise LineFault("broken-text", "this text holds half a character.", "Type it again.")
    return text


Text = Annotated[StrictStr, AfterValidator(_whole)]


class FrozenMap(Mapping[Key, Value], Generic[Key, Value]):
    """A read-only mapping that keeps the order it was given, compares like a dict, and validates like one."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Key, Value] | None = None) -> None:
        self._items: dict[Key, Value] = dict(items or {})

    def __getitem__(self, key: Key) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return repr(self._items)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = handler.generate_schema(GenericAlias(dict, get_args(source)))
        return core_schema.no_info_after_validator_function(
            cls,
            plain,
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda items, to_plain: to_plain(dict(items)), schema=plain
            ),
        )


def decimal_of(units: int, scale: int) -> Decimal:
    """``units / scale`` exactly, without trailing zeros or exponent.

    Raises
    ------
    ValueError
        If the quotient has no finite decimal form.
    """
    share = Fraction(units, scale)
    denominator, twos, fives = share.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        raise ValueError(f"{share} has no finite decimal form")
    places = max(twos, fives)
    # As text, because arithmetic on decimals rounds to whatever precision the caller has set.
    return Decimal(f"{int(share * 10**places)}E-{places}")


def plain(value: Decimal) -> Decimal:
    """The same number without exponent or trailing zeros."""
    return Decimal(int(value)) if value == value.to_integral_value() else Decimal(f"{value:f}".rstrip("0"))


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _readable(value: object) -> object:
    """A number that exact arithmetic can carry; text and truth values are no numbers."""
    if isinstance(value, bool | str):
        raise LineFault("not-a-number", f"{_shown(value)} is not a number.", "Write a number, without quotes.")
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > MOST_DIGITS:
        raise LineFault("out-of-range", "this number is out of range.", "Write an ordinary number.")
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(_readable),
    PlainSerializer(_plain_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]


class LineFault(PydanticCustomError):
    """One fault in plain words: ``what`` was found and how to ``mend`` it."""

    def __new__(cls, code: str, what: str, mend: str) -> LineFault:
        # Half of a surrogate pair, as JSON can spell it, is no character and cannot be printed.
        what, mend = (text.encode("utf-8", "replace").decode("utf-8") for text in (what, mend))
        return super().__new__(cls, code, "{what} {mend}", {"what": what, "mend": mend})


def _with_annotations(schema: dict[str, Any]) -> None:
    """Let a published schema accept ``$schema`` and ``x_…`` keys, as the model does."""
    for field in schema.get("properties", {}).values():
        if field.get("type") == "number" and isinstance(field.get("default"), str):
            field["default"] = _plain_number(Decimal(field["default"]))
    if schema.get("additionalProperties") is False:
        schema["properties"]["$schema"] = {"type": "string"}
        schema["patternProperties"] = {"^x_": {}}


class Frozen(BaseModel):
    """A model that cannot change, refuses unknown keys with a suggestion, and says what is wrong plainly."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_extra=_with_annotations
    )

    @model_validator(mode="wrap")
    @classmethod
    def _in_plain_words(cls, data: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        if isinstance(data, dict) and any(_is_annotation(key) for key in data):
            data = {key: value for key, value in data.items() if not _is_annotation(key)}
        try:
            return handler(data)
        except ValidationError as error:
            lines = [in_words(cls, detail) for detail in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, lines) from None


class Document(Frozen):
    """A file of its own: it says what kind it is and which major version wrote it."""

    @model_validator(mode="before")
    @classmethod
    def _is_the_right_document(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            expected = cls.model_fields["kind"].default
            kind, version = data.get("kind", expected), data.get("version", 1)
            if kind != expected:
                found = _shown(kind) if isinstance(kind, str) else "document of another kind"
                raise LineFault(
                    "wrong-kind", f"this is a {found}, not a {expected}.", f"Give a {expected} file."
                )
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


def freeze(value: Any) -> Any:
    """The same plain value with tuples for lists and read-only mappings for dicts, to the bottom."""
    if isinstance(value, str) or (isinstance(value, tuple) and set(map(type, value)) <= {str}):
        return value
    if isinstance(value, Mapping):
        return FrozenMap({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    # As read from JSON; the number that was written was a decimal one.
    return Decimal(repr(value)) if isinstance(value, float) else value


def thaw(value: Any) -> Any:
    """What :func:`freeze` froze, as JSON would hold it."""
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return _plain_number(value) if isinstance(value, Decimal) else value


Facts = Annotated[
    Any,
    AfterValidator(freeze),
    PlainSerializer(thaw, when_used="json"),
    WithJsonSchema({"type": "object"}),
]


def _is_annotation(key: Any) -> bool:
    return isinstance(key, str) and (key == "$schema" or key.startswith("x_"))


def in_words(model: type[BaseModel], detail: Any) -> InitErrorDetails:
    """One of Pydantic's error details, in plain words; one already in words is passed on."""
    loc, context = detail["loc"], detail.get("ctx") or {}
    if "mend" in context:
        fault = LineFault(detail["type"], context["what"], context["mend"])
    else:
        fault = LineFault(detail["type"], *_words(model, detail["type"], loc, detail["input"], context))
    return InitErrorDetails(type=fault, loc=loc, input=None)


def _words(
    model: type[BaseModel], kind: str, loc: tuple[str | int, ...], value: Any, context: Mapping[str, Any]
) -> tuple[str, str]:
    """What was found and how to mend it, for Pydantic's own kinds of error."""
    found = "this value" if _PRIVATE & {str(part) for part in loc} else _shown(value)
    match kind:
        case "missing":
            return "missing.", f'Add "{loc[-1]}".'
        case "extra_forbidden":
            known = [name for name in model.model_fields if not name.startswith("x_")]
            close = difflib.get_close_matches(str(loc[-1]), known, n=1)
            mend = f'Did you mean "{close[0]}"?' if close else f"Known fields: {', '.join(known)}."
            return "unknown field.", mend
        case "literal_error":
            known_text = context["expected"].replace("'", '"')
            close = difflib.get_close_matches(
                str(value), known_text.replace(" or ", ", ").replace('"', "").split(", "), n=1
            )
            mend = f'Did you mean "{close[0]}"? ' if close else ""
            return f"{found} is not one of the known values.", f"{mend}Use {known_text}."
        case "string_type":
            return f"{found} is not text.", "Write it in quotes."
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{found} is not a whole number.", "Write a whole number, without quotes."
        case "decimal_type" | "decimal_parsing" | "float_type" | "float_parsing" | "finite_number":
            return f"{found} is not a number.", "Write a finite number, without quotes."
        case "bool_type" | "bool_parsing":
            return f"{found} is not true or false.", "Write true, false or null, without quotes."
        case "greater_than_equal" | "greater_than":
            least = f"Use {context['ge']} or more." if "ge" in context else f"Use more than {context['gt']}."
            return f"{found} is too small.", least
        case "less_than_equal" | "less_than":
            most = f"Use {context['le']} or less." if "le" in context else f"Use less than {context['lt']}."
            return f"{found} is too large.", most
        case "tuple_type" | "list_type":
            return f"{_unread(value)} is not a list.", "Write a list in square brackets."
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return f"{_unread(value)} is not an object.", "Write an object in braces."
        case "string_too_short":
            return "empty text.", "Write something, or leave the field out."
    return f"{found} is not valid.", "Correct it, or leave it out."


def _shown(value: Any) -> str:
    """The value as JSON would print it, cut short; never what a list or an object holds."""
    if isinstance(value, Mapping | list | tuple | BaseModel):
        return _unread(value)
    text = (
        json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, Decimal) else str(value)
    )
    return text if len(text) <= 60 else text[:57] + "…"


def _unread(value: Any) -> str:
    """A value where a list or an object should stand: it may hold a whole person, so it is not shown."""
    if isinstance(value, str):
        return "this text"
    if isinstance(value, Mapping | BaseModel):
        return "this object"
    return "this list" if isinstance(value, list | tuple) else _shown(value)
