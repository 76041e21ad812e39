"""Which pairs could still change without changing any objective."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, narrowed, residual

__all__ = ["pairs_among", "still_open", "tied_pairs"]


def pairs_among(network: Network, arcs: IndexVector) -> IndexVector:
    """Keep those of ``arcs`` that are pairs."""
    among: IndexVector = arcs[(arcs >= network.pairs.start) & (arcs < network.pairs.stop)]
    return among


def still_open(
    network: Network, flow: IntVector, arcs: IndexVector
) -> tuple[Network, IndexVector, IndexVector]:
    """Leave out the pairs that ``flow`` [A] does not use and that are not among ``arcs``.

    Returns
    -------
    tuple
        The network without them, which arcs are left, in their order, and where among those ``arcs`` are.
    """
    kept = flow[network.pairs] > 0
    kept[pairs_among(network, arcs) - network.pairs.start] = True
    if kept.all():
        return network, np.arange(len(network.tail)), arcs
    few, left = narrowed(network, kept)
    return few, left, np.flatnonzero(np.isin(left, arcs, assume_unique=True))


def tied_pairs(network: Network, flow: IntVector, arcs: IndexVector) -> IndexVector:
    """Find the pairs used by some, but not all, circulations that equal ``flow`` [A] outside ``arcs``.

    A pair arc holds one unit, so it is on a cycle of the residual graph exactly when its ends are in the same
    strongly connected component.
    """
    pairs = pairs_among(network, arcs)
    if not len(pairs):
        return pairs
    tail, head = _on_cycles(network, flow, arcs)
    if not len(tail):
        return pairs[:0]
    import networkx  # loads slowly, and often nothing is tied

    graph = networkx.DiGraph(zip(tail.tolist(), head.tolist(), strict=True))
    component = -1 - np.arange(network.nodes)
    for i, members in enumerate(networkx.strongly_connected_components(graph)):
        component[list(members)] = i
    tied: IndexVector = pairs[component[network.tail[pairs]] == component[network.head[pairs]]]
    return tied


def _on_cycles(network: Network, flow: IntVector, arcs: IndexVector) -> tuple[IndexVector, IndexVector]:
    """Drop the steps of the residual graph that lead from or to a dead end, again and again.

    An arc that can go both ways is no cycle of its own: only what leads on to another arc counts.
    """
    tail, head, arc, _ = residual(network, flow, arcs)
    both_ways = np.bincount(arc, minlength=len(network.tail)) == 2
    while True:
        into = np.bincount(head, minlength=network.nodes)
        out = np.bincount(tail, minlength=network.nodes)
        back = both_ways[arc]
        kept = (into[tail] > back) & (out[head] > back)
        if kept.all():
            return tail, head
        tail, head, arc = tail[kept], head[kept], arc[kept]
        both_ways = np.bincount(arc, minlength=len(network.tail)) == 2
