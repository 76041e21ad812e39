"""Looking for weights that agree with what was said; what an example rules out is learnt by matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from ipmatch.errors import Fault, InfeasibleError, InputError
from ipmatch.fitting.evidence import Evidence, Said, worth
from ipmatch.policy import DECIMAL_PLACES, Policy
from ipmatch.solving.arrays import BoolVector, IntVector
from ipmatch.solving.halfspaces import Vector, contradiction, ends, middle
from ipmatch.trying import Trials

__all__ = ["Clash", "Search"]

# So many times as many points, at the most, where weights of the size asked for are too coarse.
SCALES = (1, 10, 100, 1000)
# Where examples tie, ratios are exact ones: 3 to 8 is no decimal of what the weights add up to.
DENOMINATORS = (100, 10_000)
MOST_ROUNDS = 200

Clash = tuple[int, ...]
"""How often each row is added up to show that no weights will do, judgements first."""


class Search:
    """Weights in the cone that judgements leave open, cut by every matching found to beat an example.

    Parameters
    ----------
    trials, start
        What matches under any weights, and the policy whose weights are looked for.
    total
        What the weights are to add up to.
    """

    def __init__(self, trials: Trials, start: Policy, evidence: Evidence, total: float) -> None:
        self._trials, self._start, self._evidence, self.total = trials, start, evidence, total
        self._cuts: list[list[IntVector]] = [[] for _ in evidence.examples]

    def settle(self, said: Said) -> Policy | Clash:
        """A policy that agrees with what is said, or the proof that there is none.

        Raises
        ------
        InputError
            If neither can be found in numbers that can be written.
        """
        for _ in range(MOST_ROUNDS):
            strict = [self._evidence.differences[k] for k in said.judgements]
            weak = [cut for k in said.examples for cut in self._cuts[k]]
            centre = self._middle(strict, weak)
            if centre is None:
                times = contradiction(strict, weak)
                if times is None:
                    break
                return times
            found = self._rounded(centre, said)
            if isinstance(found, Policy):
                return found
            if not found:
                break
        what = "what they leave open is too narrow for weights that can be written."
        raise InputError([Fault("judgements", what, "Leave out the finest of them.")])

    def end(self, k: int, *, most: bool) -> Vector:
        """Where weight k is least or most, once the examples have had their say there."""
        size = len(self._evidence.names)
        while True:
            cuts = [cut for cuts in self._cuts for cut in cuts]
            rows = [*self._evidence.differences, *cuts, np.ones(size, np.int64)]
            end = ends(rows, self.total, k, most=most)
            policy = self.written(end)
            if policy is None or not self._learn(range(len(self._cuts)), policy):
                return end

    def written(self, weights: Vector) -> Policy | None:
        """Weights to the finest place that can be written; None if nothing can be matched under them."""
        policy = self._policy(weights, 1, DECIMAL_PLACES)
        try:
            self._trials.solved(policy)
        except (InputError, InfeasibleError):
            return None
        return policy

    def _middle(self, strict: list[IntVector], weak: list[IntVector]) -> Vector | None:
        if strict or weak:
            return middle(strict, weak, self.total)
        return np.full(len(self._evidence.names), self.total / len(self._evidence.names))

    def _rounded(self, centre: Vector, said: Said) -> Policy | bool:
        """The roundest weights near these that agree with everything; else whether something was learnt."""
        for policy in self._near(centre):
            weights = [Fraction(policy.weight(name)) for name in self._evidence.names]
            if any(worth(weights, self._evidence.differences[k]) <= 0 for k in said.judgements):
                continue
            beaten = [k for k in said.examples if self._cut(k, policy) is not None]
            if not beaten:
                return policy
            if self._learn(beaten, policy):
                return True
        return False

    def _near(self, centre: Vector) -> Iterator[Policy]:
        for digits in range(DECIMAL_PLACES):
            if (centre.round(digits) > 0).any():
                yield self._policy(centre, 1, digits)
        for scale in SCALES:
            yield self._policy(centre, scale, DECIMAL_PLACES)
        for most in DENOMINATORS:
            yield self._policy(self._in_ratios(centre, most), 1, 0)

    def _in_ratios(self, centre: Vector, most: int) -> Vector:
        """Whole numbers in the ratios of these weights, up to so fine a denominator, near them in size."""
        shares = [Fraction(float(weight) / self.total).limit_denominator(most) for weight in centre]
        whole = lcm(*(share.denominator for share in shares))
        times = max(round(self.total / whole), 1)
        return np.array([int(share * whole) * times for share in shares], np.float64)

    def _policy(self, weights: Vector, scale: int, digits: int) -> Policy:
        rounded = {
            name: Decimal(f"{max(float(weight), 0.0) * scale:.{digits}f}")
            for name, weight in zip(self._evidence.names, weights, strict=True)
        }
        return self._start.replace(weights=rounded)

    def _learn(self, examples: Iterable[int], policy: Policy) -> bool:
        """Whether matching under a policy shows something new of what these examples rule out."""
        learnt = False
        for k in examples:
            cut = self._cut(k, policy)
            if cut is not None and not any((cut == known).all() for known in self._cuts[k]):
                self._cuts[k].append(cut)
                learnt = True
        return learnt

    def _cut(self, k: int, policy: Policy) -> IntVector | None:
        """By what example k differs from the best under a policy; None if it is among the best itself."""
        evidence, best = self._evidence, self._trials.solved(policy)[1]
        cut: IntVector = evidence.total(evidence.examples[k]) - evidence.total(best)
        weights = [Fraction(policy.weight(name)) for name in evidence.names]
        return cut if worth(weights, cut) < 0 else None

    def kept(self, end: Vector, used: BoolVector) -> int | None:
        """How many of these pairs [P] are made under the weights of an end; None if none can be matched."""
        policy = self.written(end)
        return None if policy is None else int((self._trials.solved(policy)[1] & used).sum())
