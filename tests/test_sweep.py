from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError, InputError, UsageError
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.scoring.scores import reweighted, score
from ipmatch.sweeping import sweep
from ipmatch.synthetic import demo_cohort

from .strategies import WEIGHTS, random_case, ruled_case


def some_policies(case, draw):
    """The case's own policy under other weights, and now and then under other rules."""
    base = Policy.model_validate(case.policy)
    names = [*WEIGHTS, *(criterion.name for criterion in case.criteria)]
    for _ in range(4):
        chosen = {name: draw.choice([0, 1, 7.5, 20, 64.125]) for name in draw.sample(names, 3)}
        yield base.replace(weights=chosen)
    yield base.replace(objective={"levels": ["tiers", "placed", "score"], "seed": 5})
    for weight in (3, 40):
        yield base.replace(objective={"levels": ["placed", "fairness", "score"]}, weights={"scope": weight})


def answer(cohort, policy, criteria):
    try:
        return match(cohort, policy, criteria=criteria)
    except (InfeasibleError, InputError):
        return None


@pytest.mark.parametrize("make", [random_case, ruled_case])
def test_every_row_is_what_match_gives_under_its_policy(make):
    rows = 0
    for seed in range(70):
        case = make(seed)
        cohort, draw = Cohort.model_validate(case.cohort), Random(f"sweep {seed}")
        base = Policy.model_validate(case.policy)
        policies = list(some_policies(case, draw))
        present = answer(cohort, base, case.criteria)
        if present is None:
            continue
        swept = sweep(cohort, policies, base=base, criteria=case.criteria)
        assert swept.base.pairs == tuple(sorted(present.pairs()))
        for policy, row in zip(policies, swept.rows, strict=True):
            matching = answer(cohort, policy, case.criteria)
            assert row.possible == (matching is not None), seed
            if matching is None:
                continue
            rows += 1
            points = [pairing.score for pairing in matching.pairings]
            assert row.pairs == tuple(sorted(matching.pairs())), seed
            assert (row.placed, row.tiers) == (matching.summary.placed, matching.summary.tiers)
            assert (row.score, row.worst) == (sum(points), min(points, default=None))
            assert row.left == len(present.pairs() - matching.pairs())
            assert row.came == len(matching.pairs() - present.pairs())
    assert rows > 100


def test_scores_under_other_weights_are_those_of_scoring_anew():
    for seed in range(60):
        case = random_case(seed)
        cohort, draw = Cohort.model_validate(case.cohort), Random(seed)
        base = Policy.model_validate(case.policy)
        try:
            scores = score(cohort, base, case.criteria)
        except InfeasibleError:
            continue
        other = next(some_policies(case, draw))
        ours, anew = reweighted(scores, other, case.criteria), score(cohort, other, case.criteria)
        assert (ours.points == anew.points).all()
        assert (ours.allowed == anew.allowed).all()
        assert (ours.scale, ours.unit, ours.bound) == (anew.scale, anew.unit, anew.bound)
        assert list(ours.tables) == list(anew.tables)


def test_a_grid_takes_every_combination_the_last_criterion_moving_fastest(example):
    swept = sweep(example, weights={"sector": range(20, 41, 10), "scope": [0.5, "7.25"]})
    weights = [tuple(row.weights.values()) for row in swept.rows]
    fine = [Decimal("0.5"), Decimal("7.25")]
    assert weights == [(sector, scope) for sector in (20, 30, 40) for scope in fine]
    assert {row.policy.weight("region") for row in swept.rows} == {Decimal(10)}


def test_pairs_inside_one_organisation_are_not_outside():
    people = Cohort(
        mentors=[
            {"id": f"M{i}", "sectors": ["primary-care"], "organisation": name, "scopes": [scope]}
            for i, (name, scope) in enumerate([("Alpha", "Asthma"), ("beta ", "Hypertension"), (None, "HIV")])
        ],
        mentees=[
            {"id": f"E{i}", "sectors": ["primary-care"], "organisation": name, "scopes": [scope]}
            for i, (name, scope) in enumerate([("alpha", "Asthma"), ("Alpha", "Hypertension"), ("C", "HIV")])
        ],
    )
    row = sweep(people, [Policy(organisation={"same": "ignore"})]).rows[0]
    assert row.pairs == (("M0", "E0"), ("M1", "E1"), ("M2", "E2"))
    assert (row.outside, row.organisations_known) == (1, 2)


