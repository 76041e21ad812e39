"""Who would rather have each other, and what a matching without such pairs costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from ipmatch.costs import BlockingPair, Stability, StabilityCost
from ipmatch.errors import Fault, InputError
from ipmatch.people import Person
from ipmatch.posing import Posed
from ipmatch.requests import AnyPosed, pair_ids
from ipmatch.scoring.wishes import orders_of
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.blocking import Blocking, blocking_pairs
from ipmatch.words import counted, lost, names

__all__ = ["cost_against", "stability_faults", "stability_of", "stable_pairs"]

MOST_EXAMPLES = 10


def stable_pairs(posed: Posed) -> BoolVector:
    """The pairs used, shape (P,), of the one stable matching that the policy promises.

    Raises
    ------
    InputError
        If the policy or the cohort has a rule with which there may be none.
    RulesClash
        If somebody has fewer places than required pairs.
    """
    faults = list(stability_faults(posed))
    if faults:
        raise InputError(faults)
    from ipmatch.solving.stable import stable

    orders = orders_of(posed.scores, posed.problem)
    return stable(posed.problem, orders.mentor_rank, orders.mentee_rank)


def stability_of(posed: AnyPosed, used: BoolVector, cost: StabilityCost | None = None) -> Stability:
    """How many mentors and mentees, not paired, would rather have each other, and who would gain most.

    Parameters
    ----------
    posed, used
        A problem and the pairs used in it, shape (P,), by whatever method.
    cost
        What stability costs, where it is asked for.
    """
    orders = orders_of(posed.scores, posed.problem)
    blocking = blocking_pairs(posed.problem, orders.mentor_rank, orders.mentee_rank, used)
    gain = _gains(posed, blocking)
    free = np.flatnonzero(~blocking.breaks)
    # Pairs stand in order of ids, so equal gains do too.
    first = free[np.argsort(-gain[free], kind="stable")]
    breaking = int(blocking.breaks.sum())
    largest = posed.scores.decimal(int(gain[first[0]])) if len(first) else None
    by_score = not orders.unlisted and bool((gain > 0).all())
    return Stability.model_construct(
        blocking_pairs=len(free),
        breaking_a_rule=breaking,
        largest_gain=largest,
        examples=tuple(_example(posed, used, blocking, gain, int(b)) for b in first[:MOST_EXAMPLES]),
        cost=cost,
        because=_summary(
            len(free),
            breaking,
            largest,
            by_score=by_score,
            required=bool(posed.problem.required.any()),
            limits=bool(posed.problem.limits),
        ),
    )


def cost_against(posed: Posed, stable: BoolVector, optimal: BoolVector) -> StabilityCost:
    """What a stable matching loses against the best one, both given as the pairs used, shape (P,)."""
    scores = posed.scores
    placed, points = _worth(posed, optimal)
    stable_placed, stable_points = _worth(posed, stable)
    fewer, less = placed - stable_placed, scores.decimal(points - stable_points)
    loss = lost({"placed": Decimal(fewer), "score": less})
    return StabilityCost.model_construct(
        placed=fewer,
        points=less,
        optimal_placed=placed,
        optimal_points=scores.decimal(points),
        optimal_pairs=pair_ids(posed, optimal),
        because="Against the best matching by the policy's levels, "
        + (f"stability costs {loss}." if fewer or less else "stability costs nothing."),
    )


def stability_faults(posed: Posed) -> Iterator[Fault]:
    """The rules with which a stable matching may not exist, each with those it speaks of."""
    from ipmatch.solving.stable import HONOURED, refusals

    people, rules = posed.scores.people, posed.request.policy.quotas
    if posed.request.earlier is not None:
        what = 'a "stable" matching does not keep earlier pairs for their own sake.'
        yield Fault("policy, objective.method", what, 'Match anew, or re-match with the method "optimal".')
        return
    levels = posed.request.policy.objective.levels
    for refused in refusals(posed.problem, levels):
        match refused.rule:
            case "min_mentees":
                who, mend = [people.mentors[i].id for i in refused.where], "Set min_mentees to 0"
            case "mentors_wanted":
                who, mend = [people.mentees[j].id for j in refused.where], "Let each ask for one mentor"
            case "quotas":
                who, mend = [rules[k].title for k in refused.where], "Drop the quotas"
            case "sessions":
                who = list(dict.fromkeys(posed.problem.limits[k].name for k in refused.where))
                mend = "Give the sessions no limit of places"
            case "levels":
                who = [levels[k] for k in refused.where]
                mend = f"List {' and '.join(HONOURED)} at the most"
        what = f'a "stable" matching may not exist with {refused.rule} ({names(who)}).'
        yield Fault("policy, objective.method", what, f'{mend}, or use the method "optimal".')


def _worth(posed: Posed, used: BoolVector) -> tuple[int, int]:
    """How many mentees are placed, and the total score in units."""
    mentor, mentee = posed.problem.mentor[used], posed.problem.mentee[used]
    return len(np.unique(mentee)), int(posed.scores.points[mentor, mentee].sum())


def _gains(posed: AnyPosed, blocking: Blocking) -> IntVector:
    """What both would gain at least, in units, each counting only their own pairs."""
    problem, scores = posed.problem, posed.scores

    def points(pairs: IndexVector) -> IntVector:
        return scores.points_at(problem.mentor[pairs], problem.mentee[pairs])

    def gained(gives: IndexVector) -> IntVector:
        return points(blocking.pair) - np.where(gives >= 0, points(gives), 0)

    return np.minimum(gained(blocking.mentor_gives), gained(blocking.mentee_gives))


def _example(posed: AnyPosed, used: BoolVector, blocking: Blocking, gain: IntVector, b: int) -> BlockingPair:
    problem, people = posed.problem, posed.scores.people
    pair = int(blocking.pair[b])
    mentor, mentee = people.mentors[problem.mentor[pair]], people.mentees[problem.mentee[pair]]
    leaves, left = int(blocking.mentor_gives[b]), int(blocking.mentee_gives[b])
    instead = people.mentees[problem.mentee[leaves]] if leaves >= 0 else None
    before = people.mentors[problem.mentor[left]] if left >= 0 else None
    units = [
        posed.scores.points_of(int(problem.mentor[p]), int(problem.mentee[p])) if p >= 0 else 0
        for p in (pair, leaves, left)
    ]
    together, with_instead, with_before = (posed.scores.decimal(points) for points in units)
    has_one = bool((used & (problem.mentee == problem.mentee[pair])).any())
    wishes = [
        _wish(mentee, mentor, before, together, with_before)
        if before
        else f"{mentee.id} lacks a {'further mentor' if has_one else 'mentor'}",
        _wish(mentor, mentee, instead, together, with_instead)
        if instead
        else f"{mentor.id} has a free place",
    ]
    return BlockingPair.model_construct(
        mentor=mentor.id,
        mentee=mentee.id,
        mentor_gives_up=instead.id if instead else None,
        mentee_gives_up=before.id if before else None,
        gain=posed.scores.decimal(int(gain[b])),
        because=f"{mentor.id} and {mentee.id} would rather have each other: {' and '.join(wishes)}.",
    )


def _wish(person: Person, wanted: Person, present: Person, together: Decimal, now: Decimal) -> str:
    """Why a person prefers somebody to a present partner: by their own list, or else by the score."""
    if wanted.id not in person.prefers:
        return f"{person.id} scores {together:f} with {wanted.id}, {now:f} with {present.id}"
    place = person.prefers.index(wanted.id) + 1
    at = person.prefers.index(present.id) + 1 if present.id in person.prefers else None
    other = f"{present.id} number {at}" if at else f"which does not name {present.id}"
    return f"{wanted.id} is number {place} on the list of {person.id}, {other}"


def _summary(
    free: int, breaking: int, largest: Decimal | None, *, by_score: bool, required: bool, limits: bool
) -> str:
    """The counts in words; where nobody lists anyone the score says whom they would rather have."""
    together = "score higher together" if by_score else "rather have each other"
    if not free and not breaking:
        # Whoever is required for somebody has no say.
        aside = ", required pairs aside" if required else ""
        return f"No mentor and mentee would both {together}{aside}."
    rule = "a minimum, a quota or a limit" if limits else "a minimum or a quota"
    breaks = f"the exchange would break {rule}"
    if not free:
        return f"{_would(breaking, by_score)}, but {breaks}."
    because = _would(free, by_score)
    if largest is not None and largest > 0:
        strongest = f"in the strongest case each of the two gains at least {counted(largest, 'point')}"
        because += f"; {strongest}. The best total often has such pairs."
    else:
        because += ", though not with more points for both."
    return f"{because} So would {breaking:,} more, but {breaks}." if breaking else because


def _would(pairs: int, by_score: bool) -> str:
    if by_score:
        return f"In {counted(pairs, 'pair')} not made, both would score higher together than now"
    return f"{counted(pairs, 'pair')} would rather have each other"
