"""What giving up earlier pairs would gain, as a table for a terminal."""

from __future__ import annotations

from ipmatch.answers.insights import RematchFrontier
from ipmatch.words import counted, gained
from ipmatch.writing import digest
from ipmatch.writing.layout import Paper, number

__all__ = ["frontier_text"]


def frontier_text(frontier: RematchFrontier, *, width: int = 80, encoding: str = "utf-8") -> str:
    """Every number of changes at which more is gained, with what the matching then reaches."""
    paper = Paper(width, encoding)
    are = "is" if frontier.still_possible == 1 else "are"
    paper.say(
        f"{frontier.still_possible} of {counted(frontier.earlier, 'earlier pair')} {are} still possible. "
        f"{frontier.because}"
    )
    paper.heading("Changes, and the best matching with no more of them")
    levels = list(frontier.points[0].objective)
    # Mostly all are proved, and one sentence says so.
    proof = ("proof",) * any(not point.exact for point in frontier.points)
    headings = ("changes", *map(digest.level_words, levels), "gain", *proof)
    rows = [
        (
            str(point.changes),
            *(number(point.objective[level]) for level in levels),
            gained(point.gain).removeprefix("gain ").replace("change nothing", ""),
            *("proved best" if point.exact else "not proved" for _ in proof),
        )
        for point in frontier.points
    ]
    paper.table(headings, rows, right=tuple(range(len(levels) + 1)))
    if not proof:
        paper.say("Each is proved best.", indent=2)
    if not frontier.complete:
        paper.say("Numbers of changes that are not listed were not all looked at.", indent=2)
    return str(paper)
