"""Shortest distances by Bellman-Ford, and the steps that are on cycles, in whole arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector, sorted_by, stretches

__all__ = ["Graph", "on_cycles"]

PART = 1 << 20
"""So many steps are followed together."""

AnyIndexVector: TypeAlias = IndexVector | npt.NDArray[np.int32]


class Graph:
    """Steps ``tail -> head`` between N nodes, ready for shortest distances along them.

    Parameters
    ----------
    nodes
        N.
    tail, head
        [steps] the ends of each step.
    """

    def __init__(self, nodes: int, tail: IndexVector, head: IndexVector) -> None:
        self._nodes = nodes
        self._order = sorted_by(head, nodes)
        self._tail = tail[self._order]
        self._counts = np.bincount(head, minlength=nodes)
        self._starts = np.cumsum(self._counts) - self._counts

    def relax(self, cost: IntVector, distance: IntVector, changed: IndexVector) -> None:
        """Lower ``distance`` [N] in place until no step into a node improves on it.

        Parameters
        ----------
        cost
            [steps] of each step.
        distance
            [N] an upper bound of each node's distance to the goal.
        changed
            The nodes whose distance may improve a neighbour's; all others are taken as settled.

        Raises
        ------
        InternalError
            If a cycle of negative cost lets distances fall for ever: the flow behind it is not optimal.

        References
        ----------
        Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 5.4.
        """
        if not self.settles(cost, distance, changed, within=self._nodes):
            raise InternalError("A cycle of negative cost remains: the flow is not optimal.")

    def settles(self, cost: IntVector, distance: IntVector, changed: IndexVector, *, within: int) -> bool:
        """As ``relax``, for so many rounds at the most; tells whether they sufficed."""
        cost, is_lowered = cost[self._order], np.zeros(self._nodes, np.bool_)
        for _ in range(within + 1):
            if not len(changed):
                return True
            # The steps into the changed nodes only: most rounds touch a small part of a dense graph.
            counts = self._counts[changed]
            # Part by part: all at once they would take more memory than all that is known of the graph.
            for part in _parts(counts):
                some, nodes = counts[part], changed[part]
                steps = stretches(some, self._starts[nodes])
                tail, length = self._tail[steps], cost[steps] + np.repeat(distance[nodes], some)
                lower = np.flatnonzero(length < distance[tail])
                tail = tail[lower]
                np.minimum.at(distance, tail, length[lower])
                is_lowered[tail] = True
            changed = np.flatnonzero(is_lowered)
            is_lowered[changed] = False
        return False


def _parts(counts: IntVector) -> Iterator[slice]:
    """Yield stretches of nodes, each of few steps as far as single nodes allow."""
    ends = np.cumsum(counts)
    start, stop = 0, len(counts)
    while start < stop:
        before = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + PART, side="right")))
        yield slice(start, end)
        start = end


def on_cycles(nodes: int, tail: AnyIndexVector, head: AnyIndexVector) -> BoolVector:
    """Mark the steps [steps] that are on a cycle: those within strongly connected parts."""
    from scipy.sparse import csr_array  # loads slowly, and small cohorts do without
    from scipy.sparse.csgraph import connected_components

    steps = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(steps, connection="strong")
    return np.asarray(part[tail] == part[head])
