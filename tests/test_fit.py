from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from ipmatch.answers.fits import Judgement
from ipmatch.cohort import Cohort
from ipmatch.errors import InputError, UsageError
from ipmatch.fitting import fit_weights
from ipmatch.front_door import match
from ipmatch.policy import TIERS, Policy
from ipmatch.scoring.scores import score
from ipmatch.synthetic import demo_cohort

HIDDEN = (
    {"sector": 50, "scope": 40, "region": 12, "organisation": 33},
    {"sector": 10, "scope": 70, "region": 5},
)


@pytest.fixture(scope="module")
def cohort():
    return demo_cohort(24, 28, seed=2)


def points_of(cohort, policy):
    """Exact integer points of every pair, by ids."""
    scores = score(cohort, policy)
    return {
        (mentor.id, mentee.id): int(scores.points[i, j])
        for i, mentor in enumerate(scores.people.mentors)
        for j, mentee in enumerate(scores.people.mentees)
    }


def drawn(cohort, policy, count, seed=0):
    """Judgements that somebody with these weights would make."""
    points, draw = points_of(cohort, policy), Random(seed)
    found, pairs = [], sorted(points)
    while len(found) < count:
        one, other = draw.sample(pairs, 2)
        if points[one] > points[other]:
            found.append(Judgement(better=one, worse=other))
    return found


def all_hold(cohort, policy, judgements):
    points = points_of(cohort, policy)
    return all(points[one.better] > points[one.worse] for one in judgements)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("count", [1, 8, 60])
def test_every_judgement_holds_exactly_under_the_weights_found(cohort, hidden, count):
    judgements = drawn(cohort, Policy(weights=hidden), count)
    fit = fit_weights(cohort, judgements)
    assert fit.consistent
    assert all_hold(cohort, fit.policy, judgements)
    points, scale = points_of(cohort, fit.policy), score(cohort, fit.policy).scale
    for held in fit.judgements:
        assert held.margin * scale == points[held.better] - points[held.worse] > 0


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_weights_lie_within_what_is_left_open(cohort, hidden):
    truth = Policy(weights={**dict.fromkeys(Policy().weights, 0), **hidden})
    for count in (3, 30, 200):
        fit = fit_weights(cohort, drawn(cohort, truth, count), policy=truth)
        share = Fraction(sum(fit.policy.weights.values())) / Fraction(sum(truth.weights.values()))
        for one in fit.weights:
            assert one.low <= one.weight <= one.high
            assert one.low <= Fraction(truth.weight(one.criterion)) * share <= one.high


def test_more_judgements_leave_less_open(cohort):
    judgements = drawn(cohort, Policy(weights=HIDDEN[0]), 200)
    few, many = (fit_weights(cohort, judgements[:count]).weights for count in (10, 200))
    for one, other in zip(few, many, strict=True):
        assert other.high - other.low <= one.high - one.low + Decimal("0.5")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_weights_come_back_as_a_policy_whose_matching_agrees(cohort, hidden):
    truth = Policy(weights={**dict.fromkeys(Policy().weights, 0), **hidden})
    made = match(cohort, truth)
    fit = fit_weights(cohort, drawn(cohort, truth, 100), examples=[made])
    again = match(cohort, fit.policy)
    points = points_of(cohort, truth)
    assert sum(points[pair] for pair in again.pairs()) == sum(points[pair] for pair in made.pairs())
    assert len(again.pairs() & made.pairs()) >= len(made.pairs()) - 2


def test_an_example_alone_is_among_the_best_under_the_weights_found(cohort):
    made = match(cohort, Policy(weights={"sector": 5, "scope": 5, "region": 90, "organisation": 0}))
    fit = fit_weights(cohort, examples=[made])
    points = points_of(cohort, fit.policy)
    best = match(cohort, fit.policy)
    assert sum(points[pair] for pair in made.pairs()) == sum(points[pair] for pair in best.pairs())
    default = points_of(cohort, Policy())
    assert sum(default[pair] for pair in made.pairs()) < sum(default[p] for p in match(cohort).pairs())


