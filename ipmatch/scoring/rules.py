"""The hard rules about a pair: each removes pairs and nothing else; none is ever a number in a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from ipmatch.cohort import NamedPair
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.builtin import Availability, Builtin, Organisation
from ipmatch.scoring.participants import Participants
from ipmatch.scoring.tables import Table, tabulate
from ipmatch.sessions import able_to_come
from ipmatch.solving.arrays import BoolMatrix, BoolVector

__all__ = [
    "ABSOLUTE",
    "FLOOR",
    "able_pairs",
    "avoided",
    "marked",
    "removals",
    "same_person",
    "tier_labels",
    "tiers",
]

# A required pair overrides every rule but these, the people's own word and the programme's ban.
ABSOLUTE = ("forbidden", "avoids", "same-person")
FLOOR = "floor"

TierMatrix = npt.NDArray[np.int8]


def tiers(policy: Policy, tables: Mapping[str, Table]) -> tuple[TierMatrix, BoolMatrix]:
    """Each pair's tier as a place in ``TIERS``, and which pairs the policy's list of tiers leaves out.

    Where scope-and-sector is not listed, the first listed of scope and sector covers it.
    """
    sector = tables["sector"].reaches(policy.tiers.sector_from)
    scope = tables["scope"].reaches(policy.tiers.scope_from)
    # TIERS in order: both, sector alone, scope alone, neither.
    natural = np.add(np.multiply(~sector, 2, dtype=np.int8), ~scope, dtype=np.int8)
    label, listed = tier_labels(policy)
    named = label[natural]
    return named, ~listed[named]


def tier_labels(policy: Policy) -> tuple[npt.NDArray[np.int8], BoolVector]:
    """By what a pair shares, as a place in ``TIERS``, the tier it is told as; and which tiers are listed."""
    order = policy.tiers.order
    label = list(range(len(TIERS)))
    if TIERS[0] not in order:
        label[0] = next((TIERS.index(tier) for tier in order if tier in ("sector", "scope")), 0)
    return np.array(label, dtype=np.int8), np.array([tier in order for tier in TIERS])


def removals(
    people: Participants, policy: Policy, tables: Mapping[str, Table], forbidden: Iterable[NamedPair]
) -> dict[str, BoolMatrix]:
    """Which pairs each hard rule but the floor removes, shape (I, J) each; idle rules are left out."""
    found: dict[str, BoolMatrix | None] = {
        "forbidden": marked(people, people.places(pair.ids for pair in forbidden)),
        "avoids": marked(people, people.places(avoided(people))),
        "same-person": marked(people, same_person(people)),
    }
    if policy.organisation.same == "forbid":
        found["same-organisation"] = _gathered(Organisation(), people, tables) < 0
    if policy.eligibility.availability == "require":
        found["availability"] = _gathered(Availability(), people, tables) == 0
    if policy.sessions:
        found["session"] = able_pairs(people, policy) == 0
    for name, table in tables.items():
        found[f"criterion:{name}"] = table.removals()
    return {rule: removed for rule, removed in found.items() if removed is not None and removed.any()}


def able_pairs(people: Participants, policy: Policy) -> npt.NDArray[np.int64]:
    """The sessions each pair can come to, shape (I, J), bit by bit."""
    mentors, mentees = (
        np.array([able_to_come(policy.sessions, person) for person in side], dtype=np.int64)
        for side in (people.mentors, people.mentees)
    )
    both: npt.NDArray[np.int64] = mentors[:, None] & mentees
    return both


def marked(people: Participants, places: Iterable[tuple[int, int]]) -> BoolMatrix:
    """These pairs by row and column, as shape (I, J)."""
    matrix = np.zeros((len(people.mentors), len(people.mentees)), dtype=np.bool_)
    for place in places:
        matrix[place] = True
    return matrix


def _gathered(criterion: Builtin, people: Participants, tables: Mapping[str, Table]) -> npt.NDArray[np.int16]:
    table = tables.get(criterion.name) or tabulate(criterion, people.mentors, people.mentees)
    return table.gathered()


def avoided(people: Participants) -> list[tuple[str, str]]:
    """The pairs by id, mentor first, of which one avoids the other."""
    return [
        *((mentor.id, other) for mentor in people.mentors for other in mentor.avoids),
        *((other, mentee.id) for mentee in people.mentees for other in mentee.avoids),
    ]


def same_person(people: Participants) -> list[tuple[int, int]]:
    """Row and column of each pair that is one and the same person."""
    mentors: dict[tuple[str, str], list[int]] = {}
    for i, mentor in enumerate(people.mentors):
        for mark in mentor.marks():
            mentors.setdefault(mark, []).append(i)
    return [
        (i, j)
        for j, mentee in enumerate(people.mentees)
        for mark in mentee.marks()
        for i in mentors.get(mark, ())
    ]
