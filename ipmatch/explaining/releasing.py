"""Why an earlier pair still possible was not kept: what stands in its way, and what keeping it would cost."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ipmatch.crowds import PairedCrowd
from ipmatch.explaining.amounts import level_amounts
from ipmatch.explaining.naming import Naming
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.change import Change
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.marginals import loss_of_requiring
from ipmatch.solving.values import is_linear
from ipmatch.words import counted, lost, names

__all__ = ["Releases"]

Pair = tuple[str, str]

MOST_PRICED = 1_000_000_000
"""In a big cohort a search for each mentor may look at all pairs; with more looks nothing is priced."""


class Releases:
    """The earlier pairs that could be kept and were not.

    Where keeping pairs comes first, only a full mentor or a full mentee can stand in the way of one: else
    it would have been kept as well. Whatever the order of the levels, its price is exact.
    """

    def __init__(self, posed: Posed | PairedCrowd, used: BoolVector, *, is_best: bool = True) -> None:
        self._is_best = is_best
        self._posed, self._problem, self._used = posed, posed.problem, used
        self._earlier = posed.earlier
        self._naming = Naming(posed)
        self._load = np.bincount(posed.problem.mentor[used], minlength=len(posed.problem.capacity))

    @cached_property
    def now(self) -> tuple[Pair, ...]:
        """The pairs used, by id."""
        return pair_ids(self._posed, self._used)

    @cached_property
    def possible(self) -> frozenset[Pair]:
        """The earlier pairs that are still possible, by id."""
        return frozenset(pair_ids(self._posed, self._earlier))

    def reasons(self) -> dict[Pair, str]:
        """For each pair let go, why; nothing is priced if there is none."""
        released = np.flatnonzero(self._earlier & ~self._used)
        return {self._naming.pair(pair): self._reason(pair) for pair in released.tolist()}

    def _reason(self, pair: int) -> str:
        full = self._full_mentor(pair) or self._full_mentee(pair)
        because = "; ".join(clause for clause in (full, self._price(pair)) if clause)
        return f"{self._naming.pair(pair)[0]} is still possible, but {because}."

    def _full_mentor(self, pair: int) -> str | None:
        """Whether all of the mentor's places go to those who were there before, or must be."""
        i = self._problem.mentor[pair]
        own = np.flatnonzero(self._used & (self._problem.mentor == i))
        if len(own) < self._problem.capacity[i] or not self._stays(own).all():
            return None
        whose = names([f"{self._naming.pair(int(one))[1]} ({self._basis(int(one))})" for one in own])
        places, goes = counted(len(own), "place"), "it goes" if len(own) == 1 else "they go"
        return f"{self._naming.mentors[i]} has only {places}, and {goes} to {whose}"

    def _full_mentee(self, pair: int) -> str | None:
        """Whether all the mentors a mentee asks for are earlier or required, or need her for a minimum."""
        j = self._problem.mentee[pair]
        own = np.flatnonzero(self._used & (self._problem.mentee == j))
        needed = self._load[self._problem.mentor[own]] == self._problem.minimum[self._problem.mentor[own]]
        if len(own) < self._problem.wanted[j] or not (self._stays(own) | needed).all():
            return None
        who = names([f"{self._naming.pair(int(one))[0]} ({self._basis(int(one))})" for one in own])
        return f"{self._naming.mentees[j]} asks for only {counted(len(own), 'mentor')}, and has {who}"

    def _stays(self, pairs: IndexVector) -> BoolVector:
        stays: BoolVector = self._problem.required[pairs] | self._earlier[pairs]
        return stays

    def _basis(self, pair: int) -> str:
        if self._problem.required[pair]:
            return "required"
        if self._earlier[pair]:
            return "kept"
        least = int(self._problem.minimum[self._problem.mentor[pair]])
        return f"who must have at least {counted(least, 'mentee')}"

    def _price(self, pair: int) -> str:
        """What insisting on the pair would do."""
        both = "{} with {}".format(*self._naming.pair(pair))
        if not self._is_best:
            return f"the search ended with a matching that does not have {both}"
        if self._forced is None:
            return f"no better matching has {both}"
        if not self._forced.possible[pair]:
            return f"no matching that keeps every rule has {both}"
        loss = level_amounts(self._posed, [int(level[pair]) for level in self._forced.levels])
        if any(loss.values()):
            return f"keeping {both} would cost {lost(loss)}"
        return f"keeping {both} would be as good, and the lottery decided"

    @cached_property
    def _forced(self) -> Change | None:
        """What requiring each pair loses; ``None`` where that would take solving again, or too long."""
        # Quotas that cross and the worst-off levels leave the network, and with it these prices.
        levels = self._posed.levels
        if self._problem.quotas or self._problem.limits or not is_linear(levels):
            return None
        if self._posed.lists_pairs:
            return Exchange(self._problem, levels, self._used).force()
        released = np.flatnonzero(self._earlier & ~self._used)
        searches = len(np.unique(self._problem.mentor[released]))
        if searches * len(self._problem.capacity) * len(self._problem.wanted) > MOST_PRICED:
            return None
        return loss_of_requiring(self._problem, levels, self._used, released)
