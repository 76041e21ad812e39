"""How answers on scope were read, as text: first what is to be decided, then what was read."""

from __future__ import annotations

from ipmatch.intake.scope_review import ScopeReview, ScopeRow
from ipmatch.words import counted
from ipmatch.writing.csv_rows import EXCEL_MARK, csv_of
from ipmatch.writing.layout import Paper

__all__ = ["review_csv", "scopes_text"]

LONGEST_ANSWER = 80
_COLUMNS = ("answer", "people", "read_as", "suggestion", "question", "not_understood", "decision")


def scopes_text(review: ScopeReview, *, width: int = 80, encoding: str = "utf-8") -> str:
    """The distinct answers; each to be decided on with what is asked or suggested."""
    paper, rows = Paper(width, encoding), review.answers
    to_decide = [row for row in rows if row.is_open]
    settled = [row for row in rows if not row.is_open]
    people = sum(row.people for row in rows)
    paper.say(
        f"{counted(len(rows), 'distinct answer')} of {counted(people, 'person', 'people')}; "
        f"{counted(len(to_decide), 'answer')} to decide on."
    )
    if to_decide:
        paper.heading(f"To decide ({len(to_decide)})")
        for row in to_decide:
            paper.say(f"- {_answer(row)}: {' '.join(_open(row))}", indent=2, further=2)
    if settled:
        paper.heading(f"Read or decided ({len(settled)})")
        table = [(_answer(row), row.decision or ", ".join(row.read_as)) for row in settled]
        paper.table(("answer", "read as"), table)
    return str(paper)


def review_csv(review: ScopeReview) -> str:
    """The review sheet, to be edited and given back with ``--scopes``."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for row in review.answers:
        lists = (row.read_as, row.suggestion, row.question, row.not_understood)
        rows.append((row.answer, str(row.people), *map("; ".join, lists), row.decision))
    return EXCEL_MARK + csv_of(rows)


def _answer(row: ScopeRow) -> str:
    text = " ".join(row.answer.split())
    text = text if len(text) <= LONGEST_ANSWER else text[: LONGEST_ANSWER - 1] + "…"
    return f'"{text}"' if row.people == 1 else f'"{text}" ({row.people})'


def _open(row: ScopeRow) -> list[str]:
    told = list(row.question)
    if row.suggestion:
        told.append(f"Is it {' or '.join(row.suggestion)}?")
    if row.read_as:
        told.append(f"Read so far: {', '.join(row.read_as)}.")
    return told or ["No scope was found in it."]
