"""The cheapest ways to carry one more unit through a pairing: along few pairs, with all others priced."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import combinations, count, islice
from math import comb

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.fairness import costs_of
from ipmatch.solving.network import Network, build, residual
from ipmatch.solving.paths import Graph
from ipmatch.solving.pool import AT_ONCE, first_pool, thinned
from ipmatch.solving.problem import LARGEST, Level, Objective, Problem, check_levels
from ipmatch.solving.words64 import NEVER, Packing, Words, is_less

__all__ = ["Ways", "ways_of"]


def ways_of(
    problem: Problem, levels: Sequence[Objective], used: BoolVector, within: IndexVector | None = None
) -> Ways:
    """Return those of this pairing that were kept, for they have learnt which pairs matter, or new ones."""
    if within is not None:
        return _Listed(problem, levels, used, within)
    kept: Ways | None = problem.kept.get("ways")
    if kept is None or not kept.are_of(levels, used):
        kept = problem.kept["ways"] = _Listed(problem, levels, used)
    return kept


class Ways(ABC):
    """The residual graph of a pairing: ``flow`` [A] on ``network``, and for each level the ``costs`` [A]."""

    network: Network
    flow: IntVector
    costs: list[IntVector]

    def __init__(self, levels: Sequence[Objective], used: BoolVector) -> None:
        self._levels, self._used = tuple(levels), used.copy()

    def are_of(self, levels: Sequence[Objective], used: BoolVector) -> bool:
        """Whether the levels are these very objects, and the pairs used the same."""
        same = len(levels) == len(self._levels) and all(map(operator.is_, levels, self._levels))
        return same and np.array_equal(used, self._used)

    @abstractmethod
    def distances(
        self, *, to_root: bool, at: int = 0, barred: BoolVector | None = None
    ) -> tuple[list[IntVector], BoolVector]:
        """Measure as the public function, ``at`` being the root; no unit of ``barred`` [A] is given back."""

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
        guarded = np.zeros(len(node), np.bool_)
        held = np.flatnonzero((owner >= 0) & (self.flow > self.network.low))
        guarded[owner[held]] = True
        for at in sorted(set(end[open_to].tolist())):
            here = open_to & (end == at)
            self._put(lost, possible, node, here & ~guarded, at=at, to_root=to_root)
            alone = [np.array([person]) for person in np.flatnonzero(here & guarded & apart)]
            for closed in (*_apart_in_turn(np.flatnonzero(here & guarded & ~apart)), *alone):
                asking = np.isin(np.arange(len(node)), closed)
                barred = np.zeros(len(owner), np.bool_)
                barred[held[asking[owner[held]]]] = True
                self._put(lost, possible, node, asking, at=at, to_root=to_root, barred=barred)
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
        barred: BoolVector | None = None,
    ) -> None:
        """Lower what each of these ``people`` loses, where a path between node and ``at`` is shorter."""
        asking = np.flatnonzero(people)
        if not len(asking):
            return
        found, reached = self.distances(to_root=to_root, at=at, barred=barred)
        reached, shorter = reached[node[asking]], [loss[node[asking]] for loss in found]
        # What cannot be done is worse than any loss.
        ways = (reached, shorter), (possible[asking], [loss[asking] for loss in lost])
        better = is_less(*([(~can).astype(np.int64), *losses] for can, losses in ways))
        possible[asking[better]] = True
        for loss, new in zip(lost, shorter, strict=True):
            loss[asking[better]] = new[better]


class _Listed(Ways):
    """Ways on the bounds of the problem itself unless ``within`` says less.

    Paths go along a pool of pairs; all other pairs are priced, and join it where they make one shorter.
    """

    def __init__(
        self,
        problem: Problem,
        levels: Sequence[Objective],
        used: BoolVector,
        within: IndexVector | None = None,
    ) -> None:
        check_levels(problem, levels)
        super().__init__(levels, used)
        self.network = build(problem)
        self.flow = self.network.flow_of(used)
        self.costs, open_to = costs_of(self.network, levels, used)
        if within is not None:
            open_to = np.isin(np.arange(len(open_to)), within[open_to[within]])
        counted = [level for level in levels[: len(self.costs)] if isinstance(level, Level)]
        pool = np.ones(len(open_to), np.bool_)
        # The pairs that were asked for when the pairing was solved are those that matter here too.
        known: BoolVector | None = problem.kept.get("pool")
        pool[self.network.pairs] = (first_pool(problem, counted) if known is None else known) | used
        self._pool, self._others = np.flatnonzero(open_to & pool), np.flatnonzero(open_to & ~pool)
        self._ends = self.network.tail[self._others], self.network.head[self._others]
        self._settled: dict[tuple[bool, int], Words] = {}
        largest = [int(np.abs(cost).max(initial=0)) for cost in self.costs]
        self._packing = Packing([self.network.nodes * (most + 1) for most in largest])
        self._price = self._packing.pack([cost[self._others] for cost in self.costs], self._others.shape)

    def distances(
        self, *, to_root: bool, at: int = 0, barred: BoolVector | None = None
    ) -> tuple[list[IntVector], BoolVector]:
        if barred is not None and (to_root, at) not in self._settled:
            self.distances(to_root=to_root, at=at)
        while True:
            distance, reachable = self._along_pool(to_root=to_root, at=at, barred=barred)
            packed = self._packing.pack(distance, reachable.shape)
            words = [np.where(reachable, word, NEVER) for word in packed]
            # Without bars no other pair is a shortcut: with them only where they have made a way longer.
            longer = None if barred is None else is_less(self._settled[to_root, at], words)
            shorter = self._shortcuts(words, longer, to_root=to_root)
            if not len(shorter):
                break
            # They stay among the others: no way along the pool is longer than through them any more.
            self._pool = np.concatenate([self._pool, self._others[shorter]])
        if barred is None:
            self._settled[to_root, at] = words
        return distance, reachable

    def _along_pool(
        self, *, to_root: bool, at: int, barred: BoolVector | None
    ) -> tuple[list[IntVector], BoolVector]:
        tail, head, arc, sign = residual(self.network, self.flow, self._pool)
        if barred is not None:
            kept = (sign > 0) | ~barred[arc]
            tail, head, arc, sign = tail[kept], head[kept], arc[kept], sign[kept]
        start, goal = (tail, head) if to_root else (head, tail)
        order = np.argsort(goal, kind="stable")
        start, goal, arc, sign = start[order], goal[order], arc[order], sign[order]
        distance = self._shortest(start, goal, np.zeros(len(arc), np.int64), at)
        reachable = distance < LARGEST
        kept = reachable[start] & reachable[goal]
        result = []
        for cost in self.costs:
            start, goal, arc, sign = start[kept], goal[kept], arc[kept], sign[kept]
            loss = sign * cost[arc]
            distance = self._shortest(start, goal, loss, at)
            # Only shortest paths may go on to the next level; packing levels into one number would overflow.
            kept = distance[start] == distance[goal] + loss
            result.append(np.where(reachable, distance, 0))
        return result, reachable

    def _shortcuts(self, words: Words, among: BoolVector | None, *, to_root: bool) -> IndexVector:
        """The places in ``others`` whose pairs, all unused, would bring a node nearer; the best few each.

        ``among`` [N] are the nodes in question; None is all.
        """
        start, goal = self._ends if to_root else self._ends[::-1]
        asked, prices = None if among is None else np.flatnonzero(among[start]), self._price
        if asked is not None:
            start, goal, prices = start[asked], goal[asked], [price[asked] for price in prices]
        through = [price + word[goal] for price, word in zip(prices, words, strict=True)]
        shorter = np.flatnonzero(is_less(through, [word[start] for word in words]))
        shorter = shorter[words[0][goal[shorter]] < NEVER]
        found = shorter if asked is None else asked[shorter]
        if len(found) <= AT_ONCE * self.network.nodes:
            return found
        pairs, gain = self._others[found] - self.network.pairs.start, (through[0] - words[0][start])[shorter]
        chosen = thinned(self.network.problem, pairs, gain, AT_ONCE)
        return np.flatnonzero(np.isin(self._others, chosen + self.network.pairs.start))

    def _shortest(self, start: IndexVector, goal: IndexVector, loss: IntVector, at: int) -> IntVector:
        distance = np.full(self.network.nodes, LARGEST)
        distance[at] = 0
        Graph(self.network.nodes, start, goal).relax(loss, distance, np.array([at]))
        return distance


def _apart_in_turn(people: IndexVector) -> Iterator[IndexVector]:
    """Yield some of the people, again and again, so that of any two each is once there without the other.

    A path meets its end once, so it takes back one guarded unit at most. The best path of a person takes
    back somebody else's, and survives where her own unit is closed and the other is open. Everybody is there
    in another half of the turns, and of two different halves neither holds the other: no fewer turns will do.

    References
    ----------
    Sperner (1928), "Ein Satz über Untermengen einer endlichen Menge".
    """
    if not len(people):
        return
    turns = next(turns for turns in count(1) if comb(turns, turns // 2) >= len(people))
    halves = islice(combinations(range(turns), turns - turns // 2), len(people))
    chosen = np.array(list(halves))
    for turn in range(turns):
        yield people[(chosen == turn).any(1)]
