"""What a notebook shows of an answer, and its rows as a data frame: both made upstairs, when asked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["Shown"]


class Shown:
    """An answer that a notebook can show, and that can be had as data frames.

    The one place from where the package looks upwards, by name and late: answers know nothing of notebooks,
    and nothing of :mod:`ipmatch.notebook` is loaded before somebody asks.
    """

    def _repr_html_(self) -> str:
        shown: str = import_module("ipmatch.notebook.pages").page_of(self)
        return shown

    @overload
    def to_frame(
        self, what: str | None = None, *, backend: Literal["pandas"] = "pandas"
    ) -> pandas.DataFrame: ...

    @overload
    def to_frame(self, what: str | None = None, *, backend: Literal["polars"]) -> polars.DataFrame: ...

    def to_frame(self, what: str | None = None, *, backend: Literal["pandas", "polars"] = "pandas") -> Any:
        """Tidy rows as a data frame, one for each thing counted.

        Points, losses and weights are the floats that JSON holds; the exact numbers stay in the answer.
        Of people no name, e-mail, register number or free text is given.

        Parameters
        ----------
        what
            Which rows; ``None`` for the first of

            - a ``Matching``: ``pairings``, ``contributions``, ``flags``, ``people``, ``unmatched``,
              ``loads``, ``levels``;
            - a ``Cohort``: ``people``, ``supply``;
            - a ``Study``: those of a matching, ``scores`` and ``prices`` of every pair, ``resilience``;
            - an ``Alternative``: ``moves``; a ``Policy``: ``weights``; a ``Sweep``: ``policies``, ``pairs``;
              a ``Fit``: ``weights``, ``judgements``.
        backend
            ``pandas`` or ``polars``.

        Raises
        ------
        UsageError
            If there are no such rows, or no such backend.
        MissingExtraError
            If narwhals or the backend is not installed.
        """
        return import_module("ipmatch.notebook.frames").frame_of(self, what, backend)
