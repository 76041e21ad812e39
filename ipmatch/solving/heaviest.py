"""The flow that gives places to the heaviest people, where a level says only what each of them weighs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.flow import improved_flow, largest_flow
from ipmatch.solving.network import Network

__all__ = ["best_flow"]

Nodes = npt.NDArray[np.int32]


def best_flow(
    network: Network,
    cost: IntVector,
    flow: IntVector,
    arcs: IndexVector,
    prices: IntVector,
    *,
    nearly: bool = False,
) -> IntVector:
    """Return what ``improved_flow`` does; sooner where nothing but first units of one side has a cost.

    The people who can have places together are the independent sets of a matroid: its heaviest one has, of
    those above any weight, as many as can be.

    Raises
    ------
    InternalError
        If OR-Tools gives up.

    References
    ----------
    Schrijver (2003), *Combinatorial Optimization*, sections 39.4 and 40.2.
    """
    counted = arcs[(cost[arcs] != 0) & (network.low[arcs] < network.up[arcs])]
    if not len(counted):
        return flow
    free = np.zeros(len(network.tail), np.bool_)
    free[arcs] = True
    # Whoever wants several mentors has room for all of them beyond the first: that node is the root.
    out = np.arange(network.out.start, network.out.stop)
    out = out[free[out] & (network.head[out] == 0)]
    node = np.arange(network.nodes, dtype=np.int32)
    node[network.tail[out]] = 0
    free[counted], free[out] = False, False
    ways = np.flatnonzero(free)
    inner, outer = network.tail, network.head
    if not _within(counted, network.first):
        # Of mentors units come from the root: all the same against the arcs.
        inner, outer = outer, inner
    if (cost[counted] > 0).any() or node[outer[counted]].any() or not _are_of_one_side(network, counted):
        return improved_flow(network, cost, flow, arcs, prices, nearly=nearly)
    search = _Heaviest(network, flow.copy(), ways, node[inner[ways]], node[outer[ways]])
    search.choose(counted, node[inner[counted]], -cost[counted])
    units = np.zeros(network.nodes, np.int64)
    for some in (network.first, network.further):
        np.add.at(units, network.head[some], search.flow[some])
    search.flow[out] = units[network.tail[out]]
    return search.flow


def _are_of_one_side(network: Network, arcs: IndexVector) -> bool:
    return _within(arcs, network.first) or _within(arcs, network.mentor_first)


def _within(arcs: IndexVector, some: slice) -> bool:
    """Whether all these arcs are some."""
    return bool(arcs.min() >= some.start and arcs.max() < some.stop)


class _Heaviest:
    """A ``flow`` [A] that changes on ``ways`` from ``tail`` to ``head``, and by who has a first unit.

    People are in parts between which nobody changes places any more. In each, as many as can be of those
    waiting who weigh at least so much come in, for people of less who go out. Then whatever these still reach
    has nobody of so much waiting, and the rest nobody of less with a place: two parts, each with fewer who
    might still change.
    """

    def __init__(
        self, network: Network, flow: IntVector, ways: IndexVector, tail: Nodes, head: Nodes
    ) -> None:
        self.flow, self._up, self._low = flow, network.up, network.low
        self._ways, self._tail, self._head, self._nodes = ways, tail, head, network.nodes

    def choose(self, people: IndexVector, node: Nodes, weight: IntVector) -> None:
        """Give places to the heaviest people, each by the arc of a first unit and the node it leaves."""
        # First as many as can be, whoever they are: ways to more begin at the root, and end all at once.
        waiting = self.flow[people] == 0
        reached = self._exchanged(people[:0], np.zeros(1, np.int32), people[waiting], node[waiting])
        part = np.where(reached, -1, 0)
        while True:
            placed = self.flow[people] == 1
            part = _open_parts(part, node, weight, placed)
            kept = part[node] >= 0
            people, node, weight, placed = people[kept], node[kept], weight[kept], placed[kept]
            if not len(people):
                return
            kept = (part[self._tail] == part[self._head]) & (part[self._tail] >= 0)
            self._ways, self._tail, self._head = self._ways[kept], self._tail[kept], self._head[kept]
            above = _are_above(part[node], weight, placed)
            leaving, entering = placed & ~above, ~placed & above
            reached = self._exchanged(people[leaving], node[leaving], people[entering], node[entering])
            part = np.where(part < 0, -1, 2 * part + reached)

    def _exchanged(
        self, leaving: IndexVector, starts: Nodes, entering: IndexVector, ends: Nodes
    ) -> BoolVector:
        """Bring in as many as can be; which nodes [N] those who may leave, or the root, still reach."""
        if not len(entering):
            return np.zeros(self._nodes, np.bool_)
        ways, tail, head = self._ways, self._tail, self._head
        more, fewer = self._up[ways] - self.flow[ways], self.flow[ways] - self._low[ways]
        onward, back = np.flatnonzero(more > 0), np.flatnonzero(fewer > 0)
        start, end = np.full_like(starts, self._nodes), np.full_like(ends, self._nodes + 1)
        each = 1 if len(leaving) else len(entering)
        units, reached = largest_flow(
            np.concatenate([tail[onward], head[back], start, ends]),
            np.concatenate([head[onward], tail[back], starts, end]),
            np.concatenate(
                [more[onward], fewer[back], np.full(len(start), each), np.ones(len(end), np.int64)]
            ),
            self._nodes,
            self._nodes + 1,
        )
        cuts = np.cumsum([len(onward), len(back), len(start)])
        on, off, out, into = np.split(units, cuts)
        self.flow[ways[onward]] += on
        self.flow[ways[back]] -= off
        self.flow[leaving] -= out[: len(leaving)]
        self.flow[entering] += into
        are_reached = np.zeros(self._nodes, np.bool_)
        are_reached[reached[reached < self._nodes]] = True
        return are_reached


def _open_parts(part: IndexVector, node: Nodes, weight: IntVector, placed: BoolVector) -> IndexVector:
    """Number the parts [N] where somebody waiting weighs more than somebody placed; all else is -1."""
    known, label = np.unique(part[node], return_inverse=True)
    waiting, least = np.full(len(known), -1), np.full(len(known), np.iinfo(np.int64).max)
    np.maximum.at(waiting, label[~placed], weight[~placed])
    np.minimum.at(least, label[placed], weight[placed])
    known = known[(known >= 0) & (waiting > least)]
    if not len(known):
        return np.full_like(part, -1)
    place = np.minimum(np.searchsorted(known, part), len(known) - 1)
    return np.where(known[place] == part, place, -1)


def _are_above(part: IndexVector, weight: IntVector, placed: BoolVector) -> BoolVector:
    """Whether people weigh as much as the last one in, were those in their part the heaviest there are.

    It is more than somebody there who is in weighs, and no more than somebody waiting does.
    """
    order = np.lexsort((-weight, part))
    count, last = np.bincount(part), np.bincount(part, placed).astype(np.int64) - 1
    chosen = weight[order[np.cumsum(count) - count + last]]
    least, most = np.full(len(count), np.iinfo(np.int64).max), np.zeros(len(count), np.int64)
    np.minimum.at(least, part[placed], weight[placed])
    np.maximum.at(most, part[~placed], weight[~placed])
    above: BoolVector = weight >= np.clip(chosen, least + 1, most)[part]
    return above
