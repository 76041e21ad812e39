"""What is wrong with decisions as a file: a journal changed by hand, with its line, and names of nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import Fault
from ipmatch.programme.seals import broken_seals, is_sealed

__all__ = ["faults_of_journal", "strangers_in"]

_SPACE = re.compile(r"[\s,:]*")
_MEND = "Put the journal back as it was, and undo an entry with ipmatch decide instead."


def faults_of_journal(data: dict[str, Any], text: str, name: str) -> list[Fault]:
    """Where a journal is not as it was sealed; nothing where there are no seals, or an entry is none."""
    entries = data.get("decisions")
    if not isinstance(entries, list):
        return []
    try:
        decisions = [Decision.model_validate(entry) for entry in entries]
    except ValidationError:
        return []
    if not is_sealed(decisions):
        return []
    lines = list(_lines(text))
    return [
        Fault(f"{name}, line {lines[place]}, decisions[{place}]", what, _MEND)
        for place, what in broken_seals(decisions)
    ]


def strangers_in(cohort: Cohort, data: dict[str, Any], name: str) -> Iterator[Fault]:
    """Whom the decisions name and who is not in the cohort, or not on that side, by entry."""
    entries = data.get("decisions")
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        with suppress(ValidationError):
            for _, wrong in cohort.unknown_in([Decision.model_validate(entry)]):
                yield Fault(f"{name}, decisions[{place}]", wrong.what, wrong.mend)


def _lines(text: str) -> Iterator[int]:
    """The line on which each entry begins, of a text that is known to be such a document."""
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while True:
        at = _past_space(text, at)
        key, at = decoder.raw_decode(text, at)
        at = _past_space(text, at)
        if key == "decisions":
            break
        _, at = decoder.raw_decode(text, at)
    at = _past_space(text, at + 1)
    while text[at] != "]":
        yield text.count("\n", 0, at) + 1
        _, at = decoder.raw_decode(text, at)
        at = _past_space(text, at)


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
