"""ipmatch import, scopes and template: from two spreadsheets to a matching, as a programme lead goes."""

import json
import re
import shlex
import shutil
import stat
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import ipmatch as ip
from ipmatch.cli.common import quoted
from ipmatch.writing import alone

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCES = ("mentors.xlsx", "mentees.csv")


@pytest.fixture
def survey(folder):
    """The current folder, holding the exports of the example."""
    for file in (EXAMPLES / "survey").iterdir():
        shutil.copy(file, folder)
    return folder


def test_from_two_spreadsheets_to_a_matching(run, survey):
    code, out, err = run(
        "import", *SOURCES, "--columns", "columns.toml", "-o", "cohort.json", "--people", "p.csv"
    )
    assert (code, err) == (0, "Written: p.csv, cohort.json\n")
    assert out.startswith("Read 24 mentors and 17 mentees from 2 sheets; 17 answers to ask about.")
    assert max(map(len, out.splitlines())) <= 80
    assert stat.S_IMODE(Path("p.csv").stat().st_mode) == 0o600

    code, out, err = run("scopes", "cohort.json", "-o", "review.csv")
    assert (code, err) == (0, "Written: review.csv\n")
    assert '"MS": Does MS mean multiple sclerosis, musculoskeletal or mitral' in out
    text = Path("review.csv").read_text(encoding="utf-8-sig").replace('stenosis?",,', 'stenosis?",,Gout')
    Path("review.csv").write_text(text, encoding="utf-8")

    again = ("import", *SOURCES, "--columns", "columns.toml", "-o", "again.json", "--people", "p.csv")
    code, out, err = run(*again, "--scopes", "review.csv")
    assert code == 0
    assert "41 people known before kept the id." in out
    first, second = (
        json.loads(Path(name).read_text(encoding="utf-8")) for name in ("cohort.json", "again.json")
    )
    changed = [
        (a["id"], b["scopes"]) for a, b in zip(first["mentors"], second["mentors"], strict=True) if a != b
    ]
    assert [scopes for _, scopes in changed] == [["Gout"]]
    assert first["mentees"] == second["mentees"]

    code, out, err = run("match", "again.json")
    assert code == 0
    assert "mentees taking part are paired" in out


def test_nobody_s_name_or_address_is_printed_or_in_the_cohort(run, survey):
    code, out, err = run(
        "import", *SOURCES, "-o", "cohort.json", "--people", "people.private.csv", "--format", "json"
    )
    told = out + err + Path("cohort.json").read_text(encoding="utf-8")
    assert code == 0
    assert "Made-up" not in told
    assert "example.org" not in told
    assert json.loads(out)["people"] == {"mentors": 24, "mentees": 17}


def test_without_an_output_only_the_report_is_shown(run, survey):
    before = sorted(Path().iterdir())
    code, out, _ = run("import", "mentors.xlsx")
    assert code == 0
    assert "Y       (not read)         Please describe your role" in out
    assert sorted(Path().iterdir()) == before


def test_what_to_do_next_reads_the_answers_by_the_same_files(run, survey):
    """The command shown read them without the column map, and made another cohort."""
    table = ("--organisations", "organisations.csv", "--of-parents")
    looked = run("import", *SOURCES, "--columns", "columns.toml", *table)[1]
    (hint,) = re.findall(r"^  (ipmatch import .+?)\Z", looked, re.MULTILINE | re.DOTALL)
    assert shlex.split(hint) == [
        *("ipmatch", "import", *SOURCES, "--columns", "columns.toml", *table),
        *("-o", "cohort.json", "--people", "people.private.csv"),
    ]
    saved = run("import", *SOURCES, "--save-columns", "map.toml", "--people", "who.csv")[1]
    assert "--columns map.toml -o cohort.json --people who.csv" in " ".join(saved.split())


def test_the_cohort_may_go_to_standard_output(run, survey):
    code, out, err = run("import", *SOURCES, "-o", "-")
    assert code == 0
    assert json.loads(out)["kind"] == "cohort"
    assert err.startswith("Read 24 mentors and 17 mentees")


def test_strict_lists_what_is_not_certain_and_writes_nothing(run, survey):
    code, out, err = run("import", *SOURCES, "-o", "cohort.json", "--strict")
    assert (code, out) == (3, "")
    assert 'mentees.csv, row 2, column J "15. What year did you complete the IP qualification": "22"' in err
    assert not Path("cohort.json").exists()


