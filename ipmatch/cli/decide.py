"""ipmatch decide: put a decision into the round's journal, by whom, when and why."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ipmatch.cli import common
from ipmatch.cli.deciding import decision_of

if TYPE_CHECKING:
    from ipmatch.decisions import Decision, Decisions
    from ipmatch.matching import Matching

__all__ = ["add", "run"]

_KINDS = ("withdraw", "require", "forbid", "lock", "swap", "confirm", "start", "complete", "end", "undo")
_ADOPT = "adopt"
_WHOM = """\
whom each kind names
  lock, require, forbid,          M E, or several pairs: M1 E1 M2 E2
  confirm, start, complete, end
  swap                            M1 E1 M2 E2: two pairs exchange partners
  withdraw                        ID, or several
  undo                            the number of an entry (see ipmatch history)
  adopt                           a decisions.json without seals, entry by entry

A pair is proposed by the matching, then confirmed, active once started, and
completed or ended.
"""
# The state from which --all takes every pair.
_ALL_FROM = {"confirm": "proposed", "lock": "proposed", "start": "confirmed", "complete": "active"}
_UNSETTLES = {"withdraw", "require", "forbid", "swap", "end", "undo", _ADOPT}


def add(commands: common.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "decide",
        help="append a decision to the journal",
        description=__doc__,
        epilog=_WHOM,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_cohort(parser)
    parser.add_argument(
        "journal", metavar="JOURNAL", help="the journal, such as decisions.json; begun if new"
    )
    kinds = (*_KINDS, _ADOPT)
    parser.add_argument("kind", metavar="KIND", choices=kinds, help=", ".join(kinds))
    parser.add_argument("whom", metavar="ID", nargs="*", help="whom it is about; see below")
    every = "every pair that is ready for it: lock, confirm, start, complete"
    parser.add_argument("--all", action="store_true", help=every)
    parser.add_argument("--by", metavar="WHO", help="who decided")
    parser.add_argument("--when", metavar="DAY", help="the day it was decided: 2027-03-01, or today")
    parser.add_argument("--reason", metavar="WHY", help="why")
    parser.add_argument("--matching", metavar="MATCHING", help="the present matching.json, for its pairs")
    common.add_format(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check, append, and tell where that leaves the round."""
    from ipmatch.programme.history import history
    from ipmatch.programme.journal import decide
    from ipmatch.reading.documents import read_decisions, read_matching
    from ipmatch.writing.alone import alone
    from ipmatch.writing.journal_text import appended_text, journal_text

    adopted = given.whom[0] if given.kind == _ADOPT and len(given.whom) == 1 else None
    cohort, _, matching, other = common.read_all(
        ("COHORT", given.cohort, common.cohort_reader(given)),
        ("JOURNAL", given.journal, _journal),
        ("--matching", given.matching, read_matching),
        ("adopt", adopted, read_decisions),
    )
    with alone(Path(given.journal)) as journal:
        # Read again: somebody else may have decided while we read the rest.
        so_far = _journal(given.journal)
        new = _adopted(given, other) if other else _decisions(given, so_far, matching)
        longer = decide(so_far, new, cohort=cohort, matching=matching)
        journal.replace(journal_text(longer))
    told = history(longer, matching)
    common.show(given, told, appended_text, len(new))
    if given.kind in _UNSETTLES:
        people, decisions = common.quoted(given.cohort), common.quoted(given.journal)
        previous = common.quoted(given.matching) if given.matching else "MATCHING"
        common.say(given, f"Next: ipmatch rematch {people} --previous {previous} --decisions {decisions}")
    return 0


def _journal(path: str) -> Decisions:
    """The journal so far, empty where there is no such file yet."""
    from ipmatch.decisions import Decisions
    from ipmatch.errors import Fault, InputError, UsageError
    from ipmatch.programme.seals import is_sealed
    from ipmatch.reading.documents import read_decisions
    from ipmatch.reading.sources import name_of, suffix_of

    # A pipe could be read once only.
    if path == "-" or (os.path.exists(path) and not os.path.isfile(path)):  # noqa: PTH110, PTH113
        raise UsageError([Fault("JOURNAL", "a journal is a file.", "Name one.")])
    if suffix_of(path) not in ("", ".json"):
        raise UsageError([Fault(name_of(path), "a journal is a .json file.", "Name it decisions.json.")])
    if not os.path.lexists(path):
        return Decisions()
    journal = read_decisions(path)
    if journal.decisions and not is_sealed(journal.decisions):
        mend = "Begin a journal in another file, and adopt these into it."
        what = "these decisions have no seals; this is not a journal."
        raise InputError([Fault(name_of(path), what, mend)])
    return journal


def _decisions(given: argparse.Namespace, journal: Decisions, matching: Matching | None) -> list[Decision]:
    """What the arguments say, checked as far as it can be without the journal."""
    from ipmatch.decisions import NAMES_OF
    from ipmatch.errors import Fault, UsageError, read_each

    whom = list(_everyone(given, journal, matching)) if given.all else given.whom
    names = NAMES_OF[given.kind]
    if not whom or len(whom) % len(names):
        raise UsageError([Fault(f"decide {given.kind}", *_wrong_number(given, len(whom)))])
    said: dict[str, object] = {"kind": given.kind, **_why(given)}
    entries = []
    for start in range(0, len(whom), len(names)):
        named = dict(zip(names, whom[start : start + len(names)], strict=True))
        entries.append({key: _number(value) if key == "entry" else value for key, value in named.items()})
    return read_each(partial(decision_of, {**said, **entry}, f"decide {given.kind}") for entry in entries)


def _everyone(given: argparse.Namespace, journal: Decisions, matching: Matching | None) -> Iterator[str]:
    from ipmatch.errors import Fault, UsageError
    from ipmatch.programme.history import history

    if given.whom or given.kind not in _ALL_FROM:
        what = "it takes no names." if given.whom else f"one cannot {given.kind} all."
        raise UsageError([Fault("--all", what, f"It stands alone, with {', '.join(_ALL_FROM)}.")])
    for pair in history(journal, matching).pairs:
        if pair.state == _ALL_FROM[given.kind] and not (given.kind == "lock" and pair.locked):
            yield from (pair.mentor, pair.mentee)


def _wrong_number(given: argparse.Namespace, found: int) -> tuple[str, str]:
    if given.all:
        return f"no pair is {_ALL_FROM[given.kind]}.", "Give the matching that proposes them with --matching."
    mend = {"swap": "Name M1 E1 M2 E2.", "withdraw": "Name one ID or several.", "undo": "Name one number."}
    wanted = mend.get(given.kind, "Name a mentor and a mentee: M E.")
    if not found:
        return "it names nobody.", wanted
    return ("one name does" if found == 1 else f"{found} names do") + " not make it whole.", wanted


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _why(given: argparse.Namespace) -> dict[str, str]:
    from datetime import date

    when = date.today().isoformat() if given.when == "today" else given.when
    said = {"by": given.by, "when": when, "reason": given.reason}
    return {key: value for key, value in said.items() if value is not None}


def _adopted(given: argparse.Namespace, other: Decisions) -> Sequence[Decision]:
    """Decisions made elsewhere, such as on a page; the options fill in what these do not say."""
    from ipmatch.decisions import Decision, standing

    said = _why(given)
    bare = (one.model_dump(exclude_none=True, exclude={"seal"}) for one in standing(other.decisions))
    return [Decision.model_validate({**said, **one}) for one in bare]
