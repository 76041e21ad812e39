"""Why this pair: its contributions, which add up to its score, and the flags worth a second look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from typing import Any, Literal, TypeAlias

from ipmatch.document import FrozenMap, decimal_of
from ipmatch.matching import Contribution, Note, Pairing
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import TIERS
from ipmatch.scoring.builtin import Builtin, Organisation, Sector
from ipmatch.scoring.criteria import Criterion, Finding, finding
from ipmatch.scoring.pairs import PairScores
from ipmatch.solving.arrays import IndexVector
from ipmatch.vocabulary.scopes import scope_group
from ipmatch.words import counted, listed, rule_words

__all__ = ["Basis", "explain_pairs"]

Basis: TypeAlias = Literal["required", "kept", "chosen"]

PAST = Decimal("0.5")
"""The strength of a sector shared only through a mentor's past."""


def explain_pairs(
    scores: PairScores,
    mentors: IndexVector,
    mentees: IndexVector,
    bases: Iterable[Basis],
    sessions: Iterable[str | None] = repeat(None),
) -> Iterator[Pairing]:
    """Yield pairs with their reasons.

    Parameters
    ----------
    mentors, mentees
        Their rows and columns in the scores.
    bases, sessions
        Why each was made, and where it goes.
    """
    tiers, points = scores.tiers_at(mentors, mentees).tolist(), scores.points_at(mentors, mentees).tolist()
    parts = [_Part.of(scores, name, mentors, mentees) for name in scores.unit]
    sector = scores.tables["sector"]
    is_past = (2 * sector.steps_at(mentors, mentees) == sector.steps).tolist()
    pairs = zip(mentors.tolist(), mentees.tolist(), bases, sessions, strict=False)
    for k, (i, j, basis, session) in enumerate(pairs):
        mentor, mentee, tier = scores.people.mentors[i], scores.people.mentees[j], TIERS[tiers[k]]
        against = scores.rules_against(i, j) if basis == "required" else ()
        yield Pairing.model_construct(
            mentor=mentor.id,
            mentee=mentee.id,
            basis=basis,
            tier=tier,
            score=scores.decimal(points[k]),
            session=session,
            flags=tuple(_flags(scores, mentor, mentee, tier, is_past[k], against)),
            contributions=tuple(part.contribution(k, mentor, mentee) for part in parts),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one criterion gives each of several pairs: their steps, and by steps the strength and points."""

    criterion: Criterion
    steps: list[int]
    worth: dict[int, tuple[Decimal, Decimal]]
    told: dict[tuple[int, str, str, FrozenMap[str, Any]], Contribution] = field(default_factory=dict)

    @classmethod
    def of(cls, scores: PairScores, name: str, mentors: IndexVector, mentees: IndexVector) -> _Part:
        """The part of a criterion with a weight, zero points included."""
        table = scores.tables[name]
        steps = table.steps_at(mentors, mentees).tolist()
        worth = {
            some: (decimal_of(some, table.steps), scores.decimal(scores.unit[name] * some))
            for some in set(steps)
        }
        return cls(table.criterion, steps, worth)

    def contribution(self, k: int, mentor: Mentor, mentee: Mentee) -> Contribution:
        """What it gives the k-th pair."""
        steps = self.steps[k]
        found = finding(self.criterion, mentor, mentee, self.worth[steps][0])
        if not isinstance(self.criterion, Builtin):
            return Contribution(**self._entries(steps, found))  # a user's own words have yet to be looked at
        if mentor.id in found.because or mentee.id in found.because:
            return Contribution.model_construct(**self._entries(steps, found))
        # What names neither is true of many pairs, and told once.
        same = steps, found.code, found.because, found.facts
        if same not in self.told:
            self.told[same] = Contribution.model_construct(**self._entries(steps, found))
        return self.told[same]

    def _entries(self, steps: int, found: Finding) -> dict[str, Any]:
        strength, points = self.worth[steps]
        return {
            "criterion": self.criterion.name,
            "code": found.code,
            "strength": strength,
            "points": points,
            "facts": found.facts,
            "because": found.because,
        }


def _flags(
    scores: PairScores, mentor: Mentor, mentee: Mentee, tier: str, is_past: bool, against: tuple[str, ...]
) -> Iterator[Note]:
    """What deserves a second look; ``against`` are the rules that a required pair breaks."""
    yield from _organisation_flags(scores, mentor, mentee)
    if tier == "outlier":
        because = f"{mentor.id} and {mentee.id} share neither sector nor scope closely enough."
        yield Note.of("outlier", because)
    if is_past:
        found = Sector().finding(mentor, mentee, PAST)
        yield Note.of("past-sector", found.because)
    yield from _years_flags(scores, mentor)
    if mentee.prescribing_frequency in ("daily", "weekly"):
        often = f"{mentee.id} prescribes {mentee.prescribing_frequency}"
        because = f"{often}; the programme is for those who prescribe little."
        yield Note.of("frequent-prescriber", because)
    if scores.records_consent:
        for person in (mentor, mentee):
            if person.consent is None:
                because = f"It is not known whether {person.id} consents."
                yield Note.of("unknown-consent", because, id=person.id)
    yield from _vocabulary_flags(mentor, mentee)
    yield from _availability_flags(scores, mentor, mentee)
    if against:
        rules = listed([rule_words(rule) for rule in against])
        because = f"{mentor.id} and {mentee.id} are paired because it is required, despite a rule: {rules}."
        yield Note.of("required-despite", because, rules=against)


def _organisation_flags(scores: PairScores, mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    criterion = Organisation()
    if criterion.in_steps(criterion.mentor_key(mentor), criterion.mentee_key(mentee)):
        because = f"{mentor.id} and {mentee.id} work for the same organisation."
        yield Note.of("same-organisation", because)
    elif scores.policy.organisation.same != "ignore":
        for person in (mentor, mentee):
            if person.organisation is None:
                because = f"The organisation of {person.id} is not known; it may be the same."
                yield Note.of("unknown-organisation", because, id=person.id)


def _years_flags(scores: PairScores, mentor: Mentor) -> Iterator[Note]:
    needed = scores.policy.eligibility.min_years_prescribing
    if mentor.years_prescribing is None and needed > 0:
        asked = f"the rule asks for {counted(needed, 'year')}"
        because = f"It is not known for how long {mentor.id} has prescribed; {asked}."
        yield Note.of("unknown-years", because)
    elif mentor.years_prescribing == needed and needed > 0:
        exactly = f"exactly {counted(needed, 'year')}"
        because = f"{mentor.id} has prescribed for {exactly}, the least the rule allows."
        yield Note.of("exactly-minimum-years", because)


def _availability_flags(scores: PairScores, mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    """Nobody who gave no availability is excluded by a rule about it, but somebody should ask."""
    if scores.policy.sessions or scores.policy.eligibility.availability == "require":
        for person in (mentor, mentee):
            if not person.availability:
                because = f"It is not known when {person.id} is available; ask before they meet."
                yield Note.of("unknown-availability", because, id=person.id)


def _vocabulary_flags(mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    for person in (mentor, mentee):
        if not person.scopes:
            because = f"The scope of {person.id} is not known."
            yield Note.of("unknown-scope", because, id=person.id)
        unread = tuple(scope for scope in person.scopes if scope_group(scope) is None)
        if unread:
            because = f"The vocabulary does not know a scope of {person.id}; it matches only the same words."
            yield Note.of("unknown-scope", because, id=person.id, scopes=unread)
        if not person.sectors:
            because = f"The sector of {person.id} is not known."
            yield Note.of("unknown-sector", because, id=person.id)
