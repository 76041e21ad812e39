"""Rules that cannot all hold, narrowed down to a few of which every one is needed for the clash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from ipmatch.solving.arrays import IndexVector, IntVector
from ipmatch.solving.network import build
from ipmatch.solving.problem import Limit, Problem
from ipmatch.solving.quotas import bounds_of

__all__ = [
    "Relaxation",
    "Rule",
    "RulesClash",
    "changed",
    "irreducible",
    "of_kind",
    "relaxations",
    "rules_clash",
]

Kind = Literal[
    "pair", "mentor", "quota-minimum", "quota-maximum", "limit-minimum", "limit-maximum", "capacity"
]
Rule = tuple[Kind, int]
Thing = TypeVar("Thing")
Missing = Callable[[Rule, int], int]


class RulesClash(Exception):
    """No pairing keeps these rules together; without any single one of them the others can be kept.

    Attributes
    ----------
    pairs
        Indices of required pairs.
    mentors
        Indices of mentors with a minimum.
    quota_minimums, quota_maximums
        Indices of quotas whose minimum, whose maximum takes part.
    limits
        Indices of limits that take part.
    mends
        Single changes that mend the problem; None where they are yet to be looked for.
    """

    def __init__(
        self,
        pairs: tuple[int, ...],
        mentors: tuple[int, ...],
        quota_minimums: tuple[int, ...] = (),
        quota_maximums: tuple[int, ...] = (),
        limits: tuple[int, ...] = (),
        mends: tuple[Relaxation, ...] | None = None,
    ) -> None:
        self.pairs, self.mentors, self.limits = pairs, mentors, limits
        self.quota_minimums, self.quota_maximums, self.mends = quota_minimums, quota_maximums, mends
        rules = f"{len(pairs)} required pairs and the minimums of {len(mentors)} mentors"
        super().__init__(
            f"{rules} and {len(self.quotas)} quotas clash." if self.quotas else f"{rules} clash."
        )

    @property
    def quotas(self) -> tuple[int, ...]:
        """Indices of quotas that take part, whether by minimum or by maximum."""
        return tuple(sorted({*self.quota_minimums, *self.quota_maximums}))

    def __reduce__(self) -> tuple[type[RulesClash], tuple[object, ...]]:
        members = (self.pairs, self.mentors, self.quota_minimums, self.quota_maximums, self.limits)
        return type(self), (*members, self.mends)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change of one number, after which all rules can hold.

    Attributes
    ----------
    kind, index
        What to change: drop the required pair; lower the minimum of the mentor, the quota or the limit; raise
        the maximum of the quota or the limit, or the capacity of the mentor.
    to
        The number that is just enough, 0 for a pair; None if no number is.
    """

    kind: Kind
    index: int
    to: int | None


def rules_clash(problem: Problem) -> RulesClash:
    """Find an irreducible clash among the required pairs, minimums and quotas of an infeasible problem.

    Places and wishes are never dropped: they say what people can give and want, not what someone decided.

    References
    ----------
    Junker (2004), "QuickXplain: Preferred explanations and relaxations for over-constrained problems", AAAI.
    """
    kept = _concerned(problem)
    core = _of_pairs(problem, kept)
    rules: list[Rule] = [("pair", k) for k in np.flatnonzero(core.required).tolist()]
    rules += [("mentor", i) for i in np.flatnonzero(core.minimum).tolist()]
    bounds = list(bounds_of(core))
    rules += [("quota-minimum", k) for k, kind in bounds if kind == "minimum"]
    rules += [("quota-maximum", k) for k, kind in bounds if kind == "maximum"]

    needed = irreducible([], rules, lambda chosen: _can_hold(_keeping(core, set(chosen))))
    return RulesClash(
        tuple(kept[list(of_kind("pair", needed))].tolist()),
        of_kind("mentor", needed),
        of_kind("quota-minimum", needed),
        of_kind("quota-maximum", needed),
    )


