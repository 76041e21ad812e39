"""What a function says when it is given something else than it takes: every function, every argument."""

import inspect
from decimal import Decimal
from pathlib import Path

import pytest

import ipmatch as ip
from ipmatch import plots

# Things to give in the wrong place; a cohort and a matching among them, for arguments in the wrong order.
WRONG = (
    None,
    "pairs.json",
    "",
    b"x",
    -1,
    0.5,
    float("nan"),
    True,
    [None],
    ["x"],
    {"a": 1},
    (1, 2, 3),
    object(),
    Path("nowhere.json"),
    ip.Cohort(),
)
WITHDRAWN = [ip.Decision(kind="withdraw", id="E03")]
CONFIRMED = [
    ip.Decision(kind="confirm", mentor="M01", mentee="E01", by="Lead", when="2026-01-01", reason="agreed")
]


@pytest.fixture(scope="module")
def calls(example, example_matching, tmp_path_factory):
    """Every public function, and every method of a study, with arguments that it takes."""
    study, folder = ip.Study(example), tmp_path_factory.mktemp("written")
    tuner = ip.Tuner(example)
    tagged = ip.Cohort(mentors=[{"id": "M01", "tags": ["a"]}], mentees=[{"id": "E01", "tags": ["b"]}])
    cohort, matching = {"cohort": example}, {"matching": example_matching}
    asked = {"criteria": None, "decisions": WITHDRAWN}
    again = {"previous": example_matching, "policy": None, **asked, "progress": None}
    limits = {"require_all": False, "time_limit": None, "progress": None}
    person = {"mentee": None, "mentor": "M01"}
    pair = {"pair": ("M01", "E01"), "mentee": None, "mentor": None}
    named = {"mentor": "M01", "mentee": "E03"}
    monitoring = ip.Monitoring(("group",), {"M01": {"group": "one"}})
    swept = ip.sweep(example, weights={"scope": [20, 30]})
    return {
        ip.allow_only: {"cohort": tagged, "table": {"a": ["b"]}},
        ip.check: {**cohort, "policy": None, **asked},
        ip.compare: {"first": example_matching, "second": example_matching},
        ip.decide: {"journal": ip.Decisions(), "decisions": CONFIRMED, **cohort, **matching},
        ip.demo_cohort: {"mentors": 2, "mentees": 2, "seed": 0},
        ip.enrolment_workbook: {"cohort": None, "people": None},
        ip.equality: {**cohort, **matching, "monitoring": monitoring, "threshold": 5},
        ip.explain: {**cohort, "policy": None, **pair, **asked},
        ip.fit_weights: {
            **cohort,
            "judgements": [(("M01", "E02"), ("M01", "E01"))],
            "examples": (),
            "policy": None,
            "weights": None,
            **asked,
        },
        ip.follow_up: {**cohort, **matching, "survey": ip.Survey(answers=())},
        ip.forget: {"identifier": "M01", "files": [folder / "none.json"], "dry_run": True},
        ip.history: {"journal": ip.Decisions(), **matching},
        ip.in_periods: {**matching, "periods": 2},
        ip.match: {**cohort, "policy": None, **asked, **limits, "executor": None},
        ip.read_cohort: {"source": folder / "cohort.json"},
        ip.read_decisions: {"source": folder / "decisions.json"},
        ip.read_enrolment: {"columns": None, "people": None, "scopes": None, "organisations": None},
        ip.read_frames: {"mentors": None, "mentees": None},
        ip.read_matching: {"source": folder / "matching.json"},
        ip.read_monitoring: {"source": folder / "monitoring.csv"},
        ip.read_people: {"source": folder / "people.csv"},
        ip.read_policy: {"source": folder / "policy.toml"},
        ip.read_survey: {"source": folder / "survey.csv", "people": None},
        ip.rematch: {**cohort, **again, **limits, "keep": None, "max_changes": None},
        ip.rematch_frontier: {**cohort, **again},
        ip.review_scopes: {**cohort, "decisions": None},
        ip.sweep: {
            **cohort,
            "policies": None,
            "weights": {"scope": [20]},
            "base": None,
            **asked,
            "executor": None,
            "progress": None,
        },
        ip.verify: {**cohort, **matching, "criteria": None, "executor": None, "progress": None},
        ip.with_hours: {**cohort, "offered": {"M01": 3}, "needed": {"E01": 1}},
        ip.write: {**matching, "destination": folder / "m.json", **cohort, "format": None, "force": True},
        ip.write_cohort: {**cohort, "destination": folder / "c.json", "force": True},
        ip.write_policy: {"policy": ip.Policy(), "destination": folder / "p.toml", "force": True},
        ip.write_report: {
            **matching,
            "destination": folder / "r.md",
            **cohort,
            "kind": "publish",
            "people": None,
            "threshold": None,
            "criteria": (),
            "force": True,
        },
        ip.Study: {**cohort, "policy": None, **asked, "progress": None},
        ip.Study.of: {**cohort, **matching, "criteria": None, "progress": None},
        ip.Tuner: {**cohort, "policy": None, **asked},
        example.with_decisions: {"decisions": WITHDRAWN},
        tuner.keep: {"mentor": "M01", "mentee": "E03"},
        tuner.forbid: {"mentor": "M01", "mentee": "E03"},
        tuner.save: {"destination": folder / "policy.toml", "force": True},
        study.explain: pair,
        study.why_not: named,
        study.forbid: named,
        study.release: named,
        study.one_place_more: {"mentor": "M01"},
        study.one_place_fewer: {"mentor": "M01"},
        study.alternatives: {**person, "most": 3},
        study.without: {"identifier": "M01"},
        study.what_if: {"decisions": WITHDRAWN},
        study.letter: person,
        study.briefing: pair,
        study.ambiguity: {"drawings": 1},
        study.frontier: {"one": "sector", "other": "scope"},
        study.recruit: {"most": 1},
        study.to_frame: {"what": "scores", "backend": "pandas"},
        plots.changed: {"sweep": swept, "ax": None},
        plots.described: {"ax": plots.tiers(example_matching)},
        plots.frontier: {"front": study.frontier("sector", "scope"), "ax": None},
        plots.loads: {**matching, "ax": None},
        plots.resilience: {"study": study, "most": 3, "ax": None},
        plots.scores: {"study": study, "ax": None},
        plots.supply: {**cohort, "policy": None, "kind": "region", "ax": None},
        plots.tiers: {**matching, "ax": None},
        plots.tradeoff: {"sweep": swept, "x": "score", "y": "left", "ax": None},
    }


