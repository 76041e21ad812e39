"""Pairs mentors with mentees provably best under stated rules, and explains every pair."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipmatch.answers.alternatives import (
        Alternative,
        Letter,
        Move,
        PairPrices,
        PlaceChange,
        Rearranged,
        WhatIf,
        Withdrawal,
    )
    from ipmatch.answers.fits import Fit, Judgement
    from ipmatch.answers.insights import Ambiguity, Analysis, Frontier, Profile, RematchFrontier, Sensitivity
    from ipmatch.answers.overviews import Check, Comparison, Explanation, PersonCompared, SupplyRow, Totals
    from ipmatch.answers.sweeps import Sweep, SweepRow
    from ipmatch.cohort import Cohort, NamedPair, Programme
    from ipmatch.costs import FairnessCost, Stability, StabilityCost
    from ipmatch.decisions import Decision, Decisions
    from ipmatch.errors import (
        Fault,
        InfeasibleError,
        InputError,
        InternalError,
        IpmatchError,
        MissingExtraError,
        OutputError,
        TimeLimitError,
        UsageError,
    )
    from ipmatch.explaining.comparing import compare
    from ipmatch.fitting import fit_weights
    from ipmatch.forgetting import forget
    from ipmatch.front_door import check, explain, match, rematch, rematch_frontier, verify
    from ipmatch.intake.enrolment import Enrolment
    from ipmatch.intake.identity import Identity
    from ipmatch.intake.report import Intake, Remark
    from ipmatch.intake.scope_review import ScopeReview, review_scopes
    from ipmatch.matching import (
        Change,
        Contribution,
        EndedPair,
        Matching,
        Note,
        NotTakingPart,
        Pairing,
        Rematch,
        SpareMentor,
        Unmatched,
        Verification,
    )
    from ipmatch.notebook import plots
    from ipmatch.notebook.tuner import Tuner
    from ipmatch.people import Mentee, Mentor
    from ipmatch.policy import Policy
    from ipmatch.programme.equality import Equality, Monitoring, equality
    from ipmatch.programme.followup import FollowUp, follow_up
    from ipmatch.programme.forgetting import Forgotten
    from ipmatch.programme.history import History, history
    from ipmatch.programme.journal import decide
    from ipmatch.programme.neighbours import Leg, allow_only, in_periods, with_hours
    from ipmatch.programme.survey import Survey
    from ipmatch.reading.documents import read_cohort, read_decisions, read_matching, read_policy
    from ipmatch.reading.enrolments import read_enrolment, read_frames
    from ipmatch.reading.monitoring_file import read_monitoring
    from ipmatch.reading.people_file import read_people
    from ipmatch.reading.survey_file import read_survey
    from ipmatch.scoring.criteria import Criterion
    from ipmatch.study import Study
    from ipmatch.sweeping import sweep
    from ipmatch.synthetic import demo_cohort
    from ipmatch.writing.files import write, write_cohort
    from ipmatch.writing.policy_file import write_policy
    from ipmatch.writing.report.outputs import write_report
    from ipmatch.writing.template import enrolment_workbook

    __version__: str

__all__ = [
    "Alternative",
    "Ambiguity",
    "Analysis",
    "Change",
    "Check",
    "Cohort",
    "Comparison",
    "Contribution",
    "Criterion",
    "Decision",
    "Decisions",
    "EndedPair",
    "Enrolment",
    "Equality",
    "Explanation",
    "FairnessCost",
    "Fault",
    "Fit",
    "FollowUp",
    "Forgotten",
    "Frontier",
    "History",
    "Identity",
    "InfeasibleError",
    "InputError",
    "Intake",
    "InternalError",
    "IpmatchError",
    "Judgement",
    "Leg",
    "Letter",
    "Matching",
    "Mentee",
    "Mentor",
    "MissingExtraError",
    "Monitoring",
    "Move",
    "NamedPair",
    "NotTakingPart",
    "Note",
    "OutputError",
    "PairPrices",
    "Pairing",
    "PersonCompared",
    "PlaceChange",
    "Policy",
    "Profile",
    "Programme",
    "Rearranged",
    "Remark",
    "Rematch",
    "RematchFrontier",
    "ScopeReview",
    "Sensitivity",
    "SpareMentor",
    "Stability",
    "StabilityCost",
    "Study",
    "SupplyRow",
    "Survey",
    "Sweep",
    "SweepRow",
    "TimeLimitError",
    "Totals",
    "Tuner",
    "Unmatched",
    "UsageError",
    "Verification",
    "WhatIf",
    "Withdrawal",
    "__version__",
    "allow_only",
    "check",
    "compare",
    "decide",
    "demo_cohort",
    "enrolment_workbook",
    "equality",
    "explain",
    "fit_weights",
    "follow_up",
    "forget",
    "history",
    "in_periods",
    "match",
    "plots",
    "read_cohort",
    "read_decisions",
    "read_enrolment",
    "read_frames",
    "read_matching",
    "read_monitoring",
    "read_people",
    "read_policy",
    "read_survey",
    "rematch",
    "rematch_frontier",
    "review_scopes",
    "sweep",
    "verify",
    "with_hours",
    "write",
    "write_cohort",
    "write_policy",
    "write_report",
]

# Where each public name lives; loaded when first asked for, so that importing ipmatch costs nothing.
_HOMES = {
    "answers.alternatives": (
        "Alternative",
        "Letter",
        "Move",
        "PairPrices",
        "PlaceChange",
        "Rearranged",
        "WhatIf",
        "Withdrawal",
    ),
    "answers.fits": ("Fit", "Judgement"),
    "answers.insights": ("Ambiguity", "Analysis", "Frontier", "Profile", "RematchFrontier", "Sensitivity"),
    "answers.overviews": ("Check", "Comparison", "Explanation", "PersonCompared", "SupplyRow", "Totals"),
    "answers.sweeps": ("Sweep", "SweepRow"),
    "cohort": ("Cohort", "NamedPair", "Programme"),
    "costs": ("FairnessCost", "Stability", "StabilityCost"),
    "decisions": ("Decision", "Decisions"),
    "errors": (
        "Fault",
        "InfeasibleError",
        "InputError",
        "InternalError",
        "IpmatchError",
        "MissingExtraError",
        "OutputError",
        "TimeLimitError",
        "UsageError",
    ),
    "explaining.comparing": ("compare",),
    "fitting": ("fit_weights",),
    "forgetting": ("forget",),
    "front_door": ("check", "explain", "match", "rematch", "rematch_frontier", "verify"),
    "intake.enrolment": ("Enrolment",),
    "intake.identity": ("Identity",),
    "intake.report": ("Intake", "Remark"),
    "intake.scope_review": ("ScopeReview", "review_scopes"),
    "matching": (
        "Change",
        "Contribution",
        "EndedPair",
        "Matching",
        "NotTakingPart",
        "Note",
        "Pairing",
        "Rematch",
        "SpareMentor",
        "Unmatched",
        "Verification",
    ),
    "notebook": ("plots",),
    "notebook.tuner": ("Tuner",),
    "people": ("Mentee", "Mentor"),
    "policy": ("Policy",),
    "programme.equality": ("Equality", "Monitoring", "equality"),
    "programme.followup": ("FollowUp", "follow_up"),
    "programme.forgetting": ("Forgotten",),
    "programme.history": ("History", "history"),
    "programme.journal": ("decide",),
    "programme.neighbours": ("Leg", "allow_only", "in_periods", "with_hours"),
    "programme.survey": ("Survey",),
    "reading.documents": ("read_cohort", "read_decisions", "read_matching", "read_policy"),
    "reading.enrolments": ("read_enrolment", "read_frames"),
    "reading.monitoring_file": ("read_monitoring",),
    "reading.people_file": ("read_people",),
    "reading.survey_file": ("read_survey",),
    "scoring.criteria": ("Criterion",),
    "study": ("Study",),
    "sweeping": ("sweep",),
    "synthetic": ("demo_cohort",),
    "writing.files": ("write", "write_cohort"),
    "writing.policy_file": ("write_policy",),
    "writing.report.outputs": ("write_report",),
    "writing.template": ("enrolment_workbook",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("ipmatch")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"ipmatch.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__]
