"""What multipliers and prices prove about the flows of a face: a least cost, and what cannot change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows import Face

__all__ = ["Node", "Proof", "branches", "least_cost", "narrowed", "proves", "tightened"]


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A Lagrangian bound: a multiplier [R] for each row, in units of 1 / ``denominator``, and prices [N].

    A positive multiplier makes a row's sum dear, and so speaks of its upper limit; a negative one of its lower.
    """

    denominator: int
    multipliers: IntVector
    prices: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A bound on the flows of a face, by cases if need be.

    Attributes
    ----------
    proof
        Proves the bound by itself, or else tightens the face for ``parts``.
    parts
        None, or one for the tightened face, or two: for at most ``most`` units on ``arc``, and for more.
    """

    proof: Proof
    parts: tuple[Node, ...] = ()
    arc: int = 0
    most: int = 0


def least_cost(face: Face, cost: IntVector, proof: Proof) -> int:
    """Return what no flow of the face undercuts, in units of 1 / ``denominator``, whatever the proof's numbers.

    The multipliers carry the rows into the cost, the prices the balances of the nodes; what remains is the
    least that each arc, and each row's sum, could cost by itself.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", *Mathematical Programming Study* 2.
    """
    reduced, low, up = _unit_costs(face, cost, proof)
    least = np.where(reduced > 0, low, up)
    counted = np.flatnonzero((reduced != 0) & (least != 0))
    # Python's integers: a forged proof must not overflow into a good one.
    return sum(map(int.__mul__, reduced[counted].tolist(), least[counted].tolist()))


def tightened(face: Face, cost: IntVector, proof: Proof, most: int) -> Face:
    """Return the part of the face where flows that cost at most ``most`` are, as far as the proof tells."""
    spare = proof.denominator * most - least_cost(face, cost, proof)
    if not 0 <= spare < LARGEST:
        return face
    reduced, low, up = _unit_costs(face, cost, proof)
    # What departs from its least costs its reduced cost a unit, and all departures share the spare.
    changes = spare // np.maximum(np.abs(reduced), 1)
    new_low = np.where(reduced < 0, np.maximum(low, up - changes), low)
    new_up = np.where(reduced > 0, np.minimum(up, low + changes), up)
    arcs = len(face.network.tail)
    return replace(face.within(new_low[:arcs], new_up[:arcs]), low=new_low[arcs:], up=new_up[arcs:])


def branches(face: Face, arc: int, most: int) -> tuple[Face, Face]:
    """Return the parts of the face with at most ``most`` units on ``arc``, and with more."""
    low, up = face.network.low.copy(), face.network.up.copy()
    low[arc], up[arc] = max(low[arc], most + 1), min(up[arc], most)
    return face.within(face.network.low, up), face.within(low, face.network.up)


def proves(face: Face, cost: IntVector, node: Node, least: int) -> bool:
    """Tell whether the node proves that every flow of the face costs at least ``least``."""
    waiting = [(face, node)]
    while waiting:
        face, node = waiting.pop()
        if least_cost(face, cost, node.proof) > node.proof.denominator * (least - 1):
            continue
        face = tightened(face, cost, node.proof, least - 1)
        if len(node.parts) == 1:
            waiting.append((face, node.parts[0]))
        elif len(node.parts) == 2:
            waiting += zip(branches(face, node.arc, node.most), node.parts, strict=True)
        else:
            return False
    return True


def narrowed(face: Face, cost: IntVector, node: Node | None, value: int) -> Face:
    """Return the part of the face where flows cost at most ``value``, for the levels that follow."""
    if node is None:
        return face.costing(cost, value)
    tight = tightened(face, cost, node.proof, value)
    if least_cost(face, cost, node.proof) == node.proof.denominator * value:
        # Nothing is to spare: every flow left costs exactly this.
        return tight
    return tight.costing(cost, value)


def _unit_costs(face: Face, cost: IntVector, proof: Proof) -> tuple[IntVector, IntVector, IntVector]:
    """What a unit more costs on each arc and, from its multiplier, in each row's sum; and the bounds of both."""
    network = face.network
    weighted = face.weighted(cost, proof.denominator, proof.multipliers)
    reduced = reduced_cost(network, weighted, proof.prices, np.arange(len(weighted)))
    return (
        np.concatenate([reduced, -proof.multipliers]),
        np.concatenate([network.low, face.low]),
        np.concatenate([network.up, face.up]),
    )