def test_no_public_function_is_left_out(calls):
    public = {getattr(ip, name) for name in ip.__all__ if inspect.isfunction(getattr(ip, name))}
    assert public | {getattr(plots, name) for name in plots.__all__} <= set(calls)


def error_of(function, given):
    """What a call raises, if it does."""
    try:
        function(**given)
    except Exception as error:  # noqa: BLE001 (whatever comes is looked at)
        return error
    return None


def test_what_is_given_in_the_wrong_place_is_refused_in_plain_words_or_taken_as_meant(
    calls, tmp_path, monkeypatch
):
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    found = [
        (f"{function.__qualname__}({name}={wrong!r})", error_of(function, {**given, name: wrong}))
        for function, given in calls.items()
        for name in given
        for wrong in WRONG
    ]
    pyplot.close("all")
    refused = [(call, error) for call, error in found if error is not None]
    plain = ip.UsageError | ip.InputError | ip.InfeasibleError | ip.TimeLimitError
    assert [(call, error) for call, error in refused if not isinstance(error, plain)] == []
    assert [(call, error) for call, error in refused if "object at 0x" in str(error)] == []
    assert len(refused) > 1000


def test_the_message_names_the_argument_what_it_is_and_where_to_get_the_right_thing(example):
    with pytest.raises(ip.UsageError) as caught:
        ip.match("pairs.json")
    mend = "Read one with ipmatch.read_cohort(FILE), or build an ipmatch.Cohort."
    assert str(caught.value) == f"cohort: this is str, not a Cohort. {mend}"


