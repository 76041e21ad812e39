"""Pairs share out the places of sessions: what that leaves possible, and who goes where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IntVector

__all__ = ["full_houses", "houses", "shared_out"]


def full_houses(
    able: IntVector,
    places: Sequence[int | None],
    capacity: IntVector,
    wanted: IntVector,
    ends: IntVector,
    *,
    idle: bool = False,
) -> Iterator[tuple[tuple[int, ...], BoolVector, int]]:
    """Yield groups of sessions with the pairs [P] that can come to no other, and the places there.

    Pairs can share the places out if, and only if, no group has more such pairs than places. Groups that fall
    into separate ones, and those that cannot be overrun, are left out.

    Parameters
    ----------
    able
        [P] the sessions that each pair can come to, bit by bit.
    places
        Of each session; None is any number.
    capacity, wanted
        [I], [J] how many pairs each mentor and mentee can have.
    ends
        [2, P] mentor and mentee of each pair.
    idle
        Whether those that cannot be overrun are told of as well.

    References
    ----------
    Hall (1935), "On representatives of subsets", *J. London Math. Soc.* 10.
    """
    open_to_all = sum(1 << k for k, most in enumerate(places) if most is None)
    kinds = [kind for kind in np.unique(able).tolist() if kind and not kind & open_to_all]
    for group, house, most in houses(places):
        inside = [kind for kind in kinds if not kind & ~house]
        if _joined(inside) != house:
            continue
        pairs = np.isin(able, inside)
        limits = zip(ends, (capacity, wanted), strict=True)
        if idle or most < min(_most(own[pairs], can) for own, can in limits):
            yield group, pairs, most


def houses(places: Sequence[int | None]) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Yield every group of sessions with a number of places: which, as bits, and how many places it has."""
    limited = [(k, most) for k, most in enumerate(places) if most is not None]
    for number in range(1, 2 ** len(limited)):
        group = [one for place, one in enumerate(limited) if number >> place & 1]
        yield tuple(k for k, _ in group), sum(1 << k for k, _ in group), sum(most for _, most in group)


def _most(person: IntVector, limit: IntVector) -> int:
    """How many of some pairs there can be for one side's limits."""
    return int(np.minimum(np.bincount(person, minlength=len(limit)), limit).sum())


def shared_out(able: Sequence[int], places: Sequence[int | None]) -> list[int | None]:
    """Send each pair to a session it can come to, the first with room; earlier pairs move on where they must.

    Parameters
    ----------
    able
        For each pair the sessions it can come to, bit by bit; a pair with none stays away.
    places
        Of each session; None is any number.

    Raises
    ------
    ValueError
        If the places do not suffice.
    """
    where: list[int | None] = [None] * len(able)
    guests: list[list[int]] = [[] for _ in places]

    def seat(pair: int, tried: set[int]) -> bool:
        for k, most in enumerate(places):
            if not able[pair] >> k & 1 or k in tried:
                continue
            tried.add(k)
            if most is None or len(guests[k]) < most:
                guests[k].append(pair)
                where[pair] = k
                return True
            for other in guests[k]:
                if seat(other, tried):
                    guests[k][guests[k].index(other)] = pair
                    where[pair] = k
                    return True
        return False

    for pair, sessions in enumerate(able):
        if sessions and not seat(pair, set()):
            raise ValueError("sessions: there are more pairs than places.")
    return where


def _joined(kinds: Sequence[int]) -> int:
    """The sessions of the kinds, if a chain of kinds that share some joins them all; else 0."""
    if not kinds:
        return 0
    reached, rest = kinds[0], list(kinds[1:])
    while True:
        near = [kind for kind in rest if kind & reached]
        if not near:
            return 0 if rest else reached
        rest = [kind for kind in rest if not kind & reached]
        for kind in near:
            reached |= kind
