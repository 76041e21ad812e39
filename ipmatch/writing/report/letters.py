"""Letters to everybody: rows to merge, or pages to print; each tells of the reader's own pairs alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ipmatch.answers.alternatives import Letter
from ipmatch.reporting.material import Material
from ipmatch.writing.characters import shown
from ipmatch.writing.csv_rows import EXCEL_MARK, Cell, csv_of
from ipmatch.writing.report.environment import render
from ipmatch.writing.report.standing import confirmed

if TYPE_CHECKING:
    from ipmatch.intake.identity import Identity

__all__ = ["letters_csv", "letters_page"]

COLUMNS = ("side", "id", "name", "email", "standing", "letter")


def letters_csv(material: Material, people: Mapping[str, Identity]) -> str:
    """One row for each participant, mentors first, for a mail merge; text that might run is made harmless."""
    sure = _sure(material)
    rows: list[tuple[Cell, ...]] = [COLUMNS]
    for letter in material.letters():
        person = people.get(letter.id)
        name, email = (person.name, person.email) if person else (None, None)
        head = (letter.side, letter.id, name, email, _standing(letter, sure))
        rows.append((*(cell and shown(cell) for cell in head), _clean(letter.text)))
    return EXCEL_MARK + csv_of(rows)


def letters_page(material: Material) -> str:
    """One page for each participant, to print."""
    sure = _sure(material)
    letters = [(letter, _standing(letter, sure), _clean(letter.text)) for letter in material.letters()]
    return render(
        "letters.html",
        kind="letters",
        title=f"Letters – {material.cohort.programme.name or 'mentoring programme'}",
        letters=letters,
    )


def _sure(material: Material) -> frozenset[str]:
    """Those whose every pair is confirmed."""
    pairs, sure = material.matching.pairs(), confirmed(material.matching)
    return frozenset({one for pair in sure for one in pair} - {one for pair in pairs - sure for one in pair})


def _standing(letter: Letter, sure: frozenset[str]) -> str:
    return "confirmed" if letter.id in sure else "proposed"


def _clean(text: str) -> str:
    return "\n".join(shown(line) for line in text.rstrip("\n").split("\n"))
