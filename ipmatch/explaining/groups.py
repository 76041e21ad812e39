"""Kinds of mentees that ask for more than there is: by sector, scope group and region, two at the most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.people import Mentee
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.openings import Openings
from ipmatch.vocabulary.scopes import scope_group
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.vocabulary.text import spellings
from ipmatch.words import counted

__all__ = ["Kind", "Kinds"]

Label = tuple[str, str]

FEW = 64
"""So many of a kind are looked at before all of them."""


@dataclass(frozen=True)
class Kind:
    """Mentees with something in common who together ask for more mentors than can be had.

    Attributes
    ----------
    attributes
        What they have in common: ``sector``, ``scope_group`` or ``region``, and its label.
    mentees, asked
        How many they are, and how many mentors they ask for.
    mentors, places
        How many mentors may take any of them, and their places.
    """

    attributes: tuple[Label, ...]
    mentees: int
    asked: int
    mentors: int
    places: int

    @cached_property
    def facts(self) -> FrozenMap[str, Any]:
        """The same as data."""
        return FrozenMap(
            {
                **dict(self.attributes),
                "mentees": self.mentees,
                "asked": self.asked,
                "mentors": self.mentors,
                "places": self.places,
            }
        )

    @cached_property
    def because(self) -> str:
        """The shortage in one sentence."""
        labels = ", ".join(sector_label(name) if kind == "sector" else name for kind, name in self.attributes)
        asking = f"{counted(self.mentees, 'mentee')} ({labels}) ask for {counted(self.asked, 'mentor')}"
        which, has = ("only mentor", "has") if self.mentors == 1 else (f"{self.mentors:,} mentors", "have")
        return f"{asking}; the {which} who may take any of them {has} {counted(self.places, 'place')}."


class Kinds:
    """The kinds of mentees of a problem; each is counted once."""

    def __init__(self, posed: AnyPosed, used: BoolVector, openings: Openings) -> None:
        problem = posed.problem
        self._openings, self._capacity = openings, problem.capacity
        self._made = problem.mentor[used], problem.mentee[used]
        self._wanted, self._most = problem.wanted, problem.most("mentee")
        mentees = posed.scores.people.mentees
        regions = spellings(mentee.region for mentee in mentees if mentee.region)
        self._labels = [tuple(_labels(mentee, regions)) for mentee in mentees]
        bearers: dict[Label, list[int]] = {}
        for j, labels in enumerate(self._labels):
            for label in labels:
                bearers.setdefault(label, []).append(j)
        self._with = {label: self._marked(those) for label, those in bearers.items()}
        self._counted: dict[tuple[Label, ...], Kind | None] = {}
        self._shortest: dict[tuple[Label, ...], Kind | None] = {}

    def short(self, mentee: int) -> Kind | None:
        """The smallest kind of a mentee that asks for more than there is, told in the fewest words."""
        labels = self._labels[mentee]
        if labels not in self._shortest:
            self._shortest[labels] = self._short(labels)
        return self._shortest[labels]

    def _marked(self, mentees: list[int]) -> BoolVector:
        marked = np.zeros(len(self._labels), np.bool_)
        marked[mentees] = True
        return marked

    def _short(self, labels: tuple[Label, ...]) -> Kind | None:
        kinds: list[tuple[Label, ...]] = [(label,) for label in labels]
        kinds += [(one, other) for one, other in combinations(labels, 2) if one[0] != other[0]]
        found = [kind for labels in kinds if (kind := self._kind(labels)) is not None]
        return min(
            found, key=lambda kind: (kind.mentees, len(kind.attributes), kind.attributes), default=None
        )

    def _kind(self, labels: tuple[Label, ...]) -> Kind | None:
        """The mentees with these labels, if they are short of places."""
        if labels not in self._counted:
            members = np.logical_and.reduce([self._with[label] for label in labels])
            # Nobody can have more mentors than may take them, so this many cannot all be had.
            most, few = int(self._most[members].sum()), np.zeros_like(members)
            few[np.flatnonzero(members)[:FEW]] = True
            kind = None
            # As a rule a few of them may be taken by mentors enough for all.
            if most > self._places(self._mentors(few)):
                mentors = self._mentors(members)
                places = self._places(mentors)
                if most > places:
                    wanted = int(self._wanted[members].sum())
                    kind = Kind(labels, int(members.sum()), wanted, int(mentors.sum()), places)
            self._counted[labels] = kind
        return self._counted[labels]

    def _mentors(self, mentees: BoolVector) -> BoolVector:
        """Who may take any of these."""
        mentors = self._openings.mentors_of(mentees)
        mentors[self._made[0][mentees[self._made[1]]]] = True
        return mentors

    def _places(self, mentors: BoolVector) -> int:
        return int(self._capacity[mentors].sum())


def _labels(mentee: Mentee, regions: Mapping[str, str]) -> Iterator[Label]:
    for sector in mentee.sectors:
        if sector != "other":
            yield "sector", sector
    for group in sorted({group for scope in mentee.scopes if (group := scope_group(scope))}):
        yield "scope_group", group
    if mentee.region:
        yield "region", regions[mentee.region]
