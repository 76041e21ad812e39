"""Values frozen to the bottom: read-only mappings for dicts, tuples for lists."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from decimal import Decimal
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import AfterValidator, GetCoreSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from ipmatch.document.exact import plain_number

__all__ = ["Facts", "FrozenMap", "freeze", "thaw"]

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)


class FrozenMap(Mapping[Key, Value], Generic[Key, Value]):
    """A read-only mapping that keeps the order it was given, compares like a dict, and validates like one."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Key, Value] | None = None) -> None:
        # A map that is read-only itself is not copied: it will not change.
        self._items: dict[Key, Value] = items._items if isinstance(items, FrozenMap) else dict(items or {})

    def __getitem__(self, key: Key) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> ItemsView[Key, Value]:
        """The entries, as fast as a dict's."""
        return self._items.items()

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


_PLAIN = {str, int, bool, Decimal, type(None)}  # nothing to freeze


def freeze(value: Any) -> Any:
    """The same plain value with tuples for lists and read-only mappings for dicts, to the bottom."""
    kind = type(value)
    if kind in _PLAIN or (kind is tuple and set(map(type, value)) <= _PLAIN):
        return value
    if kind is FrozenMap and all(freeze(item) is item for _, item in value.items()):
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
    return plain_number(value) if isinstance(value, Decimal) else value


Facts = Annotated[
    Any,
    AfterValidator(freeze),
    PlainSerializer(thaw, when_used="json"),
    WithJsonSchema({"type": "object"}),
]
