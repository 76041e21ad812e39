"""ipmatch followup and ipmatch equality, through their front door."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from ipmatch.schemas import published

EXAMPLE = Path(__file__).parents[2] / "examples" / "pilot"
PILOT = tuple(str(EXAMPLE / "made" / name) for name in ("cohort.json", "matching.json"))
SURVEY = str(EXAMPLE / "survey.csv")


@pytest.fixture
def monitoring(folder):
    """Groups of the pilot's people, made up."""
    ids = [f"M{i:02}" for i in range(1, 13)] + [f"E{i:02}" for i in range(1, 11)]
    rows = [f"{identifier},{'=30-39' if place % 2 else '40-49'}" for place, identifier in enumerate(ids)]
    Path("monitoring.csv").write_text("\n".join(["id,age band", *rows]), encoding="utf-8")
    return "monitoring.csv"


def answer(run, schema, *words):
    code, out, err = run(*words, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    jsonschema.Draft202012Validator(json.loads(published(schema))).validate(found)
    return found


def test_the_pilot_s_results_in_every_form(run, golden):
    code, out, err = run("followup", *PILOT, SURVEY)
    assert (code, err) == (0, "")
    golden("followup.txt", out)
    found = answer(run, "followup", "followup", *PILOT, SURVEY)
    rows = list(csv.DictReader(io.StringIO(run("followup", *PILOT, SURVEY, "--format", "csv")[1])))
    shares = [share for table in found["outcomes"] for share in table["shares"]]
    assert [row["answer"] for row in rows][: len(shares)] == [share["answer"] for share in shares]


def test_a_survey_document_gives_the_same_results(run):
    from ipmatch.reading.survey_file import read_survey
    from ipmatch.writing.json_document import json_text

    Path("survey.json").write_text(json_text(read_survey(SURVEY)), encoding="utf-8")
    jsonschema.validate(json.loads(Path("survey.json").read_text()), json.loads(published("survey")))
    assert run("followup", *PILOT, "survey.json") == run("followup", *PILOT, SURVEY)


def test_of_so_few_people_next_to_nothing_is_told_by_group(run, monitoring):
    code, out, err = run("equality", *PILOT, monitoring)
    assert (code, err) == (0, "")
    assert "[c]" in out
    found = answer(run, "equality", "equality", *PILOT, monitoring)
    small = [
        count
        for table in found["tables"]
        for row in table["rows"]
        for count in row["counts"]
        if count is not None
    ]
    assert all(count >= 5 for count in small)
    everything = answer(run, "equality", "equality", *PILOT, monitoring, "--threshold", "0")
    assert everything["tables"][0]["rows"][-1]["counts"][-1] == 12


def test_no_cell_of_the_spreadsheet_is_a_formula(run, monitoring):
    code, out, _ = run("equality", *PILOT, monitoring, "--format", "csv")
    assert code == 0
    groups = {row["group"] for row in csv.DictReader(io.StringIO(out))}
    assert groups == {"'=30-39", "40-49", "everyone"}


def test_nor_is_one_that_begins_in_full_width(run, monitoring):
    """Excel takes it for a formula, too; only the plain signs were made harmless."""
    Path(monitoring).write_text("id,age band\nM01,＝30-39\n", encoding="utf-8")
    _, out, _ = run("equality", *PILOT, monitoring, "--format", "csv", "--threshold", "0")
    assert {row["group"] for row in csv.DictReader(io.StringIO(out))} == {
        "'＝30-39",
        "everyone",
        "not stated",
    }


@pytest.mark.parametrize("words", [("followup", *PILOT, "none.csv"), ("equality", *PILOT, "matching.json")])
def test_what_cannot_be_read_is_wrong_usage(run, words):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_what_a_file_says_of_others_is_told_with_its_own_faults_by_row(run):
    """Who is not in the cohort was told only once the file itself was in order, and then without a row."""
    Path("groups.csv").write_text("id,sex\nM01,F\n,F\nM99,M\n", encoding="utf-8")
    assert run("equality", *PILOT, "groups.csv")[2].splitlines() == [
        "groups.csv, row 3: no id. Give every person one row.",
        'groups.csv, row 4: nobody in the cohort has the id "M99". Check the id.',
    ]
    rows = ["id,side,recommend", "E99,mentee,yes", "M01,mentee,yes", "M01,mentor,yes", "E01,mentee,perhaps"]
    Path("answers.csv").write_text("\n".join(rows), encoding="utf-8")
    expected = [
        'answers.csv, row 5, column C "recommend": this is none of the answers. They begin with: yes, no.',
        'answers.csv, row 2: nobody in the cohort has the id "E99". Check the id.',
        "answers.csv, row 3: M01 is a mentor in the cohort, not a mentee. Check the id, or the side.",
        "answers.csv, row 4: M01 answered before. Keep the answers that count.",
    ]
    assert run("followup", *PILOT, "answers.csv")[2].splitlines() == expected
    Path("people.csv").write_text("id,name\nM01,Ana\n", encoding="utf-8")
    code, out, err = run("followup", PILOT[0], "none.json", "answers.csv", "--people", "people.csv")
    assert (code, out) == (2, "")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["none.json", "people.csv"]


def test_a_survey_document_tells_who_is_not_of_the_round_by_its_own_place(run):
    answers = [{"id": "E99", "side": "mentee"}]
    Path("survey.json").write_text(json.dumps({"kind": "survey", "answers": answers}), encoding="utf-8")
    code, _, err = run("followup", *PILOT, "survey.json")
    assert (code, err) == (
        3,
        'survey.json, answers[0]: nobody in the cohort has the id "E99". Check the id.\n',
    )
