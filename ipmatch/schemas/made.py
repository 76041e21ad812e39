"""The schemas as the models give them now; ``python -m ipmatch.schemas.made`` renews the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from ipmatch.answers.alternatives import Alternative, Letter, PlaceChange, WhatIf, Withdrawal
from ipmatch.answers.fits import Fit
from ipmatch.answers.insights import Ambiguity, Analysis, Frontier, Profile, RematchFrontier, Sensitivity
from ipmatch.answers.overviews import Check, Comparison, Explanation
from ipmatch.answers.sweeps import Sweep
from ipmatch.cohort import Cohort
from ipmatch.decisions import Decisions
from ipmatch.document import Frozen
from ipmatch.errors import Fault
from ipmatch.intake.report import Intake
from ipmatch.intake.scope_review import ScopeReview
from ipmatch.matching import Matching, Verification
from ipmatch.policy import Policy
from ipmatch.programme.equality import Equality
from ipmatch.programme.followup import FollowUp
from ipmatch.programme.forgetting import Forgotten
from ipmatch.programme.history import History
from ipmatch.programme.survey import Survey
from ipmatch.schemas import NAMES
from ipmatch.writing.json_document import json_text
from ipmatch.writing.template import Template

__all__ = ["made", "renew"]


class Failure(Frozen):
    """What a command says on standard error with ``--format json`` when it fails."""

    kind: Literal["failure"] = "failure"
    version: Literal[1] = 1
    exit: int
    message: str
    faults: tuple[Fault, ...] = ()
    conflict: tuple[str, ...] = ()


_SOURCES: dict[str, Any] = {
    "cohort": Cohort,
    "policy": Policy,
    "decisions": Decisions,
    "matching": Matching,
    "survey": Survey,
    "check": Check,
    "explanation": Explanation,
    "comparison": Comparison,
    "verification": Verification,
    "alternative": Alternative,
    "place-change": PlaceChange,
    "withdrawal": Withdrawal,
    "what-if": WhatIf,
    "letter": Letter,
    "ambiguity": Ambiguity,
    "sensitivity": Sensitivity,
    "frontier": Frontier,
    "rematch-frontier": RematchFrontier,
    "profile": Profile,
    "analysis": Analysis,
    "sweep": Sweep,
    "fit": Fit,
    "history": History,
    "intake": Intake,
    "scope-review": ScopeReview,
    "template": Template,
    "followup": FollowUp,
    "equality": Equality,
    "forgotten": Forgotten,
    "fault": Fault,
    "failure": Failure,
}


def made(name: str) -> str:
    """The text of one schema (draft 2020-12), from its model."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ipmatch:schema:{name}:1",
    }
    return json_text({**head, **TypeAdapter(_SOURCES[name]).json_schema()})


def renew() -> None:
    """Write every schema anew."""
    for name in NAMES:
        Path(__file__).with_name(f"{name}.json").write_text(made(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    renew()
