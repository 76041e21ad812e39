"""Why this pair: its contributions, which add up to its score, and the flags worth a second look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ipmatch.matching import Contribution, Note, Pairing
from ipmatch.people import Mentee, Mentor
from ipmatch.scoring.builtin import Organisation, Sector
from ipmatch.scoring.criteria import finding
from ipmatch.scoring.pairs import PairScores
from ipmatch.vocabulary.scopes import scope_group
from ipmatch.words import counted, listed, rule_words

__all__ = ["contributions", "explain_pair"]


def explain_pair(
    scores: PairScores,
    mentor: int,
    mentee: int,
    basis: Literal["required", "kept", "chosen"],
    *,
    session: str | None = None,
) -> Pairing:
    """One pair with its reasons, by row and column of the scores, and the session it goes to."""
    return Pairing(
        mentor=scores.people.mentors[mentor].id,
        mentee=scores.people.mentees[mentee].id,
        basis=basis,
        tier=scores.tier_of(mentor, mentee),
        score=scores.decimal(scores.points_of(mentor, mentee)),
        session=session,
        flags=tuple(_flags(scores, mentor, mentee)),
        contributions=contributions(scores, mentor, mentee),
    )


def contributions(scores: PairScores, mentor: int, mentee: int) -> tuple[Contribution, ...]:
    """What each criterion with a weight gives this pair, zero points included."""
    giver, receiver = scores.people.mentors[mentor], scores.people.mentees[mentee]
    parts = []
    for name, unit in scores.unit.items():
        table = scores.tables[name]
        strength = table.strength_of(mentor, mentee)
        found = finding(table.criterion, giver, receiver, strength)
        parts.append(
            Contribution(
                criterion=name,
                code=found.code,
                strength=strength,
                points=scores.decimal(unit * table.steps_at(mentor, mentee)),
                facts=found.facts,
                because=found.because,
            )
        )
    return tuple(parts)


def _flags(scores: PairScores, i: int, j: int) -> Iterator[Note]:
    mentor, mentee = scores.people.mentors[i], scores.people.mentees[j]
    yield from _organisation_flags(scores, mentor, mentee)
    if scores.tier_of(i, j) == "outlier":
        yield Note(
            code="outlier",
            because=f"{mentor.id} and {mentee.id} share neither sector nor scope closely enough.",
        )
    if scores.tables["sector"].strength_of(i, j) * 2 == 1:
        found = Sector().finding(mentor, mentee, scores.tables["sector"].strength_of(i, j))
        yield Note(code="past-sector", because=found.because)
    yield from _years_flags(scores, mentor)
    if mentee.prescribing_frequency in ("daily", "weekly"):
        often = f"{mentee.id} prescribes {mentee.prescribing_frequency}"
        because = f"{often}; the programme is for those who prescribe little."
        yield Note(code="frequent-prescriber", because=because)
    if scores.records_consent:
        for person in (mentor, mentee):
            if person.consent is None:
                because = f"It is not known whether {person.id} consents."
                yield Note(code="unknown-consent", facts={"id": person.id}, because=because)
    yield from _vocabulary_flags(mentor, mentee)
    yield from _availability_flags(scores, mentor, mentee)
    overridden = scores.rules_against(i, j) if scores.is_required(i, j) else ()
    if overridden:
        rules = listed([rule_words(rule) for rule in overridden])
        because = f"{mentor.id} and {mentee.id} are paired because it is required, despite a rule: {rules}."
        yield Note(code="required-despite", facts={"rules": overridden}, because=because)


def _organisation_flags(scores: PairScores, mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    criterion = Organisation()
    if criterion.in_steps(criterion.mentor_key(mentor), criterion.mentee_key(mentee)):
        because = f"{mentor.id} and {mentee.id} work for the same organisation."
        yield Note(code="same-organisation", because=because)
    elif scores.policy.organisation.same != "ignore":
        for person in (mentor, mentee):
            if person.organisation is None:
                because = f"The organisation of {person.id} is not known; it may be the same."
                yield Note(code="unknown-organisation", facts={"id": person.id}, because=because)


def _years_flags(scores: PairScores, mentor: Mentor) -> Iterator[Note]:
    needed = scores.policy.eligibility.min_years_prescribing
    if mentor.years_prescribing is None and needed > 0:
        asked = f"the rule asks for {counted(needed, 'year')}"
        because = f"It is not known for how long {mentor.id} has prescribed; {asked}."
        yield Note(code="unknown-years", because=because)
    elif mentor.years_prescribing == needed and needed > 0:
        exactly = f"exactly {counted(needed, 'year')}"
        because = f"{mentor.id} has prescribed for {exactly}, the least the rule allows."
        yield Note(code="exactly-minimum-years", because=because)


def _availability_flags(scores: PairScores, mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    """Nobody who gave no availability is excluded by a rule about it, but somebody should ask."""
    if scores.policy.sessions or scores.policy.eligibility.availability == "require":
        for person in (mentor, mentee):
            if not person.availability:
                because = f"It is not known when {person.id} is available; ask before they meet."
                yield Note(code="unknown-availability", facts={"id": person.id}, because=because)


def _vocabulary_flags(mentor: Mentor, mentee: Mentee) -> Iterator[Note]:
    for person in (mentor, mentee):
        if not person.scopes:
            because = f"The scope of {person.id} is not known."
            yield Note(code="unknown-scope", facts={"id": person.id}, because=because)
        unread = tuple(scope for scope in person.scopes if scope_group(scope) is None)
        if unread:
            because = f"The vocabulary does not know a scope of {person.id}; it matches only the same words."
            yield Note(code="unknown-scope", facts={"id": person.id, "scopes": unread}, because=because)
        if not person.sectors:
            because = f"The sector of {person.id} is not known."
            yield Note(code="unknown-sector", facts={"id": person.id}, because=because)
