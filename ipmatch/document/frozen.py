"""Values frozen to the bottom: read-only mappings for dicts, tuples for lists."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import is_
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from ipmatch.document.exact import plain_number

__all__ = ["Facts", "FrozenMap", "freeze", "thaw"]

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)


class FrozenMap(Mapping[Key, Value], Generic[Key, Value]):
    """A read-only mapping that keeps the order it was given, compares like a dict, and validates like one.

    Small maps of the same keys share them: an answer holds hundreds of thousands.
    """

    __slots__ = ("_is_frozen", "_passed", "_place", "_values")

    def __init__(self, items: Mapping[Key, Value] | None = None) -> None:
        self._place: dict[Key, int]
        self._values: tuple[Value, ...]
        # A map that many hold is looked through once: whether it is frozen to the bottom, and of what type.
        self._is_frozen = False
        self._passed: Any = None
        if type(items) is FrozenMap:  # an isinstance of an abstract class takes longer than all the rest
            self._place, self._values = items._place, items._values
            self._is_frozen = items._is_frozen
        else:
            given = dict(items or {})
            self._place, self._values = _places(tuple(given)), tuple(given.values())

    def _with(self, values: tuple[Value, ...]) -> FrozenMap[Key, Value]:
        """A map of the same keys with other values, all frozen."""
        other: FrozenMap[Key, Value] = FrozenMap.__new__(FrozenMap)
        other._place, other._values, other._is_frozen, other._passed = self._place, values, True, None
        return other

    def __getitem__(self, key: Key) -> Value:
        return self._values[self._place[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._place

    def __iter__(self) -> Iterator[Key]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> ItemsView[Key, Value]:
        """The entries, as fast as a dict's."""
        return dict(zip(self._place, self._values, strict=True)).items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMap) and self._place is other._place:
            return self._values == other._values
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash(frozenset(self._place))

    def __reduce__(self) -> tuple[type[FrozenMap[Key, Value]], tuple[dict[Key, Value]]]:
        # What it was found to be, it is found to be again.
        return FrozenMap, (dict(self.items()),)

    def __repr__(self) -> str:
        return repr(dict(self.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = handler.generate_schema(GenericAlias(dict, get_args(source)))

        def passed(items: Any, check: ValidatorFunctionWrapHandler) -> FrozenMap[Any, Any]:
            """The map itself if it holds what it should: no map changes, so it is looked through once."""
            given = items if type(items) is FrozenMap else None
            if given is not None and given._passed is source:
                return given
            made = FrozenMap(check(items))
            if (
                given is not None
                and given._place is made._place
                and all(map(is_, given._values, made._values))
            ):
                made = given
            made._passed = source
            return made

        return core_schema.no_info_wrap_validator_function(
            passed,
            plain,
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda items, to_plain: to_plain(dict(items.items())), schema=plain
            ),
        )


# Of more keys than this two maps hardly ever have the same.
_FEW = 16


def _places(keys: tuple[Any, ...]) -> dict[Any, int]:
    """The place of each key; small maps of the same keys have it in common."""
    return _shared_places(*keys) if len(keys) <= _FEW else {key: place for place, key in enumerate(keys)}


# By type too: 1 and True are equal, but not the same to read.
@lru_cache(maxsize=4096, typed=True)
def _shared_places(*keys: Any) -> dict[Any, int]:
    return {key: place for place, key in enumerate(keys)}


_PLAIN = {str, int, bool, Decimal, type(None)}  # nothing to freeze


def freeze(value: Any) -> Any:
    """The same plain value with tuples for lists and read-only mappings for dicts, to the bottom."""
    kind = type(value)
    if kind in _PLAIN or (kind is tuple and set(map(type, value)) <= _PLAIN):
        return value
    if kind is tuple or kind is FrozenMap:
        if kind is FrozenMap and value._is_frozen:
            return value
        held = value if kind is tuple else value._values
        frozen = tuple(map(freeze, held))
        if not all(map(is_, frozen, held)):
            return frozen if kind is tuple else value._with(frozen)
        if kind is FrozenMap:
            value._is_frozen = True
        return value
    if isinstance(value, Mapping):
        return FrozenMap({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(map(freeze, value))
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
