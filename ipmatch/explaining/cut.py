"""What stands between a mentee and one more mentor: searches from a pairing, and the cut they run into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.network import build, residual
from ipmatch.solving.problem import Problem

__all__ = ["Barrier", "Cut", "Residual", "Rule"]

Kind = Literal["required-pair", "mentor-minimum", "quota-minimum", "quota-maximum"]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A rule that can hold a mentee back; ``index`` is that of the pair, the mentor or the quota."""

    kind: Kind
    index: int


@dataclass(frozen=True, slots=True)
class Barrier:
    """A step that ``rules`` close together; one of them relaxed ``by_one`` opens it if it is alone."""

    start: int
    goal: int
    rules: tuple[Rule, ...]
    by_one: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Why the mentees of a group cannot have so many mentors together: they need one unit more than there is.

    Attributes
    ----------
    mentees
        The group, sorted: were any one of them left out, the rest could have theirs.
    needs, has
        Units by what they are: ``people, required_pairs, mentor_minimums, quota_minimums`` against ``places,
        elsewhere, wishes, quota_maximums``. The needs add up to one more.
    mentors
        Whose places are counted, sorted.
    """

    mentees: tuple[int, ...]
    needs: dict[str, int]
    has: dict[str, int]
    mentors: tuple[int, ...]


class Residual:
    """The steps by which a pairing can change while everyone keeps as many mentors as they have.

    A mentee can have one more mentor if, and only if, a path of such steps leads from where the new unit
    would go (``goal``) back to the mentee: one unit is missing, so one path is enough.

    References
    ----------
    Hoffman (1960), "Some recent applications of the theory of linear inequalities to extremal combinatorial
    analysis" (when a circulation exists).
    """

    def __init__(self, problem: Problem, used: BoolVector) -> None:
        self.problem, self.used = problem, used
        self.network = network = build(problem)
        self.flow = network.flow_of(used)
        self.mentors, self.mentees = len(problem.capacity), len(problem.wanted)
        self.given = np.bincount(problem.mentee[used], minlength=self.mentees)
        self._wishes = np.arange(network.first.start, network.further.stop)
        self._wisher = network.tail[self._wishes] - 1 - self.mentors
        low = network.low.copy()
        low[self._wishes] = self.flow[self._wishes]
        frame = np.setdiff1d(np.arange(len(low)), np.arange(network.pairs.start, network.pairs.stop))
        self._tail, self._head, _, _ = residual(replace(network, low=low), self.flow, frame)
        self._open = np.zeros((self.mentees, self.mentors), np.bool_)
        self._open[problem.mentee[~used], problem.mentor[~used]] = True
        self._open_to = np.ascontiguousarray(self._open.T)
        movable = used & ~problem.required
        self._moves_mentor, self._moves_mentee = problem.mentor[movable], problem.mentee[movable]

    def node(self, mentee: int) -> int:
        """The node of a mentee."""
        return 1 + self.mentors + mentee

    def goal(self, mentee: int) -> int:
        """The node to which one more unit of a mentee would go."""
        return int(self.network.head[self._next_wish(mentee)])

    def finds(self, mentee: int) -> bool:
        """Whether a mentee could have one more mentor."""
        return bool(self.into(mentee)[self.goal(mentee)])

    def into(self, mentee: int, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] from which steps lead to a mentee; those ``relaxed`` [J] may lose mentors."""
        return self.reach([self.node(mentee)], backward=True, relaxed=relaxed)

    def onward(self, node: int, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] to which steps lead from one."""
        return self.reach([node], backward=False, relaxed=relaxed)

    def reach(self, nodes: list[int], *, backward: bool, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] that steps join to one of ``nodes``, these included."""
        start, end = self._tail, self._head
        if relaxed is not None:
            lost = self._wishes[(self.flow[self._wishes] > 0) & relaxed[self._wisher]]
            start = np.concatenate([start, self.network.head[lost]])
            end = np.concatenate([end, self.network.tail[lost]])
        near, far = (end, start) if backward else (start, end)
        # Backward, an open pair leads from mentee to mentors, a used one on from mentor to mentees.
        reached = np.zeros(self.network.nodes, np.bool_)
        found = np.zeros_like(reached)
        found[nodes] = True
        mentor, mentee = slice(1, 1 + self.mentors), slice(1 + self.mentors, 1 + self.mentors + self.mentees)
        while found.any():
            reached |= found
            new = np.zeros_like(found)
            new[far[found[near]]] = True
            mentors, mentees = found[mentor], found[mentee]
            if backward:
                new[mentor] |= self._open[mentees].any(axis=0)
                new[1 + self.mentors + self._moves_mentee[mentors[self._moves_mentor]]] = True
            else:
                new[mentee] |= self._open_to[mentors].any(axis=0)
                new[1 + self._moves_mentor[mentees[self._moves_mentee]]] = True
            found = new & ~reached
        return reached

    def cut(self, mentee: int) -> Cut:
        """The clash that keeps one more mentor from a mentee, of a group of which nobody is idle.

        Whose numbers are let go matters only to steps that leave the nodes ``onward`` from the goal, so two
        searches leave exactly those whom nobody can do without.

        Raises
        ------
        ValueError
            If the mentee could have one more mentor.
        """
        goal, before = self.goal(mentee), self.into(mentee)
        if before[goal]:
            raise ValueError(f"mentee {mentee} can have one more mentor")
        relaxed = ~self._holds(before)
        after = self.onward(goal, relaxed)
        relaxed |= ~self._leads_from(after)
        relaxed[mentee] = False
        group = np.flatnonzero(~relaxed)
        sides = (self.into(mentee, relaxed), ~self.onward(goal, relaxed))
        return min((self._terms(side, group, mentee) for side in sides), key=_length)

    def blocking(self, mentee: int) -> tuple[Rule, ...]:
        """The rules but for which a mentee could have one more mentor; without any one of them not.

        They are closed by as few barriers as can be, so no part of them would be enough.

        Returns
        -------
        tuple of Rule
            Sorted; empty if nothing, or no rule, is in the way.
        """
        goal, layers = self.goal(mentee), [self.into(mentee)]
        while not layers[-1][goal]:
            opened = [barrier.start for barrier in self.barriers if layers[-1][barrier.goal]]
            layer = layers[-1] | self.reach(opened, backward=True) if opened else layers[-1]
            if not (layer & ~layers[-1]).any():
                return ()
            layers.append(layer)
        rules, at = list[Rule](), goal
        for layer in reversed(layers[:-1]):
            onward = self.onward(at)
            step = next(one for one in self.barriers if onward[one.start] and layer[one.goal])
            rules += step.rules
            at = step.goal
        return tuple(sorted(rules))

    @cached_property
    def barriers(self) -> tuple[Barrier, ...]:
        """Every step that nothing but rules closes."""
        return tuple(self._barriers())

    def _barriers(self) -> Iterator[Barrier]:
        problem, network, flow = self.problem, self.network, self.flow
        for pair in np.flatnonzero(self.used & problem.required).tolist():
            start, goal = self.node(int(problem.mentee[pair])), 1 + int(problem.mentor[pair])
            yield Barrier(start, goal, (Rule("required-pair", pair),))
        for arc in range(network.mentor_first.start, network.mentor_rest.stop):
            if 0 < flow[arc] <= network.low[arc]:
                mentor = int(network.head[arc]) - 1
                # One less is asked for at the last of several places.
                last = arc >= network.mentor_rest.start or problem.minimum[mentor] == 1
                rule = Rule("mentor-minimum", mentor)
                yield Barrier(1 + mentor, int(network.tail[arc]), (rule,), by_one=bool(last))
        groups = network.mentor_tree.quotas + network.mentee_tree.quotas
        for arc, quotas in zip(range(network.groups.start, network.groups.stop), groups, strict=True):
            tail, head, units = int(network.tail[arc]), int(network.head[arc]), int(flow[arc])
            full = [Rule("quota-maximum", k) for k in quotas if problem.quotas[k].maximum == units]
            bare = [Rule("quota-minimum", k) for k in quotas if 0 < problem.quotas[k].minimum == units]
            if full and units == network.up[arc]:
                yield Barrier(tail, head, tuple(full))
            if bare and units == network.low[arc]:
                yield Barrier(head, tail, tuple(bare))

    def _next_wish(self, mentee: int) -> int:
        network = self.network
        if not self.given[mentee]:
            return network.first.start + mentee
        return network.further.start + int(np.searchsorted(network.asking, mentee))

    def _holds(self, inside: BoolVector) -> BoolVector:
        """Whose units [J] leave the nodes ``inside``."""
        arcs = self._wishes[self.flow[self._wishes] > 0]
        crossing = inside[self.network.tail[arcs]] & ~inside[self.network.head[arcs]]
        return self._owners(arcs[crossing])

    def _leads_from(self, outside: BoolVector) -> BoolVector:
        """Whose units [J], given up, could be reached from the nodes ``outside``."""
        arcs = self._wishes[self.flow[self._wishes] > 0]
        return self._owners(arcs[outside[self.network.head[arcs]]])

    def _owners(self, arcs: IndexVector) -> BoolVector:
        owners = np.zeros(self.mentees, np.bool_)
        owners[self.network.tail[arcs] - 1 - self.mentors] = True
        return owners

    def _terms(self, inside: BoolVector, group: IndexVector, mentee: int) -> Cut:
        """Count what must leave the nodes ``inside`` against what can enter them."""
        network = self.network
        low = network.low.copy()
        kept = self._wishes[np.isin(self._wisher, group)]
        low[kept] = self.flow[kept]
        low[self._next_wish(mentee)] += 1
        leaves, enters = inside[network.tail], inside[network.head]
        low[~(leaves & ~enters)] = 0
        up = np.where(enters & ~leaves, network.up, 0)
        seats = slice(network.mentor_first.start, network.mentor_rest.stop)
        wishes = slice(network.first.start, network.out.stop)
        of_mentors = network.groups.start + len(network.mentor_tree.low)
        limits = up[network.groups] * self._limited()
        free = up[network.groups] - limits
        needs = {
            "people": low[wishes],
            "required_pairs": low[network.pairs],
            "mentor_minimums": low[seats],
            "quota_minimums": low[network.groups],
        }
        has = {
            "places": np.append(up[seats], free[: of_mentors - network.groups.start]),
            "elsewhere": up[network.pairs],
            "wishes": np.append(up[wishes], free[of_mentors - network.groups.start :]),
            "quota_maximums": limits,
        }
        mentors = np.unique(network.head[seats][up[seats] > 0]) - 1
        return Cut(tuple(group.tolist()), _sums(needs), _sums(has), tuple(mentors.tolist()))

    def _limited(self) -> BoolVector:
        """Which groups have a maximum, rather than no more people."""
        groups = self.network.mentor_tree.quotas + self.network.mentee_tree.quotas
        up = self.network.up[self.network.groups].tolist()
        return np.array(
            [
                any(self.problem.quotas[k].maximum == most for k in quotas)
                for quotas, most in zip(groups, up, strict=True)
            ],
            np.bool_,
        )


def _sums(units: dict[str, IntVector]) -> dict[str, int]:
    return {kind: int(each.sum()) for kind, each in units.items() if each.any()}


def _length(cut: Cut) -> int:
    return sum(cut.needs.values())
