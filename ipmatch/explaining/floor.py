"""The best pair just below the floor, and what allowing it would change: the lead decides."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.explaining.amounts import amounts_once, level_amounts
from ipmatch.limits import rooms_of
from ipmatch.policy import TIERS
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.change import has_way
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.marginals import distances
from ipmatch.solving.problem import Level
from ipmatch.solving.rooms import Rooms
from ipmatch.solving.values import before_worst_off
from ipmatch.solving.ways import ways_of

__all__ = ["JustBelow"]

MOST_SEARCHED = 1 << 29
"""So many pairs are looked at at the most, over all mentees, to tell what a pair below the floor brings."""


class JustBelow:
    """For each mentee the best mentor whom the floor alone keeps out."""

    def __init__(self, posed: AnyPosed, used: BoolVector) -> None:
        self._posed, self._scores, self._used = posed, posed.scores, used
        self._given = np.bincount(posed.problem.mentee[used], minlength=len(posed.problem.wanted))
        self._amounts = amounts_once(posed)

    @cached_property
    def _best(self) -> IntVector:
        """[J] of all who wait the best mentor just below the floor, or -1."""
        best, waiting = np.full(len(self._given), -1), self._given < self._posed.problem.wanted
        # Rows are sorted by id, so the first best is the same whatever the order of the file.
        best[waiting] = self._scores.best_below_floor(np.flatnonzero(waiting))
        return best

    @cached_property
    def _whose(self) -> IndexVector:
        """The mentees who have such a mentor."""
        return np.flatnonzero(self._best >= 0)

    @cached_property
    def _pairs(self) -> dict[int, dict[str, Any]]:
        """Each pair as facts, by mentee."""
        mentors, mentees = self._best[self._whose], self._whose
        tiers, points = self._scores.tiers_at(mentors, mentees), self._scores.points_at(mentors, mentees)
        people = self._scores.people.mentors
        return {
            j: {"mentor": people[i].id, "tier": TIERS[tier], "score": self._scores.decimal(units)}
            for j, i, tier, units in zip(
                mentees.tolist(), mentors.tolist(), tiers.tolist(), points.tolist(), strict=True
            )
        }

    @cached_property
    def _worths(self) -> list[IntVector]:
        """For each level, what the pairs of ``_whose`` alone would add to it."""
        pairs = self._best[self._whose], self._whose
        return [self._posed.worths_of(level.name, *pairs) for level in self._levels]

    def of(self, j: int) -> tuple[FrozenMap[str, Any], str] | None:
        """The pair as facts and as a sentence; ``None`` if there is none."""
        pair = self._pairs.get(j)
        if pair is None:
            return None
        gain = self._gain_of_allowing(int(self._best[j]), j)
        facts = FrozenMap({**pair, "gain": gain})
        best_pair = "The best mentor who shares too little is {mentor} (tier: {tier})".format(**pair)
        if gain is None:
            return facts, f"{best_pair}."
        if not any(gain.values()):
            return facts, f"{best_pair}; allowing that one pair would change nothing."
        what = "place one more mentee" if gain.get("placed", 0) > 0 else "make the pairing better"
        return facts, f"{best_pair}; allowing that one pair would {what}."

    def _gain_of_allowing(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        """The exact gain of one pair more, by the best cycle through it; ``None`` where no cycle tells.

        Whoever has a mentor already could also swap, which the distances from the root do not tell. Nor do
        they tell what becomes of the worst-off: that only matters where the levels before gain nothing.
        """
        problem = self._posed.problem
        if self._given[j] or (problem.spread and self._most[i] < problem.capacity[i]):
            return None
        # Nor is a session in the problem that limits nothing till now.
        if self._rooms is not None and self._rooms.by_pair(np.array([i]), np.array([j]))[0]:
            return None
        gain = self._gain_among_quotas(i, j) if problem.quotas else self._by_distance[j]
        is_known = gain is not None and (any(gain.values()) or len(gain) == len(self._posed.levels))
        return gain if is_known else None

    @cached_property
    def _by_distance(self) -> dict[int, FrozenMap[str, Decimal]]:
        """What each pair would bring by the distance of the mentor, for mentees without any."""
        (distance, reachable), mentors = self._from_root, 1 + self._best[self._whose]
        changes = np.zeros((len(self._whose), len(self._levels)), np.int64)
        for place, (level, worth, way) in enumerate(zip(self._levels, self._worths, distance, strict=True)):
            first = 0 if level.first is None else level.first[self._whose]
            changes[:, place] = worth - (way[mentors] - first)
        each = zip(self._whose.tolist(), changes.tolist(), reachable[mentors].tolist(), strict=True)
        return {j: self._gain(tuple(units), reachable=can) for j, units, can in each}

    def _gain(self, changes: tuple[int, ...], *, reachable: bool) -> FrozenMap[str, Decimal]:
        """What a pair brings beyond what it takes; one that is not worth making changes nothing."""
        nothing = (0,) * len(changes)
        return self._amounts(changes if reachable and changes > nothing else nothing)

    def _gain_among_quotas(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        """The same where the unit may have to go round another way than by the root."""
        if not self._posed.lists_pairs:
            return self._gain_by_way(i, j)
        place = int(np.searchsorted(self._whose, j))
        gains = [worth[place : place + 1] for worth in self._worths]
        change = self._exchange.allow(np.array([i]), np.array([j]), gains)
        if not change.known[0]:
            return None
        return level_amounts(self._posed, [int(level[0]) for level in change.levels])

    def _gain_by_way(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        """The same of a big cohort, where each mentee takes a search of her own."""
        problem = self._posed.problem
        short = int((self._given < problem.wanted).sum())
        if short * len(self._given) * len(self._posed.problem.capacity) > MOST_SEARCHED:
            return None
        if not (problem.most("mentor") == problem.capacity)[i] and not has_way(problem, "mentor")[i]:
            return None
        if not (problem.most("mentee") == problem.wanted)[j] and not has_way(problem, "mentee")[j]:
            return None
        ways = ways_of(problem, self._levels, self._used)
        lost, reachable = ways.distances(to_root=False, at=1 + len(self._posed.problem.capacity) + j)
        place = int(np.searchsorted(self._whose, j))
        changes = [int(worth[place] - way[1 + i]) for worth, way in zip(self._worths, lost, strict=True)]
        return self._gain(tuple(changes), reachable=bool(reachable[1 + i]))

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        """Those before one that is about the worst-off."""
        return before_worst_off(self._posed.levels)

    @cached_property
    def _most(self) -> IntVector:
        return self._posed.problem.most("mentor")

    @cached_property
    def _from_root(self) -> Any:
        return distances(self._posed.problem, self._levels, self._used, to_root=False)

    @cached_property
    def _rooms(self) -> Rooms | None:
        return rooms_of(self._scores, self._posed.problem)

    @cached_property
    def _exchange(self) -> Exchange:
        return Exchange(self._posed.problem, self._levels, self._used)