def test_threads_share_the_work_and_change_nothing():
    cohort, told = demo_cohort(20, 24, seed=1), list[str]()
    grid = {"sector": range(10, 60, 10), "region": [0, 30]}
    with ThreadPoolExecutor(2) as pool:
        shared = sweep(cohort, weights=grid, executor=pool, progress=told.append)
    assert shared == sweep(cohort, weights=grid)
    assert told[-1] == "10 of 10 policies"


def test_progress_counts_every_policy(example):
    told = []
    sweep(example, weights={"scope": [1, 2, 3]}, progress=told.append)
    assert told == ["1 of 3 policies", "2 of 3 policies", "3 of 3 policies"]


def test_a_bar_on_standard_error_fills_and_ends_its_line(example, capsys):
    sweep(example, weights={"scope": [1, 2, 3]}, progress=True)
    bars = capsys.readouterr().err.split("\r")[1:]
    assert bars[0] == f"[{'#' * 10}{' ' * 20}] 1 of 3 policies"
    assert bars[-1] == f"[{'#' * 30}] 3 of 3 policies\n"
    sweep(example, weights={"scope": [1]})
    assert capsys.readouterr().err == ""


def test_decisions_hold_in_every_row(example):
    keep_apart = Decision(kind="forbid", mentor="M01", mentee="E01")
    swept = sweep(example, weights={"scope": [0, 50]}, decisions=[keep_apart])
    assert not any(("M01", "E01") in row.pairs for row in swept.rows)


def test_a_policy_that_cannot_hold_has_a_row_that_says_so(example):
    everybody = Policy(quotas=[{"side": "mentee", "where": {}, "min": 3}])
    rows = sweep(example, [everybody, Policy()]).rows
    assert [row.possible for row in rows] == [False, True]
    assert "cannot all hold" in rows[0].because
    frame = sweep(example, [everybody, Policy()]).to_frame()
    assert frame["possible"].tolist() == [False, True]


def test_a_base_that_cannot_hold_is_an_error(example):
    with pytest.raises(InfeasibleError, match="cannot all hold"):
        sweep(
            example, weights={"scope": [1]}, base=Policy(quotas=[{"side": "mentee", "where": {}, "min": 3}])
        )


@pytest.mark.parametrize("asked", [{}, {"policies": [Policy()], "weights": {"scope": [1]}}])
def test_policies_or_weights_must_be_given_and_not_both(example, asked):
    with pytest.raises(UsageError, match=r"sweep: give either policies or weights\."):
        sweep(example, **asked)


@pytest.mark.parametrize("asked", [{"policies": []}, {"weights": {"scope": []}}])
def test_there_must_be_something_to_try(example, asked):
    with pytest.raises(UsageError, match=r"sweep: there is no policy to try\."):
        sweep(example, **asked)


def test_a_weight_that_is_none_is_named(example):
    with pytest.raises(InputError, match=r"sweep, weights\.scope: -1 is negative\. Use 0 to switch"):
        sweep(example, weights={"scope": [5, -1]})
    with pytest.raises(InputError, match=r'sweep, weights\.scope: "many" is not a number\.'):
        sweep(example, weights={"scope": ["many"]})


def test_a_criterion_that_there_is_not_is_refused_in_a_grid_and_said_in_the_row_of_a_policy(example):
    message = r'^sweep, weights\.sectr: there is no such criterion\. Did you mean "sector"\?$'
    with pytest.raises(InputError, match=message):
        sweep(example, weights={"scope": [5], "sectr": [5]})
    row = sweep(example, [Policy(weights={"sectr": 5})]).rows[0]
    assert not row.possible
    assert 'Did you mean "sector"?' in row.because


def test_the_frame_has_a_row_for_each_policy_and_each_pair(example):
    swept = sweep(example, weights={"scope": [0, 50], "sector": [65]})
    frame, pairs = swept.to_frame(), swept.to_frame("pairs", backend="polars")
    assert frame["weight_scope"].tolist() == [0, 50]
    assert frame["tier_sector"].tolist() == [row.tiers.get("sector", 0) for row in swept.rows]
    assert pairs.height == sum(len(row.pairs) for row in swept.rows)
    assert "2 policies tried" in swept._repr_html_()
