"""The price of every other mentor for every mentee, and who would move: asked once, for any reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ipmatch.answers.alternatives import Alternative, BoolMatrix, IntMatrix, PairPrices
from ipmatch.document import decimal_near
from ipmatch.errors import UsageError
from ipmatch.explaining.moving import price_words
from ipmatch.study import Study

__all__ = ["LARGEST", "Offer", "PriceTable", "price_table"]

# With so many pairs at the most, everybody who would move is told for each of them.
ALL_MOVES = 1_000
# Otherwise for so many of the cheapest in all, shared out evenly among the mentees.
TOLD = 700
MOST_TOLD = 3
# Where every price has to be solved for alone, so many pairs at the most are.
MOST_ALONE = 200
# With more pairs than this the table is not asked for.
LARGEST = 10_000_000

NOT_POSSIBLE, NOT_KNOWN = -1, -2

Amounts = tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Another mentor for a mentee: the price of insisting, and who would move where that was asked."""

    mentor: str
    mentee: str
    loss: Amounts
    told: Alternative | None

    def lost_at(self, level: str) -> Decimal | None:
        """What one level loses; nothing where none can be said."""
        return dict(self.loss).get(level)

    @property
    def words(self) -> str:
        """The price as what insisting does: ``costs 12 points``."""
        return price_words(dict(self.loss))


@dataclass(frozen=True, slots=True, eq=False)
class PriceTable:
    """Prices of pairs, each on its own: of insisting on it, or, where it is made, of doing without it.

    Attributes
    ----------
    mentors, mentees
        The ids of those who take part: row i is ``mentors[i]``, column j is ``mentees[j]``.
    losses
        The different losses there are, cheapest first, each level by level.
    price
        [I, J] the place of a pair's loss in ``losses``; -1 if no matching does it, -2 if that is not known.
    allowed, paired
        [I, J] whether no rule about the pair is against it, and the pairs of the matching.
    points
        [I, J] the score of each pair, in units.
    told
        What was asked in full, with the sentence and everybody who moves.
    """

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    losses: tuple[Amounts, ...]
    price: IntMatrix
    allowed: BoolMatrix
    paired: BoolMatrix
    points: IntMatrix
    told: Mapping[tuple[str, str], Alternative]

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that any price names, in order."""
        return tuple(dict.fromkeys(level for loss in self.losses for level, _ in loss))

    def others(self, mentee: str, *, most: int | None = None) -> tuple[Offer, ...]:
        """A mentee's other mentors that no rule is against, cheapest first, ``most`` of them."""
        j = self.mentees.index(mentee)
        rows = cheapest_first(self.price, self.allowed & ~self.paired, self.points, j)[:most]
        return tuple(self._offer(int(i), j) for i in rows)

    def loss_of(self, i: int, j: int) -> Amounts | None:
        """The loss of one pair, by row and column; ``None`` if no matching does it, or that is not known."""
        place = int(self.price[i, j])
        return self.losses[place] if place >= 0 else None

    def no_price(self, i: int, j: int) -> str:
        """Why a pair has no price."""
        return "ask: ipmatch why-not" if self.price[i, j] == NOT_KNOWN else "not possible"

    def _offer(self, i: int, j: int) -> Offer:
        mentor, mentee = self.mentors[i], self.mentees[j]
        return Offer(mentor, mentee, self.losses[self.price[i, j]], self.told.get((mentor, mentee)))


def cheapest_first(price: IntMatrix, open_to: BoolMatrix, points: IntMatrix, j: int) -> IntMatrix:
    """The rows of the mentors open to a mentee: cheapest first, then most points, then by id."""
    rows = np.flatnonzero((price[:, j] >= 0) & open_to[:, j])
    ordered: IntMatrix = rows[np.lexsort((rows, -points[rows, j], price[rows, j]))]
    return ordered


