"""JSON read exactly: numbers as written, no key lost, and whatever is malformed told by line and column."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ipmatch.errors import Fault, InputError

from .values import DEEPEST, NOT_FINITE, Finding, Repeated, exact_integer, exact_number, settled

__all__ = ["parse_json"]

MOST_KNOWN = 1 << 16
# By how the decoder's own message begins, which has stayed the same over the versions of Python.
_MENDS = {
    "Expecting property name": ("a key in double quotes should stand here.", 'Write it like "id".'),
    "Expecting ':'": ("a colon is missing.", "Put a colon between the key and its value."),
    "Expecting ','": ("a comma or a closing bracket is missing.", "Put a comma between two entries."),
    "Expecting value": ("a value should stand here.", "Write a text in double quotes, a number or null."),
    "Unterminated string": ("this text has no closing quote.", "Close it with a double quote."),
    "Invalid control character": ("a line break or tab inside a text.", "Write it as \\n or \\t."),
    "Invalid \\": ("this escape is not known.", "Write a backslash as two backslashes."),
    "Extra data": ("there is more after the end of the document.", "Keep one object in the file."),
}
_BY_CHARACTER = {
    "'": ("single quotes are not read here.", "Use double quotes."),
    "“": ("typographic quotes are not read here.", 'Use straight double quotes (").'),
    "”": ("typographic quotes are not read here.", 'Use straight double quotes (").'),
    "/": ("comments are not read here.", "Leave them out."),
    "#": ("comments are not read here.", "Leave them out."),
    "N": ("None is not read here.", "Write null."),
    "T": ("True is not read here.", "Write true."),
    "F": ("False is not read here.", "Write false."),
}
_TRAILING_COMMA = ("a comma before the closing bracket.", "Remove the comma.")
_ENDS_EARLY = ("the text ends too early.", "Close every quote, bracket and brace.")


def parse_json(text: str, name: str) -> tuple[Any, list[Finding]]:
    """The value a JSON text holds, and what is wrong in it although it can be parsed.

    Raises
    ------
    InputError
        If the text is not JSON, with line and column, or is nested too deep.
    """
    try:
        data = json.loads(
            text,
            object_pairs_hook=partial(_object, _Known()),
            parse_float=exact_number,
            parse_int=exact_integer,
            parse_constant=lambda _: NOT_FINITE,
        )
        return settled(data, text)
    except json.JSONDecodeError as error:
        raise InputError([_malformed(error, name)]) from None
    except RecursionError:
        what = f"lists and objects stand in one another more than {DEEPEST} deep."
        raise InputError([Fault(name, what, "Check that this is the right file.")]) from None


class _Known(dict[str, str]):
    """Texts read before, each held once: people say the same few things."""

    def __missing__(self, text: str) -> str:
        if len(self) < MOST_KNOWN:
            self[text] = text
        return text


def _object(known: _Known, pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    read: dict[str, Any] = {}
    for key, value in pairs:
        kind = type(value)
        if kind is str:
            read[key] = known[value]
        elif kind is list:
            read[key] = [known[item] if type(item) is str else item for item in value]
        else:
            read[key] = value
    return read if len(read) == len(pairs) else Repeated(pairs)


def _malformed(error: json.JSONDecodeError, name: str) -> Fault:
    position, words = _diagnosis(error.doc, error.pos, error.msg)
    line = error.doc.count("\n", 0, position) + 1
    column = position - error.doc.rfind("\n", 0, position)
    return Fault(f"{name}, line {line}, column {column}", *words)


def _diagnosis(text: str, position: int, message: str) -> tuple[int, tuple[str, str]]:
    """Where the mend begins, and what to say; older Pythons point behind a comma that should not be there."""
    if message.startswith("Illegal trailing comma"):
        return position, _TRAILING_COMMA
    if message.startswith("Expecting"):
        here = text[position : position + 1].strip()
        before = text[:position].rstrip() if here in ("]", "}") else ""
        if before.endswith(","):
            return len(before) - 1, _TRAILING_COMMA
        if not text[position:].strip():
            return position, _ENDS_EARLY
        if here in _BY_CHARACTER:
            return position, _BY_CHARACTER[here]
    known = next((words for start, words in _MENDS.items() if message.startswith(start)), None)
    return position, known or ("this is not JSON.", "Correct it here.")
