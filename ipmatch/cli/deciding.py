"""--withdraw, --require and --forbid: what is decided on top of the cohort, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipmatch.cohort import Decision

__all__ = ["add_decisions", "decisions_of"]


def add_decisions(parser: argparse.ArgumentParser) -> None:
    """The decisions on top of the cohort."""
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

    from ipmatch.cohort import Decision
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
