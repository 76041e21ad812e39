"""The rows that only a study has: score and price of every pair, and what each withdrawal would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ipmatch.notebook.rows import Rows, laid_out, losses, matching_rows
from ipmatch.policy import TIERS
from ipmatch.study import Study

__all__ = ["study_rows"]


def study_rows() -> dict[str, Callable[[Study], Rows]]:
    """What can be had of a study: the rows of its matching, and its own."""
    ours = {what: _of_matching(rows) for what, rows in matching_rows().items()}
    return {**ours, "scores": _scores, "prices": _prices, "resilience": _resilience}


def _of_matching(rows: Callable[..., Rows]) -> Callable[[Study], Rows]:
    return lambda study: rows(study.matching)


def _scores(study: Study) -> Rows:
    scores, pairs = study.scores, study.matching.pairs()
    mentors, mentees = (
        [person.id for person in side] for side in (scores.people.mentors, scores.people.mentees)
    )
    kinds = {"mentor": str, "mentee": str, "score": float, "tier": str, "allowed": bool, "paired": bool}
    both = [(mentor, mentee) for mentor in mentors for mentee in mentees]
    columns: dict[str, list[Any]] = {
        "mentor": [mentor for mentor, _ in both],
        "mentee": [mentee for _, mentee in both],
        "score": (scores.points / scores.scale).ravel().tolist(),
        "tier": [TIERS[tier] for tier in scores.tier.ravel().tolist()],
        "allowed": scores.allowed.ravel().tolist(),
        "paired": [pair in pairs for pair in both],
    }
    return Rows(kinds, columns)


def _prices(study: Study) -> Rows:
    prices = study.prices()
    kinds = {"mentor": str, "mentee": str, "paired": bool, "allowed": bool, "possible": bool, "known": bool}
    columns = {
        "mentor": np.repeat(prices.mentors, len(prices.mentees)).tolist(),
        "mentee": list(prices.mentees) * len(prices.mentors),
        **{
            name: getattr(prices, name).ravel().tolist() for name in kinds if name not in ("mentor", "mentee")
        },
    }
    sure = (prices.possible & prices.known).ravel()
    for level, scale, loss in zip(prices.levels, prices.scales, prices.loss, strict=True):
        lost = (loss / scale).ravel().tolist()
        columns[f"loss_{level}"] = [one if known else None for one, known in zip(lost, sure, strict=True)]
    return Rows({name: kinds.get(name, float) for name in columns}, columns)


def _resilience(study: Study) -> Rows:
    withdrawals = study.resilience()
    levels = [level.level for level in study.matching.objective]
    kinds = {
        "mentor": str,
        "possible": bool,
        "mentees": int,
        "newly_alone": int,
        "moves": int,
        "because": str,
    }
    rows = (
        (
            one.id,
            one.possible,
            len(one.partners),
            len(one.best.newly_alone) if one.best else len(one.partners),
            len(one.best.moves) if one.best else 0,
            one.because,
            *losses(one.best.loss if one.best else None, levels),
        )
        for one in withdrawals
    )
    return laid_out({**kinds, **{f"loss_{level}": float for level in levels}}, rows)
