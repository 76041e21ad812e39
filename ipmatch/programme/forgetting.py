"""Forgetting one person: out of every document that can lose them, and told of those that cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipmatch.document import Frozen
from ipmatch.people import clean_id
from ipmatch.words import counted

__all__ = ["KEPT", "LISTS", "FileLeft", "Forgotten", "forgotten"]

# Documents that would no longer be what they prove to be, and what to do about them.
KEPT = {
    "matching": "A matching cannot lose a person and stay proved: match again, and delete this one.",
    "decisions": "A journal is never edited: close the round, and delete it when its time is over.",
    "rows": "These are the rows of a matching: match again, and write them anew.",
    "letters": "Letters to others name them, too: delete it once they are sent.",
}
_SIDES = ("mentors", "mentees")
_PAIRS = ("required_pairs", "forbidden_pairs")
LISTS = ("prefers", "avoids", "known_to")


class FileLeft(Frozen):
    """What became of one file; ``names_still`` says that the person has to be taken out otherwise."""

    file: str
    changed: bool
    names_still: bool
    because: str


class Forgotten(Frozen):
    """What became of every file when a person was forgotten; ``written`` is false for a dry run."""

    id: str
    written: bool
    files: tuple[FileLeft, ...]


def forgotten(document: Mapping[str, Any], identifier: str) -> tuple[dict[str, Any], str]:
    """The raw document without one person, and what was taken out; nothing where it does not name them.

    Of a cohort, the person, the pairs required or forbidden with them, and their place on others' lists; of a
    survey, their answers. Whoever is marked as the same human being under another id is named.
    """
    left = dict(document)
    taken: list[str] = []
    twins: set[str] = set()
    marks = {
        entry.get("person")
        for side in _SIDES
        for entry in _entries(document, side)
        if _is(entry.get("id"), identifier) and entry.get("person")
    }
    for side in (*_SIDES, "answers"):
        kept = [entry for entry in _entries(document, side) if not _is(entry.get("id"), identifier)]
        if side in document and len(kept) < len(_entries(document, side)):
            taken.append("their answers" if side == "answers" else "their entry")
        twins |= {str(entry["id"]) for entry in kept if entry.get("person") in marks and "id" in entry}
        if side in document:
            left[side] = [_without_wishes(entry, identifier) for entry in kept]
    wishes = sum(
        _is(wish, identifier)
        for side in _SIDES
        for entry in _entries(document, side)
        for field in LISTS
        for wish in entry.get(field) or ()
        if not _is(entry.get("id"), identifier)
    )
    named = 0
    for field in _PAIRS:
        pairs = _entries(document, field)
        kept = [
            pair
            for pair in pairs
            if not any(_is(pair.get(side), identifier) for side in ("mentor", "mentee"))
        ]
        named += len(pairs) - len(kept)
        if field in document:
            left[field] = kept
    taken += [counted(wishes, "wish of another", "wishes of others")] if wishes else []
    taken += [counted(named, "named pair")] if named else []
    told = f"Taken out: {', '.join(taken)}." if taken else ""
    if twins:
        told += f" The same person is {', '.join(sorted(twins))}: forget that too."
    return left, told.strip()


def _entries(document: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    found = document.get(field)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _is(value: object, identifier: str) -> bool:
    return isinstance(value, str) and clean_id(value) == identifier


def _without_wishes(entry: dict[str, Any], identifier: str) -> dict[str, Any]:
    return {
        key: [wish for wish in value if not _is(wish, identifier)]
        if key in LISTS and isinstance(value, list)
        else value
        for key, value in entry.items()
    }
