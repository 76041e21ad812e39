"""Made-up cohorts of several kinds, the same for the same seed, with no rule that peers cannot hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from ipmatch.cohort import Cohort
from ipmatch.synthetic import demo_cohort
from ipmatch.vocabulary.scopes import known_scopes
from ipmatch.vocabulary.sectors import SECTORS

__all__ = ["CROWDS", "KINDS", "cohort", "crowd", "mentors_of"]

Row = dict[str, Any]
Change = Callable[[random.Random, Row], None]


def cohort(kind: str, size: int, seed: int, *, mentors: int | None = None) -> Cohort:
    """``size`` mentees and as many mentors, of whom three in four take part.

    Nobody is required, asks for several mentors or must have a mentee: an assignment knows no such rules.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    size, seed
        The same cohort for the same numbers, on every machine.
    mentors
        If there are more or fewer of them.
    """
    draw = random.Random(f"{kind} {size} {seed}")  # noqa: S311 (a benchmark, not a secret)
    made = demo_cohort(size if mentors is None else mentors, size, seed)
    rows = made.model_dump(exclude={"required_pairs"}, exclude_defaults=True)
    for person in (*rows["mentors"], *rows["mentees"]):
        for name in ("mentors_wanted", "min_mentees", "prefers", "known_to"):
            person.pop(name, None)
    KINDS[kind](draw, rows)
    return Cohort.model_validate(rows)


def crowd(kind: str, mentees: int, seed: int) -> Cohort:
    """A big cohort with 44 mentors to 100 mentees, so that their places are a little scarce.

    ``demo`` is as ``ipmatch demo`` makes it, with all that people may ask for; the others are ``KINDS``.
    """
    mentors = mentors_of(mentees)
    return (
        demo_cohort(mentors, mentees, seed)
        if kind == "demo"
        else cohort(kind, mentees, seed, mentors=mentors)
    )


def mentors_of(mentees: int) -> int:
    """How many mentors a big cohort has."""
    return mentees * 11 // 25


def _skewed(draw: random.Random, rows: Row) -> None:
    """As the pilot was: few sectors for most, scopes in clusters, some things unknown."""


def _uniform(draw: random.Random, rows: Row) -> None:
    """Sectors, scopes and regions alike for all: hardly two people have the same."""
    for person in (*rows["mentors"], *rows["mentees"]):
        person["sectors"] = (draw.choice(SECTORS),)
        person["scopes"] = tuple(draw.sample(known_scopes(), draw.randint(1, 3)))
        person["region"] = draw.choice(rows["programme"]["regions"])


def _tight(draw: random.Random, rows: Row) -> None:
    """One place at each mentor: many compete for each."""
    for mentor in rows["mentors"]:
        mentor["capacity"] = 1


def _tied(draw: random.Random, rows: Row) -> None:
    """A dozen sorts of people: nearly every choice is a tie, which the lottery settles and proves."""
    for person in (*rows["mentors"], *rows["mentees"]):
        person["sectors"] = (draw.choice(("primary-care", "community-pharmacy")),)
        person["scopes"] = (draw.choice(("Hypertension", "Asthma", "COPD")),)
        person["region"] = draw.choice(rows["programme"]["regions"][:2])
        person.pop("organisation", None)
        person.pop("past_sectors", None)


def _forbidden(draw: random.Random, rows: Row) -> None:
    """Twenty mentors forbidden to each mentee."""
    mentors = [mentor["id"] for mentor in rows["mentors"]]
    rows["forbidden_pairs"] = [
        {"mentor": mentor, "mentee": mentee["id"]}
        for mentee in rows["mentees"]
        for mentor in draw.sample(mentors, min(20, len(mentors)))
    ]


def _sparse(draw: random.Random, rows: Row) -> None:
    """Only pairs that share sector and scope are allowed: a few for each mentee."""
    rows["policy"] = {"tiers": {"order": ["scope-and-sector"], "scope_from": 1}}
    for person in (*rows["mentors"], *rows["mentees"]):
        person["scopes"] = tuple(draw.sample(known_scopes(), 2))


KINDS: Mapping[str, Change] = {
    "skewed": _skewed,
    "uniform": _uniform,
    "tight": _tight,
    "tied": _tied,
    "forbidden": _forbidden,
    "sparse": _sparse,
}

CROWDS = ("demo", *KINDS)
"""The kinds of big cohorts."""
