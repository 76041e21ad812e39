"""The lottery that decides between equally good pairings: drawn from ids and a seed, never from row order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np

from ipmatch.solving.arrays import HashVector, IntVector
from ipmatch.solving.problem import Level, Problem

__all__ = [
    "PAIR_BOUND",
    "check_numbers",
    "lottery_numbers",
    "pair_level",
    "pair_level_name",
    "pair_slice",
    "people_levels",
    "scattered",
]

PART = 1 << 15
"""So many pairs are drawn together: few enough to stay in the processor's cache."""
_BITS = 20
PAIR_BOUND = 2**_BITS
_GOLDEN = 0x9E3779B97F4A7C15


def lottery_numbers(ids: Sequence[str], side: str, seed: int) -> HashVector:
    """Draw one 64-bit number for each id, the same whoever else takes part.

    Parameters
    ----------
    ids
        Identifiers; two spellings of the same Unicode text draw the same number.
    side
        At most 16 bytes, such as ``"mentor"``: the same id on another side draws another number.
    seed
        From 0 to 2**64 - 1.

    Raises
    ------
    ValueError
        If the seed is out of range.

    References
    ----------
    Saarinen & Aumasson (2015), RFC 7693, *The BLAKE2 Cryptographic Hash*.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed: {seed} must lie between 0 and 2**64 - 1.")
    key, person = seed.to_bytes(8, "big"), side.encode()
    texts = (unicodedata.normalize("NFC", text).encode() for text in ids)
    framed = (len(text).to_bytes(8, "big") + text for text in texts)
    lots = (blake2b(text, key=key, person=person).digest()[:8] for text in framed)
    return np.array([int.from_bytes(lot, "big") for lot in lots], np.uint64)


def check_numbers(problem: Problem) -> None:
    """Refuse two people of a side who drew the same number: no level could ever tell them apart."""
    for side in ("mentor_number", "mentee_number"):
        # Sorted by hand: np.unique would load all of numpy.ma.
        numbers = np.sort(getattr(problem, side))
        if np.any(numbers[1:] == numbers[:-1]):
            raise ValueError(f"{side}: two people drew the same number.")


def people_levels(problem: Problem) -> Iterator[Level]:
    """Yield the levels that say who is paired: mentees, their further mentors, then mentors.

    Every gain is 1 to 2**20 and depends only on the person it belongs to, so a newcomer redraws nobody.
    """
    mentees = _slice(problem.mentee_number)
    yield Level("lottery.mentees", PAIR_BOUND, first=mentees)
    if np.any(problem.wanted > 1):
        yield Level("lottery.further", PAIR_BOUND, further=mentees)
    yield Level("lottery.mentors", PAIR_BOUND, mentor=_slice(problem.mentor_number))


def pair_level(problem: Problem, i: int) -> Level:
    """Say who is paired with whom: each pair draws the i-th output of the splitmix64 stream it seeds."""
    stirred, drawn = _stirred(problem.mentor_number, i), np.empty(len(problem.mentor), np.int64)
    for start in range(0, len(drawn), PART):
        part = slice(start, start + PART)
        drawn[part] = _slice(
            _mix(stirred[problem.mentor[part]] + problem.mentee_number[problem.mentee[part]])
        )
    return Level(pair_level_name(i), PAIR_BOUND, pair=drawn)


def pair_slice(mentor_number: HashVector, mentee_number: HashVector, i: int) -> IntVector:
    """What pairs draw at the i-th level of pairs, entry by entry."""
    return _slice(_mix(_stirred(mentor_number, i) + mentee_number))


def scattered(size: int, below: int) -> IntVector:
    """So many numbers from 0 to ``below`` that look drawn: ``numpy.random`` would take long to load."""
    return (_mix(np.arange(size, dtype=np.uint64)) % np.uint64(below)).astype(np.int64)


def pair_level_name(i: int) -> str:
    """Name the i-th level of pairs."""
    return f"lottery.pairs.{i}"


def _stirred(mentor_number: HashVector, i: int) -> HashVector:
    # Mixed before it is added, or mentors and mentees with swapped numbers would draw alike.
    return _mix(mentor_number) + np.uint64((i + 1) * _GOLDEN % 2**64)


def _slice(number: HashVector) -> IntVector:
    return (number >> np.uint64(64 - _BITS)).astype(np.int64) + 1


def _mix(number: HashVector) -> HashVector:
    """Stafford's 13th variant of the 64-bit finaliser, as in splitmix64 (Steele, Lea & Flood, 2014)."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
