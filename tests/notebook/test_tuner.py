import json
import sys
from collections import Counter
from random import Random

import pytest

from ipmatch.cli import main
from ipmatch.errors import InputError, MissingExtraError, UsageError
from ipmatch.front_door import match
from ipmatch.notebook.tuner import Tuner
from ipmatch.notebook.tuner.rules import RULES
from ipmatch.notebook.tuner.view import view_of
from ipmatch.policy import PRESETS, Policy
from ipmatch.reading.documents import read_policy
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_text


@pytest.fixture(scope="module")
def cohort():
    return demo_cohort(14, 17, seed=4)


@pytest.fixture
def tuner(cohort):
    return Tuner(cohort)


def rows_of(tuner):
    return {(row["mentor"], row["mentee"]) for row in view_of(tuner)["rows"] if row["mentor"]}


def test_every_move_gives_the_pairs_that_match_gives(cohort):
    for seed in range(6):
        tuner, draw = Tuner(cohort), Random(seed)
        for _ in range(8):
            pair = draw.choice(sorted(tuner.pairs()))
            rule = draw.choice(RULES)
            value = draw.choice([*rule.choices, "2"][: len(rule.choices) or 1])
            message = draw.choice(
                [
                    {
                        "kind": "weight",
                        "name": draw.choice(["sector", "region", "tags"]),
                        "value": str(draw.randint(0, 90)),
                    },
                    {"kind": "rule", "name": rule.name, "value": value},
                    {
                        "kind": draw.choice(["keep", "forbid", "release"]),
                        "mentor": pair[0],
                        "mentee": pair[1],
                    },
                    {"kind": draw.choice(["undo", "redo", "reset"])},
                ]
            )
            wrong = tuner.answer({**message, "final": draw.random() < 0.7})
            again = match(cohort, tuner.policy, decisions=tuner.decisions)
            assert tuner.pairs() == again.pairs() == rows_of(tuner), (seed, message, wrong)
            assert tuner.matching == again


def test_what_changed_is_told_beside_the_base(tuner, cohort):
    assert view_of(tuner)["summary"].startswith("The pairs are those of the base: ")
    tuner.weigh("region", 80)
    after = match(cohort, Policy(weights={"region": 80}))
    changed = match(cohort).pairs() - after.pairs()
    view = view_of(tuner)
    assert changed
    assert view["summary"].startswith(f"{len(changed)} of {len(tuner.base)} pairs of the base changed")
    before = {mentee: mentor for mentor, mentee in tuner.base}
    for row in view["rows"]:
        if (row["mentor"], row["mentee"]) in tuner.base:
            assert row["change"] == ""
        elif row["mentee"] in before:
            assert before[row["mentee"]] in row["change"]
        else:
            assert row["change"] == "had nobody"
    marks = [row["change"] == "" for row in view["rows"]]
    assert marks == sorted(marks)


def test_somebody_who_loses_a_mentor_is_told_of(tuner):
    tuner.rule("tiers.order", "scope-and-sector, sector")
    placed = {mentee for _, mentee in tuner.pairs()}
    lost = {mentee for _, mentee in tuner.base} - placed
    told = {row["mentee"] for row in view_of(tuner)["rows"] if row["change"].endswith("now has nobody")}
    assert told == lost != set()


def test_one_mentor_of_two_who_leaves_or_comes_is_told_of():
    """A mentee who lost one of two mentors was told as "same"; one who got another, as "was with" both."""
    told = Counter()
    for seed in range(12):
        people = demo_cohort(12, 8, seed=seed)
        wanting = tuple(mentee.model_copy(update={"mentors_wanted": 2}) for mentee in people.mentees)
        tuner = Tuner(people.model_copy(update={"mentees": wanting}))
        tuner.weigh("sector", 3)
        tuner.weigh("region", 90)
        for mentee in {mentee for _, mentee in tuner.base | tuner.pairs()}:
            had, has = (
                {one for one, other in some if other == mentee} for some in (tuner.base, tuner.pairs())
            )
            rows = [row for row in view_of(tuner)["rows"] if row["mentee"] == mentee]
            words = " ".join(row["change"] for row in rows).strip()
            assert {row["mentor"] for row in rows} - {""} == has
            assert (words == "") == (had == has), (seed, mentee)
            assert all((mentor in words) == (mentor not in has) for mentor in had), (seed, mentee)
            told.update(row["change"].partition(" M")[0] for row in rows)
    assert {"was with", "no longer with", "one mentor more"} <= set(told), told


