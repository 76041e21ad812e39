"""What would place one more: every single change that opens a way to a mentee, found by search and exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.explaining.barriers import Rule
from ipmatch.explaining.confirming import Confirmation
from ipmatch.explaining.cut import Residual
from ipmatch.explaining.naming import Naming
from ipmatch.matching import Repair
from ipmatch.requests import AnyPosed
from ipmatch.scoring.rules import FLOOR
from ipmatch.solving.arrays import BoolVector, IndexVector
from ipmatch.solving.change import has_way
from ipmatch.words import listed

__all__ = ["Repairs", "repairs_for"]

# A repair names this many to choose from; all the others it counts.
MOST_OPTIONS = 5

_LIFTED = (
    ("allow-below-floor", FLOOR, "Allowing {}, who share too little,"),
    ("lift-forbidden-pair", "forbidden", "Lifting the ban on {}"),
    ("lift-avoidance", "avoids", "Lifting the avoidance of {}"),
)


Closed = tuple[int, list[tuple[int, int]]]
"""How many pairs a rule alone closes, and the best of them."""

_ONE_PLACED = FrozenMap({"placed": Decimal(1)})
_ONE_MENTOR_MORE = FrozenMap({"further_mentors": Decimal(1)})


@dataclass(frozen=True, slots=True)
class _Change:
    """What a lead could change; ``words`` go before what that would do."""

    code: Any
    words: str
    facts: FrozenMap[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What opens a way: some ``changes`` that are the same for all it leads to, or a pair that is closed now.

    That pair is of one of ``mentors``, to whom ``goal`` leads, and the mentee in question or one of
    ``mentees``; ``key`` tells the two sets from others.
    """

    goal: int
    changes: tuple[_Change, ...]
    mentors: IndexVector
    mentees: IndexVector
    key: bytes


def repairs_for(posed: AnyPosed, used: BoolVector, mentee: int) -> tuple[Repair, ...]:
    """Every kind of single change that would give a mentee, by column, one more mentor; the simplest first.

    Empty if the mentee has all they asked for, if a place can be had without any change, or if the policy
    does not count who is placed.
    """
    residual = Residual(posed.problem, used)
    if residual.given[mentee] >= posed.problem.wanted[mentee]:
        return ()
    return tuple(Repairs(posed, residual).of(mentee))


