"""Policy: the rules and weights by which a cohort is matched; it names no person."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, StrictInt, model_validator

from ipmatch.document import Document, Exact, Frozen, FrozenMap, LineFault, plain
from ipmatch.document.shown import Shown
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.quotas import QuotaRule
from ipmatch.sessions import Session, Sessions
from ipmatch.vocabulary.text import suggest

__all__ = [
    "DEFAULT",
    "LEVELS",
    "PRESETS",
    "TIERS",
    "Eligibility",
    "Objective",
    "OrganisationRule",
    "Policy",
    "Tiers",
    "policy_of",
]

Preset = Literal[
    "sector-first",
    "pilot-2023",
    "pilot-2023-as-told",
    "dpp-allocation",
    "supervision",
    "rotations",
    "placements",
    "peer-groups",
]
Tier = Literal["scope-and-sector", "sector", "scope", "outlier"]
LevelName = Literal[
    "placed", "tiers", "score", "fairness", "leximin", "balance", "waiting", "preferences", "keep"
]

PRESETS: tuple[Preset, ...] = get_args(Preset)
TIERS: tuple[Tier, ...] = get_args(Tier)
LEVELS: tuple[LevelName, ...] = get_args(LevelName)
WORST_OFF = ("fairness", "leximin")

# The models' own defaults are the preset sector-first; the other presets are files beside this one.
SECTOR_FIRST_WEIGHTS = FrozenMap(
    {"sector": Decimal(65), "scope": Decimal(25), "region": Decimal(10), "organisation": Decimal(20)}
)

DECIMAL_PLACES = 3
# Far above any sensible weight, far below what exact integers can carry.
LARGEST_WEIGHT = 10**12


def _is_exact_weight(weight: Decimal) -> Decimal:
    if weight < 0:
        raise LineFault("negative", f"{weight} is negative.", "Use 0 to switch a criterion off.")
    if weight > LARGEST_WEIGHT:
        raise LineFault("too-large", "this weight is too large.", f"Use {LARGEST_WEIGHT} or less.")
    if plain(weight).as_tuple().exponent < -DECIMAL_PLACES:  # type: ignore[operator]
        raise LineFault(
            "too-many-decimals",
            f"{weight} has more than {DECIMAL_PLACES} decimal places.",
            f"Round it to {DECIMAL_PLACES} places.",
        )
    return plain(weight)


def _is_criterion_name(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise LineFault("bad-name", "this is not a criterion's name.", "Use lower case letters and _.")
    return name


def _once_each(values: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted(value for value, times in Counter(values).items() if times > 1)
    if repeated:
        raise LineFault("repeated", f'"{repeated[0]}" stands here twice.', "Name each once.")
    if not values:
        raise LineFault("empty", "the list is empty.", "Name at least one.")
    return values


def _in_an_order_that_can_be(levels: tuple[LevelName, ...]) -> tuple[LevelName, ...]:
    """Nobody is worst off before it is settled who has a pair, and only one level says who that is."""
    asked = [name for name in WORST_OFF if name in levels]
    if len(asked) > 1:
        what = "fairness and leximin stand here both, and leximin begins with fairness."
        raise LineFault("one-of-two", what, 'Keep one of them: ["placed", "fairness"], for example.')
    for name in asked:
        if "placed" not in levels[: levels.index(name)]:
            what = f'"{name}" stands here without "placed" before it.'
            mended = json.dumps(["placed", *(level for level in levels if level != "placed")])
            raise LineFault("needs-placed", what, f"Write {mended}, for example.")
    return levels


def _in_canonical_order(weights: FrozenMap[str, Decimal]) -> FrozenMap[str, Decimal]:
    known = list(SECTOR_FIRST_WEIGHTS)
    rank = {name: (known.index(name) if name in known else len(known), name) for name in weights}
    return FrozenMap({name: weights[name] for name in sorted(weights, key=rank.__getitem__)})


def _quota_order(quota: QuotaRule) -> tuple[str, str, int, float, str]:
    where = json.dumps(quota.model_dump(mode="json")["where"], ensure_ascii=False, sort_keys=True)
    return quota.side, where, quota.min, float("inf") if quota.max is None else quota.max, quota.name or ""


def _promised_once(quotas: tuple[QuotaRule, ...]) -> tuple[QuotaRule, ...]:
    ordered = tuple(sorted(quotas, key=_quota_order))
    for one, other in pairwise(ordered):
        if _quota_order(one)[:4] == _quota_order(other)[:4]:
            raise LineFault("repeated", f'the quota "{other.title}" stands here twice.', "Keep it once.")
    return ordered


Weight = Annotated[Exact, AfterValidator(_is_exact_weight)]
CriterionName = Annotated[str, AfterValidator(_is_criterion_name)]
StrengthFrom = Annotated[Exact, Field(gt=0, le=1)]


class OrganisationRule(Frozen):
    """What sharing an organisation does to a pair."""

    same: Literal["penalise", "forbid", "ignore"] = "penalise"


class Tiers(Frozen):
    """The tiers a pair may have, best first, and from which strength sector and scope count as shared."""

    order: Annotated[tuple[Tier, ...], AfterValidator(_once_each)] = ("scope-and-sector", "sector", "scope")
    sector_from: StrengthFrom = Decimal("0.5")
    scope_from: StrengthFrom = Decimal("0.5")


class Eligibility(Frozen):
    """Who may take part, and whether a pair must share an availability label."""

    min_years_prescribing: Annotated[Exact, Field(ge=0, le=80)] = Decimal(3)
    availability: Literal["ignore", "require"] = "ignore"


class Objective(Frozen):
    """The levels maximised in order, and the seed of the lottery among exact ties.

    The method ``stable`` instead gives the pairing in which no two people would rather have each other, the
    best such one for mentees; the levels then only say what it is compared with.
    """

    method: Literal["optimal", "stable"] = "optimal"
    levels: Annotated[
        tuple[LevelName, ...], AfterValidator(_once_each), AfterValidator(_in_an_order_that_can_be)
    ] = ("placed", "score")
    seed: Annotated[StrictInt, Field(ge=0, lt=2**64)] = 0


class Policy(Shown, Document):
    """The rules of a matching: a complete preset, with the keys given here in its place.

    A table is merged key by key, a list replaced. Weights are points for full strength, exact,
    with at most three decimal places.

    Raises
    ------
    pydantic.ValidationError
        If a name is unknown, a level repeated, or a weight negative, infinite or too fine.
    """

    kind: Literal["policy"] = "policy"
    version: Literal[1] = 1
    preset: Preset = "sector-first"
    weights: Annotated[FrozenMap[CriterionName, Weight], AfterValidator(_in_canonical_order)] = Field(
        default_factory=lambda: SECTOR_FIRST_WEIGHTS
    )
    # Constructed, for a call would build each model's validators, which the policy's own hold already.
    organisation: OrganisationRule = OrganisationRule.model_construct()
    tiers: Tiers = Tiers.model_construct()
    eligibility: Eligibility = Eligibility.model_construct()
    objective: Objective = Objective.model_construct()
    quotas: Annotated[tuple[QuotaRule, ...], AfterValidator(_promised_once)] = ()
    sessions: Sessions = ()

    if TYPE_CHECKING:
        # What may be given, which is more than the fields hold: the model reads it.
        def __init__(
            self,
            *,
            kind: Literal["policy"] = ...,
            version: Literal[1] = ...,
            preset: Preset = ...,
            weights: Mapping[str, Decimal | float] = ...,
            organisation: OrganisationRule | Mapping[str, object] = ...,
            tiers: Tiers | Mapping[str, object] = ...,
            eligibility: Eligibility | Mapping[str, object] = ...,
            objective: Objective | Mapping[str, object] = ...,
            quotas: Sequence[QuotaRule | Mapping[str, object]] = ...,
            sessions: Sequence[Session | Mapping[str, object]] = ...,
        ) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _start_from_the_preset(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        preset = data.get("preset", PRESETS[0])
        base = _preset(preset) if preset in PRESETS[1:] else {"weights": SECTOR_FIRST_WEIGHTS}
        return _merged(base, data)

    def weight(self, criterion: str) -> Decimal:
        """Points for full strength of a criterion; 0 where the policy does not name it."""
        return self.weights.get(criterion, Decimal(0))

    def replace(self, **changes: Any) -> Policy:
        """A copy with these keys in place of its own, merged like the keys of a policy file.

        Another ``preset`` is complete: of the present rules none is kept.
        """
        kept = self.model_dump() if changes.get("preset", self.preset) == self.preset else {}
        return Policy.model_validate(_merged(kept, changes))


DEFAULT = Policy.model_construct()
"""What ``Policy()`` is, without the validators that making one builds."""


def policy_of(given: Policy | str) -> Policy:
    """The policy itself, or the preset of that name.

    Raises
    ------
    UsageError
        If it is neither.
    """
    expect(policy=(given, Policy, str))
    if isinstance(given, Policy):
        return given
    if given not in PRESETS:
        close = suggest(given, PRESETS)
        hint = f'Did you mean "{close}"? ' if close else ""
        mend = f"{hint}Presets: {', '.join(PRESETS)}; a file is read with ipmatch.read_policy(FILE)."
        raise UsageError([Fault("policy", "there is no preset of this name.", mend)])
    return Policy.model_validate({"preset": given})


@functools.cache
def _preset(name: str) -> Mapping[str, Any]:
    import tomllib

    text = resources.files("ipmatch").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
    return FrozenMap(tomllib.loads(text, parse_float=Decimal))


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        if isinstance(value, Frozen):
            value = value.model_dump()
        both_tables = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both_tables else value
    return merged
