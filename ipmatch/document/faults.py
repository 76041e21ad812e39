"""Faults in plain words: what was found, and how to mend it; personal data is never echoed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import InitErrorDetails, PydanticCustomError

__all__ = ["LineFault", "in_words", "shown"]

# Cells that may hold personal data are never echoed in a message.
_PRIVATE = frozenset({"name", "email", "gphc_number", "scope_text", "reason", "by"})
_SENTENCES = "{what} {mend}"


class LineFault(PydanticCustomError):
    """One fault in plain words: ``what`` was found and how to ``mend`` it."""

    def __new__(cls, code: str, what: str, mend: str) -> LineFault:
        # Half of a surrogate pair, as JSON can spell it, is no character and cannot be printed.
        what, mend = (text.encode("utf-8", "replace").decode("utf-8") for text in (what, mend))
        return super().__new__(cls, code, _SENTENCES, {"what": what, "mend": mend})

    @property
    def words(self) -> tuple[str, str]:
        """What was found, and how to mend it."""
        context = self.context or {}
        return context["what"], context["mend"]


def in_words(model: type[BaseModel], detail: Any) -> InitErrorDetails:
    """One of Pydantic's error details, in plain words; one already in words is passed on."""
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx") or {}
    if "mend" not in context:
        fault: PydanticCustomError = LineFault(kind, *_words(model, kind, loc, detail["input"], context))
    else:
        fault = PydanticCustomError(kind, _SENTENCES, context)
    return InitErrorDetails(type=fault, loc=loc, input=None)


def _words(
    model: type[BaseModel], kind: str, loc: tuple[str | int, ...], value: Any, context: Mapping[str, Any]
) -> tuple[str, str]:
    """What was found and how to mend it, for Pydantic's own kinds of error."""
    found = "this value" if _PRIVATE & {str(part) for part in loc} else shown(value)
    match kind:
        case "missing":
            return "missing.", f'Add "{loc[-1]}".'
        case "extra_forbidden":
            known = [name for name in model.model_fields if not name.startswith("x_")]
            close = _closest(str(loc[-1]), tuple(known))
            mend = f'Did you mean "{close}"?' if close else f"Known fields: {', '.join(known)}."
            return "unknown field.", mend
        case "literal_error":
            known_text = context["expected"].replace("'", '"')
            known = known_text.replace(" or ", ", ").replace('"', "").split(", ")
            close = _closest(str(value), tuple(known))
            mend = f'Did you mean "{close}"? ' if close else ""
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


@lru_cache(maxsize=4096)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word most like this one, if any is: many people's entries may hold the same slip."""
    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def shown(value: Any) -> str:
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
    return "this list" if isinstance(value, list | tuple) else shown(value)
