"""A request of a big cohort -> the integer problem, its pairs as a rule instead of a list."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.people import MOST_ROUNDS
from ipmatch.posing import level_names, quota_of
from ipmatch.requests import Request, worths_of
from ipmatch.scoring.builtin import Preferences
from ipmatch.scoring.participants import Participants, participants
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.solving.problem import Level, Problem
from ipmatch.solving.quotas import split

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ipmatch.scoring.crowd import CrowdScores
    from ipmatch.solving.columns.grid import Goal, Grid
    from ipmatch.solving.columns.search import Told
    from ipmatch.solving.rows.space import Row

__all__ = ["CROWD", "PairedCrowd", "PosedCrowd", "crowd_of", "rounds_told"]

CROWD = 3_000_000
"""Cohorts of more pairs than this are a crowd: no list of pairs is made. That saves memory, and soon time."""
TOLD_LESS = 4
"""So much larger is a crowd where a level comes before ``placed``: it is told no repairs then."""

_LEVELS = frozenset({"placed", "tiers", "score", "waiting", "preferences", "keep"})


@dataclass(frozen=True, slots=True)
class PosedCrowd:
    """A request as the solver of big cohorts sees it.

    ``earlier`` are the sorted keys of the pairs of an earlier matching that may still be.
    """

    request: Request
    scores: CrowdScores
    grid: Grid
    goals: tuple[Goal, ...]
    earlier: IndexVector

    @property
    def problem(self) -> Problem:
        """The problem of the required pairs alone: its people, rules and network are those of all pairs."""
        return self.grid.listed(self.grid.required)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rules beside the network: none, for those a crowd cannot hold."""
        return ()

    def mentees_of(self, mentor: int) -> IndexVector:
        """The mentees a mentor may be paired with."""
        return self.grid.mentees_of(mentor)

    def scale_of(self, level: str) -> int:
        """How many integer units make one of what a level counts."""
        return {"score": self.scores.scale, "preferences": Preferences.steps}.get(level, 1)

    def listing(self, keys: IndexVector, *, beside: IndexVector | None = None) -> PairedCrowd:
        """The same with a pairing and, if given, other pairs ``beside`` it, all by sorted key."""
        from ipmatch.solving.columns.terrain import found, merged

        listed = keys if beside is None else merged(keys, beside)
        levels = tuple(self.grid.level(goal, listed) for goal in self.goals)
        return PairedCrowd(self, self.grid.listed(listed), levels, found(keys, listed)[1])

    def paired(
        self, keys: IndexVector, executor: Executor | None = None, *, beside: IndexVector | None = None
    ) -> PairedCrowd:
        """The same, ready to be asked of pairs that are not listed.

        Parameters
        ----------
        keys, beside
            The best pairing, and pairs to list with it; as for ``listing``.
        executor
            Where pairs are priced; here if not given.
        """
        from ipmatch.solving.columns.crew import Crew
        from ipmatch.solving.columns.mirror import GridWays
        from ipmatch.solving.columns.openings import GridOpenings

        grid, found = self.grid, self.listing(keys, beside=beside)
        problem = replace(found.problem, choices=grid.counted)
        crew = Crew(grid.terrain, executor)
        problem.kept["openings"] = GridOpenings(grid.terrain, keys)
        problem.kept["ways"] = GridWays(grid, self.goals, problem, found.levels, found.used, crew)
        return replace(found, problem=problem)


