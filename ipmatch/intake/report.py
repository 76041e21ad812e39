"""Intake: what was read, from where, and all there is to ask or to say about it; it holds no name."""

from __future__ import annotations

from typing import Literal

from ipmatch.document import Frozen
from ipmatch.matching import Counts

__all__ = ["ColumnRead", "Intake", "Remark", "SheetRead"]


class ColumnRead(Frozen):
    """A column, and the question it was read as (``None``: it was not read).

    ``how``: by the column map (``map``), by its ``words``, or as the text box ``beside`` another question.
    """

    column: str
    heading: str
    field: str | None
    how: Literal["map", "words", "beside", "unread"]


class SheetRead(Frozen):
    """A sheet: whose answers it holds, in how many rows, and what its columns are."""

    file: str
    sheet: str | None
    side: Literal["mentor", "mentee", "both"]
    rows: int
    columns: tuple[ColumnRead, ...]


class Remark(Frozen):
    """One thing to ask or to say, with its place.

    ``asked``: the answer could not be read for certain and counts as not known. ``noted``: it was read, or
    left out, in the way told.
    """

    level: Literal["asked", "noted"]
    code: str
    where: str
    row: int | None = None
    column: str | None = None
    what: str
    mend: str = ""


class Intake(Frozen):
    """What an import read and noticed.

    ``people`` counts those in the cohort; ``no_consent`` those of them who did not agree, of whom nothing but
    the id is kept; ``replaced`` earlier answers of people who answered again; ``both_roles`` human beings who
    are mentor and mentee; ``scopes_read`` those with at least one scope.
    """

    people: Counts
    known_before: int
    no_consent: int
    replaced: int
    both_roles: int
    scopes_read: int
    sheets: tuple[SheetRead, ...]
    remarks: tuple[Remark, ...]
