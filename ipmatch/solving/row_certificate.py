"""The proof that a pairing is best under rows, checked in integers without any solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Literal, TypeAlias

import numpy as np

from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.bounds import Node, narrowed, proves
from ipmatch.solving.certificate import _broken_rules
from ipmatch.solving.lottery import pair_level, pair_level_name, people_levels
from ipmatch.solving.network import build
from ipmatch.solving.problem import LARGEST, Level, Problem, check_levels
from ipmatch.solving.rows import Face, Row, face_of
from ipmatch.solving.ties import pairs_among

__all__ = ["UNIQUE", "Claim", "RowEntry", "check", "unique_level"]

UNIQUE = "lottery.unique"
Claim: TypeAlias = Literal["unique", "optimal", "feasible"]


@dataclass(frozen=True, slots=True, eq=False)
class RowEntry:
    """What is claimed of one level: no pairing as good by the levels before gains more than ``bound``.

    Attributes
    ----------
    level, bound
        The level's name; None claims nothing.
    node
        The proof of the bound; it may be there without a claim, to narrow down the levels after.
    """

    level: str
    bound: int | None
    node: Node | None

    @property
    def kind(self) -> Literal["none", "lagrangian", "tree"]:
        """How the bound is proved."""
        if self.node is None:
            return "none"
        return "tree" if self.node.parts else "lagrangian"


def unique_level(used: BoolVector) -> Level:
    """Gain by every departure from the pairs used [P]: at its best where they are, if they are the only ones."""
    return Level(UNIQUE, 1, pair=np.where(used, -1, 1))


def check(
    problem: Problem,
    levels: Sequence[Level],
    rows: Sequence[Row],
    used: BoolVector,
    entries: Sequence[RowEntry],
    *,
    claim: Claim = "unique",
) -> list[str]:
    """List in plain English what is wrong with a pairing, or with the proof of what is claimed of it.

    Parameters
    ----------
    problem, levels, rows
        What is allowed, and what is wanted, most important first; the lottery's levels follow by themselves.
    used
        [P] the pairs.
    entries
        One for each level, in order; the lottery's may end early.
    claim
        ``feasible``: the rules hold, and every bound is true. ``optimal``: also, each level reaches its bound.
        ``unique``: also, so does each of the lottery's, and no other pairing does.

    Raises
    ------
    ValueError
        If levels or rows cannot be expressed; nothing in ``used`` or ``entries`` raises.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", *Mathematical Programming Study* 2.
    """
    check_levels(problem, levels)
    face = face_of(build(problem), rows)
    faults = list(_broken_rules(problem, used)) or list(_broken_rows(face, rows, used))
    if faults:
        return faults
    walk = _Walk(face, used, entries, claim)
    walk.run(levels)
    return walk.faults


def _broken_rows(face: Face, rows: Sequence[Row], used: BoolVector) -> Iterator[str]:
    flow = face.network.flow_of(used)
    if np.any((flow < face.network.low) | (flow > face.network.up)):
        yield "A rule of the network does not hold."
    sums = face.sums(flow).tolist()
    for row, total in zip(rows, sums, strict=False):
        if row.low is not None and total < row.low:
            yield f"Rule {row.name!r} asks for at least {row.low}, and there are {total}."
        if row.up is not None and total > row.up:
            yield f"Rule {row.name!r} allows {row.up} at most, and there are {total}."


class _Walk:
    """One walk through the levels; ``face`` is where pairings as good as this one can still be."""

    def __init__(self, face: Face, used: BoolVector, entries: Sequence[RowEntry], claim: Claim) -> None:
        self.face, self.used, self.claim = face, used, claim
        self.flow = face.network.flow_of(used)
        self.unread = list(entries)
        self.faults: list[str] = []

    def run(self, levels: Sequence[Level]) -> None:
        for level in levels:
            self._read(level, must_reach=self.claim != "feasible")
            if self.faults:
                return
        unique = self.claim == "unique"
        for level in chain(people_levels(self.face.network.problem), self._pair_levels()):
            if self._next_is(level.name) or (
                unique and self.face.network.cost(level)[self.face.free()].any()
            ):
                self._read(level, must_reach=unique)
            if self.faults:
                return
        if self._next_is(UNIQUE) or (unique and len(pairs_among(self.face.network, self.face.free()))):
            self._read(unique_level(self.used), must_reach=unique)
        self.faults += [f"Level {entry.level!r} is not part of the proof." for entry in self.unread]

    def _pair_levels(self) -> Iterator[Level]:
        for i in count():
            if i > 0 and not self._next_is(pair_level_name(i)):
                return
            yield pair_level(self.face.network.problem, i)

    def _next_is(self, name: str) -> bool:
        return bool(self.unread) and self.unread[0].level == name

    def _read(self, level: Level, *, must_reach: bool) -> None:
        if not self._next_is(level.name):
            self.faults.append(f"Level {level.name!r} has no entry where it is due.")
            return
        entry, cost = self.unread.pop(0), self.face.network.cost(level)
        chosen = np.flatnonzero(self.flow)
        value = -int(cost[chosen] @ self.flow[chosen])
        if must_reach and entry.bound != value:
            self.faults.append(f"Level {level.name!r}: {value} is reached, and {entry.bound} is the bound.")
        elif entry.node is not None and not _is_sound(self.face, entry.node, level.bound):
            self.faults.append(f"Level {level.name!r}: the proof does not fit the problem.")
        elif entry.bound is not None and (
            entry.bound < value or entry.node is None or not proves(self.face, cost, entry.node, -entry.bound)
        ):
            self.faults.append(
                f"Level {level.name!r}: that no pairing gains more than {entry.bound} is not proved."
            )
        else:
            self.face = narrowed(self.face, cost, entry.node, -value)


def _is_sound(face: Face, node: Node, bound: int) -> bool:
    """Tell whether every number has its place and a size that cannot overflow."""
    largest = np.zeros(len(face.low), np.int64)
    np.maximum.at(largest, face.row, np.abs(face.coefficient))
    waiting = [node]
    while waiting:
        node = waiting.pop()
        proof = node.proof
        for numbers, size in ((proof.multipliers, len(face.low)), (proof.prices, face.network.nodes)):
            if numbers.shape != (size,) or numbers.dtype != np.int64:
                return False
            if size and not -LARGEST <= int(numbers.min()) <= int(numbers.max()) <= LARGEST:
                return False
        sums = sum(map(int.__mul__, map(abs, proof.multipliers.tolist()), largest.tolist()))
        if proof.denominator < 1 or proof.denominator * bound + sums > LARGEST:
            return False
        if len(node.parts) > 2 or not 0 <= node.arc < len(face.network.tail) or abs(node.most) > LARGEST:
            return False
        waiting += node.parts
    return True
