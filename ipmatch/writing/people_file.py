"""The private people file: who stands behind each id; written so that only its owner can read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ipmatch.intake.identity import IDENTITY_COLUMNS, Identity
from ipmatch.writing.table import cell_of

__all__ = ["people_csv", "texts_csv"]

_EXCEL_MARK = "\ufeff"


def people_csv(people: Iterable[Identity]) -> str:
    """The people file, sorted by id; text that a spreadsheet might run starts with an apostrophe."""
    ordered = sorted(people, key=lambda identity: (identity.side != "mentor", len(identity.id), identity.id))
    return _csv(IDENTITY_COLUMNS, (identity.cells() for identity in ordered))


def texts_csv(texts: Iterable[Sequence[str]]) -> str:
    """Free answers that no rule uses: id, question, answer."""
    return _csv(("id", "question", "answer"), texts)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell_of(cell) for cell in row] for row in rows)
    return _EXCEL_MARK + text.getvalue()
