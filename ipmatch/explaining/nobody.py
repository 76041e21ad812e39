"""Nobody may be paired with a mentee: which rules remove the mentors, and each of them alone."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ipmatch.scoring.pairs import PairScores
from ipmatch.scoring.rules import FLOOR
from ipmatch.solving.arrays import IndexVector
from ipmatch.words import listed, rule_counts, rule_words

__all__ = ["nobody_eligible"]


def nobody_eligible(
    scores: PairScores, mentee: int, taken: IndexVector
) -> tuple[Literal["no-eligible-mentor", "below-floor"], dict[str, dict[str, int]], str]:
    """The code, the facts and the sentence for a mentee, by column.

    Parameters
    ----------
    taken
        The mentors, by row, whom the mentee has already.
    """
    others = np.delete(np.arange(len(scores.people.mentors)), taken)
    columns = scores.removing(others, np.full(len(others), mentee))
    single = sum((column.astype(np.int16) for column in columns.values()), np.zeros(len(others))) == 1
    removed = _positive({rule: int(column.sum()) for rule, column in columns.items()})
    alone = _positive({rule: int((column & single).sum()) for rule, column in columns.items()})
    because = _words(scores, mentee, others, removed, "other " if len(taken) else "")
    facts = {"removed": removed, "alone": alone}
    return "below-floor" if alone.get(FLOOR) else "no-eligible-mentor", facts, because


def _words(scores: PairScores, mentee: int, others: IndexVector, removed: dict[str, int], other: str) -> str:
    who = scores.people.mentees[mentee].id
    if not len(others):
        return f"No {other}mentor takes part."
    if len(others) == 1:
        why = listed([rule_words(rule) for rule in removed])
        only = f"The only {other}mentor, {scores.people.mentors[others[0]].id},"
        return f"{only} may not be paired with {who}: {why}."
    counts = rule_counts(removed, len(others))
    return f"None of the {other}{len(others):,} mentors may be paired with {who}: {counts}."


def _positive(counts: dict[str, int]) -> dict[str, int]:
    return {rule: number for rule, number in counts.items() if number}
