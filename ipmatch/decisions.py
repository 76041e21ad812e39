"""Decision: one change a person decided on, with who, when and why; and what many of them come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    StrictInt,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails

from ipmatch.document import Document, Frozen, LineFault, Text
from ipmatch.expecting import several
from ipmatch.people import Id
from ipmatch.words import listed

__all__ = [
    "KINDS",
    "NAMES_OF",
    "Decision",
    "Decisions",
    "Effect",
    "Kind",
    "decisions_in",
    "effect_of",
    "recorded",
    "standing",
]

Kind = Literal["withdraw", "require", "forbid", "lock", "swap", "confirm", "start", "complete", "end", "undo"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Whom each kind names; all but these stay empty.
_PAIR = ("mentor", "mentee")
NAMES_OF: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(KINDS, _PAIR),
    "withdraw": ("id",),
    "swap": (*_PAIR, "other_mentor", "other_mentee"),
    "undo": ("entry",),
}

# These say what holds, in whatever order they come; the others say what happened, one after the other.
_STATEMENTS = ("withdraw", "require", "forbid")

_SEAL = re.compile(r"[0-9a-f]{64}")

Pair = tuple[str, str]


def _day(text: str) -> str:
    try:
        whole = len(text) == len("2027-03-01") and date.fromisoformat(text).isoformat() == text
    except ValueError:
        whole = False
    if not whole:
        raise LineFault("not-a-day", "this is not a day.", "Write it as year-month-day: 2027-03-01.")
    return text


def _seal(text: str) -> str:
    if not _SEAL.fullmatch(text):
        what = "this is not a seal: 64 digits and letters from a to f."
        raise LineFault("not-a-seal", what, "Put the journal back as ipmatch decide wrote it.")
    return text


class Decision(Frozen):
    """One change somebody decided on, with who, when and why.

    ``withdraw`` names a person by ``id``; ``swap`` two pairs that exchange partners; ``undo`` an earlier
    ``entry`` by its number, 1 for the first; every other kind a pair. ``by`` and ``reason`` never leave the
    document they stand in. ``seal`` chains the entries of a journal.
    """

    kind: Kind
    id: Id | None = None
    mentor: Id | None = None
    mentee: Id | None = None
    other_mentor: Id | None = None
    other_mentee: Id | None = None
    entry: Annotated[StrictInt, Field(ge=1)] | None = None
    by: Text | None = None
    when: Annotated[Text, AfterValidator(_day)] | None = None
    reason: Text | None = None
    seal: Annotated[Text, AfterValidator(_seal)] | None = None

    @model_validator(mode="after")
    def _names_whom_it_speaks_of(self) -> Decision:
        wanted = NAMES_OF[self.kind]
        given = [
            name for name in dict.fromkeys(sum(NAMES_OF.values(), ())) if getattr(self, name) is not None
        ]
        missing = [name for name in wanted if name not in given]
        beside = [name for name in given if name not in wanted]
        if missing or beside:
            mends = (("Add", missing), ("Remove", beside))
            raise LineFault(
                "names-nobody" if missing else "names-too-much",
                f"a decision to {self.kind} needs {_and(wanted)}{' and nothing else' if beside else ''}.",
                " ".join(f"{verb} {_and(names)}." for verb, names in mends if names),
            )
        if self.kind == "swap" and (self.mentor == self.other_mentor or self.mentee == self.other_mentee):
            what = "only two mentors with two mentees can swap."
            raise LineFault("same-pair", what, "Name two pairs that share nobody.")
        return self

    @property
    def people(self) -> tuple[tuple[str, str | None], ...]:
        """Everyone named: id and side; the side is ``None`` where either will do."""
        named = (
            (self.id, None),
            (self.mentor, "mentor"),
            (self.mentee, "mentee"),
            (self.other_mentor, "mentor"),
            (self.other_mentee, "mentee"),
        )
        return tuple((identifier, side) for identifier, side in named if identifier is not None)

    @property
    def words(self) -> str:
        """The decision as it would be typed: ``require M02 E07``."""
        entry = () if self.entry is None else (str(self.entry),)
        return " ".join((self.kind, *(identifier for identifier, _ in self.people), *entry))


class Decisions(Document):
    """What was decided about a round, in the order it was decided; sealed entry by entry, it is a journal.

    Raises
    ------
    pydantic.ValidationError
        With every fault at once.
    """

    kind: Literal["decisions"] = "decisions"
    version: Literal[1] = 1
    decisions: tuple[Decision, ...] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _undoes_what_stands(cls, data: Any, handler: ModelWrapValidatorHandler[Decisions]) -> Decisions:
        document: Decisions = handler(data)
        lines = [
            InitErrorDetails(type=fault, loc=("decisions", place, "entry"), input=None)
            for place, fault in _wrong_undoings(document.decisions)
        ]
        if lines:
            raise ValidationError.from_exception_data(cls.__name__, lines)
        return document


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions without those undone later, and without the undoing."""
    decisions = tuple(decisions)
    undone = {decision.entry for decision in decisions if decision.kind == "undo"}
    return tuple(
        decision
        for number, decision in enumerate(decisions, 1)
        if decision.kind != "undo" and number not in undone
    )


