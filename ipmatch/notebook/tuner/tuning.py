"""A tuner without its page: a policy that moves, decisions that come and go, and what they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from ipmatch.answering import request_of
from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision, Decisions, decisions_in, standing
from ipmatch.errors import Fault, IpmatchError, UsageError
from ipmatch.expecting import expect
from ipmatch.front_door import match
from ipmatch.matching import Matching
from ipmatch.notebook.tuner.rules import RULES
from ipmatch.policy import Policy
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.scoring.criteria import Criterion
from ipmatch.solving.arrays import BoolVector
from ipmatch.trying import Trials

__all__ = ["State", "Tuning"]


@dataclass(frozen=True, slots=True)
class State:
    """A policy and the decisions on top of it."""

    policy: Policy
    decisions: tuple[Decision, ...]


class Tuning:
    """A policy and decisions to move about in, with every pairing matched anew by the engine of ``match``."""

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy | str | None = None,
        *,
        criteria: Sequence[Criterion] | None = None,
        decisions: Decisions | Iterable[Decision] | None = None,
    ) -> None:
        # Where some of these go and others come, a seal or the number of an entry undone would be wrong.
        given = [one.model_copy(update={"seal": None}) for one in standing(decisions_in(decisions))]
        self._request = request_of(cohort, policy, criteria, given)
        self._trials: dict[tuple[Decision, ...], Trials] = {}
        self._done = [State(self._request.policy, self._request.decisions)]
        self._undone: list[State] = []
        self._moving: str | None = None
        self._solution = self._solved(self._done[0])
        self.base = self.pairs()

    @property
    def policy(self) -> Policy:
        """The policy as it stands now."""
        return self._done[-1].policy

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions as they stand now, those given at first and not undone included."""
        return self._done[-1].decisions

    @property
    def cohort(self) -> Cohort:
        """The people, without the decisions."""
        return self._request.cohort

    @property
    def solution(self) -> tuple[Posed, BoolVector]:
        """The problem as it stands, and the pairs used [P]."""
        return self._solution

    @property
    def matching(self) -> Matching:
        """The matching as it stands, every reason included: what ``match`` gives for policy and decisions."""
        state = self._done[-1]
        return match(self.cohort, state.policy, criteria=self._request.criteria, decisions=state.decisions)

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs as they stand, mentor first."""
        return frozenset(pair_ids(*self._solution))

    def weigh(self, criterion: str, weight: str | float | Decimal, *, final: bool = True) -> None:
        """Give a criterion another weight; until one is ``final`` they count as one step to undo.

        Raises
        ------
        InputError, InfeasibleError
            If there is no such criterion or weight, or nothing can be matched; then nothing changes.
        """
        self._change(
            lambda policy: policy.replace(weights={criterion: Decimal(str(weight))}),
            f"weight {criterion}",
            final,
        )

    def rule(self, name: str, value: str, *, final: bool = True) -> None:
        """Give a rule of the policy, such as ``organisation.same``, another value; otherwise as ``weigh``."""
        known = {rule.name: rule for rule in RULES}
        if name not in known:
            raise UsageError([Fault("tuner", f'there is no rule "{name}".', f"Use {', '.join(known)}.")])
        self._change(lambda policy: known[name].changed(policy, value), f"rule {name}", final)

    def keep(self, mentor: str, mentee: str) -> None:
        """Require a pair; raises as ``weigh``, and ``UsageError`` if there is nobody of that name."""
        expect(mentor=(mentor, str), mentee=(mentee, str))
        self._decide("require", mentor, mentee)

    def forbid(self, mentor: str, mentee: str) -> None:
        """Forbid a pair; raises as ``keep``."""
        expect(mentor=(mentor, str), mentee=(mentee, str))
        self._decide("forbid", mentor, mentee)

    def release(self, mentor: str, mentee: str) -> None:
        """Take back what was decided here of a pair."""
        self._decide(None, mentor, mentee)

    def undo(self) -> bool:
        """Go back one step; False if there is none."""
        if len(self._done) < 2:
            return False
        self._undone.append(self._done.pop())
        self._moved()
        return True

    def redo(self) -> bool:
        """Take back the last ``undo``; False if there is none."""
        if not self._undone:
            return False
        self._done.append(self._undone.pop())
        self._moved()
        return True

    def reset(self) -> None:
        """Go back to the base, as one step that can be undone."""
        self._step(self._done[0])

    @property
    def steps(self) -> tuple[int, int]:
        """How many steps can be undone, and redone."""
        return len(self._done) - 1, len(self._undone)

    def _decide(self, kind: Any, mentor: str, mentee: str) -> None:
        state = self._done[-1]
        kept = tuple(
            one
            for one in state.decisions
            if (one.mentor, one.mentee) != (mentor, mentee) or one.kind == "swap"
        )
        try:
            added = () if kind is None else (Decision(kind=kind, mentor=mentor, mentee=mentee),)
        except ValidationError as error:
            raise UsageError([Fault(f"{kind} {mentor} {mentee}", _words(error))]) from None
        self._step(replace(state, decisions=(*kept, *added)))

    def _change(self, change: Callable[[Policy], Policy], key: str, final: bool) -> None:
        state = self._done[-1]
        try:
            policy = change(state.policy)
        except (ValidationError, InvalidOperation) as error:
            raise UsageError([Fault(key, _words(error))]) from None
        self._step(replace(state, policy=policy), key, final)

    def _step(self, state: State, key: str | None = None, final: bool = True) -> None:
        if state == self._done[-1]:
            self._moving = None if final else self._moving
            return
        solution = self._solved(state)
        if key is not None and key == self._moving:
            self._done[-1] = state
        else:
            self._done.append(state)
        self._moving, self._solution = None if final else key, solution
        self._undone.clear()

    def _moved(self) -> None:
        self._moving, self._solution = None, self._solved(self._done[-1])

    def _solved(self, state: State) -> tuple[Posed, BoolVector]:
        if state.decisions not in self._trials:
            self._trials[state.decisions] = Trials(replace(self._request, decisions=state.decisions))
        return self._trials[state.decisions].solved(state.policy)

    def answer(self, message: Mapping[str, Any]) -> str:
        """Carry out what the page asks for; what is wrong with it, in words, or nothing."""
        try:
            match message:
                case {"kind": "weight", "name": name, "value": value, "final": final}:
                    self.weigh(name, value, final=final)
                case {"kind": "rule", "name": name, "value": value, "final": final}:
                    self.rule(name, value, final=final)
                case {"kind": "keep" | "forbid" | "release" as kind, "mentor": mentor, "mentee": mentee}:
                    {"keep": self.keep, "forbid": self.forbid, "release": self.release}[kind](mentor, mentee)
                case {"kind": "undo"}:
                    self.undo()
                case {"kind": "redo"}:
                    self.redo()
                case {"kind": "reset"}:
                    self.reset()
        except IpmatchError as error:
            return str(error)
        return ""


def _words(error: ValidationError | InvalidOperation) -> str:
    if isinstance(error, ValidationError):
        return " ".join(one["msg"] for one in error.errors())
    return "this is not a number."
