"""The texts in a workbook: those that many cells share, and those that stand in one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .elements import walk

__all__ = ["Words", "texts_of", "unescaped"]

# How a workbook writes a character that XML may not hold.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def texts_of(text: bytes) -> list[str]:
    """The texts that the cells of all sheets point at, without what tells how to pronounce them."""
    found: list[str] = []
    reader = Words()

    def start(name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            reader.forget()
        reader.start(name)

    def end(name: str) -> None:
        reader.end(name)
        if name == "si":
            found.append(unescaped(reader.text).strip())

    walk(text, start, end, reader.words)
    return found


class Words:
    """Gathers what is written in values and runs of text, but not how it is pronounced."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._gathers = self._is_spoken = False

    @property
    def text(self) -> str:
        """All of it since it was last forgotten."""
        return "".join(self._pieces)

    def forget(self) -> None:
        """Begin anew."""
        self._pieces = []

    def start(self, name: str) -> None:
        """An element begins."""
        if name in ("v", "t"):
            self._gathers = not self._is_spoken
        elif name == "rPh":
            self._is_spoken = True

    def end(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t"):
            self._gathers = False
        elif name == "rPh":
            self._is_spoken = False

    def words(self, text: str) -> None:
        """Text of whatever element is open."""
        if self._gathers:
            self._pieces.append(text)


def unescaped(text: str) -> str:
    """The text with the characters it means."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
