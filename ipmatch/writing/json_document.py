"""The canonical JSON text of any model: exact numbers, the models' order, one reason a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ipmatch.document import plain
from ipmatch.writing.characters import is_invisible

__all__ = ["json_text"]

# Longer objects are spread over lines, except people and reasons: one of those a line makes a readable diff.
LONGEST_LINE = 110
_ONE_LINE_KEYS = ("because", "id")
_FREE_KEYS = ("facts", "loss")


def json_text(document: BaseModel | Mapping[str, Any], *, brief: bool = False) -> str:
    """The document as JSON: the same bytes for equal documents, in UTF-8, ending with a line end.

    Numbers are exact, without exponent or trailing zeros; characters that cannot be seen are escapes.

    Parameters
    ----------
    document
        A model, or plain data such as a schema.
    brief
        Leave out what stands at its default, except ``kind`` and ``version``.
    """
    if not isinstance(document, BaseModel):
        return "".join(_lines(document, "")) + "\n"
    data = document.model_dump(exclude_defaults=brief)
    always = {
        key: getattr(document, key) for key in ("kind", "version") if key in type(document).model_fields
    }
    return "".join(_lines({**always, **data}, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """The text of a value in pieces, its further lines indented."""
    if _is_on_one_line(value):
        yield _inline(value)
        return
    inner = indent + " "
    is_object = isinstance(value, Mapping)
    yield "{" if is_object else "["
    for place, item in enumerate(value):
        yield f",\n{inner}" if place else f"\n{inner}"
        if is_object:
            yield f"{_string(item)}: "
        yield from _lines(value[item] if is_object else item, inner)
    yield f"\n{indent}{'}' if is_object else ']'}"


def _is_on_one_line(value: Any) -> bool:
    if isinstance(value, Mapping):
        flat = all(key in _FREE_KEYS or _is_flat(item) for key, item in value.items())
        if flat and any(key in value for key in _ONE_LINE_KEYS):
            return True
        return _is_flat_inside(value) and len(_inline(value)) <= LONGEST_LINE
    return not isinstance(value, list | tuple) or _is_flat(value)


def _is_flat(value: Any) -> bool:
    """A scalar, or a list of scalars."""
    if isinstance(value, list | tuple):
        return not any(isinstance(item, Mapping | list | tuple) for item in value)
    return not isinstance(value, Mapping) or not value


def _is_flat_inside(value: Mapping[str, Any]) -> bool:
    """No list of containers below: such a list has a line for each item."""
    return all(
        _is_flat_inside(item) if isinstance(item, Mapping) else _is_flat(item) for item in value.values()
    )


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_string(key)}: {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    return f"{plain(value):f}" if isinstance(value, Decimal) else json.dumps(value)


def _string(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(json.dumps(one)[1:-1] if is_invisible(one) else one for one in quoted)
