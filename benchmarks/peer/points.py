"""The score of every pair in plain numpy, by the default rules: what someone would write to use a solver."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST_PLACED", "Points", "banned", "relations", "takes_part", "value_of"]

Points = npt.NDArray[np.float32]
Person = dict[str, Any]

DATA = Path(__file__).parents[2] / "ipmatch" / "vocabulary" / "data"
SECTOR, SCOPE, REGION, ORGANISATION = 65, 25, 10, 20
LEAST_PLACED = 1_000_000.0
"""What every allowed pair is worth beside its points: so no pairing of fewer people is worth as much."""


def value_of(cohort: Person, mentors: Sequence[Person], mentees: Sequence[Person]) -> Points:
    """What pairing each mentee (row) with each mentor (column) is worth; 0 where they may not be paired."""
    # Every number is a multiple of a quarter below 2**22, which 32 bits hold exactly; in place, for memory.
    tiers = cohort.get("policy", {}).get("tiers", {})
    points = _shared(mentees, mentors, "past_sectors")
    points *= 0.5
    np.maximum(points, _shared(mentees, mentors, "sectors"), out=points)
    scope = _scopes(mentees, mentors)
    by_sector, by_scope = points >= 0.5, scope >= tiers.get("scope_from", 0.5)
    listed = by_sector & by_scope if "order" in tiers else by_sector | by_scope
    points *= SECTOR
    scope *= SCOPE
    points += scope
    points[_equal(mentees, mentors, "region")] += REGION
    points[_equal(mentees, mentors, "organisation")] -= ORGANISATION
    points += LEAST_PLACED
    points *= listed
    for i, j in banned(cohort, mentors, mentees):
        points[j, i] = 0
    return points


def takes_part(person: Person) -> bool:
    """Whether the default rules let somebody take part."""
    years = person.get("years_prescribing")
    return (
        person.get("status") not in ("withdrawn", "ended", "paused")
        and person.get("consent") is not False
        and person.get("ip_qualified") is not False
        and person.get("capacity", 1) > 0
        and (years is None or years >= 3)
    )


def relations() -> Callable[[str, str], float]:
    """How near two scopes are: the same 1, related 0.5, of the same group 0.25."""
    with (DATA / "scope_taxonomy.csv").open(encoding="utf-8", newline="") as file:
        group = {row["scope"]: row["group"] for row in csv.DictReader(file)}
    with (DATA / "scope_related.csv").open(encoding="utf-8", newline="") as file:
        related = {(row["scope_a"], row["scope_b"]) for row in csv.DictReader(file)}
    related |= {(b, a) for a, b in related}

    def nearness(a: str, b: str) -> float:
        if a == b:
            return 1.0
        return 0.5 if (a, b) in related else 0.25 if group.get(a, a) == group.get(b, b) else 0.0

    return nearness


def _shared(mentees: Sequence[Person], mentors: Sequence[Person], theirs: str) -> Points:
    """Whether a sector of the mentee is one of ``theirs``, the mentor's."""
    names = {
        name
        for person in (*mentees, *mentors)
        for name in (*person.get("sectors", ()), *person.get(theirs, ()))
    }
    place = {name: k for k, name in enumerate(sorted(names))}

    def marks(people: Sequence[Person], field: str) -> npt.NDArray[np.float32]:
        table = np.zeros((len(people), len(names)), np.float32)
        for k, person in enumerate(people):
            table[k, [place[name] for name in person.get(field, ()) if name != "other"]] = 1
        return table

    shared = marks(mentees, "sectors") @ marks(mentors, theirs).T
    np.minimum(shared, 1, out=shared)
    return shared


def _scopes(mentees: Sequence[Person], mentors: Sequence[Person]) -> Points:
    names = sorted({scope for person in (*mentees, *mentors) for scope in person.get("scopes", ())})
    place, nearness = {name: k for k, name in enumerate(names)}, relations()
    near = np.array([[nearness(a, b) for b in names] for a in names] or [[0.0]], np.float32)
    # Best of each mentor's scopes for each single scope, then best of each mentee's scopes.
    best = np.zeros((len(mentors), len(near)), np.float32)
    for i, mentor in enumerate(mentors):
        for scope in mentor.get("scopes", ()):
            np.maximum(best[i], near[place[scope]], out=best[i])
    result, best = np.zeros((len(mentees), len(mentors)), np.float32), np.ascontiguousarray(best.T)
    for j, mentee in enumerate(mentees):
        for scope in mentee.get("scopes", ()):
            np.maximum(result[j], best[place[scope]], out=result[j])
    return result


def _equal(mentees: Sequence[Person], mentors: Sequence[Person], field: str) -> npt.NDArray[np.bool_]:
    code: dict[str, int] = {}
    ours, theirs = (
        np.array(
            [code.setdefault(person[field], len(code)) if person.get(field) else missing for person in people]
        )
        for people, missing in ((mentees, -1), (mentors, -2))
    )
    return np.asarray(np.equal.outer(ours, theirs))


def banned(cohort: Person, mentors: Sequence[Person], mentees: Sequence[Person]) -> Iterable[tuple[int, int]]:
    """Forbidden and avoided pairs, and one human being in both roles, by column and row."""
    column = {mentor["id"]: i for i, mentor in enumerate(mentors)}
    row = {mentee["id"]: j for j, mentee in enumerate(mentees)}
    pairs = [(pair["mentor"], pair["mentee"]) for pair in cohort.get("forbidden_pairs", ())]
    pairs += [(mentor["id"], other) for mentor in mentors for other in mentor.get("avoids", ())]
    pairs += [(other, mentee["id"]) for mentee in mentees for other in mentee.get("avoids", ())]
    human: dict[str, list[str]] = {}
    for mentor in mentors:
        if mentor.get("person"):
            human.setdefault(mentor["person"], []).append(mentor["id"])
    for mentee in mentees:
        pairs += product(human.get(mentee.get("person", ""), ()), [mentee["id"]])
    return [(column[one], row[other]) for one, other in pairs if one in column and other in row]
