"""How far each weight may move before the pairing changes, and what changes then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ipmatch.answers.insights import Sample, Sensitivity, WeightInterval, WeightSensitivity
from ipmatch.document import FrozenMap, decimal_of
from ipmatch.errors import InputError, InternalError
from ipmatch.explaining.intervals import explain_interval
from ipmatch.explaining.parts import Parts, Solved
from ipmatch.matching import Note
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.solving.alternatives import standing
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.values import is_linear
from ipmatch.solving.weights import interval, steady
from ipmatch.words import counted

__all__ = ["explain_sensitivity"]

# About two seconds for each weight; a larger cohort is only sampled unless more is asked for.
MOST_PEOPLE = 1000
PERCENTS = (-20, -10, 10, 20)
WITHIN = Fraction(1, 10)


def explain_sensitivity(
    posed: Posed, assignment: Assignment, solved: Solved, *, exact: bool | None
) -> Sensitivity:
    """What every weight of the policy means for the pairing, the others unchanged.

    Parameters
    ----------
    solved
        What answers a changed request.
    exact
        Whether to find exact intervals, or only to match again at a few weights; ``None``: unless the
        cohort is large.
    """
    parts, note = Parts(posed, assignment), _why_not_exact(posed, exact)
    found: list[tuple[WeightInterval, BoolVector]] | None = None
    if note is None:
        try:
            found = [_exactly(parts, k) for k in range(len(parts.names))]
        except InternalError:
            # Weights of many decimals can be exact in a score, and yet too fine for where they cross.
            note = Note(code="too-fine", because="The weights are too fine for exact intervals.")
    weights = tuple(
        WeightSensitivity(
            criterion=name,
            weight=parts.policy.weight(name),
            interval=found[k][0] if found is not None else None,
            samples=tuple(_samples(parts, name, solved)),
            steady=int(found[k][1].sum()) if found is not None else None,
        )
        for k, name in enumerate(parts.names)
    )
    pairs, stay = assignment.used, [always for _, always in found or ()]
    steadily = pair_ids(posed, np.logical_and.reduce([pairs, *stay])) if found is not None else None
    return Sensitivity(
        exact=found is not None,
        pairs=int(pairs.sum()),
        weights=weights,
        steady=steadily,
        note=note,
        because=_because(int(pairs.sum()), steadily, note),
    )


def _why_not_exact(posed: Posed, exact: bool | None) -> Note | None:
    if posed.rows:
        because = "Where rules leave the network, there are no exact intervals."
        return Note(code="rules-overlap", because=because)
    if posed.is_stable:
        because = "A stable matching follows people's orders, not totals: there are no exact intervals."
        return Note(code="stable", because=because)
    people = len(posed.problem.capacity) + len(posed.problem.wanted)
    if not is_linear(posed.levels):
        because = "Under fairness a pairing can come back as a weight moves, so there is no interval."
        return Note(code="fairness", because=because)
    if exact is False:
        return Note(code="not-asked-for", because="Exact intervals were not asked for.")
    if exact is None and people > MOST_PEOPLE:
        because = f"With {people:,} people taking part exact intervals may take minutes: ask for them."
        return Note(code="large-cohort", because=because)
    return None


def _exactly(parts: Parts, k: int) -> tuple[WeightInterval, BoolVector]:
    """The interval of the k-th weight, and the pairs [P] steady within 10 % of it."""
    posed, assignment, name = parts.posed, parts.assignment, parts.names[k]
    today, steps = parts.components[k].weight, parts.steps(name)
    if parts.at is None:
        found, always = None, standing(posed.problem, posed.levels, assignment).always
    else:
        asked = posed.problem, posed.levels, assignment, parts.components, k
        found = interval(*asked, at=parts.at)
        low, high = today * (1 - WITHIN), today * (1 + WITHIN)
        always = steady(*asked, at=parts.at, low=low, high=high)
    return explain_interval(posed, assignment.used, name, today * steps, found, steps), always


def _samples(parts: Parts, name: str, solved: Solved) -> Iterator[Sample]:
    """What matching again gives at a few other weights; nothing for a weight of 0."""
    today, policy, request = Fraction(parts.policy.weight(name)), parts.policy, parts.posed.request
    for percent in PERCENTS if today else ():
        changed = today * (100 + percent) / 100
        weight = decimal_of(changed.numerator, changed.denominator)
        # Such a weight may have more decimals than one that is written, so it is not read as one.
        moved = policy.model_copy(update={"weights": FrozenMap({**policy.weights, name: weight})})
        try:
            again = solved(replace(request, policy=moved))[1].used
        except InputError:
            yield Sample(percent=percent, weight=weight, kept=None)
        else:
            kept = int((again & parts.assignment.used).sum())
            yield Sample(percent=percent, weight=weight, kept=kept)


def _because(pairs: int, steadily: tuple[tuple[str, str], ...] | None, note: Note | None) -> str:
    if note is not None:
        return f"{note.because} Only a few other weights were tried, each matched anew."
    stay = counted(len(steadily or ()), "stays", "stay")
    return f"Of {counted(pairs, 'pair')} {stay} whichever one weight moves by up to 10 %."
