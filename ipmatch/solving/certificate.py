"""The proof that a pairing is the one best, checked without any solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.fairness import class_level, classes, cost_below, has_class, threshold_of, worst_off
from ipmatch.solving.lottery import pair_level, pair_level_name, people_levels
from ipmatch.solving.network import Network, build
from ipmatch.solving.prices import least_cost, reduced_cost
from ipmatch.solving.problem import LARGEST, Level, Leximin, Objective, Problem, Threshold, check_levels
from ipmatch.solving.ties import pairs_among, still_open, tied_pairs

__all__ = ["are_prices", "broken_rules", "check"]


def check(
    problem: Problem,
    levels: Iterable[Objective],
    used: BoolVector,
    prices: Mapping[str, IntVector],
    *,
    complete: bool = True,
    called: Callable[[str, int], str] | None = None,
) -> list[str]:
    """List in plain English what keeps ``prices`` from proving ``used`` the one best pairing.

    Any two circulations differ by the same cost as reduced cost. So a pairing is best if, on every arc, the
    first level whose reduced cost is not zero agrees with the flow: least if positive, most if negative.
    The lowest score of a threshold is read off the pairing; its prices prove that some pair scores no more.

    Parameters
    ----------
    problem, levels
        What is allowed, and what is wanted, most important first; the lottery's levels follow by themselves.
    used
        [P] the pairs to be proved best.
    prices
        By name of level, [N] the price of each node of the network.
    complete
        Whether every level must be proved; if not, the first few may be, and nothing is said of ties.
    called
        What messages call the ``"mentor"`` or ``"mentee"`` of an index: ``mentor 3`` if not given.

    Returns
    -------
    list of str
        Empty if the pairing is proved.

    Raises
    ------
    ValueError
        If the levels cannot be expressed (see ``check_levels``) or quotas cross; nothing in ``used`` or
        ``prices`` raises.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, section 9.3 (complementary slackness).
    """
    levels = tuple(levels)
    check_levels(problem, levels)
    broken = list(broken_rules(problem, used, called))
    if broken:
        return broken
    proof = _Proof(build(problem), used, prices, called or _by_index)
    proof.walk(levels, complete=complete)
    return proof.faults


def _by_index(side: str, index: int) -> str:
    return f"{side} {index}"


def broken_rules(
    problem: Problem, used: BoolVector, called: Callable[[str, int], str] | None = None
) -> Iterator[str]:
    """Name in plain English each rule of a problem that a set of used pairs [P] breaks."""
    # An id stays as it is, even where a sentence begins.
    begin, called = called or (lambda side, index: f"{side.capitalize()} {index}"), called or _by_index
    if not isinstance(used, np.ndarray) or used.shape != problem.mentor.shape or used.dtype != np.bool_:
        yield f"The pairs used must be {len(problem.mentor)} truth values, one for each allowed pair."
        return
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    for i in np.flatnonzero(load > problem.capacity):
        yield f"{begin('mentor', int(i))} has {load[i]} mentees but only {problem.capacity[i]} places."
    for i in np.flatnonzero(load < problem.minimum):
        yield f"{begin('mentor', int(i))} has {load[i]} mentees but must have {problem.minimum[i]}."
    for j in np.flatnonzero(given > problem.wanted):
        yield f"{begin('mentee', int(j))} has {given[j]} mentors but asks for {problem.wanted[j]}."
    for pair in np.flatnonzero(problem.required & ~used):
        mentor, mentee = int(problem.mentor[pair]), int(problem.mentee[pair])
        yield f"{begin('mentor', mentor)} and {called('mentee', mentee)} must be paired and are not."
    for k, quota in enumerate(problem.quotas):
        pairs = (load if quota.side == "mentor" else given)[quota.members]
        people = int(np.count_nonzero(pairs))
        if people < quota.minimum:
            yield f"quotas[{k}]: {people} of its {quota.side}s have a pair, but {quota.minimum} must."
        if quota.maximum is not None and pairs.sum() > quota.maximum:
            yield f"quotas[{k}]: its {quota.side}s have {pairs.sum()} pairs, but may have {quota.maximum}."


class _Proof:
    """One walk through the levels; ``undecided`` are the arcs every level so far leaves free."""

    def __init__(
        self,
        network: Network,
        used: BoolVector,
        prices: Mapping[str, IntVector],
        called: Callable[[str, int], str],
    ) -> None:
        self.network, self.called = network, called
        self.flow = network.flow_of(used)
        self.undecided: IndexVector = np.flatnonzero(network.low < network.up)
        self.unread = dict(prices)
        self.faults: list[str] = []

    def walk(self, levels: Iterable[Objective], *, complete: bool) -> None:
        for level in self._in_order(levels):
            if not complete and level.name not in self.unread:
                break
            self._read(level)
        self.faults += [f"Level {name!r} has prices but is not part of the proof." for name in self.unread]
        if (
            complete
            and not self.faults
            and (tied := len(tied_pairs(self.network, self.flow, self.undecided)))
        ):
            self.faults.append(f"The pairing is not the only best one: {tied} pairs are tied.")

    def _in_order(self, levels: Iterable[Objective]) -> Iterator[Level | Threshold]:
        """Yield every level of a proof; those with nothing to decide only where prices speak of them."""
        problem, network = self.network.problem, self.network
        for level in levels:
            if not isinstance(level, Leximin):
                yield level
                continue
            yield threshold_of(level)
            for score in classes(network, level, self.undecided):
                each = class_level(problem, level, score)
                if each.name in self.unread or has_class(network, level, score, self.undecided):
                    yield each
        self._leave_out_what_is_decided()
        problem, network = self.network.problem, self.network
        for people in people_levels(problem):
            if people.name in self.unread or network.cost(people)[self.undecided].any():
                yield people
        for i in count():
            # The first is never left out while a pair is open: so few stay open that finding ties is cheap.
            needless = i > 0 or not len(pairs_among(network, self.undecided))
            if needless and pair_level_name(i) not in self.unread:
                return
            yield pair_level(problem, i)

    def _leave_out_what_is_decided(self) -> None:
        """Go on with the pairs used or undecided alone: the lottery has few left to look at."""
        self.network, arcs, self.undecided = still_open(self.network, self.flow, self.undecided)
        self.flow = self.flow[arcs]

    def _read(self, level: Level | Threshold) -> None:
        if level.name not in self.unread:
            self.faults.append(f"Level {level.name!r} has no prices.")
            return
        prices = self.unread.pop(level.name)
        if not are_prices(prices, self.network.nodes):
            self.faults.append(
                f"Level {level.name!r}: the prices must be {self.network.nodes} 64-bit integers within 2**60."
            )
        elif isinstance(level, Threshold):
            self._read_threshold(level, prices)
        else:
            self._read_level(level, prices)

    def _read_level(self, level: Level, prices: IntVector) -> None:
        network, arcs = self.network, self.undecided
        cost = network.cost(level)
        reduced = reduced_cost(network, cost, prices, arcs)
        more = arcs[reduced < 0]
        self._refute(level, more[self.flow[more] < network.up[more]], "more")
        raised = arcs[self.flow[arcs] > 0]
        raised = raised[self.flow[raised] > network.low[raised]]
        self._refute(level, raised[reduced_cost(network, cost, prices, raised) > 0], "less")
        self.undecided = arcs[reduced == 0]

    def _read_threshold(self, level: Threshold, prices: IntVector) -> None:
        network, arcs = self.network, self.undecided
        lowest = worst_off(network.problem, level, self.flow[network.pairs] == 1)
        if lowest is not None:
            up_to = cost_below(network, level, lowest + 1)
            if least_cost(network, up_to, prices, self.flow, arcs) < 1:
                self.faults.append(
                    f"Level {level.name!r}: the prices do not prove that the lowest score {lowest} must be."
                )
        # No used pair scores less than the lowest, so every pair that does is decided.
        self.undecided = arcs[cost_below(network, level, lowest)[arcs] == 0]

    def _refute(self, level: Level, arcs: IndexVector, change: str) -> None:
        if len(arcs):
            choice = _choice(self.network, int(arcs[0]), self.called)
            others = f" (and {len(arcs) - 1} others)" if len(arcs) > 1 else ""
            self.faults.append(
                f"Level {level.name!r}: the prices do not prove the pairing best: "
                f"they call for {change} of {choice}{others}."
            )


def are_prices(prices: object, nodes: int) -> bool:
    """Whether something is a price for each node, small enough to reckon with."""
    return (
        isinstance(prices, np.ndarray)
        and prices.dtype == np.int64
        and prices.shape == (nodes,)
        and bool(-LARGEST <= prices.min() <= prices.max() <= LARGEST)
    )


def _choice(network: Network, arc: int, called: Callable[[str, int], str]) -> str:
    problem, pair = network.problem, arc - network.pairs.start
    if arc >= network.groups.start:
        groups = network.mentor_tree.quotas + network.mentee_tree.quotas
        return " and ".join(f"quotas[{k}]" for k in groups[arc - network.groups.start])
    if pair < 0:
        return f"the places of {called('mentor', int(network.head[arc]) - 1)}"
    if arc < network.pairs.stop:
        mentor, mentee = int(problem.mentor[pair]), int(problem.mentee[pair])
        return f"the pair of {called('mentor', mentor)} and {called('mentee', mentee)}"
    mentee = int(network.tail[arc]) - 1 - len(problem.capacity)
    if arc >= network.out.start:
        mentee = int(network.asking[arc - network.out.start])
    return f"the wishes of {called('mentee', mentee)}"
