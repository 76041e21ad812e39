"""Equality: who was paired, at which tier, and who waits, group by group; read after matching, never before.

The groups stand in a file of their own that nothing else reads: no criterion, no policy and no cohort can
hold them, so that they cannot reach a score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ipmatch.cohort import Cohort
from ipmatch.document import Exact, Frozen
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect, whole
from ipmatch.matching import Matching
from ipmatch.people import Side
from ipmatch.policy import TIERS
from ipmatch.programme.group_counts import EVERYONE, GroupCounts, Key, hidden_together
from ipmatch.programme.outcomes import interval
from ipmatch.suppression import THRESHOLD

__all__ = ["Equality", "EqualityRow", "EqualityTable", "Monitoring", "equality", "strangers"]

NOT_STATED = "not stated"
SMALLER = "smaller groups"


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What people said of themselves, by id: for each characteristic, the group they count themselves to."""

    characteristics: tuple[str, ...]
    groups: Mapping[str, Mapping[str, str]]


class EqualityRow(Frozen):
    """One group: its counts in the order of the table's columns, ``None`` where not shown.

    ``low`` and ``high`` are the exact 95 % interval of the share paired among those who could have been,
    where both counts are shown.
    """

    group: str
    counts: tuple[int | None, ...]
    low: Exact | None = None
    high: Exact | None = None


class EqualityTable(Frozen):
    """One characteristic on one side; ``part_of`` names the column that a column is a part of, if any."""

    side: Side
    characteristic: str
    columns: tuple[str, ...]
    part_of: tuple[str | None, ...]
    rows: tuple[EqualityRow, ...]


class Equality(Frozen):
    """How groups fared; counts below ``threshold``, and what would give them away, are not shown."""

    threshold: int
    tables: tuple[EqualityTable, ...]
    caution: str


def equality(
    cohort: Cohort, matching: Matching, monitoring: Monitoring, *, threshold: int = THRESHOLD
) -> Equality:
    """How the groups of a monitoring file fared in a matching that knew nothing of them.

    A person with several pairs counts at the best tier of these. Groups of fewer people than the threshold
    are put together, since a rare name alone can tell who is meant. What is hidden in one table of a side is
    hidden in all, and in the other side's where it can be told from these, so that none gives another away.

    Raises
    ------
    InputError
        If the matching is of another cohort, or the file names somebody who is not in it, or calls a group
        as a row is called that counts several.
    """
    expect(cohort=(cohort, Cohort), matching=(matching, Matching), monitoring=(monitoring, Monitoring))
    threshold = whole("threshold", threshold)
    _check(cohort, matching, monitoring)
    tables = _tables(cohort, matching, monitoring, threshold)
    hidden = hidden_together(tables, matching.pairs(), threshold)
    return Equality(
        threshold=threshold,
        tables=tuple(_table(name, counts, hidden[side, name]) for (side, name), counts in tables.items()),
        caution=_caution(threshold),
    )


def strangers(cohort: Cohort, places: Mapping[str, str]) -> Iterator[Fault]:
    """Of ids, each with its place, those that nobody in the cohort has."""
    known = {person.id for person in cohort.people}
    for identifier, where in places.items():
        if identifier not in known:
            yield Fault(where, f'nobody in the cohort has the id "{identifier}".', "Check the id.")


def _check(cohort: Cohort, matching: Matching, monitoring: Monitoring) -> None:
    faults = list(strangers(cohort, dict.fromkeys(monitoring.groups, "monitoring")))
    called = {group for own in monitoring.groups.values() for group in own.values()}
    faults += [
        Fault("monitoring", f'no group can be called "{reserved}".', "Rename it.")
        for reserved in sorted({EVERYONE, SMALLER} & called)
    ]
    if matching.run.cohort_sha256 != cohort.fingerprint():
        what = "this matching was made from another cohort, or the cohort has changed since."
        faults.append(Fault("matching", what, "Give the cohort it was made from."))
    if faults:
        raise InputError(faults)


