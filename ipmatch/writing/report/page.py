"""The report as one page that loads nothing: a summary first, every reason to unfold, and what if."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from ipmatch.matching import Matching, Pairing
from ipmatch.reporting.material import Material
from ipmatch.scoring.pairs import PairScores
from ipmatch.words import counted
from ipmatch.writing import digest
from ipmatch.writing.report.drawing import score_map
from ipmatch.writing.report.environment import render
from ipmatch.writing.report.standing import heading_of, standing_of
from ipmatch.writing.report.tables import loads, tables_of
from ipmatch.writing.report.what_if import FEW, is_whole, what_if_json
from ipmatch.writing.story import story_of, story_sections

__all__ = ["page_text"]

# More pairs than this are listed without unfolding.
MOST_UNFOLDED = 600
# More mentors than this are told of together.
MOST_LOADS = 60
MOST_OTHERS = 3


def page_text(material: Material) -> str:
    """The whole report as HTML in UTF-8; names stand in it only if the material has them."""
    matching, prices, scores = material.matching, material.prices, material.scores
    every, label = loads(material), digest.labels_of(material.cohort)
    drawn, most = score_map(scores, matching.pairs()), _most(scores)
    return render(
        "report.html",
        script="what_if.js" if prices else None,
        kind="report",
        title=f"{heading_of(matching)} – {material.cohort.programme.name or 'mentoring programme'}",
        heading=heading_of(matching),
        standing=standing_of(matching),
        programme=material.cohort.programme.name,
        names=material.names,
        matching=matching,
        pairs=matching.pairings,
        verdict=digest.verdict(matching),
        figures=_figures(matching),
        story=story_of(matching.rematch) if matching.rematch else "",
        story_sections=story_sections(matching, label),
        left_out=material.left_out,
        unfolds=len(matching.pairings) <= MOST_UNFOLDED,
        in_every_pair=digest.in_every_pair(matching),
        most=most,
        share=_share(most),
        prices=prices is not None,
        whole=prices is not None and is_whole(prices),
        few=FEW,
        told=prices.told if prices else {},
        others=_others(material),
        data=what_if_json(material, prices) if prices else "",
        command=_command(matching),
        command_note=_command_note(material),
        map=drawn,
        allowed=scores.allowed.tolist(),
        loads=every,
        load_rows=every if len(every) <= MOST_LOADS else _grouped(every),
        tables=tables_of(material),
        ambiguity=material.ambiguity,
        sensitivity=material.sensitivity,
        rules=material.rules,
        contents=_contents(material, drawn is not None),
    )


def _most(scores: PairScores) -> Decimal:
    """The most points a pair could have; one organisation only takes off."""
    weights = (scores.policy.weight(name) for name in scores.unit if name != "organisation")
    return sum(weights, Decimal(0))


def _share(most: Decimal) -> Any:
    """What part of the most a pair could have its score is, for a bar; nothing below 0 is drawn."""

    def share(pairing: Pairing) -> float:
        return max(0.0, float(pairing.score / most)) if most else 0.0

    return share


def _figures(matching: Matching) -> list[tuple[str, str]]:
    summary = matching.summary
    left = summary.places - len(matching.pairings)
    return [
        (f"{summary.placed:,} of {summary.taking_part.mentees:,}", "mentees taking part are paired"),
        (f"{len(matching.unmatched_mentees):,}", digest.unmatched_title(matching).lower()),
        (f"{summary.taking_part.mentors:,} of {summary.mentors:,}", "mentors take part"),
        (f"{left:,} of {summary.places:,}", "places are left"),
        _proved(matching),
    ]


def _proved(matching: Matching) -> tuple[str, str]:
    if matching.run.policy.objective.method == "stable":
        return "Proved", "stable"
    return "Proved" if matching.status == "optimal" else "Not proved", "best under the rules"


def _others(material: Material) -> dict[str, Any]:
    prices = material.prices
    if prices is None or len(material.matching.pairings) > MOST_UNFOLDED:
        return {}
    paired = sorted({pairing.mentee for pairing in material.matching.pairings})
    return {mentee: prices.others(mentee, most=MOST_OTHERS) for mentee in paired}


def _command(matching: Matching) -> str:
    if matching.rematch is None:
        return "ipmatch match COHORT --decisions decisions.json -o again.json"
    keep, most = matching.rematch.keep, matching.rematch.max_changes
    how = f"--keep {keep}" if most is None else f"--keep {keep} --max-changes {most}"
    return f"ipmatch rematch COHORT --previous EARLIER {how} --decisions decisions.json -o again.json"


def _command_note(material: Material) -> str:
    matching = material.matching
    notes = ["COHORT is the file this report was made from."]
    if matching.rematch is not None:
        notes.append("EARLIER is the matching that this one follows on from.")
    notes.append("Give the same --policy, --seed and --criteria, if any, as before.")
    if matching.run.decisions:
        told = counted(len(matching.run.decisions), "earlier decision")
        notes.append(f"The file holds the {told} too, so none need be given again.")
    notes.append("Exact ties may then fall otherwise; the totals are those promised.")
    return " ".join(notes)


def _grouped(every: list[tuple[str, int, int]]) -> list[tuple[int, int, int]]:
    """How many mentors have so many of so many places used."""
    groups = Counter((places, used) for _, places, used in every)
    return [(count, places, used) for (places, used), count in sorted(groups.items())]


def _contents(material: Material, has_map: bool) -> list[tuple[str, str]]:
    asked = (
        ("summary", "Summary", True),
        ("pairs", "Pairs", True),
        ("what-if", "What if?", material.prices is not None),
        ("not-paired", digest.unmatched_title(material.matching), True),
        ("others", "Places left", True),
        ("map", "Map of scores", has_map),
        ("loads", "Load of each mentor", True),
        ("supply", "Supply and demand", True),
        ("resilience", "If a mentor withdraws", material.resilience is not None),
        ("recruit", "Whom to recruit", material.recruit is not None),
        ("firm", "How firm the pairs are", material.ambiguity is not None),
        ("checks", "Data to check", True),
        ("rules", "Rules, proof and record", True),
    )
    return [(key, title) for key, title, there in asked if there]
