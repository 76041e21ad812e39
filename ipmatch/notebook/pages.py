"""What a notebook shows of each answer: the outcome in a sentence, then tables anyone can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ipmatch.answers.alternatives import Alternative
from ipmatch.answers.fits import Fit
from ipmatch.answers.sweeps import Sweep, SweepRow
from ipmatch.cohort import Cohort
from ipmatch.errors import IpmatchError
from ipmatch.front_door import check
from ipmatch.matching import Matching
from ipmatch.notebook.markup import bar, facts, folded, page, paragraph, table
from ipmatch.policy import TIERS, Policy
from ipmatch.study import Study
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.words import counted
from ipmatch.writing import digest
from ipmatch.writing.layout import number

__all__ = ["page_of"]

MOST_ROWS = 40
# Above this checking a cohort takes longer than somebody who only looks at it will wait.
MOST_PEOPLE = 4_000


def page_of(answer: object) -> str:
    """The HTML of an answer, complete with its style."""
    return next(shown for kind, shown in _PAGES.items() if isinstance(answer, kind))(answer)


def _matching(matching: Matching) -> str:
    return page("Matching", *_matching_parts(matching))


def _study(study: Study) -> str:
    ask = "Ask it: why_not, without, sensitivity, ambiguity, recruit, frontier, explain, letter."
    return page("Study", *_matching_parts(study.matching), paragraph(ask, "soft"))


def _matching_parts(matching: Matching) -> tuple[str, ...]:
    summary, pairings = matching.summary, matching.pairings
    outcome, _, proof = digest.verdict(matching).partition(". ")
    levels = {level: value for level, value, _ in digest.level_rows(matching)}
    score = levels.get("total score", sum(pairing.score for pairing in pairings))
    largest = max((pairing.score for pairing in pairings), default=0)
    every = digest.flags_of_all(matching)
    pairs = [
        (
            pairing.mentor,
            pairing.mentee,
            digest.tier_words(pairing.tier),
            bar(number(pairing.score), float(pairing.score / largest) if largest > 0 else 0),
            digest.why(pairing, every),
        )
        for pairing in pairings
    ]
    left = [(one.mentee, one.code.replace("-", " "), one.because) for one in matching.unmatched_mentees]
    spare = [(one.mentor, one.code.replace("-", " "), one.because) for one in matching.spare_mentors]
    out = [(one.id, one.code.replace("-", " "), one.because) for one in matching.not_taking_part]
    proved = [(level, number(value), proof) for level, value, proof in digest.level_rows(matching)]
    reason = ("who", "reason", "because")
    more = 'to_frame("people") has everyone'
    return (
        paragraph(outcome.rstrip(".") + ".", "title"),
        paragraph(f"{proof} {digest.in_reserve(matching)}"),
        facts(
            ("placed", f"{summary.placed} of {summary.taking_part.mentees}"),
            *((digest.tier_words(tier), count) for tier, count in summary.tiers.items()),
            ("points", number(score)),
        ),
        table(
            "Pairs",
            ("mentor", "mentee", "tier", "score", "why"),
            pairs,
            right=(3,),
            most=MOST_ROWS,
            more="to_frame() has all",
        ),
        paragraph(digest.in_every_pair(matching) or "", "soft"),
        table(digest.unmatched_heading(matching), reason, left, most=MOST_ROWS, more=more),
        folded(
            f"Mentors with places left ({len(spare)})",
            table("Spare", reason, spare, most=MOST_ROWS, more=more),
        ),
        folded(
            f"Not taking part ({len(out)})", table("Not taking part", reason, out, most=MOST_ROWS, more=more)
        ),
        folded(
            f"Warnings ({len(matching.warnings)})", *(paragraph(note.because) for note in matching.warnings)
        ),
        folded(
            digest.levels_heading(matching), table("Levels", ("level", "value", "proof"), proved, right=(1,))
        ),
    )


def _cohort(cohort: Cohort) -> str:
    title = cohort.programme.name or "Cohort"
    counts = facts(("mentors", len(cohort.mentors)), ("mentees", len(cohort.mentees)))
    named = paragraph(
        f"{len(cohort.required_pairs)} required and {len(cohort.forbidden_pairs)} forbidden pairs.", "soft"
    )
    if len(cohort.people) > MOST_PEOPLE:
        return page("Cohort", paragraph(title, "title"), counts, named)
    try:
        ready = check(cohort)
    except IpmatchError as error:
        return page("Cohort", paragraph(title, "title"), counts, named, paragraph(str(error)))
    supply = [
        (
            sector_label(row.name) if row.kind == "sector" else row.name,
            row.kind.replace("-", " "),
            row.places,
            row.wanted,
            row.wanted - row.places if row.wanted > row.places else "",
        )
        for row in ready.supply
        if row.kind != "scope-group"
    ]
    notes = [*ready.warnings, *ready.to_ask]
    return page(
        "Cohort",
        paragraph(title, "title"),
        facts(
            ("mentors taking part", f"{ready.taking_part.mentors} of {ready.people.mentors}"),
            ("mentees taking part", f"{ready.taking_part.mentees} of {ready.people.mentees}"),
            ("places", ready.places),
            ("wanted", ready.wanted),
        ),
        named,
        table("Supply and demand", ("name", "kind", "places", "wanted", "short"), supply, right=(2, 3, 4)),
        folded(f"To ask and to know ({len(notes)})", *(paragraph(note.because) for note in notes)),
    )


def _alternative(alternative: Alternative) -> str:
    costs = [
        (digest.level_words(level), "not known" if amount is None else number(amount))
        for level, amount in (alternative.loss or {}).items()
    ]
    moves = [
        (move.mentee, move.mentor_before or "nobody", move.mentor_after or "nobody", f"{move.change:+f}")
        for move in alternative.moves
    ]
    verb = {"require": "Insisting on", "forbid": "Doing without", "release": "No longer requiring"}
    return page(
        "Alternative",
        paragraph(f"{verb[alternative.change]} {alternative.mentor} with {alternative.mentee}", "title"),
        paragraph(alternative.because),
        table("What it costs, first level first", ("level", "lost"), costs, right=(1,)),
        table("Who moves", ("mentee", "from", "to", "points"), moves, right=(3,)),
        folded("In the way", *(paragraph(rule) for rule in alternative.conflict)),
    )


def _policy(policy: Policy) -> str:
    most = max(policy.weights.values(), default=0)
    weights = [
        (name.replace("_", " "), bar(number(weight), float(weight / most) if most else 0))
        for name, weight in policy.weights.items()
    ]
    rules = [
        ("same organisation", policy.organisation.same),
        ("tiers, best first", ", ".join(digest.tier_words(tier) for tier in policy.tiers.order)),
        ("shares a sector from", number(policy.tiers.sector_from)),
        ("shares a scope from", number(policy.tiers.scope_from)),
        ("years of prescribing, at least", number(policy.eligibility.min_years_prescribing)),
        ("availability", policy.eligibility.availability),
        ("maximised in order", ", ".join(digest.level_words(level) for level in policy.objective.levels)),
        ("method", policy.objective.method),
        ("seed of the lottery", policy.objective.seed),
        *(("session", _session(session.label, session.places)) for session in policy.sessions),
        *(("quota", f"{quota.title}: {_bounds(quota.min, quota.max)}") for quota in policy.quotas),
    ]
    return page(
        "Policy",
        paragraph(f"Policy, from the preset {policy.preset}", "title"),
        table("Points for full strength", ("criterion", "weight"), weights, right=(1,)),
        table("Rules", ("rule", "says"), rules),
    )


def _sweep(sweep: Sweep) -> str:
    names = list(dict.fromkeys(name for row in sweep.rows for name in row.weights))
    most = max(len(sweep.base.pairs), 1)
    rows = [
        (
            *(number(row.weights[name]) if name in row.weights else "" for name in names),
            row.placed if row.possible else "not possible",
            *(row.tiers.get(tier, 0) for tier in _tiers(sweep)),
            *("" if amount is None else number(amount) for amount in (row.score, row.worst)),
            _outside(row),
            bar(str(row.left), row.left / most) if row.possible else row.because,
        )
        for row in sweep.rows
    ]
    headings = (
        *names,
        "placed",
        *map(digest.tier_words, _tiers(sweep)),
        "score",
        "lowest",
        "outside",
        "changed",
    )
    different = len({row.pairs for row in sweep.rows if row.possible})
    same = sum(row.possible and row.pairs == sweep.base.pairs for row in sweep.rows)
    return page(
        "Sweep",
        paragraph(f"{counted(len(sweep.rows), 'policy', 'policies')} tried", "title"),
        paragraph(f"They give {counted(different, 'pairing')}; {same} of them give that of the base."),
        table(
            "Changed: pairs of the base that are not made",
            headings,
            rows,
            right=range(len(headings)),
            most=MOST_ROWS,
            more="to_frame() has all",
        ),
    )


def _fit(fit: Fit) -> str:
    title = "Weights that agree with what was said" if fit.consistent else "What was said contradicts itself"
    weights = [
        (
            one.criterion.replace("_", " "),
            *map(number, (one.weight, one.low, one.high)),
            *("" if kept is None else f"{kept} of {fit.pairs}" for kept in (one.kept_low, one.kept_high)),
        )
        for one in fit.weights
    ]
    held = [
        (" with ".join(one.better), " with ".join(one.worse), number(one.margin)) for one in fit.judgements
    ]
    return page(
        "Fit",
        paragraph(title, "title"),
        paragraph(fit.because),
        table(
            "Weights, and between what they could lie",
            ("criterion", "weight", "at least", "at most", "pairs kept at least", "pairs kept at most"),
            weights,
            right=(1, 2, 3, 4, 5),
        ),
        folded(
            f"Judgements ({len(held)})",
            table(
                "Points more",
                ("better", "worse", "by"),
                held,
                right=(2,),
                most=MOST_ROWS,
                more="to_frame(...)",
            ),
        ),
    )


def _tiers(sweep: Sweep) -> list[str]:
    return [tier for tier in TIERS if any(tier in row.tiers for row in sweep.rows)]


def _outside(row: SweepRow) -> str:
    return f"{row.outside / row.organisations_known:.0%}" if row.organisations_known else ""


def _session(label: str, places: int | None) -> str:
    return label if places is None else f"{label}: {counted(places, 'place')} for pairs"


def _bounds(least: int, most: int | None) -> str:
    return f"at least {least}" if most is None else f"from {least} to {most}"


_PAGES: Mapping[type, Callable[[Any], str]] = {
    Matching: _matching,
    Study: _study,
    Cohort: _cohort,
    Alternative: _alternative,
    Policy: _policy,
    Sweep: _sweep,
    Fit: _fit,
}
