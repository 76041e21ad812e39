"""Identity: who stands behind an id; kept in a file of its own, apart from the cohort."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from ipmatch.people import Side

__all__ = ["IDENTITY_COLUMNS", "Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """One person in one role: the id the cohort knows them by, and who that is.

    ``person`` is shared by the entries of one human being in both roles. What is not known is ``None``.
    """

    id: str
    side: Side
    person: str | None = None
    name: str | None = None
    email: str | None = None
    gphc_number: str | None = None

    def __repr__(self) -> str:
        return f"Identity({self.id!r})"

    def cells(self) -> tuple[str, ...]:
        """The row of the people file, in the order of :data:`IDENTITY_COLUMNS`."""
        return tuple(cell or "" for cell in astuple(self))


IDENTITY_COLUMNS = tuple(field.name for field in fields(Identity))
