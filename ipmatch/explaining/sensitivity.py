"""How far a weight may move before the pairing changes, and what two criteria can be traded for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ipmatch.document import FrozenMap, decimal_of
from ipmatch.errors import Fault, InputError, InternalError, UsageError
from ipmatch.explaining.ambiguity import pair_ids
from ipmatch.explaining.intervals import explain_interval, rational
from ipmatch.insights import Frontier, FrontierPoint, Sample, Sensitivity, WeightSensitivity
from ipmatch.matching import Note
from ipmatch.posing import Posed, pose
from ipmatch.scoring.builtin import BUILTIN
from ipmatch.scoring.tables import Table, tabulate
from ipmatch.solving.alternatives import standing
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.lexicographic import Assignment, solve
from ipmatch.solving.problem import Level
from ipmatch.solving.weights import Component, Point, frontier, interval, steady
from ipmatch.words import counted, listed

__all__ = ["explain_frontier", "explain_sensitivity"]

# About two seconds for each weight; a larger cohort is only sampled unless asked for.
MOST_PEOPLE = 1000
PERCENTS = (-20, -10, 10, 20)
WITHIN = Fraction(1, 10)


def explain_sensitivity(posed: Posed, assignment: Assignment, *, exact: bool | None) -> Sensitivity:
    """What every weight of the policy means for the pairing, the others unchanged.

    Parameters
    ----------
    exact
        Whether to find exact intervals, or only to match again at a few weights; ``None``: unless the
        cohort is large.
    """
    weights, used = _Weights(posed, assignment), assignment.used
    note = _why_not_exact(posed, exact)
    found = None
    if note is None:
        try:
            found = [weights.exactly(name) for name in weights.names]
        except InternalError:
            # Weights of many decimals can be exact in a score, and yet too fine for where they cross.
            note = Note(code="too-fine", because="The weights are too fine for exact intervals.")
    if found is None:
        parts = [weights.sampled(name) for name in weights.names]
        return _told(posed, used, parts, steadily=None, note=note)
    always = np.logical_and.reduce([used, *(stays for _, stays in found)])
    return _told(posed, used, [part for part, _ in found], steadily=always, note=None)


def explain_frontier(posed: Posed, assignment: Assignment, one: str, other: str) -> Frontier:
    """All the pairings that some weights of two criteria, others counting nothing, make the best.

    Raises
    ------
    UsageError
        If there is no such criterion, both are the same, or the policy asks for fairness.
    """
    weights = _Weights(posed, assignment)
    faults = [
        Fault("frontier", f'there is no criterion "{name}".', f"Use {listed(weights.known, 'or')}.")
        for name in dict.fromkeys((one, other))
        if name not in weights.known
    ]
    if one == other:
        faults.append(Fault("frontier", f'"{one}" cannot be traded for itself.', "Name two criteria."))
    if not all(isinstance(level, Level) for level in posed.levels):
        faults.append(Fault("frontier", "a policy that asks for fairness has none.", "Leave fairness out."))
    if faults:
        raise UsageError(faults)
    return weights.frontier(one, other)


class _Weights:
    """The score of every allowed pair taken apart by criterion."""

    def __init__(self, posed: Posed, assignment: Assignment) -> None:
        self._posed, self._assignment = posed, assignment
        scores = posed.scores
        self._policy = scores.policy
        self._criteria = {criterion.name: criterion for criterion in (*BUILTIN, *posed.request.criteria)}
        self.known = tuple(self._criteria)
        ignored = () if self._policy.organisation.same == "penalise" else ("organisation",)
        self.names = [name for name in self.known if name in self._policy.weights and name not in ignored]
        self._tables: dict[str, Table] = dict(scores.tables)
        self._components = [Component(self._weight(name), self._gain(name)) for name in self.names]
        names = [level.name for level in posed.levels]
        self._at = names.index("score") if "score" in names else None

    def exactly(self, name: str) -> tuple[WeightSensitivity, BoolVector]:
        """One weight's interval and samples, and the pairs [P] steady within 10 % of it."""
        posed, assignment, k = self._posed, self._assignment, self.names.index(name)
        today, steps = self._components[k].weight, self._table(name).steps
        if self._at is None:
            # No level counts points, so the other weights cannot matter either.
            found, always = None, standing(posed.problem, posed.levels, assignment).always
        else:
            asked = posed.problem, posed.levels, assignment, self._components, k
            found = interval(*asked, at=self._at)
            ends = {"low": today * (1 - WITHIN), "high": today * (1 + WITHIN)}
            always = steady(*asked, at=self._at, **ends)
        told = explain_interval(posed, assignment.used, name, today * steps, found, steps)
        sampled = self.sampled(name)
        return sampled.model_copy(update={"interval": told, "steady": int(always.sum())}), always

    def sampled(self, name: str) -> WeightSensitivity:
        """One weight's samples alone."""
        return WeightSensitivity(
            criterion=name,
            weight=self._policy.weight(name),
            interval=None,
            samples=tuple(self._samples(name)),
            steady=None,
        )

    def frontier(self, one: str, other: str) -> Frontier:
        posed = self._posed
        at = len(posed.levels) if self._at is None else self._at
        gains = self._gain(one), self._gain(other)
        found = frontier(posed.problem, posed.levels, self._assignment, *gains, at=at)
        # A weight is points for full strength, a gain is in steps of it.
        ratio = Fraction(self._table(one).steps, self._table(other).steps)
        today = Fraction(self._policy.weight(other))
        return Frontier(
            one=one,
            other=other,
            points=tuple(self._point(point, one, other) for point in found.points),
            breakpoints=tuple(rational(at * ratio) for at in found.breakpoints),
            today=rational(Fraction(self._policy.weight(one)) / today) if today else None,
            because=_frontier_words(one, other, len(found.points)),
        )

    def _point(self, point: Point, one: str, other: str) -> FrontierPoint:
        problem, scores = self._posed.problem, self._posed.scores
        totals = {one: point.first, other: point.second}
        units = scores.points[problem.mentor[point.used], problem.mentee[point.used]]
        return FrontierPoint(
            totals=FrozenMap(
                {name: decimal_of(total, self._table(name).steps) for name, total in totals.items()}
            ),
            score=scores.decimal(sum(units.tolist())),
            changed=int((self._assignment.used & ~point.used).sum()),
        )

    def _samples(self, name: str) -> Iterator[Sample]:
        today = Fraction(self._policy.weight(name))
        for percent in PERCENTS if today else ():
            changed = today * (100 + percent) / 100
            weight = decimal_of(changed.numerator, changed.denominator)
            weights = FrozenMap({**self._policy.weights, name: weight})
            policy = self._policy.model_copy(update={"weights": weights})
            try:
                posed = pose(replace(self._posed.request, policy=policy))
            except InputError:
                yield Sample(percent=percent, weight=weight, kept=None)
                continue
            used = solve(posed.problem, posed.levels).used
            kept = int((used & self._assignment.used).sum())
            yield Sample(percent=percent, weight=weight, kept=kept)

    def _weight(self, name: str) -> Fraction:
        return Fraction(self._policy.weight(name)) / self._table(name).steps

    def _gain(self, name: str) -> IntVector:
        problem = self._posed.problem
        return self._table(name).gathered()[problem.mentor, problem.mentee].astype(np.int64)

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            people = self._posed.scores.people
            self._tables[name] = tabulate(self._criteria[name], people.mentors, people.mentees)
        return self._tables[name]


