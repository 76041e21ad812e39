"""Presets never change, keys below them override them, impossible rules are refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ipmatch.people import Mentor
from ipmatch.policy import DEFAULT, PRESETS, Policy

from .faults import faults


def test_no_preset_ever_changes():
    """A preset never changes: better defaults get a new name."""
    rules = {name: Policy(preset=name).model_dump(mode="json") for name in PRESETS}
    common = {
        "eligibility": {"min_years_prescribing": 3, "availability": "ignore"},
        "kind": "policy",
        "version": 1,
    }
    for name, weights, same, order, share, levels in (
        (
            "sector-first",
            (65, 25, 10, 20),
            "penalise",
            ["scope-and-sector", "sector", "scope"],
            0.5,
            ["placed", "score"],
        ),
        (
            "pilot-2023",
            (65, 25, 0, 0),
            "ignore",
            ["scope-and-sector", "sector"],
            1,
            ["placed", "tiers", "score"],
        ),
        ("pilot-2023-as-told", (0, 0, 0, 0), "ignore", ["scope", "sector"], 1, ["placed", "tiers"]),
    ):
        expected = {
            **common,
            "preset": name,
            "weights": dict(zip(("sector", "scope", "region", "organisation"), weights, strict=True)),
            "organisation": {"same": same},
            "tiers": {"order": order, "sector_from": share, "scope_from": share},
            "objective": {"method": "optimal", "levels": levels, "seed": 0},
        }
        assert {key: rules[name][key] for key in expected} == expected


def test_the_default_made_without_validators_is_the_one_that_pydantic_makes():
    assert (repr(DEFAULT), DEFAULT) == (repr(Policy()), Policy())
    assert DEFAULT.model_dump_json() == Policy().model_dump_json()


def test_keys_below_a_preset_override_it_one_by_one_and_lists_whole():
    policy = Policy(
        preset="pilot-2023", weights={"scope": 40}, tiers={"order": ["scope"]}, objective={"seed": 7}
    )
    assert dict(policy.weights) == {"sector": 65, "scope": 40, "region": 0, "organisation": 0}
    assert (policy.tiers.order, policy.tiers.sector_from) == (("scope",), 1)
    assert (policy.objective.levels, policy.objective.seed) == (("placed", "tiers", "score"), 7)


def test_replace_changes_what_it_names_and_another_preset_is_complete():
    policy = Policy(preset="pilot-2023", weights={"scope": 40})
    changed = policy.replace(weights={"region": 5}, objective={"seed": 3})
    assert dict(changed.weights) == {"sector": 65, "scope": 40, "region": 5, "organisation": 0}
    assert (changed.objective.seed, changed.objective.levels) == (3, policy.objective.levels)
    assert policy.weight("region") == 0
    assert policy.replace() == policy
    assert policy.replace(preset="pilot-2023") == policy
    assert policy.replace(preset="sector-first") == Policy()
    assert policy.replace(tiers=Policy().tiers).tiers == Policy().tiers
    with pytest.raises(ValidationError, match="unknown field"):
        policy.replace(weight={"scope": 1})


@pytest.mark.parametrize(
    ("policy", "place", "start"),
    [
        ({"weights": {"sector": -1}}, "weights.sector", "-1 is negative."),
        ({"weights": {"sector": 0.0001}}, "weights.sector", "0.0001 has more than 3 decimal places."),
        ({"weights": {"sector": float("nan")}}, "weights.sector", "NaN is not a number."),
        ({"weights": {"sector": float("inf")}}, "weights.sector", "Infinity is not a number."),
        ({"weights": {"sector": True}}, "weights.sector", "true is not a number."),
        ({"weights": {"sector": 10**13}}, "weights.sector", "this weight is too large."),
        (
            {"preset": "sectorfirst"},
            "preset",
            '"sectorfirst" is not one of the known values. Did you mean "sector-first"?',
        ),
        (
            {"objective": {"levels": ["placed", "scor"]}},
            "objective.levels.1",
            '"scor" is not one of the known values. Did you mean "score"?',
        ),
        ({"objective": {"levels": ["score", "score"]}}, "objective.levels", '"score" stands here twice.'),
        ({"objective": {"levels": []}}, "objective.levels", "the list is empty."),
        (
            {"objective": {"levels": ["score", "leximin", "placed"]}},
            "objective.levels",
            '"leximin" stands here without "placed" before it. Write ["placed", "score", "leximin"], for',
        ),
        (
            {"objective": {"levels": ["placed", "fairness", "leximin"]}},
            "objective.levels",
            "fairness and leximin stand here both, and leximin begins with fairness. Keep one of them",
        ),
        ({"tiers": {"order": ["sector", "sector"]}}, "tiers.order", '"sector" stands here twice.'),
        ({"tiers": {"sector_from": 0}}, "tiers.sector_from", "0 is too small."),
        ({"tiers": {"scope_from": 1.1}}, "tiers.scope_from", "1.1 is too large."),
        ({"objective": {"seed": -1}}, "objective.seed", "-1 is too small."),
        ({"objective": {"seed": 2**64}}, "objective.seed", f"{2**64} is too large."),
        (
            {"eligibility": {"min_years_prescribing": -1}},
            "eligibility.min_years_prescribing",
            "-1 is too small.",
        ),
    ],
)
def test_an_impossible_rule_is_refused_in_plain_words(policy, place, start):
    found = faults(Policy, policy)
    assert list(found) == [place]
    assert found[place].startswith(start), found


def test_the_order_of_quotas_and_the_spelling_of_their_values_say_nothing():
    one = {"side": "mentee", "where": {"sectors": "Community pharmacy"}, "min": 1}
    other = {"side": "mentor", "where": {"region": "Kent"}, "max": 2}
    spelt = {**one, "where": {"sectors": "community-pharmacy"}}
    assert Policy(quotas=[one, other]) == Policy(quotas=[other, spelt])


def test_a_quota_is_promised_once():
    quota = {"side": "mentee", "where": {"region": "Kent"}, "min": 1}
    with pytest.raises(ValidationError, match='the quota "Kent" stands here twice'):
        Policy(quotas=[quota, {**quota, "name": "Kent"}])


def test_quotas_are_replaced_as_a_list_and_survive_a_file():
    policy = Policy(quotas=[{"side": "mentee", "min": 1}])
    assert Policy.model_validate(policy.model_dump(mode="json")) == policy
    assert policy.replace(quotas=[]).quotas == ()
    assert policy.replace(weights={"scope": 1}).quotas == policy.quotas


def test_a_quota_may_count_by_a_number_with_decimals():
    quota = Policy(quotas=[{"side": "mentor", "where": {"years_prescribing": 2.5}, "max": 1}]).quotas[0]
    assert quota.holds(Mentor(id="M01", years_prescribing=2.5))
    assert not quota.holds(Mentor(id="M02", years_prescribing=3))
    assert type(quota).model_validate(quota.model_dump(mode="json")) == quota
