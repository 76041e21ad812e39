"""The array types that pass between the numeric floors, named once, and what many ask of them."""

from __future__ import annotations

from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt

IntVector: TypeAlias = npt.NDArray[np.int64]
IntMatrix: TypeAlias = npt.NDArray[np.int64]
BoolVector: TypeAlias = npt.NDArray[np.bool_]
BoolMatrix: TypeAlias = npt.NDArray[np.bool_]
IndexVector: TypeAlias = npt.NDArray[np.int64]
HashVector: TypeAlias = npt.NDArray[np.uint64]


def ranks(label: IndexVector) -> IndexVector:
    """How many entries of the same label stand before each; labels are sorted."""
    starts = np.flatnonzero(np.diff(label, prepend=label[:1] - 1))
    rank: IndexVector = np.arange(len(label)) - np.repeat(starts, np.diff(starts, append=len(label)))
    return rank


def highest_first(label: IndexVector, value: IntVector, tie: IntVector) -> IndexVector:
    """Where entries stand by label; the highest value first, and of equal ones the least of 16 bits."""
    span = int(value.max(initial=0)) + 1
    if value.min(initial=0) < 0 or (int(label.max(initial=0)) + 1) * span >= 2**47:
        return np.lexsort((tie, -value, label))
    # One number is sorted much faster than three.
    return np.argsort((label * span + (span - 1 - value)) << 16 | tie)


def highest_each(label: IndexVector, value: IntVector, each: int) -> IndexVector:
    """Where the highest so many of each label stand; among equals it is as if they were drawn."""
    scrambled = np.arange(len(label)) * 0x9E3779B1 >> 7 & 0xFFFF
    order = highest_first(label, value, scrambled)
    highest: IndexVector = order[ranks(label[order]) < each]
    return highest


def merged(*keys: IndexVector) -> IndexVector:
    """All keys, sorted, each once; numpy's own way hashes millions slowly, and loads ``numpy.ma`` for it."""
    every = np.sort(np.concatenate([np.zeros(0, np.int64), *keys]))
    new = np.ones(len(every), np.bool_)
    np.not_equal(every[1:], every[:-1], out=new[1:])
    return every[new]


def stretches(count: IntVector, start: IndexVector | int = 0) -> IndexVector:
    """So many whole numbers from each start on, one stretch after the other."""
    before = np.cumsum(count) - count
    numbers: IndexVector = np.arange(count.sum()) + np.repeat(start - before, count)
    return numbers


def sorted_by(label: IndexVector, size: int) -> IndexVector:
    """Where entries stand sorted by label, which is below ``size``; those of one label in their order."""
    if size > 1 << 32:
        return np.argsort(label, kind="stable")
    # Numbers of 16 bits are sorted digit by digit, much faster.
    low = label.astype(np.uint16)
    if size <= 1 << 16:
        return np.argsort(low, kind="stable")
    return np.lexsort((low, (label >> 16).astype(np.uint16)))


def shortest(values: IntVector) -> IntVector:
    """The same numbers in as few bits as hold them all; whoever adds to them has to mind that."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for short in (np.int8, np.int16, np.int32):
        if np.iinfo(short).min <= low and high <= np.iinfo(short).max:
            return cast("IntVector", values.astype(short))
    return values