def price_table(study: Study) -> PriceTable:
    """All prices of a study's matching, with the moves of all pairs if they are few, else of the cheapest.

    Raises
    ------
    UsageError
        If rules leave the network, so that each price is solved for alone, and the pairs are too many for it.
    """
    prices, points = _prices(study), study.scores.points
    count, price, losses = points.size, _places(prices), _losses(prices)
    if count <= ALL_MOVES:
        asked = list(_every_pair(prices))
    else:
        most = min(MOST_TOLD, TOLD // len(prices.mentees))
        asked = list(_cheapest(prices, price, points, most))
    told = {pair: study.why_not(*pair) for pair in asked}
    if not prices.known.all():
        price, losses = _with_answers(prices, price, losses, told)
    return PriceTable(
        prices.mentors, prices.mentees, losses, price, prices.allowed, prices.paired, points, told
    )


def _prices(study: Study) -> PairPrices:
    """The prices as the study has them; none is known where each has to be solved for."""
    scores, pairs = study.scores, study.matching.pairs()
    try:
        return study.prices()
    except UsageError:
        if scores.points.size > MOST_ALONE:
            raise
    mentors, mentees = (
        [person.id for person in side] for side in (scores.people.mentors, scores.people.mentees)
    )
    nothing = np.zeros(scores.points.shape, np.bool_)
    return PairPrices(
        mentors=tuple(mentors),
        mentees=tuple(mentees),
        levels=(),
        scales=(),
        loss=(),
        possible=nothing,
        allowed=~np.logical_or.reduce([nothing, *scores.removed.values()]),
        paired=np.array([[(mentor, mentee) in pairs for mentee in mentees] for mentor in mentors]),
        known=nothing,
    )


def _every_pair(prices: PairPrices) -> Iterator[tuple[str, str]]:
    return ((mentor, mentee) for mentee in prices.mentees for mentor in prices.mentors)


def _cheapest(
    prices: PairPrices, price: IntMatrix, points: IntMatrix, most: int
) -> Iterator[tuple[str, str]]:
    for j, mentee in enumerate(prices.mentees):
        for i in cheapest_first(price, prices.allowed & ~prices.paired, points, j)[:most]:
            yield prices.mentors[int(i)], mentee


def _places(prices: PairPrices) -> IntMatrix:
    """For each pair the place of its loss among the different ones in lexicographic order."""
    places = np.full(prices.possible.shape, NOT_POSSIBLE, np.int64)
    places[prices.possible] = _unique(prices)[1]
    places[~prices.known] = NOT_KNOWN
    return places


def _losses(prices: PairPrices) -> tuple[Amounts, ...]:
    return tuple(
        tuple(
            (level, decimal_near(int(units), scale))
            for level, scale, units in zip(prices.levels, prices.scales, row, strict=True)
        )
        for row in _unique(prices)[0]
    )


def _unique(prices: PairPrices) -> tuple[IntMatrix, IntMatrix]:
    """The different losses of possible pairs in lexicographic order, and the place of each pair's."""
    none = np.zeros((int(prices.possible.sum()), 0), np.int64)
    vectors = np.stack([level[prices.possible] for level in prices.loss], axis=-1) if prices.loss else none
    different, place = np.unique(vectors, axis=0, return_inverse=True)
    return different, place.reshape(-1)


def _with_answers(
    prices: PairPrices,
    price: IntMatrix,
    losses: tuple[Amounts, ...],
    told: Mapping[tuple[str, str], Alternative],
) -> tuple[IntMatrix, tuple[Amounts, ...]]:
    """The same with the prices that only asking could tell."""
    known: dict[Amounts, None] = dict.fromkeys(losses)
    answers = {
        pair: tuple((answer.loss or {}).items())
        for pair, answer in told.items()
        if answer.possible and answer.exact and answer.loss is not None
    }
    ordered = sorted({*known, *answers.values()}, key=lambda loss: [amount or 0 for _, amount in loss])
    place = {loss: number for number, loss in enumerate(ordered)}
    again = price.copy()
    for number, loss in enumerate(losses):
        again[price == number] = place[loss]
    row = {mentor: i for i, mentor in enumerate(prices.mentors)}
    column = {mentee: j for j, mentee in enumerate(prices.mentees)}
    for (mentor, mentee), answer in told.items():
        found = answers.get((mentor, mentee))
        nothing = NOT_KNOWN if answer.possible else NOT_POSSIBLE
        again[row[mentor], column[mentee]] = nothing if found is None else place[found]
    return again, tuple(ordered)
