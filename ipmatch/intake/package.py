"""The zip file a workbook is: unpacked within bounds, its sheets measured before anything is built of them.

What is refused here: archives that unpack to far more than a list of people, XML entities, sheets with a cell
far away from the others (a reader of whole rectangles would fill gigabytes), long texts repeated without end.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ipmatch.errors import Fault, InputError

from .grid import MOST_COLUMNS, MOST_ROWS, column_letters

__all__ = ["Package", "open_package"]

LARGEST_UNPACKED = 256 << 20
MOST_PARTS = 4_000
MOST_CELLS = 4_000_000
LARGEST_TEXT = 512 << 20

_LEFT_OUT = re.compile(
    r"xl/(externalLinks|media|drawings|embeddings|charts|printerSettings|vbaProject)", re.I
)
_START = rb"<(?:[\w.-]+:)?(row|c)((?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
# Behind the start of a cell, a plain value may end it: then there is nothing else in it.
_STARTS = re.compile(_START + rb"(?:<v>([^<]*)</v></c>)?")
_ANY_START = re.compile(rb"<(?:[\w.-]+:)?(?:row|c)[\s/>]")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]*)(\d*)\s*[\"']")
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*([^<]*)<")
_END = re.compile(rb"</(?:[\w.-]+:)?c\s*>")
_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s>]")
_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet(?:\s[^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w.-]+:)?(name|id|Id|Target)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\s[^>]*>")

_SAVE_ANEW = "Open it in Excel, save it as .xlsx, and try again."
_FORMULA_WITHOUT_VALUE = "a formula without a saved value"
_ERROR = "an error of the spreadsheet, such as #N/A"

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook, unpacked, and what stands in cells that a reader would take for empty."""

    parts: Mapping[str, bytes]
    odd: Mapping[str, Mapping[Place, str]] = field(default_factory=dict)

    def odd_cells(self, sheet: str) -> Mapping[Place, str]:
        """Cells of a sheet that hold something unreadable, by row and column counted from 0."""
        return self.odd.get(_targets(self.parts).get(sheet, ""), {})


