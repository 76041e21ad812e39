"""Every command on the contract's example, through its front door."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from ipmatch.cli.arguments import COMMANDS
from ipmatch.reading.documents import read_matching
from ipmatch.schemas import NAMES, published


def valid(name, text):
    jsonschema.Draft202012Validator(json.loads(published(name))).validate(json.loads(text))
    return json.loads(text)


def test_match_prints_the_pairs_and_their_reasons_and_writes_nothing(run, folder):
    before = sorted(folder.iterdir())
    code, out, err = run("match", "pairs.json")
    assert (code, err) == (0, "")
    assert out.startswith("2 of 3 mentees taking part are paired")
    assert "same sector +65" in out
    assert "ipmatch explain pairs.json --mentee E03" in out
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    "options",
    [["--policy", "pilot-2023"], ["--seed", "3", "--forbid", "M01", "E02"], ["--withdraw", "E02"]],
    ids=["policy", "seed and ban", "withdrawal"],
)
def test_what_match_offers_next_asks_of_the_very_same_matching(run, folder, options):
    cohort = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    (folder / "free.json").write_text(json.dumps({**cohort, "required_pairs": []}), encoding="utf-8")
    (folder / "matching.json").unlink()
    _, out, _ = run("match", "free.json", *options)
    lines = re.sub(r"\n +(?! *ipmatch)", " ", out.split("\nNext\n")[1]).splitlines()
    offered = [line.split()[1:] for line in lines]
    answer = run("match", "free.json", *options, "--format", "json")[1]
    for words in sorted(offered, key=lambda words: words[0] == "explain"):
        assert run(*words)[0] == 0, words
    left = json.loads(answer)["unmatched_mentees"][0]
    explained = next(words for words in offered if words[0] == "explain")
    assert json.loads(run(*explained, "--format", "json")[1])["unmatched"] == left
    assert json.loads((folder / "matching.json").read_text(encoding="utf-8")) == json.loads(answer)


def test_match_is_what_a_file_alone_means(run):
    assert run("pairs.json") == run("match", "pairs.json")
    assert run("--quiet", "pairs.json")[0] == 0
    assert run("--seed", "3", "pairs.json")[0] == 0


@pytest.mark.parametrize("kind", ["json", "csv", "md"])
def test_match_prints_every_format_as_the_golden_files_have_it(run, golden, kind):
    code, out, _ = run("match", "pairs.json", "--format", kind)
    assert code == 0
    golden(f"example.{kind}", out)


def test_match_writes_what_is_asked_for_and_says_so(run):
    code, out, err = run("match", "pairs.json", "-o", "a.json", "-o", "a.csv", "-o", "a.md", "-o", "a.txt")
    assert (code, out) == (0, "")
    assert "2 of 3 mentees" in err
    assert "Written: a.json, a.csv, a.md, a.txt" in err
    assert read_matching("a.json") == read_matching("matching.json")
    assert run("match", "pairs.json", "-q", "-o", "b.json") == (0, "", "")


def test_match_prints_and_writes_when_both_are_asked_for(run):
    code, out, _ = run("match", "pairs.json", "-o", "a.csv", "--format", "json")
    assert code == 0
    assert json.loads(out)["kind"] == "matching"
    assert run("match", "pairs.json", "-o", "b.csv", "-o", "-")[1].startswith("2 of 3")


def test_match_takes_rules_seed_and_decisions(run):
    words = ("--policy", "pilot-2023", "--seed", "7", "--withdraw", "E01", "--reason", "moved away")
    matching = json.loads(run("match", "pairs.json", "--format", "json", *words)[1])
    assert matching["run"]["policy"]["preset"] == "pilot-2023"
    assert matching["run"]["seed"] == 7
    assert [decision["kind"] for decision in matching["run"]["decisions"]] == ["withdraw"]
    assert "moved away" not in json.dumps(matching)


def test_match_takes_required_and_forbidden_pairs(run):
    words = ("--require", "M01", "E01", "--forbid", "M01", "E02")
    code, _, err = run("match", "pairs.json", *words)
    assert code == 4
    assert "M01 with E02" in err
    matching = json.loads(run("match", "pairs.json", "--format", "json", "--require", "M01", "E01")[1])
    assert {pair["basis"] for pair in matching["pairings"]} == {"required"}


def test_match_takes_a_criterion_of_the_users_own(run):
    Path("own.py").write_text(
        "class Same:\n"
        "    name = 'same_letter'\n"
        "    def mentor_key(self, mentor): return mentor.id[-1]\n"
        "    def mentee_key(self, mentee): return mentee.id[-1]\n"
        "    def strength(self, mentor_key, mentee_key): return 1 if mentor_key == mentee_key else 0\n"
        "    def because(self, mentor, mentee, strength): return 'Both end alike.' if strength else 'No.'\n"
        "ready = Same()\n"
    )
    Path("policy.toml").write_text("[weights]\nsame_letter = 5\n")
    for name in ("ready", "Same"):
        words = ("--policy", "policy.toml", "--criteria", f"own.py:{name}")
        code, out, _ = run("match", "pairs.json", *words)
        assert code == 0
        assert "same letter +5" in out
    assert not Path("__pycache__").exists()


def test_check_says_who_takes_part_and_where_mentors_are_scarce(run):
    code, out, err = run("check", "pairs.json")
    assert (code, err) == (0, "")
    assert out.startswith("The cohort is valid. 1 of 2 mentors and 3 of 3 mentees take part")
    assert "acute-hospital" in out
    assert valid("check", run("check", "pairs.json", "--format", "json")[1])["places"] == 2


def test_explain_a_pair_adds_up_its_points_and_gives_the_private_reason(run, golden):
    code, out, _ = run("explain", "pairs.json", "--pair", "M01", "E02")
    assert code == 0
    assert "Required: already working together" in out
    golden("explain.txt", out)
    answer = valid("explanation", run("explain", "pairs.json", "--pair", "M01", "E02", "--format", "json")[1])
    pairing = answer["pairings"][0]
    assert sum(part["points"] for part in pairing["contributions"]) == pairing["score"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mentee", "E03"), "no eligible mentor"),
        (("--mentee", " E01 "), "sector, 71.25 points"),
        (("--mentor", "M01"), "M01 with E02"),
        (("--mentor", "M02"), "too few years"),
        (("--pair", "M01", "E03"), "Had it been made: M01 with E03"),
    ],
)
def test_explain_a_person_or_a_pair_that_was_not_made(run, words, said):
    code, out, _ = run("explain", "pairs.json", *words)
    assert code == 0
    assert said in out
    valid("explanation", run("explain", "pairs.json", *words, "--format", "json")[1])


def test_verify_accepts_what_match_wrote(run):
    code, out, _ = run("verify", "pairs.json", "matching.json")
    assert code == 0
    assert out.startswith("The matching is what it says")
    assert valid("verification", run("verify", "pairs.json", "matching.json", "--format", "json")[1])["ok"]


def test_verify_tells_every_fault_of_a_wrong_matching(run):
    code, out, _ = run("verify", "pairs.json", "wrong.json")
    assert code == 5
    assert out.startswith("The matching is wrong")
    code, out, _ = run("verify", "pairs.json", "wrong.json", "--format", "json")
    assert code == 5
    assert valid("verification", out)["faults"]


@pytest.mark.parametrize("name", NAMES)
def test_schema_prints_a_published_schema(run, name):
    code, out, _ = run("schema", name)
    assert (code, out) == (0, published(name))
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


def test_demo_prints_a_cohort_that_can_be_matched(run):
    code, out, _ = run("demo", "--mentors", "5", "--mentees", "4", "--seed", "2")
    assert code == 0
    cohort = valid("cohort", out)
    assert (len(cohort["mentors"]), len(cohort["mentees"])) == (5, 4)
    Path("demo.json").write_text(out, encoding="utf-8")
    assert run("match", "demo.json")[0] == 0
    assert run("demo", "--mentors", "5", "--mentees", "4", "--seed", "2")[1] == out


def test_what_match_answers_is_what_the_schema_says(run):
    valid("matching", run("match", "pairs.json", "--format", "json")[1])
    valid("cohort", Path("pairs.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_json_and_a_help_of_eighty_columns(run, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    code, told, _ = run(command, "--help")
    assert code == 0
    assert re.search(r"--format \{[a-z,]*\bjson\b[a-z,]*\}", told)
    assert max(map(len, told.splitlines())) <= 80


def test_what_is_said_beside_a_file_fits_the_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    code, out, err = run("match", "pairs.json", "-o", "narrow.json")
    assert (code, out) == (0, "")
    *verdict, written, end = err.split("\n")
    assert (written, end) == ("Written: narrow.json", "")
    assert len(verdict) > 1
    assert max(map(len, verdict)) <= 40


def test_a_cohort_in_columns_is_checked_and_matched_like_any_other(run, folder):
    rows = ["mentor,M1,icb,2", "mentee,E1,ICB,", "mentee,E2,icb; academia,"]
    Path("big.csv").write_text("\n".join(["side,id,sectors,capacity", *rows]) + "\n", encoding="utf-8")
    said = (
        "Its headings are a cohort's own fields, so it was read exactly, as a cohort.\n"
        "As answers: ipmatch import big.csv\n"
    )
    code, out, err = run("check", "big.csv")
    assert (code, err) == (0, said)
    assert out.startswith("The cohort is valid. 1 of 1 mentor and 2 of 2 mentees take part")
    assert run("match", "big.csv", "-q", "-o", "made.parquet", "-o", "made.json")[0] == 0
    assert run("verify", "big.csv", "made.json", "-q")[0] == 0
    people = [line.split(",") for line in rows]
    sides = {
        side: [{"id": i, "sectors": s.split("; ")} for kind, i, s, _ in people if kind == side]
        for side in ("mentor", "mentee")
    }
    sides["mentor"][0]["capacity"] = 2
    Path("same.json").write_text(json.dumps({"mentors": sides["mentor"], "mentees": sides["mentee"]}))
    assert run("match", "same.json", "-q", "-o", "again.json")[0] == 0
    assert Path("again.json").read_bytes() == Path("made.json").read_bytes()


def test_what_is_wrong_with_a_table_is_told_by_row_and_the_rest_is_counted(run, folder):
    rows = "".join(f"mentor,M{i},{i}\n" for i in range(30_000, 30_050))
    Path("big.csv").write_text(f"side,id,capacity\n{rows}", encoding="utf-8")
    code, out, err = run("check", "big.csv")
    assert (code, out) == (3, "")
    lines = err.splitlines()
    assert lines[0] == 'big.csv, row 2, column "capacity" (M30000): 30000 is too large. Use 10000 or less.'
    assert lines[20:] == ["and 30 more."]
