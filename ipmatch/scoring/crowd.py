"""The scores of a big cohort: a terrain that a solver can price, and any one pair when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.document import decimal_of
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.builtin import Builtin, KnownTo, Preferences, Scope
from ipmatch.scoring.pairs import Described, PairTable
from ipmatch.scoring.participants import Participants
from ipmatch.scoring.rules import FLOOR, tier_labels
from ipmatch.scoring.tables import named_pairs, steps_from
from ipmatch.solving.arrays import BoolVector, IndexVector, IntMatrix, IntVector, ranks
from ipmatch.solving.columns.choices import counted_choices
from ipmatch.solving.columns.highest import highest_of
from ipmatch.solving.columns.sets import MentorSets, bits_of, places_of
from ipmatch.solving.columns.terrain import Gain, Named, Terrain, found, merged

__all__ = ["CrowdScores", "KeyTable", "keys_of", "labels_of", "pair_keys"]

FEW = 1 << 18
"""Fewer pairs than this are looked at one by one, and of more about so many together."""


@dataclass(frozen=True)
class KeyTable:
    """The strengths of a criterion of ipmatch's own, asked of the two people themselves."""

    criterion: Builtin
    people: Participants

    @property
    def steps(self) -> int:
        return self.criterion.steps

    def steps_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        pairs = zip(mentor.tolist(), mentee.tolist(), strict=True)
        return np.array([self._steps(i, j) for i, j in pairs], np.int64)

    def strength_of(self, mentor: int, mentee: int) -> Decimal:
        return decimal_of(self._steps(mentor, mentee), self.steps)

    def _steps(self, mentor: int, mentee: int) -> int:
        one, other = self.people.mentors[mentor], self.people.mentees[mentee]
        return self.criterion.in_steps(self.criterion.mentor_key(one), self.criterion.mentee_key(other))


