"""Who is one and the same: who answered twice, who is mentor and mentee, and whom an earlier import knew."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from ipmatch.people import Side, clean_id
from ipmatch.vocabulary.text import normalise, plain_words

from .answers import Answers
from .identity import Identity
from .reading_of import Said
from .report import Remark

__all__ = ["Mark", "identify", "marks_of", "name_of", "without_duplicates"]

Mark = tuple[str, str]

_PREFIX: Mapping[Side, str] = {"mentor": "M", "mentee": "E"}
_NUMBERED = re.compile(r"([MEP])(\d{1,9})")


def name_of(one: Answers) -> str | None:
    """The name given; else what the survey tool noted."""
    values = one.values
    parts = [values[part] for part in ("first_name", "surname") if values.get(part)]
    return values.get("name") or " ".join(parts) or values.get("forms_name")


def email_of(one: Answers) -> str | None:
    """The address given; else the one the survey tool noted, of whoever filled the form in."""
    return one.values.get("email") or one.values.get("forms_email")


def marks_of(one: Answers) -> list[Mark]:
    """What tells that two answers are one person's, the surest first."""
    given = (("GPhC number", one.values.get("gphc_number")), ("e-mail address", email_of(one)))
    return [(kind, mark) for kind, mark in given if mark]


def without_duplicates(everyone: Sequence[Answers]) -> tuple[list[Answers], list[Remark]]:
    """The last answer of everybody, and what is said of the earlier ones.

    Two answers of one side are one person's if they share a GPhC number, or an e-mail address where their
    GPhC numbers do not differ. The later one counts: by the time noted, else by row.
    """
    kept: list[Answers] = []
    remarks: list[Remark] = []
    for side in ("mentor", "mentee"):
        for group in _groups([one for one in everyone if one.side == side], remarks):
            timed = all(one.moment is not None for one in group)
            # Sorting keeps the order of rows among equals.
            *earlier, last = sorted(group, key=lambda one: one.moment or ()) if timed else group
            kept.append(last)
            remarks += [_answered_again(one, last, group, timed) for one in earlier]
    return kept, remarks


def _answered_again(one: Answers, last: Answers, group: Sequence[Answers], timed: bool) -> Remark:
    others = {mark for other in group if other is not one for mark in marks_of(other)}
    shared = next(kind for kind, mark in marks_of(one) if (kind, mark) in others)
    where = f"row {last.row_number}"
    if last.layout is not one.layout:
        where = last.layout.grid.row_place(last.row_number)
    which = "the later answer" if timed else "the lower row"
    if _words(one) and _words(last) and not (_words(one) <= _words(last) or _words(last) <= _words(one)):
        what = f"{where} has the same {shared} and another name: taken for one person, {which} counts."
        mend = "If they are two, give each an e-mail address or a GPhC number of their own."
        return one.remark(Said("asked", "another-name", what, mend))
    what = f"the same person answered in {where} (same {shared}): {which} counts."
    return one.remark(Said("noted", "answered-again", what, "Nothing to do, if that is right."))


def _words(one: Answers) -> frozenset[str]:
    """The words of a name, in any order; a title or a middle name more makes no other name."""
    return frozenset(plain_words(name_of(one) or "").split())


def _groups(mine: Sequence[Answers], remarks: list[Remark]) -> Iterator[list[Answers]]:
    """Answers of one side by person, in the order of their first rows."""
    head = list(range(len(mine)))

    def root(place: int) -> int:
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    first: dict[Mark, int] = {}
    for place, one in enumerate(mine):
        for mark in marks_of(one):
            other = first.setdefault(mark, place)
            if other == place:
                continue
            if _are_different(one, mine[other]):
                what = f"row {mine[other].row_number} has the same e-mail address and another GPhC number."
                remarks.append(
                    one.remark(
                        Said(
                            "asked", "shared-address", what, "Read as two people: correct it if they are one."
                        )
                    )
                )
            else:
                head[root(place)] = root(other)
    groups: dict[int, list[Answers]] = defaultdict(list)
    for place, one in enumerate(mine):
        groups[root(place)].append(one)
    yield from groups.values()


