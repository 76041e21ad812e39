"""The seals of a journal: each entry carries a hash of itself and of the seal before it.

A seal tells a slip of the hand, not a forger: whoever can write the file can seal it anew. Keep the last seal
elsewhere, such as in the minutes, where that matters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from ipmatch.decisions import Decision

__all__ = ["broken_seals", "is_sealed", "sealed"]


def sealed(decisions: Iterable[Decision], after: str | None = None) -> tuple[Decision, ...]:
    """The decisions with their seals, the first following on from the seal ``after``."""
    entries = []
    for decision in decisions:
        after = _seal(decision, after)
        entries.append(decision.model_copy(update={"seal": after}))
    return tuple(entries)


def is_sealed(decisions: Iterable[Decision]) -> bool:
    """Whether this is a journal: one seal makes it one."""
    return any(decision.seal for decision in decisions)


def broken_seals(decisions: Iterable[Decision]) -> Iterator[tuple[int, str]]:
    """Where a journal is not as it was sealed, by place, and what is wrong there."""
    before: str | None = None
    for place, decision in enumerate(decisions):
        if decision.seal is None:
            yield place, "this entry has no seal; ipmatch did not write it here."
        elif decision.seal != _seal(decision, before):
            yield place, "this entry, or what stands before it, was changed by hand after it was sealed."
        before = decision.seal


def _seal(decision: Decision, before: str | None) -> str:
    """What is not said is left out, so that fields added later leave old seals as they are."""
    said = decision.model_dump(exclude_none=True, exclude={"seal"})
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before or ''}\n{text}".encode()).hexdigest()