def of_kind(kind: str, rules: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    """Return the indices of the rules of one kind, sorted."""
    return tuple(sorted(k for own, k in rules if own == kind))


def irreducible(
    given: list[Thing], rules: list[Thing], can_hold: Callable[[list[Thing]], bool], *, untested: bool = False
) -> list[Thing]:
    """Cut ``rules`` down to a part that clashes with ``given`` and of which nothing can be left out."""
    if untested and not can_hold(given):
        return []
    if len(rules) <= 1:
        return rules
    near, far = rules[: len(rules) // 2], rules[len(rules) // 2 :]
    late = irreducible([*given, *near], far, can_hold, untested=True)
    early = irreducible([*given, *late], near, can_hold, untested=len(late) > 0)
    return [*early, *late]


def relaxations(
    problem: Problem, clash: RulesClash, *, missing: Missing | None = None, eligible: IntVector | None = None
) -> tuple[Relaxation, ...]:
    """Try each member of a clash, and each mentor it speaks of, for one change that alone mends the problem.

    Parameters
    ----------
    missing
        How much, at least, all rules still ask for in vain with another number in the place of a rule's; by
        default found among the pairs of the problem.
    eligible
        [I] with how many mentees each mentor may be paired, where the problem does not list them.

    Returns
    -------
    tuple of Relaxation
        One for each required pair, minimum, and bound of a quota or a limit; then one for the capacity of
        each mentor who is in such a pair or has such a minimum.
    """
    missing = missing or _missing_of(problem)
    others = np.bincount(problem.mentor, minlength=len(problem.capacity)) if eligible is None else eligible
    most, all_asked = np.maximum(problem.capacity, others), int(problem.wanted.sum())
    mentors = {*clash.mentors, *problem.mentor[list(clash.pairs)].tolist()}
    changes: list[tuple[Rule, int, int]] = [(("pair", pair), 1, 0) for pair in clash.pairs]
    changes += [(("mentor", i), int(problem.minimum[i]), 0) for i in clash.mentors]
    changes += [(("quota-minimum", k), problem.quotas[k].minimum, 0) for k in clash.quota_minimums]
    for k in clash.quota_maximums:
        changes.append((("quota-maximum", k), problem.quotas[k].maximum or 0, all_asked))
    for k in clash.limits:
        limit = problem.limits[k]
        if limit.minimum:
            changes.append((("limit-minimum", k), limit.minimum, 0))
        if limit.maximum is not None:
            changes.append((("limit-maximum", k), limit.maximum, all_asked))
    changes += [(("capacity", i), int(problem.capacity[i]), int(most[i])) for i in sorted(mentors)]
    return tuple(Relaxation(*rule, _nearest(missing, rule, now, end)) for rule, now, end in changes)


def _missing_of(problem: Problem) -> Missing:
    """Whether the pairs of a problem keep all its rules with another number in the place of one."""
    kept = _concerned(problem)
    core = _of_pairs(problem, kept)

    def missing(rule: Rule, number: int) -> int:
        kind, index = rule
        own = int(np.searchsorted(kept, index)) if kind == "pair" else index
        return 0 if _can_hold(changed(core, (kind, own), number)) else 1

    return missing


def _concerned(problem: Problem) -> IndexVector:
    """Keep the pairs that some rule asks for; nobody else's can help or hinder the rules."""
    concerned = problem.required | (problem.minimum > 0)[problem.mentor]
    for quota in problem.quotas:
        if quota.minimum:
            people = problem.mentor if quota.side == "mentor" else problem.mentee
            concerned |= np.isin(people, quota.members)
    for limit in problem.limits:
        if limit.minimum:
            concerned |= limit.pairs
    return np.flatnonzero(concerned)


def _of_pairs(problem: Problem, kept: IndexVector) -> Problem:
    return replace(problem.only(kept), spread=False)


def _keeping(core: Problem, rules: set[Rule]) -> Problem:
    """Drop all other rules."""
    required, minimum = np.zeros_like(core.required), np.zeros_like(core.minimum)
    required[[k for kind, k in rules if kind == "pair"]] = True
    mentors = [i for kind, i in rules if kind == "mentor"]
    minimum[mentors] = core.minimum[mentors]
    quotas = tuple(
        replace(
            quota,
            minimum=quota.minimum if ("quota-minimum", k) in rules else 0,
            maximum=quota.maximum if ("quota-maximum", k) in rules else None,
        )
        for k, quota in enumerate(core.quotas)
    )
    return replace(core, required=required, minimum=minimum, quotas=quotas)


def _can_hold(problem: Problem) -> bool:
    from ipmatch.solving.rows.core import any_flow
    from ipmatch.solving.rows.parting import part
    from ipmatch.solving.rows.space import space_of

    held, rows = part(problem)
    return any_flow(space_of(build(held), rows)) is not None


def changed(problem: Problem, rule: Rule, number: int) -> Problem:
    """Put one number in the place of another."""
    kind, index = rule
    if kind == "pair":
        required = problem.required.copy()
        required[index] = bool(number)
        return replace(problem, required=required)
    if kind in ("mentor", "capacity"):
        minimum, capacity = problem.minimum.copy(), problem.capacity.copy()
        (minimum if kind == "mentor" else capacity)[index] = number
        return replace(problem, minimum=minimum, capacity=capacity)
    if kind == "limit-minimum":
        limits = list(problem.limits)
        limits[index] = replace(limits[index], minimum=number)
        return replace(problem, limits=tuple(limits))
    if kind == "limit-maximum":
        return replace(problem, limits=tuple(_raised(problem.limits, index, number)))
    quotas, own = list(problem.quotas), problem.quotas[index]
    quotas[index] = replace(own, minimum=number) if kind == "quota-minimum" else replace(own, maximum=number)
    return replace(problem, quotas=tuple(quotas))


def _raised(limits: Sequence[Limit], index: int, number: int) -> Iterator[Limit]:
    """Raise a limit, and as much all those of more pairs: what a session has, any group with it has, too."""
    own = limits[index]
    more = number - (own.maximum or 0)
    for limit in limits:
        if limit.maximum is not None and (limit.pairs | ~own.pairs).all():
            limit = replace(limit, maximum=limit.maximum + more)
        yield limit


def _nearest(missing: Missing, rule: Rule, now: int, end: int) -> int | None:
    """Find the number nearest to ``now``, on the way to ``end``, with which all rules can hold."""
    toward = 1 if end > now else -1
    works = toward * (end - now)
    if works <= 0 or missing(rule, end):
        return None
    # One step makes up for one that is missing, at the most; and seldom for less.
    failed = missing(rule, now) - 1
    middle = failed + 1
    while works - failed > 1:
        if left := missing(rule, now + toward * middle):
            failed = middle + left - 1
        else:
            works = middle
        middle = (failed + works) // 2
    return now + toward * works
