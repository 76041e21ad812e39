"""Employers: when two names are the same organisation, and when they only look it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from .text import fold, plain_words

_FILLERS = frozenset(
    ["the", "of", "and", "nhs", "trust", "foundation", "ft", "ltd", "limited", "plc", "st", "saint"]
)
_COMPASS = frozenset(["north", "south", "east", "west", "northern", "southern", "eastern", "western"])


def organisation_key(name: str) -> str:
    """What an organisation is compared by: its name in one case, trimmed, with single spaces."""
    return fold(name)


def near_equal(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different organisations whose names look alike, sorted; to be warned about and never merged.

    Alike means: equal without punctuation, plural endings and words such as NHS or Trust; or, without these,
    one slip of the keyboard apart, nine letters in ten agreeing. "Site 1" and "Site 2", or "East Kent" and
    "West Kent", are meant to differ. Of several spellings of one organisation, the first in order is named.
    """
    spelling = {organisation_key(name): name for name in sorted(names, reverse=True)}
    cores = {name: _core(name) for name in sorted(spelling.values())}
    blocks: dict[tuple[frozenset[str], str], list[str]] = defaultdict(list)
    for name, core in cores.items():
        telling = _telling(core)
        for key in _one_letter_out(core):
            blocks[telling, key].append(name)
    pairs = {pair for block in blocks.values() for pair in combinations(block, 2)}
    return sorted((a, b) for a, b in pairs if _alike(cores[a], cores[b]))


def _core(name: str) -> str:
    words = (word for word in plain_words(name).split() if word not in _FILLERS)
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _one_letter_out(core: str) -> set[str]:
    """The core, and it without each letter: two names one slip apart have one of these in common."""
    if len(core) > 80:
        return {core}
    return {core, *(core[:i] + core[i + 1 :] for i in range(len(core)))} - {""}


def _alike(a: str, b: str) -> bool:
    """Whether nine letters in ten agree, for two cores known to be at most one slip apart."""
    odd_letters = 1 if len(a) != len(b) else 2
    return a == b or 10 * odd_letters <= len(a) + len(b)


def _telling(core: str) -> frozenset[str]:
    """Words that tell like names apart: numbers, single letters, points of the compass."""
    return frozenset(w for w in core.split() if len(w) == 1 or w in _COMPASS or any(map(str.isdigit, w)))
