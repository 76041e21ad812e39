"""Rules that cannot all hold, narrowed down to a few of which every one is needed for the clash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ipmatch.solving.arrays import IndexVector
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.network import build
from ipmatch.solving.problem import Problem

__all__ = ["RulesClash", "rules_clash"]


class RulesClash(Exception):
    """No pairing keeps these rules together; without any single one of them the others can be kept.

    Attributes
    ----------
    pairs
        Indices of required pairs.
    mentors
        Indices of mentors with a minimum.
    """

    def __init__(self, pairs: tuple[int, ...], mentors: tuple[int, ...]) -> None:
        self.pairs, self.mentors = pairs, mentors
        super().__init__(f"{len(pairs)} required pairs and the minimums of {len(mentors)} mentors clash.")

    def __reduce__(self) -> tuple[type[RulesClash], tuple[tuple[int, ...], tuple[int, ...]]]:
        return type(self), (self.pairs, self.mentors)


def rules_clash(problem: Problem) -> RulesClash:
    """Find an irreducible clash among the required pairs and minimums of an infeasible problem.

    Places and wishes are never dropped: they say what people can give and want, not what someone decided.

    References
    ----------
    Junker (2004), "QuickXplain: Preferred explanations and relaxations for over-constrained problems", AAAI.
    """
    kept = np.flatnonzero(problem.required | (problem.minimum > 0)[problem.mentor])
    # Nobody else's pairs can help or hinder these rules.
    core = replace(
        problem, mentor=problem.mentor[kept], mentee=problem.mentee[kept], required=problem.required[kept]
    )
    pairs, mentors = np.flatnonzero(core.required), np.flatnonzero(core.minimum)
    rules = np.concatenate([pairs, len(kept) + mentors])

    def can_hold(chosen: IndexVector) -> bool:
        required, minimum = np.zeros_like(core.required), np.zeros_like(core.minimum)
        required[chosen[chosen < len(kept)]] = True
        held = chosen[chosen >= len(kept)] - len(kept)
        minimum[held] = core.minimum[held]
        network = build(replace(core, required=required, minimum=minimum))
        arcs = np.flatnonzero(network.low < network.up)
        return cheapest_flow(network, np.zeros(len(network.tail), np.int64), network.low, arcs) is not None

    needed = np.sort(_irreducible(rules[:0], rules, can_hold, untested=False))
    pairs, mentors = kept[needed[needed < len(kept)]], needed[needed >= len(kept)] - len(kept)
    return RulesClash(tuple(pairs.tolist()), tuple(mentors.tolist()))


def _irreducible(
    given: IndexVector, rules: IndexVector, can_hold: Callable[[IndexVector], bool], *, untested: bool
) -> IndexVector:
    """Cut ``rules`` down to a part that clashes with ``given`` and of which nothing can be left out."""
    if untested and not can_hold(given):
        return rules[:0]
    if len(rules) <= 1:
        return rules
    near, far = np.split(rules, [len(rules) // 2])
    late = _irreducible(np.concatenate([given, near]), far, can_hold, untested=True)
    early = _irreducible(np.concatenate([given, late]), near, can_hold, untested=len(late) > 0)
    return np.concatenate([early, late])
