"""Every pairing of a tiny case, one by one, with what the second scorer makes of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import prod

from ipmatch.document import Rational
from ipmatch.matching import Matching

from .second_scorer import Pair, Second, judged
from .strategies import Case

Pairs = frozenset[Pair]
MOST = 1500


def enumerable(seeds: Iterable[int]) -> Iterator[tuple[Case, Second, Matching]]:
    """The cases with a matching whose pairings are few enough to try them all."""
    for case, oracle, matching in judged(seeds):
        if matching.pairings and prod(len(ways) for ways in _ways(oracle)) <= MOST:
            yield case, oracle, matching


def every_pairing(oracle: Second) -> Iterator[Pairs]:
    """Every set of pairs that all rules allow."""
    for ways in product(*_ways(oracle)):
        pairs = frozenset(pair for chosen in ways for pair in chosen)
        load = {m: sum(mentor == m for mentor, _ in pairs) for m in oracle.mentors}
        if all(oracle.mentors[m]["min_mentees"] <= load[m] <= oracle.mentors[m]["capacity"] for m in load):
            yield pairs


@cache
def best(oracle: Second, before: str | None = None) -> list[Pairs]:
    """All the pairings best by the levels, or by those before one of them."""
    names = oracle.levels()
    names = names[: names.index(before)] if before in names else names
    values = {}
    for pairs in every_pairing(oracle):
        value = oracle.value(pairs)
        values[pairs] = tuple(value[name] for name in names)
    top = max(values.values())
    return [pairs for pairs, value in values.items() if value == top]


def total(oracle: Second, pairs: Pairs, criterion: str) -> Fraction:
    """A criterion's strength over all pairs."""
    return sum((oracle.strength[pair][criterion] or Fraction(0) for pair in pairs), Fraction(0))


def crossings(lines: Iterable[tuple[Fraction, Fraction]]) -> set[Fraction]:
    """Where lines, each a height at 0 and a slope, meet each other."""
    pairs = combinations(set(lines), 2)
    return {(a[0] - b[0]) / (b[1] - a[1]) for a, b in pairs if a[1] != b[1]}


def value(rational: Rational | None) -> Fraction | None:
    """A model's fraction as Python's."""
    return None if rational is None else Fraction(rational.numerator, rational.denominator)


def _ways(oracle: Second) -> list[list[tuple[Pair, ...]]]:
    ways = []
    for e in oracle.order[1]:
        open_to = [(m, e) for m in oracle.order[0] if (m, e) in oracle.allowed]
        must = {pair for pair in oracle.required if pair[1] == e}
        sizes = range(oracle.mentees[e]["mentors_wanted"] + 1)
        ways.append(
            [chosen for size in sizes for chosen in combinations(open_to, size) if must <= set(chosen)]
        )
    return ways
