"""The door to HiGHS: relaxations with their multipliers, and small integer programmes. Nothing is trusted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows.space import Space

if TYPE_CHECKING:
    from scipy import sparse

__all__ = ["FloatVector", "Relaxed", "TimeUp", "integral", "relaxed", "remaining"]

PATIENCE = 4
"""Steps of the simplex method, for each constraint, before interior points are tried."""

FloatVector = npt.NDArray[np.float64]


class TimeUp(Exception):
    """The deadline has passed; ``flow`` [A] is the best found, if any was."""

    def __init__(self, flow: IntVector | None = None) -> None:
        self.flow = flow
        super().__init__("The deadline has passed.")


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A fractional optimum: a flow [A], multipliers [R] and prices [N] with the signs of ``bounds.Proof``.

    ``broken`` is by how much rows are broken in all, where that was allowed.
    """

    flow: FloatVector
    multipliers: FloatVector
    prices: FloatVector
    broken: float


def remaining(deadline: float | None) -> float:
    """Return the seconds left until a moment of ``time.monotonic``; None is never.

    Raises
    ------
    TimeUp
        If none are left.
    """
    left = np.inf if deadline is None else deadline - time.monotonic()
    if left <= 0:
        raise TimeUp
    return float(left)


def relaxed(
    space: Space,
    cost: IntVector,
    arcs: IndexVector,
    *,
    penalty: float | None = None,
    deadline: float | None = None,
) -> Relaxed | None:
    """Find a cheapest fractional flow of those that are least outside ``arcs``, or None if none exists.

    Parameters
    ----------
    space, cost, arcs
        The flows in question, [A] cost of a unit, and the arcs that may change.
    penalty
        What breaking a row by one costs; None forbids it.

    Raises
    ------
    TimeUp
        If the deadline passes.
    """
    from scipy import optimize

    if not len(arcs):
        return _alone(space, penalty)
    model = _Model(space, arcs)
    equal = np.flatnonzero(model.low == model.up)
    above = np.flatnonzero((model.up < LARGEST) & (model.low < model.up))
    below = np.flatnonzero((model.low > -LARGEST) & (model.low < model.up))
    fixed = model.balance.then(model.rows.only(equal))
    limits = model.rows.only(above).then(model.rows.only(below).times(-1))
    objective = cost[arcs].astype(np.float64)
    least, most = model.bounds
    if penalty is not None:
        # One column for each way in which a row can break.
        first, held = len(arcs), limits.count
        limits = limits.plus(np.arange(held), first + np.arange(held), -1)
        rest = model.balance.count + np.arange(len(equal))
        fixed = fixed.plus(rest, first + held + np.arange(len(equal)), 1)
        fixed = fixed.plus(rest, first + held + len(equal) + np.arange(len(equal)), -1)
        more = held + 2 * len(equal)
        objective = np.append(objective, np.full(more, float(penalty)))
        least, most = np.append(least, np.zeros(more)), np.append(most, np.full(more, np.inf))
    solve: Any = optimize.linprog
    # Each method is quick where the other is slow; looking for what to leave out takes longer than either.
    patience = PATIENCE * (fixed.count + limits.count)
    for method, extra in (
        ("highs-ds", {"presolve": False, "maxiter": patience}),
        ("highs-ipm", {"presolve": False}),
        ("highs-ds", {}),
    ):
        answer = solve(
            objective,
            A_ub=limits.matrix(len(objective)),
            b_ub=np.concatenate([model.up[above], -model.low[below]]),
            A_eq=fixed.matrix(len(objective)),
            b_eq=np.concatenate([model.supply, model.up[equal]]),
            bounds=np.column_stack([least, most]),
            method=method,
            options=_limit(deadline) | extra,
        )
        if answer.status in (0, 2):
            break
    if not _is_optimal(answer):
        return None
    flow = space.network.low.astype(np.float64)
    flow[arcs] = answer.x[: len(arcs)]
    multipliers, prices = np.zeros(len(space.low)), np.zeros(space.network.nodes)
    multipliers[above] -= answer.ineqlin.marginals[: len(above)]
    multipliers[below] += answer.ineqlin.marginals[len(above) :]
    multipliers[equal] -= answer.eqlin.marginals[model.balance.count :]
    prices[model.nodes] = -answer.eqlin.marginals[: model.balance.count]
    return Relaxed(flow, multipliers, prices, float(answer.x[len(arcs) :].sum()))


