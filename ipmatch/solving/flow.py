"""The door to OR-Tools: minimum-cost flow, integers in and integers out."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network

__all__ = ["cheapest_flow"]


def cheapest_flow(network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector) -> IntVector | None:
    """Return a cheapest circulation [A] of those that equal ``flow`` outside ``arcs``, or None.

    Nothing is taken on trust: whoever calls proves the answer by its prices.

    Parameters
    ----------
    network, cost
        [A] cost of a unit on each arc.
    flow
        [A] the flow of the arcs that are not to change; entries at ``arcs`` are ignored.
    arcs
        The arcs whose flow is free between their bounds.

    Raises
    ------
    InternalError
        If OR-Tools gives up, for whatever reason but infeasibility.
    """
    base = flow.copy()
    base[arcs] = network.low[arcs]
    loaded = np.flatnonzero(base)
    if np.any(network.low > network.up):
        return None
    supply = np.zeros(network.nodes, np.int64)
    np.add.at(supply, network.head[loaded], base[loaded])
    np.subtract.at(supply, network.tail[loaded], base[loaded])
    arcs = arcs[network.low[arcs] < network.up[arcs]]
    if not supply.any() and not cost[arcs].any():
        return base
    solver = min_cost_flow.SimpleMinCostFlow()
    identifiers = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail[arcs].astype(np.int32),
        network.head[arcs].astype(np.int32),
        network.up[arcs] - network.low[arcs],
        cost[arcs],
    )
    solver.set_nodes_supplies(np.arange(network.nodes, dtype=np.int32), supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise InternalError(f"The flow solver stopped with {status.name}.")
    base[arcs] += solver.flows(identifiers)
    return base
