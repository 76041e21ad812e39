"""The door to OR-Tools: minimum-cost flow, integers in and integers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import min_cost_flow

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, residual
from ipmatch.solving.paths import on_cycles
from ipmatch.solving.ties import pairs_among

if TYPE_CHECKING:
    from ortools.graph.python import max_flow

__all__ = ["best_flow", "cheapest_flow", "improved_flow"]

FEW = 100_000
"""So many steps are solved sooner than those on cycles are found, whose library loads slowly."""


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
    room = network.up[arcs] - network.low[arcs]
    units = _units(_asked(network.tail[arcs], network.head[arcs], room, cost[arcs], supply))
    if units is None:
        return None
    base[arcs] += units
    return base


def improved_flow(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector
) -> IntVector:
    """Return a cheapest circulation [A] of those that equal ``flow`` [A], itself one, outside ``arcs``.

    Only the difference is asked for, at reduced costs: the better the prices [N], the less there is to do.
    Prices by which few arcs are wrong make it much faster than to begin anew.

    Raises
    ------
    InternalError
        If OR-Tools gives up.
    """
    asked = _difference(network, cost, flow, arcs, prices)
    if asked is None:
        return flow
    solver, arc, sign = asked
    units = _units(solver)
    if units is None:
        raise InternalError("The flow solver lost a flow that it was given.")
    changed = flow.copy()
    np.add.at(changed, arc, sign * units)
    return changed


def _difference(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector
) -> tuple[min_cost_flow.SimpleMinCostFlow, IndexVector, IntVector] | None:
    """A solver asked for the difference, and arc and sign of each of its steps; None if there is none.

    In a frame of its own: what it takes to ask is forgotten before the solver needs as much.
    """
    tail, head, arc, sign = residual(network, flow, arcs)
    room = _room(network, flow, arc, sign)
    reduced = sign * cost[arc] + prices[head] - prices[tail]
    wrong = reduced < 0
    # No change for the better holds a step that costs more than all wrong ones together gain, or one that is
    # on no cycle.
    # A little more than the sum does no harm, and floats hold it however large it is.
    most = 1.001 * float(-reduced[wrong].astype(np.float64) @ room[wrong])
    near = np.flatnonzero(reduced <= most)
    if len(near) > FEW:
        near = near[on_cycles(network.nodes, tail[near], head[near])]
    if not wrong[near].any():
        return None
    nothing = np.zeros(network.nodes, np.int64)
    return _asked(tail[near], head[near], room[near], reduced[near], nothing), arc[near], sign[near]


def best_flow(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector
) -> IntVector:
    """Return what ``improved_flow`` does; where a level only counts who is placed, by a largest flow instead.

    Raises
    ------
    InternalError
        If OR-Tools gives up.
    """
    counted = arcs[cost[arcs] != 0]
    if not len(counted):
        return flow
    first, open_arcs = network.first, np.flatnonzero(network.low < network.up)
    only_counts = (cost[counted] == -1).all() and ((counted >= first.start) & (counted < first.stop)).all()
    # Pairs alone may be fixed: they tell what all other arcs carry. Nor may quotas count mentees.
    beside, all_beside = (len(some) - len(pairs_among(network, some)) for some in (arcs, open_arcs))
    if only_counts and beside == all_beside and not len(network.mentee_tree.low):
        return _largest_flow(network, flow, arcs, counted)
    return improved_flow(network, cost, flow, arcs, prices)


def _largest_flow(network: Network, flow: IntVector, arcs: IndexVector, counted: IndexVector) -> IntVector:
    """Put as many units as can be on the arcs ``counted``, which are first units of mentees.

    Nobody who is placed need lose their place for that: ways to more units begin at the root and end at those
    who are not placed. Whoever wants several mentors has room for all of them beyond: that node is the root.
    """
    solver, arc, sign = _more_units(network, flow, arcs, counted)
    if solver.solve(0, network.nodes) != solver.OPTIMAL:
        raise InternalError("The flow solver found no largest flow.")
    changed = flow.copy()
    np.add.at(changed, arc, sign * solver.flows(np.arange(len(arc), dtype=np.int32)))
    return network.flow_of(changed[network.pairs] == 1)


def _more_units(
    network: Network, flow: IntVector, arcs: IndexVector, counted: IndexVector
) -> tuple[max_flow.SimpleMaxFlow, IndexVector, IntVector]:
    """A solver asked for more units from the root, and arc and sign of each step but the last ones."""
    from ortools.graph.python import max_flow  # small cohorts do without

    others = np.ones(len(network.tail), np.bool_)
    others[counted] = False
    tail, head, arc, sign = residual(network, flow, arcs[others[arcs]])
    room = _room(network, flow, arc, sign)
    node = np.arange(network.nodes)
    node[network.tail[network.out]] = 0
    waiting = network.tail[counted[flow[counted] == 0]]
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate([node[tail], waiting]).astype(np.int32),
        np.concatenate([node[head], np.full(len(waiting), network.nodes)]).astype(np.int32),
        np.concatenate([room, np.ones(len(waiting), np.int64)]),
    )
    return solver, arc, sign


def _room(network: Network, flow: IntVector, arc: IndexVector, sign: IntVector) -> IntVector:
    """How many units fit on each step of a residual graph."""
    return np.where(sign > 0, network.up[arc] - flow[arc], flow[arc] - network.low[arc])


def _asked(
    tail: IndexVector, head: IndexVector, room: IntVector, cost: IntVector, supply: IntVector
) -> min_cost_flow.SimpleMinCostFlow:
    """A solver of OR-Tools that is asked for the units on each arc."""
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail.astype(np.int32), head.astype(np.int32), room, cost)
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    return solver


def _units(solver: min_cost_flow.SimpleMinCostFlow) -> IntVector | None:
    """The units on each arc; None if there are none that meet the supplies."""
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise InternalError(f"The flow solver stopped with {status.name}.")
    units: IntVector = solver.flows(np.arange(solver.num_arcs(), dtype=np.int32))
    return units
