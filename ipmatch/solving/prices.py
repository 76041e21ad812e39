"""The canonical prices of a flow: they prove it optimal and depend on nothing but the problem."""

from __future__ import annotations

from operator import mul

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, residual
from ipmatch.solving.paths import Graph

__all__ = ["canonical_prices", "largest_price", "least_cost", "reduced_cost"]


def largest_price(network: Network, bound: int) -> int:
    """Return the price of a node that cannot reach the root, for gains up to ``bound``."""
    return 4 * (network.nodes + 1) * (bound + 1)


def canonical_prices(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, *, bound: int
) -> IntVector:
    """Find the greatest prices [N] that prove ``flow`` optimal on ``arcs``, the root's being 0.

    The price of a node is its distance to the root in the residual graph. Which prices are feasible does not
    depend on the optimal flow at hand, so neither does the greatest of them, whatever solver found the flow.

    Parameters
    ----------
    network, cost, flow
        [A] cost and flow of each arc of the network.
    arcs
        The arcs whose flow may change.
    bound
        The largest absolute cost the policy allows.

    Raises
    ------
    InternalError
        If the flow is not optimal.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 9.3.
    """
    tail, head, arc, sign = residual(network, flow, arcs)
    graph, steps = Graph(network.nodes, tail, head), sign * cost[arc]
    largest = largest_price(network, bound)
    prices = np.full(network.nodes, largest)
    prices[0] = 0
    graph.relax(steps, prices, np.array([0]))
    # Nodes cut off from the root still need prices that agree with one another.
    graph.relax(steps, prices, np.flatnonzero(prices == largest))
    return prices


def reduced_cost(network: Network, cost: IntVector, prices: IntVector, arcs: IndexVector) -> IntVector:
    """Return what a unit more on each of ``arcs`` costs at the given prices [N]."""
    reduced: IntVector = cost[arcs]
    # In place: on millions of pairs fresh memory costs more than the sums.
    reduced += prices[network.head[arcs]]
    reduced -= prices[network.tail[arcs]]
    return reduced


def least_cost(
    network: Network, cost: IntVector, prices: IntVector, flow: IntVector, arcs: IndexVector
) -> int:
    """Return a bound that no circulation which equals ``flow`` [A] outside ``arcs`` can cost less than.

    Whatever the prices, a circulation costs as much as it costs reduced: each arc is put where that is least.
    """
    reduced = reduced_cost(network, cost, prices, np.arange(len(cost)))
    units = flow.copy()
    units[arcs] = np.where(reduced[arcs] > 0, network.low[arcs], network.up[arcs])
    counted = np.flatnonzero((reduced != 0) & (units != 0))
    # In Python's integers, for prices of unknown origin may be huge.
    return sum(map(mul, reduced[counted].tolist(), units[counted].tolist()))
