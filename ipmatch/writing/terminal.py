"""The text a programme lead reads: the verdict first, then every pair, then everybody else and why."""

from __future__ import annotations

from collections.abc import Sequence

from ipmatch.cohort import Cohort
from ipmatch.matching import Matching, Note
from ipmatch.writing import digest
from ipmatch.writing.layout import Paper, aligned
from ipmatch.writing.story import story_of, story_sections

__all__ = ["left_out_section", "matching_text", "notes_section"]


def matching_text(
    matching: Matching,
    *,
    cohort: Cohort | None = None,
    width: int = 80,
    encoding: str = "utf-8",
    hints: Sequence[str] = (),
) -> str:
    """The matching as text for a page ``width`` columns wide; nobody is left out, however many they are.

    Parameters
    ----------
    matching, cohort
        The answer; the cohort only for people's names.
    encoding
        What the text will be encoded in: characters it lacks are spelt out.
    hints
        Commands to try next.
    """
    paper, label = Paper(width, encoding), digest.labels_of(cohort)
    if matching.rematch is not None:
        paper.say(story_of(matching.rematch))
        for title, rows in story_sections(matching, label):
            paper.heading(title)
            paper.listing(rows)
        paper.lines.append("")
    paper.say(digest.verdict(matching))
    paper.say(digest.in_reserve(matching))
    if matching.pairings:
        _pairs(paper, matching, label)
    if matching.unmatched_mentees:
        paper.heading(digest.unmatched_heading(matching))
        paper.listing([(label(left.mentee), left.because) for left in matching.unmatched_mentees])
    if matching.spare_mentors:
        paper.heading(f"Mentors with places left ({len(matching.spare_mentors):,})")
        for group in digest.groups_spare(matching, label):
            paper.say(f"{group.title}: {digest.enumerated(group.people)}", indent=2, further=2)
    left_out_section(paper, digest.groups_left_out(matching.not_taking_part, label))
    notes_section(paper, "Warnings", matching.warnings)
    _objective(paper, matching)
    paper.hint(hints)
    return str(paper)


def notes_section(paper: Paper, title: str, notes: Sequence[Note]) -> None:
    """What is worth a second look, one after the other."""
    if notes:
        paper.heading(f"{title} ({len(notes):,})")
        for words in digest.told(notes):
            paper.say(f"- {words}", indent=2, further=2)


def left_out_section(paper: Paper, groups: Sequence[digest.Group]) -> None:
    """Those who do not take part: a sentence each, or many in one paragraph."""
    if groups:
        paper.heading(f"Not taking part ({sum(len(group.people) for group in groups):,})")
    paper.listing([line for group in groups for line in zip(group.people, group.sentences, strict=False)])
    for group in groups:
        if not group.sentences:
            paper.say(f"{group.title}: {digest.enumerated(group.people)}", indent=2, further=2)


def _pairs(paper: Paper, matching: Matching, label: digest.Label) -> None:
    paper.heading(f"Pairs ({len(matching.pairings):,})")
    but = digest.flags_of_all(matching)
    scores = aligned([pairing.score for pairing in matching.pairings])
    rows = [
        (
            label(pairing.mentor),
            label(pairing.mentee),
            digest.tier_words(pairing.tier),
            score,
            digest.why(pairing, but),
        )
        for pairing, score in zip(matching.pairings, scores, strict=True)
    ]
    paper.table(("mentor", "mentee", "tier", "score", "why"), rows, right=(3,))
    if (in_every_pair := digest.in_every_pair(matching)) is not None:
        paper.say(in_every_pair, indent=2, further=2)


def _objective(paper: Paper, matching: Matching) -> None:
    if not matching.objective:
        return
    paper.heading(digest.levels_heading(matching))
    rows = digest.level_rows(matching)
    values = aligned([value for _, value, _ in rows])
    table = [
        (f"{place}. {words}", value, sure)
        for place, ((words, _, sure), value) in enumerate(zip(rows, values, strict=True), start=1)
    ]
    paper.table(("level", "value", "proof"), table, right=(1,))
    paper.say(digest.about_lottery(matching), indent=2)
