"""The door to HiGHS: relaxations with their multipliers, and small integer programmes. Nothing is trusted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ipmatch.errors import InternalError
from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.problem import LARGEST
from ipmatch.solving.rows import Face

if TYPE_CHECKING:
    from scipy import sparse

__all__ = ["FloatVector", "Relaxed", "TimeUp", "integral", "relaxed", "remaining"]

FloatVector = npt.NDArray[np.float64]


class TimeUp(Exception):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A fractional optimum: ``flow`` [A], a multiplier [R] for each row, a price [N] for each node, and by how
    much rows are broken in all, where that was allowed.
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
    face: Face,
    cost: IntVector,
    arcs: IndexVector,
    *,
    penalty: float | None = None,
    deadline: float | None = None,
) -> Relaxed | None:
    """Find a cheapest fractional flow of those that are at their least outside ``arcs``, or None if none exists.

    Parameters
    ----------
    face, cost, arcs
        The flows in question, [A] cost of a unit, and the arcs that may change.
    penalty
        What breaking a row by one costs; None forbids it.

    Raises
    ------
    TimeUp
        If the deadline passes.
    """
    from scipy import optimize, sparse

    model = _Model(face, arcs)
    equal = model.low == model.up
    above, below = model.up < LARGEST, model.low > -LARGEST
    above, below = above & ~equal, below & ~equal
    objective = cost[arcs].astype(np.float64)
    least, most = model.bounds
    sums = [model.rows[above], -model.rows[below]]
    fixed = [model.balance, model.rows[equal]]
    if penalty is not None:
        slack = int(above.sum() + below.sum())
        twice = 2 * int(equal.sum())
        objective = np.concatenate([objective, np.full(slack + twice, float(penalty))])
        least = np.concatenate([least, np.zeros(slack + twice)])
        most = np.concatenate([most, np.full(slack + twice, np.inf)])
        eye = sparse.eye_array(int(equal.sum()))
        sums = [sparse.hstack([sparse.vstack(sums), -sparse.eye_array(slack), _empty(slack, twice)])]
        fixed = [
            sparse.hstack([model.balance, _empty(face.network.nodes, slack + twice)]),
            sparse.hstack([model.rows[equal], _empty(int(equal.sum()), slack), eye, -eye]),
        ]
    answer = optimize.linprog(
        objective,
        A_ub=sparse.vstack(sums, format="csc"),
        b_ub=np.concatenate([model.up[above], -model.low[below]]),
        A_eq=sparse.vstack(fixed, format="csc"),
        b_eq=np.concatenate([model.supply, model.up[equal]]),
        bounds=np.column_stack([least, most]),
        method="highs",
        options=_limit(deadline),
    )
    if not _is_optimal(answer):
        return None
    flow = face.network.low.astype(np.float64)
    flow[arcs] = answer.x[: len(arcs)]
    multipliers = np.zeros(len(face.low))
    on_sums, on_fixed = answer.ineqlin.marginals, -answer.eqlin.marginals
    multipliers[above] -= on_sums[: above.sum()]
    multipliers[below] += on_sums[above.sum() :]
    multipliers[equal] += on_fixed[face.network.nodes :]
    return Relaxed(flow, multipliers, on_fixed[: face.network.nodes], float(answer.x[len(arcs) :].sum()))


def integral(
    face: Face, cost: IntVector, arcs: IndexVector, base: IntVector, *, deadline: float | None = None
) -> IntVector | None:
    """Find, HiGHS says, a cheapest flow [A] of those that equal ``base`` [A] outside ``arcs``, or None.

    Raises
    ------
    TimeUp
        If the deadline passes; its argument is the best flow so far, or None.
    """
    from scipy import optimize

    model = _Model(face, arcs, base)
    answer = optimize.milp(
        cost[arcs].astype(np.float64),
        integrality=np.ones(len(arcs)),
        bounds=optimize.Bounds(*model.bounds),
        constraints=[
            optimize.LinearConstraint(model.balance, model.supply, model.supply),
            optimize.LinearConstraint(
                model.rows,
                np.where(model.low > -LARGEST, model.low, -np.inf),
                np.where(model.up < LARGEST, model.up, np.inf),
            ),
        ],
        options={**_limit(deadline), "mip_rel_gap": 0.0},
    )
    flow = None
    if answer.x is not None:
        flow = base.copy()
        flow[arcs] = np.round(answer.x).astype(np.int64)
    try:
        return flow if _is_optimal(answer) else None
    except TimeUp:
        raise TimeUp(flow) from None


class _Model:
    """Balances and rows of a face on ``arcs``, all other arcs at ``base``."""

    def __init__(self, face: Face, arcs: IndexVector, base: IntVector | None = None) -> None:
        from scipy import sparse

        network = face.network
        others = (network.low if base is None else base).copy()
        others[arcs] = 0
        place = np.full(len(others), -1)
        place[arcs] = columns = np.arange(len(arcs))
        ones = np.ones(len(arcs))
        self.bounds = network.low[arcs].astype(np.float64), network.up[arcs].astype(np.float64)
        self.balance: sparse.csr_array = sparse.csr_array(
            (
                np.concatenate([ones, -ones]),
                (
                    np.concatenate([network.head[arcs], network.tail[arcs]]),
                    np.concatenate([columns, columns]),
                ),
            ),
            shape=(network.nodes, len(arcs)),
        )
        self.supply = np.zeros(network.nodes, np.int64)
        np.add.at(self.supply, network.tail, others)
        np.subtract.at(self.supply, network.head, others)
        kept = place[face.arc] >= 0
        self.rows: sparse.csr_array = sparse.csr_array(
            (face.coefficient[kept].astype(np.float64), (face.row[kept], place[face.arc[kept]])),
            shape=(len(face.low), len(arcs)),
        )
        counted = face.sums(others)
        self.low = np.where(face.low > -LARGEST, face.low - counted, -LARGEST)
        self.up = np.where(face.up < LARGEST, face.up - counted, LARGEST)


def _empty(rows: int, columns: int) -> sparse.csr_array:
    from scipy import sparse

    return sparse.csr_array((rows, columns))


def _limit(deadline: float | None) -> dict[str, Any]:
    left = remaining(deadline)
    return {} if np.isinf(left) else {"time_limit": left}


def _is_optimal(answer: Any) -> bool:
    """Tell an optimum from the proof that there is none."""
    if answer.status == 1:
        raise TimeUp
    if answer.status not in (0, 2):
        raise InternalError(f"HiGHS stopped: {answer.message}")
    return bool(answer.status == 0)
