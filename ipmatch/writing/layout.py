"""Text laid out for a given width: paragraphs, lists, and tables whose cells wrap; nothing is cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from ipmatch.document import plain
from ipmatch.writing.characters import cut, shown, width

__all__ = ["WIDEST_PROSE", "Paper", "aligned", "number", "wrap"]

GAP = 2
# Tables and lists stand so far in.
INDENT = 2
# A last column narrower than this is easier to read on lines of its own.
LEAST_LAST = 26
LEAST_COLUMN = 4
# Prose is hard to follow over longer lines, however wide the window is.
WIDEST_PROSE = 110


def number(value: Decimal | int) -> str:
    """A number exactly, without exponent or trailing zeros."""
    return f"{plain(Decimal(value)):f}"


def aligned(values: Sequence[Decimal | int]) -> list[str]:
    """Numbers padded on the right so that, set flush right, their decimal points stand in one column."""
    texts = [number(value) for value in values]
    tails = [len(text) - len(text.partition(".")[0]) for text in texts]
    longest = max(tails, default=0)
    return [text + " " * (longest - tail) for text, tail in zip(texts, tails, strict=True)]


class Paper:
    """A page of a given width; lines are collected with :meth:`say`, :meth:`listing` and :meth:`table`."""

    def __init__(self, columns: int = 80, encoding: str = "utf-8") -> None:
        self.columns = max(columns, 24)
        self.encoding = encoding
        self.lines: list[str] = []

    def __str__(self) -> str:
        return "".join(f"{line.rstrip()}\n" for line in self.lines)

    def heading(self, text: str) -> None:
        """A heading, with an empty line above it."""
        if self.lines:
            self.lines.append("")
        self.say(text)

    def say(self, text: str, *, indent: int = 0, further: int = 0) -> None:
        """A paragraph; its further lines start ``further`` columns more to the right."""
        lines = wrap(self._clean(text), min(self.columns, WIDEST_PROSE) - indent - further)
        self.lines += [" " * (indent + (further if place else 0)) + line for place, line in enumerate(lines)]

    def hint(self, commands: Sequence[str]) -> None:
        """Commands to try next, if there are any; in one line each, so that they can be pasted."""
        if commands:
            self.heading("Next")
        self.lines += [" " * INDENT + self._clean(command) for command in commands]

    def listing(self, rows: Sequence[tuple[str, str]], *, indent: int = INDENT) -> None:
        """A label and a sentence in each row, the sentences one under the other."""
        cleaned = [(self._clean(label), sentence) for label, sentence in rows]
        most = max(self.columns // 3, 8)
        column = max((width(label) for label, _ in cleaned if width(label) <= most), default=0) + GAP
        for label, sentence in cleaned:
            lines = wrap(self._clean(sentence), min(self.columns, WIDEST_PROSE) - indent - column)
            if width(label) > most:
                self.lines += [" " * indent + line for line in wrap(label, self.columns - indent)]
            else:
                lines[0] = label + " " * (column - width(label)) + lines[0]
            first = 0 if width(label) > most else 1
            self.lines += [
                " " * (indent + (column if place >= first else 0)) + line for place, line in enumerate(lines)
            ]

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: Collection[int] = (),
    ) -> None:
        """Rows under headings; cells wrap, and the last column moves below its row where there is no room.

        Where even so the columns are too many, each row is a list under its first cell.
        """
        cells = [[self._clean(cell) for cell in row] for row in (headings, *rows)]
        widths, stacked = self._widths(cells, self.columns - INDENT)
        if sum(widths) + GAP * (len(widths) - 1) > self.columns - INDENT:
            for first, *others in cells[1:]:
                self.say(first, indent=INDENT)
                named = zip(cells[0][1:], others, strict=True)
                self.listing([(name, cell) for name, cell in named if cell], indent=INDENT + 2)
            return
        for place, row in enumerate(cells):
            beside = row[:-1] if stacked else row
            self.lines += [" " * INDENT + line for line in _side_by_side(beside, widths, right)]
            if place == 0:
                rules = ["-" * column for column in widths]
                self.lines += [" " * INDENT + line for line in _side_by_side(rules, widths, ())]
            elif stacked and row[-1]:
                self.say(row[-1], indent=INDENT + 4)

    def _widths(self, cells: Sequence[Sequence[str]], room: int) -> tuple[list[int], bool]:
        """The width of each column, and whether the last one goes below (then it is left out)."""
        natural = [max(width(cell) for cell in column) for column in zip(*cells, strict=True)]
        most = max(room // 4, 10)
        fixed = [min(column, most) for column in natural[:-1]]
        left = room - sum(fixed) - GAP * len(fixed)
        if left >= min(natural[-1], LEAST_LAST):
            return [*fixed, min(natural[-1], left)], False
        while sum(fixed) + GAP * (len(fixed) - 1) > room and max(fixed) > LEAST_COLUMN:
            fixed[fixed.index(max(fixed))] -= 1
        return fixed, True

    def _clean(self, text: str) -> str:
        return shown(text, self.encoding)


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns``, broken between words where it can be."""
    lines: list[str] = []
    line: str | None = None
    for word in text.split(" "):
        joined = word if line is None else f"{line} {word}"
        if width(joined) <= columns:
            line = joined
            continue
        if line is not None:
            lines.append(line)
        *pieces, line = _pieces(word, columns)
        lines += pieces
    return [*lines, line or ""]


def _pieces(word: str, columns: int) -> Iterator[str]:
    while width(word) > columns:
        piece, word = cut(word, columns)
        if not word:
            word = piece
            break
        yield piece
    yield word


def _side_by_side(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> Iterator[str]:
    columns = [wrap(cell, column) for cell, column in zip(row, widths, strict=True)]
    for place in range(max(map(len, columns))):
        texts = [lines[place] if place < len(lines) else "" for lines in columns]
        padded = [
            " " * (column - width(text)) + text if place in right else text + " " * (column - width(text))
            for place, (text, column) in enumerate(zip(texts, widths, strict=True))
        ]
        yield (" " * GAP).join(padded).rstrip()
