"""Criteria on where and in what people practise: sector, scope, region, organisation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Any, ClassVar

from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.builtin.base import Builtin, Keys
from ipmatch.scoring.criteria import Finding
from ipmatch.vocabulary.organisations import organisation_key
from ipmatch.vocabulary.scopes import relation, scope_group
from ipmatch.vocabulary.sectors import sector_label, shared_sectors
from ipmatch.vocabulary.text import normalise
from ipmatch.words import listed

__all__ = ["Organisation", "Region", "Scope", "Sector"]

MANY_COUPLES = 1_000


class Sector(Builtin):
    """1 if a current sector is shared, 0.5 if only through a past sector of the mentor."""

    name, steps = "sector", 2

    def mentor_key(self, mentor: Mentor) -> Keys:
        return mentor.sectors, mentor.past_sectors

    def key(self, person: Person) -> Keys:
        return person.sectors

    def in_steps(self, mentor_key: Keys, mentee_key: Keys) -> int:
        current, past = mentor_key
        if shared_sectors(current, mentee_key):
            return 2
        return 1 if shared_sectors(past, mentee_key) else 0

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        if current := shared_sectors(mentor.sectors, mentee.sectors):
            because = f"{mentor.id} prescribes in {_sectors(current)}, where {mentee.id} works."
            return Finding("same-sector", because, sectors=current)
        if past := shared_sectors(mentor.past_sectors, mentee.sectors):
            because = f"{mentor.id} used to prescribe in {_sectors(past)}, where {mentee.id} works."
            return Finding("past-sector", because, sectors=past)
        for person in (mentor, mentee):
            if not person.sectors:
                return Finding(
                    "unknown-sector", f"The sector of {person.id} is not known.", unknown=person.id
                )
        one, other = _sectors(mentor.sectors), _sectors(mentee.sectors)
        because = f"{mentor.id} prescribes in {one}; {mentee.id} works in {other}."
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
        return self._nearest(mentor_key, mentee_key)[0] if mentor_key and mentee_key else 0

    def one(self, mentor_scope: str, mentee_scope: str) -> int:
        """Steps for two single scopes."""
        return self._STEPS[relation(mentor_scope, mentee_scope)]

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        for person in (mentor, mentee):
            if not person.scopes:
                return Finding("unknown-scope", f"The scope of {person.id} is not known.", unknown=person.id)
        best, mentor_scope, mentee_scope = self._nearest(mentor.scopes, mentee.scopes)
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
                one, other = f"{mentor_scope} ({mentor.id})", f"{mentee_scope} ({mentee.id})"
                because = f"{one} and {other} are both in the group {group}."
                return Finding("same-scope-group", because, **facts, group=group)
        because = (
            f"{mentor.id} prescribes in {listed(mentor.scopes)}; {mentee.id} in {listed(mentee.scopes)}."
        )
        return Finding("different-scope", because, mentor_scopes=mentor.scopes, mentee_scopes=mentee.scopes)

    def _nearest(self, mentor_scopes: Keys, mentee_scopes: Keys) -> tuple[int, str, str]:
        """The first best couple in alphabetical order, so that the sentence does not depend on list order."""
        best = (0, mentor_scopes[0], mentee_scopes[0])
        if len(mentor_scopes) * len(mentee_scopes) > MANY_COUPLES:
            mentor_scopes, mentee_scopes = _near_any(mentor_scopes, mentee_scopes)
        for mentee_scope, mentor_scope in product(mentee_scopes, mentor_scopes):
            steps = self.one(mentor_scope, mentee_scope)
            if steps > best[0]:
                best = (steps, mentor_scope, mentee_scope)
            if steps == self.steps:
                break
        return best


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


def _near_any(mentor_scopes: Keys, mentee_scopes: Keys) -> tuple[Keys, Keys]:
    """Those of two people's scopes that can be near another: an unknown one is near none but itself."""
    texts = {*map(normalise, mentor_scopes)} & {*map(normalise, mentee_scopes)}
    return (
        tuple(scope for scope in mentor_scopes if scope_group(scope) or normalise(scope) in texts),
        tuple(scope for scope in mentee_scopes if scope_group(scope) or normalise(scope) in texts),
    )


def _sectors(slugs: Keys) -> str:
    return listed([sector_label(slug) for slug in slugs])
