"""A request -> the integer problem: people and rules become capacities, pairs and levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.errors import Fault, InputError
from ipmatch.limits import limits_of
from ipmatch.people import MOST_ROUNDS
from ipmatch.policy import TIERS, WORST_OFF, Policy
from ipmatch.quotas import QuotaRule
from ipmatch.requests import Request, worths_of
from ipmatch.scoring.builtin import Preferences
from ipmatch.scoring.participants import Participants
from ipmatch.scoring.rules import marked
from ipmatch.scoring.scores import Scores, reweighted, score
from ipmatch.scoring.tables import tabulate
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.balance import balance_level, common_multiple
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import LARGEST, Level, Leximin, Objective, Problem, Quota, Threshold
from ipmatch.solving.rows.parting import part

if TYPE_CHECKING:
    from ipmatch.solving.rows.space import Row

__all__ = [
    "Posed",
    "level_names",
    "pose",
    "posed_by",
    "posed_under",
    "quota_of",
    "refuse_worst_off",
]

LISTABLE = 200_000_000
"""Of so many pairs all tables and lists still fit into a large computer's memory."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A request as the solver sees it: mentor i and mentee j are row i and column j of the scores.

    ``earlier`` marks the pairs of the problem, shape (P,), that an earlier matching had. ``held`` is what a
    network holds of the problem, ``rows`` the rules it does not: mostly none.
    """

    request: Request
    scores: Scores
    problem: Problem
    levels: tuple[Objective, ...]
    earlier: BoolVector
    held: Problem
    rows: tuple[Row, ...]

    @property
    def is_stable(self) -> bool:
        """Whether the policy asks for a stable matching instead of the best."""
        return self.request.policy.objective.method == "stable"

    @property
    def lists_pairs(self) -> bool:
        """Whether the problem lists every allowed pair: it does."""
        return True

    @property
    def has_prices(self) -> bool:
        """Whether a proof's prices answer every single change of the answer."""
        return not self.rows and not self.is_stable

    def mentees_of(self, mentor: int) -> IndexVector:
        """The mentees a mentor may be paired with."""
        mentees: IndexVector = self.problem.mentee[self.problem.mentor == mentor]
        return mentees

    def scale_of(self, level: str) -> int:
        """How many integer units make one of what a level counts: a point, a whole wish, a person, a pair.

        Of ``balance``, which counts squared loads by capacity, one such.
        """
        if level == "balance":
            return common_multiple(self.problem) or 1
        if level in ("score", *WORST_OFF):
            return self.scores.scale
        return Preferences.steps if level == "preferences" else 1

    def worths_of(self, level: str, mentors: IndexVector, mentees: IndexVector) -> IntVector:
        """What each of these pairs alone would add to a level, in its units, whether or not it is allowed."""
        return worths_of(self.request, self.scores, level, mentors, mentees)


def pose(request: Request) -> Posed:
    """The problem of a request, with the levels of its policy in order.

    Raises
    ------
    InputError, InfeasibleError
        As :func:`ipmatch.scoring.scores.score`; ``UsageError`` if a decision names an unknown id.
    """
    mentors, mentees = len(request.cohort.mentors), len(request.cohort.mentees)
    if mentors * mentees > LISTABLE:
        what = f"{mentors:,} mentors and {mentees:,} mentees make more pairs than can be listed here."
        mend = "Match and verify them under levels and rules that need no list, and ask questions of a part."
        raise InputError([Fault("cohort", what, mend)])
    return posed_by(
        request, score(request.cohort.with_decisions(request.decisions), request.policy, request.criteria)
    )


def posed_by(request: Request, scores: Scores) -> Posed:
    """The problem of a request whose pairs are scored already."""
    mentors, mentees = scores.people.mentors, scores.people.mentees
    # Many times faster than np.nonzero.
    place = np.flatnonzero(scores.allowed)
    mentor = np.repeat(np.arange(len(mentors)), np.count_nonzero(scores.allowed, axis=1))
    mentee = place - mentor * len(mentees)
    seed = request.policy.objective.seed
    problem = Problem(
        capacity=np.array([person.capacity for person in mentors], dtype=np.int64),
        minimum=np.array([person.min_mentees for person in mentors], dtype=np.int64),
        wanted=np.array([person.mentors_wanted for person in mentees], dtype=np.int64),
        mentor=mentor,
        mentee=mentee,
        required=scores.required[mentor, mentee],
        mentor_number=lottery_numbers([person.id for person in mentors], "mentor", seed),
        mentee_number=lottery_numbers([person.id for person in mentees], "mentee", seed),
        quotas=tuple(quota_of(rule, scores.people) for rule in request.policy.quotas),
        spread="balance" in request.policy.objective.levels,
    )
    earlier = _earlier(request, scores, mentor, mentee)
    most = None if request.earlier is None else request.earlier.max_changes
    limits = tuple(limits_of(scores, problem, earlier, most))
    problem = replace(problem, limits=limits) if limits else problem
    held, rows = part(problem)
    levels = tuple(
        level for name in level_names(request) for level in _levels(name, scores, problem, earlier)
    )
    if rows:
        refuse_worst_off(levels)
    return Posed(request, scores, problem, levels, earlier, held, rows)


