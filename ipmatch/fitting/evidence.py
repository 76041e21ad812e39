"""What people said, in integers: differences of strengths, and whole matchings as pairs of the problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from ipmatch.answers.fits import Judgement
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.explaining.amounts import level_amounts
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.certificate import broken_rules
from ipmatch.solving.problem import Level
from ipmatch.solving.values import totals

__all__ = ["Evidence", "Pair", "Said", "evidence_of", "worth"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """Some of the judgements, and some of the examples, by number."""

    judgements: tuple[int, ...]
    examples: tuple[int, ...]

    def less(self) -> Iterator[Said]:
        """All but one of them, each left out in turn."""
        for one in self.judgements:
            yield Said(tuple(other for other in self.judgements if other != one), self.examples)
        for one in self.examples:
            yield Said(self.judgements, tuple(other for other in self.examples if other != one))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was said of a problem.

    Attributes
    ----------
    posed
        The problem, its scores with a weight for every criterion to weigh.
    names
        The K criteria to weigh.
    steps
        How many steps make full strength, for all criteria alike.
    strengths
        [K, P] the strengths of the allowed pairs, in steps.
    judgements, differences
        What was found better, and [K] by how many steps of each criterion.
    examples
        [P] the pairs of each matching shown.
    """

    posed: Posed
    names: tuple[str, ...]
    steps: int
    strengths: IntVector
    judgements: tuple[Judgement, ...]
    differences: tuple[IntVector, ...]
    examples: tuple[BoolVector, ...]

    @property
    def everything(self) -> Said:
        """All that was said."""
        return Said(tuple(range(len(self.judgements))), tuple(range(len(self.examples))))

    def total(self, used: BoolVector) -> IntVector:
        """[K] the strengths of a set of pairs [P] together."""
        total: IntVector = self.strengths[:, used].sum(axis=1)
        return total


def worth(weights: Sequence[Fraction], strengths: IntVector) -> Fraction:
    """What strengths [K] are worth, exactly."""
    return sum((w * int(s) for w, s in zip(weights, strengths, strict=True)), Fraction(0))


def evidence_of(
    posed: Posed, best: BoolVector, judgements: Sequence[Judgement], examples: Sequence[Sequence[Pair]]
) -> Evidence:
    """What was said, read against a problem; ``best`` is the best set of pairs [P] under any weights.

    Raises
    ------
    UsageError
        If somebody named does not take part, or an example breaks a rule.
    InputError
        If an example can say nothing of the weights, for other levels decide.
    """
    people, tables = posed.scores.people, posed.scores.tables
    row, column = people.rows(), people.columns()
    named = {f"judgements[{k}]": (one.better, one.worse) for k, one in enumerate(judgements)}
    shown = {f"examples[{k}]": tuple(one) for k, one in enumerate(examples)}
    _check_people({**named, **shown}, row, column)
    names = tuple(posed.scores.unit)
    steps = lcm(*(tables[name].steps for name in names))
    each = [tables[name].gathered().astype(np.int64) * (steps // tables[name].steps) for name in names]
    every = np.array(each)
    differences = [
        every[:, row[better[0]], column[better[1]]] - every[:, row[worse[0]], column[worse[1]]]
        for better, worse in named.values()
    ]
    used = [
        _example(posed, best, where, [(row[a], column[b]) for a, b in pairs])
        for where, pairs in shown.items()
    ]
    strengths = every[:, posed.problem.mentor, posed.problem.mentee]
    return Evidence(posed, names, steps, strengths, tuple(judgements), tuple(differences), tuple(used))


def _check_people(
    named: Mapping[str, Sequence[Pair]], row: Mapping[str, int], column: Mapping[str, int]
) -> None:
    faults = []
    for where, pairs in named.items():
        sides = {
            "mentor": [a for a, _ in pairs if a not in row],
            "mentee": [b for _, b in pairs if b not in column],
        }
        for side, wrong in sides.items():
            for identifier in dict.fromkeys(wrong):
                what = f'"{identifier}" is not a {side} who takes part.'
                faults.append(Fault(where, what, "Name the mentor first, then the mentee."))
    if faults:
        raise UsageError(faults)


def _example(posed: Posed, best: BoolVector, where: str, pairs: Sequence[tuple[int, int]]) -> BoolVector:
    people, used = posed.scores.people, np.zeros(len(posed.problem.mentor), np.bool_)
    places = [posed.problem.place(i, j) for i, j in pairs]
    faults = [
        Fault(where, f"the rules do not allow {people.mentors[i].id} with {people.mentees[j].id}.")
        for (i, j), place in zip(pairs, places, strict=True)
        if place is None
    ]
    if not faults:
        used[[place for place in places if place is not None]] = True
        ids = {"mentor": [one.id for one in people.mentors], "mentee": [one.id for one in people.mentees]}
        broken = broken_rules(posed.problem, used, lambda side, index: ids[side][index])
        faults = [Fault(where, sentence) for sentence in broken]
    if faults:
        raise UsageError(faults)
    levels = _before_the_score(posed)
    theirs, ours = (
        level_amounts(posed, [units or 0 for units in totals(posed.problem, levels, one)])
        for one in (best, used)
    )
    for name, possible in theirs.items():
        if ours[name] < possible:
            what = f"by the level {name} it reaches {ours[name]:f}, and {possible:f} is possible"
            mend = "Show one that is best by the levels before the score."
            raise UsageError([Fault(where, f"{what} whatever the weights.", mend)])
    return used


def _before_the_score(posed: Posed) -> list[Level]:
    where, order = "policy, objective.levels", [level.name for level in posed.levels]
    if "score" not in order:
        mend = 'Add "score" to the levels of the policy.'
        raise InputError([Fault(where, "scores decide nothing here.", mend)])
    before = posed.levels[: order.index("score")]
    levels = [level for level in before if isinstance(level, Level)]
    if len(levels) < len(before):
        what = "a level before the score looks at scores too."
        raise InputError([Fault(where, what, "Learn without it, then put it back.")])
    return levels
