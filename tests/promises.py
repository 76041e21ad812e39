"""Quotas read slowly and plainly, for the second scorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def members(quota: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The ids of those taking part of whom a quota speaks."""
    side = "capacity" if quota["side"] == "mentor" else "mentors_wanted"
    return {
        identifier
        for identifier, person in people.items()
        if side in person
        and all(
            value in held if isinstance(held := person.get(field), list) else held == value
            for field, value in quota["where"].items()
        )
    }


def counts(counted: bool, mentors: int) -> tuple[int, int]:
    """How many people and pairs one mentee with so many mentors adds to a quota."""
    return (min(mentors, 1), mentors) if counted else (0, 0)


def kept(
    quotas: Sequence[Mapping[str, Any]],
    groups: Sequence[set[str]],
    mentors: Sequence[str],
    state: Sequence[int],
) -> bool:
    """Whether every quota holds: ``state`` is each mentor's load, then people and pairs of each quota."""
    loads = dict(zip(mentors, state, strict=False))
    for k, (quota, group) in enumerate(zip(quotas, groups, strict=True)):
        if quota["side"] == "mentor":
            people, pairs = sum(loads[m] > 0 for m in group), sum(loads[m] for m in group)
        else:
            people, pairs = state[len(loads) + 2 * k : len(loads) + 2 * k + 2]
        if people < quota.get("min", 0) or pairs > quota.get("max", pairs):
            return False
    return True
