"""The matching as CSV: one row for every place of everyone, so that nobody is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ipmatch.matching import Matching, Pairing
from ipmatch.writing.characters import shown
from ipmatch.writing.csv_rows import Cell, csv_rows

__all__ = ["columns_of", "csv_pieces", "csv_text", "rows_of"]

COLUMNS = ("outcome", "mentor", "mentee", "basis", "tier", "score", "code", "because")


def csv_text(matching: Matching) -> str:
    """The matching as CSV with CRLF line ends (RFC 4180).

    ``outcome`` is ``paired``, ``unmatched`` (a row for each mentor a mentee is short of), ``spare`` (a row
    for each free place) or ``not-taking-part``. For a pair, ``code`` holds its flags. Then
    ``points_<criterion>`` for each criterion with a weight and, where the policy lists sessions, ``session``.
    Text that a spreadsheet might run as a formula starts with an apostrophe.
    """
    return "".join(csv_pieces(matching))


def csv_pieces(matching: Matching) -> Iterator[str]:
    """Yield the text of :func:`csv_text` a row at a time."""
    rows = chain([columns_of(matching)], rows_of(matching))
    return csv_rows([shown(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def columns_of(matching: Matching) -> tuple[str, ...]:
    """The headings."""
    session = ("session",) if matching.run.policy.sessions else ()
    return (*COLUMNS, *(f"points_{name}" for name in _criteria(matching)), *session)


def rows_of(matching: Matching) -> Iterator[tuple[Cell, ...]]:
    """The rows, as wide as the headings."""
    width = len(columns_of(matching))
    for row in _rows(matching, _criteria(matching)):
        yield (*row, *(None,) * (width - len(row)))[:width]


def _rows(matching: Matching, criteria: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    for pairing in matching.pairings:
        yield _paired(pairing, criteria)
    for left in matching.unmatched_mentees:
        for _ in range(left.wanted - left.given):
            yield ("unmatched", None, left.mentee, None, None, None, left.code, left.because)
    for spare in matching.spare_mentors:
        for _ in range(spare.capacity - spare.given):
            yield ("spare", spare.mentor, None, None, None, None, spare.code, spare.because)
    for out in matching.not_taking_part:
        mentor, mentee = (out.id, None) if out.side == "mentor" else (None, out.id)
        yield ("not-taking-part", mentor, mentee, None, None, None, out.code, out.because)


def _criteria(matching: Matching) -> tuple[str, ...]:
    return tuple(name for name, weight in matching.run.policy.weights.items() if weight)


def _paired(pairing: Pairing, criteria: tuple[str, ...]) -> tuple[Cell, ...]:
    points = {part.criterion: part.points for part in pairing.contributions}
    flags = "; ".join(dict.fromkeys(flag.code for flag in pairing.flags))
    # A pair without points is told by what each criterion found, and one without criteria by its flags.
    scoring = [part for part in pairing.contributions if part.points]
    because = " ".join(part.because for part in scoring or pairing.contributions or pairing.flags)
    head = (
        "paired",
        pairing.mentor,
        pairing.mentee,
        pairing.basis,
        pairing.tier,
        pairing.score,
        flags,
        because,
    )
    return (*head, *(points.get(name) for name in criteria), pairing.session)
