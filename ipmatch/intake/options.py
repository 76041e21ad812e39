"""A second row of headings: the options of one question, each ticked in a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ipmatch.vocabulary.text import normalise

from .grid import Cell, Grid
from .reading_of import text_of

__all__ = ["with_options_joined"]

# What stands there where a question has one column.
_KINDS = {"response", "open-ended response"}
_TICKS = {"1", "x", "y", "yes", "true", "ticked", "checked", "selected", "✓", "✔", "☑"}


def with_options_joined(grid: Grid, head: int, headed: Sequence[int], who: Iterable[int]) -> Grid | None:
    """The grid with the options ticked under one question in one cell; ``None`` if it has no such columns.

    SurveyMonkey and merged headings leave it so: the question over the first option alone, and under it a row
    that names the options. That row tells nobody's name or address, and below it each option's column holds
    its words, a tick or nothing.

    Parameters
    ----------
    grid, head
        The sheet, and which of its rows holds the headings.
    headed, who
        The columns with a heading, and those of them that tell who somebody is.
    """
    below = grid.rows[head + 1] if head + 1 < len(grid.rows) else ()
    options = {index: text_of(cell).strip() for index, cell in enumerate(below) if cell != ""}
    who = list(who)
    spans = _spans(headed, options)
    only_kinds = bool(options) and all(normalise(option) in _KINDS for option in options.values())
    if not (who and (spans or only_kinds)) or any(index in options for index in who):
        return None
    rows = grid.rows[head + 2 :]
    bare = [index for indices in spans.values() for index in indices[1:]]
    if not all(_is_ticked(_cell(row, index), options[index]) for row in rows for index in bare):
        return None
    blank: list[Cell] = [""] * len(below)
    return replace(
        grid, rows=[*grid.rows[: head + 1], blank, *(_joined(row, spans, options) for row in rows)]
    )


def _spans(headed: Sequence[int], options: Mapping[int, str]) -> dict[int, list[int]]:
    """Each question with several options, and their columns, its own first."""
    spans: dict[int, list[int]] = {}
    for place, first in enumerate(headed):
        end = headed[place + 1] if place + 1 < len(headed) else max(options, default=0) + 1
        columns = [index for index in range(first, end) if index in options]
        if first in options and len(columns) > 1:
            spans[first] = columns
    return spans


def _is_ticked(cell: Cell, option: str) -> bool:
    text = normalise(text_of(cell))
    return not text or text == normalise(option) or text in _TICKS or normalise(option).startswith("other")


def _joined(
    row: Sequence[Cell], spans: Mapping[int, Sequence[int]], options: Mapping[int, str]
) -> list[Cell]:
    cells = list(row)
    for first, columns in spans.items():
        ticked = [(text_of(_cell(row, index)).strip(), options[index]) for index in columns]
        chosen = [option if normalise(text) in _TICKS else text for text, option in ticked if text]
        for index in columns:
            if index < len(cells):
                cells[index] = ""
        if chosen:
            cells[first] = ";".join(chosen)
    return cells


def _cell(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else ""
