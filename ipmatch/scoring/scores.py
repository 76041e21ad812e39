"""Scores: every pair's exact points, tier and permission, from the tables of the criteria."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

import numpy as np

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.errors import Fault, InfeasibleError, InputError
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.builtin import BUILTIN
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.pairs import Described
from ipmatch.scoring.participants import Participants, participants
from ipmatch.scoring.rules import ABSOLUTE, FLOOR, TierMatrix, marked, removals, tiers
from ipmatch.scoring.tables import Table, steps_of, summed, tabulate
from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntMatrix, IntVector
from ipmatch.vocabulary.text import suggest

__all__ = [
    "LARGEST_TOTAL",
    "Scores",
    "asked",
    "check_required",
    "reweighted",
    "score",
    "units_of",
    "void_pairs",
]

# Totals below this are exact in 64-bit integers, in JSON numbers and in the solver's range.
LARGEST_TOTAL = 10**15
# Prices below this never overflow a sum of three of them.
LARGEST_PRICE = 2**60


@dataclass(frozen=True)
class Scores(Described):
    """Everything the solver and the reasons need to know of a cohort under a policy.

    Attributes
    ----------
    people
        Who takes part, sorted by id: row i is ``people.mentors[i]``, column j is ``people.mentees[j]``.
    scale
        One point is this many integer units.
    tables
        The tables of all criteria asked, by name; those with a non-zero weight make the points.
    unit
        Integer units per step of strength, by criterion, for every criterion with a non-zero weight.
    points
        Shape (I, J): each pair's score in units.
    tier
        Shape (I, J): each pair's tier, as a place in ``policy.TIERS``.
    removed
        By rule, shape (I, J): the pairs it removes.
    allowed, required
        Shape (I, J): the pairs that may be, and those that must be.
    void
        Required pairs of somebody who does not take part.
    bound
        The largest score in size that the policy can give any pair, in units.
    """

    cohort: Cohort
    policy: Policy
    people: Participants
    scale: int
    tables: Mapping[str, Table]
    unit: Mapping[str, int]
    points: IntMatrix
    tier: TierMatrix
    removed: Mapping[str, BoolMatrix]
    allowed: BoolMatrix
    required: BoolMatrix
    void: tuple[NamedPair, ...]
    bound: int

    def rules_against(self, mentor: int, mentee: int) -> tuple[str, ...]:
        """The hard rules that remove one pair, by row and column."""
        return tuple(rule for rule, removed in self.removed.items() if removed[mentor, mentee])

    def removing(self, mentor: IndexVector, mentee: IndexVector) -> dict[str, BoolVector]:
        """Which of these pairs each rule removes, by row and column."""
        return {rule: removed[mentor, mentee] for rule, removed in self.removed.items()}

    def is_required(self, mentor: int, mentee: int) -> bool:
        """Whether one pair must be, by row and column."""
        return bool(self.required[mentor, mentee])

    def choices(self) -> tuple[IntVector, IntVector]:
        """How many allowed pairs each mentor has, and each mentee."""
        return self.allowed.sum(axis=1), self.allowed.sum(axis=0)

    def tier_of(self, mentor: int, mentee: int) -> str:
        """The name of one pair's tier, by row and column."""
        return TIERS[int(self.tier[mentor, mentee])]

    def tiers_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The tiers of pairs, by row and column, as places in ``TIERS``."""
        return self.tier[mentor, mentee].astype(np.int64)

    def points_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The scores of pairs in units, by row and column."""
        return np.asarray(self.points[mentor, mentee])

    def allowed_at(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        """Whether each pair may be, by row and column."""
        return np.asarray(self.allowed[mentor, mentee])

    def closed_by(
        self, rule: str, mentors: IndexVector, mentees: IndexVector, most: int | None
    ) -> tuple[int, IndexVector, IndexVector]:
        """Of the pairs of some mentors and mentees those that one rule alone removes; see ``PairScores``."""
        if rule not in self.removed:
            return 0, mentors[:0], mentees[:0]
        block = np.ix_(mentors, mentees)
        closed = self.removed[rule][block] & ~self.required[block]
        for other, removed in self.removed.items():
            if other != rule:
                closed &= ~removed[block]
        i, j = np.nonzero(closed)
        i, j = mentors[i], mentees[j]
        order = np.argsort(-self.points[i, j], kind="stable")[:most]
        return len(i), i[order], j[order]


def score(
    cohort: Cohort,
    policy: Policy,
    criteria: Sequence[Criterion] = (),
    *,
    known: Mapping[str, Table] | None = None,
) -> Scores:
    """Score every pair of a cohort exactly under a policy.

    Parameters
    ----------
    cohort, policy, criteria
        The people, the rules, and the user's own criteria.
    known
        Tables of these very people and criteria, by name, from an earlier scoring; the others are made.

    Raises
    ------
    InputError
        If a weight names no criterion, a user's criterion fails, or the total could leave exact range.
    InfeasibleError
        If a required pair is also forbidden, avoided, or one and the same person.
    """
    people = participants(cohort, policy)
    scale, unit, bound = units_of(people, policy, criteria)
    tables = _tables(people, unit, criteria, known or {})
    points = summed(people, tables, unit, bound)
    tier, below_floor = tiers(policy, tables)
    removed = removals(people, policy, tables, cohort.forbidden_pairs)
    required = marked(people, people.places(pair.ids for pair in cohort.required_pairs))
    must = np.argwhere(required).tolist()
    check_required(people, ((rule, i, j) for rule in removed for i, j in must if removed[rule][i, j]))
    if below_floor.any():
        removed[FLOOR] = below_floor
    allowed = required | ~reduce(np.logical_or, removed.values(), np.zeros_like(required))
    void = void_pairs(cohort, people)
    return Scores(
        cohort, policy, people, scale, tables, unit, points, tier, removed, allowed, required, void, bound
    )


def reweighted(scores: Scores, policy: Policy, criteria: Sequence[Criterion] = ()) -> Scores:
    """The scores under a policy that differs in its weights alone: what ``score`` gives, with less work.

    Parameters
    ----------
    criteria
        The user's own criteria, those of the scores at hand.

    Raises
    ------
    InputError
        As :func:`score`.
    """
    scale, unit, bound = units_of(scores.people, policy, criteria)
    tables = _tables(scores.people, unit, criteria, scores.tables)
    points = summed(scores.people, tables, unit, bound)
    return replace(scores, policy=policy, scale=scale, tables=tables, unit=unit, points=points, bound=bound)


def _tables(
    people: Participants,
    unit: Mapping[str, int],
    criteria: Sequence[Criterion],
    known: Mapping[str, Table],
) -> dict[str, Table]:
    """The tables of all criteria that make points, tiers or removals; those not known yet are made."""
    return {
        criterion.name: known.get(criterion.name) or tabulate(criterion, people.mentors, people.mentees)
        for criterion in asked(unit, criteria)
    }


def void_pairs(cohort: Cohort, people: Participants) -> tuple[NamedPair, ...]:
    """The required pairs of somebody who does not take part."""
    taking_part = {person.id for person in (*people.mentors, *people.mentees)}
    return tuple(pair for pair in cohort.required_pairs if not {pair.mentor, pair.mentee} <= taking_part)


def units_of(
    people: Participants, policy: Policy, criteria: Sequence[Criterion]
) -> tuple[int, dict[str, int], int]:
    """Units in a point, units per step of strength of each criterion that counts, and the largest score.

    Raises
    ------
    InputError
        If a weight names no criterion, or the total could leave exact range.
    """
    weights = _weights(policy, criteria)
    steps = {criterion.name: steps_of(criterion) for criterion in (*BUILTIN, *criteria)}
    scale = math.lcm(*((weight / steps[name]).denominator for name, weight in weights.items()))
    unit = {name: int(weight * scale / steps[name]) for name, weight in weights.items()}
    bound = sum(unit[name] * steps[name] for name in unit)
    _check_range(policy, people.mentors, people.mentees, bound)
    return scale, unit, bound


def asked(unit: Mapping[str, int], own: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria that matter: sector and scope make the tiers, and the user's own may remove pairs."""
    needed = {*unit, "sector", "scope"}
    return (*(criterion for criterion in BUILTIN if criterion.name in needed), *own)


def no_such_criterion(where: str, name: str, names: Sequence[str]) -> Fault:
    """A name that is none of the criteria's, and the one it may be meant for."""
    close = suggest(name, names)
    mend = f'Did you mean "{close}"?' if close else f"Known criteria: {', '.join(names)}."
    return Fault(where, "there is no such criterion.", mend)


def _weights(policy: Policy, criteria: Sequence[Criterion]) -> dict[str, Fraction]:
    """The non-zero weights, exactly, in the order contributions are listed."""
    names = [criterion.name for criterion in (*BUILTIN, *criteria)]
    faults = [
        Fault("criteria", f'two criteria are called "{name}".', "Give each a name of its own.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    for name in policy.weights:
        if name not in names:
            faults.append(no_such_criterion(f"policy, weights.{name}", name, names))
    if faults:
        raise InputError(faults)
    weights = {name: Fraction(policy.weight(name)) for name in names if policy.weight(name)}
    if policy.organisation.same != "penalise":
        weights.pop("organisation", None)
    return weights


def _check_range(policy: Policy, mentors: Sequence[Mentor], mentees: Sequence[Mentee], bound: int) -> None:
    pairs = min(sum(mentor.capacity for mentor in mentors), sum(mentee.mentors_wanted for mentee in mentees))
    # The solver's prices add up over all nodes and pairs, and must stay exact too.
    nodes = 3 + len(mentors) + 2 * len(mentees) + len(mentors) * len(mentees) + 2 * len(policy.quotas)
    if bound * max(pairs, 1) >= LARGEST_TOTAL or bound >= LARGEST_PRICE // (4 * nodes):
        finest = ", ".join(f"{name} = {weight}" for name, weight in policy.weights.items() if weight % 1)
        mend = f"Drop the decimals of {finest}." if finest else "Divide all weights by the same number."
        what = "these weights are too fine or too large for totals to stay exact."
        raise InputError([Fault("policy, weights", what, mend)])


def check_required(people: Participants, removed: Iterable[tuple[str, int, int]]) -> None:
    """Refuse required pairs that a rule removes which nothing overrides.

    Raises
    ------
    InfeasibleError
        Naming each such pair and rule.
    """
    clashes = []
    for rule, i, j in removed:
        if rule in ABSOLUTE or rule.startswith("criterion:"):
            pair = f"{people.mentors[i].id} with {people.mentees[j].id}"
            clashes.append((f"required pair {pair}", f"{_rule_words(rule)} {pair}"))
    if clashes:
        lines = [f"The rules cannot all hold: {asks}, but {bans}." for asks, bans in clashes]
        raise InfeasibleError("\n".join(f"{line} Drop one of the two." for line in lines), clashes[0])


def _rule_words(rule: str) -> str:
    words = {
        "forbidden": "forbidden pair",
        "avoids": "one of the two avoids the other:",
        "same-person": "the same person on both sides:",
    }
    return words.get(rule, f'the criterion "{rule.partition(":")[2]}" removes')
