"""The story of a round: who decided what, when and why, and where that leaves every pair."""

from __future__ import annotations

from ipmatch.decisions import Decision, Decisions, Kind
from ipmatch.document import Frozen
from ipmatch.expecting import expect
from ipmatch.matching import Matching
from ipmatch.programme.journal import round_of
from ipmatch.programme.rounds import STATES, State
from ipmatch.words import counted, listed

__all__ = ["Entry", "History", "PairStory", "history"]


class Entry(Frozen):
    """One entry of a journal; ``undone_by`` is the number of the entry that took it back."""

    number: int
    kind: Kind
    because: str
    by: str | None = None
    when: str | None = None
    reason: str | None = None
    undone_by: int | None = None


class PairStory(Frozen):
    """Where a pair stands, since which entry and day; a pair only proposed by a matching has neither.

    Such a pair is dropped by the entry in which the first of its two withdraws.
    """

    mentor: str
    mentee: str
    state: State
    locked: bool
    since: int | None = None
    when: str | None = None


class History(Frozen):
    """All that was decided about a round; ``seal`` is the last one, ``None`` if it is no journal."""

    entries: tuple[Entry, ...]
    pairs: tuple[PairStory, ...]
    withdrawn: tuple[str, ...]
    seal: str | None
    because: str


def history(journal: Decisions, matching: Matching | None = None) -> History:
    """The story a journal tells; with a matching, also of the pairs it proposes that nobody decided about."""
    expect(journal=(journal, Decisions), matching=(matching, Matching, None))
    decisions = journal.decisions
    undone = {one.entry: number for number, one in enumerate(decisions, 1) if one.kind == "undo"}
    entries = tuple(
        Entry(
            number=number,
            kind=one.kind,
            because=_sentence(one),
            by=one.by,
            when=one.when,
            reason=one.reason,
            undone_by=undone.get(number),
        )
        for number, one in enumerate(decisions, 1)
    )
    state = round_of(decisions, matching)
    pairs = {pair: (known.state, known.locked, known.since) for pair, known in state.pairs.items()}
    for pair in matching.pairs() if matching else ():
        left = min((state.gone[one] for one in pair if one in state.gone), default=0)
        pairs.setdefault(pair, ("dropped" if left else "proposed", False, left))
    stories = tuple(
        PairStory(
            mentor=pair[0],
            mentee=pair[1],
            state=state,
            locked=locked,
            since=since or None,
            when=decisions[since - 1].when if since else None,
        )
        for pair, (state, locked, since) in sorted(pairs.items())
    )
    return History(
        entries=entries,
        pairs=stories,
        withdrawn=tuple(sorted(state.gone)),
        seal=decisions[-1].seal if decisions else None,
        because=_summary(entries, stories),
    )


def _sentence(decision: Decision) -> str:
    first = f"{decision.mentor} with {decision.mentee}"
    match decision.kind:
        case "withdraw":
            return f"{decision.id} withdraws."
        case "undo":
            return f"Undo entry {decision.entry}."
        case "swap":
            return (
                f"Swap {first} and {decision.other_mentor} with {decision.other_mentee}: now "
                f"{decision.mentor} with {decision.other_mentee}, {decision.other_mentor} with "
                f"{decision.mentee}."
            )
    return f"{decision.kind.capitalize()} {first}."


def _summary(entries: tuple[Entry, ...], pairs: tuple[PairStory, ...]) -> str:
    undone = sum(entry.undone_by is not None for entry in entries)
    counts = [
        f"{number} {state}" for state in STATES if (number := sum(pair.state == state for pair in pairs))
    ]
    taken_back = f", {undone} of them undone" if undone else ""
    told = f"{counted(len(entries), 'entry', 'entries')}{taken_back}."
    return f"{told} Pairs: {listed(counts)}." if counts else told
