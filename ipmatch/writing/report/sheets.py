"""One sheet for each pair, to fill in when the two first meet: the prompts of the pilot's ground rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ipmatch.matching import Pairing
from ipmatch.reporting.material import Material
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.words import listed
from ipmatch.writing.report.environment import render
from ipmatch.writing.report.standing import confirmed

__all__ = ["PROMPTS", "sheets_page"]

# What the pilot's pairs found worth agreeing on (its report, §§3.2, 4.3, 4.3.6, 4.3.7).
PROMPTS = (
    ("Purpose", "What should this mentoring help with, and how will we notice that it has?", 2),
    ("Objectives", "Two or three that are practical and can be reached in the time we have.", 3),
    (
        "Roles",
        "What does each of us expect of the other? Mentoring is neither supervision nor assessment.",
        2,
    ),
    ("Confidentiality", "What stays between us? What would have to be passed on, and to whom?", 2),
    ("Meetings", "How often, how long, online or in person? The pilot asked for two sessions at least.", 2),
    ("In between", "By e-mail, message or telephone? How soon may each expect an answer?", 1),
    ("Support", "Have we told our organisations, and do we have protected time?", 1),
    ("Review", "When do we look at this again? Whom do we tell if it does not work?", 1),
)

# What the two have in common, and nothing that only one of them may know.
_SHARED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "same-sector": lambda facts: listed([sector_label(sector) for sector in facts["sectors"]]),
    "past-sector": lambda facts: listed([sector_label(sector) for sector in facts["sectors"]]) + ", earlier",
    "same-scope": lambda facts: str(facts["mentor_scope"]),
    "related-scope": lambda facts: f"{facts['mentor_scope']} and {facts['mentee_scope']}",
    "same-scope-group": lambda facts: f"{facts['mentor_scope']} and {facts['mentee_scope']}",
    "same-region": lambda facts: str(facts["region"]),
}


def sheets_page(material: Material) -> str:
    """A page with a sheet for each pair, each on paper of its own when printed."""
    sure = confirmed(material.matching)
    return render(
        "sheets.html",
        kind="sheets",
        title=f"Pair sheets – {material.cohort.programme.name or 'mentoring programme'}",
        programme=material.cohort.programme.name or "Mentoring programme",
        names=material.names,
        sheets=[
            (pair, list(_shared(pair)), (pair.mentor, pair.mentee) in sure)
            for pair in material.matching.pairings
        ],
        prompts=PROMPTS,
    )


def _shared(pair: Pairing) -> Iterator[tuple[str, str]]:
    for part in pair.contributions:
        if part.code in _SHARED:
            yield part.criterion, _SHARED[part.code](part.facts)