@dataclass(frozen=True, slots=True)
class PairedCrowd:
    """A big cohort's pairing as reasons see it.

    ``problem`` lists the pairs ``used`` [P], and perhaps some more, ``levels`` what they gain.
    """

    crowd: PosedCrowd
    problem: Problem
    levels: tuple[Level, ...]
    used: BoolVector

    @property
    def earlier(self) -> BoolVector:
        """[P] which of the pairs listed an earlier matching had."""
        from ipmatch.solving.columns.terrain import found

        keys = self.crowd.grid.terrain.keys(self.problem.mentor, self.problem.mentee)
        return found(self.crowd.earlier, keys)[1]

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.crowd.request

    @property
    def scores(self) -> CrowdScores:
        """What any pair is worth."""
        return self.crowd.scores

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rules beside the network: none."""
        return self.crowd.rows

    @property
    def is_stable(self) -> bool:
        """Whether the policy asks for a stable matching: of a crowd none does."""
        return False

    @property
    def lists_pairs(self) -> bool:
        """Whether the problem lists every allowed pair: it does not."""
        return False

    def mentees_of(self, mentor: int) -> IndexVector:
        """The mentees a mentor may be paired with."""
        return self.crowd.mentees_of(mentor)

    def scale_of(self, level: str) -> int:
        """How many integer units make one of what a level counts."""
        return self.crowd.scale_of(level)

    def worths_of(self, level: str, mentors: IndexVector, mentees: IndexVector) -> IntVector:
        """What each of these pairs alone would add to a level, in its units, whether or not it is allowed."""
        return worths_of(self.request, self.scores, level, mentors, mentees)


def crowd_of(request: Request, *, above: int | None = None) -> PosedCrowd | None:
    """The problem of a request of a big cohort; ``None`` where all pairs are better listed.

    So they are in small cohorts, and where a rule or a level asks for more than prices of people: quotas that
    cross, sessions, a limit of changes, fairness.

    Parameters
    ----------
    above
        A crowd has more pairs than this; ``CROWD`` if not given.

    Raises
    ------
    InputError, InfeasibleError
        As ``posing.pose``; ``UsageError`` if a decision names an unknown id.
    """
    cohort, policy = request.cohort, request.policy
    pairs, names = len(cohort.mentors) * len(cohort.mentees), level_names(request)
    if above is None:
        above = CROWD if names[0] == "placed" else CROWD * TOLD_LESS
    limited = request.earlier is not None and request.earlier.max_changes is not None
    if pairs <= above or policy.sessions or limited:
        return None
    if policy.objective.method != "optimal" or not _LEVELS.issuperset(names):
        return None
    from ipmatch.scoring.crowd_terrain import score_crowd
    from ipmatch.solving.columns.grid import Grid

    cohort = cohort.with_decisions(request.decisions)
    people = participants(cohort, policy)
    seed = policy.objective.seed
    numbers = (
        lottery_numbers([person.id for person in people.mentors], "mentor", seed),
        lottery_numbers([person.id for person in people.mentees], "mentee", seed),
    )
    scores = score_crowd(cohort, policy, request.criteria, numbers, people)
    grid = Grid(
        capacity=np.array([person.capacity for person in people.mentors], dtype=np.int64),
        minimum=np.array([person.min_mentees for person in people.mentors], dtype=np.int64),
        wanted=np.array([person.mentors_wanted for person in people.mentees], dtype=np.int64),
        terrain=scores.terrain,
        quotas=tuple(quota_of(rule, people) for rule in policy.quotas),
    )
    if any(left.minimum or left.maximum is not None for left in split(grid.listed(grid.required))[1]):
        return None
    earlier = scores.possible(request.earlier.pairs if request.earlier else ())
    goals = (goal for name in names for goal in _goals(name, scores, people, grid, earlier))
    return PosedCrowd(request, scores, grid, tuple(goals), earlier)


def _goals(
    name: str, scores: CrowdScores, people: Participants, grid: Grid, earlier: IndexVector
) -> Iterator[Goal]:
    """One listed level as the scalar levels it stands for."""
    from ipmatch.solving.columns.grid import Goal

    match name:
        case "placed":
            each = np.ones(len(grid.wanted), dtype=np.int64)
            yield Goal(Level("placed", 1, first=each))
            if (grid.wanted > 1).any():
                yield Goal(Level("further_mentors", 1, further=each))
        case "tiers":
            for label in scores.policy.tiers.order:
                yield Goal(Level(f"tiers.{label}", 1), scores.tier(label))
        case "score":
            yield Goal(Level("score", scores.bound), scores.score)
        case "waiting":
            waited = np.array([person.rounds_waited for person in people.mentees], dtype=np.int64)
            yield Goal(Level("waiting", MOST_ROUNDS, first=waited))
        case "preferences":
            wishes = scores.of_named(scores.named(Preferences()))
            yield Goal(Level("preferences", Preferences.steps), wishes)
        case "keep":
            yield Goal(Level("keep", 1), scores.counting(earlier))


def rounds_told(progress: Callable[[str], None] | None, deadline: float | None = None) -> Told | None:
    """What tells, in words, how far a search has come after each of its rounds; and the seconds left."""
    if progress is None:
        return None

    def told(level: str, turn: int, value: int, bound: int) -> None:
        gap = "" if bound == value else f", at most {bound - value} more"
        left = "" if deadline is None else f", {max(0, deadline - time.monotonic()):.0f} s left"
        progress(f"best by {level}, round {turn}: {value}{gap}{left}")

    return told
