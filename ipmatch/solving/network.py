"""The pairing problem as a circulation: places, pairs and wishes are arcs, objectives are costs on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import cast

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector, ranks, shortest
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.quotas import Tree, tree

__all__ = ["Network", "build", "narrowed", "residual", "slimmed"]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The circulation of a problem: A arcs ``tail -> head`` with ``low <= flow <= up`` on N nodes.

    Node 0 is the root, then I mentors, J mentees, one more for each mentee who wants several mentors, and one
    for each group of quotas: of mentors, then of mentees. Units of a group pass its node on their way from or
    to the root. A first unit has an arc of its own (``mentor_first``, ``first``): people count before places.

    Attributes
    ----------
    nodes
        N.
    tail, head, low, up
        [A] each arc.
    mentor_first, mentor_rest
        Arcs into mentors, from the root or a group: one for each mentor, one for each of ``sharing``.
    pairs
        Arcs mentor -> mentee, one for each allowed pair.
    first, further, out
        Arcs that leave mentees: ``first`` one for each mentee, the others one for each of ``asking``.
    groups
        Arcs of the groups, those of mentors before those of mentees.
    sharing, earlier
        Mentors with room beyond one mentee, once or (where ``spread``) for each further place; how many of
        the mentor's places come before.
    asking
        Mentees who want more than one mentor.
    mentor_tree, mentee_tree
        The groups of each side.
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
    groups: slice
    sharing: IndexVector
    earlier: IntVector
    asking: IndexVector
    mentor_tree: Tree
    mentee_tree: Tree

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
        if level.place is not None:
            filled = self.problem.most("mentor")
            opens = np.zeros(len(level.place), np.bool_)
            opens[(np.cumsum(filled) - filled)[filled > 0]] = True
            cost[self.mentor_first][filled > 0] = -level.place[opens]
            cost[self.mentor_rest] = -level.place[~opens]
        return cost

    def flow_of(self, used: BoolVector) -> IntVector:
        """Return the flow [A] of a set of used pairs [P], first units before the others."""
        mentors, mentees = len(self.problem.capacity), len(self.problem.wanted)
        load = np.bincount(self.tail[self.pairs][used] - 1, minlength=mentors)
        given = np.bincount(self.head[self.pairs][used] - 1 - mentors, minlength=mentees)
        flow = np.zeros(len(self.tail), np.int64)
        flow[self.mentor_first] = np.minimum(load, 1)
        flow[self.mentor_rest] = np.clip(load[self.sharing] - self.earlier, 0, self.up[self.mentor_rest])
        flow[self.pairs] = used
        flow[self.first] = np.minimum(given, 1)
        flow[self.further] = np.maximum(given[self.asking] - 1, 0)
        flow[self.out] = flow[self.further] + np.where(self.joined(), flow[self.first][self.asking], 0)
        flow[self.groups] = np.concatenate(
            [
                groups.counts @ np.concatenate([np.minimum(units, 1), np.maximum(units - 1, 0)])
                for groups, units in ((self.mentor_tree, load), (self.mentee_tree, given))
            ]
        )
        return flow

    def joined(self) -> BoolVector:
        """Tell for each of ``asking`` whether the first unit takes the way of the further ones.

        Otherwise a quota counts the one and not the others.
        """
        joined: BoolVector = self.head[self.first][self.asking] == self.tail[self.out]
        return joined


def build(problem: Problem) -> Network:
    """Build, once for each problem, the circulation whose integer flows are the pairings the rules allow.

    Raises
    ------
    ValueError
        If quotas cross or there are limits: part them from the problem first.
    """
    if "network" not in problem.kept:
        problem.kept["network"] = _built(problem)
    network: Network = problem.kept["network"]
    return network


def _built(problem: Problem) -> Network:
    if problem.limits:
        raise ValueError("limits: no network holds them; part them first.")
    mentors, mentees = len(problem.capacity), len(problem.wanted)
    mentor_node = 1 + np.arange(mentors)
    mentee_node = 1 + mentors + np.arange(mentees)
    asking = np.flatnonzero(problem.wanted > 1)
    asking_node = 1 + mentors + mentees + np.arange(len(asking))
    sources, sinks = tree(problem, "mentor"), tree(problem, "mentee")
    # The root stands last, where -1 finds it.
    people = 1 + mentors + mentees + len(asking)
    source_node = np.append(people + np.arange(len(sources.low)), 0)
    sink_node = np.append(people + len(sources.low) + np.arange(len(sinks.low)), 0)
    first_low, sharing, earlier, rest_low, rest_up = _places(problem)
    after_first = sink_node[sinks.first]
    joined = sinks.first[asking] == sinks.further[asking]
    after_first[asking[joined]] = asking_node[joined]
    blocks: tuple[tuple[IntVector | BoolVector | int, ...], ...] = (
        (source_node[sources.first], mentor_node, first_low, 1),
        (source_node[sources.further[sharing]], mentor_node[sharing], rest_low, rest_up),
        (1 + problem.mentor, 1 + mentors + problem.mentee, problem.required, 1),
        (mentee_node, after_first, 0, 1),
        (mentee_node[asking], asking_node, 0, problem.wanted[asking] - 1),
        (asking_node, sink_node[sinks.further[asking]], 0, problem.wanted[asking]),
        (source_node[sources.parent], source_node[:-1], sources.low, sources.up),
        (sink_node[:-1], sink_node[sinks.parent], sinks.low, sinks.up),
    )
    ends = accumulate((np.broadcast(*block).size for block in blocks), initial=0)
    places = [slice(*ends) for ends in pairwise(ends)]
    tail, head, low, up = arcs = [np.empty(places[-1].stop, np.int64) for _ in range(4)]
    # Each part is written where it stays: with millions of pairs copies cost more than all the rest.
    for place, block in zip(places, blocks, strict=True):
        for whole, part in zip(arcs, block, strict=True):
            whole[place] = part
    for whole in arcs:
        whole.setflags(write=False)
    mentor_first, mentor_rest, pairs, first, further, out, *groups = places
    return Network(
        problem=problem,
        nodes=people + len(sources.low) + len(sinks.low),
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
        groups=slice(groups[0].start, groups[1].stop),
        sharing=sharing,
        earlier=earlier,
        asking=asking,
        mentor_tree=sources,
        mentee_tree=sinks,
    )


def _places(problem: Problem) -> tuple[IntVector, IndexVector, IntVector, IntVector, IntVector]:
    """Return the low of each mentor's first place, then mentor, places before, low and up of the others.

    A minimum above what can be had keeps an arc: the clash must show as a low above an up.
    """
    capacity, minimum = problem.capacity, problem.minimum
    if not problem.spread:
        sharing = np.flatnonzero((capacity > 1) | (minimum > 1))
        rest = np.maximum(minimum[sharing] - 1, 0)
        return np.minimum(minimum, 1), sharing, np.ones_like(sharing), rest, capacity[sharing] - 1
    filled = np.maximum(problem.most("mentor"), 1)
    sharing = np.repeat(np.arange(len(capacity)), filled - 1)
    earlier = 1 + ranks(sharing)
    low = np.minimum(minimum, 1) + np.maximum(minimum - filled, 0)
    return low, sharing, earlier, (minimum[sharing] > earlier).astype(np.int64), np.ones_like(sharing)


def narrowed(network: Network, pairs: BoolVector) -> tuple[Network, IndexVector]:
    """Leave out all but some pairs [P], and tell which arcs are left, in their order; nodes stay the same."""
    left = np.ones(len(network.tail), np.bool_)
    left[network.pairs] = pairs
    arcs, fewer = np.flatnonzero(left), len(pairs) - int(np.count_nonzero(pairs))

    def moved(part: slice) -> slice:
        return slice(part.start - fewer, part.stop - fewer)

    few = replace(
        network,
        problem=network.problem.only(np.flatnonzero(pairs)),
        tail=network.tail[arcs],
        head=network.head[arcs],
        low=network.low[arcs],
        up=network.up[arcs],
        pairs=slice(network.pairs.start, network.pairs.stop - fewer),
        first=moved(network.first),
        further=moved(network.further),
        out=moved(network.out),
        groups=moved(network.groups),
    )
    return few, arcs


def slimmed(network: Network, problem: Problem) -> Network:
    """Return the same arcs in a third of the memory: each number as short as it can be.

    Parameters
    ----------
    problem
        What the network is to hold instead of its own problem: the same people, without the pairs.
    """
    tail, head = (cast("IndexVector", ends.astype(np.int32)) for ends in (network.tail, network.head))
    low, up = shortest(network.low), shortest(network.up)
    return replace(network, problem=problem, tail=tail, head=head, low=low, up=up)


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
