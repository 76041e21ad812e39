"""TOML read exactly, for policies: numbers as written, and whatever is malformed told by line and column."""

from __future__ import annotations

import re
from typing import Any

from ipmatch.errors import Fault, InputError

from .values import DEEPEST, LONGEST_NUMBER, Finding, exact_number, settled

__all__ = ["parse_toml"]

# A policy has a few dozen lines.
LONGEST = 100_000

# The parser takes gigabytes over a key of tens of thousands of names.
_DEEP_KEY = re.compile(rf"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{DEEPEST + 1}}}""")
# Python refuses decimal numbers of thousands of digits, but not others.
_LONG_INTEGER = re.compile(rf"(?<![\w.-])0[xob][0-9A-Fa-f_]{{{LONGEST_NUMBER}}}")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_toml(text: str, name: str) -> tuple[dict[str, Any], list[Finding]]:
    """The table a TOML text holds, and what is wrong in it although it can be parsed.

    Raises
    ------
    InputError
        If the text is not TOML, with line and column, is nested too deep, or is far too long for a policy.
    """
    import tomllib  # most commands read none

    if len(text) > LONGEST:
        what = f"more than {LONGEST:,} characters."
        raise InputError([Fault(name, what, "Check that this is the right file.")])
    try:
        if _DEEP_KEY.search(text):
            raise RecursionError
        if _LONG_INTEGER.search(text):
            raise ValueError
        return settled(tomllib.loads(text, parse_float=exact_number), text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_malformed(str(error), text.rstrip(), name)]) from None
    except RecursionError:
        what = f"lists and tables stand in one another more than {DEEPEST} deep."
        raise InputError([Fault(name, what, "Check that this is the right file.")]) from None
    except ValueError:
        # Python itself refuses long decimal numbers, and dates that no calendar has.
        what = "a number or a date in it is far out of range."
        raise InputError([Fault(name, what, "Write numbers of sensible size.")]) from None


def _malformed(message: str, text: str, name: str) -> Fault:
    place = _PLACE.search(message)
    what = _PLACE.sub("", message)
    line, column = place.groups() if place else (None, None)
    if line is None:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    return Fault(
        f"{name}, line {line}, column {column}",
        f"this is not TOML: {what[:1].lower()}{what[1:]}.",
        "Correct it here.",
    )
