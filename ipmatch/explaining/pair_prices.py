"""The prices of all pairs at once, and with them the best alternatives to what was matched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from ipmatch.answers.alternatives import Alternative, PairPrices
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.expecting import whole
from ipmatch.explaining.listed_questions import ListedQuestions
from ipmatch.explaining.why_not import is_absolute
from ipmatch.posing import Posed, posed_by
from ipmatch.solving.arrays import BoolMatrix, IndexVector
from ipmatch.solving.exchange import Exchange
from ipmatch.solving.problem import Level

__all__ = ["Prices", "pair_prices"]


class Prices(ListedQuestions):
    """Questions whose best answers are found among many, by prices computed together."""

    @cached_property
    def exchange(self) -> Exchange:
        """The prices of all single changes, computed when first asked for."""
        return Exchange(self.posed.problem, self.posed.levels, self.used)

    def best(
        self, *, mentor: str | None = None, mentee: str | None = None, most: int = 3
    ) -> tuple[Alternative, ...]:
        """The cheapest other pairs for a mentor, for a mentee, or for either of two; cheapest first.

        Only pairs that no rule is against; of equal ones that with more points, then by id. Leximin compares
        by the first score that tells a matching from the present one.

        Raises
        ------
        UsageError
            If nobody is named, or there is no such mentor or mentee.
        """
        most = whole("most", most)
        if mentor is mentee is None:
            raise UsageError([Fault("alternatives", "give a mentee, a mentor, or one of each.")])
        i = None if mentor is None else self.rows.get(self.person("mentor", mentor))
        j = None if mentee is None else self.columns.get(self.person("mentee", mentee))
        problem = self.posed.problem
        pairs = np.flatnonzero(~self.used & ((problem.mentor == i) | (problem.mentee == j)))
        if self.is_linear:
            pairs = self._cheapest(pairs)[:most]
        found = [answer for pair in pairs.tolist() if (answer := self._priced(pair)).possible]
        if not self.is_linear:
            points = self.posed.scores.points[problem.mentor[pairs], problem.mentee[pairs]]
            rank = {self._ids(int(pair)): -int(worth) for pair, worth in zip(pairs, points, strict=True)}
            found.sort(key=lambda one: (_amounts(one), rank[one.mentor, one.mentee], one.mentor, one.mentee))
        return tuple(found[:most])

    def _cheapest(self, pairs: IndexVector) -> IndexVector:
        """Those of the pairs that are possible, cheapest first."""
        forced, problem = self.exchange.force(), self.posed.problem
        pairs = pairs[forced.possible[pairs]]
        points = self.posed.scores.points[problem.mentor[pairs], problem.mentee[pairs]]
        # The last key is the first that counts.
        keys = [problem.mentee[pairs], problem.mentor[pairs], -points]
        keys += [level[pairs] for level in reversed(forced.levels)]
        ordered: IndexVector = pairs[np.lexsort(keys)]
        return ordered

    def _ids(self, pair: int) -> tuple[str, str]:
        problem = self.posed.problem
        return self.mentors[problem.mentor[pair]], self.mentees[problem.mentee[pair]]

    def _priced(self, pair: int) -> Alternative:
        return self.why_not(*self._ids(pair))


def pair_prices(present: ListedQuestions) -> PairPrices:
    """The price of every pair, each on its own.

    Pairs that a requirement would make possible are let into the problem, and a level before all others
    counts them: so the present matching, which has none of these, stays the best.
    """
    posed, used = present.posed, present.used
    scores, old = posed.scores, posed.problem
    absolute = np.logical_or.reduce(
        [
            np.zeros_like(scores.allowed),
            *(scores.removed[rule] for rule in scores.removed if is_absolute(rule)),
        ]
    )
    extra = ~scores.allowed & ~absolute
    known = np.full(extra.shape, present.is_linear)
    wide = _widened(posed, extra)
    if wide is None:
        wide, known = posed, known & ~extra
        extra = np.zeros_like(extra)
    problem = wide.problem
    paired = np.zeros_like(scores.allowed)
    paired[old.mentor[used], old.mentee[used]] = True
    is_extra = extra[problem.mentor, problem.mentee]
    overriding = Level("overriding", 1, pair=-is_extra.astype(np.int64))
    exchange = Exchange(problem, [overriding, *wide.levels], paired[problem.mentor, problem.mentee])
    forced, forbidden = exchange.force(), exchange.forbid()
    made = paired[problem.mentor, problem.mentee]
    overrides, *losses = (
        np.where(made, two, one) for one, two in zip(forced.levels, forbidden.levels, strict=True)
    )
    possible = np.where(made, forbidden.possible, forced.possible) & (overrides == is_extra)
    names = [level.name for level in posed.levels][: len(losses)]

    def matrix(values: np.ndarray) -> np.ndarray:
        spread = np.zeros(scores.allowed.shape, values.dtype)
        spread[problem.mentor, problem.mentee] = values
        return spread

    return PairPrices(
        mentors=present.mentors,
        mentees=present.mentees,
        levels=tuple(names),
        scales=tuple(map(posed.scale_of, names)),
        loss=tuple(matrix(np.where(possible, level, 0)) for level in losses),
        possible=matrix(possible),
        allowed=_free(scores.removed.values(), paired),
        paired=paired,
        known=known,
    )


def _widened(posed: Posed, extra: BoolMatrix) -> Posed | None:
    """The problem with more pairs let in; ``None`` if quotas that nothing could break till now cross then."""
    try:
        wide = posed_by(posed.request, replace(posed.scores, allowed=posed.scores.allowed | extra))
    except InputError:
        # Beside such quotas there is no level on who is worst off.
        return None
    return None if wide.rows else wide


def _free(removed: Iterable[BoolMatrix], like: BoolMatrix) -> BoolMatrix:
    free: BoolMatrix = ~np.logical_or.reduce([np.zeros_like(like), *removed])
    return free


def _amounts(found: Alternative) -> tuple[Decimal, ...]:
    """What a loss is compared by; where nothing can be said nothing is lost."""
    rank, nothing = list[Decimal](), Decimal(0)
    for level, amount in (found.loss or {}).items():
        kind, _, score = level.partition(".")
        if kind == "leximin" and score and amount:
            # Fewer pairs at a low score are better than at a high one, and more of them worse.
            rank[-3:] = (
                [Decimal(1), -Decimal(score), amount] if amount > 0 else [-Decimal(1), Decimal(score), amount]
            )
        else:
            rank += [amount or nothing, *[nothing] * 3 * (level == "leximin")]
    return tuple(rank)
