"""The criteria of a score: each turns a pair's keys into a strength, and says in words what it found."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Protocol, cast, runtime_checkable

from ipmatch.document import FrozenMap
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import several
from ipmatch.people import Mentee, Mentor

__all__ = ["Criterion", "Finding", "Says", "criteria_in", "failed", "finding", "where_of"]

Strength = int | float | Decimal


class Finding:
    """What a criterion found about a pair: a stable code, the facts, and one sentence."""

    __slots__ = ("because", "code", "facts")

    def __init__(self, code: str, because: str, **facts: Any) -> None:
        self.code, self.because, self.facts = code, because, FrozenMap(facts)


@runtime_checkable
class Criterion(Protocol):
    """One idea that gives points to a pair; a user's own is any object with these members.

    ``strength`` is asked once per distinct pair of keys, never per pair of people, and must be pure. It gives
    a number in [0, 1] (rounded to three places, half to even), or ``None`` to remove the pair: a hard rule.
    """

    @property
    def name(self) -> str:
        """The criterion's name in snake_case; its weight stands under it in the policy."""

    def mentor_key(self, mentor: Mentor) -> Hashable:
        """All that this criterion needs to know of a mentor."""

    def mentee_key(self, mentee: Mentee) -> Hashable:
        """All that this criterion needs to know of a mentee."""

    def strength(self, mentor_key: Any, mentee_key: Any) -> Strength | None:
        """How well the two keys fit."""

    def because(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> str:
        """One sentence for the pair."""


class Says(Protocol):
    """A criterion that also gives a code and facts with its sentence."""

    def finding(self, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
        """What was found about this pair."""


def finding(criterion: Criterion, mentor: Mentor, mentee: Mentee, strength: Decimal) -> Finding:
    """What a criterion found about a pair; a criterion without codes of its own lends its name."""
    # Asked for every pair: to check by isinstance would take most of the time.
    if hasattr(criterion, "finding"):
        return cast("Says", criterion).finding(mentor, mentee, strength)
    try:
        because = criterion.because(mentor, mentee, strength)
    except Exception as error:
        # A user's own code may raise anything.
        raise failed(criterion, error) from error
    if not isinstance(because, str):
        raise InputError(
            [Fault(where_of(criterion), "gave a reason that is not text.", "Give one sentence.")]
        )
    return Finding(criterion.name, because)


def criteria_in(given: Iterable[Criterion] | None) -> tuple[Criterion, ...]:
    """The user's own criteria as given; ``InputError`` if one of them is none."""
    criteria = several("criteria", given)
    if faults := [*_faults(criteria)]:
        raise InputError(faults)
    return criteria


def _faults(criteria: Iterable[Criterion]) -> Iterator[Fault]:
    """What keeps a user's own criteria from being asked: a part missing, or a name that cannot be one."""
    for criterion in criteria:
        if not isinstance(criterion, Criterion):
            mend = "Give it name, mentor_key, mentee_key, strength and because."
            yield Fault("criteria", f"a {type(criterion).__name__} is not a criterion.", mend)
        elif not isinstance(criterion.name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", criterion.name):
            what = f"{criterion.name!r} is not a criterion's name."
            yield Fault("criteria", what, "Use lower case letters and _.")


def where_of(criterion: Criterion) -> str:
    """Where a fault of a criterion is."""
    return f'criterion "{criterion.name}"'


def failed(criterion: Criterion, error: Exception) -> InputError:
    """The error that says a user's criterion failed; what it said is left out, it may hold personal data."""
    mend = "Mend the criterion's code: hashable keys, numbers or None for strengths, text for reasons."
    return InputError([Fault(where_of(criterion), f"failed with {type(error).__name__}.", mend)])
