"""The canonical JSON text of any model: exact numbers, the models' order, one reason a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel

from ipmatch.document import plain
from ipmatch.writing.characters import is_invisible

__all__ = ["json_text"]

# Longer objects are spread over lines, except people and reasons: one of those a line makes a readable diff.
LONGEST_LINE = 110
_ONE_LINE_KEYS = ("because", "id")
_FREE_KEYS = ("facts", "loss")
_SCALARS = (str, int, Decimal, float, type(None))


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
    if (line := _on_one_line(value)) is not None:
        yield line
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


def _on_one_line(value: Any) -> str | None:
    """The text of a value that has a line of its own; ``None`` if it is spread over several."""
    if isinstance(value, _SCALARS):
        return _inline(value)
    if isinstance(value, list | tuple):
        return _inline(value) if _is_flat(value) else None
    if any(key in value for key in _ONE_LINE_KEYS) and _is_reason(value):
        return _inline(value)
    line = _inline(value) if _is_flat_inside(value) else None
    return line if line is not None and len(line) <= LONGEST_LINE else None


def _is_reason(value: Mapping[str, Any]) -> bool:
    """Nothing nested but facts and losses."""
    return all(
        isinstance(item, _SCALARS) or key in _FREE_KEYS or _is_flat(item) for key, item in value.items()
    )


def _is_flat(value: Any) -> bool:
    """A scalar, or a list of scalars."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, _SCALARS) for item in value)
    return isinstance(value, _SCALARS) or not value


def _is_flat_inside(value: Mapping[str, Any]) -> bool:
    """No list of containers below: such a list has a line for each item."""
    return all(
        _is_flat_inside(item) if isinstance(item, Mapping) else _is_flat(item) for item in value.values()
    )


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    if isinstance(value, float):
        return f"{plain(Decimal(repr(value))):f}"
    if isinstance(value, _SCALARS):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join([_inline(item) for item in value]) + "]"
    return "{" + ", ".join([f"{_string(key)}: {_inline(item)}" for key, item in value.items()]) + "}"


def _string(text: str) -> str:
    quoted = encode_basestring(text)
    if quoted.isprintable():
        return quoted
    return "".join(json.dumps(one)[1:-1] if is_invisible(one) else one for one in quoted)
