"""Whom people named in their wishes, by id, e-mail address, number or name, where that is certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ipmatch.people import Side
from ipmatch.vocabulary.text import normalise

from .answers import Answers
from .identity import Identity
from .reading_of import Said
from .report import Remark

__all__ = ["resolve_wishes"]

_WISHES = ("prefers", "avoids", "known_to")
_OTHER: Mapping[Side, Side] = {"mentor": "mentee", "mentee": "mentor"}


def resolve_wishes(everyone: Sequence[Answers], people: Sequence[Identity]) -> list[Remark]:
    """Put ids in the place of what stood in the answers; who cannot be found for certain is asked about."""
    directory = _directory(people)
    remarks: list[Remark] = []
    for one in everyone:
        for wish in _WISHES:
            if named := one.values.get(wish):
                found = [directory.get((_OTHER[one.side], normalise(text)), set()) for text in named]
                remarks += _unfound(one, wish, found)
                one.values[wish] = tuple(dict.fromkeys(next(iter(ids)) for ids in found if len(ids) == 1))
        preferred, avoided = one.values.get("prefers", ()), set(one.values.get("avoids", ()))
        if both := avoided.intersection(preferred):
            what = "somebody is wished for and must not be paired at once: only the latter counts."
            remarks.append(
                one.remark(Said("asked", "contradiction", what, "Keep one of the two."), "prefers")
            )
            one.values["prefers"] = tuple(name for name in preferred if name not in both)
    return remarks


def _directory(people: Sequence[Identity]) -> Mapping[tuple[Side, str], set[str]]:
    directory: dict[tuple[Side, str], set[str]] = defaultdict(set)
    for identity in people:
        for text in (identity.id, identity.email, identity.gphc_number, identity.name):
            if text:
                directory[identity.side, normalise(text)].add(identity.id)
    return directory


def _unfound(one: Answers, wish: str, found: Sequence[set[str]]) -> Iterator[Remark]:
    other = _OTHER[one.side]
    for ids in found:
        if len(ids) > 1:
            what = f"several {other}s are called what stands here: {', '.join(sorted(ids))}."
            yield one.remark(
                Said("asked", "unclear-person", what, "Write the id or the e-mail address."), wish
            )
        elif not ids:
            what = f"somebody named here is not among the {other}s."
            mend = "Write the id or the e-mail address, if they take part."
            yield one.remark(Said("asked", "unknown-person", what, mend), wish)
