"""The other answers as text: a check of a cohort, an explanation, a verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from ipmatch.answers.overviews import Check, Explanation, SupplyRow
from ipmatch.cohort import Cohort
from ipmatch.matching import Matching, NotTakingPart, Pairing, SpareMentor, Unmatched, Verification
from ipmatch.words import counted, lost
from ipmatch.writing import digest
from ipmatch.writing.alternatives_text import alternatives_section, moves_section
from ipmatch.writing.layout import Paper, aligned, number
from ipmatch.writing.terminal import left_out_section, notes_section

__all__ = ["check_text", "explanation_text", "verification_text"]


def check_text(
    check: Check, *, cohort: Cohort | None = None, width: int = 80, encoding: str = "utf-8"
) -> str:
    """What a cohort looks like before matching; the cohort only for people's names."""
    paper, label = Paper(width, encoding), digest.labels_of(cohort)
    paper.say(
        f"The cohort is valid. {check.taking_part.mentors:,} of {counted(check.people.mentors, 'mentor')} "
        f"and {check.taking_part.mentees:,} of {counted(check.people.mentees, 'mentee')} take part: "
        f"{counted(check.places, 'place')} for {check.wanted:,} asked."
    )
    alone = (
        ("No mentor is eligible for", check.without_eligible_mentor),
        ("No mentee is eligible for", check.without_eligible_mentee),
    )
    for title, ids in alone:
        if ids:
            paper.heading(f"{title} ({len(ids):,})")
            paper.say(digest.enumerated([*map(label, ids)]), indent=2)
    if check.supply:
        paper.heading("Supply and demand, among those who take part")
        for place, (kind, rows) in enumerate(groupby(check.supply, key=lambda row: row.kind)):
            paper.lines += [""] if place else []
            headings = (kind.replace("-", " "), "mentors", "places", "mentees", "wanted", "short by")
            paper.table(headings, [_supply(row) for row in rows], right=(1, 2, 3, 4, 5))
    left_out_section(paper, digest.groups_left_out(check.not_taking_part, label))
    notes_section(paper, "Worth asking", check.to_ask)
    notes_section(paper, "Warnings", check.warnings)
    return str(paper)


def explanation_text(
    explanation: Explanation, *, cohort: Cohort | None = None, width: int = 80, encoding: str = "utf-8"
) -> str:
    """All that is known of a person or pair; the cohort for names, and for why a pair is required."""
    paper, label = Paper(width, encoding), digest.labels_of(cohort)
    paper.say(explanation.because)
    for pairing in explanation.pairings:
        _pairing(paper, pairing, label, cohort)
    if explanation.candidate is not None:
        _pairing(paper, explanation.candidate, label, None, "Had it been made: ")
    for part in (explanation.unmatched, explanation.spare, explanation.not_taking_part):
        if part is not None:
            _reason(paper, part)
    if explanation.price is not None:
        moves_section(paper, explanation.price, label)
    alternatives_section(paper, explanation.alternatives, label)
    if explanation.withdrawal is not None:
        paper.heading("Should they withdraw")
        paper.say(explanation.withdrawal.because)
    return str(paper)


def verification_text(
    verification: Verification, matching: Matching, *, width: int = 80, encoding: str = "utf-8"
) -> str:
    """Whether a matching is what it says, and everything that is wrong with it."""
    paper = Paper(width, encoding)
    if verification.ok:
        pairs, is_best = counted(len(matching.pairings), "pair"), matching.status == "optimal"
        proof = "and proved best" if is_best else "but not proved best: its bounds hold"
        if matching.run.policy.objective.method == "stable":
            proof = "and proved stable"
        paper.say(f"The matching is what it says: {pairs}, every rule kept, every number right, {proof}.")
    else:
        paper.say(f"The matching is wrong: {counted(len(verification.faults), 'fault')}.")
        for fault in verification.faults:
            paper.say(f"- {fault}", indent=2, further=2)
    return str(paper)


def _supply(row: SupplyRow) -> tuple[str, ...]:
    short = str(row.wanted - row.places) if row.wanted > row.places else ""
    return row.name, *map(str, (row.mentors, row.places, row.mentees, row.wanted)), short


def _pairing(
    paper: Paper, pairing: Pairing, label: digest.Label, cohort: Cohort | None, before: str = ""
) -> None:
    tier = digest.tier_words(pairing.tier)
    who = f"{before}{label(pairing.mentor)} with {label(pairing.mentee)}"
    paper.heading(f"{who}: {tier}, {number(pairing.score)} {'point' if pairing.score == 1 else 'points'}")
    parts = pairing.contributions
    points = aligned([*(part.points for part in parts), pairing.score])
    strengths = aligned([part.strength for part in parts] or [Decimal(0)])
    rows = [
        (part.criterion.replace("_", " "), strength, worth, part.because)
        for part, strength, worth in zip(parts, strengths, points, strict=False)
    ]
    columns = ("criterion", "strength", "points", "because")
    paper.table(columns, [*rows, ("score", "", points[-1], "")], right=(1, 2))
    reason = _why_required(pairing, cohort)
    if reason:
        paper.say(f"Required: {reason}", indent=2, further=2)
    if pairing.flags:
        paper.say("Worth a second look:", indent=2)
        for flag in pairing.flags:
            paper.say(f"- {flag.because}", indent=4, further=2)


def _why_required(pairing: Pairing, cohort: Cohort | None) -> str | None:
    named = cohort.required_pairs if cohort and pairing.basis == "required" else ()
    who = (pairing.mentor, pairing.mentee)
    return next((pair.reason for pair in named if pair.ids == who), None)


def _reason(paper: Paper, part: Unmatched | SpareMentor | NotTakingPart) -> None:
    rows = [("reason", part.code.replace("-", " "))]
    if isinstance(part, Unmatched):
        rows += [("mentors asked for", f"{part.wanted}, given {part.given}")]
        rows += [("decided by", part.decided_by.replace(":", " "))] if part.decided_by else []
    if isinstance(part, SpareMentor):
        rows += [("places", f"{part.capacity}, used {part.given}")]
    if not isinstance(part, NotTakingPart) and part.loss is not None:
        rows += [("what it would cost", lost(part.loss))]
    paper.lines.append("")
    paper.listing([*rows, *_facts(part.facts)])


def _facts(facts: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if name == "just_below_floor" and isinstance(value, Mapping):
            # What allowing the pair would bring, the sentence above says.
            yield "shares too little", f"{value['mentor']}, for {counted(value['score'], 'point')}"
        else:
            yield name.replace("_", " "), _fact(value)


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {_fact(item)}" for name, item in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(_fact, value)) or "none"
    if isinstance(value, Decimal):
        return number(value)
    return "unknown" if value is None else str(value)
