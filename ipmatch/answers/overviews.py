"""The other typed answers: a cohort before matching, a person or pair, two matchings side by side."""

from __future__ import annotations

from typing import Literal

from ipmatch.answers.alternatives import Alternative, Withdrawal
from ipmatch.document import Exact, Frozen, FrozenMap
from ipmatch.matching import Counts, Note, NotTakingPart, Pairing, SpareMentor, Unmatched

__all__ = ["Check", "Comparison", "Explanation", "PersonCompared", "SupplyRow", "Totals"]


class SupplyRow(Frozen):
    """Supply and demand for one sector, scope group or region, among those who take part.

    A person with two sectors stands in two rows, so rows of a kind may add up to more than the cohort.
    """

    kind: Literal["sector", "scope-group", "region"]
    name: str
    mentors: int
    places: int
    mentees: int
    wanted: int


class Check(Frozen):
    """A cohort before any matching: who takes part, what is unknown, and where mentors are scarce."""

    people: Counts
    taking_part: Counts
    places: int
    wanted: int
    not_taking_part: tuple[NotTakingPart, ...]
    without_eligible_mentor: tuple[str, ...]
    without_eligible_mentee: tuple[str, ...]
    warnings: tuple[Note, ...]
    to_ask: tuple[Note, ...]
    supply: tuple[SupplyRow, ...]


class Explanation(Frozen):
    """All that one matching says of a person, or of a pair whether it was made or not.

    ``candidate`` is a pair that was asked about but not made, as it would have been scored; ``allowed``
    whether the rules permit it, and ``removed_by`` the rules that do not. ``price`` is what insisting on it
    would cost; ``alternatives`` are the cheapest pairs not made, for a person or for either of a pair;
    ``withdrawal`` is what a paired person's leaving would do.
    """

    subject: str
    because: str
    pairings: tuple[Pairing, ...] = ()
    candidate: Pairing | None = None
    allowed: bool | None = None
    removed_by: tuple[str, ...] = ()
    unmatched: Unmatched | None = None
    spare: SpareMentor | None = None
    not_taking_part: NotTakingPart | None = None
    price: Alternative | None = None
    alternatives: tuple[Alternative, ...] = ()
    withdrawal: Withdrawal | None = None


class Totals(Frozen):
    """One matching in numbers, for comparing."""

    pairs: int
    placed: int
    tiers: FrozenMap[str, int]
    score: Exact
    objective: FrozenMap[str, Exact]


class PersonCompared(Frozen):
    """A mentee in two matchings: whom they have, in which tiers, and for how many points."""

    mentee: str
    code: Literal["same", "moved", "only-in-first", "only-in-second"]
    mentors: tuple[tuple[str, ...], tuple[str, ...]]
    tiers: tuple[tuple[str, ...], tuple[str, ...]]
    points: tuple[Exact, Exact]


class Comparison(Frozen):
    """Two matchings side by side; ``same_cohort`` says whether they speak of the same people.

    ``same_decisions`` leaves open who decided, when and why; ``same_criteria`` goes by names alone.
    """

    same_cohort: bool
    same_policy: bool
    same_decisions: bool
    same_criteria: bool
    pairs_in_both: int
    only_in_first: tuple[tuple[str, str], ...]
    only_in_second: tuple[tuple[str, str], ...]
    totals: tuple[Totals, Totals]
    mentees: tuple[PersonCompared, ...]
    because: str
