"""ipmatch rematch: the matching that follows on from an earlier one, after withdrawals and late joiners."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.deciding import add_decisions, decided, decisions_of
from ipmatch.cli.delivering import add_outputs, check_outputs, deliver
from ipmatch.cli.progress import Progress
from ipmatch.cli.workers import add_workers, executor_of

if TYPE_CHECKING:
    from ipmatch.cohort import Cohort
    from ipmatch.decisions import Decision
    from ipmatch.matching import Matching
    from ipmatch.policy import Policy
    from ipmatch.scoring.criteria import Criterion

__all__ = ["add", "run"]


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("rematch", help="match again, keeping earlier pairs", description=__doc__)
    common.add_cohort(parser)
    earlier = "the earlier matching.json; - is standard input"
    parser.add_argument("--previous", metavar="MATCHING", required=True, help=earlier)
    keep = (
        "all (by default): every earlier pair still possible stays; after-placed: pairs move only where "
        "that places one more; tie-break: the best new matching, equal ones resolved towards the earlier"
    )
    parser.add_argument("--keep", choices=("all", "after-placed", "tie-break"), help=keep)
    most = "of the earlier pairs still possible give up so many at most; --keep is then tie-break by default"
    parser.add_argument("--max-changes", metavar="N", type=common.whole_number(10**9), help=most)
    frontier = "instead of a matching, what giving up more of the earlier pairs would gain, number by number"
    parser.add_argument("--frontier", action="store_true", help=frontier)
    common.add_rules(parser, default="those of the earlier matching")
    common.add_match_options(parser)
    add_workers(parser)
    add_decisions(parser)
    add_outputs(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Re-match, show, and write."""
    from ipmatch.front_door import rematch
    from ipmatch.reading.documents import read_matching
    from ipmatch.writing.digest import verdict
    from ipmatch.writing.story import story_of

    _check_frontier(given)
    check_outputs(given)
    earlier: common.Input = ("--previous", given.previous, read_matching)
    cohort, policy, previous, decisions = common.inputs_of(
        given, earlier, last=decided(given, decisions_of(given))
    )
    criteria = common.criteria_of(given)
    _check_criteria(given, previous, criteria)
    rules = policy or previous.run.policy
    if given.seed is not None:
        rules = rules.replace(objective={"seed": given.seed})
    for doubt in _doubts(given, cohort, previous, rules, decisions):
        common.say(given, doubt)
    if given.frontier:
        return _frontier(given, cohort, previous, rules, criteria, decisions)
    with executor_of(given) as executor, Progress(quiet=given.quiet) as progress:
        matching = rematch(
            cohort,
            previous,
            rules,
            keep=given.keep,
            max_changes=given.max_changes,
            criteria=criteria,
            decisions=decisions,
            require_all=given.require_all,
            time_limit=given.time_limit,
            executor=executor,
            progress=progress,
        )
    told = [story_of(matching.rematch)] if matching.rematch else []
    return deliver(given, matching, cohort, "\n".join([*told, verdict(matching)]), _hints(given))


def _check_frontier(given: argparse.Namespace) -> None:
    """A frontier is a table: what a single matching is asked for does not go with it."""
    from ipmatch.errors import Fault, UsageError

    asked = {"--keep": given.keep, "--max-changes": given.max_changes, "--time-limit": given.time_limit}
    asked |= {"-o": given.out or None, "--require-all": given.require_all or None}
    others = [name for name, value in asked.items() if given.frontier and value is not None]
    if given.frontier and given.format not in (None, "text", "json"):
        others.append(f"--format {given.format}")
    if others:
        what = f"it goes through every number of changes, so {' and '.join(others)} cannot stand beside it."
        raise UsageError([Fault("--frontier", what, "Use it with --format text or json alone.")])


def _frontier(
    given: argparse.Namespace,
    cohort: Cohort,
    previous: Matching,
    rules: Policy,
    criteria: Sequence[Criterion],
    decisions: Sequence[Decision],
) -> int:
    from ipmatch.front_door import rematch_frontier
    from ipmatch.writing.frontier_text import frontier_text

    with Progress(quiet=given.quiet) as progress:
        frontier = rematch_frontier(
            cohort, previous, rules, criteria=criteria, decisions=decisions, progress=progress
        )
    common.show(given, frontier, frontier_text)
    return 0


def _check_criteria(given: argparse.Namespace, previous: Matching, criteria: Sequence[Criterion]) -> None:
    """The rules of the earlier matching need the criteria they were made with."""
    from ipmatch.errors import Fault, UsageError

    missing = sorted(set(previous.run.criteria) - {str(criterion.name) for criterion in criteria})
    if missing and given.policy is None:
        what = f"the earlier matching was made with {', '.join(missing)}."
        raise UsageError([Fault("--criteria", what, "Give the same criteria, or other rules with --policy.")])


def _doubts(
    given: argparse.Namespace,
    cohort: Cohort,
    previous: Matching,
    rules: Policy,
    decisions: Sequence[Decision],
) -> list[str]:
    """What a lead should know before relying on the answer."""
    from ipmatch.explaining.rematching import forgotten_of, is_of_another_round

    doubts = []
    if is_of_another_round(cohort, previous.pairs()):
        doubts.append(f"{given.previous}: nobody paired there is in this cohort. Is it of another round?")
    if given.keep is not None and "keep" in rules.objective.levels:
        doubts.append(f'--keep {given.keep} says nothing here: the rules list the level "keep" themselves.')
    forgotten = forgotten_of(cohort, previous.run.decisions, decisions)
    if forgotten:
        options = dict.fromkeys(_as_option(old) for old in forgotten)
        doubts.append(
            f"{given.previous} was made with decisions that are neither in the cohort nor given again: "
            f"{' '.join(options)}. Give them again if they still hold."
        )
    return doubts


def _as_option(old: Decision) -> str:
    """The option that would decide it again."""
    if old.kind == "withdraw" and old.id is not None:
        return common.option("--withdraw", old.id)
    if old.kind in ("require", "forbid") and old.mentor and old.mentee:
        return f"--{old.kind} {common.quoted(old.mentor)} {common.quoted(old.mentee)}"
    return "--decisions FILE"


def _hints(given: argparse.Namespace) -> tuple[str, ...]:
    if "-" in (given.cohort, given.previous, *given.out):
        return ()
    written = next((path for path in given.out if path.endswith(".json")), None)
    if written is None:
        return ()
    ask = f"ipmatch explain {common.quoted(given.cohort)} --matching {common.quoted(written)} --mentee ID"
    return (f"ipmatch compare {common.quoted(given.previous)} {common.quoted(written)}", ask)
