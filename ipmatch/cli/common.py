"""What several commands share: their common options, and the inputs behind them."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ipmatch.cohort import Cohort
    from ipmatch.policy import Policy
    from ipmatch.scoring.criteria import Criterion

__all__ = [
    "Commands",
    "add_cohort",
    "add_format",
    "add_rules",
    "criteria_of",
    "inputs_of",
    "quoted",
    "say",
    "show",
    "whole_number",
]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = object


def add_cohort(parser: argparse.ArgumentParser) -> None:
    """The cohort, which most commands start from."""
    parser.add_argument(
        "cohort", metavar="COHORT", help="the file of mentors and mentees; - is standard input"
    )


def add_rules(parser: argparse.ArgumentParser) -> None:
    """The rules to match by."""
    parser.add_argument("--policy", metavar="FILE|PRESET", help="the rules; by default those in the cohort")
    add_criteria(parser)


def add_criteria(parser: argparse.ArgumentParser) -> None:
    """The user's own criteria."""
    words = "a criterion of your own; its weight stands in the policy"
    parser.add_argument("--criteria", metavar="FILE.py:NAME", action="append", default=[], help=words)


def add_format(parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json")) -> None:
    """The format on standard output."""
    parser.add_argument("--format", choices=formats, help=f"{', '.join(formats)} on standard output")


def whole_number(most: int) -> type[int]:
    """Reads a whole number from 0 to ``most``."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) <= most):
            raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 0 to {most}')
        return int(text)

    return read  # type: ignore[return-value]


def inputs_of(given: argparse.Namespace) -> tuple[Cohort, Policy | None]:
    """The cohort, and the rules if any are named; where both are faulty, the faults of both at once."""
    from ipmatch.errors import Fault, InputError, UsageError
    from ipmatch.reading.documents import read_cohort, read_policy

    if given.policy == given.cohort == "-":
        raise UsageError([Fault("--policy", "both inputs are standard input.", "Name a file for one.")])
    faults: list[Fault] = []
    cohort = policy = None
    try:
        policy = None if given.policy is None else read_policy(given.policy)
    except UsageError:
        raise
    except InputError as error:
        faults += error.faults
    try:
        cohort = read_cohort(given.cohort)
    except UsageError:
        raise
    except InputError as error:
        faults = [*error.faults, *faults]
    if cohort is None or faults:
        raise InputError(faults)
    return cohort, policy


def criteria_of(given: argparse.Namespace) -> list[Criterion]:
    """The user's own criteria, loaded."""
    if not given.criteria:
        return []
    from ipmatch.cli.own_criteria import load

    return load(given.criteria)


def show(text: str, model: BaseModel, given: argparse.Namespace) -> None:
    """An answer on standard output: as text, or as JSON where that was asked for."""
    from ipmatch.writing import stdout
    from ipmatch.writing.json_document import json_text

    if given.format == "json":
        stdout.put(json_text(model), data=True)
    else:
        stdout.put(text)


def say(given: argparse.Namespace, words: str) -> None:
    """A message on standard error, unless --quiet."""
    if not given.quiet:
        from ipmatch.cli.door import complain

        complain(words)


def quoted(path: str) -> str:
    """A path as it can be typed in a command."""
    return shlex.quote(path)
