"""The private people file: who stands behind each id; written so that only its owner can read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ipmatch.intake.identity import IDENTITY_COLUMNS, Identity
from ipmatch.writing.csv_rows import EXCEL_MARK, csv_of

__all__ = ["people_csv", "texts_csv"]


def people_csv(people: Iterable[Identity]) -> str:
    """The people file, sorted by id; text that a spreadsheet might run starts with an apostrophe."""
    ordered = sorted(people, key=lambda identity: (identity.side != "mentor", len(identity.id), identity.id))
    return _csv(IDENTITY_COLUMNS, (identity.cells() for identity in ordered))


def texts_csv(texts: Iterable[Sequence[str]]) -> str:
    """Free answers that no rule uses: id, question, answer."""
    return _csv(("id", "question", "answer"), texts)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return EXCEL_MARK + csv_of([columns, *rows])
