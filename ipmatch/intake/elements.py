"""The elements of an XML text as they come, in one pass: no document decides how long that takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

__all__ = ["Defined", "Started", "walk"]

DEEPEST = 64

Started = Callable[[str, Mapping[str, str]], object]
Named = Callable[[str], object]


class Defined(ValueError):
    """An XML text that defines what it is made of, entities or a document type."""


def walk(text: bytes, start: Started, end: Named | None = None, words: Named | None = None) -> None:
    """Call ``start`` and ``end`` with the name of each element, without prefix, and ``words`` with its text.

    Raises
    ------
    Defined
        If it has a document type: what that defines may be without end.
    ValueError
        If it is no XML, or its elements stand in one another too deep.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError("too deep")
        start(name.rpartition(":")[2], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(":")[2])

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.StartDoctypeDeclHandler = _refuse
    if words is not None:
        parser.CharacterDataHandler = words
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError(str(error)) from None


def _refuse(*_: object) -> None:
    raise Defined
