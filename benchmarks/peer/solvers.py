"""One way to call each peer: values of mentees (rows) by places (columns) in, pairs of indices out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from benchmarks.peer.points import Points

__all__ = ["SOLVERS", "Solver"]

Solver = Callable[[Points], Iterable[tuple[int, int]]]


def _scipy(value: Points) -> Iterable[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(value, maximize=True)
    return zip(rows.tolist(), columns.tolist(), strict=True)


def _lapx(value: Points) -> Iterable[tuple[int, int]]:
    import lap

    _, rows, columns = lap.lapjvx(value.max(initial=0) - value, extend_cost=True)
    return zip(rows.tolist(), columns.tolist(), strict=True)


def _ortools(value: Points) -> Iterable[tuple[int, int]]:
    from ortools.graph.python import linear_sum_assignment

    size = max(value.shape)
    square = np.zeros((size, size), np.int64)
    # Quarters of a point: whole numbers, as the solver asks.
    square[: value.shape[0], : value.shape[1]] = np.rint(-4 * value)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    left, right = np.divmod(np.arange(size * size, dtype=np.int32), np.int32(size))
    solver.add_arcs_with_cost(left, right, square.reshape(-1))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("OR-Tools found no assignment")
    return [(row, solver.right_mate(row)) for row in range(value.shape[0])]


def _munkres(value: Points) -> Iterable[tuple[int, int]]:
    from munkres import Munkres

    found: list[tuple[int, int]] = Munkres().compute(
        np.rint(4 * (value.max(initial=0) - value)).astype(int).tolist()
    )
    return found


def _networkx(value: Points) -> Iterable[tuple[int, int]]:
    import networkx

    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    rows, columns = value.shape
    for j in range(rows):
        graph.add_edges_from((("row", j), ("column", i), {"weight": -value[j, i]}) for i in range(columns))
    match = networkx.bipartite.minimum_weight_full_matching(graph, [("row", j) for j in range(rows)])
    return [(j, match["row", j][1]) for j in range(rows) if ("row", j) in match]


def _matching(value: Points) -> Iterable[tuple[int, int]]:
    """Stable, not best: each side ranks the other by the same points."""
    from matching.games import StableMarriage

    # One pupil for each place: StableMarriage wants both sides alike, so everyone missing is made up.
    size = max(value.shape)
    square = np.zeros((size, size))
    square[: value.shape[0], : value.shape[1]] = value
    sys.setrecursionlimit(1_000_000)
    ours = {j: np.argsort(-square[j], kind="stable").tolist() for j in range(size)}
    theirs = {i: np.argsort(-square[:, i], kind="stable").tolist() for i in range(size)}
    game = StableMarriage.create_from_dictionaries(ours, theirs)
    pairs = ((suitor.name, reviewer.name) for suitor, reviewer in game.solve().items())
    return [(j, i) for j, i in pairs if j < value.shape[0] and i < value.shape[1]]


SOLVERS: Mapping[str, Solver] = {
    "scipy": _scipy,
    "lapx": _lapx,
    "ortools": _ortools,
    "munkres": _munkres,
    "networkx": _networkx,
    "matching": _matching,
}
