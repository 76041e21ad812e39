"""Why a mentee has fewer mentors than wanted: the one true reason, its proof, and what decided."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from ipmatch.document import FrozenMap, decimal_of
from ipmatch.explaining.bottleneck import Bottleneck, Search
from ipmatch.matching import Unmatched
from ipmatch.posing import Posed
from ipmatch.scoring.rules import FLOOR
from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.marginals import distances, loss_of_placing
from ipmatch.words import counted, listed, lost, names, rule_counts, rule_words

__all__ = ["explain_unmatched"]


def explain_unmatched(posed: Posed, used: BoolVector) -> tuple[Unmatched, ...]:
    """Every mentee with fewer mentors than wanted, in order of id, each with the reason and its facts."""
    problem = posed.problem
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    short = np.flatnonzero(given < problem.wanted)
    if not len(short):
        return ()
    explainer = _Explainer(posed, used, given)
    return tuple(explainer.reason(int(j)) for j in short)


class _Explainer:
    """What all unmatched mentees of one matching share: losses, searches, and the pairs below the floor."""

    def __init__(self, posed: Posed, used: BoolVector, given: IntVector) -> None:
        self._posed, self._used, self._given = posed, used, given
        self._scores = posed.scores
        self._mentors = [mentor.id for mentor in self._scores.people.mentors]
        self._mentees = [mentee.id for mentee in self._scores.people.mentees]
        self._search = Search(posed.problem, used)
        self._losses, self._possible = loss_of_placing(posed.problem, posed.levels, used)
        self._from_root, self._reachable = distances(posed.problem, posed.levels, used, to_root=False)
        shape = self._scores.allowed.shape
        self._rules_against = sum(
            (removed.astype(np.int16) for removed in self._scores.removed.values()), np.zeros(shape, np.int16)
        )

    def reason(self, j: int) -> Unmatched:
        """The reason for one mentee, by column."""
        taken = self._posed.problem.mentor[self._used & (self._posed.problem.mentee == j)]
        open_to = self._scores.allowed[:, j].copy()
        open_to[taken] = False
        if not open_to.any():
            return self._nobody_eligible(j, taken)
        if self._search.finds_a_place(j):
            return self._not_worth_it(j)
        blocking = self._search.blocking_pairs(j)
        return self._held_by_rule(j, blocking) if blocking else self._shortage(j)

    def _unmatched(self, j: int, code: Any, because: str, facts: dict[str, Any], **decided: Any) -> Unmatched:
        wanted, given = int(self._posed.problem.wanted[j]), int(self._given[j])
        if given:
            because = (
                f"{self._mentees[j]} has {counted(given, 'mentor')} of the {wanted} asked for. {because}"
            )
        below = self._just_below_the_floor(j)
        if below:
            facts["just_below_floor"] = below[0]
            because = f"{because} {below[1]}"
        return Unmatched(
            mentee=self._mentees[j],
            wanted=wanted,
            given=given,
            code=code,
            facts=FrozenMap(facts),
            because=because,
            **decided,
        )

    def _nobody_eligible(self, j: int, taken: IndexVector) -> Unmatched:
        others = np.setdiff1d(np.arange(len(self._mentors)), taken)
        single = self._rules_against[others, j] == 1
        columns = {rule: matrix[others, j] for rule, matrix in self._scores.removed.items()}
        removed = _positive({rule: int(column.sum()) for rule, column in columns.items()})
        alone = _positive({rule: int((column & single).sum()) for rule, column in columns.items()})
        because = self._nobody_words(j, others.tolist(), removed)
        code = "below-floor" if alone.get(FLOOR) else "no-eligible-mentor"
        return self._unmatched(j, code, because, {"removed": removed, "alone": alone})

    def _nobody_words(self, j: int, others: Sequence[int], removed: dict[str, int]) -> str:
        other = "other " if self._given[j] else ""
        if not others:
            return f"No {other}mentor takes part."
        if len(others) == 1:
            why = listed([rule_words(rule) for rule in removed])
            only = f"The only {other}mentor, {self._mentors[others[0]]},"
            return f"{only} may not be paired with {self._mentees[j]}: {why}."
        counts = rule_counts(removed, len(others))
        return f"None of the {other}{len(others):,} mentors may be paired with {self._mentees[j]}: {counts}."

    def _not_worth_it(self, j: int) -> Unmatched:
        loss = self._loss(j)
        decided = self._decided(loss)
        if decided["decided_by"] == "lottery":
            because = f"{self._placing(j)} is possible and would cost nothing: the lottery decided."
        else:
            because = f"{self._placing(j)} is possible, at a cost: {lost(loss)}."
        return self._unmatched(j, "not-worth-it", because, {}, **decided)

    def _placing(self, j: int) -> str:
        return (
            f"Giving {self._mentees[j]} another mentor" if self._given[j] else f"Placing {self._mentees[j]}"
        )

    def _held_by_rule(self, j: int, blocking: Sequence[int]) -> Unmatched:
        problem = self._posed.problem
        pairs = [(self._mentors[problem.mentor[p]], self._mentees[problem.mentee[p]]) for p in blocking]
        text = names([f"{mentor} with {mentee}" for mentor, mentee in pairs])
        pair = "pair" if len(pairs) == 1 else "pairs"
        mentor = "another mentor" if self._given[j] else "a mentor"
        facts = {"required_pairs": tuple({"mentor": mentor, "mentee": mentee} for mentor, mentee in pairs)}
        could = f"{self._mentees[j]} could have {mentor} without anybody losing one"
        because = f"But for the required {pair} {text}, {could}."
        return self._decide(j, "held-by-rule", because, facts)

    def _shortage(self, j: int) -> Unmatched:
        found = self._search.bottleneck(j)
        group = tuple(self._mentees[k] for k in found.mentees)
        mentors = tuple(self._mentors[i] for i in found.mentors)
        facts = {"group": group, "mentors": mentors, "places": found.places, "needed": found.needed}
        if found.elsewhere:
            facts["elsewhere"] = found.elsewhere
        return self._decide(j, "shortage", self._shortage_words(found, group, mentors), facts)

    def _shortage_words(self, found: Bottleneck, group: Sequence[str], mentors: Sequence[str]) -> str:
        places = counted(found.places, "place")
        if len(mentors) == len(self._mentors):
            asked = counted(int(self._posed.problem.wanted.sum()), "mentor")
            has = (
                f"the only mentor, {mentors[0]}, has"
                if len(mentors) == 1
                else f"the {len(mentors):,} mentors have"
            )
            people = counted(len(self._mentees), "mentee")
            return f"Every place is taken: {people} taking part ask for {asked}, and {has} {places}."
        beside = ", beside the mentors some of them have elsewhere" if found.elsewhere else ""
        needed = f"{places} for the {found.needed - found.elsewhere:,} asked for"
        return f"Only {names(mentors)} can mentor {names(group)}{beside}: {needed}, so one must go without."

    def _decide(self, j: int, code: str, because: str, facts: dict[str, Any]) -> Unmatched:
        """Add what chose against this mentee, and what placing them instead would cost."""
        if not self._possible[j]:
            because += f" No pairing under the rules gives {self._mentees[j]} this place."
            return self._unmatched(j, code, because, facts)
        loss = self._loss(j)
        decided = self._decided(loss)
        if decided["decided_by"] == "lottery":
            because += f" {self._placing(j)} instead would cost nothing: the lottery decided."
        else:
            because += f" {self._placing(j)} instead would cost {lost(loss)}."
        return self._unmatched(j, code, because, facts, **decided)

    def _decided(self, loss: FrozenMap[str, Decimal]) -> dict[str, Any]:
        first = next((level for level, amount in loss.items() if amount), None)
        if first is None:
            return {"decided_by": "lottery", "loss": loss}
        return {"decided_by": first if first == "score" else f"level:{first}", "loss": loss}

    def _loss(self, j: int) -> FrozenMap[str, Decimal]:
        return level_amounts(self._posed, [int(loss[j]) for loss in self._losses])

    def _just_below_the_floor(self, j: int) -> tuple[dict[str, Any], str] | None:
        """The best mentor whom the floor alone keeps out, and what allowing that one pair would change."""
        floor = self._scores.removed.get(FLOOR)
        if floor is None:
            return None
        only_floor = np.flatnonzero(
            floor[:, j] & (self._rules_against[:, j] == 1) & ~self._scores.required[:, j]
        )
        if not len(only_floor):
            return None
        # Rows are sorted by id, so the first best is the same whatever the order of the file.
        best = int(only_floor[np.argmax(self._scores.points[only_floor, j])])
        gain = self._gain_of_allowing(best, j)
        mentor, tier = self._mentors[best], self._scores.tier_of(best, j)
        facts = {
            "mentor": mentor,
            "tier": tier,
            "score": self._scores.decimal(int(self._scores.points[best, j])),
            "gain": gain,
        }
        best_pair = f"The best mentor just below the floor is {mentor} (tier: {tier})"
        if gain is None:
            return facts, f"{best_pair}."
        if not any(gain.values()):
            return facts, f"{best_pair}; allowing that one pair would change nothing."
        what = "place one more mentee" if gain.get("placed", 0) > 0 else "make the pairing better"
        return facts, f"{best_pair}; allowing that one pair would {what}."

    def _gain_of_allowing(self, i: int, j: int) -> FrozenMap[str, Decimal] | None:
        """The exact gain of one pair more, by the best cycle through it; ``None`` for somebody with a mentor.

        Whoever has a mentor already could also swap, which the distances from the root do not tell.
        """
        node, changes = 1 + i, []
        if self._given[j]:
            return None
        for level, distance in zip(self._posed.levels, self._from_root, strict=True):
            first = 0 if level.first is None else int(level.first[j])
            pair = self._posed.worth_of(level.name, i, j)
            changes.append(first + pair - int(distance[node]))
        # A pair that may be but is not worth making changes nothing.
        worth_it = self._reachable[node] and tuple(changes) > (0,) * len(changes)
        return level_amounts(self._posed, changes if worth_it else [0] * len(changes))


def level_amounts(posed: Posed, units: Sequence[int]) -> FrozenMap[str, Decimal]:
    """Amounts per level in what a reader counts: points, wishes, people or pairs."""
    return FrozenMap(
        {
            level.name: decimal_of(amount, posed.scale_of(level.name))
            for level, amount in zip(posed.levels, units, strict=True)
        }
    )


def _positive(counts: dict[str, int]) -> dict[str, int]:
    return {rule: number for rule, number in counts.items() if number}
