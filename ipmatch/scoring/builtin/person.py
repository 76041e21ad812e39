"""Criteria on the people themselves: experience, when and how they meet, whom they know or ask for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.builtin.base import Builtin, Keys
from ipmatch.scoring.criteria import Finding
from ipmatch.vocabulary.text import normalise
from ipmatch.words import listed

__all__ = ["Availability", "Experience", "KnownTo", "MeetingMode", "Preferences", "Tags"]


class Experience(Builtin):
    """1 if a mentee of confidence 1–2 gets a mentor who has mentored."""

    name = "experience"

    def key(self, person: Person) -> bool:
        if isinstance(person, Mentor):
            return bool(person.mentored_before)
        return isinstance(person, Mentee) and person.confidence in (1, 2)

    def in_steps(self, mentor_key: bool, mentee_key: bool) -> int:
        return int(mentor_key and mentee_key)

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        facts = {"mentored_before": mentor.mentored_before, "confidence": mentee.confidence}
        if strength:
            because = f"{mentee.id} is not yet confident, and {mentor.id} has mentored before."
            return Finding("experienced-mentor", because, **facts)
        if not self.mentee_key(mentee):
            because = f"{mentee.id} does not say they lack confidence, so experience adds nothing."
            return Finding("experience-not-needed", because, **facts)
        return Finding("first-time-mentor", f"{mentor.id} is not known to have mentored before.", **facts)


class _Labelled(Builtin):
    """A criterion on sets of labels that a pair may share."""

    _FIELD: ClassVar[str]
    _SHARED: ClassVar[str]

    def key(self, person: Person) -> Keys:
        labels: Keys = getattr(person, self._FIELD)
        return tuple(sorted({normalise(label) for label in labels}))

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        theirs = set(self.key(mentee))
        mine: Keys = getattr(mentor, self._FIELD)
        shared = tuple(label for label in mine if normalise(label) in theirs)
        if shared:
            return Finding(f"shared-{self.name}", f"{self._SHARED} {listed(shared)}.", shared=shared)
        if not mine or not theirs:
            unknown = mentor.id if not mine else mentee.id
            return Finding(f"unknown-{self.name}", f"{unknown} gave no {self.name}.", unknown=unknown)
        return Finding(f"no-shared-{self.name}", f"{mentor.id} and {mentee.id} share no {self.name}.")


class Availability(_Labelled):
    """1 if an availability label is shared, 0.5 if either gave none."""

    name, steps, _FIELD, _SHARED = "availability", 2, "availability", "Both can come to"

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        if not mentor_key or not mentee_key:
            return 1
        return 0 if set(mentor_key).isdisjoint(mentee_key) else 2


class Tags(_Labelled):
    """1 if a tag is shared."""

    name, _FIELD, _SHARED = "tags", "tags", "Both are tagged"

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        return int(not set(mentor_key).isdisjoint(mentee_key))


class KnownTo(Builtin):
    """1 if either names the other as known to them."""

    name = "known_to"

    def key(self, person: Person) -> Keys:
        return person.id, person.known_to

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        return int(mentor_key[0] in mentee_key[1] or mentee_key[0] in mentor_key[1])

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        if strength:
            return Finding("known-to-each-other", f"{mentor.id} and {mentee.id} know each other.")
        return Finding(
            "not-known-to-each-other", f"{mentor.id} and {mentee.id} name no earlier acquaintance."
        )


class Preferences(Builtin):
    """The mean of both sides' wishes: ranks 1 to 4 give 1, 0.8, 0.6, 0.4, later ones 0.2, not named 0."""

    name, steps = "preferences", 10

    def key(self, person: Person) -> Keys:
        return person.id, person.prefers

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        return _wish(mentor_key[1], mentee_key[0]) + _wish(mentee_key[1], mentor_key[0])

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        ranks = {
            "mentor_rank": _rank(mentor.prefers, mentee.id),
            "mentee_rank": _rank(mentee.prefers, mentor.id),
        }
        wishes = []
        if ranks["mentee_rank"]:
            wishes.append(f"{mentor.id} is number {ranks['mentee_rank']} on the list of {mentee.id}")
        if ranks["mentor_rank"]:
            wishes.append(f"{mentee.id} is number {ranks['mentor_rank']} on the list of {mentor.id}")
        if wishes:
            return Finding("preferred", f"{listed(wishes)}.", **ranks)
        return Finding("not-preferred", f"Neither {mentor.id} nor {mentee.id} asked for the other.", **ranks)


class MeetingMode(Builtin):
    """1 if both say how they can meet and the two agree."""

    name = "meeting_mode"
    _MANNERS: ClassVar[Mapping[str, str]] = {
        "virtual": "virtually",
        "in-person": "in person",
        "either": "virtually or in person",
    }

    def key(self, person: Person) -> str | None:
        return person.meeting_mode

    def in_steps(self, mentor_key: str | None, mentee_key: str | None) -> int:
        if mentor_key is None or mentee_key is None:
            return 0
        return int(mentor_key == mentee_key or "either" in (mentor_key, mentee_key))

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        if mentor.meeting_mode is None or mentee.meeting_mode is None:
            unknown = mentor.id if mentor.meeting_mode is None else mentee.id
            return Finding("unknown-meeting-mode", f"{unknown} does not say how to meet.", unknown=unknown)
        facts = {"mentor_mode": mentor.meeting_mode, "mentee_mode": mentee.meeting_mode}
        if strength:
            mode = mentor.meeting_mode if mentor.meeting_mode != "either" else mentee.meeting_mode
            return Finding("compatible-meeting-mode", f"Both can meet {self._MANNERS[mode]}.", **facts)
        one, other = self._MANNERS[mentor.meeting_mode], self._MANNERS[mentee.meeting_mode]
        because = f"{mentor.id} wants to meet {one}, {mentee.id} {other}."
        return Finding("different-meeting-mode", because, **facts)


def _rank(wishes: Keys, identifier: str) -> int | None:
    return wishes.index(identifier) + 1 if identifier in wishes else None


def _wish(wishes: Keys, identifier: str) -> int:
    rank = _rank(wishes, identifier)
    return 0 if rank is None else max(1, 6 - rank)
