"""What became of groups, counted, and which counts are kept from view over all the tables of a round.

A table is a circulation: everyone flows to the groups, to what became of them, and back. Where nobody of a
side has two partners, those paired there tell of the other side, too: the flow goes on through it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass

from ipmatch.people import Side
from ipmatch.policy import TIERS
from ipmatch.suppression import Flow, hidden_flows

__all__ = ["EVERYONE", "GroupCounts", "Key", "hidden_together"]

EVERYONE = "everyone"

Key = tuple[str, str]
"""A group and a column; of everyone of the other side, no group."""
Columns = Mapping[str, tuple[str, ...]]

_OTHERS = ""
# Pairs that one side has more than the other has people in them.
_BEYOND = _OTHERS, "beyond"


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many of each group of a side came to what; ``columns`` have parts, and these are counted."""

    side: Side
    columns: Columns
    groups: Mapping[str, Counter[str]]

    def flows(self) -> Iterator[tuple[Key, Flow]]:
        """Every count, group by group and then of everyone, as it flows from the whole to the whole."""
        for group, found in [*self.groups.items(), (EVERYONE, self._totals())]:
            whole = group == EVERYONE
            for column, parts in self.columns.items():
                inner: Hashable = ("all", column) if whole or not parts else (group, column)
                tail, head = (inner, "end") if whole else (("group", group), inner)
                yield (group, column), Flow(tail, head, _count(found, column, parts))
                for part in parts:
                    tail, head = inner, ("all", column, part)
                    tail, head = (head, tail) if whole else (tail, head)
                    yield (group, part), Flow(tail, head, found[part])
            tail, head = ("end", "start") if whole else ("start", ("group", group))
            yield (group, "total"), Flow(tail, head, found.total())

    def linked(self, other: GroupCounts, single: Collection[Side]) -> dict[Key, Flow]:
        """The same, where those paired flow on to everyone of the other side, if there is a way."""
        flows = dict(self.flows())
        if not single:
            return flows
        both, paired = len(single) > 1, flows[EVERYONE, "paired"]
        partners = "others" if both else "partners"
        beside, totals = dict[Key, Flow](), other._totals()
        for column, parts in other.columns.items():
            if column == "paired" and both:
                continue
            start = partners if column == "paired" else "end"
            inner: Hashable = ("others", column) if parts else start
            beside[_OTHERS, column] = Flow(inner, "others", _count(totals, column, parts))
            beside |= {(_OTHERS, part): Flow(start, inner, totals[part]) for part in parts}
        beside[_OTHERS, "total"] = Flow("others", "end", totals.total())
        if not both:
            more = paired.count - beside[_OTHERS, "paired"].count
            ends = (partners, "end") if self.side in single else ("end", partners)
            beside[_BEYOND] = Flow(*ends, abs(more))
        return beside | flows | {(EVERYONE, "paired"): Flow(paired.tail, partners, paired.count)}

    def place(self, key: Key, single: Collection[Side]) -> Key:
        """Whose count stands there, the same for every table that tells it: a side, or both, and a column."""
        group, column = key
        if len(single) > 1 and (column == "paired" or column in TIERS):
            return "both", column
        others = "mentee" if self.side == "mentor" else "mentor"
        return others if group == _OTHERS else self.side, column

    def _totals(self) -> Counter[str]:
        return sum(self.groups.values(), Counter())


def hidden_together(
    tables: Mapping[Key, GroupCounts], pairs: Collection[tuple[str, str]], threshold: int
) -> dict[Key, frozenset[Key]]:
    """What is hidden of each table; the totals over everyone are the same in all, and hidden in all.

    Where a total is hidden, all of its column is: whatever else the total may be in one table, the groups of
    every other can then make up.

    Parameters
    ----------
    tables
        By side and characteristic; each characteristic on both sides.
    pairs
        Who is paired, mentor first: where nobody of a side has two partners, that ties the sides together.
    """
    sides: tuple[Side, Side] = "mentor", "mentee"
    single = [side for k, side in enumerate(sides) if len({pair[k] for pair in pairs}) == len(pairs)]
    flows = {
        (side, name): table.linked(tables[sides[side == sides[0]], name], single)
        for (side, name), table in tables.items()
    }
    shared: set[Key] = set()
    while True:
        hidden = {
            name: hidden_flows(
                some,
                threshold=threshold,
                also=[key for key in some if tables[name].place(key, single) in shared],
                untold={_BEYOND} & set(some),
            )
            for name, some in flows.items()
        }
        found = {
            tables[name].place(key, single)
            for name, keys in hidden.items()
            for key in keys
            if key[0] in (EVERYONE, _OTHERS) and key != _BEYOND
        }
        if found <= shared:
            return hidden
        shared |= found


def _count(found: Counter[str], column: str, parts: tuple[str, ...]) -> int:
    return sum(found[part] for part in parts) if parts else found[column]
