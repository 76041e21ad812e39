"""The rows of every answer, column by column, before any data frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, TypeAlias, get_args

from ipmatch.answers.alternatives import Alternative
from ipmatch.answers.fits import Fit
from ipmatch.answers.sweeps import Sweep
from ipmatch.cohort import Cohort
from ipmatch.front_door import check
from ipmatch.matching import Matching
from ipmatch.people import PRIVATE_FIELDS, Mentee, Mentor
from ipmatch.policy import TIERS, Policy

__all__ = [
    "Rows",
    "alternative_rows",
    "cohort_rows",
    "fit_rows",
    "laid_out",
    "losses",
    "matching_rows",
    "policy_rows",
    "sweep_rows",
]

Kinds: TypeAlias = Mapping[str, type]
Loss: TypeAlias = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns by name, each of one kind (``str``, ``int``, ``float`` or ``bool``); None is not known."""

    kinds: Kinds
    columns: Mapping[str, Sequence[Any]]


def laid_out(kinds: Kinds, rows: Iterable[Sequence[Any]]) -> Rows:
    """Rows given one by one, with the cells in the order of ``kinds``."""
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return Rows(kinds, dict(zip(kinds, columns, strict=True)))


def matching_rows() -> dict[str, Callable[[Matching], Rows]]:
    """What can be had of a matching, the most usual first."""
    return {
        "pairings": _pairings,
        "contributions": _contributions,
        "flags": _flags,
        "people": _people,
        "unmatched": _unmatched,
        "loads": _loads,
        "levels": _levels,
    }


def cohort_rows() -> dict[str, Callable[[Cohort], Rows]]:
    """What can be had of a cohort."""
    return {"people": _cohort_people, "supply": _supply}


def alternative_rows() -> dict[str, Callable[[Alternative], Rows]]:
    """What can be had of an alternative."""
    return {"moves": _moves}


def policy_rows() -> dict[str, Callable[[Policy], Rows]]:
    """What can be had of a policy."""
    return {"weights": _weights}


def sweep_rows() -> dict[str, Callable[[Sweep], Rows]]:
    """What can be had of a sweep."""
    return {"policies": _policies, "pairs": _swept_pairs}


def fit_rows() -> dict[str, Callable[[Fit], Rows]]:
    """What can be had of a fit."""
    return {"weights": _fitted_weights, "judgements": _judgements}


def _pairings(matching: Matching) -> Rows:
    names = [name for name, weight in matching.run.policy.weights.items() if weight]
    kinds: dict[str, type] = {"mentor": str, "mentee": str, "basis": str, "tier": str, "score": float}
    points = {f"points_{name}": float for name in names}
    rows = (
        (one.mentor, one.mentee, one.basis, one.tier, one.score, *_points(one.contributions, names))
        for one in matching.pairings
    )
    return laid_out({**kinds, **points}, rows)


def _points(contributions: Iterable[Any], names: Sequence[str]) -> list[Decimal | None]:
    points = {part.criterion: part.points for part in contributions}
    return [points.get(name) for name in names]


def _contributions(matching: Matching) -> Rows:
    kinds = {"mentor": str, "mentee": str, "criterion": str, "code": str, "strength": float, "points": float}
    rows = (
        (one.mentor, one.mentee, part.criterion, part.code, part.strength, part.points, part.because)
        for one in matching.pairings
        for part in one.contributions
    )
    return laid_out({**kinds, "because": str}, rows)


def _flags(matching: Matching) -> Rows:
    rows = (
        (one.mentor, one.mentee, flag.code, flag.because) for one in matching.pairings for flag in one.flags
    )
    return laid_out({"mentor": str, "mentee": str, "code": str, "because": str}, rows)


def _people(matching: Matching) -> Rows:
    kinds = {"side": str, "id": str, "outcome": str, "places": int, "used": int, "code": str, "because": str}
    given = Counter(chain.from_iterable((one.mentor, one.mentee) for one in matching.pairings))
    short = {left.mentee: left for left in matching.unmatched_mentees}
    spare = {left.mentor: left for left in matching.spare_mentors}
    out = {person.id: person for person in matching.not_taking_part}
    sides: dict[str, str] = {person.id: person.side for person in matching.not_taking_part}
    sides |= {one.mentor: "mentor" for one in matching.pairings} | dict.fromkeys(spare, "mentor")
    sides |= {one.mentee: "mentee" for one in matching.pairings} | dict.fromkeys(short, "mentee")

    def row(identifier: str) -> tuple[Any, ...]:
        head = (sides[identifier], identifier)
        if identifier in out:
            gone = out[identifier]
            return (*head, "not-taking-part", 0, 0, gone.code, gone.because)
        used = given[identifier]
        left = short.get(identifier) or spare.get(identifier)
        outcome = "paired" if used else "unmatched" if identifier in short else "spare"
        places = used
        if identifier in short:
            places = short[identifier].wanted
        elif identifier in spare:
            places = spare[identifier].capacity
        return (*head, outcome, places, used, left.code if left else None, left.because if left else None)

    return laid_out(kinds, map(row, sorted(sides, key=lambda one: (sides[one] == "mentee", one))))