def recorded(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions as a matching records them: anonymous, and in one order where the order says nothing."""
    told = anonymous(standing(decisions))
    if not all(decision.kind in _STATEMENTS for decision in told):
        return told
    return tuple(sorted(told, key=lambda one: (KINDS.index(one.kind), one.people, one.when or "")))


def anonymous(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions without who decided and why, as they may leave the lead's hands."""
    nothing = {"by": None, "reason": None, "seal": None}
    return tuple(decision.model_copy(update=nothing) for decision in decisions)


@dataclass(slots=True)
class Effect:
    """What decisions come to: who is gone, which pairs are required and forbidden, each with its reason.

    ``done`` are the pairs completed: they stand even where one of the two has left since.
    """

    required: dict[Pair, str | None]
    forbidden: dict[Pair, str | None]
    gone: set[str]
    done: set[Pair]


def decisions_in(given: Decisions | Iterable[Decision] | None) -> tuple[Decision, ...]:
    """The decisions of a document, or given one by one; ``UsageError`` if there is anything else."""
    return given.decisions if isinstance(given, Decisions) else several("decisions", given, Decision)


def effect_of(
    decisions: Iterable[Decision],
    required: Mapping[Pair, str | None],
    forbidden: Mapping[Pair, str | None],
) -> Effect:
    """What decisions, one after the other, make of the pairs a cohort requires and forbids.

    A pair locked, confirmed, started or completed is required from then on, until it ends or one of the two
    withdraws; a pair that ended, or was swapped away, is not made again unless a later swap brings it back.
    """
    effect = Effect(dict(required), dict(forbidden), set(), set())
    kept: set[Pair] = set()
    parted: set[Pair] = set()
    for one in standing(decisions):
        pair = (one.mentor or "", one.mentee or "")
        match one.kind:
            case "withdraw":
                effect.gone.add(one.id or "")
                for left in [left for left in kept - effect.done if one.id in left]:
                    kept.discard(left)
                    effect.required.pop(left)
            case "require":
                effect.required.setdefault(pair, one.reason)
            case "forbid":
                effect.forbidden.setdefault(pair, one.reason)
            case "end":
                _part(effect, kept, pair, one.reason)
            case "swap":
                other = (one.other_mentor or "", one.other_mentee or "")
                for old in (pair, other):
                    _part(effect, kept, old, one.reason)
                    parted.add(old)
                for new in ((pair[0], other[1]), (other[0], pair[1])):
                    if new in parted:
                        parted.discard(new)
                        effect.forbidden.pop(new, None)
                    _keep(effect, kept, new, one.reason)
            case _:
                _keep(effect, kept, pair, one.reason)
                if one.kind == "complete":
                    effect.done.add(pair)
    return effect


def _wrong_undoings(decisions: tuple[Decision, ...]) -> Iterator[tuple[int, LineFault]]:
    undone: set[int] = set()
    for place, decision in enumerate(decisions):
        if decision.kind != "undo" or decision.entry is None:
            continue
        number, what = decision.entry, None
        if number > place:
            what = f"there is no entry {number} before this one, which is entry {place + 1}."
        elif decisions[number - 1].kind == "undo":
            what = f"entry {number} undoes another itself."
        elif number in undone:
            what = f"entry {number} is undone already."
        if what:
            yield place, LineFault("nothing-to-undo", what, "Name an earlier decision that still stands.")
        undone.add(number)


def _keep(effect: Effect, kept: set[Pair], pair: Pair, reason: str | None) -> None:
    if pair not in effect.required:
        kept.add(pair)
        effect.required[pair] = reason


def _part(effect: Effect, kept: set[Pair], pair: Pair, reason: str | None) -> None:
    kept.discard(pair)
    effect.required.pop(pair, None)
    effect.done.discard(pair)
    effect.forbidden.setdefault(pair, reason)


def _and(names: Iterable[str]) -> str:
    return listed([f'"{name}"' for name in names])
