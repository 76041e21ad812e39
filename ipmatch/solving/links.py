"""The pairs that a change breaks and makes, in the order in which each gives rise to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.problem import Problem

__all__ = ["Link", "Move", "in_order", "links_between", "moves_of"]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A pair that the change makes, or breaks."""

    mentor: int
    mentee: int
    made: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A mentee goes from one mentor to another; None stands for nobody."""

    mentee: int
    before: int | None
    after: int | None


def moves_of(links: Iterable[Link]) -> tuple[Move, ...]:
    """Tell who goes from whom to whom, in the order of the links."""
    left, found = dict[int, list[int]](), dict[int, list[int]]()
    for link in links:
        for mentors, moved in ((left, not link.made), (found, link.made)):
            mentors.setdefault(link.mentee, []).extend([link.mentor] if moved else [])
    return tuple(
        Move(mentee, before, after)
        for mentee in left
        for before, after in zip_longest(left[mentee], found[mentee])
    )


def links_between(problem: Problem, used: BoolVector, changed: Problem, now: BoolVector) -> set[Link]:
    """Find the pairs that one pairing breaks and makes against another, of the same people."""
    before = set(zip(problem.mentor[used].tolist(), problem.mentee[used].tolist(), strict=True))
    after = set(zip(changed.mentor[now].tolist(), changed.mentee[now].tolist(), strict=True))
    return {Link(*pair, made=pair in after) for pair in before ^ after}


def in_order(links: set[Link], start: Iterable[Link]) -> Iterator[Link]:
    """Walk from link to link: where a pair is made another is broken, and the other way round.

    A chain runs from the pair it is about in both directions. Where it passes a place to spare, or somebody
    left alone, another begins.
    """
    links = set(links)
    starts = [link for link in start if link in links]
    while links:
        first = next((link for link in starts if link in links), None) or _loose_end(links)
        links.remove(first)
        yield first
        for side in ("mentee", "mentor"):
            yield from _walk(links, first, side)


def _walk(links: set[Link], last: Link, side: str) -> Iterator[Link]:
    while True:
        person = getattr(last, side)
        onward = [link for link in links if getattr(link, side) == person and link.made != last.made]
        if not onward:
            return
        last = min(onward)
        links.remove(last)
        yield last
        side = "mentor" if side == "mentee" else "mentee"


def _loose_end(links: set[Link]) -> Link:
    """Choose a link that goes on in one direction at most, if there is one."""

    def goes_on(link: Link, side: str) -> bool:
        person = getattr(link, side)
        return any(other.made != link.made and getattr(other, side) == person for other in links)

    return min(links, key=lambda link: (goes_on(link, "mentor") and goes_on(link, "mentee"), link))
