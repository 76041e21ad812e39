"""What the tests of single changes share: the same change made by hand, matched again, and compared."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import rematch
from ipmatch.policy import Policy
from ipmatch.study import Study

from .strategies import Case


def study(case: Case) -> Study:
    return Study(
        Cohort.model_validate(case.cohort), Policy.model_validate(case.policy), criteria=case.criteria
    )


def lost(matching, again):
    """What each level loses from one matching to another, from their own objectives."""
    then = {level.level: level.value for level in again.objective}
    return {level.level: level.value - then.get(level.level, 0) for level in matching.objective}


def matched(case: Case, **changes):
    try:
        return case.match(**changes)
    except (InfeasibleError, ValidationError):
        # A pair required and forbidden at once is a fault of the cohort.
        return None


def rematched(case: Case, matching, keep, *gone):
    decisions = [Decision(kind="withdraw", id=identifier) for identifier in gone]
    cohort = Cohort.model_validate(case.cohort)
    try:
        return rematch(cohort, matching, keep=keep, criteria=case.criteria, decisions=decisions)
    except InfeasibleError:
        return None


def people(case: Case):
    return ([person["id"] for person in case.cohort[side]] for side in ("mentors", "mentees"))


def shuffled(case: Case, items):
    return Random(case.seed).sample(items, len(items))


def some_pairs(case: Case, most: int):
    mentors, mentees = people(case)
    return shuffled(case, [(m, e) for m in mentors for e in mentees])[:most]


def named(case: Case, field: str, pair, *, dropped: bool = False):
    others = [one for one in case.cohort[field] if (one["mentor"], one["mentee"]) != pair]
    return {field: others if dropped else [*others, {"mentor": pair[0], "mentee": pair[1]}]}


def applied(matching, moves):
    """The pairs once these moves are made, each of which must be one that can be."""
    pairs = set(matching.pairs())
    for move in moves:
        assert move.mentor_before != move.mentor_after
        if move.mentor_before is not None:
            pairs.remove((move.mentor_before, move.mentee))
    for move in moves:
        if move.mentor_after is not None:
            assert (move.mentor_after, move.mentee) not in pairs
            pairs.add((move.mentor_after, move.mentee))
    return pairs


def holds(answer, matching, again, where):
    """The answer is what matching again says."""
    assert answer.possible == (again is not None), where
    assert (answer.loss is None) == (again is None), where
    if again is not None:
        assert dict(answer.loss) == lost(matching, again), where


def adds_up(answer, case, oracle, matching):
    """The moves, made, lose exactly what is promised, in every level and in points."""
    after = applied(matching, answer.moves)
    before, then = oracle.value(matching.pairs()), oracle.value(after)
    assert {level: before[level] - then[level] for level in before} == {
        level: Fraction(amount) for level, amount in answer.loss.items()
    }, case.seed
    points = [sum(oracle.points[pair] for pair in pairs) for pairs in (matching.pairs(), after)]
    assert sum(Fraction(move.change) for move in answer.moves) == points[1] - points[0]
    return after
