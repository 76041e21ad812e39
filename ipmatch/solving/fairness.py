"""The worst-off: the lowest score of any pair used that nobody required, and how many pairs share it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.network import Network
from ipmatch.solving.problem import Level, Leximin, Objective, Problem, Threshold
from ipmatch.solving.ties import pairs_among

__all__ = ["class_level", "classes", "cost_below", "costs_of", "has_class", "threshold_of", "worst_off"]


def worst_off(problem: Problem, level: Threshold, used: BoolVector) -> int | None:
    """Return the lowest score of a used pair that is not required; None if there is no such pair."""
    scores = level.score[used & ~problem.required]
    return int(scores.min()) if len(scores) else None


def cost_below(network: Network, level: Threshold, limit: int | None) -> IntVector:
    """Count [A] each pair that is not required and scores less than ``limit``; each of any score if None."""
    chosen = ~network.problem.required
    if limit is not None:
        chosen &= level.score < limit
    cost = np.zeros(len(network.tail), np.int64)
    cost[network.pairs] = chosen
    return cost


def costs_of(
    network: Network, levels: Iterable[Objective], used: BoolVector
) -> tuple[list[IntVector], BoolVector]:
    """List the costs [A] of the levels before a leximin one, and mark the arcs [A] that may change.

    A threshold costs nothing: no pair of a lower score than the lowest of those ``used`` [P] may be made.
    """
    costs, open_to = list[IntVector](), network.low < network.up
    for level in levels:
        if isinstance(level, Leximin):
            break
        if isinstance(level, Level):
            costs.append(network.cost(level))
        else:
            lowest = worst_off(network.problem, level, used)
            open_to &= cost_below(network, level, lowest) == 0
            costs.append(np.zeros(len(network.tail), np.int64))
    return costs, open_to


def threshold_of(level: Leximin) -> Threshold:
    """Return the level that a leximin order begins with: its lowest score."""
    return Threshold(level.name, level.bound, level.score)


def classes(network: Network, level: Leximin, arcs: IndexVector) -> list[int]:
    """List the scores of pairs among ``arcs`` that are not required, lowest first."""
    return [int(score) for score in np.unique(level.score[_pairs(network, arcs)])]


def has_class(network: Network, level: Leximin, score: int, arcs: IndexVector) -> bool:
    """Tell whether the number of pairs of a score can still change on ``arcs``."""
    return bool((level.score[_pairs(network, arcs)] == score).any())


def class_level(problem: Problem, level: Leximin, score: int) -> Level:
    """Ask for as few pairs of a score as possible."""
    counted = ~problem.required & (level.score == score)
    return Level(f"{level.name}.{score}", 1, pair=-counted.astype(np.int64))


def _pairs(network: Network, arcs: IndexVector) -> IndexVector:
    pairs: IndexVector = pairs_among(network, arcs) - network.pairs.start
    return pairs[~network.problem.required[pairs]]
