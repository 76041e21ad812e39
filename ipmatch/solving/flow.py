"""The door to OR-Tools: minimum-cost flow, integers in and integers out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.memory import memory_returned
from ipmatch.solving.network import Network
from ipmatch.solving.paths import on_cycles
from ipmatch.solving.prices import reduced_cost

__all__ = ["cheapest_flow", "improved_flow", "largest_flow"]

APART = 1 << 10
"""How many times as large costs are made where small numbers are to tell them apart."""
FEW = 250_000
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
    units = _units(
        _asked(*_ends(network, arcs, len(arcs)), _room(network, base, arcs, len(arcs)), cost[arcs], supply)
    )
    if units is None:
        return None
    base[arcs] += units
    return base


def improved_flow(
    network: Network,
    cost: IntVector,
    flow: IntVector,
    arcs: IndexVector,
    prices: IntVector,
    *,
    nearly: bool = False,
) -> IntVector:
    """Return a cheapest circulation [A] of those that equal ``flow`` [A], itself one, outside ``arcs``.

    Only the difference is asked for, at reduced costs: the better the prices [N], the less there is to do.
    Prices by which few arcs are wrong make it much faster than to begin anew. If ``nearly`` is enough, a few
    units may cost more than they need: many arcs of the same cost are told apart by small numbers then.

    Raises
    ------
    InternalError
        If OR-Tools gives up.
    """
    asked = _difference(network, cost, flow, arcs, prices, nearly)
    if asked is None:
        return flow
    solver, arc, cut = asked
    units = _units(solver)
    if units is None:
        raise InternalError("The flow solver lost a flow that it was given.")
    changed = flow.copy()
    changed[arc[:cut]] += units[:cut]
    changed[arc[cut:]] -= units[cut:]
    return changed


def _difference(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector, nearly: bool
) -> tuple[min_cost_flow.SimpleMinCostFlow, IndexVector, int] | None:
    """A solver asked for the difference, arc and cut of its steps as ``_steps`` says; None if there is none.

    In a frame of its own, and with as few arrays at a time as can be: what it takes to ask is forgotten
    before the solver needs as much.
    """
    arc, cut = _steps(network, flow, arcs)
    reduced = reduced_cost(network, cost, prices, arc)
    np.negative(reduced[cut:], out=reduced[cut:])
    wrong = np.flatnonzero(reduced < 0)
    room = _room(network, flow, arc[wrong], int(np.searchsorted(wrong, cut)))
    # No change for the better holds a step that costs more than all wrong ones together gain, or one that is
    # on no cycle.
    # A little more than the sum does no harm, and floats hold it however large it is.
    most = 1.001 * float(-reduced[wrong].astype(np.float64) @ room)
    near = np.flatnonzero(reduced <= most)
    arc, reduced, cut = arc[near], reduced[near], int(np.searchsorted(near, cut))
    del near
    tail, head = _ends(network, arc, cut)
    if len(arc) > FEW:
        near = np.flatnonzero(on_cycles(network.nodes, tail, head))
        arc, reduced, cut = arc[near], reduced[near], int(np.searchsorted(near, cut))
        tail, head = tail[near], head[near]
    if not (reduced < 0).any():
        return None
    if nearly:
        _tell_apart(reduced, network.nodes)
    nothing = np.zeros(network.nodes, np.int64)
    return _asked(tail, head, _room(network, flow, arc, cut), reduced, nothing), arc, cut


def _tell_apart(cost: IntVector, nodes: int) -> None:
    """Add small numbers to costs, in place: among ties a solver wanders, and takes twice as long.

    So little that a flow which is the cheapest by the sum is as a rule the cheapest without.
    """
    finest = max(1, int(np.gcd.reduce(cost)))
    largest = max(int(cost.max()), -int(cost.min())) // finest
    if (largest + 1) * APART * (nodes + 3) < 2**60:
        np.floor_divide(cost, finest, out=cost)
        cost *= APART
        cost += (np.arange(len(cost)) * 0x9E3779B1 >> 7) % (APART >> 4)


def largest_flow(
    tail: npt.NDArray[np.int32], head: npt.NDArray[np.int32], room: IntVector, start: int, end: int
) -> tuple[IntVector, IndexVector]:
    """Send as much as can be from one node to another along steps; which nodes more would reach.

    Parameters
    ----------
    tail, head, room
        [steps] the ends of each step, and how many units fit on it.

    Returns
    -------
    tuple
        [steps] the units on each, and the nodes that the start still reaches.

    Raises
    ------
    InternalError
        If OR-Tools gives up.
    """
    from ortools.graph.python import max_flow  # small cohorts do without

    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, room)
    if solver.solve(start, end) != solver.OPTIMAL:
        raise InternalError("The flow solver found no largest flow.")
    units: IntVector = solver.flows(np.arange(len(tail), dtype=np.int32))
    return units, np.array(solver.get_source_side_min_cut(), np.int64)


def _steps(network: Network, flow: IntVector, arcs: IndexVector) -> tuple[IndexVector, int]:
    """The arc of each step by which a flow can change: a unit more on those before a cut, fewer after it."""
    onward, back = arcs[flow[arcs] < network.up[arcs]], arcs[flow[arcs] > network.low[arcs]]
    return np.concatenate([onward, back]), len(onward)


def _ends(
    network: Network, arc: IndexVector, cut: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Tail and head of each step: along the arcs before a cut, against those after it."""
    tail, head = np.empty(len(arc), np.int32), np.empty(len(arc), np.int32)
    for part, ends in ((slice(cut), (tail, head)), (slice(cut, None), (head, tail))):
        ends[0][part], ends[1][part] = network.tail[arc[part]], network.head[arc[part]]
    return tail, head


def _room(network: Network, flow: IntVector, arc: IndexVector, cut: int) -> IntVector:
    """How many units fit on each step: more on the arcs before a cut, fewer on those after it."""
    room = flow[arc]
    np.subtract(network.up[arc[:cut]], room[:cut], out=room[:cut])
    room[cut:] -= network.low[arc[cut:]]
    return room


def _asked(
    tail: npt.NDArray[np.int32],
    head: npt.NDArray[np.int32],
    room: IntVector,
    cost: IntVector,
    supply: IntVector,
) -> min_cost_flow.SimpleMinCostFlow:
    """A solver of OR-Tools that is asked for the units on each arc."""
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    return solver


def _units(solver: min_cost_flow.SimpleMinCostFlow) -> IntVector | None:
    """The units on each arc; None if there are none that meet the supplies."""
    if solver.num_arcs() > FEW:
        memory_returned()
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise InternalError(f"The flow solver stopped with {status.name}.")
    units: IntVector = solver.flows(np.arange(solver.num_arcs(), dtype=np.int32))
    return units
