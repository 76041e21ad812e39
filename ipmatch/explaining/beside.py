"""The matching that the answer is compared with: without fairness, or the best one beside a stable one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ipmatch.costs import FairnessCost, StabilityCost
from ipmatch.explaining.proof import Proof, certificate_of
from ipmatch.explaining.stability import cost_against
from ipmatch.matching import Matching, Note
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.problem import Level, Objective
from ipmatch.solving.values import is_linear, totals

__all__ = [
    "Beside",
    "is_compared",
    "left_out",
    "levels_beside",
    "pairs_beside",
    "proof_beside",
    "told_apart",
]

STABLE, FAIR = "best.", "without."


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The pairs [P] of the other matching, and the prices that prove it the best by its own levels."""

    used: BoolVector
    prices: Mapping[str, IntVector]

    def stability(self, posed: Posed, used: BoolVector) -> StabilityCost | None:
        """What stability costs, if the policy asks for it."""
        return cost_against(posed, used, self.used) if posed.is_stable else None

    def fairness(self, posed: Posed, used: BoolVector) -> FairnessCost | None:
        """What a level on who is worst off costs, if the policy has one."""
        from ipmatch.explaining.fairness import fairness_cost

        return None if posed.is_stable else fairness_cost(posed, used, self.used)


def levels_beside(posed: Posed, used: BoolVector) -> tuple[Objective, ...] | None:
    """The levels by which the other matching is the best; ``None`` if there is nothing to compare with.

    Without fairness there may be several: that with most of the pairs ``used`` shows best what it changes.
    """
    if posed.is_stable:
        return posed.levels
    if is_linear(posed.levels):
        return None
    others = tuple(level for level in posed.levels if isinstance(level, Level))
    return (*others, Level("present", 1, pair=used.astype(np.int64)))


def is_compared(matching: Matching) -> bool:
    """Whether a matching says what fairness or stability costs; time may have ended before that was known."""
    return matching.fairness is not None or (
        matching.stability is not None and matching.stability.cost is not None
    )


def left_out(posed: Posed, used: BoolVector) -> Note | None:
    """That a comparison is missing, where the policy has one."""
    if levels_beside(posed, used) is None:
        return None
    what = "stability" if posed.is_stable else "fairness"
    because = f"What {what} costs is not told: the time limit ended before that was worked out."
    return Note.of("comparison-left-out", because, of=what)


def pairs_beside(posed: Posed, matching: Matching) -> BoolVector | None:
    """The pairs [P] of the other matching as a matching names them; ``None`` if one is not allowed."""
    named: Iterable[tuple[str, str]] = ()
    if matching.stability is not None and matching.stability.cost is not None:
        named = matching.stability.cost.optimal_pairs
    elif matching.fairness is not None:
        named = matching.fairness.pairs_without
    row, column = posed.scores.people.rows(), posed.scores.people.columns()
    used = np.zeros(len(posed.problem.mentor), np.bool_)
    for mentor, mentee in named:
        known = mentor in row and mentee in column
        place = posed.problem.place(row[mentor], column[mentee]) if known else None
        if place is None:
            return None
        used[place] = True
    return used


def proof_beside(
    posed: Posed,
    used: BoolVector,
    prices: Mapping[str, IntVector],
    beside: Beside | None,
    *,
    complete: bool,
) -> Proof:
    """The proof of the answer by its prices, those of the other matching in the same certificate.

    Of a stable pairing there are none: the best bounds it, up to the first level at which it is behind.
    """
    prefix = STABLE if posed.is_stable else FAIR
    others = beside.prices if beside else {}
    every = {**prices, **{prefix + name: each for name, each in others.items()}}
    certificate = certificate_of(posed, every).model_copy(update={"unique": complete})
    if beside is None or not posed.is_stable:
        return Proof(certificate, prices, {})
    best, reached = (totals(posed.problem, posed.levels, pairs) for pairs in (beside.used, used))
    names = [level.name for level in posed.levels]
    behind = [place for place, (one, other) in enumerate(zip(best, reached, strict=True), 1) if one != other]
    bounds = dict(zip(names, best[: min(behind, default=len(best))], strict=False))
    return Proof(certificate.model_copy(update={"method": "stable"}), {}, bounds)


def told_apart(
    posed: Posed, prices: Mapping[str, IntVector]
) -> tuple[dict[str, IntVector], dict[str, IntVector]]:
    """The prices of the answer and of the other matching, from one certificate."""
    prefix = STABLE if posed.is_stable else FAIR
    others = {name.removeprefix(prefix): each for name, each in prices.items() if name.startswith(prefix)}
    return {name: each for name, each in prices.items() if not name.startswith(prefix)}, others
