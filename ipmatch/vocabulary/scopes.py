"""What a prescriber prescribes for: 89 scopes in 16 groups, their synonyms, and how near two scopes are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import product
from typing import Literal

from .tables import read_table
from .text import normalise, plain_words

Relation = Literal["same", "related", "group"]


@dataclass(frozen=True, slots=True)
class ScopeReading:
    """How a whole answer was read: a scope, a question to its author, a suggestion, or none of these."""

    scope: str | None = None
    question: str | None = None
    suggestion: str | None = None


@lru_cache(maxsize=4096)
def read_scope(text: str) -> ScopeReading:
    """The scope the whole answer names; an ambiguous abbreviation asks, and a likeness is only suggested."""
    words = plain_words(text)
    return read_exactly(words) or ScopeReading(suggestion=_suggestion(words))


def read_exactly(words: str) -> ScopeReading | None:
    """The scope that plain words name, or the question they raise; None for any others, however alike."""
    if scope := _names().get(words):
        return ScopeReading(scope=scope)
    if question := _questions().get(words):
        return ScopeReading(question=question)
    return None


@lru_cache(maxsize=65536)
def relation(mentor_scope: str, mentee_scope: str) -> Relation | None:
    """How near two scopes are, named as ``read_scope`` names them; an unknown scope matches only itself."""
    if mentor_scope == mentee_scope:
        return "same"
    group, other_group = scope_group(mentor_scope), scope_group(mentee_scope)
    if group is None or other_group is None:
        return "same" if normalise(mentor_scope) == normalise(mentee_scope) else None
    if (mentor_scope, mentee_scope) in _related():
        return "related"
    return "group" if group == other_group else None


def akin(scopes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every two of these scopes, and each with itself, that ``relation`` says something of; some others."""
    known = set(scopes)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for scope in known:
        alike["text", normalise(scope)].append(scope)
        if group := scope_group(scope):
            alike["group", group].append(scope)
    for several in alike.values():
        yield from product(several, repeat=2)
    yield from ((a, b) for a, b in _related() if a in known and b in known)


def scope_group(scope: str) -> str | None:
    """The group a scope belongs to, or None for an unknown scope."""
    return _groups().get(scope)


def scope_groups() -> tuple[str, ...]:
    """Every group, in the order of the taxonomy."""
    return tuple(dict.fromkeys(_groups().values()))


def known_scopes() -> tuple[str, ...]:
    """Every scope, in the order of the taxonomy."""
    return tuple(_groups())


@lru_cache(maxsize=4096)
def _suggestion(words: str) -> str | None:
    letters, length = _letters_of(words), len(words)
    names = [
        name
        for name, others in _letters().items()
        # More odd letters than this leave a ratio below 0.85: a cheap test before the dear one.
        if (letters ^ others).bit_count() <= 0.15 * (length + len(name)) and not _opposites(words, name)
    ]
    close = get_close_matches(words, names, n=1, cutoff=0.85)
    return _names()[close[0]] if close else None


def _opposites(a: str, b: str) -> bool:
    """Hypotension is 87% like hypertension, and its contrary."""
    return ("hypo" in a and "hyper" in b) or ("hyper" in a and "hypo" in b)


@cache
def _groups() -> dict[str, str]:
    return {row["scope"]: row["group"] for row in read_table("scope_taxonomy")}


@cache
def _names() -> dict[str, str]:
    # "=" marks a synonym that counts only as the whole answer, which is all that is read here.
    return {
        plain_words(name.removeprefix("=")): row["scope"]
        for row in read_table("scope_taxonomy")
        for name in (row["scope"], *row["synonyms"].split(";"))
    }


@cache
def _letters() -> dict[str, int]:
    return {name: _letters_of(name) for name in _names()}


def _letters_of(words: str) -> int:
    """Which letters there are, a bit for each; some that are not English share one."""
    letters = 0
    for letter in words:
        letters |= 1 << (ord(letter) & 63)
    return letters


@cache
def _questions() -> dict[str, str]:
    return {plain_words(row["abbreviation"]): row["question_to_ask"] for row in read_table("scope_ambiguous")}


@cache
def _related() -> frozenset[tuple[str, str]]:
    pairs = [(row["scope_a"], row["scope_b"]) for row in read_table("scope_related")]
    return frozenset(pairs + [(b, a) for a, b in pairs])
