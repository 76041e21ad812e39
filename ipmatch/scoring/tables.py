"""One table per criterion: strengths by distinct keys, gathered by numpy, never a Python call per pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ipmatch.document import decimal_of
from ipmatch.errors import Fault, InputError
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.scoring.builtin import Builtin, KnownTo, Organisation, Preferences, Scope
from ipmatch.scoring.criteria import Criterion, failed, where_of
from ipmatch.scoring.participants import Participants
from ipmatch.solving.arrays import BoolMatrix, IndexVector, IntMatrix, IntVector
from ipmatch.vocabulary.scopes import akin

__all__ = [
    "Table",
    "best_by_scope",
    "distinct",
    "named_pairs",
    "padded",
    "steps_from",
    "steps_of",
    "summed",
    "tabulate",
]

Steps = npt.NDArray[np.int16]

# A user's own strengths are rounded to three places before anything uses them.
_CUSTOM_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Table:
    """The strengths of one criterion, by distinct keys.

    Attributes
    ----------
    steps
        Strengths are whole numbers of ``1 / steps``.
    mentor_row, mentee_column
        Shape (I,) and (J,): where each person's key stands.
    strength
        Shape (distinct mentor keys, distinct mentee keys), in steps.
    removed
        The same shape: pairs of keys that the criterion removes; ``None`` if it removes none.
    """

    criterion: Criterion
    steps: int
    mentor_row: IndexVector
    mentee_column: IndexVector
    strength: Steps
    removed: BoolMatrix | None

    def gathered(self) -> Steps:
        """Strength in steps for every pair, shape (I, J)."""
        return np.take(self.strength[self.mentor_row], self.mentee_column, axis=1)

    def worth(self, units: int, kind: type[np.int32 | np.int64]) -> npt.NDArray[np.int32 | np.int64]:
        """What every pair gets for its strength at so many units per step, shape (I, J)."""
        worth = (units * self.strength.astype(np.int64)).astype(kind)
        return np.take(worth[self.mentor_row], self.mentee_column, axis=1)

    def reaches(self, strength: Decimal) -> BoolMatrix:
        """Which pairs have at least this strength, shape (I, J)."""
        enough = self.strength >= steps_from(strength, self.steps)
        return np.take(enough[self.mentor_row], self.mentee_column, axis=1)

    def removals(self) -> BoolMatrix | None:
        """Which pairs the criterion removes, shape (I, J); ``None`` if none."""
        if self.removed is None:
            return None
        return np.take(self.removed[self.mentor_row], self.mentee_column, axis=1)

    def steps_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The strengths of pairs in steps, by row and column."""
        return self.strength[self.mentor_row[mentor], self.mentee_column[mentee]].astype(np.int64)

    def strength_of(self, mentor: int, mentee: int) -> Decimal:
        """The exact strength of one pair, by row and column."""
        return decimal_of(int(self.strength[self.mentor_row[mentor], self.mentee_column[mentee]]), self.steps)


def steps_from(strength: Decimal, steps: int) -> int:
    """The least number of steps that reaches a strength."""
    return math.ceil(Fraction(strength) * steps)


def steps_of(criterion: Criterion) -> int:
    """How finely a criterion's strengths are divided."""
    return criterion.steps if isinstance(criterion, Builtin) else _CUSTOM_STEPS


def tabulate(criterion: Criterion, mentors: Sequence[Mentor], mentees: Sequence[Mentee]) -> Table:
    """The table of a criterion over these people.

    Raises
    ------
    InputError
        If a user's criterion fails, or gives a strength outside [0, 1].
    """
    mentor_keys, mentor_row = distinct(criterion, criterion.mentor_key, mentors)
    mentee_keys, mentee_column = distinct(criterion, criterion.mentee_key, mentees)
    if isinstance(criterion, Builtin):
        strength, removed = _builtin(criterion, mentor_keys, mentee_keys), None
    else:
        strength, removed = _asked(criterion, mentor_keys, mentee_keys)
    return Table(criterion, steps_of(criterion), mentor_row, mentee_column, strength, removed)


def summed(
    people: Participants, tables: Mapping[str, Table], unit: Mapping[str, int], bound: int
) -> IntMatrix:
    """Points of every pair, shape (I, J), none beyond ``bound``: ``unit`` says what a step makes."""
    # Short numbers where they hold every sum: half the memory, half the time.
    short = np.int32 if bound < 2**31 else np.int64
    points = np.zeros((len(people.mentors), len(people.mentees)), dtype=short)
    for name, units in unit.items():
        points += tables[name].worth(units, short)
    return points.astype(np.int64, copy=False)


def distinct(
    criterion: Criterion, key: Callable[[Any], Hashable], people: Sequence[Person]
) -> tuple[list[Any], IndexVector]:
    """The distinct keys in order of first use, and where each person's stands."""
    places: dict[Hashable, int] = {}
    try:
        index = [places.setdefault(key(person), len(places)) for person in people]
    except Exception as error:
        raise failed(criterion, error) from error
    return list(places), np.array(index, dtype=np.int64)


