"""One change of the rules, solved again: what it costs exactly, and who moves, as few as can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.faces import with_only
from ipmatch.solving.links import Link, Move, in_order, links_between, moves_of
from ipmatch.solving.problem import Level, Objective, Problem
from ipmatch.solving.rerouting import Rerouting, rerouting_of
from ipmatch.solving.values import totals

__all__ = [
    "Resolved",
    "forbidding",
    "requiring",
    "resolve",
    "with_pair",
    "with_places",
    "without",
]


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """The answer to a changed problem, beside the present one.

    Attributes
    ----------
    loss
        What each level loses, first level first; negative is gained. A threshold or leximin level loses what
        its lowest score falls; None where only one of the two pairings has a pair that counts.
    used
        The pairs [P'] of the changed problem that are used.
    links
        The pairs broken and made, in the order in which each gives rise to the next.
    proved
        Whether nothing better is possible; under rows the search for a proof may be given up.
    """

    loss: tuple[int | None, ...]
    used: BoolVector
    links: tuple[Link, ...]
    proved: bool = True

    @property
    def moves(self) -> tuple[Move, ...]:
        """Who goes from whom to whom, in the order of the links."""
        return moves_of(self.links)


def resolve(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    changed: Problem,
    changed_levels: Sequence[Objective],
    *,
    origin: IndexVector | None = None,
    start: Iterable[Link] = (),
) -> Resolved:
    """Solve a changed problem with as few changes to the present pairing as its best value allows.

    Two levels follow those given: as many present pairs as possible stay, then as few others as possible are
    made. So nobody moves for the lottery's sake.

    Parameters
    ----------
    problem, levels, used
        The problem, its levels without the lottery's, and its best pairing by them.
    changed, changed_levels
        The same people by the same indices, under other rules or with other pairs allowed.
    origin
        [P'] for each pair of ``changed`` its index in ``problem``, or -1; None if the pairs are the same.
    start
        The links that the change is about; those it comes to make or break lead the answer's.

    Raises
    ------
    RulesClash
        If no pairing keeps the changed rules.
    """
    # One entry more, so that a new pair's origin, -1, finds one even where there was none.
    present = used if origin is None else np.append(used, False)[origin]
    again = best_pairing(changed, [*changed_levels, *_nearest(present)])
    return _beside(problem, levels, used, changed, changed_levels, again.used, start, proved=again.proved)


def requiring(problem: Problem, levels: Sequence[Objective], used: BoolVector, pair: int) -> Resolved:
    """Solve again with one pair required; raises ``RulesClash`` if the other rules forbid it."""
    start = [_link(problem, pair, made=True)]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.requiring(pair)
    if now is not None:
        return _beside(problem, levels, used, problem, levels, now, start)
    required = problem.required.copy()
    required[pair] = True
    return resolve(problem, levels, used, replace(problem, required=required), levels, start=start)


def forbidding(problem: Problem, levels: Sequence[Objective], used: BoolVector, pair: int) -> Resolved:
    """Solve again without one pair, void if it was required; raises ``RulesClash`` if a rule needs it."""
    kept, start = np.arange(len(used)) != pair, [_link(problem, pair, made=False)]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.forbidding(pair)
    if now is not None:
        return replace(_beside(problem, levels, used, problem, levels, now, start), used=now[kept])
    return _with_only(problem, levels, used, kept, problem.minimum, start)


def without(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    *,
    mentors: Iterable[int] = (),
    mentees: Iterable[int] = (),
) -> Resolved:
    """Solve again without some people, their required pairs and minimums void.

    Raises
    ------
    RulesClash
        If the rules about the others cannot hold without them.
    """
    mentors, mentees = list(mentors), list(mentees)
    gone = np.isin(problem.mentor, mentors) | np.isin(problem.mentee, mentees)
    start = [_link(problem, pair, made=False) for pair in np.flatnonzero(gone & used).tolist()]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.without(mentors=mentors, mentees=mentees)
    if now is not None:
        return replace(_beside(problem, levels, used, problem, levels, now, start), used=now[~gone])
    minimum = problem.minimum.copy()
    minimum[mentors] = 0
    return _with_only(problem, levels, used, ~gone, minimum, start)


def with_places(
    problem: Problem, levels: Sequence[Objective], used: BoolVector, mentor: int, *, places: int = 1
) -> Resolved:
    """Solve again with more places for one mentor.

    Raises
    ------
    ValueError
        If a level counts places: what each gains must then be said anew, for ``resolve``.
    """
    _refuse_places(levels)
    capacity = problem.capacity.copy()
    capacity[mentor] += places
    own = np.flatnonzero((problem.mentor == mentor) & ~used)
    start = [_link(problem, pair, made=True) for pair in own.tolist()]
    return resolve(problem, levels, used, replace(problem, capacity=capacity), levels, start=start)


def with_pair(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    mentor: int,
    mentee: int,
    gains: Sequence[int],
    *,
    required: bool = False,
) -> Resolved:
    """Solve again with one more pair allowed, or required, that gains (or scores) so much at each level.

    Raises
    ------
    RulesClash
        If the pair is required and the other rules forbid it.
    ValueError
        If a level counts places: what each gains must then be said anew, for ``resolve``.
    """
    _refuse_places(levels)
    own = slice(*np.searchsorted(problem.mentor, [mentor, mentor + 1]))
    place = own.start + int(np.searchsorted(problem.mentee[own], mentee))
    changed = replace(
        problem,
        mentor=np.insert(problem.mentor, place, mentor),
        mentee=np.insert(problem.mentee, place, mentee),
        required=np.insert(problem.required, place, required),
    )
    changed_levels = list[Objective]()
    for level, gain in zip(levels, gains, strict=True):
        if isinstance(level, Level):
            pair = np.zeros(len(used), np.int64) if level.pair is None else level.pair
            changed_levels.append(replace(level, pair=np.insert(pair, place, gain)))
        else:
            changed_levels.append(replace(level, score=np.insert(level.score, place, gain)))
    origin = np.insert(np.arange(len(used)), place, -1)
    start = [Link(mentor, mentee, made=True)]
    return resolve(problem, levels, used, changed, changed_levels, origin=origin, start=start)


def _nearest(present: BoolVector) -> tuple[Level, Level]:
    """The levels by which as many present pairs stay as can, and as few others are made."""
    kept = present.astype(np.int64)
    return Level("chain.kept", 1, pair=kept), Level("chain.made", 1, pair=kept - 1)


def _beside(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    changed: Problem,
    changed_levels: Sequence[Objective],
    now: BoolVector,
    start: Iterable[Link],
    *,
    proved: bool = True,
) -> Resolved:
    before, after = totals(problem, levels, used), totals(changed, changed_levels, now)
    loss = tuple(_lost(old, new) for old, new in zip(before, after, strict=True))
    return Resolved(loss, now, tuple(in_order(links_between(problem, used, changed, now), start)), proved)


def _rerouting(problem: Problem, levels: Sequence[Objective], used: BoolVector) -> Rerouting | None:
    return rerouting_of(problem, [*levels, *_nearest(used)], used)


def _with_only(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    kept: BoolVector,
    minimum: IntVector,
    start: Iterable[Link],
) -> Resolved:
    changed, changed_levels = with_only(replace(problem, minimum=minimum), levels, kept)
    origin = np.flatnonzero(kept)
    return resolve(problem, levels, used, changed, changed_levels, origin=origin, start=start)


def _lost(before: int | None, after: int | None) -> int | None:
    if before is None or after is None:
        return 0 if before is after else None
    return before - after


def _refuse_places(levels: Iterable[Objective]) -> None:
    for level in levels:
        if isinstance(level, Level) and level.place is not None:
            raise ValueError(f"level {level.name!r}: it tells places apart, and there are others now.")


def _link(problem: Problem, pair: int, *, made: bool) -> Link:
    return Link(int(problem.mentor[pair]), int(problem.mentee[pair]), made)
