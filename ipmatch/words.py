"""How sentences list people, counts and losses; the same words wherever a reason is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

__all__ = [
    "LEVEL_WORDS",
    "MOST_NAMES",
    "counted",
    "gained",
    "listed",
    "lost",
    "names",
    "rule_counts",
    "rule_words",
]

# A sentence names this many people at the most; the facts name all.
MOST_NAMES = 10

RULE_WORDS = {
    "forbidden": "the pair is forbidden",
    "avoids": "one avoids the other",
    "same-person": "they are the same person",
    "same-organisation": "they work for the same organisation",
    "availability": "they share no availability",
    "floor": "they share too little",
}

# What a rule says of one mentor, and of several.
_RULE_VERBS = {
    "forbidden": ("is forbidden", "are forbidden"),
    "avoids": ("avoids or is avoided", "avoid or are avoided"),
    "same-person": ("is the same person", "are the same person"),
    "same-organisation": ("works for the same organisation", "work for the same organisation"),
    "availability": ("shares no availability", "share no availability"),
    "floor": ("shares too little", "share too little"),
}

LEVEL_WORDS = {
    "placed": ("placed mentee", "placed mentees"),
    "further_mentors": ("further mentor", "further mentors"),
    "score": ("point", "points"),
    "waiting": ("round waited", "rounds waited"),
    "preferences": ("wish", "wishes"),
    "keep": ("earlier pair", "earlier pairs"),
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
    return RULE_WORDS.get(rule, f"the criterion {rule.partition(':')[2]} rules it out")


def lost(loss: Mapping[str, Decimal]) -> str:
    """A loss in words, first level first; what is gained follows what is lost."""
    losses = [_amount(level, amount) for level, amount in loss.items() if amount > 0]
    gains = [_amount(level, amount.copy_negate()) for level, amount in loss.items() if amount < 0]
    gained = f"gain {listed(gains)}" if gains else ""
    return ", but ".join(part for part in (listed(losses) if losses else "", gained) if part) or "nothing"


def gained(gain: Mapping[str, Decimal]) -> str:
    """A gain in words, first level first; what is lost follows what is gained."""
    gains = [_amount(level, amount) for level, amount in gain.items() if amount > 0]
    losses = [_amount(level, amount.copy_negate()) for level, amount in gain.items() if amount < 0]
    parts = (f"gain {listed(gains)}" if gains else "", f"lose {listed(losses)}" if losses else "")
    return ", but ".join(part for part in parts if part) or "change nothing"


def rule_counts(counts: Mapping[str, int], among: int) -> str:
    """How many of several mentors each rule keeps out: ``2 share too little and 1 is forbidden``."""
    every = "both" if among == 2 else "all"
    parts = []
    for rule, number in counts.items():
        by = f"ruled out by the criterion {rule.partition(':')[2]}"
        one, many = _RULE_VERBS.get(rule, (f"is {by}", f"are {by}"))
        parts.append(f"{every if number == among > 1 else number} {one if number == 1 else many}")
    return listed(parts)


def _amount(level: str, amount: Decimal) -> str:
    tier = level.partition(".")[2]
    return counted(amount, *LEVEL_WORDS.get(level, (f"{tier} pair", f"{tier} pairs")))
