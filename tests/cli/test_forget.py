"""ipmatch forget: nothing of a person is left in what can lose them, and nothing is hidden of what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import ipmatch as ip
from ipmatch.front_door import match
from ipmatch.reading import read_cohort
from ipmatch.reading.people_file import read_people
from ipmatch.schemas import published

ROUND = {
    "x_note": "kept",
    "mentors": [
        {"id": "M1", "sectors": ["icb"], "prefers": ["E1", "E2"], "person": "P1", "years_prescribing": 3.5},
        {"id": "M2", "sectors": ["icb"], "avoids": ["E1"]},
    ],
    "mentees": [
        {"id": "E1", "name": "Zebedee", "sectors": ["icb"]},
        {"id": "E2", "sectors": ["icb"], "person": "P1"},
    ],
    "required_pairs": [{"mentor": "M1", "mentee": "E1"}],
    "forbidden_pairs": [{"mentor": "M2", "mentee": "E2"}],
}


@pytest.fixture
def files(folder, run):
    """The files of a round, as they lie beside each other."""
    Path("round.json").write_text(json.dumps(ROUND), encoding="utf-8")
    Path("people.private.csv").write_text(
        "id,side,name\nM1,mentor,Ana\nE1,mentee,Zebedee\n", encoding="utf-8"
    )
    survey = [{"id": "E1", "side": "mentee", "confidence": 2}, {"id": "M1", "side": "mentor"}]
    Path("survey.json").write_text(json.dumps({"kind": "survey", "answers": survey}), encoding="utf-8")
    assert run("match", "round.json", "-q", "-o", "made.json")[0] == 0
    return ("round.json", "people.private.csv", "survey.json", "made.json")


def test_a_person_is_taken_out_of_everything_that_can_lose_them(run, files):
    code, out, err = run("forget", "E1", *files)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "round.json: Taken out: their entry, 2 wishes of others, 1 named pair.",
        "people.private.csv: Taken out: 1 row.",
        "survey.json: Taken out: their answers.",
        "made.json: it names E1 still. A matching cannot lose a person and stay proved: match again, and "
        "delete this one.",
    ]
    for name in files[:3]:
        assert "E1" not in Path(name).read_text(encoding="utf-8")
        assert "Zebedee" not in Path(name).read_text(encoding="utf-8")
    cohort = read_cohort("round.json")
    assert [person.id for person in cohort.people] == ["M1", "M2", "E2"]
    assert str(cohort.mentors[0].years_prescribing) == "3.5"
    assert json.loads(Path("round.json").read_text(encoding="utf-8"))["x_note"] == "kept"
    assert set(read_people("people.private.csv")) == {"M1"}
    assert match(cohort).summary.placed == 0
    assert run("forget", "E1", *files)[1].count("not named.") == 3


def test_an_id_that_stands_nowhere_is_no_success(run, files):
    before = [Path(name).read_bytes() for name in files]
    code, out, err = run("forget", "E9", *files)
    assert (code, out, err) == (2, "", "E9: this id does not stand in any of these files. Check the id.\n")
    assert run("forget", "E9", "round.json", "--dry-run")[2] == (
        "E9: this id does not stand in this file. Check the id.\n"
    )
    assert [Path(name).read_bytes() for name in files] == before


def test_an_empty_id_takes_out_nobody(run, folder):
    """``ipmatch forget "$ID" …`` where ID is not set took out every row without an id."""
    people = folder / "list.csv"
    people.write_text("id,prefers\nM1,E1;\n,\n", encoding="utf-8")
    for identifier in ("", "  "):
        code, out, err = run("forget", identifier, "list.csv")
        assert (code, out, err) == (2, "", "identifier: empty id. Give the id of the person.\n")
    assert people.read_text(encoding="utf-8") == "id,prefers\nM1,E1;\n,\n"


def test_an_answer_that_names_the_person_is_not_said_to_be_without_them(run, files):
    """A comparison, a check, a policy with a quota for one person: "this id does not stand in this file"."""
    answers = {
        "compare.json": ("compare", "made.json", "made.json", "--format", "json"),
        "compare.csv": ("compare", "made.json", "made.json", "--format", "csv"),
        "explain.json": ("explain", "round.json", "--mentee", "E1", "--format", "json"),
        "check.json": ("check", "round.json", "--format", "json"),
    }
    for name, words in answers.items():
        Path(name).write_text(run(*words)[1], encoding="utf-8")
    quota = {"side": "mentee", "where": {"id": "E1"}}
    Path("rules.json").write_text(json.dumps({"kind": "policy", "quotas": [quota]}), encoding="utf-8")
    before = {name: Path(name).read_bytes() for name in (*answers, "rules.json")}
    told = {Path(one.file).name: one for one in ip.forget("E1", [*files, *before]).files}
    for name, content in before.items():
        assert (told[name].changed, told[name].names_still) == (False, True), name
        assert told[name].because.startswith("it names E1 still, at "), name
        assert Path(name).read_bytes() == content
    assert "quotas[0].where.id: take that out by hand" in told["rules.json"].because
    assert "at row 2: " in told["compare.csv"].because


def test_what_a_cohort_names_elsewhere_is_told_too(run, files):
    rules = {"quotas": [{"side": "mentee", "where": {"known_to": "E1"}}]}
    Path("round.json").write_text(json.dumps({**ROUND, "policy": rules}), encoding="utf-8")
    (one,) = ip.forget("E1", ["round.json"]).files
    assert (one.changed, one.names_still) == (True, True)
    assert one.because.endswith(
        "1 named pair. It names E1 still, at policy.quotas[0].where.known_to: take that out by hand, or make "
        "it anew without them."
    )


def test_in_python_it_is_one_call(run, files):
    told = ip.forget("E1", [Path(name) for name in files], dry_run=True)
    assert "E1" in Path("round.json").read_text(encoding="utf-8")
    assert [one.changed for one in told.files] == [True, True, True, False]
    done = ip.forget(" E1 ", files)
    assert (done.written, done.files) == (True, told.files)
    assert "E1" not in Path("round.json").read_text(encoding="utf-8")
    with pytest.raises(ip.UsageError, match="files: there is none"):
        ip.forget("E1", [])
    assert not [path for path in Path().iterdir() if path.suffix == ".lock"]


def test_a_cohort_in_columns_loses_the_row_and_the_wishes(run, folder):
    Path("cohort.csv").write_text(
        "side,id,prefers,name\nmentor,M1,E1; E2,E1\nmentee,E1,M1,Zebedee\nmentee,E2,,\n", encoding="utf-8"
    )
    assert run("forget", "E1", "cohort.csv")[1] == "cohort.csv: Taken out: 1 row, 1 wish of another.\n"
    (mentor,), (mentee,) = (cohort := read_cohort("cohort.csv")).mentors, cohort.mentees
    assert (mentor.prefers, mentor.name, mentee.id) == (("E2",), "E1", "E2")


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (
            "c.parquet",
            "c.parquet: files ending in .parquet are not changed here. Make it anew without the person",
        ),
        ("-", "standard input: it cannot be written back. Name a file."),
        ("a\0b", "this is not the name of a file."),
    ],
)
def test_a_file_that_cannot_lose_anybody_is_refused(run, files, file, fault):
    before = Path("round.json").read_bytes()
    code, out, err = run("forget", "E1", "round.json", file)
    assert (code, out) == (2, "")
    assert fault in err
    assert Path("round.json").read_bytes() == before


def test_a_form_s_own_export_is_never_said_not_to_name_somebody(run, files):
    """Its column "ID" numbers answers: an id was looked for there, and "not named." was said of the file."""
    Path("export.csv").write_text(
        "ID,Start time,Completion time,Name\n1,1/2/2023 9:00,1/2/2023 9:05,Zebedee\n", encoding="utf-8"
    )
    before = Path("round.json").read_bytes()
    code, out, err = run("forget", "E1", "round.json", "export.csv")
    assert (code, out) == (3, "")
    assert err == (
        "export.csv: these are the answers as a form gave them: by name, and numbered as they came in. "
        "Delete it once it is imported, or the row of the person.\n"
    )
    assert Path("round.json").read_bytes() == before


def test_rows_of_a_matching_and_letters_are_told_to_name_the_person_still(run, files):
    """Of letters, the person's own was taken out, and those to others named them still."""
    run("match", "round.json", "-q", "-o", "made.csv")
    run("report", "round.json", "made.json", "-q", "--letters", "-o", "letters.csv")
    before = [Path(name).read_bytes() for name in ("made.csv", "letters.csv")]
    code, out, err = run("forget", "E1", "made.csv", "letters.csv")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "made.csv: it names E1 still. These are the rows of a matching: match again, and write them anew.",
        "letters.csv: it names E1 still. Letters to others name them, too: delete it once they are sent.",
    ]
    assert [Path(name).read_bytes() for name in ("made.csv", "letters.csv")] == before
    assert run("forget", "E9", "made.csv", "letters.csv")[0] == 2


