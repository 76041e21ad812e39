"""What one change would cost: exact losses by level, read off shortest paths without solving again.

Under a threshold they are the losses while everybody else stays at its lowest score or better; the threshold
itself loses nothing. A leximin level, and whatever comes after it, is left out: no single path tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.fairness import cost_below, worst_off
from ipmatch.solving.network import Network, build, residual
from ipmatch.solving.paths import Graph
from ipmatch.solving.problem import LARGEST, Level, Leximin, Objective, Problem, check_levels

__all__ = ["distances", "loss_of_placing", "loss_of_using"]


def distances(
    problem: Problem, levels: Sequence[Objective], used: BoolVector, *, to_root: bool
) -> tuple[list[IntVector], BoolVector]:
    """Measure what each level loses by the cheapest change that carries one unit between root and node.

    Parameters
    ----------
    problem, levels, used
        The problem, its levels without the lottery's, and its best pairing by them.
    to_root
        From every node to the root, or from the root to every node.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [N] the loss, compared first level first; and [N] whether any change does it at all
        (losses are 0 where none does).

    Raises
    ------
    InternalError
        If a better pairing by these levels exists.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, sections 5.4 and 9.3.
    """
    return _Marginals(problem, levels, used).distances(to_root=to_root)


def loss_of_placing(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    *,
    among: BoolVector | None = None,
    within: IndexVector | None = None,
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentor for each mentee, whoever else must give way.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    among
        [J] the mentees to answer for, since fewer are quicker; None is everyone.
    within
        The arcs of the network that may change; None is all.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [J] the loss (positive is worse, compared first level first; 0 where not possible); and
        [J] whether it is possible. It is not for mentees who have all they asked for or are
        not ``among``.
    """
    marginals = _Marginals(problem, levels, used, within)
    network = marginals.network
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    open_to = given < problem.wanted
    if among is not None:
        open_to &= among
    arc = network.first.start + np.arange(len(given))
    joined = network.joined()
    apart = np.zeros(len(given), np.bool_)
    apart[network.asking[~joined]] = True
    # The unit goes round from where it leaves the mentee's own arcs.
    end = network.head[network.first].copy()
    onward = joined | (given[network.asking] > 0)
    end[network.asking[onward]] = network.head[network.out][onward]
    own = open_to[network.asking] & (given[network.asking] > 0)
    more = network.asking[own]
    owner = np.full(len(network.tail), -1)
    owner[network.out.start + np.flatnonzero(own)] = more
    owner[arc[more[apart[more]]]] = more[apart[more]]
    arc[more] = network.further.start + np.flatnonzero(own)
    node = 1 + len(problem.capacity) + np.arange(len(given))
    return marginals.losses(node, arc, end, open_to, owner, apart, to_root=False)


