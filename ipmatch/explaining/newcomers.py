"""What one more mentor would bring: exact gains by level, solving again only where no path can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ipmatch.errors import InputError
from ipmatch.explaining.parts import Solved
from ipmatch.limits import rooms_of
from ipmatch.people import Mentor
from ipmatch.posing import Posed, pose
from ipmatch.requests import Request
from ipmatch.sessions import able_to_come
from ipmatch.solving.arrays import BoolMatrix, BoolVector, IndexVector, IntMatrix
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.problem import Level
from ipmatch.solving.values import before_worst_off

__all__ = ["gains_of"]

# So many are scored at once, beside the mentors there are.
AT_ONCE = 1000


def gains_of(
    posed: Posed,
    assignment: Assignment,
    solved: Solved,
    levels: Sequence[Level],
    mentors: Sequence[Mentor],
    *,
    again: BoolVector,
) -> tuple[IntMatrix, BoolVector]:
    """What each of K new mentors with one place would bring on their own, as if added and solved again.

    Parameters
    ----------
    solved
        What answers a changed request.
    levels
        The first of the problem's levels, for which gains are wanted.
    mentors
        Whom nobody names, with ids of their own.
    again
        [K] those to solve again for where no path can tell.

    Returns
    -------
    IntMatrix, BoolVector
        [K, L] the gains, in each level's units; and [K] whether they are known: they are not where quotas,
        with this mentor among their people, would cross, nor where only solving again could tell.
    """
    policy, people = posed.request.policy, posed.scores.people
    rooms = rooms_of(posed.scores, posed.problem)
    able = np.array([able_to_come(policy.sessions, mentee) for mentee in people.mentees], np.int64)
    exchange = Exchange(posed.problem, levels, assignment.used)
    nodes = _nodes(posed, exchange, mentors)
    gains, known = np.zeros((len(mentors), len(levels)), np.int64), np.zeros(len(mentors), np.bool_)
    for start in range(0, len(mentors), AT_ONCE):
        pairs, allowed = _scored(posed, levels, mentors[start : start + AT_ONCE])
        here = nodes[start : start + AT_ONCE]
        for node in np.unique(here[here >= 0]).tolist():
            alike = np.flatnonzero(here == node)
            change = exchange.new_mentors([level[alike] for level in pairs], allowed[alike], node=node)
            gains[start + alike] = np.stack(change.levels, axis=1)
            known[start + alike] = change.known
        if rooms is not None:
            known[start : start + AT_ONCE] &= ~rooms.by_newcomer(able, allowed)
    before = {level.name: level.value for level in assignment.levels}
    for k in np.flatnonzero(~known & again).tolist():
        values = _solved_again(posed, solved, mentors[k])
        if values is not None:
            known[k] = True
            gains[k] = [values[level.name] - (before[level.name] or 0) for level in levels]
    return gains, known


def _nodes(posed: Posed, exchange: Exchange, mentors: Sequence[Mentor]) -> IndexVector:
    """The network's node where each new mentor's place hangs: the root's 0, a quota's, or -1 for none."""
    problem, most = posed.problem, posed.problem.most("mentor")
    rules = []
    for rule, quota in zip(posed.request.policy.quotas, problem.quotas, strict=True):
        if rule.side == "mentee":
            continue
        units = int(most[quota.members].sum())
        # One that could bind with one unit more, and not till now, is no part of the network.
        if rule.min or (rule.max is not None and rule.max <= units):
            rules.append((rule, bool(rule.min) or rule.max == units))
    tails = exchange.network.tail[exchange.network.mentor_first].tolist()
    somebody = {(False,) * len(rules): 0}
    for mentor, tail, units in zip(posed.scores.people.mentors, tails, most.tolist(), strict=True):
        if units:
            somebody[tuple(rule.holds(mentor) for rule, _ in rules)] = tail
    found = []
    for mentor in mentors:
        joins = tuple(rule.holds(mentor) for rule, _ in rules)
        unseen = any(joined and hidden for joined, (_, hidden) in zip(joins, rules, strict=True))
        found.append(-1 if unseen else somebody.get(joins, -1))
    return np.array(found, np.int64)


def _scored(
    posed: Posed, levels: Sequence[Level], mentors: Sequence[Mentor]
) -> tuple[list[IntMatrix], BoolMatrix]:
    """For each level [K, J] what a pair of a new mentor and a mentee gains, and which are allowed."""
    # Of several newcomers at once quotas and sessions would hold fewer than of each on their own.
    policy = posed.request.policy
    roomy = tuple(session.model_copy(update={"places": None}) for session in policy.sessions)
    bare = policy.model_copy(update={"quotas": (), "sessions": roomy})
    with_all = pose(replace(_request_with(posed, mentors), policy=bare))
    problem = with_all.problem
    row = {mentor.id: k for k, mentor in enumerate(mentors)}
    newcomer = np.array([row.get(mentor.id, -1) for mentor in with_all.scores.people.mentors], np.int64)
    own = newcomer[problem.mentor] >= 0
    where = newcomer[problem.mentor[own]], problem.mentee[own]
    allowed = np.zeros((len(mentors), len(problem.wanted)), np.bool_)
    allowed[where] = True
    places = problem.most("mentor")
    seat = np.cumsum(places) - places
    gains = []
    for level in before_worst_off(with_all.levels)[: len(levels)]:
        pair = np.zeros(len(problem.mentor), np.int64) if level.pair is None else level.pair.copy()
        if level.mentor is not None:
            pair += level.mentor[problem.mentor]
        if level.place is not None:
            pair += level.place[seat[problem.mentor]]
        matrix = np.zeros(allowed.shape, np.int64)
        matrix[where] = pair[own]
        gains.append(matrix)
    return gains, allowed


def _solved_again(posed: Posed, solved: Solved, mentor: Mentor) -> dict[str, int] | None:
    """The value of every level with this mentor in the cohort; ``None`` if it is not proved."""
    try:
        _, assignment = solved(_request_with(posed, [mentor]))
    except InputError:
        return None
    if not assignment.proved:
        return None
    return {level.name: level.value or 0 for level in assignment.levels}


def _request_with(posed: Posed, mentors: Sequence[Mentor]) -> Request:
    cohort = posed.request.cohort
    more = cohort.model_copy(update={"mentors": (*cohort.mentors, *mentors)})
    return replace(posed.request, cohort=more)
