"""One way to compare what people type: case, spacing and typography never make a difference."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

_STRAIGHT = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼ", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    # Invisible characters that come along when text is pasted: soft hyphen, zero-width ones, byte order mark.
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)


def fold(text: str) -> str:
    """The text in one case, with straight quotes and hyphens and single spaces; no word or mark is lost."""
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    # Typography first: NFKC would split an acute accent standing alone into a space and a combining mark.
    folded = unicodedata.normalize("NFKC", text.translate(_STRAIGHT)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).translate(_STRAIGHT).split())


def normalise(text: str) -> str:
    """The text folded, without the punctuation at its end: the ``;`` of a survey export, a full stop."""
    return fold(text).rstrip(" .,;:!?")


def plain_words(text: str) -> str:
    """The words alone: ``&`` is read as "and", apostrophes are dropped, other punctuation separates words."""
    return " ".join(re.split(r"[\W_]+", fold(text).replace("'", "").replace("&", " and "))).strip()


def spellings(used: Iterable[str]) -> dict[str, str]:
    """For each text, the spelling most used of those that differ in case, spacing or typography alone."""
    found: dict[str, str] = {}
    counts = Counter(used)
    # Among equals one with a capital and small letters, such as the name of a place has.
    for text in sorted(counts, key=lambda text: (-counts[text], text.isupper() or text.islower(), text)):
        found.setdefault(normalise(text), text)
    return {text: found[normalise(text)] for text in counts}


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known name most like the word, or None; to be shown as a question, never to be accepted."""
    spelling = {normalise(name): name for name in sorted(known, reverse=True)}
    close = get_close_matches(normalise(word), spelling, n=1, cutoff=0.7)
    return spelling[close[0]] if close else None
