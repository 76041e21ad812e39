"""Rules that are no part of the network: limits on sums over chosen arcs, and what they leave possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import Network
from ipmatch.solving.problem import LARGEST, Quota

__all__ = [
    "Row",
    "Space",
    "mentees_row",
    "mentors_row",
    "pairs_row",
    "quota_maximum_row",
    "quota_minimum_row",
    "quota_rows",
    "space_of",
]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One rule: the sum of ``coefficients * flow[arcs]`` lies between ``low`` and ``up``; None is no limit.

    Attributes
    ----------
    name
        Names the rule in conflicts; unique.
    arcs
        Pairs, and first arcs of mentees or mentors, as the network numbers them; each once.
    """

    name: str
    arcs: IndexVector
    coefficients: IntVector
    low: int | None = None
    up: int | None = None


def pairs_row(
    network: Network, name: str, pairs: IndexVector, *, low: int | None = None, up: int | None = None
) -> Row:
    """Limit how many of ``pairs`` (indices of the problem's allowed pairs) are used."""
    return Row(name, network.pairs.start + pairs, np.ones(len(pairs), np.int64), low, up)


def mentors_row(
    network: Network, name: str, mentors: IndexVector, *, low: int | None = None, up: int | None = None
) -> Row:
    """Limit how many different ones of ``mentors`` have a mentee."""
    return Row(name, network.mentor_first.start + mentors, np.ones(len(mentors), np.int64), low, up)


def mentees_row(
    network: Network, name: str, mentees: IndexVector, *, low: int | None = None, up: int | None = None
) -> Row:
    """Limit how many different ones of ``mentees`` have a mentor."""
    return Row(name, network.first.start + mentees, np.ones(len(mentees), np.int64), low, up)


def quota_rows(network: Network, quotas: Sequence[Quota]) -> list[Row]:
    """Hold what no network can: the second part of ``quotas.split``, by the index of each quota."""
    return [
        row
        for k, quota in enumerate(quotas)
        for row in (
            quota_minimum_row(network, f"quota {k}, minimum", quota),
            quota_maximum_row(network, f"quota {k}, maximum", quota),
        )
        if row.low is not None or row.up is not None
    ]


def quota_minimum_row(network: Network, name: str, quota: Quota) -> Row:
    """Hold a quota's minimum of different members with a pair."""
    counted = mentors_row if quota.side == "mentor" else mentees_row
    return counted(network, name, quota.members, low=quota.minimum or None)