def _unmatched(matching: Matching) -> Rows:
    levels = _levels_lost(left.loss for left in matching.unmatched_mentees)
    kinds = {"mentee": str, "wanted": int, "given": int, "code": str, "decided_by": str}
    rows = (
        (left.mentee, left.wanted, left.given, left.code, left.decided_by, left.because, *lost)
        for left in matching.unmatched_mentees
        for lost in [losses(left.loss, levels)]
    )
    return laid_out({**kinds, "because": str, **{f"loss_{level}": float for level in levels}}, rows)


def _levels_lost(found: Iterable[Loss | None]) -> list[str]:
    return list(dict.fromkeys(level for loss in found for level in loss or ()))


def losses(loss: Loss | None, levels: Sequence[str]) -> tuple[Decimal | None, ...]:
    """What is lost by each of these levels; None where nothing is known."""
    return tuple((loss or {}).get(level) for level in levels)


def _loads(matching: Matching) -> Rows:
    given = Counter(one.mentor for one in matching.pairings)
    places = given | {left.mentor: left.capacity for left in matching.spare_mentors}
    rows = (
        (mentor, places[mentor], given[mentor], places[mentor] - given[mentor]) for mentor in sorted(places)
    )
    return laid_out({"mentor": str, "places": int, "mentees": int, "left": int}, rows)


def _levels(matching: Matching) -> Rows:
    rows = ((level.level, level.value, level.bound) for level in matching.objective)
    return laid_out({"level": str, "value": float, "bound": float}, rows)


def _cohort_people(cohort: Cohort) -> Rows:
    fields = dict.fromkeys((*Mentor.model_fields, *Mentee.model_fields))
    names = [name for name in fields if name not in PRIVATE_FIELDS]
    kinds = {"side": str} | {name: _kind_of(name) for name in names}
    return laid_out(kinds, (_person(person, names) for person in cohort.people))


def _kind_of(name: str) -> type:
    """Of what kind a field of people is: numbers are floats, for many are not known."""
    field = Mentor.model_fields.get(name) or Mentee.model_fields[name]
    parts = set(_parts(field.annotation))
    return bool if bool in parts else float if parts & {int, Decimal} else str


def _parts(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of."""
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _person(person: Mentor | Mentee, names: Sequence[str]) -> list[Any]:
    values = [getattr(person, name, None) for name in names]
    return [person.side, *("; ".join(value) if isinstance(value, tuple) else value for value in values)]


def _supply(cohort: Cohort) -> Rows:
    kinds = {"kind": str, "name": str, "mentors": int, "places": int, "mentees": int, "wanted": int}
    return laid_out(kinds, ([getattr(row, name) for name in kinds] for row in check(cohort).supply))


def _moves(alternative: Alternative) -> Rows:
    kinds = {"mentee": str, "mentor_before": str, "mentor_after": str, "change": float}
    return laid_out(kinds, ([getattr(move, name) for name in kinds] for move in alternative.moves))


def _weights(policy: Policy) -> Rows:
    return laid_out({"criterion": str, "weight": float}, policy.weights.items())


def _policies(sweep: Sweep) -> Rows:
    weights = list(dict.fromkeys(name for row in sweep.rows for name in row.weights))
    tiers = [tier for tier in TIERS if any(tier in row.tiers for row in sweep.rows)]
    numbers: dict[str, type] = {"left": int, "came": int, "outside": int, "organisations_known": int}
    kinds = {
        "policy": int,
        **{f"weight_{name}": float for name in weights},
        "possible": bool,
        "placed": int,
        "pairs": int,
        **{f"tier_{tier}": int for tier in tiers},
        "score": float,
        "worst": float,
        **numbers,
        "outside_share": float,
        "because": str,
    }
    rows = (
        (
            place,
            *(row.weights.get(name) for name in weights),
            *(row.possible, row.placed, len(row.pairs)),
            *(row.tiers.get(tier, 0) for tier in tiers),
            *(row.score, row.worst),
            *(getattr(row, name) for name in numbers),
            *(
                row.outside / row.organisations_known if row.organisations_known else None,
                row.because or None,
            ),
        )
        for place, row in enumerate(sweep.rows)
    )
    return laid_out(kinds, rows)


def _swept_pairs(sweep: Sweep) -> Rows:
    base = set(sweep.base.pairs)
    rows = (
        (place, mentor, mentee, (mentor, mentee) in base)
        for place, row in enumerate(sweep.rows)
        for mentor, mentee in row.pairs
    )
    return laid_out({"policy": int, "mentor": str, "mentee": str, "in_base": bool}, rows)


def _fitted_weights(fit: Fit) -> Rows:
    numbers = ("weight", "low", "high", "kept_low", "kept_high")
    kinds: dict[str, type] = {"criterion": str, **dict.fromkeys(numbers, float)}
    return laid_out(kinds, ([getattr(one, name) for name in kinds] for one in fit.weights))


def _judgements(fit: Fit) -> Rows:
    names = ("mentor_better", "mentee_better", "mentor_worse", "mentee_worse")
    rows = ((*one.better, *one.worse, one.margin) for one in fit.judgements)
    return laid_out({**dict.fromkeys(names, str), "margin": float}, rows)
