"""The column map as TOML: what each column was read as, to be edited and given back with ``--columns``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ipmatch.intake.report import Intake, SheetRead

__all__ = ["columns_toml"]

_HEAD = """\
# What each column was read as. Edit it, and give it back with --columns.
# field = "heading", or field = ["heading", "another"]; ignore = headings that are not read.

[programme]
"""


def columns_toml(intake: Intake, name: str | None, regions: Sequence[str]) -> str:
    """The map of every sheet that was read; columns that were not stand under ``ignore``."""
    lines = [_HEAD.rstrip("\n")]
    if name:
        lines.append(f"name = {_text(name)}")
    lines.append(f"regions = [{', '.join(map(_text, regions))}]")
    sections = {"mentor": "mentors", "mentee": "mentees", "both": "columns"}
    for side, section in sections.items():
        fields = _fields(sheet for sheet in intake.sheets if sheet.side == side)
        if fields:
            lines += ["", f"[{section}]", *(f"{field} = {_texts(heads)}" for field, heads in fields.items())]
    return "\n".join(lines) + "\n"


def _fields(sheets: Iterable[SheetRead]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for sheet in sheets:
        for column in sheet.columns:
            headings = fields.setdefault(column.field or "ignore", [])
            if column.heading not in headings:
                headings.append(column.heading)
    return fields


def _texts(headings: Sequence[str]) -> str:
    return _text(headings[0]) if len(headings) == 1 else f"[{', '.join(map(_text, headings))}]"


def _text(text: str) -> str:
    # What JSON escapes, TOML reads; it lacks only the one character between them.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
