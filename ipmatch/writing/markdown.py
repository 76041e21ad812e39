"""The matching as Markdown tables; nothing that people typed can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ipmatch.cohort import Cohort
from ipmatch.matching import Matching
from ipmatch.writing import digest
from ipmatch.writing.characters import shown
from ipmatch.writing.layout import number
from ipmatch.writing.story import story_of, story_sections

__all__ = ["markdown_text", "safe", "table"]

_MARKUP = re.compile(r"([\\`*_\[\]|~$#!])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NUMBERS = ("score", "value", "first", "second", "difference", "points")
# GitHub and others make links of these without being asked.
_LINKS = {"://": "&#58;//", "www.": "www&#46;", "@": "&#64;"}


def markdown_text(matching: Matching, *, cohort: Cohort | None = None) -> str:
    """The matching as Markdown (with tables as GitHub has them); the cohort only for people's names."""
    return "\n".join(_lines(matching, digest.labels_of(cohort)))


def _lines(matching: Matching, label: digest.Label) -> Iterator[str]:
    yield "# Matching\n"
    if matching.rematch is not None:
        yield f"**{safe(story_of(matching.rematch))}**\n"
        for title, rows in story_sections(matching, label):
            yield f"## {title}\n"
            yield from table(("who", "what and why"), rows)
    yield f"**{safe(digest.verdict(matching))}** {safe(digest.in_reserve(matching))}\n"
    if matching.pairings:
        but = digest.flags_of_all(matching)
        yield f"## Pairs ({len(matching.pairings):,})\n"
        yield from table(
            ("mentor", "mentee", "tier", "score", "why"),
            [
                (
                    label(pairing.mentor),
                    label(pairing.mentee),
                    digest.tier_words(pairing.tier),
                    number(pairing.score),
                    digest.why(pairing, but),
                )
                for pairing in matching.pairings
            ],
        )
        if (in_every_pair := digest.in_every_pair(matching)) is not None:
            yield f"{safe(in_every_pair)}\n"
    if matching.unmatched_mentees:
        yield f"## {digest.unmatched_heading(matching)}\n"
        rows = [(label(left.mentee), left.because) for left in matching.unmatched_mentees]
        yield from table(("mentee", "reason"), rows)
    if matching.spare_mentors:
        yield f"## Mentors with places left ({len(matching.spare_mentors):,})\n"
        groups = digest.groups_spare(matching, label)
        yield from table(("reason", "mentors"), [(group.title, ", ".join(group.people)) for group in groups])
    if matching.not_taking_part:
        yield f"## Not taking part ({len(matching.not_taking_part):,})\n"
        out = digest.groups_left_out(matching.not_taking_part, label)
        yield from table(("reason", "people"), [(group.title, ", ".join(group.people)) for group in out])
    if matching.warnings:
        yield f"## Warnings ({len(matching.warnings):,})\n"
        yield "".join(f"- {safe(warning.because)}\n" for warning in matching.warnings)
    if matching.objective:
        yield f"## {digest.levels_heading(matching)}\n"
        levels = [(words, number(value), sure) for words, value, sure in digest.level_rows(matching)]
        yield from table(("level", "value", "proof"), levels)
    yield f"{safe(digest.about_lottery(matching))}\n"


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool] | None = None
) -> Iterator[str]:
    """The lines of a table, and the empty one after it; ``right`` says which columns hold numbers."""
    numbers = [heading in _NUMBERS for heading in headings] if right is None else right
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---:' if is_number else '---' for is_number in numbers)}|"
    for row in rows:
        yield f"| {' | '.join(map(safe, row))} |"
    yield ""


def safe(text: str) -> str:
    """Text that no reader of Markdown takes for markup, a link or HTML."""
    text = _MARKUP.sub(r"\\\1", shown(text))
    for plain, harmless in (_HTML | _LINKS).items():
        text = text.replace(plain, harmless)
    return text