def _why_not_exact(posed: Posed, exact: bool | None) -> Note | None:
    people = len(posed.problem.capacity) + len(posed.problem.wanted)
    if not all(isinstance(level, Level) for level in posed.levels):
        because = "Under fairness a pairing can come back as a weight moves, so there is no interval."
        return Note(code="fairness", because=because)
    if exact is False:
        return Note(code="not-asked-for", because="Exact intervals were not asked for.")
    if exact is None and people > MOST_PEOPLE:
        because = f"With {people:,} people taking part exact intervals take minutes: ask for them."
        return Note(code="large-cohort", because=because)
    return None


def _told(
    posed: Posed,
    used: BoolVector,
    parts: Sequence[WeightSensitivity],
    *,
    steadily: BoolVector | None,
    note: Note | None,
) -> Sensitivity:
    pairs = int(used.sum())
    if note is not None:
        because = f"{note.because} What changes is told for a few weights only, each matched anew."
    elif steadily is not None:
        stays = counted(int(steadily.sum()), "stays", "stay")
        because = f"Of {counted(pairs, 'pair')} {stays} whichever one weight moves by up to 10 %."
    return Sensitivity(
        exact=note is None,
        pairs=pairs,
        weights=tuple(parts),
        steady=None if steadily is None else pair_ids(posed, steadily),
        note=note,
        because=because,
    )


def _frontier_words(one: str, other: str, points: int) -> str:
    if points == 1:
        return f"There is nothing to trade between {one} and {other}: one pairing is best for both."
    return (
        f"{counted(points, 'pairing')} can be the best for some weights of {one} and {other}; "
        "compromises that no weights make the best are not counted."
    )
