"""Small counts hidden, and whatever would give them away: no total and no neighbour says more of them.

A table of counts with its totals is a circulation: the grand total flows to the rows, over the cells to the
columns, and back. A hidden count can be any amount that some circulation allows which agrees with all that is
shown; how far it can rise or fall is a maximum flow among the hidden cells, so what is left to an onlooker is
known exactly. Groups that are parts of larger ones, such as the tiers of all who are paired, are flows too.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

__all__ = ["HIDDEN", "THRESHOLD", "Flow", "hidden_flows", "shown_count", "suppressed"]

# Fewer than this are not shown, unless a programme says otherwise.
THRESHOLD = 5
HIDDEN = "[c]"

Grid = tuple[tuple[int | None, ...], ...]
Key = TypeVar("Key", bound=Hashable)
Path = list[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Flow:
    """One count of a table: how many flow from one whole to another that it is a part of."""

    tail: Hashable
    head: Hashable
    count: int


@dataclass(frozen=True, slots=True)
class _Arc(Flow):
    """A count, and the least that it is known to be if it is hidden."""

    least: int


def suppressed(table: Sequence[Sequence[int]], *, threshold: int = THRESHOLD) -> Grid:
    """The table with its totals, where ``None`` stands for what is not shown.

    Every count and total below the threshold is hidden, zero included, and as much beside as it takes that
    each of these can still be anything from 0 to just below the threshold. What is hidden beside is chosen
    one by one, the least counts first, and the grand total last.

    Parameters
    ----------
    table
        The counts, shape (rows, columns), without totals.
    threshold
        The least count that is shown; 0 or 1 shows everything.

    Returns
    -------
    tuple of tuples
        Shape (rows + 1, columns + 1): the last column holds the rows' totals, the last row the columns'.
    """
    rows = [[*row, sum(row)] for row in table]
    rows.append([sum(column) for column in zip(*rows, strict=True)] or [0])
    last = len(rows) - 1, len(rows[0]) - 1
    flows = {
        (i, j): Flow(*_ends(i, j, last), value) for i, row in enumerate(rows) for j, value in enumerate(row)
    }
    hidden = hidden_flows(flows, threshold=threshold)
    return tuple(
        tuple(None if (i, j) in hidden else value for j, value in enumerate(row))
        for i, row in enumerate(rows)
    )


def hidden_flows(
    flows: Mapping[Key, Flow],
    *,
    threshold: int = THRESHOLD,
    also: Collection[Key] = (),
    untold: Collection[Key] = (),
    zeros_shown: bool = False,
) -> frozenset[Key]:
    """Which counts of a circulation are not shown, as :func:`suppressed` says it of a table.

    Parameters
    ----------
    flows
        The counts; as much flows into every whole as out of it. The last one is hidden only where it must.
    also
        What is hidden already, for reasons of its own.
    untold
        Counts of no table, which only tie others together: never in view, and no secret themselves.
    zeros_shown
        Zeros are in view, so that what is hidden is known to be none. Every small count can then still be
        anything from 1 to just below the threshold; or, where even with nothing in view it could not, as much
        of that as it could then.
    """
    if threshold <= 1:
        return frozenset(also)
    keys = list(flows)
    parts = [
        _Arc(flow.tail, flow.head, flow.count, int(zeros_shown and key not in untold))
        for key, flow in flows.items()
    ]
    if any(balance for balance in _balances(parts).values()):
        raise ValueError("the counts do not add up")
    small = [
        place
        for place, (key, part) in enumerate(zip(keys, parts, strict=True))
        if part.least <= part.count < threshold and key not in untold
    ]
    hidden = {*small, *(place for place, key in enumerate(keys) if key in also or key in untold)}
    for place in sorted(small, key=lambda place: (parts[place].count, place)):
        for rising in (True, False):
            needed = threshold - 1 - parts[place].count if rising else parts[place].count - parts[place].least
            while True:
                value, room = _stretched(parts, hidden, place, rising=rising, most=needed)
                opened = set() if room >= needed else _opened(parts, hidden, place, value, rising=rising)
                if opened <= hidden:
                    break
                hidden |= opened
    return frozenset(keys[place] for place in hidden)


def shown_count(value: int | None) -> str:
    """A count as a table prints it."""
    return HIDDEN if value is None else f"{value:,}"


def _ends(i: int, j: int, last: tuple[int, int]) -> tuple[Hashable, Hashable]:
    """From where to where a cell's count flows; the last row and column hold totals."""
    if (i, j) == last:
        return "columns", "rows"
    if j == last[1]:
        return "rows", ("row", i)
    return (("column", j), "columns") if i == last[0] else (("row", i), ("column", j))


def _balances(parts: Sequence[Flow]) -> dict[Hashable, int]:
    balances: dict[Hashable, int] = {}
    for flow in parts:
        balances[flow.tail] = balances.get(flow.tail, 0) - flow.count
        balances[flow.head] = balances.get(flow.head, 0) + flow.count
    return balances


def _stretched(
    parts: Sequence[_Arc], hidden: set[int], place: int, *, rising: bool, most: int
) -> tuple[list[int], int]:
    """The counts once a hidden one has risen or fallen as far as the others let it, and how far that is."""
    value, room = [flow.count for flow in parts], 0
    free = dict.fromkeys(hidden - {place}, 0)
    while room < most and (path := _path(parts, free, value, place, rising=rising)) is not None:
        step = min(
            [most - room, *(value[other] - parts[other].least for other, forward in path if not forward)]
        )
        for other, forward in path:
            value[other] += step if forward else -step
        room += step
    return value, room


def _opened(
    parts: Sequence[_Arc],
    hidden: set[int],
    place: int,
    value: Sequence[int],
    *,
    rising: bool,
) -> set[int]:
    """What to hide so that it can go on: the least counts that open a way; nothing if none does."""
    far = sum(flow.count for flow in parts) + len(parts)
    cost = {
        other: 0 if other in hidden else 1 + flow.count + far * (other == len(parts) - 1)
        for other, flow in enumerate(parts)
        if other != place and (other in hidden or flow.count >= flow.least)
    }
    path = _path(parts, cost, value, place, rising=rising)
    return {other for other, _ in path or ()}


def _path(
    parts: Sequence[_Arc],
    cost: Mapping[int, int],
    value: Sequence[int],
    place: int,
    *,
    rising: bool,
) -> Path | None:
    """The cheapest way round from one end of a count to the other, forwards or against what can be less."""
    start, goal = parts[place].head, parts[place].tail
    if not rising:
        start, goal = goal, start
    steps: dict[Hashable, list[tuple[Hashable, int, bool]]] = {}
    for other in sorted(cost):
        steps.setdefault(parts[other].tail, []).append((parts[other].head, other, True))
        if value[other] > parts[other].least:
            steps.setdefault(parts[other].head, []).append((parts[other].tail, other, False))
    order = count()
    queue: list[tuple[int, int, Hashable, Path]] = [(0, next(order), start, [])]
    seen: set[Hashable] = set()
    while queue:
        spent, _, node, path = heapq.heappop(queue)
        if node == goal:
            return path
        if node in seen:
            continue
        seen.add(node)
        for there, other, forward in steps.get(node, ()):
            if there not in seen:
                heapq.heappush(queue, (spent + cost[other], next(order), there, [*path, (other, forward)]))
    return None
