"""Rules that cannot all hold, rows among them, narrowed down to a few of which every one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from ipmatch.errors import InternalError
from ipmatch.solving.conflict import irreducible, of_kind
from ipmatch.solving.network import Network, build
from ipmatch.solving.pool import first_pool
from ipmatch.solving.problem import Problem
from ipmatch.solving.rows.core import any_flow
from ipmatch.solving.rows.lagrange import relax
from ipmatch.solving.rows.space import Row, Space, quota_maximum_row, quota_minimum_row, space_of

__all__ = ["RowsClash", "rows_clash"]

Kind: TypeAlias = Literal["row", "pair", "mentor", "quota-minimum", "quota-maximum"]
Rule: TypeAlias = tuple[Kind, int]


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
    quota_minimums, quota_maximums
        Indices of the problem's own quotas whose minimum, whose maximum takes part.
    """

    def __init__(
        self,
        rows: tuple[str, ...],
        pairs: tuple[int, ...] = (),
        mentors: tuple[int, ...] = (),
        quota_minimums: tuple[int, ...] = (),
        quota_maximums: tuple[int, ...] = (),
    ) -> None:
        self.rows, self.pairs, self.mentors = rows, pairs, mentors
        self.quota_minimums, self.quota_maximums = quota_minimums, quota_maximums
        quotas = len({*quota_minimums, *quota_maximums})
        super().__init__(
            f"{len(rows)} rows, {len(pairs)} required pairs, the minimums of {len(mentors)} mentors "
            f"and {quotas} quotas clash."
        )

    def __reduce__(self) -> tuple[type[RowsClash], tuple[tuple[str, ...], *tuple[tuple[int, ...], ...]]]:
        return type(self), (self.rows, self.pairs, self.mentors, self.quota_minimums, self.quota_maximums)


def rows_clash(problem: Problem, rows: Sequence[Row], *, deadline: float | None = None) -> RowsClash:
    """Find an irreducible clash among the rules of an infeasible problem.

    Places and wishes are never dropped: they say what people can give and want, not what someone decided.

    Raises
    ------
    TimeUp
        If the deadline passes.
    InternalError
        If the rules can hold after all.

    References
    ----------
    Junker (2004), "QuickXplain: Preferred explanations and relaxations for over-constrained problems", AAAI.
    """
    # As rows, quotas can be dropped one by one, and arcs keep their numbers.
    network = build(replace(problem, quotas=()))
    as_rows: dict[Rule, Row] = {("row", k): row for k, row in enumerate(rows)}
    for k, quota in enumerate(problem.quotas):
        as_rows["quota-minimum", k] = quota_minimum_row(network, f"quota {k}, minimum", quota)
        as_rows["quota-maximum", k] = quota_maximum_row(network, f"quota {k}, maximum", quota)
    rules: list[Rule] = [rule for rule, row in as_rows.items() if row.low is not None or row.up is not None]
    rules += [("pair", int(pair)) for pair in np.flatnonzero(problem.required)]
    rules += [("mentor", int(mentor)) for mentor in np.flatnonzero(problem.minimum)]
    nothing, few = np.zeros_like(network.low), np.ones(len(network.low), np.bool_)
    few[network.pairs] = first_pool(problem, [])

    def space_under(chosen: list[Rule]) -> Space:
        held = _with_only(network, {k for kind, k in chosen if kind == "pair"}, of_kind("mentor", chosen))
        return space_of(held, [as_rows[rule] for rule in chosen if rule in as_rows])

    def can_hold(chosen: list[Rule]) -> bool:
        return any_flow(space_under(chosen), deadline=deadline) is not None

    relaxed = relax(space_under(rules), nothing, few, penalty=1, deadline=deadline)
    if relaxed is not None:
        # Rows that the relaxation does not blame seldom matter; if they do, all are looked at.
        fewer = [rule for k, rule in enumerate(rules) if rule not in as_rows or relaxed.multipliers[k]]
        if not can_hold(fewer):
            rules = fewer
        elif len(fewer) == len(rules):
            raise InternalError("HiGHS finds the rules infeasible, and then keeps them all.")
    needed = irreducible([], rules, can_hold)
    return RowsClash(
        tuple(rows[k].name for k in of_kind("row", needed)),
        *(of_kind(kind, needed) for kind in ("pair", "mentor", "quota-minimum", "quota-maximum")),
    )


def _with_only(network: Network, pairs: set[int], mentors: tuple[int, ...]) -> Network:
    """Drop all other required pairs and minimums, but no arc."""
    low = np.zeros_like(network.low)
    low[[network.pairs.start + pair for pair in sorted(pairs)]] = 1
    into = np.isin(network.head, 1 + np.array(mentors, np.int64))
    low[into] = network.low[into]
    return replace(network, low=low)
