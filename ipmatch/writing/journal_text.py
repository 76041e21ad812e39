"""A journal as its file holds it, one entry a line; and its story as a lead reads it."""

from __future__ import annotations

import json

from ipmatch.decisions import Decisions
from ipmatch.programme.history import Entry, History
from ipmatch.programme.rounds import STATES
from ipmatch.words import counted
from ipmatch.writing.characters import seen
from ipmatch.writing.layout import Paper

__all__ = ["appended_text", "history_text", "journal_text"]


def journal_text(journal: Decisions) -> str:
    """The file of a journal: an entry is a line, so that a fault can name it and a diff shows it."""
    entries = [
        json.dumps(entry.model_dump(exclude_none=True), ensure_ascii=False) for entry in journal.decisions
    ]
    body = ",\n".join(f"  {seen(entry)}" for entry in entries)
    body = f"[\n{body}\n ]" if entries else "[]"
    return f'{{\n "kind": "decisions",\n "version": 1,\n "decisions": {body}\n}}\n'


def appended_text(history: History, new: int, *, width: int = 80, encoding: str = "utf-8") -> str:
    """The entries just made, and where they leave the round."""
    paper = Paper(width, encoding)
    for entry in history.entries[len(history.entries) - new :]:
        paper.say(f"Entry {entry.number}: {entry.because}")
    paper.say(history.because)
    return str(paper)


def history_text(history: History, *, width: int = 80, encoding: str = "utf-8") -> str:
    """Every entry, then every pair by what it has come to."""
    paper = Paper(width, encoding)
    paper.say(history.because)
    if history.entries:
        paper.heading(f"Decided ({len(history.entries):,})")
        rows = [_row(entry) for entry in history.entries]
        paper.table(("entry", "day", "what, by whom and why"), rows, right=(0,))
    for state in STATES:
        pairs = [pair for pair in history.pairs if pair.state == state]
        if pairs:
            paper.heading(f"{state.capitalize()} ({len(pairs)})")
            table = [
                (
                    pair.mentor,
                    pair.mentee,
                    "" if pair.since is None else str(pair.since),
                    pair.when or "",
                    "locked" if pair.locked else "",
                )
                for pair in pairs
            ]
            paper.table(("mentor", "mentee", "entry", "day", ""), table, right=(2,))
    if history.withdrawn:
        paper.heading(f"Withdrawn ({len(history.withdrawn):,})")
        paper.say(", ".join(history.withdrawn), indent=2)
    if history.seal:
        paper.heading("Seal of the last entry")
        paper.say(history.seal, indent=2)
    elif history.entries:
        paper.heading(f"No seals: {counted(len(history.entries), 'decision')} in a file, not a journal.")
    return str(paper)


def _row(entry: Entry) -> tuple[str, ...]:
    undone = "" if entry.undone_by is None else f" Undone by entry {entry.undone_by}."
    who = ": ".join(part for part in (entry.by, entry.reason) if part)
    told = f"{entry.because}{undone}{f' ({who})' if who else ''}"
    return str(entry.number), entry.when or "", told
