"""The pairing problem as a circulation: places, pairs and wishes are arcs, objectives are costs on them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.problem import Level, Problem

__all__ = ["Level", "Network", "Problem", "build", "residual"]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The circulation of a problem: A arcs ``tail -> head`` with ``low <= flow <= up`` on N nodes.

    Node 0 is the root, then I mentors, J mentees, and one more for each mentee who wants several mentors.
    A first unit has an arc of its own (``mentor_first``, ``first``), so that people count before places.

    Attributes
    ----------
    nodes
        N.
    tail, head, low, up
        [A] each arc.
    mentor_first, mentor_rest
        Arcs root -> mentor: one for each mentor, one for each of ``sharing``.
    pairs
        Arcs mentor -> mentee, one for each allowed pair.
    first, further, out
        Arcs that leave mentees: ``first`` one for each mentee, the others one for each of ``asking``.
    sharing, asking
        Mentors with room beyond one mentee; mentees who want more than one mentor.
    """

    problem: Problem
    nodes: int
    tail: IndexVector
    head: IndexVector
    low: IntVector
    up: IntVector
    mentor_first: slice
    mentor_rest: slice
    pairs: slice
    first: slice
    further: slice
    out: slice
    sharing: IndexVector
    asking: IndexVector

    def cost(self, level: Level) -> IntVector:
        """Return the cost [A] of one unit on each arc: the level's gain with its sign turned."""
        cost = np.zeros(len(self.tail), np.int64)
        for arcs, gain in (
            (self.mentor_first, level.mentor),
            (self.pairs, level.pair),
            (self.first, level.first),
            (self.further, None if level.further is None else level.further[self.asking]),
        ):
            if gain is not None:
                np.negative(gain, out=cost[arcs])
        return cost

    def flow_of(self, used: BoolVector) -> IntVector:
        """Return the flow [A] of a set of used pairs [P], first units before the others."""
        problem = self.problem
        load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
        given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
        flow = np.zeros(len(self.tail), np.int64)
        flow[self.mentor_first] = np.minimum(load, 1)
        flow[self.mentor_rest] = np.maximum(load[self.sharing] - 1, 0)
        flow[self.pairs] = used
        flow[self.first] = np.minimum(given, 1)
        flow[self.further] = np.maximum(given[self.asking] - 1, 0)
        flow[self.out] = given[self.asking]
        return flow


def build(problem: Problem) -> Network:
    """Build the circulation whose integer flows are exactly the pairings the rules allow."""
    mentors, mentees = len(problem.capacity), len(problem.wanted)
    mentor_node = 1 + np.arange(mentors)
    mentee_node = 1 + mentors + np.arange(mentees)
    # A minimum above the capacity keeps its arc: the clash must show as a low above an up.
    sharing = np.flatnonzero((problem.capacity > 1) | (problem.minimum > 1))
    rest = np.maximum(problem.minimum[sharing] - 1, 0)
    asking = np.flatnonzero(problem.wanted > 1)
    asking_node = 1 + mentors + mentees + np.arange(len(asking))
    after_first = np.zeros(mentees, np.int64)
    after_first[asking] = asking_node
    blocks = (
        _block(0, mentor_node, np.minimum(problem.minimum, 1), 1),
        _block(0, mentor_node[sharing], rest, problem.capacity[sharing] - 1),
        _block(1 + problem.mentor, 1 + mentors + problem.mentee, problem.required, 1),
        _block(mentee_node, after_first, 0, 1),
        _block(mentee_node[asking], asking_node, 0, problem.wanted[asking] - 1),
        _block(asking_node, 0, 0, problem.wanted[asking]),
    )
    tail, head, low, up = (np.concatenate(column) for column in zip(*blocks, strict=True))
    ends = accumulate((len(block[0]) for block in blocks), initial=0)
    mentor_first, mentor_rest, pairs, first, further, out = (slice(*ends) for ends in pairwise(ends))
    return Network(
        problem=problem,
        nodes=1 + mentors + mentees + len(asking),
        tail=tail,
        head=head,
        low=low,
        up=up,
        mentor_first=mentor_first,
        mentor_rest=mentor_rest,
        pairs=pairs,
        first=first,
        further=further,
        out=out,
        sharing=sharing,
        asking=asking,
    )


def residual(
    network: Network, flow: IntVector, arcs: IndexVector
) -> tuple[IndexVector, IndexVector, IndexVector, IntVector]:
    """List tail, head, arc and sign of every step by which ``flow`` [A] can change on ``arcs`` alone."""
    onward = arcs[flow[arcs] < network.up[arcs]]
    back = arcs[flow[arcs] > network.low[arcs]]
    return (
        np.concatenate([network.tail[onward], network.head[back]]),
        np.concatenate([network.head[onward], network.tail[back]]),
        np.concatenate([onward, back]),
        np.repeat(np.array([1, -1]), [len(onward), len(back)]),
    )


def _block(
    tail: IntVector | int, head: IntVector | int, low: IntVector | BoolVector | int, up: IntVector | int
) -> tuple[IntVector, ...]:
    return tuple(np.asarray(column, np.int64) for column in np.broadcast_arrays(tail, head, low, up))
