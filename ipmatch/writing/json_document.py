"""The canonical JSON text of any model: exact numbers, the models' order, one reason a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel

from ipmatch.document import plain
from ipmatch.writing.characters import is_invisible

__all__ = ["json_pieces", "json_text"]

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
    return "".join(json_pieces(document, brief=brief))


def json_pieces(document: BaseModel | Mapping[str, Any], *, brief: bool = False) -> Iterator[str]:
    """Yield the text of :func:`json_text` in pieces, so that a big document's is never held whole."""
    entries = _entries(document)
    if isinstance(document, BaseModel):
        always = [name for name in ("kind", "version") if name in entries]
        names = [*always, *(name for name in type(document).model_fields if name not in always)]
        if brief:
            told = document.model_dump(exclude_defaults=True)
            entries = {name: entries[name] for name in always} | told
        entries = {name: entries[name] for name in names if name in entries}
    if _on_one_line(entries) is None and any(_is_many(value) for value in entries.values()):
        yield from _spread(entries)
    else:
        yield _text(entries, "")
    yield "\n"


def _spread(entries: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text of an object of long lists, an item of these at a time."""
    start = "{\n "
    for name, value in entries.items():
        yield start + _key(name)
        if _is_many(value):
            yield "[\n  "
            for place, item in enumerate(value):
                yield ",\n  " * bool(place) + _text(item, "  ")
            yield "\n ]"
        else:
            yield _text(value, " ")
        start = ",\n "
    yield "\n}"


def _is_many(value: Any) -> bool:
    """Whether this is a list of objects, each of which begins a line."""
    return isinstance(value, list | tuple) and not _is_flat(value)


def _text(value: Any, indent: str) -> str:
    """The text of a value, its further lines indented."""
    if (line := _on_one_line(value)) is not None:
        return line
    inner = indent + " "
    if isinstance(value, list | tuple):
        items, opening, closing = [_text(item, inner) for item in value], "[", "]"
    else:
        items, opening, closing = (
            [_key(key) + _text(item, inner) for key, item in _entries(value).items()],
            "{",
            "}",
        )
    return f"{opening}\n{inner}" + f",\n{inner}".join(items) + f"\n{indent}{closing}"


def _entries(value: Any) -> Mapping[str, Any]:
    """What a model or an object holds, by name; a model is not copied as plain data first."""
    return vars(value) if isinstance(value, BaseModel) else value


def _on_one_line(value: Any) -> str | None:
    """The text of a value that has a line of its own; ``None`` if it is spread over several."""
    if isinstance(value, _SCALARS):
        return _inline(value)
    if isinstance(value, list | tuple):
        return _inline(value) if _is_flat(value) else None
    entries = _entries(value)
    if any(key in entries for key in _ONE_LINE_KEYS) and _is_reason(entries):
        return _inline(entries)
    line = _inline(entries) if _is_flat_inside(entries) else None
    return line if line is not None and len(line) <= LONGEST_LINE else None


def _is_reason(entries: Mapping[str, Any]) -> bool:
    """Nothing nested but facts and losses."""
    return all(
        isinstance(item, _SCALARS) or key in _FREE_KEYS or _is_flat(item) for key, item in entries.items()
    )


def _is_flat(value: Any) -> bool:
    """A scalar, or a list of scalars."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, _SCALARS) for item in value)
    return isinstance(value, _SCALARS) or not value


def _is_flat_inside(entries: Mapping[str, Any]) -> bool:
    """No list of containers below: such a list has a line for each item."""
    return all(
        _is_flat_inside(_entries(item)) if isinstance(item, Mapping | BaseModel) else _is_flat(item)
        for item in entries.values()
    )


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, float):
        return _decimal(Decimal(repr(value)))
    if isinstance(value, _SCALARS):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join([_inline(item) for item in value]) + "]"
    return "{" + ", ".join([_key(key) + _inline(item) for key, item in _entries(value).items()]) + "}"


@lru_cache(maxsize=4096)
def _decimal(value: Decimal) -> str:
    return f"{plain(value):f}"


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return f"{_string(name)}: "


def _string(text: str) -> str:
    quoted = encode_basestring(text)
    if quoted.isprintable():
        return quoted
    return "".join(json.dumps(one)[1:-1] if is_invisible(one) else one for one in quoted)
