"""Where to look for one more mentor: what each kind would bring, exactly, and the kinds worth telling apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product, takewhile

import numpy as np

from ipmatch.document import FrozenMap, decimal_of
from ipmatch.explaining.newcomers import gains_of
from ipmatch.insights import Profile
from ipmatch.people import Mentee, Mentor
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector, IntMatrix
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.problem import Level
from ipmatch.vocabulary.scopes import scope_group
from ipmatch.vocabulary.sectors import SECTORS, sector_label
from ipmatch.vocabulary.text import normalise
from ipmatch.words import counted, lost

__all__ = ["explain_recruiting"]

AXES = (0, 1, 2)


def explain_recruiting(posed: Posed, assignment: Assignment, *, most: int) -> tuple[Profile, ...]:
    """The kinds of one more mentor that would bring most, best first; those that bring nothing are left out.

    A kind is a sector, a scope group and a region, each perhaps left open; one is told only if it brings more
    than every more general one. Under fairness, what the levels before it would gain.
    """
    kinds = _Kinds(posed, assignment.used)
    mentors = [kinds.mentor(k) for k in range(kinds.count)]
    levels = tuple(takewhile(lambda level: isinstance(level, Level), posed.levels))
    gains, known = gains_of(posed, assignment, levels, mentors)
    # The rank of a vector of gains is its place in lexicographic order.
    order, rank = np.unique(gains, axis=0, return_inverse=True)
    nothing = int(np.flatnonzero(~order.any(axis=1))[0]) if len(order) else 0
    worth = _worth_telling(rank.reshape(kinds.shape), known.reshape(kinds.shape)) & (rank > nothing)
    best = sorted(np.flatnonzero(worth).tolist(), key=lambda k: (-rank[k], kinds.named(k), k))[:most]
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
        self.shape = len(self._sectors), len(self._scopes), len(self._regions)
        self._all = list(product(self._sectors, self._scopes, self._regions))
        self.count = len(self._all)
        taken = {person.id for person in posed.scores.cohort.people}
        self._prefix = next(prefix for n in range(len(taken) + 1) if not any(
            identifier.startswith(prefix := f"newcomer{n}-") for identifier in taken
        ))

    def mentor(self, k: int) -> Mentor:
        """Somebody of the k-th kind, of whom nothing else is known."""
        sector, scope, region = self._all[k]
        return Mentor(
            id=f"{self._prefix}{k:05d}",
            sectors=(sector,) if sector else (),
            scopes=(scope,) if scope else (),
            region=region,
        )

    def named(self, k: int) -> int:
        """How many attributes the k-th kind does not leave open."""
        return sum(value is not None for value in self._all[k])

    def profile(self, k: int, levels: Sequence[str], units: Sequence[int]) -> Profile:
        """The k-th kind with what it would bring."""
        sector, scope, region = self._all[k]
        gain = FrozenMap(
            {
                level: decimal_of(amount, self._posed.scale_of(level))
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