def _tables(
    cohort: Cohort, matching: Matching, monitoring: Monitoring, threshold: int
) -> dict[Key, GroupCounts]:
    """What became of each group, by side and characteristic."""
    tables, tiers = {}, _tiers(matching)
    for side in ("mentor", "mentee"):
        outcomes = _outcomes(side, cohort, matching)
        columns = _columns(side, tiers)
        for name in monitoring.characteristics:
            counts: dict[str, Counter[str]] = {}
            for identifier, outcome in outcomes.items():
                group = monitoring.groups.get(identifier, {}).get(name) or NOT_STATED
                counts.setdefault(group, Counter())[outcome] += 1
            counts = _pooled(counts, threshold)
            order = sorted(counts, key=lambda group: (group == NOT_STATED, group == SMALLER, group))
            tables[side, name] = GroupCounts(side, columns, {group: counts[group] for group in order})
    return tables


def _pooled(counts: Mapping[str, Counter[str]], threshold: int) -> dict[str, Counter[str]]:
    """The groups, those too small to be named put together: a rare name alone can tell who is meant."""
    pooled: dict[str, Counter[str]] = {}
    for group, found in counts.items():
        small = found.total() < threshold and group != NOT_STATED
        pooled.setdefault(SMALLER if small else group, Counter()).update(found)
    return pooled


def _outcomes(side: Side, cohort: Cohort, matching: Matching) -> dict[str, str]:
    """What became of everyone of a side: the innermost column they are counted in."""
    people = cohort.mentors if side == "mentor" else cohort.mentees
    out = {person.id: person.code for person in matching.not_taking_part}
    tiers: dict[str, int] = {}
    for pairing in matching.pairings:
        identifier, tier = getattr(pairing, side), TIERS.index(pairing.tier)
        tiers[identifier] = min(tier, tiers.get(identifier, tier))
    outcomes = {}
    for person in people:
        if person.id in out:
            outcomes[person.id] = "withdrawn" if out[person.id] == "withdrawn" else "other reasons"
        elif person.id in tiers:
            outcomes[person.id] = TIERS[tiers[person.id]]
        elif side == "mentor":
            outcomes[person.id] = "spare"
        else:
            waited = getattr(person, "rounds_waited", 0)
            outcomes[person.id] = "waited before" if waited else "first round"
    return outcomes


def _tiers(matching: Matching) -> tuple[str, ...]:
    """The tiers that pairs can have: the rules' own, and any where pairs are required, seen or not.

    That a tier is not listed would tell that nobody has it, and that it is, that somebody does.
    """
    listed = matching.run.policy.tiers.order
    if any(pairing.basis == "required" for pairing in matching.pairings):
        return TIERS
    return tuple(tier for tier in TIERS if tier in listed)


def _columns(side: Side, tiers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    waiting = {"spare": ()} if side == "mentor" else {"waiting": ("first round", "waited before")}
    return {"paired": tiers, **waiting, "not taking part": ("withdrawn", "other reasons")}


def _table(name: str, counts: GroupCounts, hidden: frozenset[Key]) -> EqualityTable:
    order = [each for column, parts in counts.columns.items() for each in _with_parts(column, parts)]
    names = [column for column, _ in order] + ["total"]
    shown = {key: None if key in hidden else flow.count for key, flow in counts.flows()}
    groups = list(dict.fromkeys(group for group, _ in shown))
    rows = tuple(
        EqualityRow(
            group=group,
            counts=tuple(shown[group, column] for column in names),
            **_interval(shown[group, "paired"], shown.get((group, "waiting"), shown.get((group, "spare")))),
        )
        for group in groups
    )
    part_of = (*(parent for _, parent in order), None)
    return EqualityTable(
        side=counts.side, characteristic=name, columns=tuple(names), part_of=part_of, rows=rows
    )


def _with_parts(parent: str, parts: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    yield parent, None
    yield from ((part, parent) for part in parts)


def _interval(paired: int | None, left: int | None) -> dict[str, Exact]:
    return {} if paired is None or left is None else interval(paired, paired + left)


def _caution(threshold: int) -> str:
    return (
        f"Counts below {threshold} are not shown, nor what would give them away. A difference between groups "
        "is a question to ask, not yet an answer: the intervals are wide, and groups may differ in sector, "
        "scope and region, which the pairing goes by."
    )
