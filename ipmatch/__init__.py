"""Pairs mentors with mentees provably best under stated rules, and explains every pair."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipmatch.answers import Check, Explanation, SupplyRow
    from ipmatch.cohort import Cohort, Decision, NamedPair, Programme
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
    from ipmatch.matching import (
        Contribution,
        Matching,
        Note,
        NotTakingPart,
        Pairing,
        SpareMentor,
        Unmatched,
        Verification,
    )
    from ipmatch.people import Mentee, Mentor
    from ipmatch.policy import Policy
    from ipmatch.reading.documents import read_cohort, read_matching, read_policy
    from ipmatch.scoring.criteria import Criterion
    from ipmatch.study import check, explain, match, verify
    from ipmatch.writing.files import write

    __version__: str

__all__ = [
    "Check",
    "Cohort",
    "Contribution",
    "Criterion",
    "Decision",
    "Explanation",
    "Fault",
    "InfeasibleError",
    "InputError",
    "InternalError",
    "IpmatchError",
    "Matching",
    "Mentee",
    "Mentor",
    "MissingExtraError",
    "NamedPair",
    "NotTakingPart",
    "Note",
    "OutputError",
    "Pairing",
    "Policy",
    "Programme",
    "SpareMentor",
    "SupplyRow",
    "TimeLimitError",
    "Unmatched",
    "UsageError",
    "Verification",
    "__version__",
    "check",
    "explain",
    "match",
    "read_cohort",
    "read_matching",
    "read_policy",
    "verify",
    "write",
]

# Where each public name lives; loaded when first asked for, so that importing ipmatch costs nothing.
_HOMES = {
    "answers": ("Check", "Explanation", "SupplyRow"),
    "cohort": ("Cohort", "Decision", "NamedPair", "Programme"),
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
    "matching": (
        "Contribution",
        "Matching",
        "NotTakingPart",
        "Note",
        "Pairing",
        "SpareMentor",
        "Unmatched",
        "Verification",
    ),
    "people": ("Mentee", "Mentor"),
    "policy": ("Policy",),
    "reading.documents": ("read_cohort", "read_matching", "read_policy"),
    "scoring.criteria": ("Criterion",),
    "study": ("check", "explain", "match", "verify"),
    "writing.files": ("write",),
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
    return sorted({*globals(), *__all__})
