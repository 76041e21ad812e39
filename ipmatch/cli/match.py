"""ipmatch match: the matching of a cohort, on standard output and in files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.deciding import add_decisions, decided, decisions_of
from ipmatch.cli.delivering import add_outputs, check_outputs, deliver
from ipmatch.cli.progress import Progress
from ipmatch.cli.workers import add_workers, executor_of

if TYPE_CHECKING:
    from ipmatch.matching import Matching

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("match", help="pair mentors with mentees", description=__doc__)
    common.add_cohort(parser)
    common.add_rules(parser)
    common.add_match_options(parser)
    add_workers(parser)
    add_decisions(parser)
    add_outputs(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, show, and write."""
    from ipmatch.front_door import match
    from ipmatch.policy import Policy
    from ipmatch.writing.digest import verdict

    check_outputs(given)
    cohort, policy, decisions = common.inputs_of(given, last=decided(given, decisions_of(given)))
    if given.seed is not None:
        policy = (policy or cohort.policy or Policy()).replace(objective={"seed": given.seed})
    with executor_of(given) as executor, Progress(quiet=given.quiet) as progress:
        matching = match(
            cohort,
            policy,
            criteria=common.criteria_of(given),
            decisions=decisions,
            require_all=given.require_all,
            time_limit=given.time_limit,
            executor=executor,
            progress=progress,
        )
    return deliver(given, matching, cohort, verdict(matching), _hints(given, matching))


def _hints(given: argparse.Namespace, matching: Matching) -> tuple[str, ...]:
    """What to try next, with the names at hand, and by the rules that were matched by."""
    if "-" in (given.cohort, given.policy, given.decisions):
        return ()
    cohort, rules, more = common.quoted(given.cohort), _rules(given), _on_top(given)
    make = f"ipmatch match {cohort}{rules}{more} -o matching.json -o matching.csv"
    subject = _subject(matching)
    if subject is None:
        return (make,)
    if more:
        # explain takes no such options: it asks of the matching that was made with them.
        own = "".join(f" --criteria {common.quoted(one)}" for one in given.criteria)
        return (make, f"ipmatch explain {cohort} --matching matching.json{own} {subject}")
    return (f"ipmatch explain {cohort}{rules} {subject}", make)


def _subject(matching: Matching) -> str | None:
    """Whom to ask about first."""
    if matching.unmatched_mentees:
        return common.option("--mentee", matching.unmatched_mentees[0].mentee)
    if not matching.pairings:
        return None
    first = matching.pairings[0]
    if first.mentor.startswith("-") or first.mentee.startswith("-"):
        return common.option("--mentee", first.mentee)
    return f"--pair {common.quoted(first.mentor)} {common.quoted(first.mentee)}"


def _rules(given: argparse.Namespace) -> str:
    """The options that explain takes too, as they were given."""
    named = [("--policy", given.policy), *(("--criteria", one) for one in given.criteria)]
    named.append(("--decisions", given.decisions))
    return "".join(f" {common.option(name, value)}" for name, value in named if value is not None)


def _on_top(given: argparse.Namespace) -> str:
    """The options that match alone takes, as they were given."""
    words = [] if given.seed is None else [f"--seed {given.seed}"]
    words += [common.option("--withdraw", one) for one in given.withdraw]
    for name in ("require", "forbid"):
        words += [f"--{name} {common.quoted(m)} {common.quoted(e)}" for m, e in getattr(given, name)]
    return "".join(f" {word}" for word in words)
