"""What a matching says of fairness and of stability: who gains, who would rather have whom, and the cost."""

from __future__ import annotations

from typing import Literal

from ipmatch.certificates import Part
from ipmatch.document import Exact

__all__ = ["BlockingPair", "FairnessCost", "Shift", "Stability", "StabilityCost"]


class Shift(Part):
    """A mentee who gains or loses by fairness: the points of their pairs without it and with it.

    ``None`` stands for having no mentor; ``change`` counts that as 0 points.
    """

    mentee: str
    points_without: Exact | None
    points: Exact | None
    change: Exact


class FairnessCost(Part):
    """A matching beside the best one by the same policy without its level on who is worst off.

    ``points`` are those given up in total. ``lowest`` is the lowest score of a pair that is not required,
    ``None`` if there is none. ``gains`` and ``loses`` are mentees, the largest change first.
    ``pairs_without`` are the matching it is compared with, (mentor, mentee), so that it can be proved again:
    of several as good the one that shares most pairs with this one.
    """

    level: Literal["fairness", "leximin"]
    points: Exact
    lowest: Exact | None
    lowest_without: Exact | None
    gains: tuple[Shift, ...]
    loses: tuple[Shift, ...]
    pairs_without: tuple[tuple[str, str], ...]
    because: str


class BlockingPair(Part):
    """A mentor and a mentee, not paired, who both strictly prefer each other to what they would give up.

    ``mentor_gives_up`` and ``mentee_gives_up`` are present partners, None for a place or wish still open.
    ``gain`` is what both would gain at least in points, each counting only their own pairs; it is negative
    where a list of preferences goes against the score.
    """

    mentor: str
    mentee: str
    mentor_gives_up: str | None
    mentee_gives_up: str | None
    gain: Exact
    because: str


class StabilityCost(Part):
    """What a stable matching loses against the best one by the policy's levels: positive for worse.

    ``optimal_pairs`` are that best matching, (mentor, mentee), so that its value can be proved again.
    """

    placed: int
    points: Exact
    optimal_placed: int
    optimal_points: Exact
    optimal_pairs: tuple[tuple[str, str], ...]
    because: str


class Stability(Part):
    """How many pairs would rather have each other, and those who would gain most.

    ``breaking_a_rule`` counts apart the pairs whose exchange would leave a minimum, a quota, the places of
    sessions or a limit of changes unmet.
    ``largest_gain`` is the largest of the ``blocking_pairs``, None if there is none; ``examples`` are the ten
    with the largest gains at the most. ``cost`` is given where stability is what the policy asks for.
    """

    blocking_pairs: int
    breaking_a_rule: int
    largest_gain: Exact | None
    examples: tuple[BlockingPair, ...]
    cost: StabilityCost | None = None
    because: str
