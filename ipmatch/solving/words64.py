"""Vectors of integers, one entry for each level, packed into as few 64-bit words as hold them exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector

__all__ = ["NEVER", "Packing", "Words", "finite", "is_less", "least_at", "least_of_runs", "plus"]

NEVER = 2**60
"""The first word of what cannot be reached; two of them and any packed vector still fit 64 bits."""
_ROOM = 2**59
"""No packed vector is this large, so none can be taken for one that cannot be reached."""

Words: TypeAlias = list[IntVector]
"""One array for each word, all of the same shape; compared first word first, like the levels in them."""


class Packing:
    """How vectors of one entry per level share words: their sums add up and compare as the vectors do.

    Parameters
    ----------
    reach
        For each level, the largest absolute entry any vector to be compared may have.

    Raises
    ------
    InternalError
        If a single level is too large for a word.
    """

    def __init__(self, reach: Sequence[int]) -> None:
        self._reach = tuple(reach)
        self._groups: list[list[int]] = [[]]
        size = 1
        for level, most in enumerate(reach):
            if 2 * most + 1 > 2 * _ROOM:
                raise InternalError(f"Level {level} has numbers too large to be priced: up to {most}.")
            if size * (2 * most + 1) > 2 * _ROOM:
                self._groups.append([])
                size = 1
            size *= 2 * most + 1
            self._groups[-1].append(level)

    @property
    def words(self) -> int:
        """How many words a vector takes, at least one."""
        return len(self._groups)

    def pack(self, levels: Sequence[IntVector], shape: tuple[int, ...]) -> Words:
        """Pack one array of ``shape`` for each level.

        Raises
        ------
        InternalError
            If an entry exceeds its reach: it would spill into the level before.
        """
        for values, most in zip(levels, self._reach, strict=True):
            if values.size and not -most <= values.min() <= values.max() <= most:
                raise InternalError("A gain exceeds what its level was said to reach.")
        words = []
        for group in self._groups:
            word = np.zeros(shape, np.int64)
            for level in group:
                word *= 2 * self._reach[level] + 1
                word += levels[level]
            words.append(word)
        return words

    def unpack(self, words: Words) -> tuple[IntVector, ...]:
        """Return the array of each level."""
        levels = [words[0]] * len(self._reach)
        for group, word in zip(self._groups, words, strict=True):
            rest = word
            for level in reversed(group):
                most = self._reach[level]
                rest, digit = np.divmod(rest + most, 2 * most + 1)
                levels[level] = digit - most
        return tuple(levels)


def finite(words: Words) -> BoolVector:
    """Tell what can be reached from what cannot."""
    return np.asarray(words[0] < _ROOM)


def plus(*terms: Words) -> Words:
    """Add word by word."""
    return [sum(word[1:], start=word[0]) for word in zip(*terms, strict=True)]


def is_less(left: Sequence[IntVector], right: Sequence[IntVector | int]) -> BoolVector:
    """Compare entry by entry, first word first."""
    less = np.zeros(left[0].shape, np.bool_)
    # From the last word to the first: a later one counts only where all before are equal.
    for ours, theirs in reversed(list(zip(left, right, strict=True))):
        less = (ours < theirs) | ((ours == theirs) & less)
    return less


def least_at(size: int, place: IndexVector, words: Words) -> Words:
    """Return [size] the least of the vectors that share a place, ``NEVER`` where there is none."""
    least = []
    for k in range(len(words)):
        best = np.full(size, NEVER)
        np.minimum.at(best, place, words[k])
        least.append(best)
        tied = words[k] == best[place]
        place, words = place[tied], [word[tied] for word in words]
    return least


def least_of_runs(runs: IntVector, words: Words) -> Words:
    """Return the least vector of each run of consecutive ones; ``runs`` are lengths, 0 gives ``NEVER``."""
    filled = np.flatnonzero(runs)
    lengths = runs[filled]
    starts = np.cumsum(lengths) - lengths
    least, tied = [], None
    for word in words:
        candidates = word if tied is None else np.where(tied, word, NEVER)
        best = np.minimum.reduceat(candidates, starts) if len(filled) else candidates[:0]
        result = np.full(len(runs), NEVER)
        result[filled] = best
        least.append(result)
        tied = candidates == np.repeat(best, lengths)
    return least
