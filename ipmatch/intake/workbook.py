"""Workbooks (.xlsx) as grids of cells, with no native code that a damaged file could make abort."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ipmatch.errors import Fault, InputError

from .elements import Defined, walk
from .grid import Grid, checked
from .package import refused, unpack
from .serials import formats_of
from .wording import texts_of
from .worksheet import Book, Sheet, sheet_of

__all__ = ["workbook_grids"]

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def workbook_grids(content: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook that hold anything, in order; one that is hidden is given without its rows.

    Formulas are never run: their saved values are read. Links to other files are never followed.

    Raises
    ------
    InputError
        If it is no workbook, is broken or protected, or is far too large for a list of people.
    """
    parts = unpack(content, name)
    try:
        grids = list(_grids(parts, name))
    except InputError:
        raise
    except Defined:
        raise refused(name, "it defines XML entities, which no spreadsheet program writes.") from None
    except (LookupError, ValueError):
        raise refused(name, "this workbook is broken.") from None
    if not any(grid.rows for grid in grids):
        raise InputError([Fault(name, "no sheet of this workbook holds anything.", "Check the file.")])
    return grids if len(grids) > 1 else [replace(grids[0], sheet=None)]


@dataclass(frozen=True, slots=True)
class _Tab:
    """A sheet as the workbook lists it."""

    title: str
    relation: str
    is_visible: bool


@dataclass(slots=True)
class _Listed:
    """What the workbook itself says: its sheets, and from when it counts days."""

    tabs: list[_Tab] = field(default_factory=list)
    since_1904: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            # The prefix of the relationship's id is the workbook's own choice.
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            is_visible = attributes.get("state", "visible") == "visible"
            self.tabs.append(_Tab(attributes["name"], relation, is_visible))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")


def _grids(parts: Mapping[str, bytes], name: str) -> Iterator[Grid]:
    listed = _Listed()
    walk(parts[_BOOK], listed.start)
    relations = _relations(parts)
    book = Book(
        name,
        texts_of(parts["xl/sharedstrings.xml"]) if "xl/sharedstrings.xml" in parts else (),
        formats_of(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else (),
        listed.since_1904,
    )
    seen: set[str] = set()
    for tab in listed.tabs:
        kind, part = relations[tab.relation]
        if kind != "worksheet":
            continue
        if not tab.is_visible:
            yield Grid(name, tab.title, [], title=tab.title)
            continue
        if part in seen:
            raise refused(name, "two of its sheets are one.")
        seen.add(part)
        sheet = sheet_of(parts[part], book)
        if _holds_anything(sheet):
            yield checked(Grid(name, tab.title, sheet.rows, 1, sheet.odd, tab.title))


def _holds_anything(sheet: Sheet) -> bool:
    return any(cell != "" for row in sheet.rows for cell in row)


def _relations(parts: Mapping[str, bytes]) -> Mapping[str, tuple[str, str]]:
    """By the id of a relationship its kind, and the part it leads to."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/").lower()
            found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    walk(parts[_RELATIONS], start)
    return found