class Repairs:
    """The changes that open a way, for all mentees of one pairing.

    A way is a path of steps from where the new unit would go back to the mentee; a change that adds one step
    opens it if the step starts where the goal leads to, and ends where the mentee can be reached from.
    """

    def __init__(self, posed: AnyPosed, residual: Residual) -> None:
        self._posed, self._residual, self._naming = posed, residual, Naming(posed)
        self._confirmed = Confirmation(posed, residual)
        names = [level.name for level in posed.levels]
        # Where other levels come first each change has to be priced, and that takes a list of pairs.
        self._counts_people = "placed" in names if posed.lists_pairs else names[:1] == ["placed"]
        problem, network = posed.problem, residual.network
        load = np.bincount(problem.mentor[residual.used], minlength=residual.mentors)
        self._full = (load == problem.capacity) & has_way(problem, "mentor")
        self._seat = network.tail[network.mentor_first].copy()
        self._seat[network.sharing] = network.tail[network.mentor_rest]
        self._waiting = np.flatnonzero(residual.given < problem.wanted)
        self._place = {mentee: place for place, mentee in enumerate(self._waiting.tolist())}
        self._owners: dict[tuple[str, int], tuple[list[int], list[list[int]]]] = {}
        self._found: dict[int, _Found | None] = {}
        self._of_others: dict[tuple[str, bytes], Closed] = {}

    def of(self, mentee: int) -> Iterator[Repair]:
        """Yield the repairs of a mentee who asks for more, one for each kind of change."""
        if not self._counts_people:
            return
        first = self._residual.alike(mentee)
        found = self._found[first] if first in self._found else self._search(first)
        if first != mentee:
            self._found[first] = found
        if found is not None:
            for change in chain(found.changes, self._pairs(mentee, found)):
                yield self._repair(mentee, change)

    def _search(self, mentee: int) -> _Found | None:
        """What opens a way, to this mentee or to any that is like them; None if there is one already."""
        residual, goal = self._residual, self._residual.goal(mentee)
        before, after = residual.into(mentee), residual.onward(goal)
        if before[goal]:
            return None
        full = self._full & before[1 : 1 + residual.mentors] & after[self._seat]
        opening = [
            barrier
            for barrier in residual.barriers
            if barrier.by_one and after[barrier.start] and before[barrier.goal]
        ]
        rules = {barrier.rules[0] for barrier in self._confirmed.of_barriers(mentee, opening)}
        mentors = after[1 : 1 + residual.mentors] & self._known[0]
        start = residual.node(0)
        mentees = before[start : start + residual.mentees] & self._known[1]
        # Others' pairs are asked for only where there are none of the mentee's own.
        mentees[mentee] &= residual.among_others(mentee)
        return _Found(
            goal=residual.beyond(goal),
            changes=(
                *self._places(self._confirmed.of_places(mentee, np.flatnonzero(full))),
                *self._rules(sorted(rules, key=_simplest)),
            ),
            mentors=np.flatnonzero(mentors),
            mentees=np.flatnonzero(mentees),
            key=blake2b(np.packbits(np.concatenate([mentors, mentees])).tobytes()).digest(),
        )

    def _places(self, places: IndexVector) -> Iterator[_Change]:
        """One place more at one of these mentors."""
        count = len(places)
        if count:
            ids = [self._naming.mentors[i] for i in places[:MOST_OPTIONS].tolist()]
            facts = FrozenMap({"mentors": tuple(ids), **_others(count)})
            yield _Change("one-more-place", f"One more place at {_few(ids, count)}", facts)

    def _rules(self, rules: Sequence[Rule]) -> Iterator[_Change]:
        """One rule that asks for one less, or allows one more."""
        naming, pairs = self._naming, list[tuple[str, str]]()
        for rule in rules:
            facts = naming.facts(rule)
            match rule.kind:
                case "required-pair":
                    pairs.append(naming.pair(rule.index))
                    continue
                case "quota-maximum":
                    code, change, now, to = "raise-quota-maximum", "Raising", facts["max"], facts["max"] + 1
                case "quota-minimum":
                    code, change, now, to = "lower-quota-minimum", "Lowering", facts["min"], facts["min"] - 1
                case "mentor-minimum":
                    code, change, now, to = "lower-mentor-minimum", "Lowering", facts["min"], facts["min"] - 1
            of_whom: dict[str, Any] = {key: facts[key] for key in facts if key in ("side", "quota", "mentor")}
            change = f"{change} {naming.rule(rule)} to {to}"
            yield _Change(code, change, FrozenMap({**of_whom, "now": now, "to": to}))
        if pairs:
            yield _of_pairs("drop-required-pair", "No longer requiring {}", pairs, len(pairs))

    def _pairs(self, mentee: int, found: _Found) -> Iterator[_Change]:
        """One pair that a rule alone closes."""
        for code, rule, words in _LIFTED:
            count, closed = self._closed_pairs(rule, mentee, found)
            pairs = self._confirmed.of_pairs(mentee, closed)
            if pairs:
                ids = [(self._naming.mentors[i], self._naming.mentees[j]) for i, j in pairs]
                yield _of_pairs(code, words, ids, count - len(closed) + len(pairs))

    def _repair(self, mentee: int, change: _Change) -> Repair:
        # Somebody else who waits may be the one that fits better.
        would, who = "would" if len(self._waiting) == 1 else "could", self._naming.mentees[mentee]
        has_one = self._residual.given[mentee] > 0
        effect = f"{would} give {who} another mentor" if has_one else f"{would} place {who}"
        gain = _ONE_MENTOR_MORE if has_one else _ONE_PLACED
        return Repair.model_construct(
            code=change.code, facts=change.facts, because=f"{change.words} {effect}.", gain=gain
        )

    def _closed_pairs(self, rule: str, mentee: int, found: _Found) -> Closed:
        """Best first, pairs that a rule alone closes: the mentee's own or, if there is none, others'."""
        scores, most = self._posed.scores, self._confirmed.enough(MOST_OPTIONS)
        if self._known[1][mentee]:
            own = self._own(rule, mentee, found, most)
            if own[0]:
                return own
        key = rule, found.key
        if key not in self._of_others:
            self._of_others[key] = _listed(scores.closed_by(rule, found.mentors, found.mentees, most))
        return self._of_others[key]

    def _own(self, rule: str, mentee: int, found: _Found, most: int | None) -> Closed:
        """The pairs of a mentee that a rule alone closes; where a few are enough, found for all at once."""
        scores = self._posed.scores
        if most is None:
            return _listed(scores.closed_by(rule, found.mentors, np.array([mentee]), most))
        key, place = (rule, found.goal), self._place[mentee]
        if key not in self._owners:
            each = scores.closed_each(rule, found.mentors, self._waiting, most)
            self._owners[key] = each[0].tolist(), each[1].tolist()
        counts, best = self._owners[key]
        return counts[place], [(mentor, mentee) for mentor in best[place][: counts[place]]]

    @cached_property
    def _known(self) -> tuple[BoolVector, BoolVector]:
        """The people whose way the network shows, should a pair of theirs be allowed."""
        problem = self._posed.problem
        # Whoever can fill every place or wish already gains no unit by one more pair.
        mentors = (problem.most("mentor") == problem.capacity) | has_way(problem, "mentor")
        mentees = (problem.most("mentee") == problem.wanted) | has_way(problem, "mentee")
        return mentors, mentees


def _listed(closed: tuple[int, IndexVector, IndexVector]) -> Closed:
    count, rows, columns = closed
    return count, list(zip(rows.tolist(), columns.tolist(), strict=True))


def _of_pairs(code: str, words: str, pairs: Sequence[tuple[str, str]], count: int) -> _Change:
    shown = tuple(FrozenMap({"mentor": mentor, "mentee": other}) for mentor, other in pairs[:MOST_OPTIONS])
    named = _few(["{} with {}".format(*pair) for pair in pairs], count)
    return _Change(code, words.format(named), FrozenMap({"pairs": shown, **_others(count)}))


_ORDER = ("quota-maximum", "quota-minimum", "mentor-minimum", "required-pair")


def _simplest(rule: Rule) -> tuple[int, int]:
    return _ORDER.index(rule.kind), rule.index


def _few(options: Sequence[str], count: int) -> str:
    """The first options in words, joined by "or"; of many only two by name, and how many there are."""
    if count <= MOST_OPTIONS:
        return listed(options, "or")
    return listed([*options[:2], f"any of {count - 2:,} others"], "or")


def _others(count: int) -> dict[str, int]:
    return {"others": count - MOST_OPTIONS} if count > MOST_OPTIONS else {}
