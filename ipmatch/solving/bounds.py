"""What multipliers and prices prove about the flows of a face: a least cost, and arcs that cannot change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows import Face

__all__ = ["Node", "Proof", "least_cost", "next_face", "refutes", "tightened"]


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A Lagrangian bound: a multiplier [R] of each row, in units of 1 / ``denominator``, and prices [N]."""

    denominator: int
    multipliers: IntVector
    prices: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A proof that no flow of a face costs a given amount or less, perhaps by cases.

    Attributes
    ----------
    proof
        Closes the face by itself, or else tightens it for ``parts``.
    parts
        None, or one for the tightened face, or two: for at most ``most`` units on ``arc``, and for more.
    """

    proof: Proof
    parts: tuple[Node, ...] = ()
    arc: int = 0
    most: int = 0


def least_cost(face: Face, cost: IntVector, proof: Proof) -> int:
    """Return what no flow of the face undercuts, in units of 1 / denominator; true of any proof whatever.

    The multipliers move the rows into the cost, the prices the network's balances, neither changes what a
    flow costs by more than the rows' limits allow: what is left is the least each arc by itself could cost.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", *Mathematical Programming Study* 2.
    """
    _, reduced = _reduced(face, cost, proof)
    # Python's integers: a forged proof must not overflow into a good one.
    return _least(reduced, face.network.low, face.network.up) + _least(-proof.multipliers, face.low, face.up)


def tightened(face: Face, cost: IntVector, proof: Proof, most: int) -> Face:
    """Keep what flows that cost at most ``most`` can use, as far as the proof tells."""
    spare = min(max(proof.denominator * most - least_cost(face, cost, proof), 0), LARGEST)
    arcs, reduced = _reduced(face, cost, proof)
    del arcs
    network = face.network
    low, up = _tightened(reduced, network.low, network.up, spare)
    row_low, row_up = _tightened(-proof.multipliers, face.low, face.up, spare)
    return replace(face.within(low, up), low=row_low, up=row_up)
