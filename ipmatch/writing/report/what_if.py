"""What the page must know to answer "what if" without us: every price, and what is decided already."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ipmatch.answers.alternatives import IntMatrix
from ipmatch.explaining.moving import price_words
from ipmatch.policy import TIERS
from ipmatch.reporting.material import Material
from ipmatch.reporting.pricing import PriceTable
from ipmatch.words import listed, rule_words
from ipmatch.writing import digest
from ipmatch.writing.characters import seen, shown
from ipmatch.writing.layout import number

__all__ = ["is_whole", "what_if_json"]

# A page that holds more prices than this opens slowly; it then holds the cheapest of each mentee.
MOST_PRICES = 250_000
FEW = 5


def is_whole(prices: PriceTable) -> bool:
    """Whether the page holds the price of every pair."""
    return prices.price.size <= MOST_PRICES


def what_if_json(material: Material, prices: PriceTable) -> str:
    """The data of the what-if as JSON that no HTML parser takes for markup."""
    scores = material.scores
    worth, score = np.unique(scores.points, return_inverse=True)
    score = score.reshape(scores.points.shape)
    most = None if is_whole(prices) else FEW
    data = {
        "mentors": prices.mentors,
        "mentees": prices.mentees,
        "names": {identifier: shown(name) for identifier, name in material.names.items()},
        "losses": [price_words(dict(loss)) for loss in prices.losses],
        "worth": [number(scores.decimal(int(units))) for units in worth],
        "tiers": [digest.tier_words(tier) for tier in TIERS],
        "offers": [_offers(material, prices, score, j, most) for j in range(len(prices.mentees))],
        "told": _told(prices),
        "keeping": _keeping(material),
        "withdrawals": _withdrawals(material, prices),
        "decided": [
            decision.model_dump(mode="json", exclude_none=True)
            for decision in material.matching.run.decisions
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return seen(text)


def _withdrawals(material: Material, prices: PriceTable) -> dict[str, str]:
    """By id, what each withdrawal would do, as far as it was asked; of people without a pair nothing."""
    paired = {one for pair in material.matching.pairs() for one in pair}
    alone = (one for one in (*prices.mentors, *prices.mentees) if one not in paired)
    told = {one: f"{one} is paired with nobody: nobody else is affected." for one in alone}
    asked = (*(material.resilience or ()), *(material.leaving or ()))
    return {**told, **{one.id: one.because for one in asked if one.id in paired}}


def _keeping(material: Material) -> str:
    """What requiring a pair that is made already does."""
    levels = material.matching.run.policy.objective.levels
    if {"fairness", "leximin"} & set(levels):
        return "They are paired now, and stay so; required, they count no more among the worst off."
    return "They are paired now: keeping them costs nothing."


def _offers(
    material: Material, prices: PriceTable, score: IntMatrix, j: int, most: int | None
) -> dict[str, Any]:
    """All mentors of one mentee in the order to show: those made, those allowed, the rest; cheapest first."""
    price = prices.price[:, j]
    impossible = np.where(price < 0, np.iinfo(np.int64).max, price)
    order = np.lexsort((-prices.points[:, j], impossible, ~prices.allowed[:, j], ~prices.paired[:, j]))
    if most is not None:
        order = order[: int(prices.paired[:, j].sum()) + most]
    return {
        "mentor": order.tolist(),
        "price": price[order].tolist(),
        "score": score[order, j].tolist(),
        "tier": material.scores.tier[order, j].tolist(),
        "allowed": "".join("01"[int(one)] for one in prices.allowed[order, j]),
        "now": int(prices.paired[:, j].sum()),
    }


def _told(prices: PriceTable) -> dict[str, dict[str, Any]]:
    """By mentee and mentor, what asking gave: the rules against it, everybody who moves, and the sentence."""
    told: dict[str, dict[str, Any]] = {}
    for (mentor, mentee), answer in prices.told.items():
        moves = [
            (move.mentee, move.mentor_before, move.mentor_after, number(move.change)) for move in answer.moves
        ]
        rules = listed([rule_words(rule) for rule in answer.rules]) if answer.rules else ""
        told.setdefault(mentee, {})[mentor] = {"rules": rules, "moves": moves, "because": answer.because}
    return told
