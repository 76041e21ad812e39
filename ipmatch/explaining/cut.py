"""What stands between a mentee and one more mentor: searches from a pairing, and the cut they run into."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from ipmatch.explaining.alternating import Alternating
from ipmatch.explaining.barriers import Barrier, Rule, barriers_of, group_bounds
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.openings import Openings
from ipmatch.solving.problem import Problem

__all__ = ["Cut", "Group", "Residual"]

_KINDS = ("places", "wishes", "groups")


@dataclass(frozen=True, slots=True, eq=False)
class Group(Collection[int]):
    """Mentees in order: the ``others``, who may be those of many groups, and ``one`` unless among them."""

    others: IndexVector
    one: int | None

    def __len__(self) -> int:
        return len(self.others) + (self.one is not None)

    def __contains__(self, mentee: object) -> bool:
        return mentee in [*self]

    def __iter__(self) -> Iterator[int]:
        return iter(self.others.tolist() if self.one is None else sorted([*self.others.tolist(), self.one]))


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Why the mentees of a group cannot have so many mentors together: they need one unit more than there is.

    Attributes
    ----------
    mentees
        The group: were any one of them left out, the rest could have theirs.
    needs, has
        Units by what they are: ``people, required_pairs, mentor_minimums, quota_minimums`` against ``places,
        elsewhere, wishes, quota_maximums``. The needs add up to one more.
    mentors
        Whose places are counted, sorted.
    """

    mentees: Group
    needs: dict[str, int]
    has: dict[str, int]
    mentors: IndexVector


class Residual(Alternating):
    """What keeps one more mentor from a mentee."""

    def __init__(self, problem: Problem, used: BoolVector, openings: Openings | None = None) -> None:
        super().__init__(problem, used, openings)
        self._cuts: dict[int, Cut] = {}

    def cut(self, mentee: int) -> Cut:
        """The clash that keeps one more mentor from a mentee, of a group of which nobody is idle.

        Whose numbers are let go matters only to steps that leave the nodes ``onward`` from the goal, so two
        searches leave exactly those whom nobody can do without.

        Raises
        ------
        ValueError
            If the mentee could have one more mentor.
        """
        first = self.alike(mentee)
        if first == mentee:
            return self._cut(mentee)
        # One waits in the other's place, or both are in the group: all else is the same.
        if first not in self._cuts:
            self._cuts[first] = self._cut(first)
        cut = self._cuts[first]
        return cut if cut.mentees.one is None else replace(cut, mentees=Group(cut.mentees.others, mentee))

    def _cut(self, mentee: int) -> Cut:
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
        whole = Group(group, None) if self.among_others(mentee) else Group(group[group != mentee], mentee)
        return Cut(whole, _some(needs), found, np.flatnonzero(counted))

    @cached_property
    def _limited(self) -> BoolVector:
        """Which groups have a maximum, rather than no more people."""
        return np.array([bool(kinds["maximum"]) for kinds in group_bounds(self.network)], np.bool_)


def _some(units: dict[str, np.int64]) -> dict[str, int]:
    return {kind: int(many) for kind, many in units.items() if many}


def _length(cut: Cut) -> int:
    return sum(cut.needs.values())
