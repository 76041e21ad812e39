"""Characters as they may be shown: how wide each is, and which must not reach a terminal as they are."""

from __future__ import annotations

import json
import unicodedata

__all__ = ["cut", "escaped", "is_invisible", "seen", "shown", "width"]

# Zero-width joiners spell words in Persian and Indic names; every other invisible character is escaped.
_JOINERS = "\u200c\u200d"
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_PLAIN = {
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "×": "x",
    "·": ".",
}
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def is_invisible(character: str) -> bool:
    """Whether a character controls how text looks instead of being seen: controls, bidi marks, line ends."""
    return unicodedata.category(character) in _INVISIBLE and character not in _JOINERS


def escaped(character: str) -> str:
    r"""A character as Python would write it: ``\\x1b``, ``\\u202e``."""
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def seen(text: str) -> str:
    """JSON text with escapes for characters that cannot be seen, which stand in its strings only."""
    if text.isprintable():
        return text
    return "".join(json.dumps(one)[1:-1] if is_invisible(one) else one for one in text)


def shown(text: str, encoding: str = "utf-8") -> str:
    """The text safe to show: invisible characters, and those the encoding lacks, are spelt out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character, encoding) for character in text)


def _shown(character: str, encoding: str) -> str:
    if is_invisible(character):
        return escaped(character)
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return _PLAIN.get(character) or escaped(character)
    return character


def width(text: str) -> int:
    """How many columns a terminal gives the text: 2 for wide characters, 0 for combining ones."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut(text: str, columns: int) -> tuple[str, str]:
    """The longest beginning that fits into ``columns`` (at least one character), and the rest."""
    used = 0
    for place, character in enumerate(text):
        used += _columns(character)
        if used > columns and place:
            return text[:place], text[place:]
    return text, ""


def _columns(character: str) -> int:
    if (
        unicodedata.category(character) in ("Mn", "Me")
        or character in _JOINERS
        or "\u1160" <= character <= "\u11ff"
    ):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
