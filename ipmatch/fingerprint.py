"""The fingerprint of people: what rules can see of them, as canonical JSON that is hashed and never kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from ipmatch.document import plain_number
from ipmatch.people import PRIVATE_FIELDS, Person

__all__ = ["fingerprint_of"]

MOST_REMEMBERED = 1 << 17
PEOPLE_AT_ONCE = 1 << 12


def fingerprint_of(people: Mapping[str, Sequence[Person]], rest: Mapping[str, Any]) -> str:
    """SHA-256 of one JSON object, its keys sorted: the people under each key by id, and the rest as it is.

    Of people no name, e-mail, register number or free text counts.
    """
    digest = hashlib.sha256()
    for number, key in enumerate(sorted({*people, *rest})):
        digest.update(f"{',' if number else '{'}{_text(key)}:".encode())
        for piece in _texts(people[key]) if key in people else [_text(rest[key])]:
            digest.update(piece.encode())
    digest.update(b"}")
    return digest.hexdigest()


def _texts(people: Iterable[Person]) -> Iterator[str]:
    """The JSON list of these people, in pieces."""
    everyone = sorted(people, key=attrgetter("id"))
    yield "["
    if everyone:
        names = sorted(type(everyone[0]).model_fields.keys() - set(PRIVATE_FIELDS))
        keys = [f"{'{' if not place else ','}{_text(name)}:" for place, name in enumerate(names)]
        fields = [(attrgetter(name), _Texts(key).__getitem__) for name, key in zip(names, keys, strict=True)]
        for start in range(0, len(everyone), PEOPLE_AT_ONCE):
            some = everyone[start : start + PEOPLE_AT_ONCE]
            # Column by column, so that no step of Python is taken for each answer.
            columns = [map(text, map(answer, some)) for answer, text in fields]
            yield ("," if start else "") + "},".join(map("".join, zip(*columns, strict=True))) + "}"
    yield "]"


class _Texts(dict[Any, str]):
    """A field with its answer as JSON; few answers are different, and those are remembered."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, answer: Any) -> str:
        text = self._key + _text(answer)
        if len(self) < MOST_REMEMBERED:
            self[answer] = text
        return text


# Made once: to make one for every text would take most of the time.
_text = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain_number
).encode
