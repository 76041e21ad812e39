"""How arrays go from process to process: as small as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from ipmatch.solving.arrays import shortest

__all__ = ["Travelling"]


class Travelling:
    """A dataclass whose arrays are of int64; when it is pickled, of the smallest type that holds the values.

    Most prices and all places of people fit in half the room, and Dask copies each byte several times.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Pickle the fields, arrays narrowed."""
        values = (getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]
        return _arrived, (type(self), *(_narrowed(one) for one in values))


def _arrived(kind: Callable[..., object], *values: object) -> object:
    return kind(*(one.astype(np.int64) if isinstance(one, np.ndarray) else one for one in values))


def _narrowed(value: object) -> object:
    return shortest(value) if isinstance(value, np.ndarray) else value