def test_twenty_remarks_of_a_kind_are_shown_and_the_rest_counted(run, folder):
    rows = "".join(f"N{n},Academia,2 or {n}\n" for n in range(3, 58))
    Path("mentors.csv").write_text(f"name,sectors,capacity\n{rows}")
    _, out, _ = run("import", "mentors.csv")
    assert " ".join(out.split()).count("is not one whole number.") == 20
    assert "    and 35 more like row 2\n" in out


def test_what_is_said_of_several_rows_alike_is_said_once(run, folder):
    rows = "".join(f"N{n},Academia,{'2 or 3' if n % 5 else 1}\n" for n in range(55))
    Path("mentors.csv").write_text(f'name,sectors,"capacity, row 3"\n{rows}')
    _, out, _ = run("import", "mentors.csv", "--columns", a_map("capacity, row 3"))
    assert "To ask about (44)" in out
    assert " ".join(out.split("To ask about")[1].split()).startswith(
        "(44): not known until then - mentors.csv, rows 3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, "
        '20, 21, 23, 24, 25, 26 and 24 more, column C "capacity, row 3": "2 or 3" is not one whole number.'
    )
    assert "more like row" not in out


def a_map(heading):
    Path("map.toml").write_text(f'[mentors]\ncapacity = "{heading}"\n')
    return "map.toml"


def test_a_command_to_try_next_stands_in_one_line_however_long_it_is(run, folder):
    name = "IP mentors, as exported from the form in the spring (final version).csv"
    Path(name).write_text("name,sectors\nA,Academia\n")
    _, out, _ = run("import", name)
    assert f"\n  ipmatch import '{name}' -o cohort.json --people people.private.csv\n" in out


def test_a_review_sheet_that_holds_decisions_is_not_overwritten_without_them(run, survey):
    again = ("scopes", "cohort.json", "-o", "review.csv", "--force")
    run("import", *SOURCES, "-o", "cohort.json")
    assert run(*again)[0] == run(*again)[0] == 0
    decided = "answer,decision\nold hearts,Heart failure\n"
    Path("review.csv").write_text(decided)
    code, _, err = run(*again)
    assert (code, Path("review.csv").read_text()) == (2, decided)
    assert err == (
        "review.csv: it holds decisions, which would be lost. "
        "Keep them with --scopes review.csv, or choose another name.\n"
    )
    assert run(*again, "--scopes", "review.csv")[0] == 0
    out = run("import", *SOURCES, "-o", "again.json", "--scopes", "review.csv")[1]
    assert "\n  ipmatch scopes again.json --scopes review.csv\n" in out


def test_a_path_is_quoted_as_the_shell_at_hand_reads_it(monkeypatch):
    assert quoted("two words.csv") == "'two words.csv'"
    monkeypatch.setattr(sys, "platform", "win32")
    assert quoted("two words.csv") == '"two words.csv"'


def test_a_column_map_is_saved_and_given_back(run, survey):
    code, _, _ = run("import", *SOURCES, "--save-columns", "map.toml", "--texts", "texts.csv")
    assert code == 0
    assert 'scope = "Please indicated your scope of\u00a0prescribing practice"' in Path("map.toml").read_text(
        encoding="utf-8"
    )
    assert "Examples, and time to talk" in Path("texts.csv").read_text(encoding="utf-8")
    assert stat.S_IMODE(Path("texts.csv").stat().st_mode) == 0o600
    code, _, _ = run("import", *SOURCES, "--columns", "map.toml", "-o", "cohort.json")
    assert code == 0


