"""ipmatch match: the matching of a cohort, on standard output and in files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.progress import Progress

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort, Decision
    from ipmatch.matching import Matching
    from ipmatch.policy import Policy

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("match", help="pair mentors with mentees", description=__doc__)
    common.add_cohort(parser)
    common.add_rules(parser)
    out = "write a file (.json .csv .md .txt); may be repeated"
    parser.add_argument("-o", metavar="OUT", dest="out", action="append", default=[], help=out)
    common.add_format(parser, ("text", "json", "csv", "md"))
    seed = "the seed of the lottery among exact ties"
    parser.add_argument("--seed", metavar="N", type=common.whole_number(2**64 - 1), help=seed)
    everyone = "fail (exit 4) unless every mentee taking part has a mentor"
    parser.add_argument("--require-all", action="store_true", help=everyone)
    parser.add_argument("--withdraw", metavar="ID", action="append", default=[], help="leave this person out")
    for kind, words in (("--require", "insist on this pair"), ("--forbid", "never make this pair")):
        parser.add_argument(kind, nargs=2, metavar=("M", "E"), action="append", default=[], help=words)
    parser.add_argument("--reason", metavar="WHY", help="why, for --withdraw, --require and --forbid")
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Match, show, and write."""
    from ipmatch.study import match
    from ipmatch.writing import files, stdout
    from ipmatch.writing.digest import verdict

    files.check_destinations(given.out, force=given.force)
    decisions = _decisions(given)
    cohort, policy = common.inputs_of(given)
    policy = _seeded(policy, cohort, given.seed)
    with Progress(quiet=given.quiet) as progress:
        matching = match(
            cohort,
            policy,
            criteria=common.criteria_of(given),
            decisions=decisions,
            require_all=given.require_all,
            progress=progress,
        )
    written = [path for path in given.out if path != "-"]
    for path in written:
        files.write(matching, path, cohort=cohort, force=given.force)
    if written:
        common.say(given, f"{verdict(matching)}\nWritten: {', '.join(written)}")
    wanted = given.format or (None if written == given.out != [] else "text")
    if wanted == "text":
        hints = () if given.quiet else _hints(given.cohort, matching)
        columns, encoding = stdout.width(), stdout.encoding()
        text = files.text_of(matching, "text", cohort=cohort, columns=columns, encoding=encoding, hints=hints)
        stdout.put(text)
    elif wanted:
        files.write(matching, "-", cohort=cohort, format=wanted)
    return 0


def _decisions(given: argparse.Namespace) -> list[Decision]:
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
            decisions.append(Decision(**decision, reason=given.reason))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                context = detail.get("ctx", {})
                faults.append(
                    Fault(f"--{decision['kind']}", context.get("what", "not valid."), context.get("mend", ""))
                )
    if faults:
        raise UsageError(faults)
    return decisions


def _seeded(policy: Policy | None, cohort: Cohort, seed: int | None) -> Policy | None:
    if seed is None:
        return policy
    from ipmatch.policy import Policy

    return (policy or cohort.policy or Policy()).replace(objective={"seed": seed})


def _hints(path: str, matching: Matching) -> tuple[str, ...]:
    """What to try next, with the names at hand."""
    if path == "-":
        return ()
    cohort = common.quoted(path)
    hints = []
    if matching.unmatched_mentees:
        hints.append(
            f"ipmatch explain {cohort} --mentee {common.quoted(matching.unmatched_mentees[0].mentee)}"
        )
    elif matching.pairings:
        first = matching.pairings[0]
        pair = f"{common.quoted(first.mentor)} {common.quoted(first.mentee)}"
        hints.append(f"ipmatch explain {cohort} --pair {pair}")
    return (*hints, f"ipmatch match {cohort} -o matching.json -o matching.csv")
