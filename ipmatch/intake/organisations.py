"""Organisations and what became of them: a table ``code,name,parent,successor``, as ODS publishes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ipmatch.errors import Fault, InputError
from ipmatch.vocabulary.organisations import organisation_key

from .grid import Grid

__all__ = ["Organisations", "organisations_of"]

_COLUMNS = ("code", "name", "parent", "successor")


@dataclass(frozen=True, slots=True)
class Organisations:
    """What a name or a code of an organisation stands for today; one not in the table stands for itself."""

    today: Mapping[str, str] = field(default_factory=dict)

    def now(self, written: str) -> tuple[str, bool]:
        """The name it goes by today, and whether the table knows it."""
        found = self.today.get(organisation_key(written))
        return (found, True) if found else (written, False)


def organisations_of(grid: Grid, *, of_parents: bool = False) -> Organisations:
    """The table of a sheet; ``of_parents`` takes the parent for each organisation that has one.

    Raises
    ------
    InputError
        If columns are missing, a code is repeated or unknown, or successors or parents go in a circle.
    """
    headings = grid.headings()
    if not {"code", "name", "successor"} <= set(headings):
        what = f"this is no table of organisations: its columns are to be {', '.join(_COLUMNS)}."
        raise InputError([Fault(grid.place, what, "Name them in its first row.")])
    rows: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    faults: list[Fault] = []
    for number, row in grid.below():
        cells = dict(zip(headings, row, strict=False))
        code = organisation_key(cells["code"])
        if not code and not cells["name"]:
            continue
        if not code or code in rows:
            what = "this code stands in an earlier row." if code else "no code."
            faults.append(
                Fault(grid.row_place(number), what, "Give every organisation one row, with its code.")
            )
            continue
        rows[code], numbers[code] = cells, number
    links = ("successor", "parent") if of_parents else ("successor",)
    for code, cells in rows.items():
        for link in links:
            if (to := organisation_key(cells.get(link, ""))) and to not in rows:
                what = f"the {link} has no row of its own."
                faults.append(Fault(grid.row_place(numbers[code]), what, "Add it, or leave the cell empty."))
    if not faults:
        faults += [
            Fault(grid.row_place(numbers[code]), "its successors go in a circle.", "Correct them.")
            for code in rows
            if _last(code, rows, links) is None
        ]
    if faults:
        raise InputError(faults)
    return Organisations(_today(rows, links))


def _today(rows: Mapping[str, Mapping[str, str]], links: tuple[str, ...]) -> dict[str, str]:
    by_code: dict[str, str] = {}
    by_name: dict[str, set[str]] = defaultdict(set)
    for code, cells in rows.items():
        last = rows[_last(code, rows, links) or code]
        by_code[code] = last["name"] or last["code"]
        by_name[organisation_key(cells["name"])].add(by_code[code])
    # A name that several organisations bear stands for itself.
    return {name: next(iter(found)) for name, found in by_name.items() if name and len(found) == 1} | by_code


def _last(code: str, rows: Mapping[str, Mapping[str, str]], links: tuple[str, ...]) -> str | None:
    """The organisation at the end of the chain; ``None`` if there is no end."""
    seen = {code}
    while to := next(filter(None, (organisation_key(rows[code].get(link, "")) for link in links)), ""):
        if to in seen:
            return None
        seen.add(to)
        code = to
    return code
