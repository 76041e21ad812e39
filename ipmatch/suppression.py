"""Small counts hidden, and whatever would give them away: no total and no neighbour says more of them.

A table of counts with its totals is a circulation: the grand total flows to the rows, over the cells to the
columns, and back. A hidden count can be any amount that some circulation allows which agrees with all that is
shown; how far it can rise or fall is a maximum flow among the hidden cells, so what is left to an onlooker is
known exactly.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from itertools import count

__all__ = ["HIDDEN", "THRESHOLD", "shown_count", "suppressed"]

# Fewer than this are not shown, unless a programme says otherwise.
THRESHOLD = 5
HIDDEN = "[c]"

Grid = tuple[tuple[int | None, ...], ...]
Node = tuple[str, int]
Cell = tuple[int, int]
Path = list[tuple[Cell, bool]]


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
    cells = _with_totals(table)
    hidden = {cell for cell, value in cells.items() if value < threshold} if threshold > 1 else set()
    rows, columns = len(table), len(table[0]) if table else 0
    ends = {cell: _ends(cell, rows, columns) for cell in cells}
    for cell in sorted(hidden, key=lambda cell: (cells[cell], cell)):
        for rising, needed in ((True, threshold - 1 - cells[cell]), (False, cells[cell])):
            while needed > _room(cells, ends, hidden, cell, rising=rising, most=needed):
                hidden |= {other for other, _ in _cheapest(cells, ends, hidden, cell, rising=rising)}
    return tuple(
        tuple(None if (i, j) in hidden else cells[i, j] for j in range(columns + 1)) for i in range(rows + 1)
    )


def shown_count(value: int | None) -> str:
    """A count as a table prints it."""
    return HIDDEN if value is None else f"{value:,}"


def _with_totals(table: Sequence[Sequence[int]]) -> dict[Cell, int]:
    rows = [[*row, sum(row)] for row in table]
    rows.append([sum(column) for column in zip(*rows, strict=True)] or [0])
    return {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}


def _ends(cell: Cell, rows: int, columns: int) -> tuple[Node, Node]:
    """From where to where a cell's count flows; the last row and column hold totals."""
    i, j = cell
    all_rows, all_columns = ("all", 0), ("all", 1)
    if (i, j) == (rows, columns):
        return all_columns, all_rows
    if j == columns:
        return all_rows, ("row", i)
    return (("column", j), all_columns) if i == rows else (("row", i), ("column", j))


def _room(
    cells: Mapping[Cell, int],
    ends: Mapping[Cell, tuple[Node, Node]],
    hidden: set[Cell],
    cell: Cell,
    *,
    rising: bool,
    most: int,
) -> int:
    """How far a hidden cell can rise or fall, up to ``most``, while all that is shown stays as it is."""
    value = {other: cells[other] for other in hidden}
    room = 0
    while room < most:
        path = _path(ends, {other: 0 for other in hidden if other != cell}, value, ends[cell], rising=rising)
        if path is None:
            break
        step = min([most - room, *(value[other] for other, forward in path if not forward)])
        for other, forward in path:
            value[other] += step if forward else -step
        room += step
    return room


def _cheapest(
    cells: Mapping[Cell, int],
    ends: Mapping[Cell, tuple[Node, Node]],
    hidden: set[Cell],
    cell: Cell,
    *,
    rising: bool,
) -> Path:
    """The cells over which the one can rise or fall by one more, hiding as little as possible beside."""
    grand = max(cells)
    cost = {
        other: 0 if other in hidden else 1 + value + (sum(cells.values()) + len(cells)) * (other == grand)
        for other, value in cells.items()
        if other != cell
    }
    # A path over hidden cells alone is of no use where these are used up: at least one must be new.
    used_up = _saturated(cells, ends, hidden, cell, rising=rising)
    path = _path(ends, cost, used_up, ends[cell], rising=rising)
    return path if path is not None else [(other, True) for other in cells]


def _saturated(
    cells: Mapping[Cell, int],
    ends: Mapping[Cell, tuple[Node, Node]],
    hidden: set[Cell],
    cell: Cell,
    *,
    rising: bool,
) -> dict[Cell, int]:
    """The counts once the cell has gone as far as the hidden ones let it."""
    value = dict(cells)
    while path := _path(
        ends, {other: 0 for other in hidden if other != cell}, value, ends[cell], rising=rising
    ):
        backward = [value[other] for other, forward in path if not forward]
        step = min(backward, default=0)
        if not step:
            break
        for other, forward in path:
            value[other] += step if forward else -step
    return value


def _path(
    ends: Mapping[Cell, tuple[Node, Node]],
    cost: Mapping[Cell, int],
    value: Mapping[Cell, int],
    between: tuple[Node, Node],
    *,
    rising: bool,
) -> Path | None:
    """The cheapest way round from one end of a cell to the other, forwards or against counts above zero."""
    goal, start = between if rising else between[::-1]
    steps: dict[Node, list[tuple[Node, Cell, bool]]] = {}
    for cell in cost:
        tail, head = ends[cell]
        steps.setdefault(tail, []).append((head, cell, True))
        if value[cell] > 0:
            steps.setdefault(head, []).append((tail, cell, False))
    order = count()
    queue: list[tuple[int, int, Node, Path]] = [(0, next(order), start, [])]
    seen: set[Node] = set()
    while queue:
        spent, _, node, path = heapq.heappop(queue)
        if node == goal:
            return path
        if node in seen:
            continue
        seen.add(node)
        for there, cell, forward in sorted(steps.get(node, ()), key=lambda step: (step[1], step[2])):
            if there not in seen:
                heapq.heappush(queue, (spent + cost[cell], next(order), there, [*path, (cell, forward)]))
    return None
