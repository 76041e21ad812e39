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
    rank: IndexVector = np.arange(len(label)) - np.searchsorted(label, label)
    return rank


def stretches(count: IntVector, start: IndexVector | int = 0) -> IndexVector:
    """So many whole numbers from each start on, one stretch after the other."""
    before = np.cumsum(count) - count
    numbers: IndexVector = np.arange(count.sum()) + np.repeat(start - before, count)
    return numbers


def shortest(values: IntVector) -> IntVector:
    """The same numbers in as few bits as hold them all; whoever adds to them has to mind that."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for short in (np.int8, np.int16, np.int32):
        if np.iinfo(short).min <= low and high <= np.iinfo(short).max:
            return cast("IntVector", values.astype(short))
    return values
