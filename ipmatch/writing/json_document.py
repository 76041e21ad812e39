"""The canonical JSON text of any model: exact numbers, the models' order, one reason a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from types import NoneType
from typing import Any, NamedTuple

from pydantic import BaseModel

from ipmatch.document import plain
from ipmatch.writing.characters import seen

__all__ = ["json_pieces", "json_text"]

# Longer objects are spread over lines, except people and reasons: one of those a line makes a readable diff.
LONGEST_LINE = 110
_SHORTEST = len('"": 0, ')
_FREE_KEYS = ("facts", "loss")
_LISTS = (list, tuple)


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
    return isinstance(value, _LISTS) and not _is_flat(value)


def _text(value: Any, indent: str) -> str:
    """The text of a value, its further lines indented."""
    if (line := _on_one_line(value)) is not None:
        return line
    inner = indent + " "
    if isinstance(value, _LISTS):
        items, ends = [_text(item, inner) for item in value], "[]"
    else:
        items, ends = [_key(key) + _text(item, inner) for key, item in _entries(value).items()], "{}"
    return f"{ends[0]}\n{inner}" + f",\n{inner}".join(items) + f"\n{indent}{ends[1]}"


def _entries(value: Any) -> Mapping[str, Any]:
    """What a model or an object holds, by name; a model is not copied as plain data first."""
    entries: Mapping[str, Any] = vars(value) if _KINDS[type(value)].is_model else value
    return entries


def _on_one_line(value: Any) -> str | None:
    """The text of a value that has a line of its own; ``None`` if it is spread over several."""
    kind = _KINDS[type(value)]
    if kind.is_scalar or (isinstance(value, _LISTS) and _is_flat(value)):
        return seen(kind.write(value))
    if isinstance(value, _LISTS):
        return None
    entries = _entries(value)
    if ("because" in entries or "id" in entries) and _is_reason(entries):
        return seen(_inline_object(entries))
    if len(entries) * _SHORTEST > LONGEST_LINE or not _is_flat_inside(entries):
        return None
    line = seen(_inline_object(entries))
    return line if len(line) <= LONGEST_LINE else None


def _is_reason(entries: Mapping[str, Any]) -> bool:
    """Nothing nested but facts and losses."""
    # No generator, for an answer holds hundreds of thousands of reasons.
    for key, item in entries.items():
        if not (_KINDS[type(item)].is_scalar or key in _FREE_KEYS or _is_flat(item)):
            return False
    return True


def _is_flat(value: Any) -> bool:
    """A scalar, or a list of scalars."""
    if isinstance(value, _LISTS):
        return all(_KINDS[kind].is_scalar for kind in set(map(type, value)))
    return _KINDS[type(value)].is_scalar or not value


def _is_flat_inside(entries: Mapping[str, Any]) -> bool:
    """No list of containers below: such a list has a line for each item."""
    for item in entries.values():
        if not _KINDS[type(item)].is_scalar:
            is_list = isinstance(item, _LISTS)
            if not (_is_flat(item) if is_list else _is_flat_inside(_entries(item))):
                return False
    return True


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return f"{seen(encode_basestring(name))}: "


@lru_cache(maxsize=4096)
def _decimal(value: Decimal) -> str:
    return f"{plain(value):f}"


def _inline_list(items: Collection[Any]) -> str:
    if set(map(type, items)) == {int}:
        return repr([*items])  # as JSON has it, and quick: the prices of a certificate are many
    return "[" + ", ".join([_KINDS[type(item)].write(item) for item in items]) + "]"


def _inline_object(entries: Mapping[str, Any]) -> str:
    items = [_key(key) + _KINDS[type(item)].write(item) for key, item in entries.items()]
    return "{" + ", ".join(items) + "}"


_SCALARS: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: int.__repr__,
    Decimal: _decimal,
    float: lambda value: _decimal(Decimal(repr(value))),
    bool: json.dumps,
    NoneType: json.dumps,
}


class _Kind(NamedTuple):
    """How values of a type are written on one line, and what they are."""

    write: Callable[[Any], str]
    is_scalar: bool = False
    is_model: bool = False


class _Kinds(dict[type, _Kind]):
    """Found once for each type: asking every value would take most of the time."""

    def __missing__(self, kind: type) -> _Kind:
        scalar = next((_SCALARS[parent] for parent in kind.__mro__ if parent in _SCALARS), None)
        if scalar is not None:
            self[kind] = _Kind(scalar, is_scalar=True)
        elif issubclass(kind, _LISTS):
            self[kind] = _Kind(_inline_list)
        elif issubclass(kind, BaseModel):
            self[kind] = _Kind(lambda model: _inline_object(vars(model)), is_model=True)
        else:
            self[kind] = _Kind(_inline_object)
        return self[kind]


_KINDS = _Kinds()
