"""Changes of a problem made the slow and obvious way, to solve again and compare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ipmatch.solving.balance import balance_level
from ipmatch.solving.problem import Level, Problem


def with_only(problem: Problem, levels, kept):
    """The problem with the pairs of a mask."""
    changed = replace(
        problem, mentor=problem.mentor[kept], mentee=problem.mentee[kept], required=problem.required[kept]
    )
    return changed, [_with_gains(level, changed, lambda gain: gain[kept]) for level in levels]


def with_required(problem: Problem, pair: int, required: bool = True) -> Problem:
    changed = problem.required.copy()
    changed[pair] = required
    return replace(problem, required=changed)


def with_entry(problem: Problem, name: str, person: int, amount: int) -> Problem:
    """``capacity``, ``minimum`` or ``wanted`` of one person set to an amount."""
    changed = getattr(problem, name).copy()
    changed[person] = amount
    return replace(problem, **{name: changed})


def with_pairs(problem: Problem, levels, mentor, mentee, gains):
    """The problem with more allowed pairs; ``gains`` are one list for each level."""
    mentor = np.concatenate([problem.mentor, np.asarray(mentor, np.int64)])
    mentee = np.concatenate([problem.mentee, np.asarray(mentee, np.int64)])
    required = np.concatenate([problem.required, np.zeros(len(mentor) - len(problem.required), bool)])
    order = np.lexsort((mentee, mentor))
    changed = replace(problem, mentor=mentor[order], mentee=mentee[order], required=required[order])
    none = np.zeros(len(problem.mentor), np.int64)
    return changed, [
        _with_gains(
            level, changed, lambda own, new=gain: np.append(own, np.asarray(new, np.int64))[order], none
        )
        for level, gain in zip(levels, gains, strict=True)
    ]


def with_mentor(problem: Problem, levels, mentees, gains):
    """One more mentor with one place and no gain but that of his pairs."""
    changed = replace(
        problem,
        capacity=np.append(problem.capacity, 1),
        minimum=np.append(problem.minimum, 0),
        mentor_number=np.append(problem.mentor_number, np.uint64(7)),
    )
    levels = [_longer(level, "mentor") for level in levels]
    return with_pairs(changed, levels, np.full(len(mentees), len(problem.capacity)), mentees, gains)


def _longer(level, kind: str):
    gain = getattr(level, kind, None)
    return level if gain is None else replace(level, **{kind: np.append(gain, 0)})


def _with_gains(level, changed: Problem, change, none=None):
    if not isinstance(level, Level):
        return replace(level, score=change(level.score))
    gain = none if level.pair is None else level.pair
    level = level if gain is None else replace(level, pair=change(gain))
    return level if level.place is None else replace(level, place=balance_level(changed).place)
