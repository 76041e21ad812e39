"""The array types that pass between the numeric floors, named once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IntVector: TypeAlias = npt.NDArray[np.int64]
IntMatrix: TypeAlias = npt.NDArray[np.int64]
BoolVector: TypeAlias = npt.NDArray[np.bool_]
BoolMatrix: TypeAlias = npt.NDArray[np.bool_]
IndexVector: TypeAlias = npt.NDArray[np.int64]
HashVector: TypeAlias = npt.NDArray[np.uint64]
