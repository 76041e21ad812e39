"""Whether the rules of a big cohort can all hold: a level before all others, with a pool of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.errors import InternalError, TimeLimitError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.columns.front import Front
from ipmatch.solving.columns.grid import Goal, Grid
from ipmatch.solving.columns.terrain import found, merged
from ipmatch.solving.conflict import Relaxation, Rule, RulesClash, changed, relaxations, rules_clash
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.network import Network, build
from ipmatch.solving.prices import canonical_prices
from ipmatch.solving.problem import Level, Problem, Quota

__all__ = ["kept_by"]

_RULES = Goal(Level("rules", 1))


def kept_by(grid: Grid, keys: IndexVector, front: Front, deadline: float | None) -> IndexVector:
    """Add to a pool of pairs, by sorted key, what the rules need to hold all at once.

    Raises
    ------
    RulesClash
        If they cannot; required pairs by their place in ``grid.required``.
    TimeLimitError
        If the deadline passes.
    """
    every = _Rules(grid.required, grid.capacity, grid.minimum, grid.quotas)
    keys, missing = _reached(grid, every, keys, front, deadline)
    while missing:
        # What clashes in the pool may hold among all pairs: then those that help it join the pool.
        clash = rules_clash(every.of(grid, keys))
        kept = _Rules.kept(grid, keys, clash)
        keys, missing = _reached(grid, kept, keys, front, deadline)
        if missing:
            pairs = tuple(np.searchsorted(grid.required, kept.required).tolist())
            members = pairs, clash.mentors, clash.quota_minimums, clash.quota_maximums
            mends = _mends(grid, RulesClash(*members), keys, front, deadline)
            raise RulesClash(*members, mends=mends)
        keys, missing = _reached(grid, every, keys, front, deadline)
    return keys


def _mends(
    grid: Grid, clash: RulesClash, keys: IndexVector, front: Front, deadline: float | None
) -> tuple[Relaxation, ...]:
    """Single changes after which all rules hold among all pairs; none where the time is up before."""
    problem = grid.listed(grid.required)

    def missing(rule: Rule, number: int) -> int:
        nonlocal keys
        other = changed(problem, rule, number)
        rules = _Rules(grid.required[other.required], other.capacity, other.minimum, other.quotas)
        keys, left = _reached(grid, rules, keys, front, deadline)
        return left

    eligible = np.zeros_like(grid.capacity)
    for i in {*clash.mentors, *problem.mentor[list(clash.pairs)].tolist()}:
        eligible[i] = len(grid.mentees_of(i))
    try:
        return relaxations(problem, clash, missing=missing, eligible=eligible)
    except TimeLimitError:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    """Required pairs by key, places, minimums and quotas: those of a grid, some of them, or others."""

    required: IndexVector
    capacity: IntVector
    minimum: IntVector
    quotas: tuple[Quota, ...]

    @classmethod
    def kept(cls, grid: Grid, keys: IndexVector, clash: RulesClash) -> _Rules:
        """Those of a clash found in the problem of some pairs."""
        minimum = np.zeros_like(grid.minimum)
        minimum[list(clash.mentors)] = grid.minimum[list(clash.mentors)]
        quotas = tuple(
            replace(
                quota,
                minimum=quota.minimum if k in clash.quota_minimums else 0,
                maximum=quota.maximum if k in clash.quota_maximums else None,
            )
            for k, quota in enumerate(grid.quotas)
        )
        return cls(keys[list(clash.pairs)], grid.capacity, minimum, quotas)

    def of(self, grid: Grid, keys: IndexVector) -> Problem:
        """The problem of some pairs under these rules."""
        required = found(self.required, keys)[1]
        return replace(
            grid.listed(keys),
            required=required,
            capacity=self.capacity,
            minimum=self.minimum,
            quotas=self.quotas,
        )


def _reached(
    grid: Grid, rules: _Rules, keys: IndexVector, front: Front, deadline: float | None
) -> tuple[IndexVector, int]:
    """Fill minimums as far as all pairs can, those it takes joining the pool; tell how much is not filled.

    Other pairs than those that fill some are left out of it: of mentors who must have somebody, and required.
    """
    asked = rules.minimum > 0 if not rules.quotas else np.ones(len(rules.minimum), np.bool_)
    few = keys[asked[grid.pairs(keys)[0]] | found(rules.required, keys)[1]]
    while True:
        if deadline is not None and time.monotonic() >= deadline:
            raise TimeLimitError("The time limit came before any pairing was found.")
        filled = _Filled(build(rules.of(grid, few)))
        if filled.clashes or not filled.left:
            break
        prices = filled.prices()
        # Where a place costs less than anybody pays, nobody is called for.
        prices[1 : 1 + len(asked)][~asked] = prices.min()
        wanted = front.violated(_RULES, prices).keys
        new = wanted[~found(few, wanted)[1]]
        if not len(new):
            break
        few = merged(few, new)
    return merged(keys, few), filled.left


class _Filled:
    """A network's minimums filled as far as its pairs can; how much is ``left``.

    It ``clashes`` where a minimum is above what can be had, whatever the pairs.
    """

    def __init__(self, network: Network) -> None:
        self.left, self.clashes = 1, bool(np.any(network.low > network.up))
        if self.clashes:
            return
        self._asking = asking = _asking(network)
        self._cost = np.zeros(len(asking.tail), np.int64)
        self._cost[: len(network.low)][network.low > 0] = -1
        self._arcs = np.flatnonzero(asking.up > 0)
        flow = cheapest_flow(asking, self._cost, asking.low, self._arcs)
        if flow is None:
            raise InternalError("A pairing without minimums was not found.")
        self._flow, self.left = flow, int(network.low.sum()) + int(self._cost @ flow)

    def prices(self) -> IntVector:
        """Prices [N] that prove no flow on this network fills more."""
        return canonical_prices(self._asking, self._cost, self._flow, self._arcs, bound=1)


def _asking(network: Network) -> Network:
    """The network where minimums are wishes: an arc for what is asked, and another for what goes beyond."""
    low, up = network.low, network.up
    both = np.flatnonzero((low > 0) & (low < up))
    most = np.where(low > 0, low, up)
    return replace(
        network,
        tail=np.concatenate([network.tail, network.tail[both]]),
        head=np.concatenate([network.head, network.head[both]]),
        low=np.zeros(len(low) + len(both), np.int64),
        up=np.concatenate([most, (up - low)[both]]),
    )
