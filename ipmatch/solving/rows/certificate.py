"""The proof that a pairing is best under rows, checked in integers without any solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count
from typing import Literal, TypeAlias

import numpy as np

from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.certificate import broken_rules
from ipmatch.solving.lottery import pair_level, pair_level_name, people_levels
from ipmatch.solving.network import build
from ipmatch.solving.problem import LARGEST, Level, Problem, check_levels
from ipmatch.solving.rows.bounds import Node, largest_unit_cost, narrowed, proves
from ipmatch.solving.rows.entries import RowEntry
from ipmatch.solving.rows.space import Row, Space, space_of
from ipmatch.solving.ties import pairs_among

__all__ = ["UNIQUE", "Claim", "check", "unique_level"]

UNIQUE = "lottery.unique"
Claim: TypeAlias = Literal["unique", "optimal", "feasible"]


def unique_level(used: BoolVector) -> Level:
    """Gain by every departure from the pairs used [P]: they are its optimum if nothing else is left."""
    return Level(UNIQUE, 1, pair=np.where(used, -1, 1))


def check(
    problem: Problem,
    levels: Sequence[Level],
    rows: Sequence[Row],
    used: BoolVector,
    entries: Sequence[RowEntry],
    *,
    claim: Claim = "unique",
    called: Callable[[str, int], str] | None = None,
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
        ``feasible``: the rules hold and all bounds are true. ``optimal``: also, each reaches its bound.
        ``unique``: also, so does each of the lottery's, and no other pairing.
    called
        What messages call the ``"mentor"`` or ``"mentee"`` of an index: ``mentor 3`` if not given.

    Raises
    ------
    ValueError
        If levels or rows cannot be expressed; nothing in ``used`` or ``entries`` raises.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", *Mathematical Programming Study* 2.
    """
    check_levels(problem, levels)
    space = space_of(build(problem), rows)
    faults = list(broken_rules(problem, used, called)) or list(_broken_rows(space, rows, used))
    if faults:
        return faults
    walk = _Walk(space, used, entries, claim)
    walk.run(levels)
    return walk.faults


def _broken_rows(space: Space, rows: Sequence[Row], used: BoolVector) -> Iterator[str]:
    flow = space.network.flow_of(used)
    sums = space.sums(flow).tolist()
    for row, total in zip(rows, sums, strict=False):
        if row.low is not None and total < row.low:
            yield f"Rule {row.name!r} asks for at least {row.low}, and there are {total}."
        if row.up is not None and total > row.up:
            yield f"Rule {row.name!r} allows {row.up} at most, and there are {total}."


class _Walk:
    """One walk through the levels; ``space`` is where pairings as good as this one can still be."""

    def __init__(self, space: Space, used: BoolVector, entries: Sequence[RowEntry], claim: Claim) -> None:
        self.space, self.used, self.claim = space, used, claim
        self.flow = space.network.flow_of(used)
        self.unread = list(entries)
        self.faults: list[str] = []

    def run(self, levels: Sequence[Level]) -> None:
        for level in levels:
            self._read(level, must_reach=self.claim != "feasible")
            if self.faults:
                return
        unique = self.claim == "unique"
        for level in chain(people_levels(self.space.network.problem), self._pair_levels()):
            if self._next_is(level.name) or (
                unique and self.space.network.cost(level)[self.space.free()].any()
            ):
                self._read(level, must_reach=unique)
            if self.faults:
                return
        if self._next_is(UNIQUE) or (unique and len(pairs_among(self.space.network, self.space.free()))):
            self._read(unique_level(self.used), must_reach=unique)
        self.faults += [f"Level {entry.level!r} is not part of the proof." for entry in self.unread]

    def _pair_levels(self) -> Iterator[Level]:
        for i in count():
            if i > 0 and not self._next_is(pair_level_name(i)):
                return
            yield pair_level(self.space.network.problem, i)

    def _next_is(self, name: str) -> bool:
        return bool(self.unread) and self.unread[0].level == name

    def _read(self, level: Level, *, must_reach: bool) -> None:
        if not self._next_is(level.name):
            self.faults.append(f"Level {level.name!r} has no entry where it is due.")
            return
        entry, cost = self.unread.pop(0), self.space.network.cost(level)
        chosen = np.flatnonzero(self.flow)
        value = -int(cost[chosen] @ self.flow[chosen])
        if must_reach and entry.bound != value:
            self.faults.append(f"Level {level.name!r}: {value} is reached, and {entry.bound} is the bound.")
        elif entry.node is not None and not _is_sound(self.space, entry.node, level.bound):
            self.faults.append(f"Level {level.name!r}: the proof has numbers of wrong count or size.")
        elif entry.bound is not None and (
            entry.bound < value
            or entry.node is None
            or not proves(self.space, cost, entry.node, -entry.bound)
        ):
            self.faults.append(
                f"Level {level.name!r}: that no pairing gains more than {entry.bound} is not proved."
            )
        else:
            self.space = narrowed(self.space, cost, entry.node, -value)


def _is_sound(space: Space, node: Node, bound: int) -> bool:
    """Tell whether every number has its place and a size that cannot overflow."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        proof = node.proof
        for numbers, size in ((proof.multipliers, len(space.low)), (proof.prices, space.network.nodes)):
            if numbers.shape != (size,) or numbers.dtype != np.int64:
                return False
            if size and not -LARGEST <= int(numbers.min()) <= int(numbers.max()) <= LARGEST:
                return False
        if proof.denominator < 1:
            return False
        if largest_unit_cost(space, bound, proof.denominator, proof.multipliers) > LARGEST:
            return False
        if len(node.parts) > 2:
            return False
        if len(node.parts) == 2 and not (
            0 <= node.arc < len(space.network.tail) and abs(node.most) <= LARGEST
        ):
            return False
        waiting += node.parts
    return True
