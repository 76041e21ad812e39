"""Which rules of a problem a network holds, and the others as rows beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.solving.network import build
from ipmatch.solving.problem import Problem
from ipmatch.solving.quotas import split

if TYPE_CHECKING:
    from ipmatch.solving.rows.space import Row

__all__ = ["leaves_network", "part"]


def part(problem: Problem) -> tuple[Problem, tuple[Row, ...]]:
    """Part a problem into what a network holds and the rows that it does not; none if it holds all.

    Rows are named ``quota K, minimum``, ``quota K, maximum`` and by the names of limits; indices of quotas
    stay the same.
    """
    if not problem.quotas and not problem.limits:
        return problem, ()
    kept, left = split(problem)
    held = replace(problem, quotas=kept, limits=())
    crossing = any(quota.minimum > 0 or quota.maximum is not None for quota in left)
    if not crossing and not problem.limits:
        return problem, ()
    from ipmatch.solving.rows.space import pairs_row, quota_rows

    network = build(held)
    rows = quota_rows(network, left)
    for limit in problem.limits:
        low, up = limit.minimum or None, limit.maximum
        rows.append(pairs_row(network, limit.name, np.flatnonzero(limit.pairs), low=low, up=up))
    return held, tuple(rows)


def leaves_network(problem: Problem) -> bool:
    """Tell whether some rule of a problem needs a row."""
    return bool(part(problem)[1])
