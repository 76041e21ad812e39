"""Who moves when one thing changes, and what it costs, in the words of a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from ipmatch.answers.alternatives import Move
from ipmatch.words import amounts, counted, names

__all__ = ["in_the_way", "moves_told", "price_code", "price_words"]

# A sentence tells of this many moves at the most; the data hold all.
MOST_MOVES = 6


def price_words(loss: Mapping[str, Decimal | None]) -> str:
    """A loss as what a change does: ``costs 1 placed mentee, but gains 12 points``."""
    changed = {level: amount for level, amount in loss.items() if amount}
    losses = {level: amount for level, amount in changed.items() if amount > 0}
    gains = {level: amount.copy_negate() for level, amount in changed.items() if amount < 0}
    parts = [f"costs {amounts(losses, 'more')}"] * bool(losses)
    parts += [f"gains {amounts(gains, 'fewer')}"] * bool(gains)
    if gains and next(iter(changed)) in gains:
        parts.reverse()
    return ", but ".join(parts) or "costs nothing"


def price_code(loss: Mapping[str, Decimal | None]) -> Literal["costs", "gains", "costs-nothing"]:
    """Which of the three a loss is, by the first level that it touches."""
    first = next((amount for amount in loss.values() if amount), 0)
    return "costs" if first > 0 else "gains" if first < 0 else "costs-nothing"


def in_the_way(conflict: Sequence[str]) -> str:
    """The rules that stand in the way, as the end of a sentence."""
    return f": {names(conflict)}" if conflict else ""


def moves_told(
    moves: Sequence[Move],
    *,
    alone: Collection[str],
    asked: tuple[str, str] | None = None,
    with_points: bool = True,
) -> str:
    """Everybody who moves, in order, cut short: ``E07 gains 5, E03 moves to M09 and loses 17.5``.

    Parameters
    ----------
    moves
        Who moves, in the order in which it is told.
    alone
        Those whom it leaves without a mentor.
    asked
        The pair insisted on, (mentor, mentee): the sentence has named it already.
    with_points
        Whether points count for anything.
    """
    told = [_told(move, alone, asked, with_points) for move in moves]
    if len(told) > MOST_MOVES:
        more = len(told) - MOST_MOVES + 1
        told = [*told[: MOST_MOVES - 1], counted(more, "more mentee moves", "more mentees move")]
    return ", ".join(told) or "nobody moves"


def _told(move: Move, alone: Collection[str], asked: tuple[str, str] | None, with_points: bool) -> str:
    points = _points(move.change) if with_points else ""
    before, after = move.mentor_before, move.mentor_after
    if after is None:
        what = "is left without a mentor" if move.mentee in alone else f"has {before} no longer"
    elif (after, move.mentee) == asked:
        what = "" if before and points else f"leaves {before}" if before else "gets a mentor"
    elif before is None:
        what = f"gets {after}"
    else:
        what = f"moves to {after}"
    return f"{move.mentee} {' and '.join(part for part in (what, points) if part)}"


def _points(change: Decimal) -> str:
    if not change:
        return "scores the same"
    return f"{'gains' if change > 0 else 'loses'} {abs(change):,f}"
