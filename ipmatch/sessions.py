"""Sessions: the introductory meetings of a round, each for those who can come, some with few places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt

from ipmatch.document import Frozen, LineFault, Text
from ipmatch.people import Person
from ipmatch.vocabulary.text import normalise

__all__ = ["MOST_LIMITED", "Session", "Sessions", "able_to_come"]

MOST_LIMITED = 8
"""So many sessions may have a number of places: what they leave possible is counted group by group."""


def _label(text: str) -> str:
    if not text.strip():
        raise LineFault("empty", "empty text.", "Write the label that people give as their availability.")
    return text.strip()


class Session(Frozen):
    """A meeting that both of a pair come to, if the availability of both has its label.

    ``places`` are for pairs: a mentor with two mentees takes two. ``None`` is any number.
    """

    label: Annotated[Text, AfterValidator(_label)]
    places: Annotated[StrictInt, Field(ge=0)] | None = None


def _once_each(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    labels = [normalise(session.label) for session in sessions]
    for place, label in enumerate(labels):
        if label in labels[:place]:
            what = f'the session "{sessions[place].label}" stands here twice.'
            raise LineFault("repeated", what, "Keep it once, with all its places.")
    limited = [session for session in sessions if session.places is not None]
    if len(limited) > MOST_LIMITED:
        what = f"{len(limited)} sessions have a number of places."
        raise LineFault("too-many", what, f"Give at most {MOST_LIMITED} a number, or join some of them.")
    return sessions


Sessions = Annotated[tuple[Session, ...], AfterValidator(_once_each)]


def able_to_come(sessions: Iterable[Session], person: Person) -> int:
    """The sessions a person can come to, bit by bit; all of them for somebody who gave no availability."""
    given = {normalise(label) for label in person.availability}
    return sum(
        1 << place for place, session in enumerate(sessions) if not given or normalise(session.label) in given
    )
