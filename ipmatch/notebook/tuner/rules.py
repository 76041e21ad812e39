"""The rules a tuner offers, each as a choice or a number, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ipmatch.document import plain
from ipmatch.policy import Policy

__all__ = ["RULES", "Rule"]

Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy: where it stands, what it is about, and its choices in words; none is a number."""

    table: str
    key: str
    words: str
    choices: Choices
    most: int = 0

    @property
    def name(self) -> str:
        """The rule as the policy file spells it."""
        return f"{self.table}.{self.key}"

    def value(self, policy: Policy) -> str:
        """What a policy says, as text."""
        return _text(getattr(getattr(policy, self.table), self.key))

    def changed(self, policy: Policy, value: str) -> Policy:
        """The policy with another value."""
        current = getattr(getattr(policy, self.table), self.key)
        read: Any = value.split(", ") if isinstance(current, tuple) else value
        return policy.replace(
            **{self.table: {self.key: Decimal(value) if isinstance(current, Decimal) else read}}
        )

    def shown(self, policy: Policy) -> dict[str, Any]:
        """The rule as the page draws it; a value of the policy's own is offered beside the usual ones."""
        value = self.value(policy)
        choices = (
            self.choices if value in self.choices or not self.choices else {**self.choices, value: value}
        )
        options = [{"value": one, "words": words} for one, words in choices.items()]
        return {"name": self.name, "words": self.words, "value": value, "options": options, "most": self.most}


RULES = (
    Rule(
        "organisation",
        "same",
        "Pairs inside one organisation",
        {"penalise": "cost points", "ignore": "count like any other", "forbid": "are not made"},
    ),
    Rule(
        "tiers",
        "order",
        "Pairs that may be made, best first",
        {
            "scope-and-sector, sector, scope": "scope and sector, sector, scope",
            "scope-and-sector, sector": "scope and sector, sector",
            "scope-and-sector, sector, scope, outlier": "all, outliers last",
        },
    ),
    Rule(
        "tiers",
        "sector_from",
        "A sector is shared",
        {"0.5": "past sectors of the mentor count", "1": "only where the mentor prescribes now"},
    ),
    Rule(
        "tiers",
        "scope_from",
        "A scope is shared",
        {"0.25": "if in the same group", "0.5": "if related", "1": "only if the same"},
    ),
    Rule("eligibility", "min_years_prescribing", "Years of prescribing, at least", {}, 10),
    Rule(
        "eligibility",
        "availability",
        "Availability",
        {"ignore": "is not looked at", "require": "must be shared"},
    ),
    Rule(
        "objective",
        "levels",
        "What comes first",
        {
            "placed, score": "as many mentees as possible, then points",
            "placed, tiers, score": "as many mentees as possible, then tiers, then points",
            "placed, fairness, score": "as many mentees as possible, then the worst-off pair, then points",
            "tiers, placed, score": "tiers, then mentees, then points",
            "score": "points alone",
        },
    ),
)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{plain(value):f}" if isinstance(value, Decimal) else str(value)
