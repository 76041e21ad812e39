"""Checks across people, on raw data, so that they run even where one person's entry is faulty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ipmatch.document import LineFault
from ipmatch.people import clean_id
from ipmatch.vocabulary.text import normalise, suggest

__all__ = ["cross_faults"]

Loc = tuple[str | int, ...]
Located = tuple[Loc, LineFault]

# Each suggestion is sought among everybody: without a limit, a file of wrong ids would take hours.
MOST_SUGGESTIONS = 20

_SIDES = {"mentors": "mentor", "mentees": "mentee"}


def cross_faults(data: Mapping[str, Any]) -> list[Located]:
    """Everything wrong between the entries of a raw cohort: ids, named pairs, wishes, regions."""
    people = [
        (side, index, entry)
        for field, side in _SIDES.items()
        for index, entry in enumerate(_items(data.get(field)))
    ]
    sides: dict[str, str] = {}
    faults: list[Located] = []
    first_place: dict[str, str] = {}
    for side, index, entry in people:
        identifier = _id(entry, "id")
        if identifier is None:
            continue
        entry_place = f"{side}s[{index}]"
        if identifier in sides:
            mend = "Give every person an id of their own, mentors and mentees alike."
            what = f'"{identifier}" is already the id of {first_place[identifier]}.'
            faults.append(((f"{side}s", index, "id"), LineFault("duplicate-id", what, mend)))
        else:
            sides[identifier], first_place[identifier] = side, entry_place
    ids, regions = _Ids(sides), _Regions(data)
    faults += _named_pairs(data, ids)
    for side, index, entry in people:
        found = [*_wishes(entry, side, ids), *regions.faults(entry)]
        faults += [((f"{side}s", index, *loc), fault) for loc, fault in found]
    return faults


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
    other = "mentee" if side == "mentor" else "mentor"
    for field in ("prefers", "avoids", "known_to"):
        for position, text in enumerate(_items(_get(entry, field))):
            if isinstance(text, str):
                yield from ids.faults((field, position), clean_id(text), other)
    avoided = {clean_id(text) for text in _items(_get(entry, "avoids")) if isinstance(text, str)}
    for position, text in enumerate(_items(_get(entry, "prefers"))):
        if isinstance(text, str) and clean_id(text) in avoided:
            what = f"{clean_id(text)} is preferred and avoided at once."
            yield ("prefers", position), LineFault("contradictory-wish", what, "Drop one of the two.")


class _Ids:
    """Who is on which side; a wrong id gets a suggestion, but not thousands of them."""

    def __init__(self, sides: Mapping[str, str]) -> None:
        self._sides = sides
        self._suggestions_left = MOST_SUGGESTIONS

    def faults(self, loc: Loc, identifier: str, side: str) -> Iterator[Located]:
        if identifier not in self._sides:
            close = self._close(identifier, side)
            mend = f'Did you mean "{close}"?' if close else "Check the id, or add the person."
            yield loc, LineFault("unknown-id", f'no {side} has the id "{identifier}".', mend)
        elif self._sides[identifier] != side:
            what = f"{identifier} is a {self._sides[identifier]}, not a {side}."
            yield loc, LineFault("wrong-side", what, f"Name a {side} here.")

    def _close(self, identifier: str, side: str) -> str | None:
        if not self._suggestions_left:
            return None
        self._suggestions_left -= 1
        return suggest(identifier, [known for known, of in self._sides.items() if of == side])


class _Regions:
    """The programme's regions, normalised once, and what was found for each spelling seen so far."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        listed = _items(_get(data.get("programme"), "regions"))
        self._regions = [text for text in listed if isinstance(text, str)]
        self._normalised = {normalise(text) for text in self._regions}
        self._seen: dict[str, tuple[str, str] | None] = {}

    def faults(self, entry: Any) -> Iterator[Located]:
        region = _get(entry, "region")
        if not self._regions or not isinstance(region, str):
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
    return entry.get(field) if isinstance(entry, Mapping) else getattr(entry, field, None)


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _id(entry: Any, field: str) -> str | None:
    value = _get(entry, field)
    return clean_id(value) if isinstance(value, str) and clean_id(value) else None
