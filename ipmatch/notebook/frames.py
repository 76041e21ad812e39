"""Data frames: the rows of an answer in pandas or polars, by way of narwhals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, Literal

from ipmatch.answers.alternatives import Alternative
from ipmatch.answers.fits import Fit
from ipmatch.answers.sweeps import Sweep
from ipmatch.cohort import Cohort
from ipmatch.errors import MissingExtraError, needing
from ipmatch.expecting import one_of
from ipmatch.matching import Matching
from ipmatch.notebook.rows import (
    Rows,
    alternative_rows,
    cohort_rows,
    fit_rows,
    matching_rows,
    policy_rows,
    sweep_rows,
)
from ipmatch.notebook.study_rows import study_rows
from ipmatch.policy import Policy
from ipmatch.study import Study

__all__ = ["BACKENDS", "frame_of", "rows_of"]

BACKENDS = ("pandas", "polars")

_SOURCES: Mapping[type, Callable[[], Mapping[str, Callable[[Any], Rows]]]] = {
    Matching: matching_rows,
    Cohort: cohort_rows,
    Study: study_rows,
    Alternative: alternative_rows,
    Policy: policy_rows,
    Sweep: sweep_rows,
    Fit: fit_rows,
}


def frame_of(answer: object, what: str | None, backend: Literal["pandas", "polars"]) -> Any:
    """Rows of an answer as a data frame; see :meth:`ipmatch.document.shown.Shown.to_frame`."""
    one_of("backend", backend, BACKENDS)
    rows = rows_of(answer, what)
    with needing("notebook", "A data frame"):
        import narwhals
    if find_spec(backend) is None:
        raise MissingExtraError(f"A {backend} frame needs {backend}: pip install {backend}", name=backend)
    dtypes = {
        str: narwhals.String(),
        int: narwhals.Int64(),
        float: narwhals.Float64(),
        bool: narwhals.Boolean(),
    }
    columns = {name: [_plain(cell, kind) for cell in rows.columns[name]] for name, kind in rows.kinds.items()}
    schema = {name: dtypes[kind] for name, kind in rows.kinds.items()}
    frame = narwhals.from_dict(columns, schema, backend=backend).to_native()
    if backend == "pandas":
        for name, kind in rows.kinds.items():
            # Where numpy holds truth values, not known would read as false.
            if kind is bool and None in columns[name]:
                frame[name] = frame[name].astype("boolean")
                frame.loc[[cell is None for cell in columns[name]], name] = None
    return frame


def rows_of(answer: object, what: str | None = None) -> Rows:
    """The rows behind a frame."""
    source = next(rows for kind, rows in _SOURCES.items() if isinstance(answer, kind))()
    chosen = next(iter(source)) if what is None else what
    one_of("what", chosen, source)
    return source[chosen](answer)


def _plain(cell: Any, kind: type) -> Any:
    return None if cell is None else kind(cell)
