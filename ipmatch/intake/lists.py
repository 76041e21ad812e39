"""Several things in one cell: ticked options, days, people; an option may hold a comma itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from ipmatch.vocabulary.sectors import read_sector
from ipmatch.vocabulary.tables import read_table
from ipmatch.vocabulary.text import normalise, plain_words

from .cells import is_blank, is_moment
from .grid import Cell
from .reading_of import ReadingOf, Said, asked, text_of

__all__ = ["read_availability", "read_items", "read_people", "read_sectors", "read_tools"]

LONGEST_ITEM = 80

_NEW_ITEM = re.compile(r"[;\n\r]+")
_COMMA = re.compile(r",(?![^(]*\))")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\.?"
_ONE_DAY = re.compile(rf"{_DAY}(?: ?(am|pm|mornings?|afternoons?|evenings?))?")
_RANGE = re.compile(rf"{_DAY} ?(?:-|to|until) ?{_DAY}")
_ANY_DAY = re.compile(
    r"(any( ?(day|time))?s?|flexible|always|all( days)?|open|i am flexible|any (weekday|day of the week))"
)
_PARTS = {"morning": "am", "mornings": "am", "afternoon": "pm", "afternoons": "pm", "evenings": "evening"}

# The survey's mentoring platforms, training and resources.
_TOOLS = (
    "Pharmacy department mentoring platform",
    "Trust mentoring platform",
    "RPS mentoring platform",
    "South East Leadership Academy",
    "RPS mentor platform resources",
    "RPS mentor webinars",
    "South East Leadership academy resources",
    "CPPE",
)


def items_of(cell: Cell) -> list[str]:
    """What stands between semicolons and line ends, each once."""
    parts = (" ".join(part.split()) for part in _NEW_ITEM.split(text_of(cell)))
    return list(dict.fromkeys(part for part in parts if part and not is_blank(part)))


def read_items(cell: Cell) -> ReadingOf:
    """A list of plain labels, parted by semicolons, line ends or commas."""
    items = [part for item in items_of(cell) for part in map(str.strip, _COMMA.split(item)) if part]
    if any(len(item) > LONGEST_ITEM for item in items):
        return asked("not-a-list", "this answer is no list of short labels.", "Part them by semicolons.")
    return ReadingOf(tuple(dict.fromkeys(items)))


def read_people(cell: Cell) -> ReadingOf:
    """Who is named, as written: ids, e-mail addresses, register numbers or names."""
    items = [part for item in items_of(cell) for part in map(str.strip, item.split(",")) if part]
    return ReadingOf(
        tuple(
            dict.fromkeys(item for item in items if normalise(item) not in ("none", "nobody", "no", "no one"))
        )
    )


def read_sectors(cell: Cell) -> ReadingOf:
    """The sectors ticked; words of one's own stand for "other", unless they look like a sector mistyped."""
    sectors: list[str] = []
    said: list[Said] = []
    for item in items_of(cell):
        for part in _known_parts(item):
            if slug := read_sector(part):
                sectors.append(slug)
                continue
            if normalise(part) in ("none", "none of the above"):
                continue
            close = get_close_matches(plain_words(part), _sector_names(), n=1, cutoff=0.8)
            if close:
                mend = f'Did you mean "{_sector_names()[close[0]]}"?'
                said.append(
                    Said("asked", "unknown-sector", "one of these is not a sector, but looks like one.", mend)
                )
            elif len(part) > LONGEST_ITEM:
                what, mend = "one of these is a long text and no sector.", "Write its sector."
                said.append(Said("asked", "unknown-sector", what, mend))
            else:
                sectors.append(f"other: {normalise(part)}")
                what = "words of their own are read as another sector, which matches only the same words."
                said.append(Said("noted", "other-sector", what, "Write one of the ten sectors if it is one."))
    return ReadingOf(tuple(dict.fromkeys(sectors)), tuple(dict.fromkeys(said)))


def _known_parts(item: str) -> list[str]:
    """An item whole where it is a sector, else its parts between commas where these are."""
    if read_sector(item):
        return [item]
    parts = [part.strip() for part in _COMMA.split(item) if part.strip()]
    return parts if len(parts) > 1 and any(map(read_sector, parts)) else [item]


@cache
def _sector_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in read_table("sectors"):
        if row["slug"] != "other":
            for name in (row["survey"], row["label"], *row["aliases"].split(";")):
                names.setdefault(plain_words(name), row["survey"])
    return names


def read_availability(cell: Cell) -> ReadingOf:
    """The days named, in full; other labels as they are. "Any day" says nothing that could keep two apart."""
    if is_moment(cell):
        return asked("not-a-list", "this cell holds a date or a time.", "Write the days of the week.")
    labels: list[str] = []
    said: list[Said] = []
    for item in items_of(cell):
        for part in re.split(r"[,/&+]|\band\b", item):
            words = normalise(part)
            if not words:
                continue
            if _ANY_DAY.fullmatch(words):
                what = "any day is read as no answer: nobody is kept apart by it."
                said.append(Said("noted", "any-day", what, ""))
            elif len(words) > LONGEST_ITEM:
                said.append(
                    Said(
                        "asked",
                        "not-a-list",
                        "this answer is no list of days.",
                        "Write the days of the week.",
                    )
                )
            else:
                labels += _labels(words, part)
    return ReadingOf(
        () if said and said[0].code == "any-day" else tuple(dict.fromkeys(labels)), tuple(dict.fromkeys(said))
    )


def _labels(words: str, part: str) -> Iterator[str]:
    if days := _RANGE.fullmatch(words):
        first, last = (_day(name) for name in days.groups())
        yield from (_DAYS[place % 7].capitalize() for place in range(first, first + (last - first) % 7 + 1))
    elif day := _ONE_DAY.fullmatch(words):
        part_of_day = day[2] and _PARTS.get(day[2], day[2])
        yield _DAYS[_day(day[1])].capitalize() + (f" {part_of_day}" if part_of_day else "")
    else:
        yield part.strip()


def _day(name: str) -> int:
    return next(place for place, day in enumerate(_DAYS) if day.startswith(name[:3]))


def read_tools(cell: Cell) -> ReadingOf:
    """Mentoring platforms and training used, as tags; words of one's own are left out."""
    known = {plain_words(name): name for name in _TOOLS}
    items = items_of(cell)
    ticked = [known[words] for item in items if (words := plain_words(item)) in known]
    none = any(plain_words(item) == "none" for item in items)
    if none and len(items) > 1:
        return asked("contradiction", '"None" is ticked together with something else.', "Untick one of them.")
    others = len(items) - len(ticked) - none
    said = (Said("noted", "left-out", "words of their own under other are left out.", ""),) if others else ()
    return ReadingOf(tuple(dict.fromkeys(ticked)), said)
