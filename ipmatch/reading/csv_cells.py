"""What the cells of a cohort in CSV hold: texts, numbers, yes and no, and lists parted by semicolons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic.fields import FieldInfo

from ipmatch.document.faults import shown
from ipmatch.errors import InputError
from ipmatch.people import Mentee, Mentor

from .json_text import parse_json
from .values import Refused, exact_integer, exact_number

__all__ = ["READERS", "WHOLE_FIELDS"]

_WHOLE = re.compile(r"([+-]?[0-9]+)(?:\.0*)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_FLAGS = {"true": True, "false": False, "yes": True, "no": False}


def _whole(cell: str) -> int | Refused:
    """A whole number; 2.0 is one, as other tools write it where some are missing."""
    if found := _WHOLE.fullmatch(cell):
        return exact_integer(found[1])
    return Refused(f"{shown(cell)} is not a whole number.", "Write a whole number in digits.")


def _number(cell: str) -> Decimal | Refused:
    if _NUMBER.fullmatch(cell):
        return exact_number(cell)
    return Refused(f"{shown(cell)} is not a number.", "Write a number in digits, such as 2.5.")


def _flag(cell: str) -> bool | Refused:
    found = _FLAGS.get(cell.casefold())
    if found is None:
        return Refused(f"{shown(cell)} is neither true nor false.", "Write true or false, or leave it empty.")
    return found


def _list(cell: str) -> list[Any] | Refused:
    """Items parted by semicolons; as a JSON list where an item holds one."""
    if not cell.startswith("["):
        return [item for part in cell.split(";") if (item := part.strip())]
    try:
        read, findings = parse_json(cell, "")
    except InputError:
        read, findings = None, []
    if findings or not isinstance(read, list):
        return Refused("this is no list in square brackets.", 'Part its items by semicolons: "a; b".')
    return read


def _kinds(annotation: Any) -> set[Any]:
    """The plain types an annotation speaks of."""
    inner = get_args(annotation)
    return {annotation}.union(*map(_kinds, inner)) if inner else {annotation}


def _reader_of(field: FieldInfo) -> Callable[[str], Any] | None:
    if field.default == ():
        return _list
    kinds = {kind for kind in _kinds(field.annotation) if isinstance(kind, type)}
    readers = ((bool, _flag), (int, _whole), (Decimal, _number))
    return next((reader for kind, reader in readers if kind in kinds), None)


def _readers() -> Mapping[str, Callable[[str], Any]]:
    fields = {**Mentor.model_fields, **Mentee.model_fields}
    found = {name: _reader_of(field) for name, field in fields.items()}
    return {name: reader for name, reader in found.items() if reader is not None}


READERS = _readers()
"""By field what reads a cell that is not plain text: an answer as JSON would hold it, or ``Refused``."""
WHOLE_FIELDS = frozenset(name for name, reader in READERS.items() if reader is _whole)
"""Fields that are whole numbers."""
