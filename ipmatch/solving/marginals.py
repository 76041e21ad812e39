"""What one change would cost: exact losses by level, read off shortest paths without solving again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.network import Network, build, residual
from ipmatch.solving.paths import Graph
from ipmatch.solving.problem import LARGEST, Level, Problem, check_levels

__all__ = ["distances", "loss_of_placing", "loss_of_using"]


def distances(
    problem: Problem, levels: Sequence[Level], used: BoolVector, *, to_root: bool
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
    problem: Problem, levels: Sequence[Level], used: BoolVector, *, among: BoolVector | None = None
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentor for each mentee, whoever else must give way.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    among
        [J] the mentees to answer for, since fewer are quicker; None is everyone.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [J] the loss (positive is worse, compared first level first; 0 where not possible); and
        [J] whether it is possible. It is not for mentees who have all they asked for
        or are not ``among``.
    """
    marginals = _Marginals(problem, levels, used)
    network = marginals.network
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    arc = network.first.start + np.arange(len(given))
    more = network.asking[(given > 0)[network.asking]]
    place = np.searchsorted(network.asking, more)
    arc[more] = network.further.start + place
    owner = np.full(len(network.tail), -1)
    open_to = given < problem.wanted
    if among is not None:
        open_to &= among
    owner[network.out.start + place] = np.where(open_to[more], more, -1)
    node = 1 + len(problem.capacity) + np.arange(len(given))
    return marginals.losses(node, arc, open_to, owner, to_root=False)


def loss_of_using(
    problem: Problem, levels: Sequence[Level], used: BoolVector, *, among: BoolVector | None = None
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentee for each mentor with a spare place, whoever else must give way.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    among
        [I] the mentors to answer for, since fewer are quicker; None is everyone.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [I] the loss (positive is worse, compared first level first; 0 where not possible); and
        [I] whether it is possible. It is not for mentors without a spare place
        or not ``among``.
    """
    marginals = _Marginals(problem, levels, used)
    network = marginals.network
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    arc = network.mentor_first.start + np.arange(len(load))
    more = network.sharing[(load > 0)[network.sharing]]
    rest = network.mentor_rest.start + np.searchsorted(network.sharing, more)
    owner = np.full(len(network.tail), -1)
    open_to = load < problem.capacity
    if among is not None:
        open_to &= among
    owner[arc[more]] = owner[rest] = np.where(open_to[more], more, -1)
    arc[more] = rest
    return marginals.losses(1 + np.arange(len(load)), arc, open_to, owner, to_root=True)


class _Marginals:
    """The residual graph of one pairing, on the bounds of the problem itself rather than a face of optima."""

    def __init__(self, problem: Problem, levels: Sequence[Level], used: BoolVector) -> None:
        check_levels(problem, levels)
        self.network: Network = build(problem)
        self.flow = self.network.flow_of(used)
        self.costs = [self.network.cost(level) for level in levels]
        every = np.flatnonzero(self.network.low < self.network.up)
        self.tail, self.head, self.arc, self.sign = residual(self.network, self.flow, every)
        self._sorted: dict[bool, IndexVector] = {}

    def distances(
        self, *, to_root: bool, kept: BoolVector | None = None
    ) -> tuple[list[IntVector], BoolVector]:
        """Measure as the public function does, along the steps ``kept`` only."""
        start, goal = (self.tail, self.head) if to_root else (self.head, self.tail)
        if to_root not in self._sorted:
            # Sorted once, every graph of every level finds its steps in order.
            self._sorted[to_root] = np.argsort(goal, kind="stable")
        steps = self._sorted[to_root]
        if kept is not None:
            steps = steps[kept[steps]]
        distance = self._shortest(start, goal, steps, np.zeros(len(steps), np.int64))
        reachable = distance < LARGEST
        steps = steps[reachable[start[steps]] & reachable[goal[steps]]]
        result = []
        for cost in self.costs:
            loss = self.sign[steps] * cost[self.arc[steps]]
            distance = self._shortest(start, goal, steps, loss)
            # Only shortest paths may go on to the next level; packing levels into one number would overflow.
            steps = steps[distance[start[steps]] == distance[goal[steps]] + loss]
            result.append(np.where(reachable, distance, 0))
        return result, reachable

    def losses(
        self, node: IndexVector, arc: IndexVector, open_to: BoolVector, owner: IndexVector, *, to_root: bool
    ) -> tuple[list[IntVector], BoolVector]:
        """Close the cycle of each person's new unit: a path between ``node`` and the root, then ``arc``.

        ``owner`` [A] is the person who may not take back a unit of an arc to pay for the new one, or -1.
        """
        if not open_to.any():
            return [np.zeros(len(node), np.int64) for _ in self.costs], open_to
        lost, possible = self.distances(to_root=to_root)
        lost, possible = [loss[node] for loss in lost], possible[node] & open_to
        taken_back_by = np.where(self.sign < 0, owner[self.arc], -1)
        people = np.unique(taken_back_by[taken_back_by >= 0])
        possible[people] = False
        for closed in _halves(people):
            kept = ~np.isin(taken_back_by, closed)
            found, reached = self.distances(to_root=to_root, kept=kept)
            better = reached[node[closed]]
            better &= ~possible[closed] | _less(
                [loss[node[closed]] for loss in found], [loss[closed] for loss in lost]
            )
            possible[closed[better]] = True
            for loss, shorter in zip(lost, found, strict=True):
                loss[closed[better]] = shorter[node[closed[better]]]
        total = [loss + cost[arc] for loss, cost in zip(lost, self.costs, strict=True)]
        return [np.where(possible, loss, 0) for loss in total], possible

    def _shortest(
        self, start: IndexVector, goal: IndexVector, steps: IndexVector, loss: IntVector
    ) -> IntVector:
        distance = np.full(self.network.nodes, LARGEST)
        distance[0] = 0
        Graph(self.network.nodes, start[steps], goal[steps]).relax(loss, distance, np.array([0]))
        return distance


def _halves(people: IndexVector) -> Iterator[IndexVector]:
    """Split people by each binary digit of their rank, so that any two are in different halves at least once.

    A path meets the root once, so it takes back one guarded unit at most. The best path of a person takes
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
