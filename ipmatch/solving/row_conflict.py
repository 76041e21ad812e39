"""Rules that cannot all hold, rows among them, narrowed down to a few of which every one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.conflict import _irreducible
from ipmatch.solving.core import NothingHolds, decide
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.network import build
from ipmatch.solving.pool import first_pool
from ipmatch.solving.problem import Problem
from ipmatch.solving.rows import Row, face_of

__all__ = ["RowsClash", "rows_clash"]


class RowsClash(Exception):
    """No pairing keeps these rules together; without any single one of them the others can be kept.

    Attributes
    ----------
    rows
        Names of rows.
    pairs
        Indices of required pairs.
    mentors
        Indices of mentors with a minimum.
    """

    def __init__(self, rows: tuple[str, ...], pairs: tuple[int, ...], mentors: tuple[int, ...]) -> None:
        self.rows, self.pairs, self.mentors = rows, pairs, mentors
        super().__init__(
            f"{len(rows)} rows, {len(pairs)} required pairs and the minimums of {len(mentors)} mentors clash."
        )

    def __reduce__(self) -> tuple[type[RowsClash], tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]]:
        return type(self), (self.rows, self.pairs, self.mentors)


def rows_clash(problem: Problem, rows: Sequence[Row], *, deadline: float | None = None) -> RowsClash:
    """Find an irreducible clash among the rows, required pairs and minimums of an infeasible problem.

    Places and wishes are never dropped: they say what people can give and want, not what someone decided.

    Raises
    ------
    TimeUp
        If the deadline passes.

    References
    ----------
    Junker (2004), "QuickXplain: Preferred explanations and relaxations for over-constrained problems", AAAI.
    """
    pairs, mentors = np.flatnonzero(problem.required), np.flatnonzero(problem.minimum)
    # One number for each rule: rows, then required pairs, then minimums.
    ends = np.cumsum([len(rows), len(pairs), len(mentors)])

    def parts(chosen: IndexVector) -> tuple[IndexVector, IndexVector, IndexVector]:
        kinds = np.searchsorted(ends, chosen, side="right")
        return (
            chosen[kinds == 0],
            pairs[chosen[kinds == 1] - ends[0]],
            mentors[chosen[kinds == 2] - ends[1]],
        )

    few = first_pool(problem, [])

    def can_hold(chosen: IndexVector) -> bool:
        held_rows, held_pairs, held_mentors = parts(chosen)
        required, minimum = np.zeros_like(problem.required), np.zeros_like(problem.minimum)
        required[held_pairs], minimum[held_mentors] = True, problem.minimum[held_mentors]
        network = build(replace(problem, required=required, minimum=minimum))
        face = face_of(network, [rows[i] for i in held_rows.tolist()])
        nothing, free = np.zeros_like(network.low), face.free()
        start = cheapest_flow(network, nothing, network.low, free)
        if start is None:
            return False
        pool = np.ones(len(network.tail), np.bool_)
        pool[network.pairs] = few | (start[network.pairs] > 0)
        try:
            decide(face, nothing, None, pool, deadline=deadline)
        except NothingHolds:
            return False
        return True

    needed = np.sort(_irreducible(np.zeros(0, np.int64), np.arange(ends[-1]), can_hold, untested=False))
    found = parts(needed)
    return RowsClash(
        tuple(rows[i].name for i in found[0].tolist()), tuple(found[1].tolist()), tuple(found[2].tolist())
    )
