"""What questions are asked of: the matching that the cohort and rules give, or one made before."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.deciding import decided

if TYPE_CHECKING:
    from ipmatch.cli.progress import Progress
    from ipmatch.cohort import Cohort
    from ipmatch.decisions import Decision
    from ipmatch.study import Study

__all__ = ["add_made", "study_of"]


def add_made(parser: argparse.ArgumentParser) -> None:
    """The matching made before."""
    words = "ask of this matching, a re-match too, by the rules and decisions that it records"
    parser.add_argument("--matching", metavar="MATCHING", help=words)


def study_of(
    given: argparse.Namespace, progress: Progress, more: Iterable[Decision] = ()
) -> tuple[Cohort, Study]:
    """The cohort, and the study of its matching; ``more`` are decisions given one by one.

    Raises
    ------
    UsageError
        If a matching is given beside rules or decisions: it has its own.
    """
    from ipmatch.study import Study

    more = list(more)
    if given.matching is None:
        cohort, policy, decisions = common.inputs_of(given, last=decided(given, more))
        criteria = common.criteria_of(given)
        return cohort, Study(cohort, policy, criteria=criteria, decisions=decisions, progress=progress)
    from ipmatch.errors import Fault, UsageError
    from ipmatch.reading.documents import read_cohort, read_matching

    beside = {"--policy": given.policy, "--decisions": given.decisions, "a decision": more}
    others = [name for name, value in beside.items() if value]
    if others:
        named = " and ".join(others)
        what = f"a matching has rules and decisions of its own, so {named} cannot stand beside it."
        raise UsageError([Fault("--matching", what, "Leave out one or the other.")])
    cohort, made = common.read_all(
        ("COHORT", given.cohort, read_cohort), ("--matching", given.matching, read_matching)
    )
    return cohort, Study.of(cohort, made, criteria=common.criteria_of(given), progress=progress)
