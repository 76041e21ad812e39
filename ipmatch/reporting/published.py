"""What may be published of a matching: counts without ids, the small ones kept from view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ipmatch.people import Person
from ipmatch.reporting.material import Material
from ipmatch.reporting.suppressing import Sum, hidden_counts
from ipmatch.vocabulary.sectors import sector_label

__all__ = ["CountTable", "published"]


@dataclass(frozen=True, slots=True)
class CountTable:
    """Groups and how many there are; ``None`` is a count kept from view."""

    title: str
    rows: tuple[tuple[str, int | None], ...]


class _Counts:
    """Counts by name as they are collected, with how they add up."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.sums: list[Sum] = []
        self.untold: set[str] = set()
        self.tables: list[tuple[str, list[tuple[str, str]]]] = []

    def table(
        self,
        title: str,
        total: tuple[str, str, int],
        parts: Iterable[tuple[str, str, int]],
        *,
        shown: bool = True,
    ) -> None:
        """A table of parts that add up to a total; each is a name, words and a count."""
        every = [total, *parts]
        for name, _, count in every:
            self.counts[name] = count
        self.sums.append(Sum(total[0], tuple(name for name, _, _ in every[1:])))
        rows = every if shown else every[1:]
        self.tables.append((title, [(words, name) for name, words, _ in rows]))

    def at_most(self, less: str, more: str) -> None:
        """One count cannot exceed another, which an onlooker knows too."""
        rest = f"{more} beyond {less}"
        self.counts[rest] = self.counts[more] - self.counts[less]
        self.untold.add(rest)
        self.sums.append(Sum(more, (less, rest)))


def published(material: Material, threshold: int) -> tuple[CountTable, ...]:
    """Every table that may be published, with counts under the threshold kept from view.

    Of people with several sectors a table holds each sector; its rows need not add up to the round, and are
    protected as if they did.
    """
    counts = _Counts()
    _people(counts, material)
    _outcomes(counts, material)
    _groups(counts, material)
    hidden = hidden_counts(counts.counts, counts.sums, threshold, untold=counts.untold)
    return tuple(
        CountTable(
            title,
            tuple((words, None if name in hidden else counts.counts[name]) for words, name in rows),
        )
        for title, rows in counts.tables
    )


def _people(counts: _Counts, material: Material) -> None:
    matching = material.matching
    for side, all_of, taking in (
        ("mentors", matching.summary.mentors, matching.summary.taking_part.mentors),
        ("mentees", matching.summary.mentees, matching.summary.taking_part.mentees),
    ):
        reasons = Counter(out.code for out in matching.not_taking_part if f"{out.side}s" == side)
        parts = [(f"{side}.taking", "taking part", taking)]
        parts += [
            (f"{side}.out.{code}", code.replace("-", " "), count) for code, count in sorted(reasons.items())
        ]
        counts.table(f"{side.capitalize()} of the round", (side, f"all {side}", all_of), parts)


def _outcomes(counts: _Counts, material: Material) -> None:
    matching = material.matching
    alone = Counter(left.code for left in matching.unmatched_mentees if not left.given)
    taking = ("mentees.taking", "mentees taking part", matching.summary.taking_part.mentees)
    parts = [("placed", "with a mentor", matching.summary.placed)]
    parts += [(f"alone.{code}", code.replace("-", " "), count) for code, count in sorted(alone.items())]
    counts.table("Mentees taking part", taking, parts)
    loads = Counter(pairing.mentor for pairing in matching.pairings)
    # Where everybody has one partner at the most, three counts are one: whoever hides one hides all.
    pairs = "placed" if len(matching.pairings) == matching.summary.placed else "pairs"
    busy = pairs if len(loads) == len(matching.pairings) else "busy"
    mentors = ("mentors.taking", "mentors taking part", matching.summary.taking_part.mentors)
    spare = ("idle", "without a mentee", matching.summary.taking_part.mentors - len(loads))
    counts.table("Mentors taking part", mentors, [(busy, "with a mentee", len(loads)), spare])
    tiers = [
        (f"tier.{tier}", f"by {tier.replace('-', ' ')}", count)
        for tier, count in matching.summary.tiers.items()
    ]
    if tiers:
        counts.table("What the two of each pair share", (pairs, "pairs", len(matching.pairings)), tiers)
        for fewer in sorted({"placed", busy} - {pairs}):
            counts.at_most(fewer, pairs)


def _groups(counts: _Counts, material: Material) -> None:
    people = material.scores.people
    sides: tuple[tuple[str, tuple[Person, ...]], ...] = (
        ("mentors", people.mentors),
        ("mentees", people.mentees),
    )
    for side, some in sides:
        taking = (f"{side}.taking", f"{side} taking part", len(some))
        regions = Counter(person.region or "not known" for person in some)
        if some:
            counts.table(
                f"{side.capitalize()} by region",
                taking,
                [(f"{side}.region.{region}", region, count) for region, count in sorted(regions.items())],
            )
        sectors = Counter(sector for person in some for sector in _sectors(person))
        if sectors:
            # Where nobody has several, the rows add up to the round, whose count another table may show.
            total = taking if sectors.total() == len(some) else (f"{side}.sectors", "", sectors.total())
            counts.table(
                f"{side.capitalize()} by sector",
                total,
                [
                    (f"{side}.sector.{sector}", _label(sector), count)
                    for sector, count in sorted(sectors.items())
                ],
                shown=False,
            )


def _sectors(person: Person) -> set[str]:
    """The sectors a person is counted in; what anybody wrote themselves may tell who they are."""
    written = {sector.partition(": ")[0] for sector in person.sectors}
    return written or {"not known"}


def _label(sector: str) -> str:
    return sector if sector in ("not known", "other") else sector_label(sector)
