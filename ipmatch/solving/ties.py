"""Which pairs could still change without changing any objective."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network, residual

__all__ = ["pairs_among", "tied_pairs"]


def pairs_among(network: Network, arcs: IndexVector) -> IndexVector:
    """Keep those of ``arcs`` that are pairs."""
    among: IndexVector = arcs[(arcs >= network.pairs.start) & (arcs < network.pairs.stop)]
    return among


def tied_pairs(network: Network, flow: IntVector, arcs: IndexVector) -> IndexVector:
    """Find the pairs used by some, but not all, circulations that equal ``flow`` [A] outside ``arcs``.

    A pair arc holds one unit, so it is on a cycle of the residual graph exactly when its ends are in the same
    strongly connected component.
    """
    pairs = pairs_among(network, arcs)
    if not len(pairs):
        return pairs
    import networkx  # loads slowly, and often nothing is tied

    tail, head, _, _ = residual(network, flow, arcs)
    graph = networkx.DiGraph(zip(tail.tolist(), head.tolist(), strict=True))
    component = np.zeros(network.nodes, np.int64)
    for i, members in enumerate(networkx.strongly_connected_components(graph)):
        component[list(members)] = i
    tied: IndexVector = pairs[component[network.tail[pairs]] == component[network.head[pairs]]]
    return tied
