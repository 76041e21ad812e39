"""Employers: when two names are the same organisation, and when they only look it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from .text import fold, plain_words

_FILLERS = frozenset(
    ["the", "of", "and", "nhs", "trust", "foundation", "ft", "ltd", "limited", "plc", "st", "saint"]
)
_COMPASS = frozenset(["north", "south", "east", "west", "northern", "southern", "eastern", "western"])


@lru_cache(maxsize=4096)
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
    known = sorted(spelling.values())
    cores = [_core(name) for name in known]
    return [(known[i], known[j]) for i, j in _with_a_key_in_common(cores) if _alike(cores[i], cores[j])]


def _with_a_key_in_common(cores: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of cores, by place and sorted, of the same telling words and at most one slip apart."""
    # Late: people and their words are read without it.
    import numpy as np

    marks, owner = array("q"), array("q")
    for place, core in enumerate(cores):
        telling = _telling(core)
        keys = _one_letter_out(core)
        # A number for each key: the keys of a big cohort's organisations would take much room.
        marks.extend(hash((telling, key)) for key in keys)
        owner.extend([place] * len(keys))
    order = np.argsort(marks, kind="stable")
    mark, owners = np.asarray(marks, np.int64)[order], np.asarray(owner, np.int64)[order]
    starts = np.flatnonzero(np.diff(mark, prepend=~mark[:1]))
    lengths = np.diff(starts, append=len(mark))
    found = {
        pair
        for start, length in zip(starts[lengths > 1], lengths[lengths > 1], strict=True)
        for pair in combinations(owners[start : start + length].tolist(), 2)
    }
    return sorted((i, j) for i, j in found if i < j and _share_a_key(cores[i], cores[j]))


def _share_a_key(a: str, b: str) -> bool:
    """Whether it is more than two numbers that agree."""
    return _telling(a) == _telling(b) and not _one_letter_out(a).isdisjoint(_one_letter_out(b))


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
