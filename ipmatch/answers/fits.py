"""Fit: weights learnt from what people say of pairs, how sure they are, or what contradicts itself."""

from __future__ import annotations

from ipmatch.document import Exact, Frozen
from ipmatch.document.shown import Shown
from ipmatch.policy import Policy

__all__ = ["Fit", "Judgement", "JudgementHeld", "WeightFit"]

PairIds = tuple[str, str]


class Judgement(Frozen):
    """Somebody finds one pair (mentor, mentee) better than another."""

    better: PairIds
    worse: PairIds


class JudgementHeld(Frozen):
    """A judgement under the weights found: by how many points the better pair scores more, always above 0."""

    better: PairIds
    worse: PairIds
    margin: Exact


class WeightFit(Frozen):
    """A weight found, and between which weights it could be.

    Of all weights with the same sum that agree with everything said, none gives this criterion less than
    ``low`` or more than ``high``, which are rounded outwards. ``kept_low`` and ``kept_high`` count the pairs
    of the matching that stay at these ends, all weights moved along; ``None`` where an end cannot be matched.
    """

    criterion: str
    weight: Exact
    low: Exact
    high: Exact
    kept_low: int | None
    kept_high: int | None


class Fit(Shown, Frozen):
    """Weights under which every judgement holds, and every example is among the best; or why there are none.

    ``judgements`` hold exactly, in integers, under ``policy``; ``pairs`` is the number of pairs it makes. If
    not ``consistent`` there is no policy: no weights agree with the judgements number ``contradicting``
    together with the examples number ``examples_contradicting``, both counted from 0, and leaving out any
    one of them removes this contradiction. ``times`` tells how often each of ``contradicting`` has to be
    added up to show it; it is empty if examples are among them.
    """

    consistent: bool
    policy: Policy | None = None
    pairs: int = 0
    weights: tuple[WeightFit, ...] = ()
    judgements: tuple[JudgementHeld, ...] = ()
    contradicting: tuple[int, ...] = ()
    examples_contradicting: tuple[int, ...] = ()
    times: tuple[int, ...] = ()
    because: str
