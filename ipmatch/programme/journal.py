"""The journal of a round: decisions are appended and undone, never edited; where they leave every pair."""

from __future__ import annotations

from collections.abc import Iterable

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision, Decisions, decisions_in
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.expecting import expect
from ipmatch.matching import Matching
from ipmatch.programme.rounds import Pair, Round, made_by, numbered
from ipmatch.programme.seals import broken_seals, is_sealed, sealed
from ipmatch.words import counted, names

__all__ = ["decide", "round_of"]


def decide(
    journal: Decisions, decisions: Iterable[Decision], *, cohort: Cohort, matching: Matching | None = None
) -> Decisions:
    """The journal with further decisions at its end, each sealed; the journal given stays as it is.

    Parameters
    ----------
    journal
        What was decided so far; an empty one to begin with.
    decisions
        Each with ``by``, ``when`` and ``reason``; ``undo`` takes back an entry that nothing builds on.
    cohort
        The people decided about.
    matching
        The present matching: what may be locked, confirmed or swapped, beside what the journal itself made.

    Raises
    ------
    InputError
        If the journal was changed by hand, or has no seals.
    UsageError
        If a decision cannot come next: somebody unknown, a pair in another state. Nothing is appended then.
    """
    expect(journal=(journal, Decisions), cohort=(cohort, Cohort), matching=(matching, Matching, None))
    _check_seals(journal)
    entries = list(journal.decisions)
    faults: list[Fault] = []
    for decision in decisions_in(decisions):
        found = list(_faults(entries, decision, cohort, matching))
        faults += found
        if not found:
            entries += sealed([decision], entries[-1].seal if entries else None)
    if faults:
        raise UsageError(faults)
    return Decisions(decisions=tuple(entries))


def round_of(decisions: Iterable[Decision], matching: Matching | None = None) -> Round:
    """Where the decisions leave a round; without a matching, of the pairs they speak of."""
    state = Round(matching.pairs() if matching else None)
    for number, decision in numbered(decisions):
        state.take(number, decision)
    return state


def _check_seals(journal: Decisions) -> None:
    if journal.decisions and not is_sealed(journal.decisions):
        what = "these decisions have no seals; they are not a journal."
        raise InputError([Fault("journal", what, "Begin a journal of its own, and adopt them into it.")])
    broken = [Fault(f"decisions[{place}]", what) for place, what in broken_seals(journal.decisions)]
    if broken:
        raise InputError(broken)


def _faults(
    entries: list[Decision], decision: Decision, cohort: Cohort, matching: Matching | None
) -> list[Fault]:
    where = decision.words
    missing = [name for name in ("by", "when", "reason") if getattr(decision, name) is None]
    faults = [Fault(where, f'"{name}" is missing.', "Say who decided, when and why.") for name in missing]
    unknown = [fault for _, fault in cohort.unknown_in([decision])]
    if unknown or faults:
        return [*faults, *unknown]
    follows = _undoing if decision.kind == "undo" else _next
    words = follows(entries, decision, cohort, matching) or _overfull([*entries, decision], cohort)
    return [Fault(where, *words)] if words else []


def _next(
    entries: list[Decision], decision: Decision, cohort: Cohort, matching: Matching | None
) -> tuple[str, str] | None:
    required = {pair.ids for pair in cohort.required_pairs}
    forbidden = {pair.ids for pair in cohort.forbidden_pairs}
    left = {person.id for person in cohort.people if person.status in ("withdrawn", "ended")}
    for identifier, _ in decision.people:
        if identifier in left:
            return f"{identifier} has withdrawn in the cohort.", "Name others."
    state = round_of(entries)
    state.proposed = required | (matching.pairs() if matching else frozenset())
    refusal = state.refusal(decision)
    if refusal is not None:
        return refusal
    before = set(state.pairs)
    state.take(len(entries) + 1, decision)
    for pair, known in state.pairs.items():
        if pair in forbidden and known.state == "proposed" and known.since > len(entries):
            return f"{pair[0]} and {pair[1]} are forbidden in the cohort.", "Lift that there first."
        if pair in required and known.state == "dropped" and pair not in before:
            return f"{pair[0]} and {pair[1]} are required in the cohort.", "Lift that there first."
    return None


def _undoing(
    entries: list[Decision], decision: Decision, cohort: Cohort, matching: Matching | None
) -> tuple[str, str] | None:
    """Whether all that came later could have come without the entry undone."""
    try:
        Decisions(decisions=(*entries, decision))
    except ValueError as error:
        context = error.errors()[0]["ctx"]  # type: ignore[attr-defined]
        return context["what"], context["mend"]
    state = Round(unmade=_made_alone(entries[(decision.entry or 0) - 1], cohort, matching))
    for number, later in numbered(entries, without=decision.entry):
        if state.refusal(later) is not None:
            what = f"entry {number}, {later.words}, builds on it."
            return what, f"Undo entry {number} first."
        state.take(number, later)
    return None


def _made_alone(decision: Decision, cohort: Cohort, matching: Matching | None) -> set[Pair]:
    """The pairs that stand by one decision alone, as far as can be told."""
    if matching is None and decision.kind == "require":
        # A matching may propose the pair, too; those that a swap makes, none did.
        return set()
    proposed = {pair.ids for pair in cohort.required_pairs} | (matching.pairs() if matching else frozenset())
    return set(made_by(decision)) - proposed


def _overfull(entries: list[Decision], cohort: Cohort) -> tuple[str, str] | None:
    """Whether somebody is to keep more pairs than they have places."""
    after = cohort.with_decisions(entries)
    kept: dict[str, list[str]] = {}
    left = {person.id for person in after.people if person.status == "withdrawn"}
    for pair in after.required_pairs:
        if left & {pair.mentor, pair.mentee}:
            continue
        kept.setdefault(pair.mentor, []).append(pair.mentee)
        kept.setdefault(pair.mentee, []).append(pair.mentor)
    for person in after.people:
        partners = kept.get(person.id, [])
        if len(partners) > person.places:
            places = counted(person.places, "place" if person.side == "mentor" else "mentor")
            verb = "has" if person.side == "mentor" else "asks for"
            what = f"{person.id} {verb} {places}, and is to keep {names(sorted(partners))}."
            return what, "End or undo one of these first."
    return None