@dataclass(frozen=True)
class CrowdScores(Described):
    """What ``Scores`` says of every pair, one pair or one person's pairs at a time.

    Attributes
    ----------
    cohort, policy, people, scale, unit, void, bound
        As for ``Scores``.
    tables
        By criterion, any pair's strength.
    terrain
        All pairs, for the solver; lottery numbers are its own affair.
    singles
        By rule, the sorted keys of the pairs it removes one by one.
    """

    cohort: Cohort
    policy: Policy
    people: Participants
    scale: int
    tables: Mapping[str, PairTable]
    unit: Mapping[str, int]
    terrain: Terrain
    names: tuple[str, ...]
    barring: tuple[str, ...]
    singles: Mapping[str, IndexVector]
    void: tuple[NamedPair, ...]
    bound: int

    @cached_property
    def score(self) -> Gain:
        """The points of a pair, in units."""
        steps = np.arange(self.terrain.floor.shape[1])
        fine = np.tile(self.unit.get("scope", 0) * steps, (2, 1))
        coarse = tuple(self.unit.get(name, 0) for name in self.names)
        keys, units = np.zeros(0, np.int64), np.zeros(0, np.int64)
        for criterion in (KnownTo(), Preferences()):
            if criterion.name in self.unit:
                named = self.named(criterion)
                units = np.concatenate([units, self.unit[criterion.name] * named.value])
                keys = np.concatenate([keys, named.keys])
        keys, place = np.unique(keys, return_inverse=True)
        total = np.bincount(place, units, minlength=len(keys)).astype(np.int64) if len(keys) else units
        return Gain(
            coarse, fine, -self.unit.get("organisation", 0), Named(keys, total) if len(keys) else None
        )

    def tier(self, name: str) -> Gain:
        """1 for each pair of a tier."""
        fine = (self._labels == TIERS.index(name)).astype(np.int64)
        return Gain((0,) * len(self.names), fine)

    def of_named(self, named: Named) -> Gain:
        """Nothing but what named pairs have."""
        return Gain((0,) * len(self.names), np.zeros(self.terrain.floor.shape, np.int64), named=named)

    def possible(self, pairs: Iterable[tuple[str, str]]) -> IndexVector:
        """The sorted keys of those of these pairs by id that may be."""
        keys = keys_of(self.people, pairs)
        return keys[self.terrain.allowed(*np.divmod(keys, max(1, self.terrain.mentees)))]

    def counting(self, keys: IndexVector) -> Gain:
        """1 for each of these pairs, by sorted key."""
        return self.of_named(Named(keys, np.ones_like(keys)))

    def named(self, criterion: Builtin) -> Named:
        """The strengths, in steps, of a criterion on people who name each other."""
        mentor_keys = [criterion.mentor_key(mentor) for mentor in self.people.mentors]
        mentee_keys = [criterion.mentee_key(mentee) for mentee in self.people.mentees]
        places = sorted(set(named_pairs(mentor_keys, mentee_keys)))
        steps = [criterion.in_steps(mentor_keys[i], mentee_keys[j]) for i, j in places]
        return Named(pair_keys(places, self.terrain.mentees), np.array(steps, np.int64))

    def points_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The scores of pairs in units, by row and column."""
        return self.terrain.gain(self.score, mentor, mentee)

    def choices(self) -> tuple[IntVector, IntVector]:
        """How many allowed pairs each mentor has, and each mentee."""
        return counted_choices(self.terrain)

    def allowed_at(self, mentor: IndexVector, mentee: IndexVector) -> BoolVector:
        """Whether each pair may be, by row and column."""
        return self.terrain.allowed(mentor, mentee)

    def closed_by(
        self, rule: str, mentors: IndexVector, mentees: IndexVector, most: int | None
    ) -> tuple[int, IndexVector, IndexVector]:
        """Of the pairs of some mentors and mentees those that one rule alone removes; see ``PairScores``."""
        count, best = 0, np.zeros(0, np.int64)
        for i, j in self._closed(rule, mentors, mentees):
            count += len(i)
            every = np.concatenate([best, self.terrain.keys(i, j)])
            points = self.points_at(*np.divmod(every, self.terrain.mentees))
            best = every[np.lexsort((every, -points))[:most]]
        return count, *np.divmod(best, max(1, self.terrain.mentees))

    def closed_each(
        self, rule: str, mentors: IndexVector, mentees: IndexVector, most: int
    ) -> tuple[IntVector, IntMatrix]:
        """The same for each of these mentees; see ``PairScores``."""
        count, best = np.zeros(self.terrain.mentees, np.int64), np.full((self.terrain.mentees, most), -1)
        for i, j in self._closed(rule, mentors, mentees):
            # All pairs of a mentee come together.
            order = np.lexsort((i, -self.points_at(i, j), j))
            i, j = i[order], j[order]
            rank = ranks(j)
            count += np.bincount(j, minlength=len(count))
            best[j[rank < most], rank[rank < most]] = i[rank < most]
        return count[mentees], best[mentees]

    def best_below_floor(self, mentees: IndexVector) -> IndexVector:
        """For each of these mentees the first mentor of most points whom the floor alone keeps out, or -1."""
        return highest_of(self._just_below, self.score, mentees)

    def _closed(
        self, rule: str, mentors: IndexVector, mentees: IndexVector
    ) -> Iterator[tuple[IndexVector, IndexVector]]:
        """Yield the pairs that one rule alone removes, some at a time."""
        if rule in self.singles:
            i, j = np.divmod(self.singles[rule], max(1, self.terrain.mentees))
            asked = _marked(mentors, self.terrain.mentors)[i] & _marked(mentees, self.terrain.mentees)[j]
            yield self._alone(rule, i[asked], j[asked])
        elif len(mentors) * len(mentees) <= FEW:
            yield self._alone(rule, np.repeat(mentors, len(mentees)), np.tile(mentees, len(mentors)))
        elif rule == FLOOR:
            wanted = bits_of(_marked(mentors, self.terrain.mentors)[None])
            step = max(1, FEW // max(1, self.terrain.mentors))
            for rows, sets in self._below_floor.of(mentees):
                for start in range(0, len(rows), step):
                    row, mentor = places_of(sets[start : start + step] & wanted)
                    yield mentor, rows[start : start + step][row]

    def _alone(self, rule: str, i: IndexVector, j: IndexVector) -> tuple[IndexVector, IndexVector]:
        """Those of these pairs that one rule alone removes."""
        if rule == FLOOR:
            alone = self._just_below.allowed(i, j)
        else:
            removing = self.removing(i, j)
            rules = sum((pairs.astype(np.int64) for pairs in removing.values()), np.zeros_like(i))
            alone = removing.get(rule, np.zeros_like(i, np.bool_)) & (rules == 1) & ~self.allowed_at(i, j)
        return i[alone], j[alone]

    @cached_property
    def _below_floor(self) -> MentorSets:
        """For each mentee the mentors whom nothing but the floor keeps out."""
        return MentorSets(self._just_below, keep=True)

    @cached_property
    def _just_below(self) -> Terrain:
        """All that nothing but the floor keeps out, as what is allowed."""
        terrain = self.terrain
        excluded = merged(terrain.excluded, terrain.required)
        return replace(terrain, floor=~terrain.floor, excluded=excluded, required=excluded[:0])

    def tier_of(self, mentor: int, mentee: int) -> str:
        """The name of one pair's tier, by row and column."""
        return TIERS[int(self.tiers_at(np.array([mentor]), np.array([mentee]))[0])]

    def tiers_at(self, mentor: IndexVector, mentee: IndexVector) -> IntVector:
        """The tiers of pairs, as places in ``TIERS``."""
        tiers: IntVector = self._labels[
            self.terrain.near.at(mentor, mentee), self.terrain.bests(mentor, mentee)
        ]
        return tiers

    def rules_against(self, mentor: int, mentee: int) -> tuple[str, ...]:
        """The hard rules that remove one pair, by row and column."""
        removed = self.removing(np.array([mentor]), np.array([mentee]))
        return tuple(rule for rule, pairs in removed.items() if pairs[0])

    def is_required(self, mentor: int, mentee: int) -> bool:
        """Whether one pair must be, by row and column."""
        key = self.terrain.keys(np.array([mentor]), np.array([mentee]))
        return bool(found(self.terrain.required, key)[1][0])

    def removing(self, mentor: IndexVector, mentee: IndexVector) -> dict[str, BoolVector]:
        """Which of these pairs each rule removes; idle rules are left out."""
        terrain, keys = self.terrain, self.terrain.keys(mentor, mentee)
        found_by: dict[str, BoolVector] = {
            rule: found(singles, keys)[1] for rule, singles in self.singles.items()
        }
        if terrain.bars_same:
            found_by["same-organisation"] = terrain.same(mentor, mentee)
        for rule, table in zip(self.barring, terrain.barred, strict=True):
            found_by[rule] = table.at(mentor, mentee) == 1
        found_by[FLOOR] = terrain.floor[terrain.near.at(mentor, mentee), terrain.bests(mentor, mentee)]
        return {rule: pairs for rule, pairs in found_by.items() if pairs.any()}

    @cached_property
    def _labels(self) -> IntMatrix:
        return labels_of(self.policy, self.terrain.floor.shape[1])


def _marked(places: IndexVector, size: int) -> BoolVector:
    """Flags of these places."""
    flags = np.zeros(size, np.bool_)
    flags[places] = True
    return flags


def labels_of(policy: Policy, steps: int) -> IntMatrix:
    """[2, steps] the tier of a pair by whether it shares a sector and by its scopes, in steps."""
    label, _ = tier_labels(policy)
    shared = np.arange(steps) >= steps_from(policy.tiers.scope_from, Scope.steps)
    natural = np.array([np.where(shared, 2, 3), np.where(shared, 0, 1)])
    labels: IntMatrix = label[natural].astype(np.int64)
    return labels


def keys_of(people: Participants, pairs: Iterable[tuple[str, str]]) -> IndexVector:
    """The sorted keys of pairs by id, of those alone of which both take part."""
    return pair_keys(people.places(pairs), len(people.mentees))


def pair_keys(places: Iterable[tuple[int, int]], mentees: int) -> IndexVector:
    """The sorted keys of pairs by row and column."""
    return merged(np.array([i * mentees + j for i, j in places], np.int64))
