"""--decisions, --withdraw, --require and --forbid: what is decided on top of the cohort, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ipmatch.cli import common

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort
    from ipmatch.decisions import Decision, Decisions

__all__ = ["add_decisions", "add_document", "decided", "decisions_of", "document_of"]


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
    from pydantic import ValidationError

    from ipmatch.decisions import Decision
    from ipmatch.errors import Fault, UsageError

    wanted: list[dict[str, str]] = [{"kind": "withdraw", "id": identifier} for identifier in given.withdraw]
    for kind in ("require", "forbid"):
        wanted += [
            {"kind": kind, "mentor": mentor, "mentee": mentee} for mentor, mentee in getattr(given, kind)
        ]
    if given.reason is not None and not wanted:
        what = "there is nothing to give a reason for."
        raise UsageError([Fault("--reason", what, "Add --withdraw, --require or --forbid.")])
    decisions, faults = [], []
    for decision in wanted:
        try:
            decisions.append(Decision.model_validate({**decision, "reason": given.reason}))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                context, at_fault = detail.get("ctx", {}), str(detail["loc"][-1:] and detail["loc"][-1])
                option = "--reason" if at_fault == "reason" else f"--{decision['kind']}"
                faults.append(Fault(option, context.get("what", "not valid."), context.get("mend", "")))
    if faults:
        raise UsageError(dict.fromkeys(faults))
    return decisions


def document_of(given: argparse.Namespace) -> common.Input:
    """The file of decisions as one of the inputs to read."""
    from ipmatch.reading.documents import read_decisions

    return "--decisions", given.decisions, read_decisions


def decided(
    given: argparse.Namespace, cohort: Cohort, document: Decisions | None, more: Iterable[Decision] = ()
) -> tuple[Decision, ...]:
    """What the file decides, then what the options add.

    Raises
    ------
    InputError
        If the file names somebody who is not in the cohort; all such are listed.
    """
    from ipmatch.errors import Fault, InputError
    from ipmatch.reading.sources import name_of

    in_file = document.decisions if document else ()
    faults = [
        Fault(f"{name_of(given.decisions)}, decisions[{place}]", fault.what, fault.mend)
        for place, fault in cohort.unknown_in(in_file)
    ]
    if faults:
        raise InputError(faults)
    return (*in_file, *more)
