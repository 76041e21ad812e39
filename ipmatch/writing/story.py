"""A re-match as a story: how many earlier pairs stay, which ended, and who changes, each with the reason."""

from __future__ import annotations

from ipmatch.matching import Change, Matching, Rematch
from ipmatch.words import counted
from ipmatch.writing.digest import Label

__all__ = ["story_of", "story_sections"]

Row = tuple[str, str]

_CHANGES = {
    "newly-alone": "Newly without a mentor",
    "fewer-mentors": "Fewer mentors than before",
    "moved": "Move to another mentor",
    "more-mentors": "More mentors than before",
    "newly-placed": "Newly paired",
    "left": "No longer taking part",
}


def story_of(rematch: Rematch) -> str:
    """What happened to the earlier pairs, and how many people change, in two sentences."""
    earlier, ended = len(rematch.earlier), len(rematch.ended)
    released = rematch.still_possible - rematch.kept
    if not earlier:
        return "There were no earlier pairs to keep."
    stay = f"{rematch.kept} of {counted(earlier, 'earlier pair')} {'stays' if rematch.kept == 1 else 'stay'}"
    gone = f"; {ended} ended" if ended else ""
    gone += f"; {released}, still possible, {'was' if released == 1 else 'were'} not kept" if released else ""
    if not rematch.changes:
        return f"{stay}{gone}. Nobody changes."
    parts = [f"{count} {_few_words(code, count)}" for code in _CHANGES if (count := _count(rematch, code))]
    return f"{stay}{gone}. Mentees: {', '.join(parts)}; nobody else changes."


def story_sections(matching: Matching, label: Label) -> list[tuple[str, list[Row]]]:
    """The earlier pairs that ended, then the mentees who change, by what happens: a heading and its rows."""
    rematch = matching.rematch
    if rematch is None:
        return []
    ended = [(f"{label(pair.mentor)} with {label(pair.mentee)}", pair.because) for pair in rematch.ended]
    sections = [("Earlier pairs that ended", ended)]
    for code, title in _CHANGES.items():
        sections.append((title, [_row(change, label) for change in rematch.changes if change.code == code]))
    return [(f"{title} ({len(rows)})", rows) for title, rows in sections if rows]


def _row(change: Change, label: Label) -> Row:
    return label(change.mentee), change.because


def _count(rematch: Rematch, code: str) -> int:
    return sum(change.code == code for change in rematch.changes)


def _few_words(code: str, count: int) -> str:
    one = count == 1
    return {
        "newly-alone": "is newly without a mentor" if one else "are newly without a mentor",
        "fewer-mentors": "has fewer mentors" if one else "have fewer mentors",
        "moved": "moves" if one else "move",
        "more-mentors": "has more mentors" if one else "have more mentors",
        "newly-placed": "is newly paired" if one else "are newly paired",
        "left": "no longer takes part" if one else "no longer take part",
    }[code]
