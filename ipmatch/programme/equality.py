"""Equality: who was paired, at which tier, and who waits, group by group; read after matching, never before.

The groups stand in a file of their own that nothing else reads: no criterion, no policy and no cohort can
hold them, so that they cannot reach a score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ipmatch.cohort import Cohort
from ipmatch.document import Exact, Frozen
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect, whole
from ipmatch.matching import Matching
from ipmatch.people import Side
from ipmatch.policy import TIERS
from ipmatch.programme.intervals import clopper_pearson
from ipmatch.suppression import THRESHOLD, Flow, hidden_flows

__all__ = ["Equality", "EqualityRow", "EqualityTable", "Monitoring", "equality"]

NOT_STATED = "not stated"
SMALLER = "smaller groups"
EVERYONE = "everyone"

Columns = Mapping[str, tuple[str, ...]]


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
    hidden in all, so that none gives another away.

    Raises
    ------
    InputError
        If the matching is of another cohort, or the file names somebody who is not in it.
    """
    expect(cohort=(cohort, Cohort), matching=(matching, Matching), monitoring=(monitoring, Monitoring))
    threshold = whole("threshold", threshold)
    _check(cohort, matching, monitoring)
    tables = [
        table
        for side in ("mentor", "mentee")
        for table in _side(side, cohort, matching, monitoring, threshold)
    ]
    return Equality(threshold=threshold, tables=tuple(tables), caution=_caution(threshold))


def _check(cohort: Cohort, matching: Matching, monitoring: Monitoring) -> None:
    known = {person.id for person in cohort.people}
    faults = [
        Fault("monitoring", f'nobody in the cohort has the id "{identifier}".', "Check the id.")
        for identifier in monitoring.groups
        if identifier not in known
    ]
    if matching.run.cohort_sha256 != cohort.fingerprint():
        what = "this matching was made from another cohort, or the cohort has changed since."
        faults.append(Fault("matching", what, "Give the cohort it was made from."))
    if faults:
        raise InputError(faults)


def _side(
    side: Side, cohort: Cohort, matching: Matching, monitoring: Monitoring, threshold: int
) -> Iterator[EqualityTable]:
    outcomes = _outcomes(side, cohort, matching)
    columns = _columns(side, set(outcomes.values()))
    tables = {}
    for name in monitoring.characteristics:
        counts: dict[str, Counter[str]] = {}
        for identifier, outcome in outcomes.items():
            group = monitoring.groups.get(identifier, {}).get(name) or NOT_STATED
            counts.setdefault(group, Counter())[outcome] += 1
        counts = _pooled(counts, threshold)
        order = sorted(counts, key=lambda group: (group == NOT_STATED, group == SMALLER, group))
        tables[name] = _flows({group: counts[group] for group in order}, columns)
    hidden = _hidden_together(tables, threshold)
    for name, flows in tables.items():
        yield _table(side, name, flows, hidden[name], columns)


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


def _columns(side: Side, seen: set[str]) -> Columns:
    tiers = tuple(tier for tier in TIERS if tier in seen)
    waiting = {"spare": ()} if side == "mentor" else {"waiting": ("first round", "waited before")}
    return {"paired": tiers, **waiting, "not taking part": ("withdrawn", "other reasons")}


def _flows(counts: Mapping[str, Counter[str]], columns: Columns) -> dict[tuple[str, str], Flow]:
    """A table as a circulation: everyone flows to the groups, to what became of them, and back."""
    flows: dict[tuple[str, str], Flow] = {}
    totals: Counter[str] = sum(counts.values(), Counter())
    for group, found in [*counts.items(), (EVERYONE, totals)]:
        whole = group == EVERYONE
        for column, parts in columns.items():
            count = sum(found[part] for part in parts) if parts else found[column]
            inner: Hashable = ("all", column) if whole else (group, column) if parts else ("all", column)
            tail, head = (inner, "end") if whole else (("group", group), inner)
            flows[group, column] = Flow(tail, head, count)
            for part in parts:
                tail, head = ("all", column, part), inner
                flows[group, part] = Flow(tail, head, found[part]) if whole else Flow(head, tail, found[part])
        tail, head = ("end", "start") if whole else ("start", ("group", group))
        flows[group, "total"] = Flow(tail, head, sum(found.values()))
    return flows


def _hidden_together(
    tables: Mapping[str, Mapping[tuple[str, str], Flow]], threshold: int
) -> dict[str, frozenset[tuple[str, str]]]:
    """What is hidden of each table; the totals over everyone are the same in all, and hidden in all.

    Where a total is hidden, all of its column is: whatever else the total may be in one table, the groups of
    every other can then make up.
    """
    shared: set[str] = set()
    while True:
        hidden = {
            name: hidden_flows(flows, threshold=threshold, also=[key for key in flows if key[1] in shared])
            for name, flows in tables.items()
        }
        found = {column for keys in hidden.values() for group, column in keys if group == EVERYONE}
        if found <= shared:
            return hidden
        shared |= found


def _table(
    side: Side,
    name: str,
    flows: Mapping[tuple[str, str], Flow],
    hidden: frozenset[tuple[str, str]],
    columns: Columns,
) -> EqualityTable:
    order = [each for column, parts in columns.items() for each in _with_parts(column, parts)]
    names = [column for column, _ in order] + ["total"]
    shown = {key: None if key in hidden else flow.count for key, flow in flows.items()}
    groups = list(dict.fromkeys(group for group, _ in flows))
    rows = tuple(
        EqualityRow(
            group=group,
            counts=tuple(shown[group, column] for column in names),
            **_interval(shown[group, "paired"], shown.get((group, "waiting"), shown.get((group, "spare")))),
        )
        for group in groups
    )
    part_of = (*(parent for _, parent in order), None)
    return EqualityTable(side=side, characteristic=name, columns=tuple(names), part_of=part_of, rows=rows)


def _with_parts(parent: str, parts: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    yield parent, None
    yield from ((part, parent) for part in parts)


def _interval(paired: int | None, left: int | None) -> dict[str, Exact]:
    if paired is None or left is None or not paired + left:
        return {}
    low, high = clopper_pearson(paired, paired + left)
    return {"low": low, "high": high}


def _caution(threshold: int) -> str:
    return (
        f"Counts below {threshold} are not shown, nor what would give them away. A difference between groups "
        "is a question to ask, not yet an answer: the intervals are wide, and groups may differ in sector, "
        "scope and region, which the pairing goes by."
    )