def test_arguments_in_the_wrong_order_are_both_named(example, example_matching):
    with pytest.raises(ip.UsageError) as caught:
        ip.verify(example_matching, example)
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("cohort", "this is Matching, not a Cohort."),
        ("matching", "this is Cohort, not a Matching."),
    ]


def test_a_list_names_the_place_of_what_does_not_belong_there(example):
    with pytest.raises(ip.UsageError, match=r"^decisions\[1\]: this is str, not a Decision\."):
        ip.match(example, decisions=[*WITHDRAWN, "M01"])


def test_a_time_limit_can_be_a_decimal(example, example_matching):
    """It was added to a float, which ended in a TypeError."""
    assert ip.match(example, time_limit=Decimal(600)) == example_matching
    with pytest.raises(ip.UsageError, match=r"^time_limit: NaN is not a number of seconds above 0\."):
        ip.match(example, time_limit=Decimal("nan"))


def test_alternatives_of_nobody_are_refused_as_documented(example):
    """They were none."""
    with pytest.raises(ip.UsageError, match=r"^alternatives: give a mentee, a mentor, or one of each"):
        ip.Study(example).alternatives()


def test_the_price_of_a_pair_says_which_of_the_two_does_not_take_part(example):
    """It was "tuple.index(x): x not in tuple"."""
    with pytest.raises(ip.UsageError) as caught:
        ip.Study(example).prices().of("E01", "E99")
    assert [str(fault) for fault in caught.value.faults] == [
        'mentor: no mentor who takes part has the id "E01". Check the id.',
        'mentee: no mentee who takes part has the id "E99". Check the id.',
    ]


def test_a_preset_by_name_is_the_preset(example):
    by_name, swept = ip.match(example, "pilot-2023"), ip.sweep(example, ["sector-first", "pilot-2023"])
    assert by_name == ip.match(example, ip.Policy(preset="pilot-2023"))
    assert [row.policy.preset for row in swept.rows] == ["sector-first", "pilot-2023"]


def test_a_misspelt_preset_is_asked_about(example):
    with pytest.raises(
        ip.UsageError, match=r'^policy: there is no preset of this name\. Did you mean "pilot-'
    ):
        ip.match(example, "pilot-2032")


def test_a_truth_value_must_be_one_where_something_is_overwritten(example_matching, tmp_path):
    path = tmp_path / "matching.json"
    path.write_text("precious")
    with pytest.raises(ip.UsageError, match="force: this is str, not True or False"):
        ip.write(example_matching, path, force="no")
    assert path.read_text() == "precious"


def test_hours_of_nobody_are_refused(example):
    with pytest.raises(ip.UsageError, match=r"offered\['M09'\]: nobody of this side has this id"):
        ip.with_hours(example, {"M09": 3}, {"E01": 1})
    with pytest.raises(ip.UsageError, match=r"needed\['E01'\]: nan is not a number of hours"):
        ip.with_hours(example, {"M01": 3}, {"E01": float("nan")})
    with pytest.raises(ip.UsageError, match=r"offered\['M01'\]: two is not a number of hours"):
        ip.with_hours(example, {"M01": "two"}, {"E01": 1})


def test_a_grid_of_no_weights_is_nothing_to_try(example):
    with pytest.raises(ip.UsageError, match="there is no policy to try"):
        ip.sweep(example, weights={})


def test_an_empty_cohort_is_answered_by_every_question():
    empty = ip.Cohort()
    matching, study = ip.match(empty), ip.Study(empty)
    assert matching.pairings == ()
    assert ip.verify(empty, matching).ok
    assert ip.rematch(empty, matching).pairings == ()
    assert study.resilience() == study.recruit() == study.prices().mentors == ()
    assert ip.check(empty).supply == ()
    assert ip.sweep(empty, ["pilot-2023"]).rows[0].placed == 0
    assert ip.compare(matching, matching).mentees == ()
    assert len(study.to_frame("scores")) == 0
    for plot in (plots.scores, plots.resilience):
        assert plot(study).alt
    for plot in (plots.tiers, plots.loads):
        assert plot(matching).alt
