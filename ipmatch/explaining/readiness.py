"""A cohort before matching: who takes part, what to ask people, and supply against demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import numpy as np

from ipmatch.answers.overviews import Check, SupplyRow
from ipmatch.explaining.notes import cohort_notes, rule_notes
from ipmatch.explaining.outline import not_taking_part
from ipmatch.matching import Counts, Note
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.pairs import PairScores
from ipmatch.vocabulary.scopes import scope_group, scope_groups
from ipmatch.vocabulary.sectors import SECTORS
from ipmatch.vocabulary.text import spellings
from ipmatch.words import counted, names

__all__ = ["check_readiness"]

Kind = Literal["sector", "scope-group", "region"]

OUTSIDE = "(not in the vocabulary)"


def check_readiness(scores: PairScores) -> Check:
    """What there is to know of a scored cohort without matching it."""
    people, cohort = scores.people, scores.cohort
    of_mentors, of_mentees = scores.choices()
    places = sum(mentor.capacity for mentor in people.mentors)
    wanted = sum(mentee.mentors_wanted for mentee in people.mentees)
    return Check(
        people=Counts(mentors=len(cohort.mentors), mentees=len(cohort.mentees)),
        taking_part=Counts(mentors=len(people.mentors), mentees=len(people.mentees)),
        places=places,
        wanted=wanted,
        not_taking_part=not_taking_part(people),
        without_eligible_mentor=tuple(people.mentees[j].id for j in np.flatnonzero(of_mentees == 0)),
        without_eligible_mentee=tuple(people.mentors[i].id for i in np.flatnonzero(of_mentors == 0)),
        warnings=(*cohort_notes(cohort), *rule_notes(scores), *_too_little_room(places, wanted)),
        to_ask=tuple(_to_ask(scores)),
        supply=tuple(_supply(people.mentors, people.mentees)),
    )


def _to_ask(scores: PairScores) -> Iterator[Note]:
    """What is not known of those who take part, by question, most useful first."""
    mentors, mentees = scores.people.mentors, scores.people.mentees
    everyone: tuple[Person, ...] = (*mentors, *mentees)
    questions = {
        "unknown-sector": ("sector", [person.id for person in everyone if not person.sectors]),
        "unknown-scope": ("scope of practice", [person.id for person in everyone if not person.scopes]),
        "unknown-organisation": (
            "organisation",
            [person.id for person in everyone if person.organisation is None],
        ),
        "unknown-region": ("region", [person.id for person in everyone if person.region is None]),
        "unknown-years": (
            "years of prescribing",
            [one.id for one in mentors if one.years_prescribing is None],
        ),
        "unknown-consent": ("consent", [person.id for person in everyone if person.consent is None]),
    }
    for code, (what, ids) in questions.items():
        if ids:
            ids.sort()
            because = f"The {what} of {counted(len(ids), 'person', 'people')} is not known: {names(ids)}."
            if code == "unknown-scope" and (
                unread := sum(bool(one.scope_text) for one in everyone if not one.scopes)
            ):
                because += f" {unread} of them gave an answer that was not read: see ipmatch scopes."
            yield Note(code=code, facts={"ids": tuple(ids)}, because=because)
    yield from _to_make_sure_of(scores)


def _to_make_sure_of(scores: PairScores) -> Iterator[Note]:
    """What is known, and may yet speak against taking part, or against its going well."""
    mentors, mentees = scores.people.mentors, scores.people.mentees
    everyone: tuple[Person, ...] = (*mentors, *mentees)
    least = scores.policy.eligibility.min_years_prescribing
    often = [one.id for one in mentees if one.prescribing_frequency in ("daily", "weekly")]
    exactly = [one.id for one in mentors if one.years_prescribing == least]
    sure = {
        "exactly-minimum-years": (
            f"Exactly {least:f} years of prescribing, the least the rules ask",
            exactly,
        ),
        "frequent-prescriber": ("Prescribing every day or week already", often),
        "organisation-not-informed": (
            "Organisation not informed",
            [one.id for one in everyone if one.organisation_informed is False],
        ),
        "no-protected-time": (
            "No protected time",
            [one.id for one in everyone if one.protected_time is False],
        ),
    }
    for code, (what, ids) in sure.items():
        if ids:
            ids.sort()
            because = f"{what}: {names(ids)} ({counted(len(ids), 'person', 'people')})."
            yield Note(code=code, facts={"ids": tuple(ids)}, because=because)


def _too_little_room(places: int, wanted: int) -> Iterator[Note]:
    """Whether a quarter is left in reserve, as the pilot would have needed, with everybody placed."""
    spare = places - wanted
    if spare >= 0 and 4 * spare < wanted:
        room = f"only {counted(spare, 'place')} would be left" if spare else "no place would be left"
        because = f"With everybody placed {room}: the pilot lost a quarter of its mentors."
        yield Note(code="low-spare-capacity", facts={"spare": spare, "wanted": wanted}, because=because)
    elif spare < 0:
        because = f"{counted(-spare, 'place')} too few, even if everybody could be paired with everybody."
        yield Note(code="too-few-places", facts={"spare": spare, "wanted": wanted}, because=because)


def _supply(mentors: tuple[Mentor, ...], mentees: tuple[Mentee, ...]) -> Iterator[SupplyRow]:
    regions = spellings(person.region for person in (*mentors, *mentees) if person.region)
    kinds: tuple[tuple[Kind, Callable[[Person], set[str]], tuple[str, ...]], ...] = (
        ("sector", lambda person: set(person.sectors), SECTORS),
        (
            "scope-group",
            lambda person: {scope_group(scope) or OUTSIDE for scope in person.scopes},
            scope_groups(),
        ),
        ("region", lambda person: {regions[person.region]} if person.region else set(), ()),
    )
    for kind, labels_of, known in kinds:
        giving, taking = _by_label(mentors, labels_of), _by_label(mentees, labels_of)
        found = giving.keys() | taking.keys()
        order = [label for label in known if label in found] + sorted(found - set(known))
        for label in order:
            givers, takers = giving[label], taking[label]
            yield SupplyRow(
                kind=kind,
                name=label,
                mentors=len(givers),
                places=sum(mentor.places for mentor in givers),
                mentees=len(takers),
                wanted=sum(mentee.places for mentee in takers),
            )


def _by_label(
    people: Iterable[Mentor | Mentee], labels_of: Callable[[Person], set[str]]
) -> defaultdict[str, list[Mentor | Mentee]]:
    labelled = defaultdict[str, list[Mentor | Mentee]](list)
    for person in people:
        for label in labels_of(person):
            labelled[label].append(person)
    return labelled
