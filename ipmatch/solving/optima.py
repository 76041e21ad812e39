"""All the pairings best by the first levels: the arcs on which they differ, from prices alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.fairness import class_level, cost_below, threshold_of, worst_off
from ipmatch.solving.network import Network
from ipmatch.solving.prices import reduced_cost
from ipmatch.solving.problem import Level, Leximin, Objective, Problem

__all__ = ["free_after"]


def free_after(
    network: Network, levels: Sequence[Objective], used: BoolVector, prices: Mapping[str, IntVector]
) -> Iterator[IndexVector]:
    """Before the levels and after each, the arcs on which the pairings best so far are not all alike.

    Parameters
    ----------
    network, levels
        The problem's network, and its levels in order.
    used, prices
        [P] the best pairing, and by name of level the prices [N] that prove it.

    Raises
    ------
    ValueError
        If the prices of a level are missing.
    """
    problem = network.problem
    free: IndexVector = np.flatnonzero(network.low < network.up)
    yield free
    for level in levels:
        if level.name not in prices:
            raise ValueError(f"levels: the answer does not prove {level.name!r}.")
        if isinstance(level, Level):
            parts = [level]
        else:
            threshold = threshold_of(level) if isinstance(level, Leximin) else level
            lowest = worst_off(problem, threshold, used)
            free = free[cost_below(network, threshold, lowest)[free] == 0]
            parts = _classes(problem, level, prices) if isinstance(level, Leximin) else []
        for part in parts:
            free = free[reduced_cost(network, network.cost(part), prices[part.name], free) == 0]
        yield free


def _classes(problem: Problem, level: Leximin, names: Iterable[str]) -> list[Level]:
    """The levels that a leximin order stands for, by the names of those proved."""
    own = [name.partition(".")[2] for name in names if name.startswith(f"{level.name}.")]
    return [class_level(problem, level, int(score)) for score in own]
