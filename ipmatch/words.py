"""How sentences list people, counts and losses; the same words wherever a reason is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

__all__ = [
    "MOST_NAMES",
    "NOTHING_FURTHER",
    "after_those_had",
    "amounts",
    "counted",
    "gained",
    "level_nouns",
    "listed",
    "lost",
    "names",
    "rule_counts",
    "rule_words",
]

# A sentence names this many people at the most; the facts name all.
MOST_NAMES = 10
# Begins the reason of a mentor whom nobody outdoes; headings over such reasons tell them by it.
NOTHING_FURTHER = "No further pair is worth making"

RULE_WORDS = {
    "forbidden": "the pair is forbidden",
    "avoids": "one avoids the other",
    "same-person": "they are the same person",
    "same-organisation": "they work for the same organisation",
    "availability": "they share no availability",
    "session": "no session suits both",
    "floor": "they share too little",
}

# What a rule says of one mentor, and of several.
_RULE_VERBS = {
    "forbidden": ("is forbidden", "are forbidden"),
    "avoids": ("avoids or is avoided", "avoid or are avoided"),
    "same-person": ("is the same person", "are the same person"),
    "same-organisation": ("works for the same organisation", "work for the same organisation"),
    "availability": ("shares no availability", "share no availability"),
    "session": ("can come to none of the same sessions", "can come to none of the same sessions"),
    "floor": ("shares too little", "share too little"),
}

# Loads shared out by thirds have no end of decimals; a sentence shows these.
SHOWN_PLACES = 3

LEVEL_WORDS = {
    "placed": ("placed mentee", "placed mentees"),
    "further_mentors": ("further mentor", "further mentors"),
    "score": ("point", "points"),
    "fairness": ("point of the lowest score", "points of the lowest score"),
    "leximin": ("point of the lowest score", "points of the lowest score"),
    "balance": ("unit of balance", "units of balance"),
    "waiting": ("round waited", "rounds waited"),
    "preferences": ("wish", "wishes"),
    "keep": ("earlier pair", "earlier pairs"),
}


def counted(number: int | Decimal, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 place``, ``2 places``."""
    noun = one if number == 1 else many or one + "s"
    return f"{number.normalize():,f} {noun}" if isinstance(number, Decimal) else f"{number:,} {noun}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words as a sentence lists them: ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def names(ids: Sequence[str], joint: str = "and") -> str:
    """Ids as a sentence lists them, cut short with the number left out."""
    if len(ids) <= MOST_NAMES:
        return listed(ids, joint)
    return listed([*ids[: MOST_NAMES - 1], f"{len(ids) - MOST_NAMES + 1:,} more"], joint)


def rule_words(rule: str) -> str:
    """A hard rule about a pair, in words."""
    return RULE_WORDS.get(rule, f"the criterion {rule.partition(':')[2]} rules it out")


def lost(loss: Mapping[str, Decimal]) -> str:
    """A loss in words, first level first; what is gained follows what is lost."""
    losses, gains = amounts(loss, "more"), amounts(_turned(loss), "fewer")
    return ", but ".join([*[losses] * bool(losses), *[f"gain {gains}"] * bool(gains)]) or "nothing"


def gained(gain: Mapping[str, Decimal]) -> str:
    """A gain in words, first level first; what is lost follows what is gained."""
    gains, losses = amounts(gain, "fewer"), amounts(_turned(gain), "more")
    parts = [*[f"gain {gains}"] * bool(gains), *[f"lose {losses}"] * bool(losses)]
    return ", but ".join(parts) or "change nothing"


def amounts(by_level: Mapping[str, Decimal], than: Literal["more", "fewer"]) -> str:
    """The amounts above 0 in words; of pairs at a low score the matching then has ``more``, or ``fewer``."""
    parts = [_amount(level, amount, than) for level, amount in by_level.items() if amount > 0]
    return listed(parts) if parts else ""


def _turned(by_level: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {level: amount.copy_negate() for level, amount in by_level.items() if amount < 0}


def rule_counts(counts: Mapping[str, int], among: int) -> str:
    """How many of several mentors each rule keeps out: ``2 share too little and 1 is forbidden``."""
    every = "both" if among == 2 else "all"
    parts = []
    for rule, number in counts.items():
        by = f"ruled out by the criterion {rule.partition(':')[2]}"
        one, many = _RULE_VERBS.get(rule, (f"is {by}", f"are {by}"))
        parts.append(f"{every if number == among > 1 else number} {one if number == 1 else many}")
    return listed(parts)


def after_those_had(mentee: str, given: int, wanted: int, because: str) -> str:
    """A reason for having no more mentors, after how many of those asked for there are, if any."""
    return (
        f"{mentee} has {counted(given, 'mentor')} of the {wanted} asked for. {because}" if given else because
    )


def level_nouns(level: str) -> tuple[str, str]:
    """What a level counts, one and many."""
    kind, _, rest = level.partition(".")
    return LEVEL_WORDS.get(kind, (f"{rest or kind} pair", f"{rest or kind} pairs"))


def _amount(level: str, amount: Decimal, than: str) -> str:
    kind, _, score = level.partition(".")
    if kind == "leximin" and score:
        # Of pairs at a low score few are wanted: more are a loss.
        return counted(amount, f"{than} pair at {score}", f"{than} pairs at {score}")
    short = round(amount, SHOWN_PLACES)
    if kind == "balance" and amount != short != 0:
        return f"about {counted(short, *level_nouns(level))}"
    return counted(amount, *level_nouns(level))
