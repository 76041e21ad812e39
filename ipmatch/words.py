"""How sentences list people, counts and losses; the same words wherever a reason is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

__all__ = ["LEVEL_WORDS", "counted", "listed", "lost", "names"]

# A sentence names this many people at the most; the facts name all.
MOST_NAMES = 10

RULE_WORDS = {
    "forbidden": "a forbidden pair",
    "avoids": "avoided by one of the two",
    "same-person": "the same person",
    "same-organisation": "the same organisation",
    "availability": "no shared availability",
    "floor": "shares too little (below the floor)",
}

LEVEL_WORDS = {
    "placed": ("placed mentee", "placed mentees"),
    "further_mentors": ("further mentor", "further mentors"),
    "score": ("point", "points"),
}


def counted(number: int | Decimal, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 place``, ``2 places``."""
    return (
        f"{number:,f} {one if number == 1 else many or one + 's'}"
        if isinstance(number, Decimal)
        else (f"{number:,} {one if number == 1 else many or one + 's'}")
    )


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words as a sentence lists them: ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def names(ids: Sequence[str], joint: str = "and") -> str:
    """Ids as a sentence lists them, cut short with the number left out."""
    if len(ids) <= MOST_NAMES:
        return listed(ids, joint)
    return listed([*ids[: MOST_NAMES - 1], f"{len(ids) - MOST_NAMES + 1} more"], joint)


def rule_words(rule: str) -> str:
    """A hard rule about a pair, in words."""
    return RULE_WORDS.get(rule, f"the criterion {rule.partition(':')[2]}")


def lost(loss: Mapping[str, Decimal]) -> str:
    """A loss in words, first level first; what is gained at a later level follows what is lost at an earlier one."""
    parts = []
    for level, amount in loss.items():
        if amount:
            one, many = LEVEL_WORDS.get(
                level, (f"{level.partition('.')[2]} pair", f"{level.partition('.')[2]} pairs")
            )
            gain = " more" if amount < 0 else ""
            parts.append(f"{abs(amount):,f}{gain} {one if abs(amount) == 1 else many}")
    return listed(parts, "but") if parts else "nothing"
