"""What a parser met that no document may hold, kept in its place until every fault can be told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

__all__ = [
    "DEEPEST",
    "Finding",
    "Refused",
    "Repeated",
    "exact_integer",
    "exact_number",
    "is_too_deep",
    "settled",
]

DEEPEST = 64
LONGEST_NUMBER = 100
LONGEST_TEXT = 100_000

_SURROGATE = re.compile("[\ud800-\udfff]")

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at a place of the data; ``hides`` what a model would say about the same place."""

    loc: Loc
    what: str
    mend: str
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that cannot be read, standing in its place."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """An object that has a key more than once."""

    pairs: Sequence[tuple[str, Any]]


def exact_number(text: str) -> Decimal | Refused:
    """The number exactly as written; what is not finite, or would take a page to write out, is refused."""
    # The length first: turning millions of digits into a number takes minutes.
    if len(text) > LONGEST_NUMBER:
        return _too_long
    number = Decimal(text)
    if not number.is_finite():
        return Refused("this is not a finite number.", "Write a finite number, or null.")
    return _too_long if abs(number.adjusted()) > LONGEST_NUMBER else number


def exact_integer(text: str) -> int | Refused:
    """The whole number, unless it has an absurd number of digits."""
    return _too_long if len(text) > LONGEST_NUMBER else int(text)


_too_long = Refused(f"this number has more than {LONGEST_NUMBER} digits.", "Write a number of sensible size.")


def settled(data: Any, text: str) -> tuple[Any, list[Finding]]:
    """The parsed data with nothing in it that a model may not see, and what was found, in the order of the data.

    Data without any such thing is handed back as it is.

    Raises
    ------
    RecursionError
        If lists and objects stand in one another more than ``DEEPEST`` deep.
    """
    if not _is_suspicious(data, text):
        return data, []
    findings: list[Finding] = []
    return _settled(data, (), findings), findings


def _is_suspicious(data: Any, text: str) -> bool:
    """Whether anything in the data needs a closer look; goes level by level, for a big file has millions of items."""
    suspicious = bool(_SURROGATE_ESCAPE.search(text))
    may_be_long = len(text) > LONGEST_TEXT
    level = [data]
    for _ in range(DEEPEST + 1):
        suspicious = suspicious or any(type(node) in _MARKS for node in level)
        if may_be_long:
            texts = (item for item in chain(level, *filter(_is_object, level)) if type(item) is str)
            suspicious = suspicious or any(len(text) > LONGEST_TEXT for text in texts)
        level = list(chain.from_iterable(map(_items, level)))
        if not level:
            return suspicious
    raise RecursionError


def _items(node: Any) -> Iterable[Any]:
    kind = type(node)
    if kind is dict:
        return node.values()  # type: ignore[no-any-return]
    if kind is list:
        return node  # type: ignore[no-any-return]
    return [value for _, value in node.pairs] if kind is Repeated else ()


def _settled(node: Any, loc: Loc, findings: list[Finding]) -> Any:
    """The node without what may not be there; the depth is limited, so that it may call itself."""
    match node:
        case Refused(what, mend):
            findings.append(Finding(loc, what, mend, hides=True))
            return None
        case str():
            fault = _fault_of(node)
            if fault:
                findings.append(Finding(loc, *fault, hides=True))
            return None if fault else node
        case list():
            return [_settled(item, (*loc, position), findings) for position, item in enumerate(node)]
        case dict():
            return dict(_settled_pairs(node.items(), loc, findings))
        case Repeated(pairs):
            keys = [key for key, _ in pairs]
            for key in dict.fromkeys(keys):
                if (times := keys.count(key)) > 1:
                    words = "twice" if times == 2 else f"{times} times"
                    findings.append(Finding((*loc, key), f"this key is written {words} here.", "Keep one."))
            return dict(_settled_pairs(pairs, loc, findings))
    return node


def _settled_pairs(pairs: Any, loc: Loc, findings: list[Finding]) -> Iterator[tuple[str, Any]]:
    for key, value in pairs:
        if fault := _fault_of(key):
            what, mend = fault
            findings.append(Finding(loc, f"a key here cannot be read: {what}", mend))
        else:
            yield key, _settled(value, (*loc, key), findings)


def _fault_of(text: str) -> tuple[str, str] | None:
    if len(text) > LONGEST_TEXT:
        what = f"a text of {len(text):,} characters; at most {LONGEST_TEXT:,} are read."
        return what, "Shorten it, or leave it out."
    if _SURROGATE.search(text):
        return "half of a character (an unpaired \\u escape).", "Write the character itself."
    return None
