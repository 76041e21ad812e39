"""The best pair just below the floor, and what allowing it would change: the lead decides."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.explaining.amounts import level_amounts
from ipmatch.policy import TIERS
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.change import has_way
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.marginals import distances
from ipmatch.solving.problem import Level
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

    def _of_each(self, values: IntVector) -> IntVector:
        """[J] values of the pairs of ``_whose``."""
        each = np.zeros(len(self._best), np.int64)
        each[self._whose] = values
        return each

    @cached_property
    def _tiers(self) -> IntVector:
        return self._of_each(self._scores.tiers_at(self._best[self._whose], self._whose))

    @cached_property
    def _points(self) -> IntVector:
        return self._of_each(self._scores.points_at(self._best[self._whose], self._whose))

    @cached_property
    def _worths(self) -> list[IntVector]:
        """[J] for each level, what the pairs alone would add to it."""
        pairs = self._best[self._whose], self._whose
        return [self._of_each(self._posed.worths_of(level.name, *pairs)) for level in self._levels]

    def of(self, j: int) -> tuple[dict[str, Any], str] | None:
        """The pair as facts and as a sentence; ``None`` if there is none."""
        best = int(self._best[j])
        if best < 0:
            return None
        gain = self._gain_of_allowing(best, j)
        mentor, tier = self._scores.people.mentors[best].id, TIERS[int(self._tiers[j])]
        facts = {
            "mentor": mentor,
            "tier": tier,
            "score": self._scores.decimal(int(self._points[j])),
            "gain": gain,
        }
        best_pair = f"The best mentor just below the floor is {mentor} (tier: {tier})"
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
        gain = self._gain_among_quotas(i, j) if problem.quotas else self._gain_by_distance(i, j)
        is_known = gain is not None and (any(gain.values()) or len(gain) == len(self._posed.levels))
        return gain if is_known else None

    def _gain_by_distance(self, i: int, j: int) -> FrozenMap[str, Decimal]:
        distance, reachable = self._from_root
        first = [0 if level.first is None else int(level.first[j]) for level in self._levels]
        lost = [int(way[1 + i]) - gain for way, gain in zip(distance, first, strict=True)]
        return self._gain(j, lost, reachable=bool(reachable[1 + i]))

    def _gain(self, j: int, lost: Sequence[int], *, reachable: bool) -> FrozenMap[str, Decimal]:
        """What the pair is worth beyond what it takes; a pair not worth making changes nothing."""
        changes = [int(worth[j]) - loss for worth, loss in zip(self._worths, lost, strict=True)]
        worth_it = reachable and changes > [0] * len(changes)
        return level_amounts(self._posed, changes if worth_it else [0] * len(changes))

    def _gain_among_quotas(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        """The same where the unit may have to go round another way than by the root."""
        if not self._posed.lists_pairs:
            return self._gain_by_way(i, j)
        gains = [worth[j : j + 1] for worth in self._worths]
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
        return self._gain(j, [int(way[1 + i]) for way in lost], reachable=bool(reachable[1 + i]))

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
    def _exchange(self) -> Exchange:
        return Exchange(self._posed.problem, self._levels, self._used)
