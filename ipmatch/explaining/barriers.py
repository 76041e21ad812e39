"""Where nothing but rules closes a step: what a lead can change if somebody is to have one more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.network import Network

__all__ = ["Barrier", "Rule", "barriers_of", "group_bounds"]

Kind = Literal["required-pair", "mentor-minimum", "quota-minimum", "quota-maximum", "limit"]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A rule that can hold a mentee back; ``index`` is that of the pair, mentor, quota or limit."""

    kind: Kind
    index: int


@dataclass(frozen=True, slots=True)
class Barrier:
    """A step along an arc of the network that rules close together.

    Attributes
    ----------
    start, goal, arc
        Nodes and arc of the network.
    rules
        What must all be dropped.
    by_one
        Whether the step opens as soon as a single rule asks for one less, or allows one more.
    """

    start: int
    goal: int
    arc: int
    rules: tuple[Rule, ...]
    by_one: bool


def barriers_of(network: Network, used: BoolVector, flow: IntVector) -> Iterator[Barrier]:
    """Every such step of a pairing: required pairs, minimums of mentors, then groups that quotas bound."""
    problem = network.problem
    for pair in np.flatnonzero(used & problem.required).tolist():
        arc = network.pairs.start + pair
        rule = Rule("required-pair", pair)
        yield Barrier(int(network.head[arc]), int(network.tail[arc]), arc, (rule,), by_one=True)
    for arc in range(network.mentor_first.start, network.mentor_rest.stop):
        if 0 < flow[arc] <= network.low[arc]:
            mentor = int(network.head[arc]) - 1
            # One less is asked for at the last of several places.
            last = arc >= network.mentor_rest.start or int(problem.minimum[mentor]) == 1
            rule = Rule("mentor-minimum", mentor)
            yield Barrier(1 + mentor, int(network.tail[arc]), arc, (rule,), by_one=last)
    arc = network.groups.start
    for kinds in group_bounds(network):
        tail, head, units = int(network.tail[arc]), int(network.head[arc]), int(flow[arc])
        full = [Rule("quota-maximum", k) for k in kinds["maximum"] if problem.quotas[k].maximum == units]
        bare = [Rule("quota-minimum", k) for k in kinds["minimum"] if problem.quotas[k].minimum == units]
        if full:
            yield Barrier(tail, head, arc, tuple(full), by_one=len(full) == 1)
        if bare:
            yield Barrier(head, tail, arc, tuple(bare), by_one=len(bare) == 1)
        arc += 1


def group_bounds(network: Network) -> Iterator[dict[str, list[int]]]:
    """For each group of the network the quotas whose minimum, and those whose maximum, it holds."""
    problem = network.problem
    for side, tree in (("mentor", network.mentor_tree), ("mentee", network.mentee_tree)):
        most = problem.most("mentor" if side == "mentor" else "mentee")
        for quotas, counts in zip(tree.quotas, tree.counts, strict=True):
            kinds: dict[str, list[int]] = {"minimum": [], "maximum": []}
            for k in sorted(set(quotas)):
                quota, member = problem.quotas[k], np.zeros(len(most), np.bool_)
                member[quota.members] = True
                first, further = member & (most > 0), member & (most > 1)
                # A minimum counts people, a maximum pairs: one group where each can have one only.
                if quota.minimum > 0 and np.array_equal(counts, np.append(first, np.zeros_like(first))):
                    kinds["minimum"].append(k)
                binds = quota.maximum is not None and quota.maximum < most[member].sum()
                if binds and np.array_equal(counts, np.append(first, further)):
                    kinds["maximum"].append(k)
            yield kinds
