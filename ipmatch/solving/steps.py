"""The steps by which a best pairing can change, and the shortest way along them, all levels at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeAlias

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, residual
from ipmatch.solving.paths import Graph
from ipmatch.solving.problem import LARGEST, Level

__all__ = ["Rerouted", "Steps", "Tie"]

Step: TypeAlias = tuple[int, int, int]
"""What it costs more than the best, the node it comes from, and which it is: arc * 2, and 1 to take back."""


class Tie(Exception):
    """Two ways are equally short."""


@dataclass(slots=True)
class Rerouted:
    """What one question has changed so far.

    Attributes
    ----------
    gone
        The nodes that nothing passes any more.
    barred
        The arcs whose flow stays as it is.
    units
        The units more, or fewer, on the arcs that the question or ways have changed.
    nearer, back
        By how much ways have brought nodes nearer, and the steps into each that ways have opened.
    """

    gone: Collection[int] = ()
    barred: Collection[int] = ()
    units: dict[int, int] = field(default_factory=dict)
    nearer: dict[int, int] = field(default_factory=dict)
    back: dict[int, list[Step]] = field(default_factory=dict)


class Steps:
    """The residual graph of a pairing that is the one best by its levels.

    Beside the distances from the root no step costs less than nothing, compared first level first. So
    Dijkstra's method finds shortest ways, from their ends: those that begin at the root are found at once.
    The levels of a cost are the digits of one whole number, as long as need be.

    Parameters
    ----------
    network, flow
        A circulation [A] of the network.
    levels
        What ``flow`` is best by, first level first.
    most
        How many ways one question may take one after the other.

    Raises
    ------
    InternalError
        If the flow is not cheapest.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, sections 4.5 (Dijkstra) and 9.7 (successive shortest
    paths).
    """

    def __init__(self, network: Network, flow: IntVector, levels: Iterable[Level], *, most: int) -> None:
        self._network, self._flow = network, flow
        tail, head, arc, sign = residual(network, flow, np.flatnonzero(network.low < network.up))
        order = np.argsort(head, kind="stable")
        tail, head, arc, sign = tail[order], head[order], arc[order], sign[order]
        self._bounds = np.searchsorted(head, np.arange(network.nodes + 1)).tolist()
        # One level at a time: of millions of pairs all their costs would take much room.
        costs = (sign * network.cost(level)[arc] for level in levels)
        self._costs = _reduced(network.nodes, tail, head, (cost for cost in costs if cost.any()))
        self._tail, self._code = tail.astype(np.int32), (2 * arc + (sign < 0)).astype(np.int32)
        # Every further way may be that much longer than one before, and no digit may ever carry.
        self._widths = [
            (network.nodes * int(np.abs(cost).max(initial=0))).bit_length() + 3 * most + 3
            for cost in self._costs
        ]
        self._known: dict[int, list[Step]] = {}

    def carry(self, sources: Collection[int], goal: int, change: Rerouted) -> int | None:
        """Carry a unit to a node from the nearest of ``sources``, and return which; None if none reaches it.

        Raises
        ------
        Tie
            If another way from there is as short.
        """
        nearer = change.nearer
        length, onward = dict[int, int](), dict[int, tuple[int, Step]]()
        tied, source, best = set[int](), None, 0
        # A node that is reached, or (by its complement) the next of its steps to be looked at.
        heap: list[tuple[int, int, tuple[int, Step]]] = [(0, goal, (goal, (0, goal, -1)))]
        while heap and (source is None or heap[0][0] <= best):
            far, node, (place, step) = heappop(heap)
            if node < 0:
                node, steps = ~node, self._steps(~node)
                base, looked_at = length[node] + nearer.get(node, 0), [step]
                if place + 1 < len(steps):
                    heappush(heap, (base + steps[place + 1][0], ~node, (place + 1, steps[place + 1])))
            elif node in length:
                if far == length[node] and place != onward[node][0] and not _passes(onward, place, node):
                    tied.add(node)
                continue
            else:
                length[node], onward[node] = far, (place, step)
                if source is None and node in sources:
                    source, best = node, far
                base, looked_at = far + nearer.get(node, 0), change.back.get(node, [])
                if steps := self._steps(node):
                    heappush(heap, (base + steps[0][0], ~node, (0, steps[0])))
            for step in looked_at:
                cost, tail, _ = step
                if tail not in change.gone and self._is_open(step, change):
                    far = base + cost - nearer.get(tail, 0)
                    if length.get(tail, far) == far:
                        heappush(heap, (far, tail, (node, step)))
        if source is not None:
            self._take(source, goal, onward, tied, change)
            for node, far in length.items():
                if far < best:
                    nearer[node] = nearer.get(node, 0) + far - best
        return source

    def _take(
        self,
        source: int,
        goal: int,
        onward: dict[int, tuple[int, Step]],
        tied: Collection[int],
        change: Rerouted,
    ) -> None:
        """Put one unit on each arc of the way found, and let the next way take it back."""
        node = source
        while node != goal:
            if node in tied:
                raise Tie
            then, (cost, _, code) = onward[node]
            arc, takes_back = divmod(code, 2)
            change.units[arc] = change.units.get(arc, 0) + (-1 if takes_back else 1)
            flow = self._flow[arc]
            if not (flow < self._network.up[arc] if takes_back else flow > self._network.low[arc]):
                change.back.setdefault(node, []).append((-cost, then, code ^ 1))
            node = then

    def _is_open(self, step: Step, change: Rerouted) -> bool:
        """Whether the arc of a step has a unit's room left."""
        arc, takes_back = divmod(step[2], 2)
        if arc in change.barred:
            return False
        units = change.units.get(arc)
        if units is None:
            return True
        flow = int(self._flow[arc]) + units
        return bool(flow > self._network.low[arc] if takes_back else flow < self._network.up[arc])

    def _steps(self, node: int) -> list[Step]:
        """The steps into a node, cheapest first."""
        if node not in self._known:
            own = slice(*self._bounds[node : node + 2])
            length = np.zeros(own.stop - own.start, object)
            for cost, width in zip(self._costs, self._widths, strict=True):
                length = (length << width) + cost[own]
            steps = zip(length.tolist(), self._tail[own].tolist(), self._code[own].tolist(), strict=True)
            self._known[node] = sorted(steps)
        return self._known[node]


def _passes(onward: dict[int, tuple[int, Step]], node: int, through: int) -> bool:
    """Whether the way found from a node passes another one."""
    while node != through and onward[node][0] != node:
        node = onward[node][0]
    return node == through


def _reduced(nodes: int, tail: IndexVector, head: IndexVector, costs: Iterable[IntVector]) -> list[IntVector]:
    """For each level what each step costs more than the shortest way from the root, in as few bits as do.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 5.6 (Johnson's reweighting).
    """
    reduced = list[IntVector]()
    tight, begins = np.ones(len(tail), np.bool_), np.ones(nodes, np.bool_)
    for cost in costs:
        # Nodes that the root does not reach begin somewhere too, but farther away than any that it does.
        far = 0 if reduced else 1 + 2 * nodes * int(np.abs(cost).max(initial=0))
        start = np.where(begins, far, LARGEST)
        start[0] = 0
        distance, steps = start.copy(), np.flatnonzero(tight)
        Graph(nodes, head[steps], tail[steps]).relax(cost[steps], distance, np.flatnonzero(begins))
        more = cost + distance[tail] - distance[head]
        # Only shortest ways may go on to the next level.
        tight &= more == 0
        begins &= distance == start
        reduced.append(more.astype(np.min_scalar_type(-int(np.abs(more).max(initial=0)) - 1)))
    return reduced
