"""ipmatch report, as it is typed."""

import json
import stat
from pathlib import Path

import pytest

import ipmatch as ip


def test_every_form_of_the_report_is_written(run):
    for name in ("r.html", "r.xlsx", "r.md"):
        code, out, err = run("report", "pairs.json", "matching.json", "-o", name)
        assert (code, out, err) == (0, "", f"Written: {name}\n")
        assert Path(name).stat().st_size > 1000


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("--letters", "l.csv"),
        ("--letters", "l.html"),
        ("--sheets", "s.html"),
        ("--publish", "p.html"),
        ("--publish", "p.xlsx"),
        ("--publish", "p.md"),
    ],
)
def test_what_is_asked_for_instead_is_written(run, what, name):
    assert run("report", "pairs.json", "matching.json", what, "-o", name, "-q") == (0, "", "")
    assert Path(name).exists()


def test_match_writes_the_report_too(run):
    code, _, err = run("match", "pairs.json", "-o", "r.html", "-o", "r.xlsx")
    assert code == 0
    assert "Written: r.html, r.xlsx" in err
    assert Path("r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_names_are_shown_only_with_a_people_file(run):
    Path("people.csv").write_text("id,side,person,name,email,gphc_number\nM01,mentor,,Ana,,\n", "utf-8")
    run("report", "pairs.json", "matching.json", "-o", "with.html", "--people", "people.csv")
    run("report", "pairs.json", "matching.json", "-o", "without.html")
    assert "<bdi>Ana</bdi>" in Path("with.html").read_text(encoding="utf-8")
    assert "<bdi>" not in Path("without.html").read_text(encoding="utf-8")


def test_what_holds_names_is_for_its_owner_only(run):
    Path("people.csv").write_text("id,side,person,name,email,gphc_number\nM01,mentor,,Ana,,\n", "utf-8")
    run("report", "pairs.json", "matching.json", "--letters", "-o", "letters.csv", "--people", "people.csv")
    assert stat.S_IMODE(Path("letters.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(("kind", "name"), [("letters", "l.csv"), ("publish", "p.md"), ("report", "r.json")])
def test_python_writes_what_the_command_writes(run, kind, name):
    cohort, matching = ip.read_cohort("pairs.json"), ip.read_matching("matching.json")
    ip.write_report(matching, f"python.{name}", cohort=cohort, kind=kind)
    run("report", "pairs.json", "matching.json", "-o", name, *([] if kind == "report" else [f"--{kind}"]))
    assert Path(f"python.{name}").read_bytes() == Path(name).read_bytes()
    with pytest.raises(ip.UsageError, match="it exists already"):
        ip.write_report(matching, name, cohort=cohort, kind=kind)


def test_the_tables_come_as_json_on_standard_output(run):
    code, out, _ = run("report", "pairs.json", "matching.json", "--format", "json")
    assert code == 0
    assert json.loads(out)["tables"]["pairs"]["rows"][0][:2] == ["M01", "E01"]


def test_a_dash_is_standard_output_and_no_file(run):
    """A file by the name - was written."""
    code, out, err = run("report", "pairs.json", "matching.json", "-o", "-", "--format", "md")
    assert (code, out.partition("\n")[0], err) == (0, "# Proposed pairs", "")
    with pytest.raises(ip.UsageError, match=r"^-: the name has no suffix"):
        ip.write_report(ip.read_matching("matching.json"), "-", cohort=ip.read_cohort("pairs.json"))
    assert not Path("-").exists()


def test_a_matching_with_a_criterion_of_ones_own_is_reported_with_it(run):
    own = f"{Path(__file__).parents[2] / 'examples' / 'own_criterion.py'}:dpp_for_new"
    Path("policy.toml").write_text("[weights]\ndpp_for_new = 15\n", "utf-8")
    made = ("match", "pairs.json", "--policy", "policy.toml", "--criteria", own)
    assert run(*made, "-o", "own.json", "-o", "own.html", "-q")[0] == 0
    code, _, err = run("report", "pairs.json", "own.json", "-o", "again.html")
    assert (code, "made with other criteria of the user's own: dpp_for_new" in err) == (3, True)
    assert run("report", "pairs.json", "own.json", "-o", "again.html", "--criteria", own)[0] == 0
    assert Path("again.html").read_bytes() == Path("own.html").read_bytes()


def test_a_threshold_of_one_hides_nothing(run):
    _, out, _ = run(
        "report", "pairs.json", "matching.json", "--publish", "--threshold", "1", "--format", "md"
    )
    assert "| with a mentor | 2 |" in out
    _, out, _ = run("report", "pairs.json", "matching.json", "--publish", "--format", "md")
    assert "| with a mentor | \\[c\\] |" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["matching.json"], 2, "ipmatch report: -o or --format is missing. Say what to write.\n"),
        (["matching.json", "-o", "x.pdf"], 2, 'x.pdf: the suffix ".pdf" is not known. Use .html, .xlsx, .md'),
        (
            ["matching.json", "--sheets", "-o", "x.csv"],
            2,
            'x.csv: the suffix ".csv" is not for this. Use .html.\n',
        ),
        (["matching.json", "-o", "pairs.json"], 2, "pairs.json: it exists already."),
        (["matching.json", "-o", "-"], 2, "-o -: the form on standard output is not told. Add --format html"),
        (
            ["matching.json", "-o", "x.html", "--threshold", "3"],
            2,
            "--threshold: there is nothing to suppress.",
        ),
        (["wrong.json", "-o", "x.html"], 3, "matching: pairings[0].score: the file says 70"),
        (["matching.json", "-o", "x.html", "--people", "pairs.json"], 3, "this is not a people file"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(run, words, code, message):
    found = run("report", "pairs.json", *words)
    assert found[:2] == (code, "")
    assert message in found[2]
    assert not Path("x.html").exists()
