"""The results of a round for a terminal, and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from ipmatch.programme.followup import FollowUp
from ipmatch.programme.outcomes import Outcome, Share
from ipmatch.suppression import shown_count
from ipmatch.writing.csv_rows import Cell, csv_of
from ipmatch.writing.layout import Paper

__all__ = ["followup_csv", "followup_text"]

_HEADINGS = ("count", "95 % interval", "")
_COLUMNS = ("table", "by", "group", "answer", "count", "of", "low", "high", "unknown")


def followup_text(found: FollowUp, *, width: int = 80, encoding: str = "utf-8") -> str:
    """Every answer out of how many, then the comparisons, under their caution."""
    paper = Paper(width, encoding)
    for whose in dict.fromkeys(table.whose for table in found.outcomes):
        tables = [table for table in found.outcomes if table.whose == whose]
        paper.heading(whose.capitalize())
        paper.table(_HEADINGS, [row for table in tables for row in _rows(table)], right=(0, 1))
    if found.breakdowns:
        paper.heading("Pairs compared")
        paper.say(found.caution, indent=2)
        for breakdown in found.breakdowns:
            paper.heading(f"{breakdown.title.capitalize()}, by {breakdown.by.replace('_', ' ')}")
            rows = [
                (*_figures(share, of), share.answer.replace("-", " "))
                for share, of in zip(breakdown.groups, breakdown.of, strict=True)
            ]
            paper.table(_HEADINGS, rows, right=(0, 1))
    if found.notes:
        paper.heading(f"Notes ({len(found.notes):,})")
        for note in found.notes:
            paper.say(f"- {note.because}", indent=2, further=2)
    return str(paper)


def followup_csv(found: FollowUp) -> str:
    """One row for every answer of every table, for a spreadsheet."""
    rows: list[tuple[Cell, ...]] = [_COLUMNS]
    for table in found.outcomes:
        for share in table.shares:
            cells = (table.code, "", table.whose, share.answer, *_cells(share, table.of))
            rows.append((*cells, shown_count(table.unknown)))
    for breakdown in found.breakdowns:
        for share, of in zip(breakdown.groups, breakdown.of, strict=True):
            rows.append((breakdown.code, breakdown.by, share.answer, "yes", *_cells(share, of), ""))
    return csv_of(rows)


def _rows(table: Outcome) -> Iterator[tuple[str, str, str]]:
    """A plain yes says all of a yes or no; of many things that could be ticked, those that were."""
    unknown = "" if table.unknown == 0 else f" ({shown_count(table.unknown)} not known)"
    plain = {share.answer for share in table.shares} == {"yes", "no"}
    for share in table.shares:
        if (plain and share.answer == "no") or (table.several and share.count == 0):
            continue
        told = table.title if plain else f"{table.title}: {share.answer}"
        yield (*_figures(share, table.of), f"{told}{unknown}")


def _figures(share: Share, of: int | None) -> tuple[str, str]:
    counts = f"{shown_count(share.count)} of {shown_count(of)}"
    if share.low is None or share.high is None:
        return counts, ""
    return counts, f"{share.low * 100:.1f} to {share.high * 100:.1f} %"


def _cells(share: Share, of: int | None) -> tuple[Cell, ...]:
    return shown_count(share.count), shown_count(of), share.low, share.high