def test_all_files_that_cannot_lose_anybody_are_told_at_once(run, files):
    code, out, err = run("forget", "E1", "round.json", "report.html", "none.json", "mentors.xlsx")
    assert (code, out) == (2, "")
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        "report.html",
        "none.json",
        "mentors.xlsx",
    ]


def test_the_same_person_under_another_id_is_named(run, files):
    out = run("forget", "E2", "round.json")[1]
    assert out.endswith("The same person is M1: forget that too.\n")


def test_a_dry_run_writes_nothing(run, files):
    before = [Path(name).read_bytes() for name in files]
    code, out, _ = run("forget", "E1", *files, "--dry-run")
    assert code == 0
    assert out.endswith("Nothing was written.\n")
    assert [Path(name).read_bytes() for name in files] == before
    told = json.loads(run("forget", "E1", *files, "--dry-run", "--format", "json")[1])
    jsonschema.validate(told, json.loads(published("forgotten")))
    assert [(one["changed"], one["names_still"]) for one in told["files"]] == [(True, False)] * 3 + [
        (False, True)
    ]


def test_nothing_is_written_where_one_file_cannot_be_read(run, files):
    Path("broken.json").write_text("{", encoding="utf-8")
    Path("list.csv").write_text("name\nZebedee\n", encoding="utf-8")
    before = Path("round.json").read_bytes()
    code, out, err = run("forget", "E1", "round.json", "broken.json", "list.csv")
    assert (code, out) == (3, "")
    assert [line.partition(",")[0].partition(":")[0] for line in err.splitlines()] == [
        "broken.json",
        "list.csv",
    ]
    assert "Zebedee" not in err
    assert Path("round.json").read_bytes() == before
    assert run("forget", "E1", "none.json")[0] == 2