def open_package(content: bytes, name: str) -> Package:
    """The parts of a workbook that matter, after a look at all of them.

    Raises
    ------
    InputError
        If it is no workbook, or one of the things this module refuses.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        what = "this is protected by a password, or an old .xls workbook."
        raise _refused(name, what, "Save it as .xlsx, without a password.")
    try:
        parts = _unpacked(content, name)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise _refused(name, "this is not a workbook that can be read.") from None
    if not any(part.lower() == "xl/workbook.xml" for part in parts):
        what = "this is not an .xlsx workbook."
        raise _refused(name, what)
    for text in parts.values():
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise _refused(name, "it defines XML entities, which no spreadsheet program writes.")
        if not text.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise _refused(name, "a part of it is not XML in UTF-8.")
    lengths = _string_lengths(parts)
    return Package(
        parts, {part: _measured(text, name, lengths) for part, text in parts.items() if _is_sheet(text)}
    )


def _refused(name: str, what: str, mend: str = _SAVE_ANEW) -> InputError:
    return InputError([Fault(name, what, mend)])


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        entries = file.infolist()
        if len(entries) > MOST_PARTS:
            raise _refused(name, "it has far too many parts.")
        for entry in entries:
            if not entry.filename.lower().endswith((".xml", ".rels")) or _LEFT_OUT.match(entry.filename):
                continue
            if entry.filename in parts:
                raise _refused(name, "a part of it is there twice.")
            if entry.flag_bits & 1:
                raise _refused(name, "it is protected by a password.", "Save it without a password.")
            with file.open(entry) as stream:
                text = stream.read(left + 1)
            left -= len(text)
            if left < 0:
                what = f"it unpacks to more than {LARGEST_UNPACKED >> 20} megabytes."
                raise _refused(name, what, "Keep one row for each person, and no pictures.")
            parts[entry.filename] = text
    return parts


def _is_sheet(text: bytes) -> bool:
    return b"sheetData" in text


def _string_lengths(parts: Mapping[str, bytes]) -> list[int]:
    """How many bytes each of the shared strings takes, at the most."""
    text = next((text for part, text in parts.items() if part.lower().endswith("sharedstrings.xml")), b"")
    starts = [found.start() for found in _STRING.finditer(text)]
    return [after - start for start, after in zip(starts, [*starts[1:], len(text)], strict=True)]


def _measured(text: bytes, name: str, lengths: list[int]) -> dict[Place, str]:
    """Cells with something unreadable in them, in a sheet whose rectangle and texts are of sensible size."""
    odd: dict[Place, str] = {}
    row, column, last_row, last_column, size, starts = -1, -1, 0, 0, 0, 0
    for start in _STARTS.finditer(text):
        starts += 1
        reference = _REFERENCE.search(start[2])
        letters, digits = (reference[1], reference[2]) if reference else (b"", b"")
        if len(letters) > 3 or len(digits) > 7:
            raise _refused(name, "a cell of it stands outside every sheet.")
        if start[1] == b"row":
            row, column = (int(digits) - 1 if digits else row + 1), -1
            continue
        column = _column(letters) if letters else column + 1
        row = int(digits) - 1 if digits else max(row, 0)
        if start[3]:
            continue
        last_row, last_column = max(last_row, row), max(last_column, column)
        if last_row >= MOST_ROWS or last_column >= MOST_COLUMNS or last_row * last_column > MOST_CELLS:
            what = f"the cell {column_letters(column)}{row + 1} is far away from a list of people."
            raise _refused(name, what, "Delete what stands in it, and save the workbook again.")
        size += _look(text, start, (row, column), odd, lengths)
        if size > LARGEST_TEXT:
            raise _refused(name, "its texts are far too long for a list of people.")
    if starts != sum(1 for _ in _ANY_START.finditer(text)):
        raise _refused(name, "its cells are written as no spreadsheet program writes them.")
    return odd


def _look(
    text: bytes, start: re.Match[bytes], place: Place, odd: dict[Place, str], lengths: list[int]
) -> int:
    """The size of a cell's text; a cell with something unreadable in it is put on the list."""
    kind = _TYPE.search(start[2])
    if start[4] is not None and not (kind and kind[1] == b"e"):
        return _size(start[4], kind, lengths)
    end = _END.search(text, start.end())
    inside = text[start.end() : end.start() if end else len(text)]
    value = _VALUE.search(inside)
    if kind and kind[1] == b"e":
        odd[place] = _ERROR
    elif _FORMULA.search(inside) and (value is None or not value[1]):
        odd[place] = _FORMULA_WITHOUT_VALUE
    return _size(value[1], kind, lengths) if value else len(inside)


def _size(value: bytes, kind: re.Match[bytes] | None, lengths: list[int]) -> int:
    """The size of a value; one shared with other cells is as long as what it points at."""
    if kind and kind[1] == b"s" and value.strip().isdigit():
        index = int(value[:9])
        return lengths[index] if index < len(lengths) else 0
    return len(value)


@cache
def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column - 1


def _targets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Which part holds each sheet, by the sheet's name."""
    book = next((part for part in parts if part.lower() == "xl/workbook.xml"), "")
    relations = {
        found["Id"]: found["Target"]
        for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b""))
        if {"Id", "Target"} <= (found := _attributes(relation)).keys()
    }
    targets = {}
    for sheet in _SHEET.findall(parts.get(book, b"")):
        found = _attributes(sheet)
        target = relations.get(found.get("id", ""), "")
        targets[found.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return targets


def _attributes(tag: bytes) -> dict[str, str]:
    from html import unescape

    return {
        found[2].decode(): unescape((found[3] or found[4] or b"").decode("utf-8", "replace"))
        for found in _ATTRIBUTE.finditer(tag)
    }