@pytest.mark.parametrize("command", ["check", "match", "verify"])
def test_other_commands_read_spreadsheets_and_say_what_is_not_known(run, survey, command):
    run("import", *SOURCES, "--columns", "columns.toml", "-o", "cohort.json")
    run("template", "both.xlsx", "--cohort", "cohort.json")
    run("match", "both.xlsx", "-o", "m.json")
    words = ("both.xlsx", "m.json") if command == "verify" else ("both.xlsx",)
    code, out, err = run(command, *words)
    assert code == 0
    assert out
    assert err.startswith(
        "Read 24 mentors and 17 mentees from 2 sheets; nothing to ask about. See: ipmatch import"
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "none.xlsx"), 2, "none.xlsx: there is no such file."),
        (("import", "pairs.json"), 2, "pairs.json: files ending in .json are not read here."),
        (("import", "mentors.xlsx", "-o", "x.csv"), 2, "-o x.csv: it is written as .json."),
        (("import", "mentors.xlsx", "-o", "pairs.json"), 2, "pairs.json: it exists already."),
        (("import", "mentors.xlsx", "mentors.xlsx"), 2, "ipmatch import: one file is named twice."),
        (
            ("import", "mentors.xlsx", "--people", "columns.toml"),
            2,
            "--people columns.toml: it is written as .csv.",
        ),
        (
            ("import", "mentors.xlsx", "--scopes", "mentees.csv"),
            3,
            "mentees.csv: this is not a review of scopes",
        ),
        (("import", "mentors.xlsx", "--people", "mentees.csv"), 3, "mentees.csv: this is not a people file"),
        (("import", "organisations.csv"), 3, "organisations.csv: no sheet holds answers of mentors"),
        (("scopes", "pairs.json", "-o", "x.txt"), 2, 'x.txt: the suffix ".txt" is not for this. Use .csv.'),
        (("scopes", "mentees.csv", "-o", "mentees.csv", "--force"), 2, "what this is made of stands in it."),
        (("scopes", "pairs.json", "-o", "-"), 2, "-: the name has no suffix to tell the format by."),
        (("scopes", "pairs.json", "-o", "mentees.csv"), 2, "mentees.csv: it exists already."),
        (("template", "x.csv"), 2, 'x.csv: the suffix ".csv" is not for this. Use .xlsx.'),
        (("template", "-"), 2, "-: the name has no suffix to tell the format by."),
        (("template", "mentors.xlsx"), 2, "mentors.xlsx: it exists already."),
    ],
)
def test_every_mistake_is_told_and_nothing_is_written(run, survey, words, code, told):
    before = {name: Path(name).read_bytes() for name in Path().iterdir()}
    got, out, err = run(*words)
    assert (got, out) == (code, "")
    assert told in err
    assert {name: Path(name).read_bytes() for name in Path().iterdir()} == before


def test_a_template_is_written_and_filled(run, folder):
    assert run("template", "enrolment.xlsx") == (0, "", "Written: enrolment.xlsx\n")
    code, out, _ = run("import", "enrolment.xlsx")
    assert (code, out.splitlines()[0]) == (
        0,
        "Read 0 mentors and 0 mentees from 2 sheets; nothing to ask about.",
    )
    code, _, _ = run("template", "enrolment.xlsx", "--cohort", "pairs.json", "--force")
    assert code == 0


def test_a_template_tells_its_questions_as_json(run, folder):
    code, out, err = run("template", "enrolment.xlsx", "--format", "json")
    assert (code, err) == (0, "Written: enrolment.xlsx\n")
    told = json.loads(out)
    sheets = CalamineWorkbook.from_path("enrolment.xlsx")
    assert told["written"] == "enrolment.xlsx"
    for side in ("mentors", "mentees"):
        headings = sheets.get_sheet_by_name(side.title()).to_python()[0]
        assert headings == [column["heading"] for column in told[side]]


def test_python_reviews_scopes_as_the_command_does(run, survey):
    cohort = ip.read_enrolment("mentors.xlsx", "mentees.csv").cohort
    ip.write_cohort(cohort, "cohort.json")
    _, out, _ = run("scopes", "cohort.json", "--format", "json")
    assert ip.ScopeReview.model_validate_json(out) == ip.review_scopes(cohort)
    assert "MS" in [row.answer for row in ip.review_scopes(cohort).answers if row.is_open]


def test_without_the_office_extra_a_workbook_is_read_and_to_write_one_the_install_is_named(
    run, survey, monkeypatch
):
    for module in ("python_calamine", "xlsxwriter"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    assert run("import", "mentors.xlsx")[0] == 0
    code, _, err = run("template", "new.xlsx")
    assert code == 6
    assert 'pip install "ipmatch[office]"' in err


def test_a_people_file_that_another_holds_is_neither_read_nor_written(run, monkeypatch):
    monkeypatch.setattr(alone, "PATIENCE", 0.1)
    Path("mentors.csv").write_text("name,sectors\nAna,icb\n", encoding="utf-8")
    words = ("import", "mentors.csv", "-o", "cohort.json", "--people", "people.private.csv")
    with alone.alone(Path("people.private.csv")):
        code, out, err = run(*words)
    assert (code, out) == (8, "")
    assert err.startswith("people.private.csv: somebody else is writing to it.")
    assert not Path("cohort.json").exists()
    assert run(*words)[0] == 0
