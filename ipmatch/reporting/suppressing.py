"""Small counts kept from view, and enough others with them that nobody can work the small ones out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Sum", "bounds_of", "hidden_counts"]

# Nobody looking on knows how large a round can be.
_ANY = 10**9


@dataclass(frozen=True, slots=True)
class Sum:
    """A count that is the sum of others, by name. Sums must not go round in a circle."""

    total: str
    parts: tuple[str, ...]


def hidden_counts(
    counts: Mapping[str, int], sums: Sequence[Sum], threshold: int, *, untold: Collection[str] = ()
) -> frozenset[str]:
    """The counts to keep from view, by name.

    Every count from 1 up to the threshold is hidden, and as many others as it takes: whoever knows the sums,
    the counts in view and that a hidden one is no zero can still take each small count for any number from 1
    up to the threshold (of several that are no zeros, a sum can only be as many or more). Zeros stay in view.

    Parameters
    ----------
    counts
        Every count by name.
    sums
        How they add up.
    threshold
        The smallest count that may be seen.
    untold
        Counts of no table, which only tie others together: never in view, and no secret themselves.
    """
    small = [name for name, count in counts.items() if 0 < count < threshold and name not in untold]
    hidden = {*small, *untold}
    least = bounds_of(counts, sums, [name for name, count in counts.items() if count])
    while exposed := next(_exposed(small, bounds_of(counts, sums, hidden), least, threshold), None):
        hidden.add(_cover(counts, sums, hidden, exposed))
    return frozenset(hidden)


def bounds_of(
    counts: Mapping[str, int], sums: Sequence[Sum], hidden: Collection[str]
) -> dict[str, tuple[int, int]]:
    """The least and the most that each count can be, for whoever sees only those not hidden."""
    low = {name: 1 if name in hidden else count for name, count in counts.items()}
    high = {name: _ANY if name in hidden else count for name, count in counts.items()}
    changed = True
    while changed:
        changed = False
        for each in sums:
            for name, one, other in _implied(each, low, high):
                if one > low[name] or other < high[name]:
                    low[name], high[name] = max(one, low[name]), min(other, high[name])
                    changed = True
    return {name: (low[name], high[name]) for name in counts}


def _implied(each: Sum, low: Mapping[str, int], high: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """What one sum says of each of its counts, given what is known of the others."""
    least, most = sum(low[part] for part in each.parts), sum(high[part] for part in each.parts)
    yield each.total, least, most
    for part in each.parts:
        yield part, low[each.total] - (most - high[part]), high[each.total] - (least - low[part])


def _exposed(
    small: Sequence[str],
    bounds: Mapping[str, tuple[int, int]],
    least: Mapping[str, tuple[int, int]],
    threshold: int,
) -> Iterator[str]:
    """The small counts of which too much is known; ``least`` is what is known if every count is hidden."""
    for name in small:
        low, high = bounds[name]
        if low > least[name][0] or high < threshold - 1:
            yield name


def _cover(counts: Mapping[str, int], sums: Sequence[Sum], hidden: Collection[str], exposed: str) -> str:
    """The next count to hide: near the exposed one, parts before totals, the smallest first."""
    near, seen = {exposed}, [exposed]
    while True:
        for each in sums:
            if near & {each.total, *each.parts}:
                seen += [name for name in (*each.parts, each.total) if name not in seen]
        totals = {each.total for each in sums}
        rank = {name: (name in totals, counts[name], name) for name in seen if counts[name]}
        open_to = [name for name in rank if name not in hidden]
        if open_to:
            return min(open_to, key=rank.__getitem__)
        near = set(seen)
