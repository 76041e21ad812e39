"""What may be published of a matching: counts without ids, the small ones kept from view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ipmatch.people import Person
from ipmatch.reporting.material import Material
from ipmatch.suppression import Flow, hidden_flows
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.vocabulary.text import spellings

__all__ = ["CountTable", "published"]

# Why somebody has no mentor, to whoever knows none of the words of a matching.
_ALONE = {"shortage": "too few places", "below-floor": "too little in common with any"}


@dataclass(frozen=True, slots=True)
class CountTable:
    """Groups and how many there are; ``None`` is a count kept from view."""

    title: str
    rows: tuple[tuple[str, int | None], ...]


class _Counts:
    """Counts by name as flows that go round: what is counted twice flows through both tables in turn.

    Mentees enter, are told apart by region and sector, and leave, or come to the pairs; from there on it is
    mentors, who leave past the same tables. Whoever has no pair enters or leaves beside.
    """

    def __init__(self) -> None:
        self.flows: dict[str, Flow] = {}
        self.untold: set[str] = set()
        self._tables: list[tuple[bool, str, list[tuple[str, str]]]] = []

    def flow(self, name: str, tail: str, head: str, count: int, *, told: bool = True) -> None:
        """One count; one that is in no table only ties others together."""
        self.flows[name] = Flow(tail, head, count)
        if not told:
            self.untold.add(name)

    def table(self, title: str, rows: Iterable[tuple[str, str]], *, of_groups: bool = False) -> None:
        """The words and the name of each count of a table; those of groups come after all others."""
        self._tables.append((of_groups, title, list(rows)))

    def shown(self, threshold: int) -> tuple[CountTable, ...]:
        """The tables, with what is to be kept from view."""
        into = sum(flow.count for flow in self.flows.values() if flow.head == "exit")
        self.flow("all", "exit", "entry", into, told=False)
        hidden = hidden_flows(self.flows, threshold=threshold, untold=self.untold, zeros_shown=True)
        counts = {name: None if name in hidden else flow.count for name, flow in self.flows.items()}
        return tuple(
            CountTable(title, tuple((words, counts[name]) for words, name in rows))
            for _, title, rows in sorted(self._tables, key=lambda table: table[0])
        )


def published(material: Material, threshold: int) -> tuple[CountTable, ...]:
    """Every table that may be published, with counts from 1 up to the threshold kept from view.

    Of people with several sectors a table holds each sector; its rows need not add up to the round, and are
    protected as if they did.
    """
    counts = _Counts()
    ends = {side: _people(counts, material, side) for side in ("mentors", "mentees")}
    _outcomes(counts, material, **ends)
    return counts.shown(threshold)


def _people(counts: _Counts, material: Material, side: str) -> str:
    """Everybody of a side, up to where they come to the pairs: that place."""
    summary, people = material.matching.summary, material.people
    some: tuple[Person, ...] = getattr(people, side)

    def flow(name: str, one: str, other: str, count: int) -> None:
        # Mentors go the other way: from the pairs out.
        tail, head = (one, other) if side == "mentees" else (other, one)
        counts.flow(name, tail, head, count)

    outside = "entry" if side == "mentees" else "exit"
    enrolled, taking, beside = f"{side} enrolled", f"{side}.taking", "exit" if side == "mentees" else "entry"
    reasons = Counter(out.code for out in material.matching.not_taking_part if f"{out.side}s" == side)
    flow(side, outside, enrolled, getattr(summary, side))
    flow(taking, enrolled, f"{side} 0", len(some))
    rows = [(f"all {side}", side), ("taking part", taking)]
    for code, count in sorted(reasons.items()):
        flow(f"{side}.out.{code}", enrolled, beside, count)
        rows.append((code.replace("-", " "), f"{side}.out.{code}"))
    counts.table(f"{side.capitalize()} of the round", rows)
    return _groups(counts, side, some, flow)


def _groups(
    counts: _Counts, side: str, some: tuple[Person, ...], flow: Callable[[str, str, str, int], None]
) -> str:
    """The tables of a side's people by region and by sector; the place after them."""
    if not some:
        return f"{side} 0"
    spelt = spellings(person.region for person in some if person.region)
    regions = Counter(spelt[person.region] if person.region else "not known" for person in some)
    sectors = Counter(sector for person in some for sector in _sectors(person))
    # Where nobody has several, the rows add up to the round, whose count another table may show.
    apart = sectors.total() != len(some)
    if apart:
        flow(f"{side}.sectors", f"{side} after sectors", f"{side} sectors", sectors.total())
    place, further = (f"{side} sectors", f"{side} after sectors") if apart else (f"{side} 1", f"{side} 2")
    for region, count in regions.items():
        flow(f"{side}.region.{region}", f"{side} 0", f"{side} 1", count)
    for sector, count in sectors.items():
        flow(f"{side}.sector.{sector}", place, further, count)
    total = (f"{side} taking part", f"{side}.taking")
    by_region = [(region, f"{side}.region.{region}") for region in sorted(regions)]
    counts.table(f"{side.capitalize()} by region", [total, *by_region], of_groups=True)
    by_sector = [(_label(sector), f"{side}.sector.{sector}") for sector in sorted(sectors)]
    counts.table(f"{side.capitalize()} by sector", by_sector, of_groups=True)
    return f"{side} 1" if apart else f"{side} 2"


def _outcomes(counts: _Counts, material: Material, mentors: str, mentees: str) -> None:
    """What came of those taking part; ``mentors`` and ``mentees`` are the places where they come to it."""
    matching = material.matching
    placed, pairs = matching.summary.placed, len(matching.pairings)
    alone = Counter(left.code for left in matching.unmatched_mentees if not left.given)
    counts.flow("placed", mentees, "pairs", placed)
    rows = [("mentees taking part", "mentees.taking"), ("with a mentor", "placed")]
    for code, count in sorted(alone.items()):
        counts.flow(f"alone.{code}", mentees, "exit", count)
        rows.append((f"without a mentor: {_ALONE.get(code, code.replace('-', ' '))}", f"alone.{code}"))
    counts.table("Mentees taking part", rows)
    # Where everybody has one partner at the most, three counts are one: whoever hides one hides all.
    name, before, after = "placed", "pairs", mentors
    if pairs != placed:
        name, before = "pairs", "pairs told apart"
        counts.flow("pairs", "pairs", before, pairs)
        counts.flow("pairs beyond placed", "entry", "pairs", pairs - placed, told=False)
    busy, loads = name, len({pairing.mentor for pairing in matching.pairings})
    if loads != pairs:
        busy, after = "busy", "mentors paired"
        counts.flow("busy", after, mentors, loads)
        counts.flow("pairs beyond busy", after, "exit", pairs - loads, told=False)
    counts.flow("idle", "entry", mentors, matching.summary.taking_part.mentors - loads)
    rows = [("mentors taking part", "mentors.taking"), ("with a mentee", busy), ("without a mentee", "idle")]
    counts.table("Mentors taking part", rows)
    for tier, count in matching.summary.tiers.items():
        counts.flow(f"tier.{tier}", before, after, count)
    tiers = [(f"by {tier.replace('-', ' ')}", f"tier.{tier}") for tier in matching.summary.tiers]
    if tiers:
        counts.table("What the two of each pair share", [("pairs", name), *tiers])


def _sectors(person: Person) -> set[str]:
    """The sectors a person is counted in; what anybody wrote themselves may tell who they are."""
    written = {sector.partition(": ")[0] for sector in person.sectors}
    return written or {"not known"}


def _label(sector: str) -> str:
    return sector if sector in ("not known", "other") else sector_label(sector)
