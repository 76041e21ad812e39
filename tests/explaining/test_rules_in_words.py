"""The rules in words are the rules: whatever a pair shares, they say whether it may be made."""

from __future__ import annotations

from itertools import permutations

from ipmatch.cohort import Cohort
from ipmatch.explaining.auditing import rules_in_words
from ipmatch.front_door import match
from ipmatch.policy import TIERS, Policy

SHARED = {
    "both": ("primary-care", "Asthma"),
    "a sector alone": ("primary-care", "Hypertension"),
    "a scope alone": ("acute-hospital", "Asthma"),
    "neither": ("acute-hospital", "Hypertension"),
}


def one_pair(sector: str, scope: str, **pairs) -> Cohort:
    return Cohort(
        mentors=[{"id": "M1", "sectors": ["primary-care"], "scopes": ["Asthma"], "availability": ["Monday"]}],
        mentees=[{"id": "E1", "sectors": [sector], "scopes": [scope], "availability": ["Friday"]}],
        **pairs,
    )


def rules(policy: Policy) -> str:
    return " ".join(rules_in_words(policy)[0][1])


def may_be_made(told: str) -> set[str]:
    """What the rules in words leave to a pair to share."""
    if "share neither a sector nor a scope" in told:
        out = told.partition("none is made that shares ")[2].partition(". ")[0]
        return {kind for kind in SHARED if kind not in out}
    asked = told.partition("A pair must share ")[2].partition(". ")[0]
    if asked.startswith("both"):
        return {"both"}
    alone = {kind for kind in SHARED if kind.removesuffix(" alone") in asked}
    return {"both", *alone}


def test_what_a_pair_must_share_is_what_it_must_by_every_list_of_tiers():
    orders = [order for length in range(1, 5) for order in permutations(TIERS, length)]
    for order in orders:
        policy = Policy(tiers={"order": order, "sector_from": 1, "scope_from": 1})
        made = {kind for kind, shared in SHARED.items() if match(one_pair(*shared), policy).pairings}
        assert may_be_made(rules(policy)) == made, order


def test_a_required_pair_overrides_the_sessions_and_the_rules_say_so():
    policy = Policy(sessions=[{"label": "Monday"}, {"label": "Friday"}])
    shared = SHARED["both"]
    assert not match(one_pair(*shared), policy).pairings
    required = [{"mentor": "M1", "mentee": "E1"}]
    assert match(one_pair(*shared, required_pairs=required), policy).pairings
    assert "the rules on organisation, availability and sessions." in rules(policy)
    assert "the rules on organisation and availability." in rules(Policy())


def test_one_year_is_a_year():
    assert "for less than 1 year does" in rules(Policy(eligibility={"min_years_prescribing": 1}))
