"""What reads a cell of each question; what tells who somebody is is read here too, and never echoed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from ipmatch.vocabulary.scopes import read_scope
from ipmatch.vocabulary.text import normalise, suggest

from .cells import read_confidence, read_frequency, read_meeting_mode, read_status, read_yes_no
from .grid import Cell
from .lists import items_of, read_availability, read_items, read_people, read_sectors, read_tools
from .numbers import read_count, read_year, read_years
from .reading_of import ReadingOf, Said, asked, echo, text_of, value

__all__ = ["Reader", "readers_for"]

_EMAIL = re.compile(r"[^@\s;,<>\"]+@[^@\s;,<>\"]+\.[^@\s;,<>\"]+")
_GPHC = re.compile(r"[25]\d{6}")
LONGEST_NAME = 200

Reader = Callable[[Cell], ReadingOf]


def readers_for(regions: tuple[str, ...]) -> Mapping[str, Reader]:
    """What reads a cell, by the field its column was read as."""
    return {**_READERS, "region": partial(_region, regions=regions)}


def _text(cell: Cell) -> ReadingOf:
    return value(text_of(cell))


def _short_text(cell: Cell) -> ReadingOf:
    text = " ".join(text_of(cell).split())
    if len(text) > LONGEST_NAME:
        return asked("too-long", f"more than {LONGEST_NAME} characters.", "Shorten it.")
    return value(text)


def _scopes(cell: Cell) -> ReadingOf:
    """Scopes as a cohort holds them: parted by semicolons, one not in the vocabulary kept as it is."""
    scopes = [(item, read_scope(item).scope) for item in items_of(cell)]
    if any(len(item) > LONGEST_NAME for item, _ in scopes):
        return asked("not-a-list", "this answer is no list of scopes.", "Part them by semicolons.")
    what = "a scope that is not in the vocabulary matches only itself."
    unknown = any(scope is None for _, scope in scopes)
    said = (
        (Said("noted", "unknown-scope", what, "Write a scope of the vocabulary if it is one."),)
        if unknown
        else ()
    )
    return ReadingOf(tuple(dict.fromkeys(scope or item for item, scope in scopes)), said)


def _region(cell: Cell, regions: tuple[str, ...]) -> ReadingOf:
    items = items_of(cell)
    if len(items) != 1 or len(items[0]) > LONGEST_NAME:
        return asked("unclear-region", "this answer names no single region.", "Write one region.")
    known = {normalise(region): region for region in regions}
    if not known:
        return value(items[0].strip(" .,;:"))
    if found := known.get(normalise(items[0])):
        return value(found)
    close = suggest(items[0], regions)
    hint = f'Did you mean "{close}"? ' if close else ""
    what = f"{echo(cell)} is not one of this programme's regions: {', '.join(regions)}."
    return asked(
        "unknown-region", what, f"{hint}Correct it, or add it to [programme] regions of the column map."
    )


def _email(cell: Cell) -> ReadingOf:
    found = _EMAIL.search(normalise(text_of(cell)).removeprefix("mailto:"))
    if found:
        return value(found[0])
    if normalise(text_of(cell)) == "anonymous":
        return value(None)
    return asked(
        "not-an-email", "this is not an e-mail address.", "Correct it: it tells who has answered twice."
    )


def _forms_email(cell: Cell) -> ReadingOf:
    found = _EMAIL.search(normalise(text_of(cell)))
    return value(found[0] if found else None)


def _forms_name(cell: Cell) -> ReadingOf:
    return value(None) if normalise(text_of(cell)) == "anonymous" else _short_text(cell)


def _gphc_number(cell: Cell) -> ReadingOf:
    digits = re.sub(r"[\s-]", "", text_of(cell))
    if _GPHC.fullmatch(digits):
        if digits.startswith("5"):
            what = "this number starts with 5, as those of pharmacy technicians do."
            return ReadingOf(digits, (Said("noted", "technician-number", what, "Check it."),))
        return value(digits)
    what = "this is not a GPhC number of a pharmacist: 7 digits, starting with 2."
    return asked("not-a-gphc-number", what, "Correct it.")


_READERS: Mapping[str, Reader] = {
    "id": _short_text,
    "person": _short_text,
    "name": _short_text,
    "first_name": _short_text,
    "surname": _short_text,
    "forms_name": _forms_name,
    "email": _email,
    "forms_email": _forms_email,
    "gphc_number": _gphc_number,
    "consent": read_yes_no,
    "organisation": _short_text,
    "scope": _text,
    "scopes": _scopes,
    "sectors": read_sectors,
    "sectors_other": read_sectors,
    "past_sectors": read_sectors,
    "mentor_before": read_yes_no,
    "mentored_before": partial(read_count, most=4),
    "confidence": read_confidence,
    "prescribing_frequency": read_frequency,
    "qualified_year": read_year,
    "ip_qualified": read_yes_no,
    "platforms": read_tools,
    "training": read_tools,
    "wishes": _text,
    "years_prescribing": read_years,
    "capacity": partial(read_count, at_least=False),
    "min_mentees": partial(read_count, at_least=False),
    "mentors_wanted": partial(read_count, at_least=False),
    "rounds_waited": read_count,
    "dpp": read_yes_no,
    "availability": read_availability,
    "meeting_mode": read_meeting_mode,
    "prefers": read_people,
    "avoids": read_people,
    "known_to": read_people,
    "organisation_informed": read_yes_no,
    "protected_time": read_yes_no,
    "status": read_status,
    "tags": read_items,
}
