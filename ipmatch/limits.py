"""Rules about sets of pairs: how many earlier ones may change, and how many a session has places for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ipmatch.scoring.pairs import PairScores
from ipmatch.scoring.rules import able_pairs
from ipmatch.scoring.scores import Scores
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.problem import Limit, Problem
from ipmatch.solving.rooms import Rooms
from ipmatch.solving.sessions import full_houses
from ipmatch.words import counted, listed

__all__ = ["limit_of_changes", "limits_of", "rooms_of", "with_idle_limits"]


def limits_of(
    scores: Scores, problem: Problem, earlier: BoolVector, max_changes: int | None
) -> Iterator[Limit]:
    """Every such rule that could bind; its name is what follows "but for"."""
    if max_changes is not None and max_changes < earlier.sum():
        yield limit_of_changes(earlier, max_changes)
    yield from _of_sessions(scores, problem)


def with_idle_limits(scores: Scores, problem: Problem) -> Problem:
    """The same problem with the sessions that nobody can overrun till now, after all other limits."""
    known = {limit.name for limit in problem.limits}
    idle = (limit for limit in _of_sessions(scores, problem, idle=True) if limit.name not in known)
    return replace(problem, limits=(*problem.limits, *idle))


def _of_sessions(scores: Scores, problem: Problem, *, idle: bool = False) -> Iterator[Limit]:
    sessions = scores.policy.sessions
    if all(session.places is None for session in sessions):
        return
    able = able_pairs(scores.people, scores.policy)[problem.mentor, problem.mentee]
    places, ends = [session.places for session in sessions], np.stack([problem.mentor, problem.mentee])
    people = problem.capacity, problem.wanted
    for group, pairs, most in full_houses(able, places, *people, ends, idle=idle):
        labels = listed([f'"{sessions[k].label}"' for k in group])
        noun = "session" if len(group) == 1 else "sessions"
        yield Limit(f"the places of the {noun} {labels}", pairs, maximum=most)


def rooms_of(scores: PairScores, problem: Problem) -> Rooms | None:
    """The sessions that could bind once there is one place, pair or mentor more; ``None`` if none ever can.

    The problem lists every allowed pair.
    """
    places = [session.places for session in scores.policy.sessions]
    if all(most is None for most in places):
        return None
    allowed = np.zeros((len(problem.capacity), len(problem.wanted)), np.bool_)
    allowed[problem.mentor, problem.mentee] = True
    return Rooms(able_pairs(scores.people, scores.policy), places, allowed, problem.capacity, problem.wanted)


def limit_of_changes(earlier: BoolVector, most: int) -> Limit:
    """The rule that at most so many of the earlier pairs still possible are given up."""
    return Limit(f"the limit of {counted(most, 'change')}", earlier, minimum=int(earlier.sum()) - most)
