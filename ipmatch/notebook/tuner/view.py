"""What the tuner's page draws: controls, the outcome in a sentence, and every pair beside the base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        "rest": _rest(rows[MOST_ROWS:]),
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


def _rest(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows that are not shown, in words."""
    changed = sum(row["change"] != "" for row in rows)
    if not rows:
        return ""
    told = f"and {counted(len(rows), 'row')} more"
    return f"{told}, {changed:,} of which changed" if changed else f"{told}, unchanged"


def _rows(tuning: Tuning) -> Iterator[dict[str, Any]]:
    posed, used = tuning.solution
    scores, problem = posed.scores, posed.problem
    before, now = _mentors_of(tuning.base), _mentors_of(tuning.pairs())
    kept = {(one.mentor, one.mentee) for one in tuning.decisions if one.kind == "require"}
    told = set[str]()
    for i, j in zip(problem.mentor[used].tolist(), problem.mentee[used].tolist(), strict=True):
        mentor, mentee = scores.people.mentors[i].id, scores.people.mentees[j].id
        had, has = before.get(mentee, []), now[mentee]
        left, came = [one for one in had if one not in has], [one for one in has if one not in had]
        change = ""
        if mentor in came:
            change = f"was with {', '.join(left)}" if left else "one mentor more" if had else "had nobody"
        elif left and not came and mentee not in told:
            # Of those who stay, the first tells who does not.
            change = f"no longer with {', '.join(left)} as well"
        told.add(mentee)
        yield {
            "mentee": mentee,
            "mentor": mentor,
            "tier": tier_words(scores.tier_of(i, j)),
            "score": number(scores.decimal(int(scores.points[i, j]))),
            "change": change,
            "kept": (mentor, mentee) in kept,
        }
    for mentee, had in before.items():
        if mentee not in now:
            change = f"was with {', '.join(had)}, now has nobody"
            yield {"mentee": mentee, "mentor": "", "tier": "", "score": "", "change": change, "kept": False}


def _mentors_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mentor, mentee in sorted(pairs):
        found.setdefault(mentee, []).append(mentor)
    return found
