"""What a function was given, checked before it leads astray, so that a slip is told in plain words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, TypeVar

from ipmatch.errors import Fault, UsageError
from ipmatch.words import listed

__all__ = ["CALLED", "NUMBER", "PATH", "expect", "expect_executor", "one_of", "several", "whole"]

Thing = TypeVar("Thing")

PATH = (str, os.PathLike)
NUMBER = (Real, Decimal)
CALLED = (Callable, None)

# What is not a class of ipmatch, as a sentence calls it.
_CALLED: Mapping[Any, str] = {
    None: "None",
    bool: "True or False",
    str: "text",
    os.PathLike: "a path",
    Integral: "a whole number",
    Real: "a number",
    Mapping: "a mapping",
    Callable: "something to call",
}
# How to get one.
_MENDS = {
    "Cohort": "Read one with ipmatch.read_cohort(FILE), or build an ipmatch.Cohort.",
    "Matching": "Make one with ipmatch.match(cohort), or read one with ipmatch.read_matching(FILE).",
    "Policy": "Build an ipmatch.Policy, read one with ipmatch.read_policy(FILE), or name a preset.",
    "Decisions": "Build an ipmatch.Decisions, or read them with ipmatch.read_decisions(FILE).",
    "Decision": 'Write for example [ipmatch.Decision(kind="withdraw", id="M03")].',
    "Monitoring": "Read one with ipmatch.read_monitoring(FILE).",
    "Survey": "Read one with ipmatch.read_survey(FILE).",
    "Study": "Make one with ipmatch.Study(cohort).",
    "Sweep": "Make one with ipmatch.sweep(cohort, …).",
    "Frontier": "Ask a study: ipmatch.Study(cohort).frontier(one, other).",
}


def expect(**given: tuple[Any, ...]) -> None:
    """Refuse arguments of the wrong kind, all at once.

    Parameters
    ----------
    given
        By the argument's name, what was given, then the kinds that it may be of; ``None`` is a kind.

    Raises
    ------
    UsageError
        If one is of none of its kinds. A truth value is no number.
    """
    faults = []
    for name, (value, *kinds) in given.items():
        if not any(_is(value, kind) for kind in kinds):
            faults.append(Fault(name, f"this is {_type_of(value)}, not {_or(kinds)}.", _mend(kinds)))
    if faults:
        raise UsageError(faults)


def expect_executor(given: object) -> None:
    """Refuse what can share out no work; any executor can, whoever made it."""
    if given is not None and not callable(getattr(given, "submit", None)):
        mend = "Give a concurrent.futures.Executor, or what a Dask client's get_executor() gives."
        raise UsageError([Fault("executor", f"this is {_type_of(given)}, not an executor.", mend)])


def several(name: str, given: Iterable[Thing] | None, kind: type[Thing] | None = None) -> tuple[Thing, ...]:
    """What is given one by one, all of one kind if it is told; nothing for ``None``.

    Raises
    ------
    UsageError
        If it cannot be gone through, is text or a mapping, or holds something else.
    """
    if given is None:
        return ()
    words = f"a list of {kind.__name__}" if kind else "a list"
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise UsageError([Fault(name, f"this is {_type_of(given)}, not {words}.", _mend([kind]))])
    items = tuple(given)
    faults = [
        Fault(f"{name}[{place}]", f"this is {_type_of(item)}, not {_or([kind])}.", _mend([kind]))
        for place, item in enumerate(items)
        if kind is not None and not isinstance(item, kind)
    ]
    if faults:
        raise UsageError(faults)
    return items


def whole(name: str, given: object, least: int = 0) -> int:
    """A whole number of at least ``least``; raises ``UsageError`` for anything else."""
    if isinstance(given, Integral) and not isinstance(given, bool) and int(given) >= least:
        return int(given)
    what = f"{given} is" if isinstance(given, Real) else f"this is {_type_of(given)},"
    raise UsageError([Fault(name, f"{what} not a whole number of {least} or more.", "Give one.")])


def one_of(name: str, given: object, known: Iterable[str]) -> None:
    """Refuse what is none of the known words."""
    words = tuple(known)
    if not isinstance(given, str) or given not in words:
        what = f'"{given}" is not known.' if isinstance(given, str) else f"this is {_type_of(given)}."
        raise UsageError([Fault(name, what, f"Use {listed(words, 'or')}.")])


def _is(value: object, kind: Any) -> bool:
    if kind is None:
        return value is None
    # In Python a truth value is a number; it is never meant as one.
    return isinstance(value, kind) and not (kind is Real and isinstance(value, bool))


def _type_of(value: object) -> str:
    if value is None:
        return "None"
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def _or(kinds: Iterable[Any]) -> str:
    words = [_CALLED.get(kind) or f"a {kind.__name__}" for kind in kinds if kind is not Decimal]
    return listed(words, "or")


def _mend(kinds: Iterable[Any]) -> str:
    found = (_MENDS.get(getattr(kind, "__name__", "")) for kind in kinds)
    return next((mend for mend in found if mend), "Check what is given, and in which order.")
