"""ipmatch scopes: how free text on scope was read, and what to decide."""

from __future__ import annotations

import argparse

from ipmatch.cli import common

__all__ = ["add", "run"]

_EPILOG = """\
In the column "decision" of the sheet write scopes of the vocabulary, parted by
semicolons; "none" or "ignore" for an answer that names none; or "keep" for a
scope of its own, which matches only itself. Then import again with --scopes:
the decision holds for everybody who gives the same answer, now and later.
"""


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "scopes",
        help="review how free text on scope was read",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_cohort(parser)
    parser.add_argument("-o", metavar="REVIEW.csv", dest="out", help="write the review sheet")
    parser.add_argument(
        "--scopes", metavar="FILE.csv", help="an earlier review sheet, whose decisions are kept"
    )
    common.add_format(parser)
    parser.add_argument("--force", action="store_true", help="overwrite a file that exists")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read every answer, write the sheet, and show it."""
    from pathlib import Path

    from ipmatch.errors import Fault, UsageError
    from ipmatch.intake.scope_review import review_scopes
    from ipmatch.reading.enrolments import read_scope_decisions
    from ipmatch.writing.files import check_destinations
    from ipmatch.writing.scopes_text import review_csv, scopes_text
    from ipmatch.writing.whole import write_whole

    out = [given.out] if given.out is not None else []
    check_destinations(out, force=given.force, suffixes=(".csv",), read=[given.cohort])
    if given.out and given.force and given.scopes is None and _is_decided(given.out):
        mend = f"Keep them with {common.option('--scopes', given.out)}, or choose another name."
        raise UsageError([Fault(given.out, "it holds decisions, which would be lost.", mend)])
    cohort, decisions = common.read_all(
        ("COHORT", given.cohort, common.cohort_reader(given)),
        ("--scopes", given.scopes, read_scope_decisions),
    )
    reviewed = review_scopes(cohort, decisions)
    if given.out:
        write_whole(Path(given.out), review_csv(reviewed), force=given.force)
        common.say(given, f"Written: {given.out}")
    common.show(given, reviewed, scopes_text)
    return 0


def _is_decided(path: str) -> bool:
    """Whether a file is a review sheet in which somebody has decided something, rightly or not."""
    from ipmatch.errors import InputError
    from ipmatch.reading.sheets import read_sheet

    try:
        grid = read_sheet(path)
    except InputError:
        return False
    headings = grid.headings()
    return "decision" in headings and any(cells[headings.index("decision")] for _, cells in grid.below())
