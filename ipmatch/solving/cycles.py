"""A nearly cheapest flow made cheapest in whole arrays, by the few cycles that its prices call for."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector, merged, sorted_by, stretches
from ipmatch.solving.network import Network
from ipmatch.solving.prices import reduced_cost

__all__ = ["rerouted"]

MOST = 500_000
"""Of more arcs the steps would take too much memory."""
WRONG_OF = 5
"""If more than one arc for so many nodes is wrong, a flow solver is sooner done."""
FOLLOWED = 30
"""So many times each arc may be followed before a flow solver would have been sooner done."""
ROUNDS = 2
"""After so many rounds each, cycles are looked for."""
NEVER = 2**60
"""The cost of a step without room."""


def rerouted(
    network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, prices: IntVector
) -> tuple[IntVector, IntVector] | None:
    """A cheapest circulation [A] of those that equal ``flow`` outside ``arcs``, and prices that prove it.

    None if it is not soon found, as when many arcs are wrong by the given prices [N]; those returned are as
    much higher as it takes, but for the root's.

    References
    ----------
    Cherkassky & Goldberg (1999), Negative-cycle detection algorithms, *Mathematical Programming* 85.
    """
    if len(arcs) > MOST:
        return None
    reduced, now = reduced_cost(network, cost, prices, arcs), flow[arcs]
    wrong = ((reduced < 0) & (now < network.up[arcs])) | ((reduced > 0) & (now > network.low[arcs]))
    if np.count_nonzero(wrong) > network.nodes // WRONG_OF:
        return None
    steps = _Steps(network, cost, flow, arcs, -prices)
    if not steps.settle():
        return None
    changed = flow.copy()
    changed[arcs] = network.low[arcs] + steps.units()
    return changed, steps.distance[0] - steps.distance


class _Steps:
    """All steps by which a flow can change, and back, by the node they start from; and distances [N] by them.

    A step that shortens the way to a node becomes the last step to it. Steps that lead round in a circle cost
    less than nothing.
    """

    def __init__(
        self, network: Network, cost: IntVector, flow: IntVector, arcs: IndexVector, distance: IntVector
    ) -> None:
        tail, head = network.tail[arcs].astype(np.int64), network.head[arcs].astype(np.int64)
        start = np.concatenate([tail, head])
        order = sorted_by(start, network.nodes)
        self._place = np.empty(len(order), np.int64)
        self._place[order] = np.arange(len(order))
        self._back = self._place[(order + len(arcs)) % len(order)]
        self._start, self._goal = start[order], np.concatenate([head, tail])[order]
        self._counts = np.bincount(start, minlength=network.nodes)
        self._first = np.cumsum(self._counts) - self._counts
        self._room = np.concatenate([network.up[arcs] - flow[arcs], flow[arcs] - network.low[arcs]])[order]
        self._cost = np.concatenate([cost[arcs], -cost[arcs]])[order]
        self._now = np.where(self._room > 0, self._cost, NEVER)
        self._last = np.full(network.nodes, -1)
        self._is_nearer = np.zeros(network.nodes, np.bool_)
        self.distance = distance

    def units(self) -> IntVector:
        """What flows on each arc beyond the least it must."""
        units: IntVector = self._room[self._place[len(self._place) // 2 :]]
        return units

    def settle(self) -> bool:
        """Send units round each circle until no step shortens a way; False if that is not soon so."""
        short = self._now + self.distance[self._start] < self.distance[self._goal]
        changed, left, turn = merged(self._start[short]), FOLLOWED * len(self._place) // 2, 0
        while len(changed) and left > 0:
            turn += 1
            left -= int(self._counts[changed].sum())
            changed = self._follow(changed)
            if not turn % ROUNDS:
                changed = merged(changed, self._turned_round(turn))
        return not len(changed)

    def _follow(self, nodes: IndexVector) -> IndexVector:
        """Follow every step from these nodes; return those to which the way is shorter now."""
        counts = self._counts[nodes]
        steps = stretches(counts, self._first[nodes])
        length = self._now[steps] + np.repeat(self.distance[nodes], counts)
        shorter = np.flatnonzero(length < self.distance[self._goal[steps]])
        steps, length = steps[shorter], length[shorter]
        goal = self._goal[steps]
        np.minimum.at(self.distance, goal, length)
        least = length == self.distance[goal]
        self._last[goal[least]] = steps[least]
        self._is_nearer[goal] = True
        nodes = np.flatnonzero(self._is_nearer)
        self._is_nearer[nodes] = False
        return nodes

    def _turned_round(self, turn: int) -> IndexVector:
        """Send as many units as there is room for round every circle; return the nodes on them."""
        nodes = np.arange(len(self._last))
        before = np.where(self._last >= 0, self._start[self._last], nodes)
        # As a rule no way has more steps than there were rounds: then only circles are left.
        for _ in range(turn.bit_length() + 1):
            before = before[before]
        seen, turned = set[int](), [nodes[:0]]
        for node in merged(before[self._last[before] >= 0]).tolist():
            way = dict[int, None]()
            while node not in seen and self._last[node] >= 0:
                seen.add(node)
                way[node] = None
                node = int(self._start[self._last[node]])
            if node in way:
                every = list(way)
                circle = np.array(every[every.index(node) :])
                self._send(self._last[circle])
                self._last[circle] = -1
                turned.append(circle)
        return np.concatenate(turned)

    def _send(self, circle: IndexVector) -> None:
        """Send as many units along these steps as there is room for."""
        units, back = self._room[circle].min(), self._back[circle]
        self._room[circle] -= units
        self._room[back] += units
        for steps in (circle, back):
            self._now[steps] = np.where(self._room[steps] > 0, self._cost[steps], NEVER)
