"""One change of the rules, solved again: who moves, as few as can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.faces import with_only
from ipmatch.solving.links import Link, Move, in_order, links_between, moves_of
from ipmatch.solving.problem import Level, Objective, Problem
from ipmatch.solving.rerouting import Rerouting, rerouting_of

__all__ = ["Resolved", "forbidding", "requiring", "resolve", "without_mentor"]


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """The answer to a changed problem, beside the present one.

    Attributes
    ----------
    used
        The pairs [P'] of the changed problem that are used.
    links
        The pairs broken and made, in the order in which each gives rise to the next.
    proved
        Whether nothing better is possible; under rows the search for a proof may be given up.
    """

    used: BoolVector
    links: tuple[Link, ...]
    proved: bool = True

    @property
    def moves(self) -> tuple[Move, ...]:
        """Who goes from whom to whom, in the order of the links."""
        return moves_of(self.links)


def resolve(
    problem: Problem,
    used: BoolVector,
    changed: Problem,
    changed_levels: Sequence[Objective],
    *,
    origin: IndexVector | None = None,
    start: Iterable[Link] = (),
) -> Resolved:
    """Solve a changed problem with as few changes to the present pairing as its best value allows.

    Three levels follow those given: as many present pairs as possible stay, then as few others as possible
    are made, then as many mentees as possible have a mentor still. So nobody moves for the lottery's sake.

    Parameters
    ----------
    problem, used
        The problem, and its best pairing.
    changed, changed_levels
        The same people by the same indices, under other rules or with other pairs allowed, and the levels
        without the lottery's.
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
    again = best_pairing(changed, [*changed_levels, *_nearest(problem, used, present)])
    return _beside(problem, used, changed, again.used, start, proved=again.proved)


def requiring(problem: Problem, levels: Sequence[Objective], used: BoolVector, pair: int) -> Resolved:
    """Solve again with one pair required; raises ``RulesClash`` if the other rules forbid it."""
    start = [_link(problem, pair, made=True)]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.requiring(pair)
    if now is not None:
        return _beside(problem, used, problem, now, start)
    required = problem.required.copy()
    required[pair] = True
    return resolve(problem, used, replace(problem, required=required), levels, start=start)


def forbidding(problem: Problem, levels: Sequence[Objective], used: BoolVector, pair: int) -> Resolved:
    """Solve again without one pair, void if it was required; raises ``RulesClash`` if a rule needs it."""
    kept, start = np.arange(len(used)) != pair, [_link(problem, pair, made=False)]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.forbidding(pair)
    if now is not None:
        return replace(_beside(problem, used, problem, now, start), used=now[kept])
    return _with_only(problem, levels, used, kept, problem.minimum, start)


def without_mentor(problem: Problem, levels: Sequence[Objective], used: BoolVector, mentor: int) -> Resolved:
    """Solve again without a mentor, his required pairs and minimum void.

    Raises
    ------
    RulesClash
        If the rules about the others cannot hold without him.
    """
    kept = problem.mentor != mentor
    start = [_link(problem, pair, made=False) for pair in np.flatnonzero(~kept & used).tolist()]
    rerouting = _rerouting(problem, levels, used)
    now = None if rerouting is None else rerouting.without(mentors=[mentor])
    if now is not None:
        return replace(_beside(problem, used, problem, now, start), used=now[kept])
    minimum = problem.minimum.copy()
    minimum[mentor] = 0
    return _with_only(problem, levels, used, kept, minimum, start)


def _nearest(problem: Problem, used: BoolVector, present: BoolVector) -> Iterator[Level]:
    """The levels by which most of the ``present`` pairs stay, fewest others are made, and fewest lose all."""
    kept, given = present.astype(np.int64), np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    yield Level("chain.kept", 1, pair=kept)
    yield Level("chain.made", 1, pair=kept - 1)
    yield Level("chain.placed", 1, first=(given > 0).astype(np.int64))


def _beside(
    problem: Problem,
    used: BoolVector,
    changed: Problem,
    now: BoolVector,
    start: Iterable[Link],
    *,
    proved: bool = True,
) -> Resolved:
    return Resolved(now, tuple(in_order(links_between(problem, used, changed, now), start)), proved)


def _rerouting(problem: Problem, levels: Sequence[Objective], used: BoolVector) -> Rerouting | None:
    return rerouting_of(problem, [*levels, *_nearest(problem, used, used)], used)


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
    return resolve(problem, used, changed, changed_levels, origin=origin, start=start)


def _link(problem: Problem, pair: int, *, made: bool) -> Link:
    return Link(int(problem.mentor[pair]), int(problem.mentee[pair]), made)
