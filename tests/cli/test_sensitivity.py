"""ipmatch sensitivity on small cohorts, through its front door."""

import json
from pathlib import Path

import jsonschema
import pytest

from ipmatch.schemas import published
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.insights_text import analysis_text
from ipmatch.writing.json_document import json_text


def test_it_tells_how_sure_how_far_and_whom_to_look_for(run):
    code, out, err = run("sensitivity", "pairs.json")
    assert (code, err) == (0, "")
    assert "No other pairing is as good: all 2 pairs are fixed by the data." in out
    assert "sector           65     0  no end  100 %  100 %  100 %  100 %       2" in out
    assert "One more acute-hospital mentor would place 1 more mentee and gain 65\n" in out


def test_json_is_the_published_model_and_what_python_gives(run, example):
    code, out, err = run("sensitivity", "pairs.json", "--format", "json")
    assert (code, err) == (0, "")
    jsonschema.Draft202012Validator(json.loads(published("analysis"))).validate(json.loads(out))
    assert out == json_text(Study(example).analysis())


@pytest.mark.parametrize("name", ["ambiguity", "sensitivity", "frontier", "profile"])
def test_every_answer_has_a_schema(name, example):
    study = Study(example)
    answers = {
        "ambiguity": study.ambiguity(),
        "sensitivity": study.sensitivity(),
        "frontier": study.frontier("sector", "scope"),
        "profile": study.recruit()[0],
    }
    schema = json.loads(published(name))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json_text(answers[name])))


def test_rules_and_criteria_are_taken_as_by_match(run):
    Path("own.py").write_text(
        "class Same:\n"
        "    name = 'same_letter'\n"
        "    def mentor_key(self, mentor): return mentor.id[-1]\n"
        "    def mentee_key(self, mentee): return mentee.id[-1]\n"
        "    def strength(self, a, b): return float(a == b)\n"
        "    def because(self, mentor, mentee, strength): return 'The same letter.'\n"
        "same = Same()\n"
    )
    Path("rules.toml").write_text("[weights]\nsame_letter = 5\n")
    code, out, _ = run("sensitivity", "pairs.json", "--policy", "rules.toml", "--criteria", "own.py:same")
    assert code == 0
    assert "\n  same letter " in out
    assert "count no points" in run("sensitivity", "pairs.json", "--policy", "pilot-2023-as-told")[1]


def test_nobody_to_pair_is_told_plainly(run):
    Path("nobody.json").write_text('{"mentees": []}')
    code, out, err = run("sensitivity", "nobody.json")
    assert (code, err) == (0, "")
    assert "No pair is made" in out
    assert "none is sure to help." in " ".join(out.split())


def test_a_file_that_is_not_there_is_wrong_usage(run):
    code, out, err = run("sensitivity", "nowhere.json")
    assert (code, out) == (2, "")
    assert "nowhere.json" in err


def test_the_text_keeps_to_its_width_and_names_ends_exactly(golden):
    cohort = demo_cohort(60, 60, seed=3)
    text = analysis_text(Study(cohort).analysis(), cohort=cohort, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "26.667 (80/3)" in text
    golden("sensitivity.txt", text)