def _are_different(one: Answers, other: Answers) -> bool:
    numbers = one.values.get("gphc_number"), other.values.get("gphc_number")
    return None not in numbers and numbers[0] != numbers[1]


def identify(everyone: Sequence[Answers], known: Mapping[str, Identity]) -> list[Identity]:
    """Who stands behind each answer, in the same order: an own id, and one ``person`` for both roles.

    Whom an earlier import knew keeps the id; others are numbered on, in an order that no row decides.
    """
    ids = _ids(everyone, known)
    persons = _persons(everyone, ids, known)
    return [
        Identity(
            ids[place],
            one.side,
            persons.get(place),
            name_of(one),
            email_of(one),
            one.values.get("gphc_number"),
        )
        for place, one in enumerate(everyone)
    ]


def _ids(everyone: Sequence[Answers], known: Mapping[str, Identity]) -> list[str]:
    by_mark, by_name = _directory(known.values())
    ids: list[str | None] = []
    taken: set[str] = set()
    for one in everyone:
        own = clean_id(one.values["id"]) if one.values.get("id") else None
        found = own or next(
            (by_mark[one.side, mark] for mark in marks_of(one) if (one.side, mark) in by_mark), None
        )
        if found is None and not marks_of(one) and (name := name_of(one)):
            found = by_name.get((one.side, normalise(name)))
        if found in taken and own is None:
            found = None
        taken.update([found] if found else [])
        ids.append(found)
    numbers = _Numbers([*known, *taken])
    new = sorted(
        (place for place, found in enumerate(ids) if found is None), key=lambda place: _order(everyone[place])
    )
    for place in new:
        ids[place] = numbers.next(_PREFIX[everyone[place].side])
    return [found or "" for found in ids]


def _order(one: Answers) -> str:
    """A place in a queue that neither rows nor names decide."""
    marks = marks_of(one) or ([("name", normalise(name))] if (name := name_of(one)) else [])
    return sha256(repr(marks).encode()).hexdigest() + one.fingerprint if marks else one.fingerprint


def _directory(known: Iterable[Identity]) -> tuple[dict[tuple[Side, Mark], str], dict[tuple[Side, str], str]]:
    by_mark: dict[tuple[Side, Mark], str] = {}
    names: dict[tuple[Side, str], list[str]] = defaultdict(list)
    for identity in known:
        if identity.gphc_number:
            by_mark.setdefault((identity.side, ("GPhC number", identity.gphc_number)), identity.id)
        if identity.email:
            by_mark.setdefault((identity.side, ("e-mail address", normalise(identity.email))), identity.id)
        if identity.name:
            names[identity.side, normalise(identity.name)].append(identity.id)
    return by_mark, {key: ids[0] for key, ids in names.items() if len(ids) == 1}


def _persons(
    everyone: Sequence[Answers], ids: Sequence[str], known: Mapping[str, Identity]
) -> dict[int, str]:
    """A pseudonym for each human being with entries on both sides, by place."""
    sides: dict[Mark, dict[Side, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, one in enumerate(everyone):
        for mark in marks_of(one):
            sides[mark][one.side].append(place)
    persons = {place: one.values["person"] for place, one in enumerate(everyone) if one.values.get("person")}
    for place, identifier in enumerate(ids):
        if identifier in known and (person := known[identifier].person):
            persons.setdefault(place, person)
    numbers = _Numbers([*persons.values(), *(one.person for one in known.values() if one.person)])
    pairs = {
        (giver, taker)
        for both in sides.values()
        for giver in both["mentor"]
        for taker in both["mentee"]
        if not _are_different(everyone[giver], everyone[taker])
    }
    for giver, taker in sorted(pairs, key=lambda pair: ids[pair[0]]):
        person = persons.get(giver) or persons.get(taker) or numbers.next("P")
        persons[giver] = persons[taker] = person
    return persons


class _Numbers:
    """Ids never used before: M01, M02, …, each prefix counted on from its highest."""

    def __init__(self, used: Iterable[str]) -> None:
        self._last: dict[str, int] = defaultdict(int)
        for identifier in used:
            if numbered := _NUMBERED.fullmatch(identifier):
                self._last[numbered[1]] = max(self._last[numbered[1]], int(numbered[2]))

    def next(self, prefix: str) -> str:
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:02d}"