def test_contradictory_judgements_are_named_and_no_others(cohort):
    judgements = drawn(cohort, Policy(weights=HIDDEN[0]), 40)
    turned = Judgement(better=judgements[7].worse, worse=judgements[7].better)
    fit = fit_weights(cohort, [*judgements, turned])
    assert not fit.consistent
    assert fit.policy is None
    assert 40 in fit.contradicting
    assert "No weights agree with judgement" in fit.because
    said = [*judgements, turned]
    for left_out in fit.contradicting:
        rest = [said[k] for k in fit.contradicting if k != left_out]
        assert not rest or fit_weights(cohort, rest).consistent


def test_a_contradiction_of_three_adds_up_to_nothing():
    """Asked in a circle: each of three pairs better than the next."""
    people = Cohort(
        mentors=[
            {"id": "M1", "sectors": ["primary-care"]},
            {"id": "M2", "sectors": ["mental-health"], "scopes": ["Asthma"]},
            {"id": "M3", "sectors": ["mental-health"], "region": "Kent"},
        ],
        mentees=[{"id": "E1", "sectors": ["primary-care"], "scopes": ["Asthma"], "region": "Kent"}],
    )
    one, two, three = ("M1", "E1"), ("M2", "E1"), ("M3", "E1")
    fit = fit_weights(people, [(one, two), (two, three), (three, one), (one, three)])
    assert fit.contradicting in ((0, 1, 2), (2, 3))
    assert set(fit.times) == {1}
    assert fit_weights(people, [(one, two), (two, three)]).consistent


def test_a_judgement_that_no_weights_can_hold_stands_alone(cohort):
    pair = sorted(match(cohort).pairs())[0]
    fit = fit_weights(cohort, [(pair, pair)])
    assert (fit.contradicting, fit.times) == ((0,), (1,))


def test_an_example_and_a_judgement_can_contradict_each_other():
    people = Cohort(
        mentors=[
            {"id": "M1", "sectors": ["primary-care"]},
            {"id": "M2", "sectors": ["primary-care"], "region": "Kent"},
        ],
        mentees=[{"id": "E1", "sectors": ["primary-care"], "region": "Kent"}],
    )
    judgement, example = (("M2", "E1"), ("M1", "E1")), [("M1", "E1")]
    fit = fit_weights(people, [judgement], examples=[example])
    assert (fit.contradicting, fit.examples_contradicting, fit.times) == ((0,), (0,), ())
    assert fit_weights(people, [judgement]).consistent
    assert fit_weights(people, examples=[example]).policy.weight("region") == 0


@pytest.mark.parametrize("weights", [{"sector": 65, "scope": 25}, {"sector": 0.4, "scope": 0.3}])
def test_weights_in_a_ratio_that_is_no_decimal_of_their_sum_are_found(weights):
    """Two examples that tie only at 3 to 8 were said to leave too little open for weights to be written."""
    people = Cohort(
        mentors=[
            {"id": "M1", "sectors": ["icb"], "scopes": ["Hypertension"]},
            {"id": "M2", "sectors": ["academia"], "scopes": ["Anticoagulation"]},
        ],
        mentees=[
            {"id": "E1", "sectors": ["icb"], "scopes": ["Asthma"]},
            {"id": "E2", "sectors": ["academia"], "scopes": ["Hypertension"]},
        ],
    )
    examples = [[("M1", "E1"), ("M2", "E2")], [("M1", "E2"), ("M2", "E1")]]
    policy = Policy(weights={**dict.fromkeys(Policy().weights, 0), **weights}, tiers={"order": TIERS})
    fit = fit_weights(people, examples=examples, policy=policy)
    sector, scope = fit.weights
    assert 8 * sector.weight == 3 * scope.weight > 0
    assert (sector.low, sector.high) == (sector.weight, sector.weight)


