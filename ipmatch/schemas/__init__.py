"""The published JSON Schemas of what ipmatch reads and answers: files, so that reading one loads nothing."""

from __future__ import annotations

from importlib import resources

__all__ = ["NAMES", "published"]

NAMES = (
    "cohort",
    "policy",
    "decisions",
    "matching",
    "survey",
    "check",
    "explanation",
    "comparison",
    "verification",
    "alternative",
    "place-change",
    "withdrawal",
    "what-if",
    "letter",
    "ambiguity",
    "sensitivity",
    "frontier",
    "rematch-frontier",
    "profile",
    "analysis",
    "sweep",
    "fit",
    "history",
    "intake",
    "scope-review",
    "template",
    "followup",
    "equality",
    "forgotten",
    "fault",
    "failure",
)


def published(name: str) -> str:
    """The text of a schema, one of :data:`NAMES`."""
    return resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
