"""What multipliers and prices prove about the flows of a space: a least cost, and what cannot change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows.space import Space

__all__ = [
    "Node",
    "Proof",
    "below",
    "branches",
    "largest_unit_cost",
    "least_cost",
    "narrowed",
    "not_below",
    "proves",
    "tightened",
]


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A Lagrangian bound: a multiplier [R] for each row, in units of 1 / ``denominator``, and prices [N].

    A positive multiplier makes a row's sum dear and speaks of its upper limit, a negative one of its lower.
    """

    denominator: int
    multipliers: IntVector
    prices: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A bound on the flows of a space, by cases if need be.

    Attributes
    ----------
    proof
        Proves the bound by itself, or else tightens the space for ``parts``.
    parts
        None, or one for the tightened space, or two: for at most ``most`` units on ``arc``, and for more.
    """

    proof: Proof
    parts: tuple[Node, ...] = ()
    arc: int = 0
    most: int = 0


def least_cost(space: Space, cost: IntVector, proof: Proof) -> int:
    """Return what no flow of the space undercuts, in units of 1 / ``denominator``, whatever the numbers.

    The multipliers carry the rows into the cost, the prices the balances of the nodes; what remains is the
    least that each arc, and each row's sum, could cost by itself.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", *Mathematical Programming Study* 2.
    """
    reduced, low, up = _unit_costs(space, cost, proof)
    least = np.where(reduced > 0, low, up)
    counted = np.flatnonzero((reduced != 0) & (least != 0))
    # Python's integers: a forged proof must not overflow into a good one.
    return sum(map(int.__mul__, reduced[counted].tolist(), least[counted].tolist()))


def below(space: Space, cost: IntVector, value: int) -> int:
    """Return what a flow of the space costs at most if it costs less than ``value``; see ``not_below``."""
    fixed, step = _steps(space, cost)
    return value - 1 - (value - 1 - fixed) % step


def not_below(space: Space, cost: IntVector, value: int) -> int:
    """Return what a flow of the space costs at least if it costs ``value`` or more.

    Not every whole number will do: what the arcs that are not fixed can add has a common divisor.
    """
    fixed, step = _steps(space, cost)
    return value + (fixed - value) % step


def tightened(space: Space, cost: IntVector, proof: Proof, most: int) -> Space:
    """Return the part of the space where flows that cost at most ``most`` are, as far as the proof tells."""
    spare = proof.denominator * most - least_cost(space, cost, proof)
    if not 0 <= spare < LARGEST:
        return space
    reduced, low, up = _unit_costs(space, cost, proof)
    # What departs from its least costs its reduced cost a unit, and all departures share the spare.
    changes = spare // np.maximum(np.abs(reduced), 1)
    new_low = np.where(reduced < 0, np.maximum(low, up - changes), low)
    new_up = np.where(reduced > 0, np.minimum(up, low + changes), up)
    arcs = len(space.network.tail)
    return replace(space.within(new_low[:arcs], new_up[:arcs]), low=new_low[arcs:], up=new_up[arcs:])


def branches(space: Space, arc: int, most: int) -> tuple[Space, Space]:
    """Return the parts of the space with at most ``most`` units on ``arc``, and with more."""
    low, up = space.network.low.copy(), space.network.up.copy()
    low[arc], up[arc] = max(low[arc], most + 1), min(up[arc], most)
    return space.within(space.network.low, up), space.within(low, space.network.up)


def proves(space: Space, cost: IntVector, node: Node, least: int) -> bool:
    """Tell whether the node proves that every flow of the space costs at least ``least``."""
    waiting = [(space, node)]
    while waiting:
        space, node = waiting.pop()
        most = below(space, cost, least)
        if least_cost(space, cost, node.proof) > node.proof.denominator * most:
            continue
        space = tightened(space, cost, node.proof, most)
        if len(node.parts) == 1:
            waiting.append((space, node.parts[0]))
        elif len(node.parts) == 2:
            waiting += zip(branches(space, node.arc, node.most), node.parts, strict=True)
        else:
            return False
    return True


def narrowed(space: Space, cost: IntVector, node: Node | None, value: int) -> Space:
    """Return the part of the space where flows cost at most ``value``, for the levels that follow.

    Where the proof goes by cases, what no case rules out.
    """
    if node is None:
        return space.costing(cost, value)
    if least_cost(space, cost, node.proof) == node.proof.denominator * value:
        # Nothing is to spare: every flow left costs exactly this.
        return tightened(space, cost, node.proof, value)
    living, waiting = list[Space](), [(space, node)]
    while waiting:
        part, node = waiting.pop()
        if least_cost(part, cost, node.proof) > node.proof.denominator * value:
            continue
        part = tightened(part, cost, node.proof, value)
        if len(node.parts) == 2:
            waiting += zip(branches(part, node.arc, node.most), node.parts, strict=True)
        elif node.parts:
            waiting.append((part, node.parts[0]))
        else:
            living.append(part)
    low = np.min([part.network.low for part in living], axis=0)
    up = np.max([part.network.up for part in living], axis=0)
    row_low = np.min([part.low for part in living], axis=0)
    row_up = np.max([part.up for part in living], axis=0)
    return replace(space.within(low, up), low=row_low, up=row_up).costing(cost, value)


def largest_unit_cost(space: Space, bound: int, denominator: int, multipliers: IntVector) -> int:
    """Return what the multipliers [R] can make of costs up to ``bound``, at most."""
    largest = np.zeros(len(space.low), np.int64)
    np.maximum.at(largest, space.row, np.abs(space.coefficient))
    priced = np.flatnonzero(multipliers)
    sums = map(int.__mul__, map(abs, multipliers[priced].tolist()), largest[priced].tolist())
    return denominator * bound + sum(sums)


def _steps(space: Space, cost: IntVector) -> tuple[int, int]:
    """What every flow of the space costs at its lowest bounds, and the divisor of all that is added to it."""
    low = space.network.low
    loaded = np.flatnonzero(low)
    return int(cost[loaded] @ low[loaded]), int(np.gcd.reduce(cost[space.free()])) or 1


def _unit_costs(space: Space, cost: IntVector, proof: Proof) -> tuple[IntVector, IntVector, IntVector]:
    """What a unit more costs on each arc and in each row's sum, and the bounds of both."""
    network = space.network
    weighted = space.weighted(cost, proof.denominator, proof.multipliers)
    reduced = reduced_cost(network, weighted, proof.prices, np.arange(len(weighted)))
    return (
        np.concatenate([reduced, -proof.multipliers]),
        np.concatenate([network.low, space.low]),
        np.concatenate([network.up, space.up]),
    )
