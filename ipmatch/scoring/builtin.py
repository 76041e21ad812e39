"""The ten criteria of the contract; the one that makes the number writes the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.criteria import Finding
from ipmatch.vocabulary.organisations import organisation_key
from ipmatch.vocabulary.scopes import relation, scope_group
from ipmatch.vocabulary.sectors import sector_label, shared_sectors
from ipmatch.vocabulary.text import normalise
from ipmatch.words import listed

__all__ = ["BUILTIN", "Builtin"]

Keys = tuple[Any, ...]


class Builtin:
    """A criterion of ipmatch's own: strengths are whole steps of ``1 / steps``."""

    name: ClassVar[str]
    steps: ClassVar[int] = 1

    def key(self, person: Person) -> Any:
        """What this criterion needs to know of a person, whichever side they are on."""
        raise TypeError(f"{type(self).__name__} gives no key")

    def mentor_key(self, mentor: Mentor) -> Any:
        """All that this criterion needs to know of a mentor."""
        return self.key(mentor)

    def mentee_key(self, mentee: Mentee) -> Any:
        """All that this criterion needs to know of a mentee."""
        return self.key(mentee)

    def strength(self, mentor_key: Any, mentee_key: Any) -> Decimal:
        """How well two keys fit, as a whole number of steps over ``steps``."""
        return Decimal(self.in_steps(mentor_key, mentee_key)) / self.steps

    def in_steps(self, mentor_key: Any, mentee_key: Any) -> int:
        raise TypeError(f"{type(self).__name__} gives no strength")

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        raise TypeError(f"{type(self).__name__} finds nothing")

    def because(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> str:
        """The sentence alone."""
        return self.finding(mentor, mentee, strength).because


class Sector(Builtin):
    """1 if a current sector is shared, 0.5 if only through a past sector of the mentor."""

    name, steps = "sector", 2

    def mentor_key(self, mentor: Mentor) -> Keys:
        return mentor.sectors, mentor.past_sectors

    def mentee_key(self, mentee: Mentee) -> Keys:
        return mentee.sectors

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        current, past = mentor_key
        if shared_sectors(current, mentee_key):
            return 2
        return 1 if shared_sectors(past, mentee_key) else 0

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        current = shared_sectors(mentor.sectors, mentee.sectors)
        past = shared_sectors(mentor.past_sectors, mentee.sectors)
        if current:
            because = f"{mentor.id} prescribes in {_sectors(current)}, where {mentee.id} works."
            return Finding("same-sector", because, sectors=current)
        if past:
            because = f"{mentor.id} used to prescribe in {_sectors(past)}, where {mentee.id} works."
            return Finding("past-sector", because, sectors=past)
        for person in (mentor, mentee):
            if not person.sectors:
                return Finding(
                    "unknown-sector", f"The sector of {person.id} is not known.", unknown=person.id
                )
        because = f"{mentor.id} prescribes in {_sectors(mentor.sectors)}; {mentee.id} works in {_sectors(mentee.sectors)}."
        return Finding(
            "no-shared-sector", because, mentor_sectors=mentor.sectors, mentee_sectors=mentee.sectors
        )


class Scope(Builtin):
    """Best match over the mentee's scopes: the same 1, related 0.5, the same group 0.25."""

    name, steps = "scope", 4
    _STEPS: ClassVar[Mapping[str | None, int]] = {"same": 4, "related": 2, "group": 1, None: 0}

    def key(self, person: Person) -> Keys:
        return person.scopes

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        return max((self.one(a, b) for a in mentor_key for b in mentee_key), default=0)

    def one(self, mentor_scope: str, mentee_scope: str) -> int:
        """Steps for two single scopes."""
        return self._STEPS[relation(mentor_scope, mentee_scope)]

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        for person in (mentor, mentee):
            if not person.scopes:
                return Finding("unknown-scope", f"The scope of {person.id} is not known.", unknown=person.id)
        # The first best couple in alphabetical order, so that the sentence does not depend on list order.
        best = max(self.one(a, b) for a in mentor.scopes for b in mentee.scopes)
        mentor_scope, mentee_scope = next(
            (a, b) for b in mentee.scopes for a in mentor.scopes if self.one(a, b) == best
        )
        facts: dict[str, Any] = {"mentor_scope": mentor_scope, "mentee_scope": mentee_scope}
        match best:
            case 4:
                because = f"Both prescribe in {mentor_scope}."
                return Finding("same-scope", because, **facts)
            case 2:
                because = f"{mentor_scope} ({mentor.id}) is related to {mentee_scope} ({mentee.id})."
                return Finding("related-scope", because, **facts)
            case 1:
                group = scope_group(mentee_scope)
                because = f"{mentor_scope} ({mentor.id}) and {mentee_scope} ({mentee.id}) are both in the group {group}."
                return Finding("same-scope-group", because, **facts, group=group)
        because = (
            f"{mentor.id} prescribes in {listed(mentor.scopes)}; {mentee.id} in {listed(mentee.scopes)}."
        )
        return Finding("different-scope", because, mentor_scopes=mentor.scopes, mentee_scopes=mentee.scopes)


class Region(Builtin):
    """1 if both are in the same region."""

    name = "region"

    def key(self, person: Person) -> str | None:
        return None if person.region is None else normalise(person.region)

    def in_steps(self, mentor_key: str | None, mentee_key: str | None) -> int:
        return int(mentor_key is not None and mentor_key == mentee_key)

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        if mentor.region is None or mentee.region is None:
            unknown = mentor.id if mentor.region is None else mentee.id
            return Finding("unknown-region", f"The region of {unknown} is not known.", unknown=unknown)
        if strength:
            return Finding("same-region", f"Both are in {mentee.region}.", region=mentee.region)
        because = f"{mentor.id} is in {mentor.region}, {mentee.id} in {mentee.region}."
        return Finding("different-region", because, mentor_region=mentor.region, mentee_region=mentee.region)


class Organisation(Builtin):
    """−1 if both organisations are known and the same."""

    name = "organisation"

    def key(self, person: Person) -> str | None:
        return None if person.organisation is None else organisation_key(person.organisation)

    def in_steps(self, mentor_key: str | None, mentee_key: str | None) -> int:
        return -int(mentor_key is not None and mentor_key == mentee_key)

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        if mentor.organisation is None or mentee.organisation is None:
            unknown = mentor.id if mentor.organisation is None else mentee.id
            because = f"The organisation of {unknown} is not known."
            return Finding("unknown-organisation", because, unknown=unknown)
        if strength:
            because = f"Both work for {mentee.organisation}."
            return Finding("same-organisation", because, organisation=mentee.organisation)
        because = f"{mentor.id} and {mentee.id} work for different organisations."
        return Finding("different-organisation", because)


class Experience(Builtin):
    """1 if a mentee of confidence 1–2 gets a mentor who has mentored."""

    name = "experience"

    def mentor_key(self, mentor: Mentor) -> bool:
        return bool(mentor.mentored_before)

    def mentee_key(self, mentee: Mentee) -> bool:
        return mentee.confidence in (1, 2)

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


BUILTIN: tuple[Builtin, ...] = (
    Sector(),
    Scope(),
    Region(),
    Organisation(),
    Experience(),
    Availability(),
    KnownTo(),
    Preferences(),
    MeetingMode(),
    Tags(),
)


def _sectors(slugs: Keys) -> str:
    return listed([sector_label(slug) for slug in slugs])


def _rank(wishes: Keys, identifier: str) -> int | None:
    return wishes.index(identifier) + 1 if identifier in wishes else None


def _wish(wishes: Keys, identifier: str) -> int:
    rank = _rank(wishes, identifier)
    return 0 if rank is None else max(1, 6 - rank)
