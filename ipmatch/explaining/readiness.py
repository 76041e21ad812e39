"""A cohort before matching: who takes part, what to ask people, and supply against demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from ipmatch.answers import Check, SupplyRow
from ipmatch.explaining.notes import cohort_notes, rule_notes
from ipmatch.matching import Counts, Note, NotTakingPart
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.scores import Scores
from ipmatch.vocabulary.scopes import scope_group, scope_groups
from ipmatch.vocabulary.sectors import SECTORS
from ipmatch.words import counted, names

__all__ = ["check_readiness"]

Kind = Literal["sector", "scope-group", "region"]

OUTSIDE = "(not in the vocabulary)"


def check_readiness(scores: Scores) -> Check:
    """What there is to know of a scored cohort without matching it."""
    people, cohort = scores.people, scores.cohort
    nobody = ~scores.allowed.any(axis=0), ~scores.allowed.any(axis=1)
    return Check(
        people=Counts(mentors=len(cohort.mentors), mentees=len(cohort.mentees)),
        taking_part=Counts(mentors=len(people.mentors), mentees=len(people.mentees)),
        places=sum(mentor.capacity for mentor in people.mentors),
        wanted=sum(mentee.mentors_wanted for mentee in people.mentees),
        not_taking_part=tuple(
            NotTakingPart(side=out.side, id=out.id, code=out.code, facts=out.facts, because=out.because)
            for out in people.left_out
        ),
        without_eligible_mentor=tuple(people.mentees[j].id for j in np.flatnonzero(nobody[0])),
        without_eligible_mentee=tuple(people.mentors[i].id for i in np.flatnonzero(nobody[1])),
        warnings=(*cohort_notes(cohort), *rule_notes(scores)),
        to_ask=tuple(_to_ask(scores)),
        supply=tuple(_supply(people.mentors, people.mentees)),
    )


def _to_ask(scores: Scores) -> Iterator[Note]:
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
            yield Note(code=code, facts={"ids": tuple(ids)}, because=because)


def _supply(mentors: tuple[Mentor, ...], mentees: tuple[Mentee, ...]) -> Iterator[SupplyRow]:
    kinds: tuple[tuple[Kind, Callable[[Person], set[str]], tuple[str, ...]], ...] = (
        ("sector", lambda person: set(person.sectors), SECTORS),
        (
            "scope-group",
            lambda person: {scope_group(scope) or OUTSIDE for scope in person.scopes},
            scope_groups(),
        ),
        ("region", lambda person: {person.region} if person.region else set(), ()),
    )
    for kind, labels_of, known in kinds:
        found = set().union(*(labels_of(person) for person in (*mentors, *mentees)))
        order = [label for label in known if label in found] + sorted(found - set(known))
        for label in order:
            givers = [mentor for mentor in mentors if label in labels_of(mentor)]
            takers = [mentee for mentee in mentees if label in labels_of(mentee)]
            yield SupplyRow(
                kind=kind,
                name=label,
                mentors=len(givers),
                places=sum(mentor.capacity for mentor in givers),
                mentees=len(takers),
                wanted=sum(mentee.mentors_wanted for mentee in takers),
            )
