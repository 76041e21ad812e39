"""Mentor and Mentee: what is known of one person, read against the vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt

from ipmatch.document import Exact, Frozen, LineFault, Text
from ipmatch.vocabulary.scopes import read_scope
from ipmatch.vocabulary.sectors import SECTORS, read_sector
from ipmatch.vocabulary.text import suggest

__all__ = [
    "MOST_ROUNDS",
    "NAMING_FIELDS",
    "PRIVATE_FIELDS",
    "Mentee",
    "Mentor",
    "Person",
    "Side",
    "clean_id",
    "id_mend",
]

Side = Literal["mentor", "mentee"]

MOST_ROUNDS = 1000

# What identifies a person, or is free text: no rule counts by it, and no cohort is compared by it.
PRIVATE_FIELDS = ("name", "email", "gphc_number", "scope_text")
# What stands for one human being, this one or another.
NAMING_FIELDS = frozenset(("id", "person", "prefers", "avoids", "known_to"))


def clean_id(text: str) -> str:
    """An id as ipmatch compares it: Unicode NFC, without white space around it."""
    return unicodedata.normalize("NFC", text).strip()


def id_mend(identifier: str, known: Iterable[str]) -> str:
    """What to do about an id that nobody has: it may be the only one that differs in case and zeros alone."""
    alike = [one for one in known if _as_typed(one) == _as_typed(identifier)]
    return f'Did you mean "{alike[0]}"?' if len(alike) == 1 else "Check the id."


def _as_typed(identifier: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", identifier.casefold())


def _identifier(text: str) -> str:
    cleaned = clean_id(text)
    if not cleaned:
        raise LineFault("empty", "empty id.", "Give every person an id of their own.")
    if not cleaned.isprintable():
        raise LineFault("unprintable", "this id holds invisible characters.", "Use letters, digits, - and _.")
    return cleaned


def _filled(text: str) -> str:
    if not text.strip():
        raise LineFault("empty", "empty text.", "Write something, or leave it out.")
    return text.strip()


def _sector(text: str) -> str:
    sector = read_sector(text)
    if sector is None:
        raise LineFault("unknown-sector", f'"{text}" is not a known sector.', _sector_meant(text))
    return sector


@lru_cache(maxsize=4096)
def _sector_meant(text: str) -> str:
    close = suggest(text, SECTORS)
    hint = f'Did you mean "{close}"? ' if close else ""
    return f"{hint}Use {', '.join((*SECTORS, 'other'))}."


def _scope(text: str) -> str:
    return read_scope(_filled(text)).scope or _filled(text)


def _set(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _ranked(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise LineFault("repeated", "somebody is listed twice.", "List each person once, best first.")
    return values


Id = Annotated[Text, AfterValidator(_identifier)]
Ids = Annotated[tuple[Id, ...], AfterValidator(_set)]
RankedIds = Annotated[tuple[Id, ...], AfterValidator(_ranked)]
Labels = Annotated[tuple[Annotated[Text, AfterValidator(_filled)], ...], AfterValidator(_set)]
Sectors = Annotated[tuple[Annotated[Text, AfterValidator(_sector)], ...], AfterValidator(_set)]
Scopes = Annotated[tuple[Annotated[Text, AfterValidator(_scope)], ...], AfterValidator(_set)]
Confidence = Annotated[StrictInt, Field(ge=1, le=5)]


class Person(Frozen):
    """What mentors and mentees have in common; only ``id`` is needed, ``None`` means not known."""

    id: Id
    name: Text | None = None
    email: Text | None = None
    gphc_number: Text | None = None
    person: Annotated[Text, AfterValidator(_filled)] | None = None
    region: Annotated[Text, AfterValidator(_filled)] | None = None
    organisation: Annotated[Text, AfterValidator(_filled)] | None = None
    sectors: Sectors = ()
    scopes: Scopes = ()
    scope_text: Text | None = None
    status: Literal["enrolled", "paused", "withdrawn", "ended"] | None = None
    consent: StrictBool | None = None
    availability: Labels = ()
    prefers: RankedIds = ()
    avoids: Ids = ()
    known_to: Ids = ()
    meeting_mode: Literal["virtual", "in-person", "either"] | None = None
    tags: Labels = ()
    organisation_informed: StrictBool | None = None
    protected_time: StrictBool | None = None

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        # What is printed in a notebook or a log travels further than whoever printed it means.
        return [(field, value) for field, value in super().__repr_args__() if field not in PRIVATE_FIELDS]

    def marks(self) -> tuple[tuple[str, str], ...]:
        """What tells that two entries are one human being: any mark in common."""
        given = {"person": self.person, "email": self.email, "gphc_number": self.gphc_number}
        return tuple((kind, text.strip().casefold()) for kind, text in given.items() if text and text.strip())


class Mentor(Person):
    """An experienced prescriber with places for mentees; ``capacity`` 0 is paused.

    ``min_mentees`` is a hard minimum for a mentor who takes part. ``sectors`` are where they prescribe now,
    ``past_sectors`` where they used to. ``mentored_before`` counts people, 4 meaning 4 or more.
    """

    capacity: Annotated[StrictInt, Field(ge=0, le=10_000)] = 1
    min_mentees: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    past_sectors: Sectors = ()
    years_prescribing: Annotated[Exact, Field(ge=0, le=80)] | None = None
    mentored_before: Annotated[StrictInt, Field(ge=0, le=4)] | None = None
    confidence: Confidence | None = None
    dpp: StrictBool | None = None

    @property
    def side(self) -> Side:
        """``mentor``."""
        return "mentor"

    @property
    def places(self) -> int:
        """How many mentees this mentor can take."""
        return self.capacity


class Mentee(Person):
    """A newly qualified prescriber who asks for ``mentors_wanted`` mentors, and works in ``sectors``."""

    mentors_wanted: Annotated[StrictInt, Field(ge=0, le=100)] = 1
    prescribing_frequency: Literal["daily", "weekly", "monthly", "never", "other"] | None = None
    qualified_year: Annotated[StrictInt, Field(ge=1900, le=2200)] | None = None
    confidence: Confidence | None = None
    ip_qualified: StrictBool | None = None
    rounds_waited: Annotated[StrictInt, Field(ge=0, le=MOST_ROUNDS)] = 0

    @property
    def side(self) -> Side:
        """``mentee``."""
        return "mentee"

    @property
    def places(self) -> int:
        """How many mentors this mentee asks for."""
        return self.mentors_wanted
