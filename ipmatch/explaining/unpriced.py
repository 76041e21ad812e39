"""Reasons where no prices tell: under rules that leave the network, or after a search cut short.

Each says only what the pairing itself shows or its certificate proves; whatever needs solving again is left
to single questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap
from ipmatch.explaining.floor import JustBelow
from ipmatch.explaining.naming import Naming
from ipmatch.explaining.room import nobody_waits, spare_mentor
from ipmatch.explaining.unmatched import Explainer
from ipmatch.explaining.witness import Witness
from ipmatch.matching import LevelResult, Repair, SpareMentor, Unmatched
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector

__all__ = ["NotPriced", "spare_unpriced", "unmatched_unpriced"]


class NotPriced:
    """A pairing whose prices are not known, and how far its levels are proved."""

    def __init__(self, posed: Posed, used: BoolVector, objective: Sequence[LevelResult]) -> None:
        self.posed, self.used, self.witness = posed, used, Witness(posed.problem, used)
        proved = [level.level for level in objective if level.bound == level.value]
        self.finished = len(proved) == len(objective)
        # With these levels first and proved, one more person beside all others would break some rule.
        first = [level.level for level in objective[:2]]
        self.nobody_more = first[:1] == proved[:1] == ["placed"]
        self.no_further = self.nobody_more and first[1:] == proved[1:2] == ["further_mentors"]

    def left_open(self, change: str) -> str:
        """Why what a change would cost is not said here."""
        if not self.finished:
            return "The search ended before this was decided."
        return f'What {change} would cost is told by "ipmatch explain".'


def unmatched_unpriced(pairing: NotPriced) -> tuple[Unmatched, ...]:
    """Every mentee with fewer mentors than wanted, in order of id, each with what is known to be true."""
    explainer = _Explainer(pairing)
    return tuple(explainer.reason(int(j)) for j in np.flatnonzero(explainer.short))


def spare_unpriced(pairing: NotPriced) -> tuple[SpareMentor, ...]:
    """Every mentor with places left, in order of id, each with what is known to be true."""
    posed, used, naming = pairing.posed, pairing.used, Naming(pairing.posed)
    problem, allowed = posed.problem, posed.scores.allowed
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    short = np.bincount(problem.mentee[used], minlength=len(problem.wanted)) < problem.wanted
    found = []
    for i in np.flatnonzero(load < problem.capacity).tolist():
        mentor, had, own = naming.mentors[i], int(load[i]), problem.mentee[used & (problem.mentor == i)]
        own_waits, waiting = bool(short[own].any()), allowed[i] & short
        waiting[own] = False
        facts: dict[str, Any] = {}
        code: Any
        eligible, others = int(allowed[i].sum()), bool(waiting.any())
        if nobody := nobody_waits(mentor, had, eligible, own_waits=own_waits, others=others):
            code, because = nobody
        elif rules := pairing.witness.against(i, waiting):
            code, facts["rules"] = "held-by-rule", tuple(naming.facts(rule) for rule in rules)
            one = "another" if had else "a"
            because = f"But for {naming.rules(rules)}, {mentor} could have {one} mentee beside all others."
        else:
            code = "not-priced"
            because = f"Some who may be paired with {mentor} have fewer mentors than they asked for."
            because = f"{because} {pairing.left_open(f'pairing {mentor} with one of them')}"
        found.append(spare_mentor(mentor, int(problem.capacity[i]), had, code, because, facts=facts))
    return tuple(found)


class _NamedBelow(JustBelow):
    """The best pair below the floor, named without a price."""

    def _gain_of_allowing(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        return None


class _Explainer(Explainer):
    """What all mentees short of a mentor share, without any price."""

    def __init__(self, pairing: NotPriced) -> None:
        super().__init__(pairing.posed, pairing.used, {})
        self._pairing = pairing
        self._floor = _NamedBelow(pairing.posed, pairing.used)
        self.short = self._given < pairing.posed.problem.wanted

    def reason(self, j: int) -> Unmatched:
        """What is known of one mentee, by column."""
        if self._choices[j] == self._given[j]:
            return self._nobody_eligible(j)
        if not self._bare.finds(j):
            return self._shortage(j)
        pairing, rules = self._pairing, tuple(rule for rule, _ in self._pairing.witness.beside(j))
        one = "another mentor" if self._given[j] else "a mentor"
        could = f"{self._mentees[j]} could have {one} without anybody losing one"
        if rules and self._is_settled(j):
            facts = {"rules": tuple(self._naming.facts(rule) for rule in rules)}
            return self._unmatched(j, "held-by-rule", f"But for {self._naming.rules(rules)}, {could}.", facts)
        because = f"If only places counted, {could}. {pairing.left_open(f'placing {self._mentees[j]}')}"
        return self._unmatched(j, "not-priced", because, {})

    def _is_settled(self, j: int) -> bool:
        """Whether it is proved that the mentee can have no more unless somebody else has less."""
        return self._pairing.no_further if self._given[j] else self._pairing.nobody_more

    def _repairs(self, j: int) -> tuple[Repair, ...]:
        """The one quota that would have to allow one pair more: this places the mentee beside all others.

        While anybody waits for a first mentor, nobody's further one is promised.
        """
        first_come = not self._given[j] or bool(self._given.all())
        if not first_come or not self._is_settled(j) or not self._bare.finds(j):
            return ()
        broken, naming = self._pairing.witness.beside(j), self._naming
        if len(broken) != 1:
            return ()
        ((rule, to),) = broken
        facts, who = naming.facts(rule), naming.mentees[j]
        effect = f"give {who} another mentor" if self._given[j] else f"place {who}"
        gain = FrozenMap({"further_mentors" if self._given[j] else "placed": Decimal(1)})
        if rule.kind == "quota-maximum":
            told = {"side": facts["side"], "quota": facts["quota"], "now": facts["max"], "to": to}
            because = f"Raising {naming.rule(rule)} to {to} could {effect}."
            return (Repair(code="raise-quota-maximum", facts=FrozenMap(told), because=because, gain=gain),)
        most = self._posed.problem.limits[rule.index].maximum if rule.kind == "limit" else None
        if most is None:
            return ()
        told = {"limit": facts["limit"], "now": most, "to": to}
        because = f"Raising {naming.rule(rule)} by {to - most} could {effect}."
        return (Repair(code="raise-session-places", facts=FrozenMap(told), because=because, gain=gain),)

    def _decide(self, j: int, code: str, because: str, facts: dict[str, Any]) -> Unmatched:
        """Nothing more is known: who of a group goes without is priced by single questions."""
        left_open = self._pairing.left_open(f"placing {self._mentees[j]} instead")
        return self._unmatched(j, code, f"{because} {left_open}", facts)