def test_weights_chosen_are_learnt_and_others_count_nothing(cohort):
    judgements = drawn(
        cohort, Policy(weights={"sector": 60, "scope": 60, "region": 0, "organisation": 0}), 20
    )
    fit = fit_weights(cohort, judgements, weights=["sector", "scope", "region"])
    assert [one.criterion for one in fit.weights] == ["sector", "scope", "region"]
    assert fit.policy.weight("organisation") == 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, r"judgements: there is nothing to learn from\."),
        (
            {"judgements": [(("M01", "E01"), ("E01", "M01"))]},
            r'judgements\[0\]: "E01" is not a mentor who takes',
        ),
        ({"examples": [[("M99", "E01")]]}, r'examples\[0\]: "M99" is not a mentor who takes part\.'),
        ({"examples": [[("M01", "E03")]]}, r"examples\[0\]: the rules do not allow M01 with E03\."),
        (
            {"examples": [[("M01", "E02")]]},
            r"examples\[0\]: by the level placed it reaches 1, and 2 is possible",
        ),
        ({"examples": [[("M01", "E01")]]}, r"examples\[0\]: M01 and E02 must be paired and are not\."),
        (
            {"judgements": [(("M01", "E01"), ("M01", "E02"))], "weights": []},
            r"weights: there is no criterion to",
        ),
    ],
)
def test_what_cannot_be_learnt_from_is_named(example, asked, message):
    with pytest.raises(UsageError, match=message):
        fit_weights(example, **asked)


@pytest.mark.parametrize(
    ("levels", "shown", "words"),
    [
        (["placed", "balance", "score"], [("M1", "E1"), ("M1", "E2")], "balance it reaches -2, and -1 is"),
        (
            ["placed", "preferences", "score"],
            [("M2", "E1"), ("M1", "E2")],
            "preferences it reaches 0, and 0.5",
        ),
    ],
)
def test_an_example_worse_by_a_level_before_the_score_is_refused_in_what_that_level_counts(
    levels, shown, words
):
    """Of balance nothing was counted, and a worse example learnt from; wishes were told in tenths."""
    sector = {"sectors": ["icb"]}
    mentors = [{"id": f"M{n}", **sector, "capacity": 2} for n in (1, 2)]
    mentees = [{"id": "E1", **sector, "prefers": ["M1"]}, {"id": "E2", **sector}]
    policy = Policy(objective={"levels": levels})
    with pytest.raises(UsageError, match=f"by the level {words}"):
        fit_weights(Cohort(mentors=mentors, mentees=mentees), examples=[shown], policy=policy)


def test_a_policy_in_which_scores_decide_nothing_cannot_be_learnt_from_examples(example):
    policy = Policy(objective={"levels": ["placed", "tiers"]})
    with pytest.raises(InputError, match=r"objective\.levels: scores decide nothing here\."):
        fit_weights(example, examples=[match(example, policy)], policy=policy)


def test_examples_under_fairness_cannot_be_learnt_from_but_judgements_can(example):
    policy = Policy(objective={"levels": ["placed", "fairness", "score"]})
    with pytest.raises(
        InputError, match=r"objective\.levels: a level before the score looks at scores too\."
    ):
        fit_weights(example, examples=[match(example, policy)], policy=policy)
    judgement = (("M01", "E02"), ("M01", "E01"))
    assert fit_weights(example, [judgement], policy=policy).policy.objective == policy.objective


def test_a_fit_shows_itself_and_has_frames(cohort):
    fit = fit_weights(cohort, drawn(cohort, Policy(), 5))
    assert fit.to_frame()["criterion"].tolist() == ["sector", "scope", "region", "organisation"]
    assert fit.to_frame("judgements", backend="polars").height == 5
    assert "Weights that agree with what was said" in fit._repr_html_()
    pair = sorted(match(cohort).pairs())[0]
    assert "contradicts itself" in fit_weights(cohort, [(pair, pair)])._repr_html_()
