"""Searches from a pairing: who leads to whom by changes of which nobody has fewer mentors in the end."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.network import build, residual
from ipmatch.solving.openings import Openings, openings_of
from ipmatch.solving.problem import Problem

__all__ = ["Alternating"]

WORTH_KNOWING, MOST_KNOWN = 8, 16
"""If a search looks at more mentors than so many, others may take the same turn: a few such are kept."""
FAR = 12


class Alternating:
    """The steps by which a pairing can change while everyone keeps as many mentors as they have.

    A mentee can have one more mentor if, and only if, a path of such steps leads from where the new unit
    would go (``goal``) back to the mentee: one unit is missing, so one path is enough.

    References
    ----------
    Hoffman (1960), "Some recent applications of the theory of linear inequalities to extremal combinatorial
    analysis" (when a circulation exists).
    """

    def __init__(self, problem: Problem, used: BoolVector, openings: Openings | None = None) -> None:
        self.problem, self.used = problem, used
        self.openings = openings or openings_of(problem, used)
        self.network = network = build(problem)
        self.flow = network.flow_of(used)
        self.mentors, self.mentees = len(problem.capacity), len(problem.wanted)
        self.given = np.bincount(problem.mentee[used], minlength=self.mentees)
        self._wishes = np.arange(network.first.start, network.further.stop)
        self._wisher = network.tail[self._wishes] - 1 - self.mentors
        low = network.low.copy()
        low[self._wishes] = self.flow[self._wishes]
        places, others = np.arange(network.pairs.start), np.arange(network.pairs.stop, len(low))
        arcs = np.concatenate([places, others])
        self._from, self._to = network.tail[arcs], network.head[arcs]
        self._least, self._most = network.low[arcs], network.up[arcs]
        # Where the wishes begin among these arcs, and where the groups.
        self._kinds = [len(places), len(places) + network.groups.start - network.pairs.stop]
        self._tail, self._head, _, _ = residual(replace(network, low=low), self.flow, arcs)
        movable = used & ~problem.required
        self._is_plain = not (problem.required.any() or problem.minimum.any() or problem.quotas)
        self._known: list[tuple[BoolVector, BoolVector]] = []
        self._learning = False
        self._last: tuple[int, BoolVector] | None = None
        self._onward: dict[int, BoolVector] = {}
        self._finds, self._alike = dict[int, bool](), dict[int, int]()
        # Which of the known turns a mentee's search takes at once, and the first of each sort who take it.
        self._turn, self._firsts = np.full(self.mentees, -1), dict[tuple[int, int, int], int]()
        self._moves_mentor, self._moves_mentee = problem.mentor[movable], problem.mentee[movable]

    def node(self, mentee: int) -> int:
        """The node of a mentee."""
        return 1 + self.mentors + mentee

    def goal(self, mentee: int) -> int:
        """The node to which one more unit of a mentee would go."""
        return int(self.network.head[self._next_wish(mentee)])

    def finds(self, mentee: int) -> bool:
        """Whether a mentee could have one more mentor."""
        first = self.alike(mentee)
        if first not in self._finds:
            self._finds[first] = bool(self.into(first)[self.goal(first)])
        return self._finds[first]

    def alike(self, mentee: int) -> int:
        """The first mentee found whose search leads to all the same, the two themselves aside.

        Both have as many mentors: none, or else both are ``among_others``.
        """
        if mentee not in self._alike:
            if self._turn[mentee] < 0:
                # Each search may find what many have in common.
                self.into(mentee)
            turn = int(self._turn[mentee])
            if turn < 0:
                return mentee
            sort = turn, self.beyond(self.goal(mentee)), int(self.given[mentee])
            self._alike[mentee] = self._firsts.setdefault(sort, mentee)
        return self._alike[mentee]

    def among_others(self, mentee: int) -> bool:
        """Whether a mentee's search comes back to the mentee: somebody else's that leads as far does too."""
        own = self._moves_mentor[self._moves_mentee == mentee]
        return bool(self.into(mentee)[1 + own].any())

    def into(self, mentee: int, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] from which steps lead to a mentee; those ``relaxed`` [J] may lose mentors."""
        if relaxed is not None:
            return self.reach([self.node(mentee)], backward=True, relaxed=relaxed)
        if self._last is None or self._last[0] != mentee:
            self._last = mentee, self.reach([self.node(mentee)], backward=True)
        return self._last[1]

    def onward(self, node: int, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] to which steps lead from one."""
        if relaxed is not None:
            return self.reach([node], backward=False, relaxed=relaxed)
        beyond = self.beyond(node)
        if beyond not in self._onward:
            self._onward[beyond] = self.reach([beyond], backward=False)
        onward = self._onward[beyond].copy()
        onward[node] = True
        return onward

    def beyond(self, goal: int) -> int:
        """The node to which the goal of somebody with a wish left leads, if it is theirs alone."""
        place = goal - 1 - self.mentors - self.mentees
        alone = 0 <= place < len(self.network.asking)
        return int(self.network.head[self.network.out][place]) if alone else goal

    def reach(
        self,
        nodes: list[int],
        *,
        backward: bool,
        relaxed: BoolVector | None = None,
        keeping: int | None = None,
        steps: int | None = None,
    ) -> BoolVector:
        """Every node [N] that steps join to one of ``nodes``; the mentor ``keeping`` gives no place back."""
        start, end = self._tail, self._head
        if keeping is not None:
            start, end = start[self._tail != keeping], end[self._tail != keeping]
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
        known = self._known if backward and relaxed is None and keeping is None else []
        looked, last = 0, found
        taken = count()
        while found.any():
            reached |= found
            if next(taken) == steps:
                break
            for core, whole in known:
                if (found & core).any():
                    reached |= whole
                    found &= ~whole
            new = np.zeros_like(found)
            new[far[found[near]]] = True
            mentors, mentees = found[mentor], found[mentee]
            if backward:
                new[mentor] |= self.openings.mentors_of(mentees, ~reached[mentor])
                new[1 + self.mentors + self._moves_mentee[mentors[self._moves_mentor]]] = True
            else:
                new[mentee] |= self.openings.mentees_of(mentors, ~reached[mentee])
                new[1 + self._moves_mentor[mentees[self._moves_mentee]]] = True
            looked, last = looked + int(mentors.sum()), found if mentors.any() else last
            found = new & ~reached
        is_new = looked > WORTH_KNOWING and known is self._known and len(known) < MOST_KNOWN
        if is_new and not self._learning:
            self._learn(np.flatnonzero(last[mentor]))
        return reached

    def _learn(self, mentors: IndexVector) -> None:
        """Keep what leads to one of these mentors, and who is on a cycle with him: the same leads to them."""
        seed = 1 + int(mentors[len(mentors) // 2])
        self._learning = True
        whole = self.reach([seed], backward=True)
        # Who is on a longer cycle is left to find it anew: after some steps few are added.
        core = whole & self.reach([seed], backward=False, steps=FAR)
        self._learning = False
        self._known.append((core, whole))
        mentor, mentee = slice(1, 1 + self.mentors), slice(1 + self.mentors, 1 + self.mentors + self.mentees)
        alike = (self._turn < 0) & (self.given < self.problem.wanted)
        # Units of whoever is not among the others may be let go, and groups can tell further wishes apart.
        alike &= (self.given == 0) | whole[mentee]
        if self.problem.quotas:
            alike &= self.problem.wanted == 1
        some = np.flatnonzero(alike)
        self._turn[some[self.openings.are_within(some, core[mentor], whole[mentor])]] = len(self._known) - 1

    def _next_wish(self, mentee: int) -> int:
        network = self.network
        if not self.given[mentee]:
            return int(network.first.start) + mentee
        return int(network.further.start) + int(np.searchsorted(network.asking, mentee))