def loss_of_using(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    *,
    among: BoolVector | None = None,
    within: IndexVector | None = None,
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentee for each mentor with a spare place, whoever else must give way.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    among
        [I] the mentors to answer for, since fewer are quicker; None is everyone.
    within
        The arcs of the network that may change; None is all.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [I] the loss (positive is worse, compared first level first; 0 where not possible); and
        [I] whether it is possible. It is not for mentors without a spare place or not
        ``among``.
    """
    marginals = _Marginals(problem, levels, used, within)
    network = marginals.network
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    open_to = load < problem.capacity
    if among is not None:
        open_to &= among
    arc = network.mentor_first.start + np.arange(len(load))
    apart = np.zeros(len(load), np.bool_)
    tails = network.tail[network.mentor_rest]
    apart[network.sharing] = tails != network.tail[network.mentor_first][network.sharing]
    owner = np.full(len(network.tail), -1)
    own = (open_to & (load > 0))[network.sharing]
    owner[network.mentor_rest] = np.where(own, network.sharing, -1)
    owner[arc[network.sharing[own]]] = network.sharing[own]
    # The next place: the one arc for all further places, or the first empty one of several.
    place = network.earlier == (load[network.sharing] if problem.spread else 1)
    arc[load > 0] = -1
    arc[network.sharing[own & place]] = network.mentor_rest.start + np.flatnonzero(own & place)
    open_to &= arc >= 0
    arc = np.where(open_to, arc, 0)
    node = 1 + np.arange(len(load))
    return marginals.losses(node, arc, network.tail[arc], open_to, owner, apart, to_root=True)


class _Marginals:
    """The residual graph of one pairing, on the bounds of the problem itself unless ``within`` says less."""

    def __init__(
        self,
        problem: Problem,
        levels: Sequence[Objective],
        used: BoolVector,
        within: IndexVector | None = None,
    ) -> None:
        check_levels(problem, levels)
        self.network: Network = build(problem)
        self.flow = self.network.flow_of(used)
        self.costs = list[IntVector]()
        open_to = self.network.low < self.network.up
        for level in levels:
            if isinstance(level, Leximin):
                break
            if isinstance(level, Level):
                self.costs.append(self.network.cost(level))
            else:
                lowest = worst_off(problem, level, used)
                open_to &= cost_below(self.network, level, lowest) == 0
                self.costs.append(np.zeros(len(self.network.tail), np.int64))
        every = np.flatnonzero(open_to) if within is None else within[open_to[within]]
        self.tail, self.head, self.arc, self.sign = residual(self.network, self.flow, every)
        self._sorted: dict[bool, IndexVector] = {}

    def distances(
        self, *, to_root: bool, at: int = 0, kept: BoolVector | None = None
    ) -> tuple[list[IntVector], BoolVector]:
        """Measure as the public function does, ``at`` being the root, along the steps ``kept`` only."""
        start, goal = (self.tail, self.head) if to_root else (self.head, self.tail)
        if to_root not in self._sorted:
            # Sorted once, every graph of every level finds its steps in order.
            self._sorted[to_root] = np.argsort(goal, kind="stable")
        steps = self._sorted[to_root]
        if kept is not None:
            steps = steps[kept[steps]]
        distance = self._shortest(start, goal, steps, np.zeros(len(steps), np.int64), at)
        reachable = distance < LARGEST
        steps = steps[reachable[start[steps]] & reachable[goal[steps]]]
        result = []
        for cost in self.costs:
            loss = self.sign[steps] * cost[self.arc[steps]]
            distance = self._shortest(start, goal, steps, loss, at)
            # Only shortest paths may go on to the next level; packing levels into one number would overflow.
            steps = steps[distance[start[steps]] == distance[goal[steps]] + loss]
            result.append(np.where(reachable, distance, 0))
        return result, reachable

    def losses(
        self,
        node: IndexVector,
        arc: IndexVector,
        end: IndexVector,
        open_to: BoolVector,
        owner: IndexVector,
        apart: BoolVector,
        *,
        to_root: bool,
    ) -> tuple[list[IntVector], BoolVector]:
        """Close the cycle of each person's new unit: a path between ``node`` and ``end``, then ``arc``.

        ``owner`` [A] is the person who may not take back a unit of an arc to pay for the new one, or -1;
        ``apart`` tells who has such arcs that do not meet at ``end``.
        """
        lost, possible = [np.zeros(len(node), np.int64) for _ in self.costs], np.zeros(len(node), np.bool_)
        taken_back_by = np.where(self.sign < 0, owner[self.arc], -1)
        guarded = np.zeros(len(node), np.bool_)
        guarded[taken_back_by[taken_back_by >= 0]] = True
        for at in np.unique(end[open_to]).tolist():
            here = open_to & (end == at)
            self._put(lost, possible, node, here & ~guarded, at=at, to_root=to_root)
            alone = [np.array([person]) for person in np.flatnonzero(here & guarded & apart)]
            for closed in (*_halves(np.flatnonzero(here & guarded & ~apart)), *alone):
                kept = ~np.isin(taken_back_by, closed)
                asking = np.isin(np.arange(len(node)), closed)
                self._put(lost, possible, node, asking, at=at, to_root=to_root, kept=kept)
        total = [loss + cost[arc] for loss, cost in zip(lost, self.costs, strict=True)]
        return [np.where(possible, loss, 0) for loss in total], possible

    def _put(
        self,
        lost: list[IntVector],
        possible: BoolVector,
        node: IndexVector,
        people: BoolVector,
        *,
        at: int,
        to_root: bool,
        kept: BoolVector | None = None,
    ) -> None:
        """Lower what each of these ``people`` loses, where a path between node and ``at`` is shorter."""
        asking = np.flatnonzero(people)
        if not len(asking):
            return
        found, reached = self.distances(to_root=to_root, at=at, kept=kept)
        reached, shorter = reached[node[asking]], [loss[node[asking]] for loss in found]
        better = reached & (~possible[asking] | _less(shorter, [loss[asking] for loss in lost]))
        possible[asking[better]] = True
        for loss, new in zip(lost, shorter, strict=True):
            loss[asking[better]] = new[better]

    def _shortest(
        self, start: IndexVector, goal: IndexVector, steps: IndexVector, loss: IntVector, at: int
    ) -> IntVector:
        distance = np.full(self.network.nodes, LARGEST)
        distance[at] = 0
        Graph(self.network.nodes, start[steps], goal[steps]).relax(loss, distance, np.array([at]))
        return distance


def _halves(people: IndexVector) -> Iterator[IndexVector]:
    """Split people by each binary digit of their rank, so that any two are in different halves at least once.

    A path meets its end once, so it takes back one guarded unit at most. The best path of a person takes
    back somebody else's, and survives where her own half is closed and the other half is open.
    """
    rank = np.arange(len(people))
    for digit in range(max(len(people) - 1, 1).bit_length() if len(people) else 0):
        for value in (0, 1):
            yield people[rank >> digit & 1 == value]


def _less(left: Sequence[IntVector], right: Sequence[IntVector]) -> BoolVector:
    """Compare entry by entry, first level first."""
    less, equal = np.array([False]), np.array([True])
    for ours, theirs in zip(left, right, strict=True):
        less, equal = less | (equal & (ours < theirs)), equal & (ours == theirs)
    return less
