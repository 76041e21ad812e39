"""A cohort -> its scores as a terrain: tables of distinct keys, never a number for every pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ipmatch.cohort import Cohort
from ipmatch.policy import Policy
from ipmatch.scoring.builtin import Availability, KnownTo, Organisation, Preferences, Scope, Sector
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.crowd import CrowdScores, KeyTable, keys_of, labels_of, pair_keys
from ipmatch.scoring.pairs import PairTable
from ipmatch.scoring.participants import Participants
from ipmatch.scoring.rules import avoided, same_person, tier_labels
from ipmatch.scoring.scores import asked, check_required, units_of, void_pairs
from ipmatch.scoring.tables import Table, best_by_scope, distinct, padded, steps_from, tabulate
from ipmatch.solving.arrays import HashVector, IndexVector, IntMatrix
from ipmatch.solving.columns.terrain import Coarse, Terrain, merged

__all__ = ["score_crowd"]


def score_crowd(
    cohort: Cohort,
    policy: Policy,
    criteria: Sequence[Criterion],
    numbers: tuple[HashVector, HashVector],
    people: Participants,
) -> CrowdScores:
    """Score a cohort exactly under a policy without a number for every pair.

    Parameters
    ----------
    numbers
        The lottery numbers of the mentors and the mentees taking part.
    people
        Who they are.

    Raises
    ------
    InputError, InfeasibleError
        As ``scores.score``.
    """
    scale, unit, bound = units_of(people, policy, criteria)
    tables: dict[str, PairTable] = {}
    coarse, barred = dict[str, Coarse](), dict[str, Coarse]()
    for criterion in asked(unit, criteria):
        if isinstance(criterion, Scope | Organisation | KnownTo | Preferences):
            tables[criterion.name] = KeyTable(criterion, people)
            continue
        table = tabulate(criterion, people.mentors, people.mentees)
        tables[criterion.name] = table
        coarse[criterion.name] = _coarse(table, table.strength.astype(np.int64))
        if table.removed is not None:
            barred[f"criterion:{criterion.name}"] = _coarse(table, table.removed.astype(np.int64))
    if policy.eligibility.availability == "require":
        table = tabulate(Availability(), people.mentors, people.mentees)
        barred = {"availability": _coarse(table, (table.strength == 0).astype(np.int64)), **barred}
    sector = coarse["sector"]
    from_steps = steps_from(policy.tiers.sector_from, Sector.steps)
    near = Coarse(sector.row, sector.column, (sector.value >= from_steps).astype(np.int64))
    singles = {
        "forbidden": keys_of(people, (pair.ids for pair in cohort.forbidden_pairs)),
        "avoids": keys_of(people, avoided(people)),
        "same-person": pair_keys(same_person(people), len(people.mentees)),
    }
    best, best_row, choice = _scopes(people)
    mentor_mark, mentee_mark = _marks(people)
    listed = tier_labels(policy)[1]
    terrain = Terrain(
        coarse=tuple(coarse.values()),
        near=near,
        best=best,
        best_row=best_row,
        choice=choice,
        mentor_mark=mentor_mark,
        mentee_mark=mentee_mark,
        barred=tuple(barred.values()),
        floor=~listed[labels_of(policy, Scope.steps + 1)],
        bars_same=policy.organisation.same == "forbid",
        excluded=merged(*singles.values()),
        required=keys_of(people, (pair.ids for pair in cohort.required_pairs)),
        mentor_number=numbers[0],
        mentee_number=numbers[1],
    )
    scores = CrowdScores(
        cohort,
        policy,
        people,
        scale,
        tables,
        unit,
        terrain,
        tuple(coarse),
        tuple(barred),
        {rule: keys for rule, keys in singles.items() if len(keys)},
        void_pairs(cohort, people),
        bound,
    )
    pairs = np.divmod(terrain.required, max(1, terrain.mentees))
    check_required(
        people,
        (
            (rule, int(pairs[0][k]), int(pairs[1][k]))
            for rule, removed in scores.removing(*pairs).items()
            for k in np.flatnonzero(removed)
        ),
    )
    return scores


def _coarse(table: Table, value: IntMatrix) -> Coarse:
    return Coarse(table.mentor_row, table.mentee_column, value)


def _scopes(people: Participants) -> tuple[Any, IndexVector, Any]:
    """What mentors' scopes give for each single scope; where each mentor's stand; and mentees' scopes."""
    criterion = Scope()
    mentor_keys, row = distinct(criterion, criterion.mentor_key, people.mentors)
    mentee_keys, column = distinct(criterion, criterion.mentee_key, people.mentees)
    best, code = best_by_scope(criterion, mentor_keys, mentee_keys)
    useful = np.append(np.flatnonzero(best[:, :-1].any(axis=0)), best.shape[1] - 1)
    # What no mentor is any good at is as good as no scope.
    place = np.full(best.shape[1], len(useful) - 1)
    place[useful] = np.arange(len(useful))
    choices = place[padded(mentee_keys, code)] if mentee_keys else np.zeros((0, 0), np.int64)
    if not len(choices):
        choices = np.full((1, len(mentee_keys)), len(useful) - 1)
    choice: Any = choices.T[column].astype(np.int32)
    return best[:, useful].astype(np.int8), row, choice


def _marks(people: Participants) -> tuple[IndexVector, IndexVector]:
    """One number for each organisation; people of none have nothing in common."""
    criterion = Organisation()
    codes: dict[str, int] = {}

    def marks(members: Iterable[Any], unknown: int) -> IndexVector:
        keys = [criterion.key(person) for person in members]
        return np.array(
            [unknown if key is None else codes.setdefault(key, len(codes)) for key in keys], np.int64
        )

    return marks(people.mentors, -1), marks(people.mentees, -2)
