"""Two matchings side by side, as text, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from ipmatch.answers.overviews import Comparison, PersonCompared
from ipmatch.words import counted, listed
from ipmatch.writing.characters import shown
from ipmatch.writing.csv_rows import Cell, csv_of
from ipmatch.writing.digest import level_words, tier_words
from ipmatch.writing.layout import Paper, aligned, number
from ipmatch.writing.markdown import safe, table

__all__ = ["comparison_text", "csv_text", "markdown_text"]

Row = tuple[str, ...]

_HEADINGS = ("mentee", "in the first", "in the second", "points")
_COLUMNS = (
    "mentee",
    "change",
    "mentors_first",
    "mentors_second",
    "tiers_first",
    "tiers_second",
    "points_first",
    "points_second",
)
_COUNTED_BEFORE = ("placed", "score")


def comparison_text(
    comparison: Comparison, names: tuple[str, str], *, width: int = 80, encoding: str = "utf-8"
) -> str:
    """What differs, then the totals, then every mentee: whom, by which tier, for how many points.

    ``names`` is what the two matchings are called, such as their files.
    """
    paper = Paper(width, encoding)
    paper.say(comparison.because)
    for line in _legend(comparison, names):
        paper.say(line, further=2)
    paper.heading("Totals")
    totals = [list(column) for column in zip(*_totals(comparison), strict=True)]
    columns = [totals[0], *(_aligned(column) for column in totals[1:])]
    rows = list(zip(*columns, strict=True))
    paper.table(("", "first", "second", "difference"), rows, right=(1, 2, 3))
    for title, headings, body in _tables(comparison):
        paper.heading(title)
        paper.table(headings, body, right=(3,) if headings == _HEADINGS else ())
    same = _same(comparison)
    if same:
        paper.heading(f"The same in both ({len(same):,})")
        paper.say(", ".join(same), indent=2)
    return str(paper)


def markdown_text(comparison: Comparison, names: tuple[str, str]) -> str:
    """The same as Markdown, with tables as GitHub has them."""
    return "\n".join(_markdown(comparison, names))


def csv_text(comparison: Comparison) -> str:
    """One row for each mentee who has a mentor in either, several mentors joined by "; "."""
    rows: list[tuple[Cell, ...]] = [_COLUMNS]
    for person in comparison.mentees:
        joined = ["; ".join(parts) for parts in (*person.mentors, *person.tiers)]
        rows.append((*map(shown, (person.mentee, person.code, *joined)), *person.points))
    return csv_of(rows)


def _markdown(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    yield "# Two matchings\n"
    yield f"**{safe(comparison.because)}**\n"
    yield "".join(f"- {safe(line)}\n" for line in _legend(comparison, names))
    yield "## Totals\n"
    rows = [
        (words, *(number(value) if value is not None else "" for value in values))
        for words, *values in _totals(comparison)
    ]
    yield from table(("", "first", "second", "difference"), rows)
    for title, headings, body in _tables(comparison):
        yield f"## {title}\n"
        yield from table(headings, body)
    same = _same(comparison)
    if same:
        yield f"## The same in both ({len(same):,})\n"
        yield f"{safe(', '.join(same))}\n"


def _legend(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    yield f"first: {names[0]}"
    yield f"second: {names[1]}"
    differing = [
        words
        for words, same in (
            ("from different cohorts", comparison.same_cohort),
            ("under different rules", comparison.same_policy),
            ("after different decisions", comparison.same_decisions),
            ("by different criteria of the user's own", comparison.same_criteria),
        )
        if not same
    ]
    if differing:
        yield f"The two were made {listed(differing)}."


def _totals(comparison: Comparison) -> Iterator[tuple[str, Decimal | None, Decimal | None, Decimal | None]]:
    first, second = comparison.totals
    both: list[tuple[str, Decimal | int | None, Decimal | int | None]] = [
        ("pairs", first.pairs, second.pairs),
        ("mentees placed", first.placed, second.placed),
        *(
            (f"pairs by {tier_words(tier)}", first.tiers.get(tier, 0), second.tiers.get(tier, 0))
            for tier in {**first.tiers, **second.tiers}
        ),
        ("total score", first.score, second.score),
    ]
    levels = dict.fromkeys([*first.objective, *second.objective])
    both += [
        (level_words(name), first.objective.get(name), second.objective.get(name))
        for name in levels
        if name not in _COUNTED_BEFORE and not name.startswith("tiers.")
    ]
    for words, one, other in both:
        ours, theirs = (None if value is None else Decimal(value) for value in (one, other))
        yield words, ours, theirs, None if ours is None or theirs is None else theirs - ours


def _aligned(values: Sequence[Decimal | None]) -> list[str]:
    texts = iter(aligned([value for value in values if value is not None]))
    return ["" if value is None else next(texts) for value in values]


def _tables(comparison: Comparison) -> Iterator[tuple[str, Row, list[Row]]]:
    """A title, headings and rows: mentees who differ, in mentors or else in points; then mentors who do."""
    kinds: tuple[tuple[str, Callable[[PersonCompared], bool]], ...] = (
        ("Mentees whose mentors differ", lambda person: person.code != "same"),
        ("Mentees with the same mentors, valued otherwise", _is_valued_otherwise),
    )
    for title, belongs in kinds:
        some = [person for person in comparison.mentees if belongs(person)]
        differences = [_signed(person.points[1] - person.points[0]) for person in some]
        if some:
            rows = [
                (person.mentee, *_sides(person), more) for person, more in zip(some, differences, strict=True)
            ]
            yield f"{title} ({len(some):,})", _HEADINGS, rows
    mentors = list(_mentors(comparison))
    if mentors:
        yield (
            f"Mentors whose mentees differ ({len(mentors):,})",
            ("mentor", "in the first", "in the second"),
            mentors,
        )


def _is_valued_otherwise(person: PersonCompared) -> bool:
    return person.code == "same" and (
        person.tiers[0] != person.tiers[1] or person.points[0] != person.points[1]
    )


def _sides(person: PersonCompared) -> Iterator[str]:
    for mentors, tiers, points in zip(person.mentors, person.tiers, person.points, strict=True):
        parts = [f"{mentor} by {tier_words(tier)}" for mentor, tier in zip(mentors, tiers, strict=True)]
        yield f"{', '.join(parts)}: {counted(points, 'point')}" if parts else "nobody"


def _mentors(comparison: Comparison) -> Iterator[Row]:
    pairs = [
        {(mentor, person.mentee) for person in comparison.mentees for mentor in person.mentors[side]}
        for side in (0, 1)
    ]
    changed = {mentor for mentor, _ in pairs[0] ^ pairs[1]}
    for mentor in sorted(changed):
        has = [sorted(mentee for one, mentee in some if one == mentor) for some in pairs]
        yield mentor, *(", ".join(mentees) or "nobody" for mentees in has)


def _same(comparison: Comparison) -> list[str]:
    return [
        f"{person.mentee} with {', '.join(person.mentors[0])}"
        for person in comparison.mentees
        if person.code == "same" and not _is_valued_otherwise(person)
    ]


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"
