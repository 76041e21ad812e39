"""Why not this pair: the exact price of requiring, forbidding or releasing one, and who would move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ipmatch.answers.alternatives import Alternative
from ipmatch.cohort import NamedPair
from ipmatch.errors import InfeasibleError
from ipmatch.explaining.changing import UNPROVED, Changed, Changes
from ipmatch.explaining.moving import in_the_way, price_code, price_words
from ipmatch.scoring.rules import ABSOLUTE
from ipmatch.solving.links import Link
from ipmatch.words import listed, rule_words

__all__ = ["Questions", "is_absolute"]


class Questions(Changes):
    """What each single change of a pair would cost: every answer is solved again, with the fewest moves."""

    def why_not(self, mentor: str, mentee: str) -> Alternative:
        """The price of insisting on a pair; of doing without it, if it is made.

        Raises
        ------
        UsageError
            If there is no such mentor or mentee.
        """
        mentor, mentee = self.pair_of(mentor, mentee)
        if absent := self._absent("require", mentor, mentee):
            return absent
        if self.is_paired(mentor, mentee):
            return self._doing_without(mentor, mentee)
        rules = self.posed.scores.rules_against(self.rows[mentor], self.columns[mentee])
        reasons = listed([rule_words(rule) for rule in rules]) if rules else ""
        may_not = f"{mentor} and {mentee} may not be paired: {reasons}."
        if any(map(is_absolute, rules)):
            return _alternative(mentor, mentee, "require", "not-allowed", may_not, rules=rules)
        try:
            found = self._with_pairs("require", mentor, mentee)
        except InfeasibleError as clash:
            asked = f"required pair {mentor} with {mentee}"
            conflict = tuple(member for member in clash.conflict if member != asked)
            told = f"not possible beside the other rules{in_the_way(conflict)}"
            if rules:
                because, code = (
                    f"{may_not} Requiring the pair would override this, but is {told}.",
                    "not-allowed",
                )
            else:
                because, code = f"{mentor} for {mentee} is {told}.", "not-possible"
            return _alternative(mentor, mentee, "require", code, because, rules=rules, conflict=conflict)
        moves = self.told(found, (mentor, mentee))
        if rules:
            override = f"Requiring the pair would override this: it {price_words(found.loss)}"
            return _priced(
                mentor, mentee, "require", found, f"{may_not} {override}: {moves}.", rules, "not-allowed"
            )
        if found.ties:
            because = f"{mentor} for {mentee} would be as good: the lottery decided. Then {moves}."
        else:
            gains = not self.is_linear and price_code(found.loss) != "costs"
            exempt = ", for a required pair does not count among the worst off" if gains else ""
            because = f"Insisting on {mentor} for {mentee} {price_words(found.loss)}{exempt}: {moves}."
        return _priced(mentor, mentee, "require", found, because)

    def forbid(self, mentor: str, mentee: str) -> Alternative:
        """The price of doing without a pair that is made; raises as ``why_not``."""
        mentor, mentee = self.pair_of(mentor, mentee)
        if absent := self._absent("forbid", mentor, mentee):
            return absent
        if not self.is_paired(mentor, mentee):
            because = f"{mentor} and {mentee} are not paired, so forbidding the pair changes nothing."
            return _alternative(
                mentor, mentee, "forbid", "not-paired", because, possible=True, loss=self.nothing_lost
            )
        found = self._doing_without(mentor, mentee)
        code = "not-possible" if found.loss is None else price_code(found.loss)
        return found.model_copy(update={"code": code})

    def release(self, mentor: str, mentee: str) -> Alternative:
        """What it brings to require a pair no longer, if the others let it be made; raises as ``why_not``."""
        mentor, mentee = self.pair_of(mentor, mentee)
        if absent := self._absent("release", mentor, mentee):
            return absent
        if not self.posed.scores.is_required(self.rows[mentor], self.columns[mentee]):
            because = f"{mentor} and {mentee} are not required, so there is nothing to release."
            return _alternative(
                mentor, mentee, "release", "not-required", because, possible=True, loss=self.nothing_lost
            )
        try:
            found = self._with_pairs("release", mentor, mentee)
        except InfeasibleError as clash:
            told = f"the rules cannot all hold{in_the_way(clash.conflict)}"
            because = f"Without requiring {mentor} for {mentee} {told}."
            return _alternative(mentor, mentee, "release", "not-possible", because, conflict=clash.conflict)
        pair = f"Not requiring {mentor} for {mentee} any more"
        return _priced(mentor, mentee, "release", found, f"{pair} {self.effect(found)}.")

    @property
    def nothing_lost(self) -> dict[str, int]:
        """No loss at any level."""
        return dict.fromkeys((level.name for level in self.posed.levels), 0)

    def _absent(self, change: Any, mentor: str, mentee: str) -> Alternative | None:
        away = [one for one, here in ((mentor, self.rows), (mentee, self.columns)) if one not in here]
        if not away:
            return None
        because = " ".join(self.why_absent(identifier) for identifier in away)
        return _alternative(mentor, mentee, change, "not-taking-part", because)

    def _doing_without(self, mentor: str, mentee: str) -> Alternative:
        paired = f"{mentor} and {mentee} are paired"
        if self.posed.scores.is_required(self.rows[mentor], self.columns[mentee]):
            because = f"{paired} because it is required: release the pair to do without it."
            asked = (f"required pair {mentor} with {mentee}",)
            return _alternative(mentor, mentee, "forbid", "already-paired", because, conflict=asked)
        try:
            found = self._with_pairs("forbid", mentor, mentee)
        except InfeasibleError as clash:
            because = f"{paired}, and without them the rules cannot all hold{in_the_way(clash.conflict)}."
            return _alternative(mentor, mentee, "forbid", "already-paired", because, conflict=clash.conflict)
        moves = self.told(found)
        if found.ties:
            because = f"{paired}. Doing without would be as good: the lottery decided. Then {moves}."
        else:
            because = f"{paired}. Doing without {price_words(found.loss)}: {moves}."
        return _priced(mentor, mentee, "forbid", found, because, code="already-paired")

    def _with_pairs(self, change: str, mentor: str, mentee: str) -> Changed:
        pair = NamedPair(mentor=mentor, mentee=mentee)
        link = Link(self.rows[mentor], self.columns[mentee], made=change == "require")
        field = "forbidden_pairs" if change == "forbid" else "required_pairs"
        named = [one for one in getattr(self.cohort, field) if one.ids != pair.ids]
        return self.changed({field: tuple(named if change == "release" else [*named, pair])}, [link])


def is_absolute(rule: str) -> bool:
    """Whether no requirement overrides a rule about a pair."""
    return rule in ABSOLUTE or rule.startswith("criterion:")


def _priced(
    mentor: str,
    mentee: str,
    change: Any,
    found: Changed,
    because: str,
    rules: Iterable[str] = (),
    code: Any = None,
) -> Alternative:
    parts: dict[str, Any] = {
        "loss": found.loss,
        "moves": found.moves,
        "rules": tuple(rules),
        "possible": True,
        "exact": found.proved,
    }
    because += "" if found.proved else UNPROVED
    return _alternative(mentor, mentee, change, code or price_code(found.loss), because, **parts)


def _alternative(
    mentor: str, mentee: str, change: Any, code: Any, because: str, *, possible: bool = False, **parts: Any
) -> Alternative:
    return Alternative(
        mentor=mentor, mentee=mentee, change=change, code=code, because=because, possible=possible, **parts
    )
