"""The tables of prices: each mentee's cheapest other mentors, and every pair there could be."""

from __future__ import annotations

from ipmatch.answers.alternatives import Alternative
from ipmatch.explaining.moving import price_words
from ipmatch.reporting.material import Material
from ipmatch.reporting.pricing import PriceTable
from ipmatch.writing import digest
from ipmatch.writing.report.grid import Cell, Table, table

__all__ = ["every_pair", "other_mentors"]

MOST = 3


def other_mentors(prices: PriceTable) -> Table:
    """Each mentee's cheapest other mentors that no rule is against."""
    rows = [
        (offer.mentee, offer.mentor, offer.words, *map(offer.lost_at, prices.levels), *_moving(offer.told))
        for mentee in prices.mentees
        for offer in prices.others(mentee, most=MOST)
    ]
    note = (
        "The cheapest other mentors of each mentee, and the exact price of insisting on one. "
        "Each price is for that pair alone: two do not add up."
    )
    columns = f"Mentee@|Other mentor@|Insisting{_headings(prices.levels)}|Mentees who move#|In words"
    return table("others", "Other mentors", note, columns, rows)


def _moving(told: Alternative | None) -> tuple[Cell, Cell]:
    if told is None:
        return None, "ask: ipmatch why-not"
    return len({move.mentee for move in told.moves}), told.because


def every_pair(material: Material) -> Table:
    """Every pair there could be, with its score, and what insisting on it would do."""
    scores, prices, pairs = material.scores, material.prices, material.matching.pairs()
    levels = prices.levels if prices else ()
    rows = (
        (
            mentor.id,
            mentee.id,
            scores.decimal(int(scores.points[i, j])),
            digest.tier_words(scores.tier_of(i, j)),
            "yes" if scores.allowed[i, j] else "no",
            "yes" if (mentor.id, mentee.id) in pairs else "no",
            *_priced(prices, i, j, levels),
        )
        for i, mentor in enumerate(scores.people.mentors)
        for j, mentee in enumerate(scores.people.mentees)
    )
    note = "Everybody taking part. Prices are of insisting on a pair, or, if it is made, of doing without."
    columns = f"Mentor@|Mentee@|Score#|Tier|Allowed|Paired|Price{_headings(levels)}"
    return table("every-pair", "Every pair", note, columns, rows)


def _headings(levels: tuple[str, ...]) -> str:
    return "".join(f"|Lost: {digest.level_words(level)}#" for level in levels)


def _priced(prices: PriceTable | None, i: int, j: int, levels: tuple[str, ...]) -> tuple[Cell, ...]:
    loss = prices.loss_of(i, j) if prices else None
    if prices is None or loss is None:
        return (prices.no_price(i, j) if prices else "not asked", *(None for _ in levels))
    return price_words(dict(loss)), *(dict(loss).get(level) for level in levels)
