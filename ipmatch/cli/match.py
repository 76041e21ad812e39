"""ipmatch match: the matching of a cohort, on standard output and in files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.deciding import add_decisions, decided, decisions_of, document_of
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
    from ipmatch.policy import Policy
    from ipmatch.study import match
    from ipmatch.writing.digest import verdict

    check_outputs(given)
    more = decisions_of(given)
    cohort, policy, document = common.inputs_of(given, document_of(given))
    decisions = decided(given, cohort, document, more)
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
    return deliver(given, matching, cohort, verdict(matching), _hints(given.cohort, matching))


def _hints(path: str, matching: Matching) -> tuple[str, ...]:
    """What to try next, with the names at hand."""
    if path == "-":
        return ()
    cohort = common.quoted(path)
    hints = []
    if matching.unmatched_mentees:
        left = matching.unmatched_mentees[0].mentee
        hints.append(f"ipmatch explain {cohort} {common.option('--mentee', left)}")
    elif matching.pairings:
        first = matching.pairings[0]
        if first.mentor.startswith("-") or first.mentee.startswith("-"):
            hints.append(f"ipmatch explain {cohort} {common.option('--mentee', first.mentee)}")
        else:
            pair = f"{common.quoted(first.mentor)} {common.quoted(first.mentee)}"
            hints.append(f"ipmatch explain {cohort} --pair {pair}")
    return (*hints, f"ipmatch match {cohort} -o matching.json -o matching.csv")
