"""sweep(): one cohort under many policies, each answered exactly, for little more than its solve."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from decimal import Decimal
from itertools import chain, product
from typing import TypeAlias

import numpy as np
from pydantic import ValidationError

from ipmatch.answering import request_of
from ipmatch.answers.sweeps import Sweep, SweepRow
from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision, Decisions
from ipmatch.document import FrozenMap
from ipmatch.errors import Fault, InfeasibleError, InputError, UsageError
from ipmatch.expecting import CALLED, expect, expect_executor, several
from ipmatch.policy import TIERS, Policy, policy_of
from ipmatch.requests import Request, pair_ids
from ipmatch.scoring.builtin import BUILTIN, Organisation
from ipmatch.scoring.criteria import Criterion
from ipmatch.scoring.scores import no_such_criterion
from ipmatch.trying import Trials

__all__ = ["sweep"]

Number: TypeAlias = int | float | str | Decimal
Case: TypeAlias = tuple[Policy, FrozenMap[str, Decimal]]

BAR = 30


def sweep(
    cohort: Cohort,
    policies: Iterable[Policy | str] | None = None,
    *,
    weights: Mapping[str, Iterable[Number]] | None = None,
    base: Policy | str | None = None,
    criteria: Sequence[Criterion] | None = None,
    decisions: Decisions | Iterable[Decision] | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | bool = False,
) -> Sweep:
    """What many policies make of one cohort: tidy rows of places, tiers, points and the pairs that change.

    Each row is what :func:`ipmatch.match` gives under its policy. Tables of the criteria are made once, and
    policies that differ in weights alone share all that weights do not touch.

    Parameters
    ----------
    cohort
        The people.
    policies, weights
        One of the two: the policies to try, presets by name among them; or for each criterion the weights to
        try, every combination of them, the last criterion moving fastest.
    base
        What every row is compared with, and whose other rules a grid of weights keeps; ``None`` for the
        cohort's own policy, else the default.
    criteria, decisions
        As for :func:`ipmatch.match`.
    executor
        Any ``concurrent.futures.Executor``, to share the policies out; ``None`` for one after the other.
    progress
        Called with a few words as the work goes on; ``True`` for a bar on standard error.

    Returns
    -------
    Sweep
        A policy whose rules cannot all hold has a row that says so.

    Raises
    ------
    UsageError
        If not exactly one of ``policies`` and ``weights`` is given, or there is nothing in it.
    InputError, InfeasibleError
        If the base cannot be matched, or a weight is not one, or one of no criterion.
    """
    expect(weights=(weights, Mapping, None), progress=(progress, bool, *CALLED))
    expect_executor(executor)
    request = request_of(cohort, base, criteria, decisions)
    cases = _cases(request, policies, weights)
    bench = _Bench(request)
    tell = _teller(progress, len(cases))
    rows: list[SweepRow] = []
    if executor is None:
        for case in cases:
            rows.append(bench.row(case))
            tell(len(rows))
    else:
        rows = _shared(executor, request, cases, tell)
    return Sweep(base=bench.row((request.policy, request.policy.weights)), rows=tuple(rows))


def _cases(
    request: Request, policies: Iterable[Policy | str] | None, weights: Mapping[str, Iterable[Number]] | None
) -> list[Case]:
    if (policies is None) == (weights is None):
        mend = 'For example weights={"sector": range(20, 81, 10)}.'
        raise UsageError([Fault("sweep", "give either policies or weights.", mend)])
    cases = (
        [(policy, policy.weights) for policy in map(policy_of, several("policies", policies))]
        if weights is None
        else list(_grid(request.policy, weights, request.criteria))
    )
    if not cases:
        raise UsageError([Fault("sweep", "there is no policy to try.", "Give at least one.")])
    return cases


def _grid(
    base: Policy, weights: Mapping[str, Iterable[Number]], criteria: Sequence[Criterion]
) -> Iterator[Case]:
    names = tuple(weights)
    if not names:
        return
    known = [criterion.name for criterion in (*BUILTIN, *criteria)]
    if unknown := [name for name in names if name not in known]:
        raise InputError(no_such_criterion(f"sweep, weights.{name}", name, known) for name in unknown)
    for combination in product(*(several(f"weights[{name!r}]", values) for name, values in weights.items())):
        chosen = {name: _exact(name, value) for name, value in zip(names, combination, strict=True)}
        try:
            policy = base.replace(weights=chosen)
        except ValidationError as error:
            faults = [
                Fault("sweep, " + ".".join(map(str, one["loc"])), one["ctx"]["what"], one["ctx"]["mend"])
                for one in error.errors()
            ]
            raise InputError(faults) from None
        yield policy, FrozenMap({name: policy.weight(name) for name in names})


def _exact(name: str, value: Number) -> Decimal:
    """A weight as it prints, so that a float is the decimal that was meant, whatever library made it."""
    try:
        return Decimal(str(value))
    except ArithmeticError:
        fault = Fault(f"sweep, weights.{name}", f'"{value}" is not a number.', "Write a number.")
        raise InputError([fault]) from None


def _teller(progress: Callable[[str], None] | bool, total: int) -> Callable[[int], None]:
    """What tells how many policies are done."""

    def words(done: int) -> str:
        return f"{done} of {total} policies"

    def draw(done: int) -> None:
        filled = "#" * (BAR * done // total)
        sys.stderr.write(f"\r[{filled:<{BAR}}] {words(done)}" + ("\n" if done == total else ""))
        sys.stderr.flush()

    if callable(progress):
        return lambda done: progress(words(done))
    return draw if progress else lambda done: None


def _shared(
    executor: Executor, request: Request, cases: list[Case], tell: Callable[[int], None]
) -> list[SweepRow]:
    """The rows, worked out in as many parts as there are processors, in the order of the cases."""
    each = -(-len(cases) // (os.cpu_count() or 1))
    parts = [cases[start : start + each] for start in range(0, len(cases), each)]
    futures = [executor.submit(_rows, request, part) for part in parts]
    done = 0
    for future in as_completed(futures):
        done += len(future.result())
        tell(done)
    return list(chain.from_iterable(future.result() for future in futures))


def _rows(request: Request, cases: list[Case]) -> list[SweepRow]:
    bench = _Bench(request)
    return [bench.row(case) for case in cases]


class _Bench:
    """A request whose policy is the base, and what one policy after the other makes of it."""

    def __init__(self, request: Request) -> None:
        self._trials = Trials(request)
        self._base = frozenset(pair_ids(*self._trials.solved(request.policy)))
        self._organisation = {person.id: Organisation().key(person) for person in request.cohort.people}

    def row(self, case: Case) -> SweepRow:
        policy, weights = case
        try:
            posed, used = self._trials.solved(policy)
        except (InputError, InfeasibleError) as error:
            return SweepRow(policy=policy, weights=weights, possible=False, because=str(error))
        pairs, scores = frozenset(pair_ids(posed, used)), posed.scores
        mentor, mentee = posed.problem.mentor[used], posed.problem.mentee[used]
        points = scores.points[mentor, mentee].tolist()
        tiers = Counter(scores.tier[mentor, mentee].tolist())
        organisations = [(self._organisation[one], self._organisation[other]) for one, other in pairs]
        known = [both for both in organisations if None not in both]
        return SweepRow(
            policy=policy,
            weights=weights,
            placed=len(np.unique(mentee)),
            pairs=tuple(sorted(pairs)),
            tiers=FrozenMap({TIERS[tier]: tiers[tier] for tier in sorted(tiers)}),
            score=scores.decimal(sum(points)),
            worst=scores.decimal(min(points)) if points else None,
            left=len(self._base - pairs),
            came=len(pairs - self._base),
            outside=sum(one != other for one, other in known),
            organisations_known=len(known),
        )
