"""fit_weights(): evidence, search, and the answer in words and exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from ipmatch.answering import request_of
from ipmatch.answers.fits import Fit, Judgement, JudgementHeld, WeightFit
from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision, Decisions
from ipmatch.document import decimal_of, plain
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import several
from ipmatch.fitting.evidence import Evidence, Pair, Said, evidence_of, worth
from ipmatch.fitting.search import Search
from ipmatch.matching import Matching
from ipmatch.policy import DECIMAL_PLACES, Policy
from ipmatch.scoring.criteria import Criterion
from ipmatch.solving.arrays import BoolVector
from ipmatch.trying import Trials
from ipmatch.words import counted, listed, names

__all__ = ["fit_weights"]


def fit_weights(
    cohort: Cohort,
    judgements: Iterable[Judgement | tuple[Pair, Pair]] = (),
    *,
    examples: Iterable[Matching | Iterable[Pair]] = (),
    policy: Policy | str | None = None,
    weights: Iterable[str] | None = None,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
) -> Fit:
    """Weights under which every pair that was found better scores more, and every example is among the best.

    Of all weights with the sum of the policy's, those in the middle of what the judgements leave open are
    taken, as round as they can be, and everything is checked again exactly, in integers. If no weights will
    do, the answer names a smallest set of judgements and examples that contradict each other, proved.

    Parameters
    ----------
    cohort
        The people; ids in judgements are theirs.
    judgements
        ``Judgement(better=("M01", "E01"), worse=("M02", "E03"))``, or just such two pairs.
    examples
        Whole matchings that the programme would make: no other may score more, among those best by the
        levels before ``score``.
    policy
        The rules, and the sum of the weights; ``None`` for the cohort's own, else the default.
    weights
        The criteria to weigh; ``None`` for those the policy gives a weight. All others count nothing.
    criteria, decisions
        As for :func:`ipmatch.match`.

    Returns
    -------
    Fit
        With the weights found, how far each could differ, and a policy to match with.

    Raises
    ------
    UsageError
        If nobody judges anything, somebody named does not take part, or an example breaks a rule.
    InputError
        If the policy cannot be learnt for: it has no level ``score``, or its levels before that look at
        scores too; or if what is left open is too narrow for any weights that can be written.

    References
    ----------
    Ahuja & Orlin (2001), "Inverse optimization", *Operations Research* 49(5).
    """
    request = request_of(cohort, policy, criteria, decisions)
    start, total = _to_learn(request.policy, weights)
    said = [_judgement(k, one) for k, one in enumerate(several("judgements", judgements))]
    shown = [_pairs(k, one) for k, one in enumerate(several("examples", examples))]
    if not said and not shown:
        mend = 'For example [(("M01", "E01"), ("M02", "E03"))].'
        raise UsageError([Fault("judgements", "there is nothing to learn from.", mend)])
    trials = Trials(request)
    evidence = evidence_of(*trials.solved(start), said, shown)
    search = Search(trials, start, evidence, float(total))
    found = search.settle(evidence.everything)
    if not isinstance(found, Policy):
        return _refuted(evidence, search, found)
    return _fitted(evidence, search, found, trials.solved(found)[1])


def _judgement(number: int, one: Judgement | tuple[Pair, Pair]) -> Judgement:
    if isinstance(one, Judgement):
        return one
    better_and_worse = _as_pairs(one)
    if better_and_worse is None or len(better_and_worse) != 2:
        mend = 'Write the better pair, then the worse: (("M01", "E01"), ("M02", "E03")).'
        raise UsageError([Fault(f"judgements[{number}]", "this is not two pairs.", mend)])
    return Judgement(better=better_and_worse[0], worse=better_and_worse[1])


def _pairs(number: int, one: Matching | Iterable[Pair]) -> list[Pair]:
    pairs = [*one.pairs()] if isinstance(one, Matching) else _as_pairs(one)
    if pairs is None:
        mend = 'Give a Matching, or pairs: [("M01", "E01"), ("M02", "E02")].'
        raise UsageError([Fault(f"examples[{number}]", "this is not a matching.", mend)])
    return sorted({*pairs})


def _as_pairs(given: object) -> list[Pair] | None:
    """What is given as pairs of ids, if it is that."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        return None
    pairs = [tuple(one) if isinstance(one, tuple | list) else () for one in given]
    are = all(len(pair) == 2 and all(isinstance(identifier, str) for identifier in pair) for pair in pairs)
    return [(mentor, mentee) for mentor, mentee in pairs] if are else None


