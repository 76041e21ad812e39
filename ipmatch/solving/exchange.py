"""What each single change of the rules would cost or bring: exact, and without solving again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntMatrix, IntVector
from ipmatch.solving.change import Change, gains_of, has_way, losses_of
from ipmatch.solving.condensed import Condensed
from ipmatch.solving.fairness import costs_of
from ipmatch.solving.network import Network, build
from ipmatch.solving.problem import Level, Objective, Problem, check_levels
from ipmatch.solving.words64 import Words, least_at, plus

__all__ = ["Exchange"]

_CELLS_AT_ONCE = 2**20


class Exchange:
    """The best pairing's exchanges, ready to price every change of a single unit.

    A change of one unit is answered by one cycle of the residual graph, so each answer is what solving again
    would give, level by level. Two changes at once do not add up: solve again for those (``chains``).

    Under a threshold answers hold while everybody else stays at its lowest score or better; the threshold
    itself loses nothing. A leximin level, and whatever comes after it, is left out: no single path tells.
    Where gains are asked for it is for the levels that are left; a threshold's are not looked at.

    Parameters
    ----------
    problem, levels, used
        The problem, its levels without the lottery's, and its best pairing by them.

    Raises
    ------
    InternalError
        If a better pairing by these levels exists, or numbers are too large.
    ValueError
        If the levels cannot be expressed (see ``check_levels``).

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 9.11 (sensitivity analysis).
    """

    def __init__(self, problem: Problem, levels: Sequence[Objective], used: BoolVector) -> None:
        check_levels(problem, levels)
        self._problem, self._used = problem, used
        self.network: Network = build(problem)
        self._flow = self.network.flow_of(used)
        self._costs, open_to = costs_of(self.network, levels, used)
        self._levels = tuple(levels[: len(self._costs)])
        self._bounds = [
            max(level.bound, int(np.abs(cost).max(initial=0)))
            for level, cost in zip(self._levels, self._costs, strict=True)
        ]
        arcs = np.flatnonzero(open_to)
        self._ways = Condensed(self.network, self._flow, arcs, self._costs, self._bounds)
        self._pack = self._ways.packing.pack
        self._load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
        # Who could not fill every place or wish till now may need a way that the network does not have.
        self._mentor_is_open = problem.most("mentor") == problem.capacity
        self._mentor_is_open |= has_way(problem, "mentor") & (not problem.spread)
        self._mentee_is_open = (problem.most("mentee") == problem.wanted) | has_way(problem, "mentee")
        self._counts_places = any(isinstance(level, Level) and level.place is not None for level in levels)

    def force(self) -> Change:
        """Price [P] requiring each pair; nothing for those used."""
        pairs = np.flatnonzero(~self._used)
        return self._losses(len(self._used), pairs, self._more(self._arc(pairs)))

    def forbid(self) -> Change:
        """Price [P] forbidding each pair; nothing for those not used, not possible for those required."""
        pairs = np.flatnonzero(self._used & ~self._problem.required)
        change = self._losses(len(self._used), pairs, self._fewer(self._arc(pairs)))
        return replace(change, possible=change.possible & ~self._problem.required)

    def release(self) -> Change:
        """Count [P] what is gained if a pair need no longer be used; nothing for those not required."""
        pairs = np.flatnonzero(self._problem.required)
        return self._gains(len(self._used), pairs, self._fewer(self._arc(pairs)))

    def allow(self, mentor: IndexVector, mentee: IndexVector, gains: Sequence[IntVector]) -> Change:
        """Count what is gained if each of K pairs now not allowed were allowed.

        Parameters
        ----------
        mentor, mentee
            [K] the pairs.
        gains
            For each level [K] what the pair would gain, as ``Level.pair`` has it for allowed ones.
        """
        words = plus(self._cost_words(gains), self._ways.between(self._mentee_node(mentee), 1 + mentor))
        change = self._gains(len(mentor), np.arange(len(mentor)), words)
        return replace(change, known=self._mentor_is_open[mentor] & self._mentee_is_open[mentee])

    def place_more(self) -> Change:
        """Count [I] what is gained if each mentor had one more place."""
        seat, mentors = self._dearest_seat(), np.arange(len(self._load))
        words = self._ways.between(1 + mentors, self.network.tail[seat])
        full = self._load == self._problem.capacity
        change = self._gains(len(mentors), mentors[full], [word[full] for word in words])
        return replace(change, known=has_way(self._problem, "mentor") & (not self._counts_places))

    def new_mentors(self, gains: Sequence[IntMatrix], allowed: BoolMatrix) -> Change:
        """Price giving a mentee to each of K more mentors whom no quota counts, each on their own.

        Parameters
        ----------
        gains
            For each level [K, J] all that pairing the mentor with the mentee would gain, what the level gives
            for a mentor's first mentee included.
        allowed
            [K, J] whether they may be paired.
        """
        count, others = allowed.shape
        mentees = self._mentee_node(np.arange(others))
        way = self._ways.between(mentees, np.zeros_like(mentees))
        step = max(1, _CELLS_AT_ONCE // max(1, others))
        parts = []
        for start in range(0, count, step):
            who, whom = np.nonzero(allowed[start : start + step])
            cost = self._cost_words([level[start + who, whom] for level in gains])
            parts.append(
                least_at(len(allowed[start : start + step]), who, plus(cost, [word[whom] for word in way]))
            )
        words = [np.concatenate(word) for word in zip(*parts, strict=True)] or [word[:0] for word in way]
        change = self._losses(count, np.arange(count), words)
        return replace(change, known=~(allowed & ~self._mentee_is_open).any(axis=1))

    def raise_limit(self, arcs: IndexVector) -> Change:
        """Count what is gained if each of these arcs of the network, such as quotas, could carry one more."""
        at_limit = np.flatnonzero(self._flow[arcs] == self.network.up[arcs])
        return self._gains(len(arcs), at_limit, self._more(arcs[at_limit]))

    def lower_minimum(self, arcs: IndexVector) -> Change:
        """Count what is gained if each of these arcs of the network had to carry one less."""
        at_minimum = np.flatnonzero(
            (self._flow[arcs] == self.network.low[arcs]) & (self.network.low[arcs] > 0)
        )
        return self._gains(len(arcs), at_minimum, self._fewer(arcs[at_minimum]))

    def _more(self, arcs: IndexVector) -> Words:
        cost = self._pack([level[arcs] for level in self._costs], arcs.shape)
        return plus(cost, self._ways.between(self.network.head[arcs], self.network.tail[arcs]))

    def _fewer(self, arcs: IndexVector) -> Words:
        cost = self._pack([-level[arcs] for level in self._costs], arcs.shape)
        return plus(cost, self._ways.between(self.network.tail[arcs], self.network.head[arcs]))

    def _cost_words(self, gains: Sequence[IntVector]) -> Words:
        for gain, bound in zip(gains, self._bounds, strict=True):
            if gain.size and not -2 * bound <= gain.min() <= gain.max() <= 2 * bound:
                raise ValueError(
                    f"gains: every entry must lie within the level's bound, {bound}, for each unit."
                )
        shape = gains[0].shape if gains else ()
        counted = [isinstance(level, Level) for level in self._levels]
        return self._pack([-gain * counts for gain, counts in zip(gains, counted, strict=True)], shape)

    def _losses(self, size: int, place: IndexVector, words: Words) -> Change:
        return losses_of(self._ways.packing, size, place, words)

    def _gains(self, size: int, place: IndexVector, words: Words) -> Change:
        return gains_of(self._ways.packing, size, place, words)

    def _arc(self, pairs: IndexVector) -> IndexVector:
        arc: IndexVector = self.network.pairs.start + pairs
        return arc

    def _mentee_node(self, mentee: IndexVector) -> IndexVector:
        return 1 + len(self._load) + mentee

    def _dearest_seat(self) -> IndexVector:
        """Return [I] the arc that each mentor fills last."""
        network = self.network
        seats = np.arange(network.mentor_first.start, network.mentor_rest.stop)
        mentor = network.head[seats] - 1
        order = np.lexsort((seats, *(cost[seats] for cost in reversed(self._costs)), mentor))
        last = np.cumsum(np.bincount(mentor, minlength=len(self._load))) - 1
        dearest: IndexVector = seats[order[last]]
        return dearest
