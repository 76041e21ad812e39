"""The canonical prices of a flow: they prove it optimal and depend on nothing but the problem."""

from __future__ import annotations

from operator import mul

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, residual
from ipmatch.solving.paths import Graph

__all__ = [
    "canonical_prices",
    "largest_price",
    "least_cost",
    "least_prices",
    "least_prices_soon",
    "lowered_prices",
    "prices_soon",
    "raised_prices",
    "reduced_cost",
]

PART = 1 << 15
"""So many arcs are worked on together: few enough to stay in the processor's cache."""
ROUNDS = 64
"""So many rounds cost as much as a small flow; prices that settle later are rare."""


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
    prices = prices_soon(network, cost, flow, arcs, bound=bound, within=network.nodes)
    if prices is None:
        raise InternalError("A cycle of negative cost remains: the flow is not optimal.")
    return prices


def prices_soon(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, *, bound: int, within: int = ROUNDS
) -> IntVector | None:
    """As ``canonical_prices``, within so many rounds; None if they do not suffice.

    As a rule because the flow is not optimal; as many rounds as nodes always suffice for one that is.
    """
    tail, head, arc, sign = residual(network, flow, arcs)
    graph, steps = Graph(network.nodes, tail, head), sign * cost[arc]
    largest = largest_price(network, bound)
    prices = np.full(network.nodes, largest)
    prices[0] = 0
    # Nodes cut off from the root still need prices that agree with one another.
    settled = graph.settles(steps, prices, np.array([0]), within=within) and graph.settles(
        steps, prices, np.flatnonzero(prices == largest), within=within
    )
    # With a cheaper way back to itself the root would cost less than nothing.
    return prices if settled and prices[0] == 0 else None


def lowered_prices(
    network: Network,
    cost: IntVector,
    flow: IntVector,
    arcs: IndexVector,
    prices: IntVector,
    entering: IndexVector,
) -> IntVector | None:
    """Find the canonical prices [N] once ``entering`` arcs are among ``arcs``, from those without them.

    None if they are not soon found: as a rule because the flow is no longer optimal.
    """
    tail, head, arc, sign = residual(network, flow, arcs)
    lowered = prices.copy()
    settled = Graph(network.nodes, tail, head).settles(
        sign * cost[arc], lowered, network.head[entering], within=ROUNDS
    )
    return lowered if settled and lowered[0] == 0 else None


def least_prices(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, *, bound: int
) -> IntVector:
    """Find low prices [N] that prove ``flow`` optimal on ``arcs``, the root's being 0.

    They are the least of those not below ``-bound``; where there are none, all are as much lower as it takes.
    Unlike the canonical ones they stay near the gains. Parameters and errors are those of
    ``canonical_prices``.
    """
    prices, are_settled = least_prices_soon(network, cost, flow, arcs, bound=bound, within=network.nodes)
    if not are_settled:
        raise InternalError("A cycle of negative cost remains: the flow is not optimal.")
    return prices


def least_prices_soon(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, *, bound: int, within: int = ROUNDS
) -> tuple[IntVector, bool]:
    """As ``least_prices``, within so many rounds; and whether they sufficed: if not, some arcs are wrong."""
    tail, head, arc, sign = residual(network, flow, arcs)
    prices = np.full(network.nodes, bound)
    prices[0] = 0
    graph, every = Graph(network.nodes, head, tail), np.arange(network.nodes)
    are_settled = graph.settles(sign * cost[arc], prices, every, within=within)
    return prices[0] - prices, are_settled


def raised_prices(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector
) -> IntVector | None:
    """Raise prices [N] that prove ``flow`` optimal on some of ``arcs`` until they prove it on all of them.

    None if they are not soon high enough: as a rule because the flow is not optimal.
    """
    tail, head, arc, sign = residual(network, flow, arcs)
    steps = sign * cost[arc]
    short = steps + prices[head] - prices[tail] < 0
    lowered = -prices
    settled = Graph(network.nodes, head, tail).settles(
        steps, lowered, np.flatnonzero(np.bincount(tail[short])), within=ROUNDS
    )
    return -lowered if settled and lowered[0] == 0 else None


def reduced_cost(network: Network, cost: IntVector, prices: IntVector, arcs: IndexVector) -> IntVector:
    """Return what a unit more on each of ``arcs`` costs at the given prices [N]."""
    reduced = np.empty(len(arcs), np.int64)
    # Part by part: on millions of pairs fresh memory costs more than the sums.
    for start in range(0, len(arcs), PART):
        part = slice(start, start + PART)
        some = arcs[part]
        np.add(cost[some], prices[network.head[some]], out=reduced[part])
        reduced[part] -= prices[network.tail[some]]
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
