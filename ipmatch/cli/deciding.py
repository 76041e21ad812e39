"""--decisions, --withdraw, --require and --forbid: what is decided on top of the cohort, and why."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ipmatch.cli import common

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort
    from ipmatch.decisions import Decision

__all__ = ["add_decisions", "add_document", "decided", "decision_of", "decisions_of"]

_WHY = ("by", "when", "reason")


def add_document(parser: argparse.ArgumentParser) -> None:
    """The file of what was decided on top of the cohort."""
    words = "a decisions.json: what was decided on top of the cohort"
    parser.add_argument("--decisions", metavar="FILE", help=words)


def add_decisions(parser: argparse.ArgumentParser) -> None:
    """The decisions on top of the cohort, in a file and one by one."""
    add_document(parser)
    parser.add_argument("--withdraw", metavar="ID", action="append", default=[], help="leave this person out")
    for kind, words in (("--require", "insist on this pair"), ("--forbid", "never make this pair")):
        parser.add_argument(kind, nargs=2, metavar=("M", "E"), action="append", default=[], help=words)
    parser.add_argument("--reason", metavar="WHY", help="why, for --withdraw, --require and --forbid")


def decisions_of(given: argparse.Namespace) -> list[Decision]:
    """The decisions, checked as far as they can be without the cohort.

    Raises
    ------
    UsageError
        If an id is not one, or there is a reason for nothing.
    """
    from ipmatch.errors import Fault, UsageError, read_each

    wanted: list[dict[str, str]] = [{"kind": "withdraw", "id": identifier} for identifier in given.withdraw]
    for kind in ("require", "forbid"):
        wanted += [
            {"kind": kind, "mentor": mentor, "mentee": mentee} for mentor, mentee in getattr(given, kind)
        ]
    if given.reason is not None and not wanted:
        what = "there is nothing to give a reason for."
        raise UsageError([Fault("--reason", what, "Add --withdraw, --require or --forbid.")])
    return read_each(
        partial(decision_of, {**decision, "reason": given.reason}, f"--{decision['kind']}")
        for decision in wanted
    )


def decision_of(said: Mapping[str, object], where: str) -> Decision:
    """What is decided; ``where`` is what the faults of an entry are told of, but for who, when and why.

    Raises
    ------
    UsageError
        If it cannot be decided.
    """
    from pydantic import ValidationError

    from ipmatch.decisions import Decision
    from ipmatch.errors import Fault, UsageError

    try:
        return Decision.model_validate(said)
    except ValidationError as error:
        details = error.errors(include_url=False)
    places = (next((f"--{name}" for name in detail["loc"] if name in _WHY), where) for detail in details)
    words = ((detail["ctx"]["what"], detail["ctx"]["mend"]) for detail in details)
    raise UsageError(Fault(place, *told) for place, told in zip(places, words, strict=True))


def decided(given: argparse.Namespace, more: Sequence[Decision] = ()) -> common.Input:
    """What the file decides, then what the options add: the last input, for it names who is in the others.

    Whom either names and nobody has is told with all else that is wrong.
    """
    from ipmatch.errors import InputError, UsageError, raise_all, taken
    from ipmatch.reading.documents import read_decisions

    def read(_: str, cohort: Cohort | None, *__: object) -> tuple[Decision, ...]:
        errors = list[InputError]()
        document = taken(errors, partial(read_decisions, cohort=cohort), given.decisions)
        if cohort and (unknown := [fault for _, fault in cohort.unknown_in(more)]):
            errors.append(UsageError(unknown))
        raise_all(errors)
        return (*(document.decisions if document else ()), *more)

    return "--decisions", given.decisions or "", read