def test_rows_that_are_not_shown_are_told_as_what_they_are(monkeypatch, tuner):
    """Of more rows that changed than the page shows, the rest were said to stay."""
    tuner.weigh("region", 80)
    rows = view_of(tuner)["rows"]
    changed = sum(row["change"] != "" for row in rows)
    assert view_of(tuner)["rest"] == ""
    for most in (changed - 1, changed, len(rows) - 1):
        monkeypatch.setattr("ipmatch.notebook.tuner.view.MOST_ROWS", most)
        left = len(rows) - most
        how = "1 of which changed" if most < changed else "unchanged"
        assert view_of(tuner)["rest"] == f"and {left} {'row' if left == 1 else 'rows'} more, {how}"


def test_steps_are_undone_and_redone_one_by_one(tuner):
    states = [tuner.pairs()]
    for weight in (0, 40, 80):
        tuner.weigh("region", weight)
        states.append(tuner.pairs())
    for pairs in reversed(states[:-1]):
        assert tuner.undo()
        assert tuner.pairs() == pairs
    assert not tuner.undo()
    for pairs in states[1:]:
        assert tuner.redo()
        assert tuner.pairs() == pairs
    assert not tuner.redo()
    tuner.reset()
    assert tuner.pairs() == tuner.base
    assert tuner.undo()
    assert tuner.policy.weight("region") == 80


def test_a_slide_is_one_step(tuner):
    for weight in range(11, 30):
        tuner.weigh("region", weight, final=False)
    tuner.weigh("region", 30)
    assert tuner.steps == (1, 0)
    tuner.weigh("region", 31, final=False)
    assert tuner.steps == (2, 0)
    tuner.undo()
    assert tuner.policy.weight("region") == 30


def test_a_pair_kept_stays_and_a_pair_forbidden_goes(tuner):
    kept, forbidden = sorted(tuner.pairs())[:2]
    tuner.keep(*kept)
    tuner.forbid(*forbidden)
    for region in (0, 90):
        tuner.weigh("region", region)
        assert kept in tuner.pairs()
        assert forbidden not in tuner.pairs()
    assert view_of(tuner)["apart"] == [{"mentor": forbidden[0], "mentee": forbidden[1]}]
    assert [row["mentee"] for row in view_of(tuner)["rows"] if row["kept"]] == [kept[1]]
    tuner.release(*forbidden)
    tuner.weigh("region", 10)
    assert forbidden in tuner.pairs()


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ({"kind": "weight", "name": "region", "value": "-1", "final": True}, "-1 is negative."),
        ({"kind": "weight", "name": "region", "value": "many", "final": True}, "this is not a number."),
        ({"kind": "weight", "name": "regin", "value": "1", "final": True}, 'Did you mean "region"?'),
        ({"kind": "rule", "name": "rule.none", "value": "1", "final": True}, 'there is no rule "rule.none".'),
        (
            {"kind": "rule", "name": "objective.levels", "value": "placd", "final": True},
            'Did you mean "placed"?',
        ),
        ({"kind": "keep", "mentor": "M9999", "mentee": "E0001"}, 'nobody here has the id "M9999".'),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(tuner, message, wrong):
    assert wrong in tuner.answer(message)
    assert tuner.steps == (0, 0)
    assert tuner.pairs() == tuner.base


def test_rules_that_clash_are_said_and_change_nothing(tuner, cohort):
    single = {one.id for one in cohort.mentors if one.capacity == 1}
    mentor, mentee = min(pair for pair in tuner.pairs() if pair[0] in single)
    other = min(other for _, other in tuner.pairs() if other != mentee)
    tuner.keep(mentor, mentee)
    before = tuner.pairs()
    assert "cannot all hold" in tuner.answer({"kind": "keep", "mentor": mentor, "mentee": other})
    assert (tuner.pairs(), tuner.steps) == (before, (1, 0))


