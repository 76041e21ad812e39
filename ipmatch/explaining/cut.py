"""What stands between a mentee and one more mentor: searches from a pairing, and the cut they run into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from ipmatch.explaining.barriers import Barrier, Rule, barriers_of, group_bounds
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.network import build, residual
from ipmatch.solving.openings import Openings, openings_of
from ipmatch.solving.problem import Problem

__all__ = ["Cut", "Residual"]

WORTH_KNOWING, MOST_KNOWN = 8, 16
"""If a search looks at more mentors than so many, others may take the same turn: a few such are kept."""

_KINDS = ("places", "wishes", "groups")


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
        if relaxed is not None:
            return self.reach([self.node(mentee)], backward=True, relaxed=relaxed)
        if self._last is None or self._last[0] != mentee:
            self._last = mentee, self.reach([self.node(mentee)], backward=True)
        return self._last[1]

    def onward(self, node: int, relaxed: BoolVector | None = None) -> BoolVector:
        """Every node [N] to which steps lead from one."""
        return self.reach([node], backward=False, relaxed=relaxed)

    def reach(
        self,
        nodes: list[int],
        *,
        backward: bool,
        relaxed: BoolVector | None = None,
        keeping: int | None = None,
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
        while found.any():
            reached |= found
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
        core = whole & self.reach([seed], backward=False)
        self._learning = False
        self._known.append((core, whole))

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
        relaxed[mentee] = False
        if self._is_plain:
            # Whoever gives up a mentor frees the way to the root, so nobody more can be left out.
            return self._terms(before, np.flatnonzero(~relaxed), mentee)
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
        return self._fewest(self.goal(mentee), self.node(mentee))

    def blocking_place(self, mentor: int) -> tuple[Rule, ...]:
        """The rules but for which a mentor with a spare place could have one more, whoever gives way."""
        network = self.network
        arc = network.mentor_first.start + mentor
        if self.flow[arc]:
            arc = network.mentor_rest.start + int(np.searchsorted(network.sharing, mentor))
        return self._fewest(1 + mentor, int(network.tail[arc]), keeping=1 + mentor)

    def _fewest(self, source: int, target: int, *, keeping: int | None = None) -> tuple[Rule, ...]:
        """The rules of the fewest barriers on a path; if a mentor is ``keeping`` places, mentees need not."""
        relaxed = None if keeping is None else np.ones(self.mentees, np.bool_)
        barriers = [barrier for barrier in self.barriers if barrier.start != keeping]
        reach = partial(self.reach, relaxed=relaxed, keeping=keeping)
        layers = [reach([target], backward=True)]
        while not layers[-1][source]:
            opened = [one.start for one in barriers if layers[-1][one.goal] and not layers[-1][one.start]]
            if not opened:
                return ()
            layers.append(layers[-1] | reach(opened, backward=True))
        rules, at = list[Rule](), source
        for layer in reversed(layers[:-1]):
            onward = reach([at], backward=False)
            step = next(one for one in barriers if onward[one.start] and layer[one.goal])
            rules += step.rules
            at = step.goal
        return tuple(sorted(rules))

    @cached_property
    def barriers(self) -> tuple[Barrier, ...]:
        """Every step that nothing but rules closes."""
        return tuple(barriers_of(self.network, self.used, self.flow))

    def _next_wish(self, mentee: int) -> int:
        network = self.network
        if not self.given[mentee]:
            return int(network.first.start) + mentee
        return int(network.further.start) + int(np.searchsorted(network.asking, mentee))

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
        pairs = np.flatnonzero(self.used)
        low = self._least.copy()
        kept = self._wishes[np.isin(self._wisher, group)]
        # The pairs are not among these arcs.
        low[kept - len(self.used)] = self.flow[kept]
        low[self._next_wish(mentee) - len(self.used)] += 1
        leaves, enters = inside[self._from], inside[self._to]
        must = dict(zip(_KINDS, np.split(low * (leaves & ~enters), self._kinds), strict=True))
        can = dict(zip(_KINDS, np.split(self._most * (enters & ~leaves), self._kinds), strict=True))
        mentors = inside[1 + self.problem.mentor[pairs]]
        mentees = inside[self.node(0) + self.problem.mentee[pairs]]
        limits = can["groups"] * self._limited
        # A group without a maximum is full where nobody of it is left.
        of_mentors, of_mentees = np.split(can["groups"] - limits, [len(self.network.mentor_tree.low)])
        needs = {
            "people": must["wishes"].sum(),
            "required_pairs": (self.problem.required[pairs] & mentors & ~mentees).sum(),
            "mentor_minimums": must["places"].sum(),
            "quota_minimums": must["groups"].sum(),
        }
        has = {
            "places": can["places"].sum() + of_mentors.sum(),
            "elsewhere": (mentees & ~mentors).sum(),
            "wishes": can["wishes"].sum() + of_mentees.sum(),
            "quota_maximums": limits.sum(),
        }
        shut = self._limited & (np.split(enters & ~leaves, self._kinds)[2])
        counted = np.zeros(self.mentors, np.bool_)
        counted[self._to[: self._kinds[0]][can["places"] > 0] - 1] = True
        found = _some(has) | ({"quota_maximums": int(limits.sum())} if shut.any() else {})
        return Cut(tuple(group.tolist()), _some(needs), found, tuple(np.flatnonzero(counted).tolist()))

    @cached_property
    def _limited(self) -> BoolVector:
        """Which groups have a maximum, rather than no more people."""
        return np.array([bool(kinds["maximum"]) for kinds in group_bounds(self.network)], np.bool_)


def _some(units: dict[str, np.int64]) -> dict[str, int]:
    return {kind: int(many) for kind, many in units.items() if many}


def _length(cut: Cut) -> int:
    return sum(cut.needs.values())