def refuse_worst_off(levels: Iterable[Objective]) -> None:
    """Refuse levels on who is worst off, found by a search on the network, where it does not hold every rule.

    Raises
    ------
    InputError
        If there is one.
    """
    faults = [
        Fault(
            "policy, objective.levels",
            f'"{level.name}" cannot stand beside rules that overlap: quotas of groups of which neither holds '
            "the other, sessions, or a limit of changes.",
            "Drop the level, or count by groups that nest or stay apart.",
        )
        for level in levels
        if not isinstance(level, Level)
    ]
    if faults:
        raise InputError(faults)


def posed_under(posed: Posed, policy: Policy) -> Posed:
    """The same problem under a policy that differs in its weights alone: what ``pose`` gives, sooner.

    Raises
    ------
    InputError
        As :func:`ipmatch.scoring.scores.score`.
    """
    scores = reweighted(posed.scores, policy, posed.request.criteria)
    score = _levels("score", scores, posed.problem, posed.earlier)
    levels = tuple(next(score) if level.name == "score" else level for level in posed.levels)
    return replace(posed, request=replace(posed.request, policy=policy), scores=scores, levels=levels)


def quota_of(rule: QuotaRule, people: Participants) -> Quota:
    """A quota over the people taking part; it speaks of nobody else."""
    members = rule.members(people.mentors if rule.side == "mentor" else people.mentees)
    # So many people there are not: beyond it no number says more.
    most = None if rule.max is None or rule.max > LARGEST else rule.max
    return Quota(rule.side, np.array(members, dtype=np.int64), min(rule.min, LARGEST), most)


def _earlier(request: Request, scores: Scores, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
    pairs = request.earlier.pairs if request.earlier else ()
    return marked(scores.people, scores.people.places(pairs))[mentor, mentee]


def level_names(request: Request) -> tuple[str, ...]:
    """The policy's levels, with those that go without saying unless the policy has placed them itself.

    That is ``score`` after a level on who is worst off, and ``keep`` where a re-match wants it.

    Raises
    ------
    InputError
        If the policy lists ``keep``, and there is no earlier matching.
    """
    names: tuple[str, ...] = request.policy.objective.levels
    worst_off = [place for place, name in enumerate(names, 1) if name in WORST_OFF]
    if worst_off and "score" not in names:
        names = (*names[: worst_off[0]], "score", *names[worst_off[0] :])
    if request.earlier is None and "keep" in names:
        what = "there is no earlier matching whose pairs could be kept."
        raise InputError([Fault("policy, objective.levels", what, 'Re-match, or drop the level "keep".')])
    if request.earlier is None or "keep" in names:
        return names
    match request.earlier.keep:
        case "all":
            return ("keep", *names)
        case "after-placed":
            after = names.index("placed") + 1 if "placed" in names else 0
            return (*names[:after], "keep", *names[after:])
    return (*names, "keep")


def _levels(name: str, scores: Scores, problem: Problem, earlier: BoolVector) -> Iterator[Objective]:
    """One listed level as the scalar levels it stands for."""
    mentor, mentee = problem.mentor, problem.mentee
    match name:
        case "placed":
            each = np.ones(len(problem.wanted), dtype=np.int64)
            yield Level("placed", 1, first=each)
            if (problem.wanted > 1).any():
                yield Level("further_mentors", 1, further=each)
        case "tiers":
            tier = scores.tier[mentor, mentee]
            for label in scores.policy.tiers.order:
                yield Level(f"tiers.{label}", 1, pair=(tier == TIERS.index(label)).astype(np.int64))
        case "score":
            yield Level("score", scores.bound, pair=scores.points[mentor, mentee])
        case "fairness":
            yield Threshold("fairness", scores.bound, scores.points[mentor, mentee])
        case "leximin":
            yield Leximin("leximin", scores.bound, scores.points[mentor, mentee])
        case "balance":
            yield _balance(problem)
        case "waiting":
            waited = np.array([person.rounds_waited for person in scores.people.mentees], dtype=np.int64)
            yield Level("waiting", MOST_ROUNDS, first=waited)
        case "preferences":
            wishes = tabulate(Preferences(), scores.people.mentors, scores.people.mentees).gathered()
            yield Level("preferences", Preferences.steps, pair=wishes[mentor, mentee].astype(np.int64))
        case "keep":
            yield Level("keep", 1, pair=earlier.astype(np.int64))


def _balance(problem: Problem) -> Level:
    if common_multiple(problem) is None:
        what = "the mentors' capacities have no common multiple small enough to share loads out exactly."
        mend = 'Use fewer different capacities, or drop the level "balance".'
        raise InputError([Fault("policy, objective.levels", what, mend)])
    return balance_level(problem)
