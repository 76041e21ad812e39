"""What one more mentor would bring: exact gains by level, solving again only where no path can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipmatch.errors import InputError
from ipmatch.explaining.parts import Solved
from ipmatch.limits import rooms_of
from ipmatch.people import Mentor
from ipmatch.posing import Posed, pose
from ipmatch.requests import Request
from ipmatch.sessions import able_to_come
from ipmatch.solving.arrays import BoolMatrix, BoolVector, IntMatrix, IntVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.rows.parting import leaves_network
from ipmatch.solving.values import before_worst_off, totals

__all__ = ["gains_of"]

# So many are scored at once, beside the mentors there are.
AT_ONCE = 1000


def gains_of(
    posed: Posed, assignment: Assignment, solved: Solved, levels: Sequence[Level], mentors: Sequence[Mentor]
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

    Returns
    -------
    IntMatrix, BoolVector
        [K, L] the gains, in each level's units; and [K] whether they are known: they are not where quotas,
        with this mentor among their people, would cross, and the policy or the search does not allow for it.
    """
    policy, people = posed.request.policy, posed.scores.people
    rooms = rooms_of(posed.scores, posed.problem)
    able = np.array([able_to_come(policy.sessions, mentee) for mentee in people.mentees], np.int64)
    joining = dict[tuple[bool, ...], list[int]]()
    for k, mentor in enumerate(mentors):
        own = tuple(rule.side == "mentor" and rule.holds(mentor) for rule in policy.quotas)
        joining.setdefault(own, []).append(k)
    gains, known = np.zeros((len(mentors), len(levels)), np.int64), np.zeros(len(mentors), np.bool_)
    for joins, some in joining.items():
        refused = len(levels) < len(posed.levels) and _crosses(posed.problem, joins)
        before = _Before.of(posed.problem, levels, assignment.used, joins)
        for start in range(0, len(some), AT_ONCE):
            here = some[start : start + AT_ONCE]
            pairs, allowed = _scored(posed, levels, [mentors[k] for k in here])
            gains[here], known[here] = before.gains(pairs, allowed)
            known[here] &= not refused
            if rooms is not None:
                known[here] &= ~rooms.by_newcomer(able, allowed)
    values = {level.name: level.value or 0 for level in assignment.levels}
    for k in np.flatnonzero(~known).tolist():
        then = _solved_again(posed, solved, mentors[k])
        if then is not None:
            known[k] = True
            gains[k] = [then[level.name] - values[level.name] for level in levels]
    return gains, known


@dataclass(frozen=True, slots=True)
class _Before:
    """A problem that is to gain a mentor with a mentee, whom quotas count already: less is left to them.

    ``exchange`` is of its best pairing, None where there is none; ``gain`` what that gains already, by level.
    """

    exchange: Exchange | None
    gain: IntVector
    known: bool = True

    @classmethod
    def of(
        cls, problem: Problem, levels: Sequence[Level], used: BoolVector, joins: tuple[bool, ...]
    ) -> _Before:
        """The problem for those who join these quotas; not known where a network does not hold it."""
        nothing = np.zeros(len(levels), np.int64)
        if not problem.quotas:
            return cls(Exchange(problem, levels, used), nothing)
        quotas = tuple(
            replace(quota, minimum=max(0, quota.minimum - 1), maximum=_one_fewer(quota.maximum))
            if joined
            else quota
            for quota, joined in zip(problem.quotas, joins, strict=True)
        )
        if any(quota.maximum is not None and quota.maximum < 0 for quota in quotas):
            return cls(None, nothing)
        # Each mentee has one more to choose from.
        choices = problem.others("mentor"), problem.others("mentee") + 1
        changed = replace(problem, quotas=quotas, choices=choices)
        if leaves_network(changed):
            return cls(None, nothing, known=False)
        try:
            then = best_pairing(changed, levels).used
        except RulesClash:
            return cls(None, nothing)
        values = (np.array(totals(problem, levels, pairs), np.int64) for pairs in (then, used))
        return cls(Exchange(changed, levels, then), np.subtract(*values))

    def gains(self, pairs: Sequence[IntMatrix], allowed: BoolMatrix) -> tuple[IntMatrix, BoolVector]:
        """What each of some mentors brings [K, L], and whether that is known [K]; see ``_scored``."""
        if self.exchange is None:
            return np.zeros((len(allowed), len(self.gain)), np.int64), np.full(len(allowed), self.known)
        change = self.exchange.new_mentors(pairs, allowed)
        gain = self.gain - np.stack(change.levels, axis=1)
        # The first level that differs decides; a mentor who brings nothing has no mentee.
        first = np.take_along_axis(gain, (gain != 0).argmax(axis=1)[:, None], axis=1)
        return np.where(change.possible[:, None] & (first > 0), gain, 0), change.known


def _crosses(problem: Problem, joins: tuple[bool, ...]) -> bool:
    """Whether quotas may cross with one more mentor among their people: beside that nobody is worst off."""
    mentor = len(problem.capacity)
    changed = replace(
        problem,
        capacity=np.append(problem.capacity, 1),
        minimum=np.append(problem.minimum, 0),
        mentor_number=np.append(problem.mentor_number, np.uint64(0)),
        quotas=tuple(
            replace(quota, members=np.append(quota.members, mentor)) if joined else quota
            for quota, joined in zip(problem.quotas, joins, strict=True)
        ),
        choices=(np.append(problem.others("mentor"), 1), problem.others("mentee") + 1),
    )
    return leaves_network(changed)


def _one_fewer(maximum: int | None) -> int | None:
    return None if maximum is None else maximum - 1


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
