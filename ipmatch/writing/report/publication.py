"""Figures that may be published: counts without ids, small ones kept from view, and the rules in words."""

from __future__ import annotations

from collections.abc import Iterator

from ipmatch.explaining.auditing import rules_in_words
from ipmatch.policy import Policy
from ipmatch.reporting.material import Material
from ipmatch.reporting.published import published
from ipmatch.suppression import HIDDEN, THRESHOLD
from ipmatch.words import counted
from ipmatch.writing import digest
from ipmatch.writing.markdown import safe
from ipmatch.writing.report.environment import render
from ipmatch.writing.report.grid import Column, Table
from ipmatch.writing.report.markdown import section
from ipmatch.writing.report.workbook import workbook_of

__all__ = ["made"]

TITLE = "Figures of the round"


def made(material: Material, suffix: str, threshold: int | None) -> str | bytes:
    """The figures as a page, a workbook or Markdown; a programme may have a threshold of its own."""
    least = THRESHOLD if threshold is None else threshold
    tables, note = _tables(material, least), _note(least)
    programme = material.cohort.programme.name or "Mentoring programme"
    match suffix:
        case ".xlsx":
            return workbook_of(TITLE, [("Programme", programme), ("Small counts", note)], tables, {})
        case ".md":
            head = [f"# {TITLE}\n", f"{safe(programme)}\n", f"{safe(note)}\n"]
            return "\n".join([*head, *(line for table in tables for line in section(table, {}))])
    return render(
        "figures.html",
        kind="figures-page",
        title=f"{TITLE} – {programme}",
        heading=TITLE,
        programme=programme,
        note=note,
        names={},
        tables=tables,
    )


def _note(least: int) -> str:
    if least <= 1:
        return "No count is kept from view."
    return (
        f"{HIDDEN} stands for a count kept from view: every count from 1 to {least - 1:,}, and others from "
        "which one of these could be worked out. There are no ids and no names."
    )


def _tables(material: Material, least: int) -> list[Table]:
    columns = (Column("Group"), Column("People or pairs", "number"))
    tables = [
        Table(
            f"count-{place}",
            table.title,
            "Counts of the round.",
            columns,
            tuple((words, HIDDEN if count is None else count) for words, count in table.rows),
        )
        for place, table in enumerate(published(material, least))
    ]
    rules = list(_rules(material.matching.run.policy))
    levels = [level.level for level in material.matching.objective]
    rules += [("What was maximised, in this order", digest.level_words(level)) for level in levels]
    words = (Column("Section"), Column("Sentence"))
    return [*tables, Table("rules", "Rules", "How pairs were made.", words, tuple(rules))]


def _rules(policy: Policy) -> Iterator[tuple[str, str]]:
    """What pairs may be made and what each is worth, by section: rules that tell no count and no id."""
    told = tuple(quota for quota in policy.quotas if not quota.names_people)
    for title, sentences in rules_in_words(policy.model_copy(update={"quotas": told})):
        yield from ((title, sentence) for sentence in sentences)
        if title == "Rules" and (left_out := len(policy.quotas) - len(told)):
            quotas = counted(left_out, "quota names people and is", "quotas name people and are")
            yield title, f"{quotas} not told here."
