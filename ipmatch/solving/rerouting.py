"""A best pairing after one change, without solving again: a unit at a time along the shortest ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import chain

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.lottery import pair_level, people_levels
from ipmatch.solving.network import build
from ipmatch.solving.problem import Level, Objective, Problem, check_levels
from ipmatch.solving.rows.parting import leaves_network
from ipmatch.solving.steps import Rerouted, Steps, Tie

__all__ = ["Rerouting", "rerouting_of"]

_SLICES = 2
"""Levels of pairs that the lottery draws here; a tie beyond them is left to solving again."""

_MOST_PAIRS = 20_000_000
"""With more pairs their steps would take too much memory."""


def rerouting_of(problem: Problem, levels: Sequence[Objective], used: BoolVector) -> Rerouting | None:
    """Return the rerouting of a pairing, kept from the last question; None where each is to be solved again.

    That is where levels are on who is worst off, rules leave the network, time ran out before the lottery, or
    pairs are too many.
    """
    known: list[tuple[Sequence[Objective], BoolVector, Rerouting | None]]
    known = problem.kept.setdefault("reroutings", [])
    for asked, pairs, kept in known:
        if (pairs is used or np.array_equal(pairs, used)) and _are_alike(asked, levels):
            return kept
    linear, made = [level for level in levels if isinstance(level, Level)], None
    few = len(problem.mentor) <= _MOST_PAIRS
    if few and len(linear) == len(levels) and not leaves_network(problem):
        # Time ran out before the lottery: another drawing is better.
        with suppress(InternalError):
            made = Rerouting(problem, linear, used)
    known.append((tuple(levels), used, made))
    return made


class Rerouting:
    """The one pairing that is best by its levels and then the lottery, ready for single changes.

    A change takes away what flows through some people or a pair; what is then missing is carried round a unit
    at a time, each along the shortest way. So the answer is the best pairing of the changed problem, the one
    that ``solve`` finds, while few people are looked at. Where a method returns None, no pairing keeps the
    rules, or the lottery has to draw on: solve again.

    Parameters
    ----------
    problem, levels, used
        The problem, its levels without the lottery's, and its best pairing.

    Raises
    ------
    InternalError
        If another pairing is better by these levels and the lottery, or numbers are too large.
    ValueError
        If the levels cannot be expressed (see ``check_levels``), or no network holds every rule.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, sections 9.7 and 9.11.
    """

    def __init__(self, problem: Problem, levels: Sequence[Level], used: BoolVector) -> None:
        check_levels(problem, levels)
        self._used, self._network = used, build(problem)
        self._flow = self._network.flow_of(used)
        self._loaded = np.flatnonzero(self._flow)
        drawn = chain(people_levels(problem), (pair_level(problem, i) for i in range(_SLICES)))
        loads = (np.bincount(side[used], minlength=1).max() for side in (problem.mentor, problem.mentee))
        self._most = max(1, *map(int, loads))
        self._steps = Steps(self._network, self._flow, chain(levels, drawn), most=self._most)

    def without(self, *, mentors: Iterable[int] = (), mentees: Iterable[int] = ()) -> BoolVector | None:
        """Return the pairs [P] used once these take no part, their minimums and required pairs void."""
        network, mentees = self._network, list(mentees)
        first = 1 + len(network.problem.capacity)
        asking = first + len(network.problem.wanted) + np.flatnonzero(np.isin(network.asking, mentees))
        gone = {*(1 + i for i in mentors), *(first + j for j in mentees), *asking.tolist()}
        ends = network.tail[self._loaded], network.head[self._loaded]
        lost = self._loaded[np.isin(ends, list(gone)).any(axis=0)]
        return self._carried(
            Rerouted(gone, units=dict(zip(lost.tolist(), (-self._flow[lost]).tolist(), strict=True)))
        )

    def requiring(self, pair: int) -> BoolVector | None:
        """Return the pairs [P] used once this one must be."""
        return self._used if self._used[pair] else self._turned(pair, 1)

    def forbidding(self, pair: int) -> BoolVector | None:
        """Return the pairs [P] used once this one may not be, void if it was required."""
        return self._turned(pair, -1) if self._used[pair] else self._used

    def _turned(self, pair: int, units: int) -> BoolVector | None:
        arc = self._network.pairs.start + pair
        return self._carried(Rerouted(barred={arc}, units={arc: units}))

    def _carried(self, change: Rerouted) -> BoolVector | None:
        """Make up for the units of a change: carry what its arcs bring no more to where they brought it."""
        spare = Counter[int]()
        for arc, units in change.units.items():
            spare[int(self._network.tail[arc])] -= units
            spare[int(self._network.head[arc])] += units
        for node in change.gone:
            del spare[node]
        short, over = list((-spare).elements()), list((+spare).elements())
        if len(over) > self._most:
            return None
        for goal in short:
            try:
                source = self._steps.carry(over, goal, change)
            except Tie:
                return None
            if source is None:
                return None
            over.remove(source)
        used, first = self._used.copy(), self._network.pairs.start
        for arc, units in change.units.items():
            if units and first <= arc < self._network.pairs.stop:
                used[arc - first] = units > 0
        return used


def _are_alike(some: Sequence[Objective], others: Sequence[Objective]) -> bool:
    """Whether two lists of levels hold the same; most are the very same objects."""
    return len(some) == len(others) and all(
        one is other or (type(one) is type(other) and _is_like(one, other))
        for one, other in zip(some, others, strict=True)
    )


def _is_like(one: Objective, other: Objective) -> bool:
    return all(np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
