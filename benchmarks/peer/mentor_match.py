"""mentor-match as its own documentation uses it: people as its objects, criteria as its rules, one round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matching.match import Match
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules import rule

from benchmarks.peer.points import ORGANISATION, REGION, SCOPE, SECTOR, Person, relations

__all__ = ["solve"]


class _Of(rule.Rule):  # type: ignore[misc]
    """A rule whose score is whatever a function says of the two people."""

    def __init__(self, points: Any) -> None:
        super().__init__()
        self._points = points

    def apply(self, match_object: Match) -> int:
        """The points of one pair, in quarters: its scores are whole."""
        return int(4 * self._points(match_object.mentor.entry, match_object.mentee.entry))


def solve(
    cohort: Person, mentors: Sequence[Person], mentees: Sequence[Person], banned: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Pairs of ids. A place is a mentor of its own, since it knows no capacities."""
    nearness, bans = relations(), set(banned)
    tiers = cohort.get("policy", {}).get("tiers", {})
    least, listed = SCOPE * tiers.get("scope_from", 0.5), all if "order" in tiers else any

    def sector(mentor: Person, mentee: Person) -> float:
        theirs = set(mentee.get("sectors", ()))
        if theirs.intersection(mentor.get("sectors", ())):
            return SECTOR
        return SECTOR / 2 if theirs.intersection(mentor.get("past_sectors", ())) else 0

    def scope(mentor: Person, mentee: Person) -> float:
        pairs = ((a, b) for a in mentor.get("scopes", ()) for b in mentee.get("scopes", ()))
        return SCOPE * max((nearness(a, b) for a, b in pairs), default=0)

    def same(field: str, points: int) -> Any:
        return lambda mentor, mentee: (
            points * bool(mentor.get(field) and mentor.get(field) == mentee.get(field))
        )

    def is_out(match: Match) -> bool:
        mentor, mentee = match.mentor.entry, match.mentee.entry
        if (mentor["id"], mentee["id"]) in bans:
            return True
        return not listed((sector(mentor, mentee) >= SECTOR / 2, scope(mentor, mentee) >= least))

    rules = [_Of(sector), _Of(scope), _Of(same("region", REGION)), _Of(same("organisation", -ORGANISATION))]
    givers = [_made(Mentor, one, str(k)) for one in mentors for k in range(one.get("capacity", 1))]
    takers = [_made(Mentee, one, "") for one in mentees]
    _, paired = process_data(givers, takers, [[rule.Disqualify(is_out), *rules]])
    return [(mentor.entry["id"], one.entry["id"]) for one in paired for mentor in one.mentors]


def _made(kind: Any, entry: Person, place: str) -> Any:
    person = kind(grade=1, email=f"{entry['id']} {place}", organisation=entry.get("organisation"))
    person.entry = entry
    return person
