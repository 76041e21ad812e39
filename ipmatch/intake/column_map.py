"""The column map: which heading answers which question, as a person decided it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ipmatch.errors import Fault, InputError
from ipmatch.people import Side
from ipmatch.vocabulary.text import plain_words, suggest

from .questions import bookkeeping, questions

__all__ = ["ColumnMap", "column_map", "known_fields"]

_SECTIONS: dict[str, Side | None] = {"mentors": "mentor", "mentees": "mentee", "columns": None}
_NOT_MAPPED = ("other",)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Fields by heading (its plain words), for each side and for both; the programme, where it is told."""

    sides: Mapping[Side, Mapping[str, str]] = field(default_factory=dict)
    both: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    regions: tuple[str, ...] = ()

    def section(self, headings: Sequence[str], side: Side | None) -> Mapping[str, str]:
        """What is decided for a sheet with these headings."""
        side = side or self.side_of(headings)
        return {**self.both, **(self.sides.get(side, {}) if side else {})}

    def side_of(self, headings: Iterable[str]) -> Side | None:
        """The side whose section fits these headings better, if one does."""
        present = set(headings)
        fits = {side: len(present & set(section)) for side, section in self.sides.items()}
        mentor, mentee = fits.get("mentor", 0), fits.get("mentee", 0)
        return ("mentor" if mentor > mentee else "mentee") if mentor != mentee else None


def known_fields() -> tuple[str, ...]:
    """What a heading can be mapped to."""
    own = (*bookkeeping(), "forms_email", "forms_name", "sectors_other", "ignore")
    return tuple(name for name in (*questions(), *own) if name not in _NOT_MAPPED)


def column_map(table: Mapping[str, Any], name: str) -> ColumnMap:
    """The map a TOML table holds.

    Raises
    ------
    InputError
        With everything wrong with it.
    """
    faults: list[Fault] = []
    sides: dict[Side, dict[str, str]] = {}
    both: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for section, entries in table.items():
        if section == "programme":
            continue
        if section not in _SECTIONS or not isinstance(entries, Mapping):
            mend = "Write [mentors], [mentees], [columns] or [programme]."
            faults.append(Fault(f"{name}, {section}", "this is not a section of a column map.", mend))
            continue
        side = _SECTIONS[section]
        into = both if side is None else sides.setdefault(side, {})
        for named, headings in entries.items():
            place = f"{name}, {section}.{named}"
            if named not in known_fields():
                close = suggest(named, known_fields())
                hint = f'Did you mean "{close}"?' if close else f"Known: {', '.join(known_fields())}."
                faults.append(Fault(place, "there is no such field.", hint))
                continue
            listed = [headings] if isinstance(headings, str) else headings
            if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
                faults.append(
                    Fault(place, "this is no heading.", "Write a heading, or a list of headings, in quotes.")
                )
                continue
            for text in listed:
                earlier = into.setdefault(plain_words(text), named)
                spelt[plain_words(text)] = place
                if earlier != named:
                    faults.append(
                        Fault(place, f'this heading is mapped to "{earlier}" too.', "Keep one of them.")
                    )
    title, regions = _programme(table.get("programme", {}), name, faults)
    if faults:
        raise InputError(faults)
    return ColumnMap(sides, both, spelt, title, regions)


def _programme(entries: Any, name: str, faults: list[Fault]) -> tuple[str | None, tuple[str, ...]]:
    place = f"{name}, programme"
    if not isinstance(entries, Mapping) or not set(entries) <= {"name", "regions"}:
        faults.append(Fault(place, "it holds something else than name and regions.", "Write these two only."))
        return None, ()
    title, regions = entries.get("name"), entries.get("regions", [])
    texts = isinstance(regions, list) and all(isinstance(text, str) and text.strip() for text in regions)
    if not texts or not isinstance(title, str | None):
        faults.append(
            Fault(place, "its name is no text, or its regions are no list of texts.", "Use quotes.")
        )
        return None, ()
    return title, tuple(text.strip() for text in regions)
