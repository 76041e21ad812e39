"""The report as Markdown: the same tables, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipmatch.reporting.material import Material
from ipmatch.writing import digest
from ipmatch.writing.layout import number
from ipmatch.writing.markdown import safe, table
from ipmatch.writing.report.grid import Cell, Column, Table
from ipmatch.writing.report.standing import heading_of, standing_of
from ipmatch.writing.report.tables import tables_of
from ipmatch.writing.story import story_of

__all__ = ["report_markdown", "section"]


def report_markdown(material: Material) -> str:
    """The whole report as Markdown with tables as GitHub has them."""
    return "\n".join(_lines(material))


def _lines(material: Material) -> Iterator[str]:
    matching = material.matching
    names = material.names
    yield f"# {heading_of(matching)}\n"
    if material.cohort.programme.name:
        yield f"{safe(material.cohort.programme.name)}\n"
    yield f"{safe(standing_of(matching))}\n"
    yield f"**{safe(digest.verdict(matching))}** {safe(digest.in_reserve(matching))}\n"
    if matching.rematch is not None:
        yield f"{safe(story_of(matching.rematch))}\n"
    for words in material.left_out:
        yield f"{safe(words)}\n"
    for each in tables_of(material).values():
        if each.rows:
            yield from section(each, names)


def section(each: Table, names: Mapping[str, str]) -> Iterator[str]:
    """A table under its heading, with the note."""
    yield f"## {safe(each.title)}\n"
    yield f"{safe(each.note)}\n"
    rows = [
        [_cell(value, column, names) for value, column in zip(row, each.columns, strict=True)]
        for row in each.rows
    ]
    numbers = [column.kind == "number" for column in each.columns]
    yield from table([column.title for column in each.columns], rows, right=numbers)


def _cell(value: Cell, column: Column, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        known = column.kind == "person" and value in names
        return f"{value} {names[value]}" if known else value
    return number(value)
