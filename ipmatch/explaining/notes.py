"""Warnings about a whole matching: what the lead should know before using it."""

from __future__ import annotations

from collections.abc import Iterator

from ipmatch.cohort import Cohort
from ipmatch.matching import Note
from ipmatch.scoring.pairs import PairScores
from ipmatch.vocabulary.organisations import near_equal
from ipmatch.vocabulary.scopes import read_scope, scope_group
from ipmatch.words import counted, names

__all__ = ["cohort_notes", "matching_notes", "rule_notes"]


def matching_notes(scores: PairScores, places: int, used: int, placed: int) -> tuple[Note, ...]:
    """Everything to warn about: in the cohort, in its rules, and in how little room is left."""
    notes = [*cohort_notes(scores.cohort), *rule_notes(scores)]
    for side in ("mentors", "mentees"):
        if not getattr(scores.people, side):
            notes.append(Note.of(f"no-{side}", f"No {side} take part, so nobody can be paired."))
    # The pilot lost 3 of 12 mentors: a quarter in reserve is what it would have needed.
    if placed and 4 * (places - used) < placed:
        spare = f"Only {counted(places - used, 'spare place')}" if places > used else "No spare place"
        because = f"{spare} for {counted(placed, 'placed mentee')}: the pilot lost a quarter of its mentors."
        notes.append(Note.of("low-spare-capacity", because, spare=places - used, placed=placed))
    return tuple(notes)


def cohort_notes(cohort: Cohort) -> Iterator[Note]:
    """What in a cohort's own data deserves a second look; nothing here stops a matching."""
    yield from _scopes(cohort)
    yield from _organisations(cohort)
    yield from _twice(cohort)


def _scopes(cohort: Cohort) -> Iterator[Note]:
    unread: dict[str, list[str]] = {}
    for person in cohort.people:
        for scope in person.scopes:
            if scope_group(scope) is None:
                unread.setdefault(scope, []).append(person.id)
    for scope in sorted(unread):
        reading, ids = read_scope(scope), tuple(sorted(unread[scope]))
        if reading.question:
            hint = reading.question
        elif reading.suggestion:
            hint = f'Did they mean "{reading.suggestion}"?'
        else:
            hint = "It matches only the same words."
        because = f'"{scope}" ({names(ids)}) is not in the vocabulary. {hint}'
        yield Note.of("unknown-scope", because, scope=scope, ids=ids)


def _organisations(cohort: Cohort) -> Iterator[Note]:
    known = {person.organisation for person in cohort.people if person.organisation}
    for one, other in near_equal(sorted(known)):
        because = f'"{one}" and "{other}" look alike but are treated as different organisations.'
        yield Note.of("near-equal-organisations", because, organisations=(one, other))


def _twice(cohort: Cohort) -> Iterator[Note]:
    for side in (cohort.mentors, cohort.mentees):
        entries: dict[tuple[str, str], set[str]] = {}
        for person in side:
            for mark in person.marks():
                entries.setdefault(mark, set()).add(person.id)
        for ids in sorted({tuple(sorted(ids)) for ids in entries.values() if len(ids) > 1}):
            yield Note.of("same-person-twice", f"{names(ids)} look like one person.", ids=ids)


def rule_notes(scores: PairScores) -> Iterator[Note]:
    """Which rules say nothing, because they speak of people who do not take part."""
    for pair in scores.void:
        because = (
            f"{pair.mentor} and {pair.mentee} are required, but do not both take part: the rule is void."
        )
        yield Note.of("required-void", because, mentor=pair.mentor, mentee=pair.mentee)
    for quota in scores.policy.quotas:
        people = scores.people.mentors if quota.side == "mentor" else scores.people.mentees
        if not quota.members(people):
            because = f'The quota "{quota.title}" speaks of nobody who takes part.'
            yield Note.of("quota-of-nobody", because, side=quota.side, quota=quota.title)
