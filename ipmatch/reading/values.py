"""What a parser met that no document may hold, kept in its place until every fault can be told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

__all__ = [
    "DEEPEST",
    "LONGEST_NUMBER",
    "NOT_FINITE",
    "Finding",
    "Loc",
    "Refused",
    "Repeated",
    "exact_integer",
    "exact_number",
    "settled",
    "too_long",
]

DEEPEST = 64
LONGEST_NUMBER = 100
LONGEST_TEXT = 100_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

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


_TOO_LONG = Refused(f"this number has more than {LONGEST_NUMBER} digits.", "Write a number of sensible size.")
NOT_FINITE = Refused("this is not a finite number.", "Write a finite number.")


def exact_number(text: str) -> Decimal | Refused:
    """The number exactly as written; what is not finite, or would take a page to write out, is refused."""
    # The length first: turning millions of digits into a number takes minutes.
    if len(text) > LONGEST_NUMBER:
        return _TOO_LONG
    try:
        number = Decimal(text)
    except ArithmeticError:
        return _TOO_LONG
    if not number.is_finite():
        return NOT_FINITE
    return _TOO_LONG if abs(number.adjusted()) > LONGEST_NUMBER else number


def exact_integer(text: str) -> int | Refused:
    """The whole number, unless it has an absurd number of digits."""
    return _TOO_LONG if len(text) > LONGEST_NUMBER else int(text)


def settled(data: Any, text: str) -> tuple[Any, list[Finding]]:
    """The data parsed from a text, with nothing in it that a model may not see, and what was found.

    Data without any such thing is handed back as it is. Where a key is repeated, the last value stands.

    Raises
    ------
    RecursionError
        If lists and objects stand in one another more than ``DEEPEST`` deep.
    """
    look_closer = bool(_SURROGATE_ESCAPE.search(text))
    measure = len(text) > LONGEST_TEXT
    # Level by level, in few passes: a big file holds millions of values.
    level = [data]
    for _ in range(DEEPEST + 1):
        kinds = set(map(type, level))
        objects, lists, texts, repeated = (_of(kind, level, kinds) for kind in (dict, list, str, Repeated))
        look_closer = look_closer or not _MARKS.isdisjoint(kinds)
        look_closer = look_closer or (measure and _is_any_long(objects, texts))
        if _HOLDERS.isdisjoint(kinds):
            break
        values = chain(map(dict.values, objects), lists)
        level = [*chain.from_iterable(values), *(value for node in repeated for _, value in node.pairs)]
    else:
        raise RecursionError
    findings: list[Finding] = []
    return (_settled(data, (), findings) if look_closer else data), findings


_HOLDERS = frozenset({dict, list, Repeated})
_MARKS = frozenset({Refused, Repeated})


def _of(kind: type, level: Iterable[Any], kinds: Container[type]) -> list[Any]:
    """The values of one kind, if there are any."""
    return [node for node in level if type(node) is kind] if kind in kinds else []


def _is_any_long(objects: Iterable[Any], texts: Iterable[str]) -> bool:
    # Many objects have the same few keys.
    keys = set[str]().union(*objects)
    return max(map(len, chain(texts, keys)), default=0) > LONGEST_TEXT


def _settled(node: Any, loc: Loc, findings: list[Finding]) -> Any:
    match node:
        case Refused():
            findings.append(Finding(loc, node.what, node.mend, hides=True))
            return None
        case str() if words := _unreadable(node):
            findings.append(Finding(loc, *words, hides=True))
            return None
        case list():
            return [_settled(item, (*loc, position), findings) for position, item in enumerate(node)]
        case dict():
            return dict(_settled_pairs(node.items(), loc, findings))
        case Repeated():
            for key, times in Counter(key for key, _ in node.pairs).items():
                if times > 1 and not _unreadable(key):
                    often = "twice" if times == 2 else f"{times} times"
                    findings.append(
                        Finding((*loc, key), f"this key is written {often}.", "Keep one of them.")
                    )
            return dict(_settled_pairs(node.pairs, loc, findings))
    return node


def _settled_pairs(
    pairs: Iterable[tuple[str, Any]], loc: Loc, findings: list[Finding]
) -> Iterator[tuple[str, Any]]:
    for key, value in pairs:
        if words := _unreadable(key):
            findings.append(Finding(loc, f"a key in here: {words[0]}", words[1]))
        else:
            yield key, _settled(value, (*loc, key), findings)


def too_long(answer: Any) -> tuple[str, str] | None:
    """What to say of a text that nobody can have meant, or a list with one; ``None`` of other answers."""
    if type(answer) is str:
        longest = len(answer)
    elif type(answer) is list:
        longest = max((len(text) for text in answer if type(text) is str), default=0)
    else:
        return None
    if longest <= LONGEST_TEXT:
        return None
    return f"a text of {longest:,} characters.", f"Use {LONGEST_TEXT:,} characters or fewer."


def _unreadable(text: str) -> tuple[str, str] | None:
    """What is wrong with a text itself, and how to mend it."""
    if words := too_long(text):
        return words
    if not text.isascii() and _SURROGATE.search(text):
        return "half of a character (a \\u escape without its partner).", "Write the character itself."
    return None