def integral(
    space: Space, cost: IntVector, arcs: IndexVector, base: IntVector, *, deadline: float | None = None
) -> IntVector | None:
    """Find, HiGHS says, a cheapest flow [A] of those that equal ``base`` [A] outside ``arcs``, or None.

    Raises
    ------
    TimeUp
        If the deadline passes.
    """
    from scipy import optimize

    if not len(arcs):
        return base
    model = _Model(space, arcs, base)
    limited = np.flatnonzero((model.low > -LARGEST) | (model.up < LARGEST))
    low, up = model.low[limited], model.up[limited]
    answer: Any = optimize.milp(
        cost[arcs].astype(np.float64),
        integrality=np.ones(len(arcs), np.int64),
        bounds=optimize.Bounds(*model.bounds),
        constraints=[
            optimize.LinearConstraint(model.balance.matrix(len(arcs)), model.supply, model.supply),
            optimize.LinearConstraint(
                model.rows.only(limited).matrix(len(arcs)),
                np.where(low > -LARGEST, low, -np.inf),
                np.where(up < LARGEST, up, np.inf),
            ),
        ],
        options=_limit(deadline) | {"mip_rel_gap": 0.0},
    )
    flow = None
    if answer.x is not None:
        flow = base.copy()
        flow[arcs] = np.round(answer.x).astype(np.int64)
    try:
        return flow if _is_optimal(answer) else None
    except TimeUp:
        raise TimeUp(flow) from None


def _alone(space: Space, penalty: float | None) -> Relaxed | None:
    """Judge the one flow that is left: HiGHS knows no problem without columns."""
    sums = space.sums(space.network.low)
    broken = np.maximum(sums - space.up, 0) - np.maximum(space.low - sums, 0)
    if penalty is None and broken.any():
        return None
    multipliers = np.sign(broken) * (penalty or 0.0)
    prices = np.zeros(space.network.nodes)
    return Relaxed(space.network.low.astype(np.float64), multipliers, prices, float(np.abs(broken).sum()))


class _Model:
    """Balances and rows of a space on ``arcs``, all other arcs at ``base``."""

    def __init__(self, space: Space, arcs: IndexVector, base: IntVector | None = None) -> None:
        network, free = space.network, space.free()
        others = (network.low if base is None else base).copy()
        others[arcs] = 0
        place = np.full(len(others), -1)
        place[arcs] = columns = np.arange(len(arcs))
        self.bounds = network.low[arcs].astype(np.float64), network.up[arcs].astype(np.float64)
        # Nodes where nothing is free are in balance anyway.
        open_to = np.zeros(network.nodes, np.bool_)
        open_to[network.tail[free]] = open_to[network.head[free]] = True
        self.nodes = np.flatnonzero(open_to)
        number = np.full(network.nodes, -1)
        number[self.nodes] = np.arange(len(self.nodes))
        self.balance = (
            _Entries(len(self.nodes))
            .plus(number[network.head[arcs]], columns, 1)
            .plus(number[network.tail[arcs]], columns, -1)
        )
        supply = np.zeros(network.nodes, np.int64)
        np.add.at(supply, network.tail, others)
        np.subtract.at(supply, network.head, others)
        self.supply = supply[self.nodes]
        kept = np.flatnonzero(place[space.arc] >= 0)
        self.rows = _Entries(len(space.low)).plus(
            space.row[kept], place[space.arc[kept]], space.coefficient[kept]
        )
        counted, (least, most) = space.sums(others), space.reach(kept)
        # What cannot bind is left out: most people can have most of their pairs.
        self.low = np.where(space.low > counted + least, space.low - counted, -LARGEST)
        self.up = np.where(space.up < counted + most, space.up - counted, LARGEST)


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """The entries of a sparse matrix of ``count`` rows; SciPy's own stacking is slow on small ones."""

    count: int
    row: IndexVector = field(default_factory=lambda: np.zeros(0, np.int64))
    column: IndexVector = field(default_factory=lambda: np.zeros(0, np.int64))
    value: FloatVector = field(default_factory=lambda: np.zeros(0))

    def plus(self, row: IndexVector, column: IndexVector, value: IntVector | FloatVector | int) -> _Entries:
        return _Entries(
            self.count,
            np.append(self.row, row),
            np.append(self.column, column),
            np.append(self.value, np.broadcast_to(value, row.shape)),
        )

    def only(self, rows: IndexVector) -> _Entries:
        number = np.full(self.count, -1)
        number[rows] = np.arange(len(rows))
        kept = np.flatnonzero(number[self.row] >= 0)
        return _Entries(len(rows), number[self.row[kept]], self.column[kept], self.value[kept])

    def then(self, below: _Entries) -> _Entries:
        return replace(self, count=self.count + below.count).plus(
            self.count + below.row, below.column, below.value
        )

    def times(self, factor: int) -> _Entries:
        return replace(self, value=factor * self.value)

    def matrix(self, columns: int) -> sparse.csc_array:
        from scipy import sparse

        return sparse.csc_array((self.value, (self.row, self.column)), shape=(self.count, columns))


def _limit(deadline: float | None) -> Any:
    left = remaining(deadline)
    return {} if np.isinf(left) else {"time_limit": left}


def _is_optimal(answer: Any) -> bool:
    """Tell an optimum from the proof that there is none."""
    if answer.status == 1:
        raise TimeUp
    if answer.status not in (0, 2):
        raise InternalError(f"HiGHS stopped: {answer.message}")
    return bool(answer.status == 0)
