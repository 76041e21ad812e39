"""What the tuner's page draws: controls, the outcome in a sentence, and every pair beside the base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ipmatch.notebook.tuner.rules import RULES
from ipmatch.notebook.tuner.tuning import Tuning
from ipmatch.scoring.builtin import BUILTIN
from ipmatch.words import counted
from ipmatch.writing.digest import tier_words
from ipmatch.writing.layout import number

__all__ = ["view_of"]

# A page with more rows than this would be slow to move in.
MOST_ROWS = 300
LEAST_TOP = 100


def view_of(tuning: Tuning) -> dict[str, Any]:
    """All that the page draws, in plain values."""
    rows = sorted(_rows(tuning), key=lambda row: (row["change"] == "", row["mentee"], row["mentor"]))
    undo, redo = tuning.steps
    return {
        "weights": list(_weights(tuning)),
        "rules": [rule.shown(tuning.policy) for rule in RULES],
        "summary": _summary(tuning),
        "rows": rows[:MOST_ROWS],
        "more": max(len(rows) - MOST_ROWS, 0),
        "apart": [
            {"mentor": one.mentor, "mentee": one.mentee} for one in tuning.decisions if one.kind == "forbid"
        ],
        "undo": undo,
        "redo": redo,
    }


def _weights(tuning: Tuning) -> Iterator[dict[str, Any]]:
    policy = tuning.policy
    own = tuning.solution[0].scores.own_criteria
    for name in dict.fromkeys((*policy.weights, *(one.name for one in BUILTIN), *own)):
        weight = policy.weight(name)
        yield {
            "name": name,
            "words": name.replace("_", " "),
            "value": number(weight),
            "most": max(LEAST_TOP, int(2 * weight)),
            "listed": name in policy.weights or name in own,
        }


def _summary(tuning: Tuning) -> str:
    posed, used = tuning.solution
    scores, problem = posed.scores, posed.problem
    mentor, mentee = problem.mentor[used], problem.mentee[used]
    placed, asking = len(set(mentee.tolist())), len(scores.people.mentees)
    points = scores.decimal(sum(scores.points[mentor, mentee].tolist()))
    left, came = len(tuning.base - tuning.pairs()), len(tuning.pairs() - tuning.base)
    changed = f"{left} of {counted(len(tuning.base), 'pair')} of the base changed, {came} new"
    same = "The pairs are those of the base"
    return (
        f"{changed if left or came else same}: {placed} of {asking} mentees placed, {number(points)} points."
    )


def _rows(tuning: Tuning) -> Iterator[dict[str, Any]]:
    posed, used = tuning.solution
    scores, problem = posed.scores, posed.problem
    before: dict[str, list[str]] = {}
    for one, other in sorted(tuning.base):
        before.setdefault(other, []).append(one)
    kept = {(one.mentor, one.mentee) for one in tuning.decisions if one.kind == "require"}
    placed = set()
    for i, j in zip(problem.mentor[used].tolist(), problem.mentee[used].tolist(), strict=True):
        pair = mentor, mentee = scores.people.mentors[i].id, scores.people.mentees[j].id
        placed.add(mentee)
        had = before.get(mentee, [])
        change = "" if pair in tuning.base else f"was with {', '.join(had)}" if had else "had nobody"
        yield {
            "mentee": mentee,
            "mentor": mentor,
            "tier": tier_words(scores.tier_of(i, j)),
            "score": number(scores.decimal(int(scores.points[i, j]))),
            "change": change,
            "kept": pair in kept,
        }
    for mentee, had in before.items():
        if mentee not in placed:
            change = f"was with {', '.join(had)}, now has nobody"
            yield {"mentee": mentee, "mentor": "", "tier": "", "score": "", "change": change, "kept": False}