def _to_learn(policy: Policy, weights: Iterable[str] | None) -> tuple[Policy, Decimal]:
    """The policy with a weight for every criterion to weigh and for no other, and what they add up to."""
    chosen = [*several("weights", weights, str)]
    if weights is None:
        chosen = [name for name, weight in policy.weights.items() if weight]
    if policy.organisation.same != "penalise":
        chosen = [name for name in chosen if name != "organisation"]
    if not chosen:
        raise UsageError([Fault("weights", "there is no criterion to weigh.", "Name at least one.")])
    total = sum(policy.weights.values(), Decimal(0)) or Decimal(100)
    none = dict.fromkeys(policy.weights, Decimal(0))
    return policy.replace(weights={**none, **dict.fromkeys(chosen, Decimal(1))}), total


def _refuted(evidence: Evidence, search: Search, times: tuple[int, ...]) -> Fit:
    """The answer that names a smallest set of what contradicts itself."""
    said, smaller = evidence.everything, True
    while smaller:
        smaller = False
        for less in said.less():
            found = search.settle(less)
            if not isinstance(found, Policy):
                said, times, smaller = less, found, True
                break
    return Fit(
        consistent=False,
        contradicting=said.judgements,
        examples_contradicting=said.examples,
        times=() if said.examples else times,
        because=_against(evidence, said),
    )


def _against(evidence: Evidence, said: Said) -> str:
    parts = [
        f"judgement {k} ({' with '.join(one.better)} over {' with '.join(one.worse)})"
        for k in said.judgements
        for one in [evidence.judgements[k]]
    ]
    parts += [f"example {k}" for k in said.examples]
    if len(parts) > 1:
        return f"No weights agree with {listed(parts)} together; without any one of them some do."
    return f"No weights agree with {parts[0]}: by every criterion something else is at least as good."


def _fitted(evidence: Evidence, search: Search, policy: Policy, used: BoolVector) -> Fit:
    """The answer with the weights found, and how far each could differ."""
    weights = [Fraction(policy.weight(name)) for name in evidence.names]
    margins = [worth(weights, row) / evidence.steps for row in evidence.differences]
    said = [counted(len(evidence.judgements), "judgement")] if evidence.judgements else []
    said += [counted(len(evidence.examples), "example")] if evidence.examples else []
    holds = "holds" if len(evidence.judgements) + len(evidence.examples) == 1 else "hold"
    return Fit(
        consistent=True,
        policy=policy,
        pairs=int(used.sum()),
        weights=tuple(_weight(evidence, search, policy, k, used) for k in range(len(evidence.names))),
        judgements=tuple(
            JudgementHeld(
                better=one.better, worse=one.worse, margin=decimal_of(margin.numerator, margin.denominator)
            )
            for one, margin in zip(evidence.judgements, margins, strict=True)
        ),
        because=f"{listed(said)} {holds} exactly under these weights of {names(evidence.names)}.",
    )


def _weight(evidence: Evidence, search: Search, policy: Policy, k: int, used: BoolVector) -> WeightFit:
    low, high = search.end(k, most=False), search.end(k, most=True)
    weight = policy.weight(evidence.names[k])
    # Rounding the weights found has changed their sum a little.
    scale = float(sum(policy.weights.values())) / search.total
    return WeightFit(
        criterion=evidence.names[k],
        weight=weight,
        low=min(_outwards(float(low[k]) * scale, -1), weight),
        high=max(_outwards(float(high[k]) * scale, 1), weight),
        kept_low=search.kept(low, used),
        kept_high=search.kept(high, used),
    )


def _outwards(value: float, way: int) -> Decimal:
    """Rounded to the finest place of a weight, away from the middle unless it stands there already."""
    steps = value * 10**DECIMAL_PLACES
    near = round(steps)
    if abs(steps - near) > 1e-6:
        near = int(np.floor(steps) if way < 0 else np.ceil(steps))
    return plain(Decimal(f"{max(near, 0)}E-{DECIMAL_PLACES}"))
