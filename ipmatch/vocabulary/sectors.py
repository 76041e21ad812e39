"""Where a mentor prescribes and a mentee works: the survey's ten sectors, and what people call them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..errors import Fault, InputError
from .tables import read_table
from .text import normalise, plain_words, suggest

SECTORS: tuple[str, ...] = (
    "acute-hospital",
    "care-home",
    "community-health",
    "community-pharmacy",
    "health-and-justice",
    "icb",
    "mental-health",
    "primary-care",
    "substance-misuse",
    "academia",
)

_OTHER = re.compile(r"(?:other(?: \(please \w+\))? ?[:,(/-] ?)+(?P<words>.+)")


@lru_cache(maxsize=4096)
def read_sector(text: str) -> str | None:
    """The slug of the sector the whole text names, or None if it is not known.

    Survey wording, everyday aliases and slugs are read, after "other" as well: "Other: teaching hospital" is
    acute-hospital. Words after "other" that name none are kept, normalised, as in ``other: hospice care``.
    """
    if slug := _slugs().get(plain_words(text)):
        return slug
    if described := _OTHER.fullmatch(normalise(text)):
        words = described["words"]
        if words.count(")") > words.count("("):
            words = words.removesuffix(")")
        return _slugs().get(plain_words(words)) or f"other: {normalise(words)}"
    return None


def sector_label(slug: str) -> str:
    """The sector as it stands in a sentence: "acute hospital"; for ``other: hospice care``, "hospice care".

    Raises
    ------
    InputError
        If the slug is not one that ``read_sector`` gives.
    """
    if label := _labels().get(slug):
        return label
    if slug.startswith("other: "):
        return slug.removeprefix("other: ")
    near = suggest(slug, SECTORS)
    mend = f'Did you mean "{near}"?' if near else f"The sectors are {', '.join(SECTORS)}, other."
    raise InputError([Fault("", f'"{slug}" is not a sector.', mend)])


@lru_cache(maxsize=65536)
def shared_sectors(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Sectors found in both, in the order of ``SECTORS``; a bare "other" is shared with nobody."""
    shared = set(a) & set(b) - {"other"}
    return (*(slug for slug in SECTORS if slug in shared), *sorted(shared.difference(SECTORS)))


@cache
def _labels() -> dict[str, str]:
    return {row["slug"]: row["label"] for row in read_table("sectors")}


@cache
def _slugs() -> dict[str, str]:
    return {
        plain_words(name): row["slug"]
        for row in read_table("sectors")
        for name in (row["slug"], row["label"], row["survey"], *row["aliases"].split(";"))
    }
