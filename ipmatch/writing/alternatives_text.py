"""The price of a change as text: the sentence, the levels it costs, and everybody who moves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ipmatch.answers.alternatives import Alternative, Move
from ipmatch.cohort import Cohort
from ipmatch.words import lost
from ipmatch.writing import digest
from ipmatch.writing.layout import Paper, aligned, number

__all__ = ["alternative_text", "alternatives_section", "moves_section"]


def alternative_text(
    alternative: Alternative, *, cohort: Cohort | None = None, width: int = 80, encoding: str = "utf-8"
) -> str:
    """The price of one pair, for a terminal; the cohort only for people's names."""
    paper, label = Paper(width, encoding), digest.labels_of(cohort)
    paper.say(alternative.because)
    if alternative.loss and any(alternative.loss.values()):
        paper.heading("What it costs, first level first")
        amounts = [amount for amount in alternative.loss.values() if amount is not None]
        costs = iter(aligned([_plain(amount) for amount in amounts]))
        rows = [
            (digest.level_words(level), "" if amount is None else next(costs))
            for level, amount in alternative.loss.items()
        ]
        paper.table(("level", "lost"), rows, right=(1,))
    moves_section(paper, alternative, label)
    return str(paper)


def moves_section(paper: Paper, alternative: Alternative, label: digest.Label) -> None:
    """Everybody who would move, in order."""
    if alternative.moves:
        paper.heading(f"Who moves ({len(alternative.moves):,})")
        changes = aligned([_plain(move.change) for move in alternative.moves])
        moves = [_move(move, change, label) for move, change in zip(alternative.moves, changes, strict=True)]
        paper.table(("mentee", "from", "to", "points"), moves, right=(3,))


def alternatives_section(paper: Paper, alternatives: Sequence[Alternative], label: digest.Label) -> None:
    """The best other pairs, cheapest first, each with its price."""
    if not alternatives:
        return
    paper.heading("Who else, and what it would cost the programme")
    rows = []
    for one in alternatives:
        price = lost({level: amount for level, amount in (one.loss or {}).items() if amount})
        moving = len({move.mentee for move in one.moves})
        rows.append((f"{label(one.mentor)} with {label(one.mentee)}", price, str(moving), one.because))
    paper.table(("pair", "price", "moving", "because"), rows, right=(2,))


def _move(move: Move, change: str, label: digest.Label) -> tuple[str, ...]:
    before, after = (
        "nobody" if mentor is None else label(mentor) for mentor in (move.mentor_before, move.mentor_after)
    )
    return label(move.mentee), before, after, change


def _plain(amount: Decimal) -> Decimal:
    return Decimal(number(amount))
