"""Good multipliers for rows, and the exact bound they give together with one flow."""

from __future__ import annotations

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.pool import AT_ONCE, thinned
from ipmatch.solving.prices import canonical_prices, largest_price, reduced_cost
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows import highs
from ipmatch.solving.rows.bounds import Proof, largest_unit_cost
from ipmatch.solving.rows.space import Space

__all__ = ["prove", "relax"]

UNITS = (5040, 60, 1)
"""Denominators of multipliers, the finest that fits: highly composite, so that most ratios are exact."""
TOLERANCE = 1e-6
"""HiGHS calls a reduced cost zero within 1e-7; an error here costs tightness, never truth."""


def relax(
    space: Space,
    cost: IntVector,
    pool: BoolVector,
    *,
    penalty: float | None = None,
    deadline: float | None = None,
) -> highs.Relaxed | None:
    """Find a cheapest fractional flow of the space, or None; adds to ``pool`` [A] the arcs it needs.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapters 16 and 17.5.
    """
    free = space.free()
    while True:
        found = highs.relaxed(space, cost, free[pool[free]], penalty=penalty, deadline=deadline)
        if found is None and penalty is not None:
            # Rows may break, so the network itself needs arcs the pool has not.
            if pool[free].all():
                return None
            pool[free] = True
            continue
        if found is None:
            # First what keeps the rows whole, whatever it costs.
            nothing = np.zeros_like(cost)
            whole = relax(space, nothing, pool, penalty=1, deadline=deadline)
            if whole is None or whole.broken > TOLERANCE:
                return None
            found = highs.relaxed(space, cost, free[pool[free]], deadline=deadline)
            if found is None:
                return None
        dear = cost.astype(np.float64)
        np.add.at(dear, space.arc, found.multipliers[space.row] * space.coefficient)
        network = space.network
        reduced = (dear + found.prices[network.head] - found.prices[network.tail])[free]
        worth_adding = (reduced < -TOLERANCE) & ~pool[free]
        if not worth_adding.any():
            return found
        _add(space, pool, free[worth_adding], reduced[worth_adding])


def prove(
    space: Space, cost: IntVector, multipliers: highs.FloatVector, pool: BoolVector
) -> tuple[Proof, IntVector]:
    """Round the multipliers [R], and find the flow [A] and the prices that give their exact bound.

    Raises
    ------
    InternalError
        If the network has no circulation at all.
    """
    network, free = space.network, space.free()
    denominator, whole = _rounded(space, cost, multipliers)
    weighted = space.weighted(cost, denominator, whole)
    bound = int(np.abs(weighted).max(initial=0))
    while True:
        arcs = free[pool[free]]
        flow = cheapest_flow(network, weighted, network.low, arcs)
        if flow is None:
            if pool[free].all():
                raise InternalError("The network of a space holds no flow.")
            pool[free] = True
            continue
        prices = canonical_prices(network, weighted, flow, arcs, bound=bound)
        reduced = reduced_cost(network, weighted, prices, free)
        worth_adding = (reduced < 0) & ~pool[free]
        if not worth_adding.any():
            return Proof(denominator, whole, prices), flow
        _add(space, pool, free[worth_adding], reduced[worth_adding])


def _add(space: Space, pool: BoolVector, arcs: IndexVector, reduced: IntVector | highs.FloatVector) -> None:
    pairs = space.network.pairs
    if len(arcs) > AT_ONCE * space.network.nodes:
        among = (pairs.start <= arcs) & (arcs < pairs.stop)
        pool[arcs[~among]] = True
        chosen = thinned(space.network.problem, arcs[among] - pairs.start, reduced[among], AT_ONCE)
        arcs = pairs.start + chosen
    pool[arcs] = True


def _rounded(space: Space, cost: IntVector, multipliers: highs.FloatVector) -> tuple[int, IntVector]:
    """Round to multiples of the finest unit that keeps numbers within range; divide out what all share."""
    bound = int(np.abs(cost).max(initial=0))
    for unit in UNITS:
        rounded = np.round(multipliers * unit)
        if np.abs(rounded).max(initial=0) < LARGEST:
            whole = rounded.astype(np.int64)
            largest = largest_unit_cost(space, bound, unit, whole)
            if largest_price(space.network, largest) < LARGEST // 2:
                common = int(np.gcd.reduce(whole, initial=unit))
                return unit // common, whole // common
    return 1, np.zeros(len(space.low), np.int64)