def _asked(
    criterion: Criterion, mentor_keys: list[Any], mentee_keys: list[Any]
) -> tuple[Steps, BoolMatrix | None]:
    """A user's criterion, asked once per distinct pair of keys."""
    strength = np.zeros((len(mentor_keys), len(mentee_keys)), dtype=np.int16)
    removed = np.zeros(strength.shape, dtype=np.bool_)
    for row, mentor_key in enumerate(mentor_keys):
        for column, mentee_key in enumerate(mentee_keys):
            try:
                given = criterion.strength(mentor_key, mentee_key)
                if given is None:
                    removed[row, column] = True
                    continue
                exact = Decimal(str(given))
            except Exception as error:
                raise failed(criterion, error) from error
            if exact.is_nan() or not 0 <= exact <= 1:
                what = f"gave the strength {given} for a pair of keys."
                raise InputError([Fault(where_of(criterion), what, "Give a number from 0 to 1, or None.")])
            # Python rounds a fraction half to even.
            strength[row, column] = round(Fraction(exact) * _CUSTOM_STEPS)
    return strength, removed if removed.any() else None


def _builtin(criterion: Builtin, mentor_keys: list[Any], mentee_keys: list[Any]) -> Steps:
    """Criteria with nearly as many keys as people are filled by numpy, the others asked."""
    match criterion:
        case Scope():
            return _best_scopes(criterion, mentor_keys, mentee_keys)
        case Organisation():
            return np.negative(_equal(mentor_keys, mentee_keys).astype(np.int16))
        case KnownTo() | Preferences():
            return _named(criterion, mentor_keys, mentee_keys)
    asked = [[criterion.in_steps(a, b) for b in mentee_keys] for a in mentor_keys]
    return np.array(asked, dtype=np.int16).reshape(len(mentor_keys), len(mentee_keys))


def _equal(mentor_keys: list[Any], mentee_keys: list[Any]) -> BoolMatrix:
    codes = {key: code for code, key in enumerate(mentor_keys)}
    unknown = len(mentor_keys)
    column = np.array(
        [unknown if key is None else codes.get(key, unknown) for key in mentee_keys], dtype=np.int64
    )
    return np.equal.outer(np.arange(len(mentor_keys)), column)


def _best_scopes(criterion: Scope, mentor_keys: list[Any], mentee_keys: list[Any]) -> Steps:
    """The best over two sets of scopes, from one small table of single scopes."""
    best, code = best_by_scope(criterion, mentor_keys, mentee_keys)
    strength = np.zeros((len(mentor_keys), len(mentee_keys)), dtype=np.int16)
    for column in padded(mentee_keys, code):
        np.maximum(strength, best[:, column], out=strength)
    return strength


def best_by_scope(
    criterion: Scope, mentor_keys: list[Any], mentee_keys: list[Any]
) -> tuple[Steps, dict[str, int]]:
    """What each mentor's scopes give for each single scope, and the column of each; the last is no scope."""
    scopes = sorted({scope for key in (*mentor_keys, *mentee_keys) for scope in key})
    code = {scope: place for place, scope in enumerate(scopes)}
    # One row and column more, all zero, stand for "no scope".
    single = np.zeros((len(scopes) + 1, len(scopes) + 1), dtype=np.int16)
    for one, other in akin(scopes):
        single[code[one], code[other]] = criterion.one(one, other)
    best = np.zeros((len(mentor_keys), len(scopes) + 1), dtype=np.int16)
    for row in padded(mentor_keys, code):
        np.maximum(best, single[row], out=best)
    return best, code


def padded(keys: list[Any], code: dict[str, int]) -> IntMatrix:
    """Row t holds the code of each key's t-th scope, or the code of no scope."""
    longest = max((len(key) for key in keys), default=0)
    padded = np.full((longest, len(keys)), len(code), dtype=np.int64)
    for place, key in enumerate(keys):
        for t, scope in enumerate(key):
            padded[t, place] = code[scope]
    return padded


def _named(criterion: Builtin, mentor_keys: list[Any], mentee_keys: list[Any]) -> Steps:
    """Criteria on people who name each other: only the named pairs are asked."""
    strength = np.zeros((len(mentor_keys), len(mentee_keys)), dtype=np.int16)
    for i, j in named_pairs(mentor_keys, mentee_keys):
        strength[i, j] = criterion.in_steps(mentor_keys[i], mentee_keys[j])
    return strength


def named_pairs(mentor_keys: list[Any], mentee_keys: list[Any]) -> list[tuple[int, int]]:
    """The places of keys of which one names the other."""
    row = {key[0]: place for place, key in enumerate(mentor_keys)}
    column = {key[0]: place for place, key in enumerate(mentee_keys)}
    named = [(row[key[0]], column[other]) for key in mentor_keys for other in key[1] if other in column]
    named += [(row[other], column[key[0]]) for key in mentee_keys for other in key[1] if other in row]
    return named
