"""What several commands share: their common options, and the inputs behind them."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ipmatch.cohort import Cohort
    from ipmatch.scoring.criteria import Criterion

__all__ = [
    "Commands",
    "add_cohort",
    "add_format",
    "add_match_options",
    "add_rules",
    "cohort_reader",
    "criteria_of",
    "inputs_of",
    "option",
    "quoted",
    "read_all",
    "say",
    "seconds",
    "show",
    "tell",
    "whole_number",
    "written",
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


def add_rules(parser: argparse.ArgumentParser, default: str = "those in the cohort") -> None:
    """The rules to match by."""
    parser.add_argument("--policy", metavar="FILE|PRESET", help=f"the rules; by default {default}")
    add_criteria(parser)


def add_match_options(parser: argparse.ArgumentParser) -> None:
    """What else an answer depends on."""
    seed = "the seed of the lottery among exact ties"
    parser.add_argument("--seed", metavar="N", type=whole_number(2**64 - 1), help=seed)
    everyone = "fail (exit 4) unless every mentee taking part has a mentor"
    parser.add_argument("--require-all", action="store_true", help=everyone)
    limit = "stop after so many seconds with the best found (exit 7)"
    parser.add_argument("--time-limit", metavar="S", type=seconds, help=limit)


def add_criteria(parser: argparse.ArgumentParser) -> None:
    """The user's own criteria."""
    words = "a criterion of your own; its weight stands in the policy"
    parser.add_argument("--criteria", metavar="FILE.py:NAME", action="append", default=[], help=words)


def add_format(parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json")) -> None:
    """The format on standard output."""
    parser.add_argument("--format", choices=formats, help="the form on standard output")


def whole_number(most: int, least: int = 0) -> Callable[[str], int]:
    """Reads a whole number from ``least`` to ``most``."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 100 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from {least} to {most}')
        return int(text)

    return read


def seconds(text: str) -> float:
    """Reads a number of seconds above 0."""
    if not (re.fullmatch(r"[0-9]{0,9}(\.[0-9]{1,9})?", text, flags=re.ASCII) and float(text or 0) > 0):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of seconds above 0')
    return float(text)


Input = tuple[str, str | None, Callable[..., Any]]


def inputs_of(given: argparse.Namespace, *more: Input, last: Input | None = None) -> Any:
    """The cohort, the rules if any are named, and further inputs, as ``read_all`` reads them."""
    from ipmatch.reading.documents import read_policy

    cohort: Input = ("COHORT", given.cohort, cohort_reader(given))
    return read_all(cohort, ("--policy", given.policy, read_policy), *more, last=last)


def cohort_reader(given: argparse.Namespace) -> Callable[[str], Cohort]:
    """Reads a cohort; of a spreadsheet, what is not certain counts as not known, and that is said."""

    def read(path: str) -> Cohort:
        from ipmatch.reading.documents import is_table, read_cohort
        from ipmatch.reading.sources import SPREADSHEETS, suffix_of

        if suffix_of(path) not in SPREADSHEETS or is_table(path):
            cohort = read_cohort(path)
            if suffix_of(path) in SPREADSHEETS:
                tell(given, "Its headings are a cohort's own fields, so it was read exactly, as a cohort.")
                say(given, f"As answers: ipmatch import {quoted(path)}")
            return cohort
        from ipmatch.reading.enrolments import read_enrolment
        from ipmatch.writing.intake_text import summary

        enrolment = read_enrolment(path)
        say(given, f"{summary(enrolment.intake)} See: ipmatch import {quoted(path)}")
        return enrolment.cohort

    return read


def read_all(*inputs: Input, last: Input | None = None) -> tuple[Any, ...]:
    """What each input holds, ``None`` where none is named.

    Parameters
    ----------
    inputs
        For each the argument that names it, the path or ``None``, and what reads it.
    last
        One more, whose reader is given what the others hold, too: ``None`` for what could not be read.

    Raises
    ------
    UsageError
        If two are standard input, or one is not there; with what is wrong with the others.
    InputError
        With the faults of all of them, in order.
    """
    from ipmatch.errors import Fault, InputError, UsageError, raise_all, taken

    piped = [argument for argument, path, _ in (*inputs, *([last] if last else [])) if path == "-"]
    if len(piped) > 1:
        what = f"{'both' if len(piped) == 2 else 'all'} inputs are standard input."
        raise UsageError([Fault(" and ".join(piped), what, "Name a file for all but one.")])
    errors = list[InputError]()
    found = [taken(errors, read, path) for _, path, read in inputs]
    if last:
        _, path, read = last
        found.append(taken(errors, lambda given: read(given, *found), path))
    raise_all(errors)
    return tuple(found)


def criteria_of(given: argparse.Namespace) -> list[Criterion]:
    """The user's own criteria, loaded."""
    if not given.criteria:
        return []
    from ipmatch.cli.own_criteria import load

    return load(given.criteria)


def show(
    given: argparse.Namespace,
    answer: BaseModel,
    text_of: Callable[..., str],
    *more: Any,
    forms: Mapping[str, Callable[[Any], str]] | None = None,
    **named: Any,
) -> None:
    """An answer on standard output, in the form asked for: as text for the terminal at hand, JSON, or others.

    ``text_of`` lays it out, from the answer and what ``more`` is given.
    """
    from ipmatch.writing import stdout
    from ipmatch.writing.json_document import json_text

    form = {"json": json_text, **(forms or {})}.get(given.format)
    if form is None:
        stdout.put(text_of(answer, *more, **named, width=stdout.width(), encoding=stdout.encoding()))
    else:
        stdout.put(form(answer), data=True)


def say(given: argparse.Namespace, words: str) -> None:
    """A message on standard error, unless --quiet."""
    if not given.quiet:
        from ipmatch.cli.door import complain

        complain(words)


@contextmanager
def written(given: argparse.Namespace) -> Iterator[list[str]]:
    """Where outputs are noted as they are written: if one fails, those before it are told."""
    done: list[str] = []
    try:
        yield done
    except BaseException:
        if done:
            say(given, f"Written before that: {', '.join(done)}")
        raise


def tell(given: argparse.Namespace, prose: str) -> None:
    """Sentences on standard error, in lines that fit the terminal, unless --quiet."""
    from ipmatch.writing import layout, stdout

    lines = (layout.wrap(line, min(stdout.width(), layout.WIDEST_PROSE)) for line in prose.split("\n"))
    say(given, "\n".join("\n".join(wrapped) for wrapped in lines))


def quoted(path: str) -> str:
    """A path as it can be typed in a command: the shells of Windows know no single quotes."""
    return subprocess.list2cmdline([path]) if sys.platform == "win32" else shlex.quote(path)


def option(name: str, value: str) -> str:
    """An option with its value as it can be typed in a command, even if the value looks like an option."""
    return f"{name}={quoted(value)}" if value.startswith("-") else f"{name} {quoted(value)}"
