"""Free text about scope: the scopes it names, and by which words; what to ask, and what is not understood.

``scope_words.csv`` lists the words that change nothing about the scope beside them (*neutral*). Beside any
other word a scope is asked about: "chest infections" and "my colleague's diabetes clinic" are not what they
seem. Words of *reserve* ("not", "previously", "hope") hold for what follows too, up to a *turn* ("now").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from .scopes import read_exactly
from .tables import read_table
from .text import fold, plain_words

__all__ = ["ScopeAnswer", "ScopeFound", "read_scope_answer"]

# Where one thing ends and the next begins. "i.e." and "b12" hold no such mark; "1. Asthma 2. COPD" does.
_BREAK = re.compile(r"[;:,+\n\r•·|()\[\]]+|\.\s|\s-+\s|\b\d+[.)]\s|\bbut\b")

LONGEST_PHRASE = 7

_Piece = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ScopeFound:
    """A scope, and the words it was read from."""

    scope: str
    words: str


@dataclass(frozen=True, slots=True)
class ScopeAnswer:
    """How an answer was read.

    ``hedged`` are scopes named with reserve ("not diabetes", "used to do HIV", "hope to learn pain"); they
    and the ``questions`` are asked about, never taken. ``unread`` are words in which no scope was found.
    """

    found: tuple[ScopeFound, ...] = ()
    hedged: tuple[ScopeFound, ...] = ()
    questions: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes named plainly, sorted."""
        return tuple(sorted({found.scope for found in self.found}))


@lru_cache(maxsize=16384)
def read_scope_answer(text: str) -> ScopeAnswer:
    """The scopes an answer names: the whole answer first, then the longest phrases of each part.

    Deterministic, and taken from the table alone: nothing merely similar is ever accepted.
    """
    words = plain_words(text)
    if whole := read_exactly(words):
        found_whole = (ScopeFound(whole.scope, words),) if whole.scope else ()
        return ScopeAnswer(found=found_whole, questions=(whole.question,) if whole.question else ())
    # Dicts, for they keep each thing once, in the order in which it came.
    found: dict[ScopeFound, None] = {}
    hedged: dict[ScopeFound, None] = {}
    questions: dict[str, None] = {}
    unread: dict[str, None] = {}
    reserve = False
    for part in _parts(text):
        pieces = tuple(_pieces(part.split()))
        kinds = {_words().get(piece) for kind, piece, _ in pieces if kind == "word"}
        reserve = "reserve" in kinds or (reserve and _words().get(pieces[0][1]) != "turn")
        if reserve and all(kind != "scope" for kind, _, _ in pieces):
            # "HIV (in the past)": a reserve that names nothing speaks of what came before.
            hedged.update(found)
            found.clear()
        plain = not reserve and None not in kinds and not _in_one_breath(pieces)
        for kind, piece, what in pieces:
            if kind == "scope":
                (found if plain else hedged)[ScopeFound(what, piece)] = None
            elif kind == "question":
                questions[what] = None
        unread.update(dict.fromkeys(_runs(pieces)))
    return ScopeAnswer(tuple(found), tuple(hedged), tuple(questions), tuple(unread))


def _in_one_breath(pieces: tuple[_Piece, ...]) -> bool:
    """Whether two scopes stand side by side: "eye infections" is neither eye care nor infections."""
    return any(a[0] == b[0] == "scope" and a[2] != b[2] for a, b in pairwise(pieces))


def _parts(text: str) -> Iterator[str]:
    for part in _BREAK.sub(lambda mark: "\n but " if mark[0] == "but" else "\n", _folded(text)).split("\n"):
        # A slash joins ("depression/anxiety" is one phrase) and parts ("HIV/TB" are two scopes).
        if words := " / ".join(filter(None, map(plain_words, part.split("/")))):
            yield words


def _folded(text: str) -> str:
    """The text in one case, its line breaks kept: they part one thing from the next."""
    return "\n".join(map(fold, text.splitlines()))


def _pieces(tokens: list[str]) -> Iterator[_Piece]:
    """The words of a part, the longest known phrase first: scopes, questions, false friends, other words."""
    phrases, place = _phrases(), 0
    while place < len(tokens):
        for length in range(min(LONGEST_PHRASE, len(tokens) - place), 0, -1):
            phrase = " ".join(word for word in tokens[place : place + length] if word != "/")
            if phrase in phrases and "/" not in (tokens[place], tokens[place + length - 1]):
                kind, what = phrases[phrase]
                yield kind, phrase, what
                place += length
                break
        else:
            if tokens[place] == "non" and place + 1 < len(tokens):
                yield "word", f"non {tokens[place + 1]}", ""
                place += 2
            else:
                yield "word", tokens[place], ""
                place += 1


def _runs(pieces: tuple[_Piece, ...]) -> Iterator[str]:
    """Words side by side in which nothing was found."""
    run: list[str] = []
    for kind, piece, _ in [*pieces, ("end", "", "")]:
        if kind in ("word", "friend") and piece != "/":
            run.append(piece)
        elif run:
            yield " ".join(run)
            run = []


@cache
def _words() -> dict[str, str]:
    return {"/": "neutral"} | {row["word"]: row["kind"] for row in read_table("scope_words")}


@cache
def _phrases() -> dict[str, tuple[str, str]]:
    phrases = {
        plain_words(name): ("scope", row["scope"])
        for row in read_table("scope_taxonomy")
        for name in (row["scope"], *row["synonyms"].split(";"))
        # "=" marks a synonym that counts only as the whole answer.
        if not name.startswith("=")
    }
    ambiguous = read_table("scope_ambiguous")
    phrases |= {plain_words(row["abbreviation"]): ("question", row["question_to_ask"]) for row in ambiguous}
    friends = read_table("scope_false_friends")
    return phrases | {plain_words(row["phrase"]): ("friend", row["why"]) for row in friends}
