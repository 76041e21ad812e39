"""What two criteria can be traded for: all the totals that some weights of theirs make the best."""

from __future__ import annotations

from fractions import Fraction

from ipmatch.answers.insights import Frontier, FrontierPoint
from ipmatch.document import FrozenMap, decimal_of
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.explaining.intervals import rational
from ipmatch.explaining.parts import Parts
from ipmatch.posing import Posed
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.values import is_linear
from ipmatch.solving.weights import Point, frontier
from ipmatch.words import listed

__all__ = ["explain_frontier"]


def explain_frontier(posed: Posed, assignment: Assignment, one: str, other: str) -> Frontier:
    """All the totals that some weights of two criteria, others counting nothing, make the only best.

    Raises
    ------
    UsageError
        If there is no such criterion, both are the same, or the policy asks for fairness.
    """
    expect(one=(one, str), other=(other, str))
    parts = Parts(posed, assignment)
    _check(parts, one, other)
    at = len(posed.levels) if parts.at is None else parts.at
    found = frontier(posed.problem, posed.levels, assignment, parts.gain(one), parts.gain(other), at=at)
    # A weight is points for full strength, a gain is in steps of it.
    ratio = Fraction(parts.steps(one), parts.steps(other))
    weight = Fraction(parts.policy.weight(other))
    return Frontier(
        one=one,
        other=other,
        points=tuple(_point(parts, point, one, other) for point in found.points),
        breakpoints=tuple(rational(tie * ratio) for tie in found.breakpoints),
        today=rational(Fraction(parts.policy.weight(one)) / weight) if weight else None,
        because=_because(one, other, len(found.points)),
    )


def _check(parts: Parts, one: str, other: str) -> None:
    faults = [
        Fault("frontier", f'there is no criterion "{name}".', f"Use {listed(parts.known, 'or')}.")
        for name in dict.fromkeys((one, other))
        if name not in parts.known
    ]
    if one == other:
        faults.append(Fault("frontier", f'"{one}" cannot be traded for itself.', "Name two criteria."))
    if not is_linear(parts.posed.levels):
        faults.append(Fault("frontier", "a policy that asks for fairness has none.", "Leave fairness out."))
    if faults:
        raise UsageError(faults)


def _point(parts: Parts, point: Point, one: str, other: str) -> FrontierPoint:
    problem, scores = parts.posed.problem, parts.posed.scores
    totals = {one: point.first, other: point.second}
    units = scores.points[problem.mentor[point.used], problem.mentee[point.used]]
    return FrontierPoint(
        totals=FrozenMap({name: decimal_of(total, parts.steps(name)) for name, total in totals.items()}),
        score=scores.decimal(sum(units.tolist())),
        changed=int((parts.assignment.used & ~point.used).sum()),
    )


def _because(one: str, other: str, points: int) -> str:
    if points == 1:
        return f"There is nothing to trade between {one} and {other}: one pairing is best for both."
    return (
        f"Each of {points:,} totals of {one} and {other} is the only best one for some weights; pairings "
        "that are best in a tie alone, or for no weights, are not counted."
    )
