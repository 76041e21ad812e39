"""What a set of pairs is worth at each level, read off the pairs alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.fairness import threshold_of, worst_off
from ipmatch.solving.network import build
from ipmatch.solving.problem import Level, Leximin, Objective, Problem

__all__ = ["before_worst_off", "is_linear", "score_classes", "totals"]


def is_linear(levels: Iterable[Objective]) -> bool:
    """Tell whether no level is about who is worst off."""
    return all(isinstance(level, Level) for level in levels)


def before_worst_off(levels: Iterable[Objective]) -> tuple[Level, ...]:
    """Return the levels before one that is about who is worst off: those that add up pair by pair."""
    before = list[Level]()
    for level in levels:
        if not isinstance(level, Level):
            break
        before.append(level)
    return tuple(before)


def totals(problem: Problem, levels: Sequence[Objective], used: BoolVector) -> tuple[int | None, ...]:
    """Add up what each level gains by a set of pairs; for a threshold or leximin level, its lowest score."""
    # What is gained does not depend on rules, of which a network may not hold all.
    network = build(replace(problem, quotas=(), limits=()))
    flow = network.flow_of(used)
    chosen = np.flatnonzero(flow)

    def total(level: Objective) -> int | None:
        if isinstance(level, Level):
            return -int(network.cost(level)[chosen] @ flow[chosen])
        return worst_off(problem, threshold_of(level) if isinstance(level, Leximin) else level, used)

    return tuple(total(level) for level in levels)


def score_classes(problem: Problem, level: Leximin, used: BoolVector) -> dict[int, int]:
    """Count the pairs of each score among the used ones that are not required, lowest score first."""
    scores, counts = np.unique(level.score[used & ~problem.required], return_counts=True)
    return dict(zip(scores.tolist(), counts.tolist(), strict=True))
