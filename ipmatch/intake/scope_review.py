"""Scopes as a person decided them: a row for each distinct answer, used again in later imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ipmatch.cohort import Cohort
from ipmatch.document import Frozen
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect
from ipmatch.vocabulary.scope_answers import ScopeAnswer, read_scope_answer
from ipmatch.vocabulary.scopes import known_scopes, read_scope
from ipmatch.vocabulary.text import normalise, plain_words, suggest

from .csv_text import without_apostrophe
from .grid import Grid

__all__ = [
    "ScopeReview",
    "ScopeRow",
    "decided_scopes",
    "decisions_of",
    "review",
    "review_scopes",
]

NOTHING = ("none", "ignore")
KEEP = "keep"


class ScopeRow(Frozen):
    """A distinct answer: how many people gave it, how it was read, what to ask, and what was decided."""

    answer: str
    people: int
    read_as: tuple[str, ...]
    suggestion: tuple[str, ...]
    question: tuple[str, ...]
    not_understood: tuple[str, ...]
    decision: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody should decide: something is asked, or nothing at all was read."""
        return not self.decision and bool(self.suggestion or self.question or not self.read_as)


class ScopeReview(Frozen):
    """Every distinct answer on scope, the ones to decide on first."""

    answers: tuple[ScopeRow, ...]


def review_scopes(cohort: Cohort, decisions: Mapping[str, str] | None = None) -> ScopeReview:
    """How the free text on scope of a cohort was read.

    Parameters
    ----------
    decisions
        What was decided on answers, as ``read_scope_decisions`` reads it from a review sheet.
    """
    expect(cohort=(cohort, Cohort), decisions=(decisions, Mapping, None))
    answers = (person.scope_text for person in cohort.people if person.scope_text)
    return ScopeReview(answers=tuple(review(answers, decisions)))


def review(answers: Iterable[str], decisions: Mapping[str, str] | None = None) -> list[ScopeRow]:
    """Every distinct answer with how it was read, the ones to decide on first, then the most frequent."""
    decisions = decisions or {}
    spelt: dict[str, str] = {}
    people: Counter[str] = Counter()
    for answer in answers:
        key = normalise(answer)
        spelt[key] = min(answer, spelt.get(key, answer))
        people[key] += 1
    rows = [_row(spelt[key], count, decisions.get(key, "")) for key, count in people.items()]
    return sorted(rows, key=lambda row: (not row.is_open, -row.people, normalise(row.answer)))


def _row(answer: str, people: int, decision: str) -> ScopeRow:
    reading = read_scope_answer(answer)
    read_as = tuple(f"{found.scope} ({found.words})" for found in reading.found)
    hedged = (f"{hint.scope} ({hint.words})" for hint in reading.hedged)
    suggestion = tuple(dict.fromkeys([*hedged, *_alike(reading)]))
    return ScopeRow(
        answer=answer,
        people=people,
        read_as=read_as,
        suggestion=suggestion,
        question=reading.questions,
        not_understood=reading.unread,
        decision=decision,
    )


def _alike(reading: ScopeAnswer) -> Iterable[str]:
    """Scopes that words not understood look like, to be shown and never taken."""
    for run in reading.unread:
        for words in (run, *run.split()):
            if len(words) > 3 and (scope := read_scope(words).suggestion):
                yield f"{scope} ({words})"


def decisions_of(grid: Grid) -> Mapping[str, str]:
    """What was decided, by the normalised answer.

    Raises
    ------
    InputError
        If it is no review sheet, or a decision names no scope; all are listed, by row.
    """
    headings = grid.headings()
    if not {"answer", "decision"} <= set(headings):
        what = "this is not a review of scopes: no column answer or decision."
        raise InputError([Fault(grid.place, what, "Write one with ipmatch scopes.")])
    places = headings.index("answer"), headings.index("decision")
    decisions: dict[str, str] = {}
    faults: list[Fault] = []
    for number, cells in grid.below():
        answer, decision = (cells[place] for place in places)
        if not decision:
            continue
        faults += _unknown(decision, grid.cell_place(number, places[1], "decision"))
        key = normalise(without_apostrophe(answer))
        if decisions.setdefault(key, decision) != decision:
            what = "another row decides otherwise on the same answer."
            faults.append(Fault(grid.row_place(number), what, "Keep one of them."))
    if faults:
        raise InputError(faults)
    return decisions


def _unknown(decision: str, place: str) -> Iterable[Fault]:
    if normalise(decision) in (*NOTHING, KEEP):
        return
    for name in decision.split(";"):
        if name.strip() and read_scope(name).scope is None:
            close = read_scope(name).suggestion or suggest(name, known_scopes())
            hint = f'Did you mean "{close}"? ' if close else ""
            mend = f"{hint}Write scopes of the vocabulary, parted by semicolons, or keep, none or ignore."
            yield Fault(place, "this is no scope of the vocabulary.", mend)


def decided_scopes(answer: str, decisions: Mapping[str, str]) -> tuple[str, ...] | None:
    """The scopes decided for an answer; ``None`` where nothing is."""
    decision = decisions.get(normalise(answer))
    if decision is None:
        return None
    if plain_words(decision) in NOTHING:
        return ()
    if plain_words(decision) == KEEP:
        return (" ".join(answer.split()),)
    return tuple(sorted({read_scope(name).scope or name for name in decision.split(";") if name.strip()}))