def test_every_preset_s_rules_are_shown_as_they_are(cohort):
    # The method "stable" is for people who ask for one mentor, and leaders without a minimum.
    wishes = tuple(mentee.model_copy(update={"mentors_wanted": 1}) for mentee in cohort.mentees)
    leaders = tuple(mentor.model_copy(update={"min_mentees": 0}) for mentor in cohort.mentors)
    cohort = cohort.model_copy(update={"mentees": wishes, "mentors": leaders})
    for preset in PRESETS:
        policy = Policy(preset=preset)
        for shown, rule in zip(view_of(Tuner(cohort, policy))["rules"], RULES, strict=True):
            assert shown["value"] == rule.value(policy)
            assert not shown["options"] or shown["value"] in {option["value"] for option in shown["options"]}
            assert rule.changed(policy, shown["value"]) == policy


def test_policy_and_decisions_are_saved_both_or_neither(tuner, tmp_path):
    (tmp_path / "decisions.json").write_text("precious")
    tuner.keep(*sorted(tuner.pairs())[0])
    with pytest.raises(UsageError, match=r"decisions\.json: it exists already"):
        tuner.save(tmp_path / "policy.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["decisions.json"]
    assert (tmp_path / "decisions.json").read_text() == "precious"


def test_the_saved_policy_gives_the_same_matching_on_the_command_line(tuner, cohort, tmp_path, capsys):
    tuner.weigh("region", "42.5")
    tuner.keep(*sorted(tuner.pairs())[0])
    tuner.forbid(*sorted(tuner.pairs())[1])
    policy, decisions = tuner.save(tmp_path / "policy.toml")
    people = tmp_path / "cohort.json"
    people.write_text(json_text(cohort.model_dump(mode="json")), encoding="utf-8")
    assert (
        main(
            ["match", str(people), "--policy", str(policy), "--decisions", str(decisions), "--format", "json"]
        )
        == 0
    )
    pairings = json.loads(capsys.readouterr().out)["pairings"]
    assert {(one["mentor"], one["mentee"]) for one in pairings} == tuner.pairs()


def test_saving_again_replaces_only_what_this_tuner_wrote(tuner, tmp_path):
    path = tmp_path / "policy.toml"
    tuner.save(path)
    tuner.weigh("region", 77)
    tuner.save(path)
    assert read_policy(path).weight("region") == 77
    with pytest.raises(UsageError, match="it exists already"):
        Tuner(tuner.cohort).save(path)


def test_the_page_asks_and_python_answers(tuner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    widget = tuner.widget
    turn = widget.view["turn"]
    widget._handle_custom_msg({"kind": "weight", "name": "region", "value": "80", "final": True}, [])
    assert widget.view["turn"] == turn + 1
    assert tuner.policy.weight("region") == 80
    widget._handle_custom_msg({"kind": "save", "path": "policy.toml"}, [])
    assert widget.view["saved"] == "Saved policy.toml: ipmatch match COHORT --policy policy.toml"
    widget._handle_custom_msg({"kind": "save", "path": "policy.json"}, [])
    assert "a policy is a .toml file" in widget.view["wrong"]
    assert "text/plain" in tuner._repr_mimebundle_()[0]
    assert json.dumps(widget.view)


def test_no_name_is_on_the_page(tight):
    people = tight.model_copy(
        update={"mentors": tuple(one.model_copy(update={"name": "Secretname"}) for one in tight.mentors)}
    )
    assert "Secretname" not in json.dumps(view_of(Tuner(people)))


def test_a_base_that_cannot_be_is_an_error(cohort):
    with pytest.raises(InputError, match="there is no such criterion"):
        Tuner(cohort, Policy(weights={"nothing": 1}))


def test_without_anywidget_the_extra_is_named(tuner, monkeypatch):
    from ipmatch.notebook.tuner import widget

    widget._widget_class.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(
        MissingExtraError, match=r'The tuner needs the notebook extra: pip install "ipmatch\[n'
    ):
        _ = tuner.widget
