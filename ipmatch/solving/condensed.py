"""Shortest ways between any two people through the exchanges a pairing allows, all levels at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import BoolVector, IndexVector, IntMatrix, IntVector, stretches
from ipmatch.solving.network import Network, residual
from ipmatch.solving.words64 import NEVER, Packing, Words, least_at, least_of_runs, plus

__all__ = ["Condensed"]

_AT_ONCE = 2**20
"""Ways looked at together: enough to be quick, few enough to stay in memory."""


class Condensed:
    """The residual graph of a pairing without one side's people, and the distance of every two other nodes.

    A person's steps lead to a few others only: in from everyone allowed, out to those at hand. So the larger
    side is replaced by direct steps past each of its people, and Floyd's method runs on what is left.

    Parameters
    ----------
    network, flow
        A circulation [A] of the network.
    arcs
        The arcs whose flow may change.
    costs
        For each level [A] the cost of a unit on each arc; ``flow`` is cheapest by them, first level first.
    bounds
        For each level the largest absolute cost that questions may bring in.

    Raises
    ------
    InternalError
        If the flow is not cheapest, or numbers are too large.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, sections 5.6 (Floyd-Warshall) and 9.3.
    """

    def __init__(
        self,
        network: Network,
        flow: IntVector,
        arcs: IndexVector,
        costs: Sequence[IntVector],
        bounds: Sequence[int],
    ) -> None:
        tail, head, arc, sign = residual(network, flow, arcs)
        cost: IntMatrix = np.array([sign * level[arc] for level in costs], np.int64)
        cost = cost.reshape(len(costs), len(arc))
        tail, head, cost = _contract_wishes(network, tail, head, cost)
        gone = _larger_side(network, tail, head)
        reach = _reach(network.nodes, tail, head, cost, gone)
        # A question closes a cycle with an arc of its own, and may add a first unit's gain to a pair's.
        self.packing = Packing([most + 4 * bound for most, bound in zip(reach, bounds, strict=True)])
        words = self.packing.pack(list(cost), (len(tail),))

        kept = np.flatnonzero(~gone)
        place = np.full(network.nodes, -1)
        place[kept] = np.arange(len(kept))
        self._out = _Ways(network.nodes, kept, tail, place[head], words, gone)
        self._in = _Ways(network.nodes, kept, head, place[tail], words, gone)
        into, onward = _joined(
            network.nodes, np.flatnonzero(gone[head]), np.flatnonzero(gone[tail]), head, tail
        )
        direct = np.flatnonzero(~gone[tail] & ~gone[head])
        start = np.concatenate([place[tail[direct]], place[tail[into]], place[kept]])
        goal = np.concatenate([place[head[direct]], place[head[onward]], place[kept]])
        steps = [
            np.concatenate([word[direct], word[into] + word[onward], np.zeros(len(kept), np.int64)])
            for word in words
        ]
        between = least_at(len(kept) ** 2, start * len(kept) + goal, steps)
        self._distance = [word.reshape(len(kept), len(kept)) for word in between]
        _floyd(self._distance)

    def between(self, source: IndexVector, target: IndexVector) -> Words:
        """Measure the way from each source to the target beside it; ``NEVER`` where there is none."""
        ways = self._out.count[source] * self._in.count[target]
        parts = np.searchsorted(np.cumsum(ways) // _AT_ONCE, np.arange(1 + ways.sum() // _AT_ONCE))
        found = [
            self._between(source[start:stop], target[start:stop], ways[start:stop])
            for start, stop in pairwise([*parts.tolist(), len(source)])
        ]
        return [np.concatenate(word) for word in zip(*found, strict=True)]

    def _between(self, source: IndexVector, target: IndexVector, ways: IntVector) -> Words:
        query = np.repeat(np.arange(len(ways)), ways)
        rank = stretches(ways)
        ends = self._in.count[target[query]]
        out = self._out.start[source[query]] + rank // ends
        into = self._in.start[target[query]] + rank % ends
        first, last = self._out.node[out], self._in.node[into]
        steps = plus(
            [word[out] for word in self._out.words],
            [word[first, last] for word in self._distance],
            [word[into] for word in self._in.words],
        )
        return least_of_runs(ways, steps)


class _Ways:
    """For each node the kept nodes one step away; a kept node is its own."""

    def __init__(
        self,
        nodes: int,
        kept: IndexVector,
        here: IndexVector,
        there: IndexVector,
        words: Words,
        gone: BoolVector,
    ) -> None:
        own = np.flatnonzero(gone[here])
        node = np.concatenate([kept, here[own]])
        order = np.argsort(node, kind="stable")
        self.node: IndexVector = np.concatenate([np.arange(len(kept)), there[own]])[order]
        self.words = [np.concatenate([np.zeros(len(kept), np.int64), word[own]])[order] for word in words]
        self.count: IntVector = np.bincount(node, minlength=nodes)
        self.start: IndexVector = np.cumsum(self.count) - self.count


def _contract_wishes(
    network: Network, tail: IndexVector, head: IndexVector, cost: IntMatrix
) -> tuple[IndexVector, IndexVector, IntMatrix]:
    """Replace the second node of those who ask for several mentors: it only hands on to the first."""
    gone = np.zeros(network.nodes, np.bool_)
    gone[network.tail[network.out]] = True
    # Two such nodes side by side would each hide the other's steps.
    beside = gone[tail] & gone[head]
    gone[tail[beside]] = gone[head[beside]] = False
    if not gone.any():
        return tail, head, cost
    into, onward = _joined(network.nodes, np.flatnonzero(gone[head]), np.flatnonzero(gone[tail]), head, tail)
    # There and back again is no change at all.
    apart = tail[into] != head[onward]
    into, onward = into[apart], onward[apart]
    rest = np.flatnonzero(~gone[tail] & ~gone[head])
    return (
        np.concatenate([tail[rest], tail[into]]),
        np.concatenate([head[rest], head[onward]]),
        np.concatenate([cost[:, rest], cost[:, into] + cost[:, onward]], axis=1),
    )


def _larger_side(network: Network, tail: IndexVector, head: IndexVector) -> BoolVector:
    """Mark the people of the larger side, but for any whom a step joins to another of them."""
    mentors, mentees = len(network.problem.capacity), len(network.problem.wanted)
    gone = np.zeros(network.nodes, np.bool_)
    first = 1 if mentors > mentees else 1 + mentors
    gone[first : first + max(mentors, mentees)] = True
    beside = gone[tail] & gone[head]
    gone[tail[beside]] = gone[head[beside]] = False
    return gone


def _reach(nodes: int, tail: IndexVector, head: IndexVector, cost: IntMatrix, gone: BoolVector) -> list[int]:
    """Bound for each level what any way without repeated nodes can add up to; the sharpest of three bounds.

    Such a way leaves each node once and enters each node once. And between two nodes that are ``gone`` it
    passes one that is not, so it meets no more of them than there are others, and one.
    """
    kept = int(np.count_nonzero(~gone))
    direct = ~gone[tail] & ~gone[head]
    result = []
    for level in cost:
        size = np.abs(level)
        bounds = [_most(nodes, tail, size).sum(), _most(nodes, head, size).sum()]
        signed = [_most(nodes, head, sign * level) + _most(nodes, tail, sign * level) for sign in (1, -1)]
        passing = np.sort(np.maximum(*signed)[gone])[::-1][: kept + 1]
        bounds.append(passing.sum() + _most(nodes, tail[direct], size[direct]).sum())
        # The ends of a way may lie inside a contracted step.
        result.append(int(min(bounds)) + 2 * int(size.max(initial=0)))
    return result


def _most(nodes: int, node: IndexVector, values: IntVector) -> IntVector:
    """Return [nodes] the largest value at each node, at least 0."""
    most = np.zeros(nodes, np.int64)
    np.maximum.at(most, node, values)
    return most


def _joined(
    nodes: int, into: IndexVector, onward: IndexVector, head: IndexVector, tail: IndexVector
) -> tuple[IndexVector, IndexVector]:
    """Pair every step in ``into`` with every step in ``onward`` that goes on where it ends."""
    onward = onward[np.argsort(tail[onward], kind="stable")]
    count = np.bincount(tail[onward], minlength=nodes)
    start = np.cumsum(count) - count
    follow = count[head[into]]
    return np.repeat(into, follow), onward[stretches(follow, start[head[into]])]


def _floyd(distance: Words) -> None:
    """Shorten [K, K] steps to distances in place, comparing word by word."""
    size = len(distance[0])
    sums = [np.empty_like(word) for word in distance]
    less, equal = np.empty((2, size, size), np.bool_)
    for k in range(size):
        for word, total in zip(distance, sums, strict=True):
            np.add(word[:, k, None], word[k], out=total)
        if len(distance) == 1:
            np.minimum(distance[0], sums[0], out=distance[0])
            continue
        np.less(sums[-1], distance[-1], out=less)
        for word, total in zip(distance[-2::-1], sums[-2::-1], strict=True):
            np.equal(total, word, out=equal)
            np.logical_and(less, equal, out=less)
            np.less(total, word, out=equal)
            np.logical_or(less, equal, out=less)
        for word, total in zip(distance, sums, strict=True):
            np.copyto(word, total, where=less)
    if any(word.diagonal().any() for word in distance):
        raise InternalError("A cycle of negative cost remains: the pairing is not the best by these levels.")
    for word in distance[1:]:
        word[distance[0] >= NEVER // 2] = 0
