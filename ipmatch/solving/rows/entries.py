"""The certificate of a pairing under rows: one entry for each level, as data that can be written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ipmatch.solving.arrays import IntVector
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows.bounds import Node, Proof

__all__ = ["RowEntry"]


@dataclass(frozen=True, slots=True, eq=False)
class RowEntry:
    """What is claimed of one level: no pairing as good by the levels before gains more than ``bound``.

    Attributes
    ----------
    level, bound
        The level's name; None claims nothing.
    node
        The proof of the bound; without a claim it narrows down the levels after.
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

    def to_json(self) -> dict[str, object]:
        """Return the entry as data of the kinds JSON knows, integers only."""
        proof = None if self.node is None else _written(self.node)
        return {"level": self.level, "bound": self.bound, "kind": self.kind, "proof": proof}

    @classmethod
    def from_json(cls, data: object) -> RowEntry:
        """Read what ``to_json`` wrote.

        Raises
        ------
        ValueError
            If the data is anything else.
        """
        entry = _mapping(data)
        level, proof = entry.get("level"), entry.get("proof")
        if not isinstance(level, str):
            raise ValueError("level: expected a name.")
        bound = None if entry.get("bound") is None else _integer(entry, "bound")
        return cls(level, bound, None if proof is None else _read(proof))


def _written(node: Node) -> list[dict[str, object]]:
    """List the nodes, each before its parts: nested, a deep proof would be more than JSON readers bear."""
    written, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        multipliers = node.proof.multipliers
        data: dict[str, object] = {
            "denominator": node.proof.denominator,
            "rows": len(multipliers),
            "multipliers": [[row, int(multipliers[row])] for row in np.flatnonzero(multipliers).tolist()],
            "prices": node.proof.prices.tolist(),
            "parts": len(node.parts),
        }
        if len(node.parts) == 2:
            data |= {"arc": node.arc, "most": node.most}
        written.append(data)
        waiting += reversed(node.parts)
    return written


def _read(data: object) -> Node:
    read = list[Node]()
    for item in reversed(_sequence(data, "proof")):
        node = _mapping(item)
        count = _integer(node, "parts", least=0, most=2)
        if count > len(read):
            raise ValueError("proof: a part is missing.")
        parts = tuple(read.pop() for _ in range(count))
        branch = (_integer(node, "arc", least=0), _integer(node, "most")) if count == 2 else ()
        read.append(Node(_proof(node), parts, *branch))
    if len(read) != 1:
        raise ValueError("proof: expected one node and its parts.")
    return read[0]


def _proof(node: Mapping[str, object]) -> Proof:
    multipliers = np.zeros(_integer(node, "rows", least=0, most=10**7), np.int64)
    for entry in _sequence(node.get("multipliers"), "multipliers"):
        pair = _integers(entry, "multipliers")
        if len(pair) != 2 or not 0 <= pair[0] < len(multipliers):
            raise ValueError("multipliers: expected pairs of a row and its multiplier.")
        multipliers[pair[0]] = pair[1]
    return Proof(_integer(node, "denominator", least=1), multipliers, _integers(node.get("prices"), "prices"))


def _mapping(data: object) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise ValueError("expected names and values.")
    return data


def _sequence(data: object, name: str) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        raise ValueError(f"{name}: expected a list.")
    return data


def _integers(data: object, name: str) -> IntVector:
    numbers = _sequence(data, name)
    return np.array([_whole(number, name, -LARGEST, LARGEST) for number in numbers], np.int64)


def _integer(data: Mapping[str, object], name: str, *, least: int = -LARGEST, most: int = LARGEST) -> int:
    return _whole(data.get(name), name, least, most)


def _whole(number: object, name: str, least: int, most: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise ValueError(f"{name}: expected integers from {least} to {most}.")
    return number
