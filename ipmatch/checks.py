"""Checks across people, on raw data, so that they run even where one person's entry is faulty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ipmatch.document import LineFault
from ipmatch.people import Person, clean_id
from ipmatch.vocabulary.text import normalise, suggest

__all__ = ["cross_faults"]

Loc = tuple[str | int, ...]
Located = tuple[Loc, LineFault]

# Each suggestion is sought among everybody: without a limit, a file of wrong ids would take hours.
MOST_SUGGESTIONS = 20
MOST_COMPARISONS = 200_000

_SIDES = {"mentors": "mentor", "mentees": "mentee"}


def cross_faults(data: Mapping[str, Any]) -> Iterator[Located]:
    """Everything wrong between the entries of a raw cohort: ids, named pairs, wishes, regions."""
    # A mentee's place is counted from the end, as -1, -2, …: of a million people each word is dear.
    places: dict[str, int] = {}
    everyone = [(field, side, _items(data.get(field))) for field, side in _SIDES.items()]
    for field, side, entries in everyone:
        for index, entry in enumerate(entries):
            identifier = _id(entry, "id")
            if identifier is None:
                continue
            place = index if side == "mentor" else ~index
            first = places.setdefault(identifier, place)
            if first != place:
                where = f"mentors[{first}]" if first >= 0 else f"mentees[{~first}]"
                mend = "Give every person an id of their own, mentors and mentees alike."
                what = f'"{identifier}" is already the id of {where}.'
                yield (field, index, "id"), LineFault("duplicate-id", what, mend)
    ids, regions = _Ids(places), _Regions(data)
    yield from _named_pairs(data, ids)
    for field, side, entries in everyone:
        for index, entry in enumerate(entries):
            for loc, fault in (*_wishes(entry, side, ids), *regions.faults(entry)):
                yield (field, index, *loc), fault


def _named_pairs(data: Mapping[str, Any], ids: _Ids) -> Iterator[Located]:
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for field in ("required_pairs", "forbidden_pairs"):
        for index, entry in enumerate(_items(data.get(field))):
            names = {side: _id(entry, side) for side in ("mentor", "mentee")}
            for side, identifier in names.items():
                if identifier is not None:
                    yield from ids.faults((field, index, side), identifier, side)
            mentor, mentee = names["mentor"], names["mentee"]
            if mentor is None or mentee is None:
                continue
            earlier = seen.setdefault((mentor, mentee), (field, index))
            if earlier != (field, index):
                place = f"{earlier[0]}[{earlier[1]}]"
                if earlier[0] == field:
                    what, mend = f"this pair stands at {place} already.", "Name it once."
                else:
                    what, mend = f"this pair is required at {place}.", "Drop one of the two."
                yield (field, index), LineFault("contradictory-pair", what, mend)


def _wishes(entry: Any, side: str, ids: _Ids) -> Iterator[Located]:
    named = {field: _get(entry, field) for field in ("prefers", "avoids", "known_to")}
    if not any(named.values()):
        return
    other = "mentee" if side == "mentor" else "mentor"
    for field, texts in named.items():
        for position, text in enumerate(_items(texts)):
            if isinstance(text, str):
                yield from ids.faults((field, position), clean_id(text), other)
    avoided = {clean_id(text) for text in _items(named["avoids"]) if isinstance(text, str)}
    for position, text in enumerate(_items(named["prefers"])):
        if isinstance(text, str) and clean_id(text) in avoided:
            what = f"{clean_id(text)} is preferred and avoided at once."
            yield ("prefers", position), LineFault("contradictory-wish", what, "Drop one of the two.")


class _Ids:
    """Who is on which side; a wrong id gets a suggestion, but not thousands of them."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._suggestions_left, self._comparisons_left = MOST_SUGGESTIONS, MOST_COMPARISONS

    def faults(self, loc: Loc, identifier: str, side: str) -> Iterator[Located]:
        actual = self._side(identifier)
        if actual is None:
            close = self._close(identifier, side)
            mend = f'Did you mean "{close}"?' if close else "Check the id, or add the person."
            yield loc, LineFault("unknown-id", f'no {side} has the id "{identifier}".', mend)
        elif actual != side:
            what = f"{identifier} is a {actual}, not a {side}."
            yield loc, LineFault("wrong-side", what, f"Name a {side} here.")

    def _side(self, identifier: str) -> str | None:
        place = self._places.get(identifier)
        return None if place is None else "mentor" if place >= 0 else "mentee"

    def _close(self, identifier: str, side: str) -> str | None:
        self._suggestions_left -= 1
        self._comparisons_left -= len(self._places)
        if self._suggestions_left < 0 or self._comparisons_left < 0:
            return None
        return suggest(identifier, [known for known in self._places if self._side(known) == side])


class _Regions:
    """The programme's regions, normalised once, and what was found for each spelling seen so far."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        listed = _items(_get(data.get("programme"), "regions"))
        self._regions = [text for text in listed if isinstance(text, str)]
        self._normalised = {normalise(text) for text in self._regions}
        self._seen: dict[str, tuple[str, str] | None] = {}

    def faults(self, entry: Any) -> Iterator[Located]:
        if not self._regions or not isinstance(region := _get(entry, "region"), str):
            return
        if region not in self._seen:
            self._seen[region] = self._words(region)
        if (words := self._seen[region]) is not None:
            yield ("region",), LineFault("unknown-region", *words)

    def _words(self, region: str) -> tuple[str, str] | None:
        if normalise(region) in self._normalised:
            return None
        close = suggest(region, self._regions)
        hint = f'Did you mean "{close}"? ' if close else ""
        what = f'"{region}" is not one of the programme\'s regions: {", ".join(self._regions)}.'
        return what, f"{hint}Correct it, or add it to programme.regions."


def _get(entry: Any, field: str) -> Any:
    if type(entry) is dict:  # nearly all are, and to ask whether one is a mapping takes long
        return entry.get(field)
    if isinstance(entry, Person):
        return getattr(entry, field)
    return entry.get(field) if isinstance(entry, Mapping) else getattr(entry, field, None)


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _id(entry: Any, field: str) -> str | None:
    value = _get(entry, field)
    return clean_id(value) or None if isinstance(value, str) else None
