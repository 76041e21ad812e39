"""What an analyst asks of a matching: is it the only best, how far does it hold, whom to recruit."""

from __future__ import annotations

from typing import Literal

from ipmatch.document import Exact, Frozen, FrozenMap, Rational
from ipmatch.matching import Note
from ipmatch.people import Side

__all__ = [
    "Ambiguity",
    "Analysis",
    "Beyond",
    "Frontier",
    "FrontierPoint",
    "Odds",
    "PairStanding",
    "Profile",
    "RematchFrontier",
    "RematchPoint",
    "Sample",
    "Sensitivity",
    "WeightInterval",
    "WeightSensitivity",
]

PairIds = tuple[str, str]


class PairStanding(Frozen):
    """A pair among all the pairings that are best by the policy's levels: in all of them, or in some.

    ``drawn`` counts the sampled drawings of the lottery that chose it.
    """

    mentor: str
    mentee: str
    code: Literal["fixed", "tie"]
    chosen: bool
    drawn: int
    because: str


class Odds(Frozen):
    """Somebody whom the lottery may give a pair or not: how many sampled drawings gave one."""

    side: Side
    id: str
    chosen: bool
    drawn: int


class Ambiguity(Frozen):
    """Whether other pairings are just as good by the policy's levels, and what the lottery decided.

    ``pairs`` are those chosen, of which ``tied`` are in some of the best pairings only; ``others`` were not
    chosen and are in some. ``most_different`` is the best pairing that shares fewest pairs with this one and
    does without ``changed`` of them. Odds are sampled: of the seeds 0 to ``drawings`` - 1, counted exactly.
    ``people`` are those whom not all of these drawings treat as the matching does.
    """

    unique: bool
    tied: int
    pairs: tuple[PairStanding, ...]
    others: tuple[PairStanding, ...]
    changed: int
    most_different: tuple[PairIds, ...]
    drawings: int
    people: tuple[Odds, ...]
    because: str


class Beyond(Frozen):
    """The pairing just beyond one end of a weight's interval: the pairs that leave, and those that come."""

    leave: tuple[PairIds, ...]
    come: tuple[PairIds, ...]
    because: str


class WeightInterval(Frozen):
    """From which to which weight, ends included, the pairing is among the best by the levels up to ``score``.

    Inside the interval it stays as it is; at an end others are as good. The other weights do not move.
    ``high`` is ``None`` if no weight is too large, ``below`` and ``above`` where there is no beyond.
    """

    low: Rational
    high: Rational | None
    below: Beyond | None
    above: Beyond | None
    because: str


class Sample(Frozen):
    """How many pairs stay if a weight is changed by so many per cent and everything is matched anew.

    ``kept`` is ``None`` where such a weight is too fine for totals to stay exact.
    """

    percent: int
    weight: Exact
    kept: int | None


class WeightSensitivity(Frozen):
    """What one criterion's weight, the others unchanged, means for the pairing.

    ``interval`` is ``None`` where it was not computed. ``steady`` counts the pairs that are in every best
    pairing by the levels up to ``score`` at every weight within 10 %.
    """

    criterion: str
    weight: Exact
    interval: WeightInterval | None
    samples: tuple[Sample, ...]
    steady: int | None


class Sensitivity(Frozen):
    """How far each weight may move before the pairing changes.

    ``steady`` are the pairs that stay whichever one weight moves by up to 10 %: checked on every piece and at
    every breakpoint, not at samples. Where exact answers are not available ``note`` says why.
    """

    exact: bool
    pairs: int
    weights: tuple[WeightSensitivity, ...]
    steady: tuple[PairIds, ...] | None
    note: Note | None
    because: str


class FrontierPoint(Frozen):
    """A pairing whose totals of two criteria some weights make the only best: one of perhaps several.

    ``totals`` are the two criteria's strengths over all pairs, ``score`` its points by today's policy,
    ``changed`` how many pairs of the matching it does without.
    """

    totals: FrozenMap[str, Exact]
    score: Exact
    changed: int


class Frontier(Frozen):
    """What two criteria can be traded for, among the pairings best by the levels before ``score``.

    All other criteria count nothing. A breakpoint is a ratio of the weight of ``one`` to that of ``other`` at
    which a point ties with the next; there is one fewer of them than points. ``today`` is the policy's ratio,
    ``None`` if the weight of ``other`` is 0. Compromises that are best for no weights, or in a tie alone, are
    not listed.
    """

    one: str
    other: str
    points: tuple[FrontierPoint, ...]
    breakpoints: tuple[Rational, ...]
    today: Rational | None
    because: str


class RematchPoint(Frozen):
    """The best re-match that gives up so many earlier pairs, and no fewer would do as well.

    ``changes`` are the earlier pairs still possible that it gives up, ``gain`` is what it has more than the
    first point, level by level. If not ``exact``, a better one with so few changes may exist.
    """

    changes: int
    objective: FrozenMap[str, Exact]
    gain: FrozenMap[str, Exact]
    exact: bool


class RematchFrontier(Frozen):
    """What giving up earlier pairs would gain: from the fewest changes possible to the best matching of all.

    ``complete`` if every number of changes was solved; else points between those listed may be missing, and
    their gain lies between that of their neighbours.
    """

    earlier: int
    still_possible: int
    points: tuple[RematchPoint, ...]
    complete: bool
    because: str


class Profile(Frozen):
    """One more mentor to look for, and what exactly they would bring, level by level.

    They take part with one place, prescribe in ``sector`` and in ``scope``, the best one of its
    ``scope_group``, and are in ``region``. What is ``None`` here is not known of them, nor is anything else;
    a profile leaves something open only if no sector, scope or region of the mentees' would bring less.
    Each is for one mentor alone: the gains of two do not add up.
    """

    sector: str | None
    scope_group: str | None
    scope: str | None
    region: str | None
    gain: FrozenMap[str, Exact]
    because: str


class Analysis(Frozen):
    """All that ``ipmatch sensitivity`` tells."""

    ambiguity: Ambiguity
    sensitivity: Sensitivity
    recruit: tuple[Profile, ...]