def quota_maximum_row(network: Network, name: str, quota: Quota) -> Row:
    """Hold a quota's maximum of pairs."""
    side = getattr(network.problem, quota.side)
    return pairs_row(network, name, np.flatnonzero(np.isin(side, quota.members)), up=quota.maximum)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The flows still in question: a network's circulations whose R row sums lie between bounds.

    Attributes
    ----------
    network
        Its ``low`` and ``up`` may be tighter than the problem's.
    row, arc, coefficient
        The rows' non-zero entries.
    low, up
        [R] bounds of the row sums; no limit is ``LARGEST`` away from 0.
    """

    network: Network
    row: IndexVector
    arc: IndexVector
    coefficient: IntVector
    low: IntVector
    up: IntVector

    def sums(self, flow: IntVector) -> IntVector:
        """Return the row sums [R] of a flow [A]."""
        sums = np.zeros(len(self.low), np.int64)
        np.add.at(sums, self.row, self.coefficient * flow[self.arc])
        return sums

    def reach(self, entries: IndexVector) -> tuple[IntVector, IntVector]:
        """Return the least and the greatest [R] that these entries can add to the row sums."""
        ends = np.stack([limit[self.arc[entries]] for limit in (self.network.low, self.network.up)])
        least, most = np.zeros(len(self.low), np.int64), np.zeros(len(self.low), np.int64)
        np.add.at(least, self.row[entries], np.min(self.coefficient[entries] * ends, axis=0))
        np.add.at(most, self.row[entries], np.max(self.coefficient[entries] * ends, axis=0))
        return least, most

    def holds(self, flow: IntVector) -> bool:
        """Tell whether a flow [A] is one of these."""
        network, sums = self.network, self.sums(flow)
        # What does not balance is some pairing's, but one with more pairs than somebody asked for.
        surplus = np.zeros(network.nodes, np.int64)
        np.add.at(surplus, network.head, flow)
        np.subtract.at(surplus, network.tail, flow)
        return bool(
            not surplus.any()
            and np.all((network.low <= flow) & (flow <= network.up))
            and np.all((self.low <= sums) & (sums <= self.up))
        )

    def weighted(self, cost: IntVector, denominator: int, multipliers: IntVector) -> IntVector:
        """Return ``denominator * cost`` plus what the multipliers [R] of the rows put on each arc [A]."""
        weighted = denominator * cost
        np.add.at(weighted, self.arc, multipliers[self.row] * self.coefficient)
        return weighted

    def free(self) -> IndexVector:
        """List the arcs whose flow is not yet fixed."""
        return np.flatnonzero(self.network.low < self.network.up)

    def within(self, low: IntVector, up: IntVector) -> Space:
        """Return the part of the space on which flows lie between ``low`` and ``up`` [A]."""
        return replace(self, network=replace(self.network, low=low, up=up))

    def costing(self, cost: IntVector, most: int) -> Space:
        """Return the part of the space on which flows cost at most ``most``: one row more."""
        arcs = np.flatnonzero(cost)
        # Small numbers keep HiGHS exact, and a common divisor only sharpens the limit.
        divisor = max(int(np.gcd.reduce(cost)), 1)
        return replace(
            self,
            row=np.concatenate([self.row, np.full(len(arcs), len(self.low))]),
            arc=np.concatenate([self.arc, arcs]),
            coefficient=np.concatenate([self.coefficient, cost[arcs] // divisor]),
            low=np.append(self.low, -LARGEST),
            up=np.append(self.up, most // divisor),
        )


def space_of(network: Network, rows: Sequence[Row]) -> Space:
    """Collect all flows that keep the rows, and count people once where a row counts people.

    A first unit must use the first arc where a row would gain by its use of another: so every pair of such a
    person is at most the person's first arc.

    Raises
    ------
    ValueError
        If a row's name comes twice, its arcs or sizes do not fit the network, or a sum could overflow.
    """
    for i, row in enumerate(rows):
        _check(network, row, {other.name for other in rows[:i]})
    linked, first = _links(network, rows)
    ends, none = len(rows), np.zeros(0, np.int64)
    links = ends + np.arange(len(linked))
    ones = np.ones(len(linked), np.int64)
    lows = [-LARGEST if row.low is None else row.low for row in rows]
    ups = [LARGEST if row.up is None else row.up for row in rows]
    return Space(
        network=network,
        row=np.concatenate([np.repeat(np.arange(ends), [len(row.arcs) for row in rows]), links, links]),
        arc=np.concatenate([none, *(row.arcs for row in rows), linked, first]),
        coefficient=np.concatenate([none, *(row.coefficients for row in rows), ones, -ones]),
        low=np.append(np.array(lows, np.int64), -LARGEST * ones),
        up=np.append(np.array(ups, np.int64), 0 * ones),
    )


def _links(network: Network, rows: Sequence[Row]) -> tuple[IndexVector, IndexVector]:
    """List the pairs' arcs that need a first arc, and which."""
    problem = network.problem
    evaded = [
        row.arcs[
            ((row.coefficients > 0) & (row.up is not None)) | ((row.coefficients < 0) & (row.low is not None))
        ]
        for row in rows
    ]
    arcs = np.unique(np.concatenate([np.zeros(0, np.int64), *evaded]))
    mentors = np.intersect1d(arcs - network.mentor_first.start, network.sharing)
    mentees = np.intersect1d(arcs - network.first.start, network.asking)
    of_mentors = np.flatnonzero(np.isin(problem.mentor, mentors))
    of_mentees = np.flatnonzero(np.isin(problem.mentee, mentees))
    return (
        network.pairs.start + np.concatenate([of_mentors, of_mentees]),
        np.concatenate(
            [
                network.mentor_first.start + problem.mentor[of_mentors],
                network.first.start + problem.mentee[of_mentees],
            ]
        ),
    )


def _check(network: Network, row: Row, taken: set[str]) -> None:
    if row.name in taken:
        raise ValueError(f"row {row.name!r}: the name is taken.")
    arcs, coefficients = row.arcs, row.coefficients
    if not arcs.shape == coefficients.shape == (len(arcs),) or {arcs.dtype, coefficients.dtype} - {
        np.dtype(np.int64)
    }:
        raise ValueError(f"row {row.name!r}: arcs and coefficients must be 64-bit integers, one for one.")
    allowed = np.zeros(len(network.tail), np.bool_)
    for choice in (network.pairs, network.first, network.mentor_first):
        allowed[choice] = True
    if len(np.unique(arcs)) < len(arcs) or np.any((arcs < 0) | (arcs >= len(allowed))):
        raise ValueError(f"row {row.name!r}: every arc must be one of the network's, and come once.")
    if not allowed[arcs].all():
        raise ValueError(f"row {row.name!r}: only pairs and first mentors or mentees can be counted.")
    limits = [0 if limit is None else abs(limit) for limit in (row.low, row.up)]
    if max(sum(map(abs, coefficients.tolist())), *limits) > 2**40:
        raise ValueError(f"row {row.name!r}: its numbers are too large.")
