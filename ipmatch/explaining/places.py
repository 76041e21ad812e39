"""One place more or fewer at a mentor: what it brings or costs, and who would move."""

from __future__ import annotations

from typing import Any

from ipmatch.answers.alternatives import PlaceChange
from ipmatch.errors import InfeasibleError
from ipmatch.explaining.changing import Changes
from ipmatch.explaining.moving import in_the_way, price_code
from ipmatch.solving.links import Link

__all__ = ["one_place"]


def one_place(changes: Changes, mentor: str, *, more: bool) -> PlaceChange:
    """What one place more, or fewer, at a mentor would bring or cost; none left is no part taken.

    Raises
    ------
    UsageError
        If there is no such mentor.
    """
    mentor = changes.person("mentor", mentor)
    change = "one-more" if more else "one-fewer"
    known = {person.id: person for person in changes.cohort.mentors}
    places = known[mentor].capacity + (1 if more else -1)
    answer: dict[str, Any] = {"mentor": mentor, "change": change, "places": max(places, 0)}
    if mentor not in changes.rows:
        return PlaceChange(
            **answer, possible=False, code="not-taking-part", because=changes.why_absent(mentor)
        )
    word = f"One place {'more' if more else 'fewer'} at {mentor}"
    i, pairs = changes.rows[mentor], set(changes.indices())
    own = changes.posed.mentees_of(i).tolist()
    start = [Link(i, j, made=more) for j in own if ((i, j) in pairs) != more]
    changed = known | {mentor: known[mentor].model_copy(update={"capacity": places})}
    try:
        found = (
            changes.changed({"mentors": tuple(changed.values())}, start)
            if places
            else changes.without_mentor(i)
        )
    except InfeasibleError as clash:
        because = f"{word} is not possible beside the other rules{in_the_way(clash.conflict)}."
        return PlaceChange(
            **answer, possible=False, code="not-possible", conflict=clash.conflict, because=because
        )
    return PlaceChange(
        **answer,
        possible=True,
        loss=found.loss,
        moves=found.moves,
        code=price_code(found.loss),
        because=f"{word} {changes.effect(found)}.",
    )
