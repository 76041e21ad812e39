"""Where a round stands: the state of every pair decided about, and which decision may come next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ipmatch.decisions import Decision, Kind

__all__ = ["STATES", "Pair", "PairState", "Round", "State", "made_by", "numbered"]

Pair = tuple[str, str]
State = Literal["proposed", "confirmed", "active", "completed", "ended", "dropped"]
STATES: tuple[State, ...] = ("proposed", "confirmed", "active", "completed", "ended", "dropped")

_STANDS: tuple[State, ...] = ("proposed", "confirmed", "active")

# The states a pair may be in for a decision about it, and the state it is in then.
_STEPS: Mapping[Kind, tuple[tuple[State, ...], State | None]] = {
    "lock": (_STANDS, None),
    "confirm": (("proposed",), "confirmed"),
    "start": (("confirmed",), "active"),
    "complete": (("active",), "completed"),
    "end": (("confirmed", "active"), "ended"),
    "swap": (("proposed", "confirmed"), "dropped"),
}
_WHAT_FIRST: Mapping[State, str] = {
    "proposed": "Confirm it first.",
    "confirmed": "Start it first.",
    "active": "End or complete it first.",
    "completed": "A completed pair stays; undo what was entered by mistake.",
    "ended": "A pair that ended is not taken up again; undo what was entered by mistake.",
    "dropped": "Name a pair that stands; undo what was entered by mistake.",
}


@dataclass(frozen=True, slots=True)
class PairState:
    """What a pair has come to, since which entry of the journal (0: none yet)."""

    state: State
    since: int
    locked: bool = False


@dataclass
class Round:
    """The pairs and people decided about so far.

    ``proposed`` are the pairs of the present matching; ``None`` takes whatever is spoken of for proposed, as
    it was when it was decided, but for the pairs ``unmade``.
    """

    proposed: Collection[Pair] | None = None
    unmade: Collection[Pair] = ()
    pairs: dict[Pair, PairState] = field(default_factory=dict)
    forbidden: dict[Pair, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    def state_of(self, pair: Pair) -> State | None:
        """What a pair has come to; ``None`` if it was never made."""
        if pair in self.pairs:
            return self.pairs[pair].state
        if pair in self.unmade:
            return None
        return "proposed" if self.proposed is None or pair in self.proposed else None

    def refusal(self, decision: Decision) -> tuple[str, str] | None:
        """Why a decision cannot come next, and what to do about it; ``None`` if it can."""
        for identifier, _ in decision.people:
            if identifier in self.gone:
                return (
                    f"{identifier} withdrew in entry {self.gone[identifier]}.",
                    "Undo that, or name others.",
                )
        if decision.kind == "withdraw":
            return None
        if decision.kind in ("require", "forbid"):
            return self._statement(decision)
        for pair in _old(decision):
            if (words := self._step(decision.kind, pair)) is not None:
                return words
        return self._swapped(decision) if decision.kind == "swap" else None

    def take(self, number: int, decision: Decision) -> None:
        """Go on to where the round stands after entry ``number``."""
        match decision.kind:
            case "withdraw":
                self._leave(number, decision.id or "")
            case "require":
                self.pairs[_pair(decision)] = PairState("proposed", number, locked=True)
            case "forbid":
                self.pairs[_pair(decision)] = PairState("dropped", number)
                self.forbidden[_pair(decision)] = number
            case "lock":
                state = self.state_of(_pair(decision)) or "proposed"
                self.pairs[_pair(decision)] = PairState(state, number, locked=True)
            case kind:
                after = _STEPS[kind][1] or "proposed"
                for pair in _old(decision):
                    locked = pair in self.pairs and self.pairs[pair].locked and after in _STANDS
                    self.pairs[pair] = PairState(after, number, locked)
                for pair in _new(decision):
                    self.pairs[pair] = PairState("proposed", number, locked=True)

    def _statement(self, decision: Decision) -> tuple[str, str] | None:
        pair = _pair(decision)
        known = self.pairs.get(pair)
        if pair in self.forbidden:
            return f"{_named(pair)} are forbidden in entry {self.forbidden[pair]}.", "Undo that first."
        if decision.kind == "forbid":
            if known is not None and (known.state != "proposed" or known.locked):
                state = "locked" if known.locked and known.state == "proposed" else known.state
                return f"{_named(pair)} are {state}.", f"Undo entry {known.since}, or end the pair."
        elif known is not None and known.state != "proposed":
            return f"{_named(pair)} are {known.state}.", _WHAT_FIRST[known.state]
        return None

    def _step(self, kind: Kind, pair: Pair) -> tuple[str, str] | None:
        state = self.state_of(pair)
        if state is None:
            mend = "Give one that does with --matching (matching=), or require the pair and match again."
            return f"no matching is given that pairs {_named(pair)}.", mend
        if state not in _STEPS[kind][0]:
            return f"{_named(pair)} are {state}.", _WHAT_FIRST[state]
        if kind == "lock" and pair in self.pairs and self.pairs[pair].locked:
            return f"{_named(pair)} are locked in entry {self.pairs[pair].since}.", "Nothing is left to do."
        return None

    def _swapped(self, decision: Decision) -> tuple[str, str] | None:
        for pair in _new(decision):
            known = self.pairs.get(pair)
            if pair in self.forbidden:
                return f"{_named(pair)} are forbidden in entry {self.forbidden[pair]}.", "Undo that first."
            if known is not None and known.state == "ended":
                return f"{_named(pair)} are ended.", _WHAT_FIRST["ended"]
            if self.state_of(pair) in (*_STANDS, "completed"):
                if self.proposed is None and known is None:
                    continue
                return f"{_named(pair)} are paired already.", "Name two pairs whose partners are to change."
        return None

    def _leave(self, number: int, identifier: str) -> None:
        self.gone[identifier] = number
        for pair, known in list(self.pairs.items()):
            if identifier in pair and known.state in _STANDS:
                parted: State = "dropped" if known.state == "proposed" else "ended"
                self.pairs[pair] = PairState(parted, number)


def numbered(decisions: Iterable[Decision], *, without: int | None = None) -> Iterator[tuple[int, Decision]]:
    """The entries that stand, each with its number; ``without`` leaves one more out."""
    decisions = tuple(decisions)
    undone = {decision.entry for decision in decisions if decision.kind == "undo"} | {without}
    for number, decision in enumerate(decisions, 1):
        if decision.kind != "undo" and number not in undone:
            yield number, decision


def made_by(decision: Decision) -> tuple[Pair, ...]:
    """The pairs that a decision makes, whether or not a matching proposes them."""
    return (_pair(decision),) if decision.kind == "require" else _new(decision)


def _pair(decision: Decision) -> Pair:
    return decision.mentor or "", decision.mentee or ""


def _old(decision: Decision) -> tuple[Pair, ...]:
    other = (decision.other_mentor or "", decision.other_mentee or "")
    return (_pair(decision), other) if decision.kind == "swap" else (_pair(decision),)


def _new(decision: Decision) -> tuple[Pair, ...]:
    if decision.kind != "swap":
        return ()
    (mentor, mentee), (other_mentor, other_mentee) = _old(decision)
    return (mentor, other_mentee), (other_mentor, mentee)


def _named(pair: Pair) -> str:
    return f"{pair[0]} and {pair[1]}"
