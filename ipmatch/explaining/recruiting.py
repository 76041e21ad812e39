"""Where to look for one more mentor: what each kind would bring, and which kinds are worth telling apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from ipmatch.answers.insights import Profile
from ipmatch.document import FrozenMap, decimal_near
from ipmatch.expecting import whole
from ipmatch.explaining.newcomers import gains_of
from ipmatch.explaining.parts import Solved
from ipmatch.people import Mentee, Mentor
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.values import before_worst_off
from ipmatch.vocabulary.scopes import scope_group
from ipmatch.vocabulary.sectors import SECTORS, sector_label
from ipmatch.vocabulary.text import normalise
from ipmatch.words import counted, gained, listed

__all__ = ["explain_recruiting"]

Ranks = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


def explain_recruiting(
    posed: Posed, assignment: Assignment, solved: Solved, *, most: int
) -> tuple[Profile, ...]:
    """The kinds of one more mentor that would bring most, best first; those that bring nothing are left out.

    A kind is a sector, a scope group and a region, each perhaps left open; one is told only if it brings more
    than every more general one. Under fairness, what the levels before it would gain.
    """
    most = whole("most", most)
    kinds = _Kinds(posed, assignment.used)
    mentors = [kinds.mentor(k) for k in range(kinds.count)]
    levels = before_worst_off(posed.levels)
    gains, known = gains_of(posed, assignment, solved, levels, mentors)
    # The rank of a vector of gains is its place in lexicographic order; the first one gains nothing.
    vectors = np.concatenate([np.zeros((1, len(levels)), np.int64), gains])
    nothing, *ranks = np.unique(vectors, axis=0, return_inverse=True)[1].reshape(-1).tolist()
    rank = np.where(known, ranks, nothing - 1)
    worth = [k for k in kinds.worth_telling(rank) if rank[k] > nothing]
    best = sorted(worth, key=lambda k: (-rank[k], kinds.named(k), k))[:most]
    names = [level.name for level in levels]
    return tuple(kinds.profile(k, names, gains[k].tolist()) for k in best)


class _Kinds:
    """All kinds of mentor to look at; the first of each attribute's values leaves it open."""

    def __init__(self, posed: Posed, used: BoolVector) -> None:
        self._posed = posed
        mentees = posed.scores.people.mentees
        given = np.bincount(posed.problem.mentee[used], minlength=len(mentees))
        short = [mentee for mentee, has in zip(mentees, given, strict=True) if has < mentee.mentors_wanted]
        sectors = {sector for mentee in mentees for sector in mentee.sectors} - {"other"}
        self._sectors = [None, *(s for s in SECTORS if s in sectors), *sorted(sectors.difference(SECTORS))]
        self._scopes = [None, *_scopes_asked_for(mentees, short)]
        regions = {normalise(mentee.region): mentee.region for mentee in reversed(mentees) if mentee.region}
        self._regions = [None, *(regions[region] for region in sorted(regions))]
        self._shape = len(self._sectors), len(self._scopes), len(self._regions)
        groups = [None if scope is None else scope_group(scope) or scope for scope in self._scopes]
        # Where each group of scopes begins, no scope being a group of its own.
        self._begins = [
            place for place, group in enumerate(groups) if not place or group != groups[place - 1]
        ]
        self._all = list(product(self._sectors, self._scopes, self._regions))
        self.count = len(self._all)
        taken = {person.id for person in posed.scores.cohort.people}
        self._prefix = "newcomer-"
        while any(identifier.startswith(self._prefix) for identifier in taken):
            self._prefix += "-"

    def mentor(self, k: int) -> Mentor:
        """Somebody of the k-th kind, of whom nothing else is known."""
        sector, scope, region = self._all[k]
        return Mentor(
            id=f"{self._prefix}{k:05d}",
            sectors=(sector,) if sector else (),
            scopes=(scope,) if scope else (),
            region=region,
        )

    def worth_telling(self, rank: Ranks) -> Iterator[int]:
        """The kinds that beat every more general one, of a group of scopes the best, by rank [K].

        Those a more special kind falls behind do not count.
        """
        rank, axes = rank.reshape(self._shape), range(len(self._shape))
        least = rank.copy()
        for axis in (1, 0, 2):
            np.moveaxis(least, axis, 0)[0] = least.min(axis=axis)
        sure = np.where(least == rank, rank, -2)
        best = np.maximum.reduceat(sure, self._begins, axis=1)
        worth: Marks = best > -2
        for count in range(1, len(axes) + 1):
            for opened in combinations(axes, count):
                special = tuple(slice(1, None) if axis in opened else slice(None) for axis in axes)
                opener = tuple(slice(0, 1) if axis in opened else slice(None) for axis in axes)
                worth[special] &= best[special] > best[opener]
        for sector, group, region in np.argwhere(worth).tolist():
            begin = self._begins[group]
            scope = begin + int(sure[sector, begin:, region].tolist().index(best[sector, group, region]))
            yield int(np.ravel_multi_index((sector, scope, region), self._shape))

    def named(self, k: int) -> int:
        """How many attributes the k-th kind does not leave open."""
        return sum(value is not None for value in self._all[k])

    def profile(self, k: int, levels: Sequence[str], units: Sequence[int]) -> Profile:
        """The k-th kind with what it would bring."""
        sector, scope, region = self._all[k]
        gain = FrozenMap(
            {
                level: decimal_near(amount, self._posed.scale_of(level))
                for level, amount in zip(levels, units, strict=True)
            }
        )
        group = None if scope is None else scope_group(scope) or scope
        return Profile(
            sector=sector,
            scope_group=group,
            scope=scope,
            region=region,
            gain=gain,
            because=f"{_somebody(sector, scope, region)} would {_brings(gain)}.",
        )


def _scopes_asked_for(mentees: Sequence[Mentee], short: Sequence[Mentee]) -> list[str]:
    """Group by group, first the scope that most mentees who go short have, then that most mentees have."""
    needed, asked = (Counter(scope for one in some for scope in one.scopes) for some in (short, mentees))
    return sorted(
        asked, key=lambda scope: (scope_group(scope) or scope, -needed[scope], -asked[scope], scope)
    )


def _somebody(sector: str | None, scope: str | None, region: str | None) -> str:
    """``One more community-pharmacy mentor in Kent who prescribes in Hypertension``."""
    kind = f"{sector_label(sector).replace(' ', '-')} mentor" if sector else "mentor"
    place = f" in {region}" if region else ""
    group = scope_group(scope) if scope else None
    scopes = f" who prescribes in {scope} ({group})" if group else f" who prescribes in {scope}"
    if sector is scope is region is None:
        return "One more mentor of any kind"
    return f"One more {kind}{place}{scopes if scope else ''}"


def _brings(gain: FrozenMap[str, Decimal]) -> str:
    """What is gained in words: people first, then whatever else."""
    placed = gain.get("placed", Decimal(0))
    parts = [f"place {counted(placed, 'more mentee')}"] if placed > 0 else []
    rest = {level: amount for level, amount in gain.items() if level != "placed" or amount < 0}
    if any(rest.values()):
        parts.append(gained(rest))
    return listed(parts)
