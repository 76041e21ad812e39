"""Every exit code of the contract, with the message that goes with it."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from ipmatch import front_door
from ipmatch.errors import InternalError, MissingExtraError, TimeLimitError
from ipmatch.schemas import published


def failing_with(error):
    def fails(*_, **__):
        raise error

    return fails


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "ipmatch: name a file to match, or a command."),
        (("--nope",), 'ipmatch match: there is no option "--nope". See'),
        (("match", "--polcy", "sector-first"), 'there is no option "--polcy". Did you mean "--policy"?'),
        (("pairs.json", "--sedd=3"), 'there is no option "--sedd". Did you mean "--seed"?'),
        (
            ("match", "pairs.json", "--organisations", "t.csv"),
            'there is no option "--organisations"; import has one. See "ipmatch import --help".',
        ),
        (("check", "pairs.json", "--seed", "1"), '"--seed"; match, rematch and demo have one.'),
        (("match", "pairs.json", "--policy", "--seed"), "--policy: expects one after it."),
        (("match", "pairs.json", "again.json"), 'ipmatch match: "again.json" is not expected.'),
        (("match", "pairs.json", "--workers", "0"), '"0" is not a whole number from 1 to 256.'),
        (("match", "pairs.json", "--seed", "9" * 5000), "is not a whole number"),
        (("match", "pairs.json", "-o", "."), ".: this is a folder. Name a file in it."),
        (("match", "pairs.json", "-o", "a.json", "-o", "./a.json"), "./a.json: it is named twice."),
        (
            ("match", "pairs.json", "-o", "./pairs.json", "--force"),
            "pairs.json: what this is made of stands in it.",
        ),
        (("forget",), "ipmatch forget: ID and FILE are missing."),
        (("help", "mtach"), '"mtach" is neither a command nor a file here. Did you mean "match"?'),
        (("match",), "ipmatch match: COHORT is missing."),
        (("mtach", "pairs.json"), '"mtach" is neither a command nor a file here. Did you mean "match"?'),
        (("match", "nowhere.json"), "nowhere.json"),
        (("match", "pairs.json", "--frob"), 'there is no option "--frob". See'),
        (
            ("match", "pairs.json", "--format", "xml"),
            '--format: "xml" is not known. Use text, json, csv, md.',
        ),
        (
            ("match", "pairs.json", "--seed", "-1"),
            '"-1" is not a whole number from 0 to 18446744073709551615.',
        ),
        (("match", "pairs.json", "--seed"), "--seed: expects one after it."),
        (("match", "pairs.json", "--policy", "sector-frist"), 'Did you mean "sector-first"?'),
        (("match", "-", "--policy", "-"), "both inputs are standard input."),
        (("match", "pairs.json", "--withdraw", "E99"), 'nobody here has the id "E99".'),
        (("match", "pairs.json", "--withdraw", ""), "--withdraw: empty id."),
        (("match", "pairs.json", "--require", "E01", "M01"), "E01 is a mentee, not a mentor."),
        (("match", "pairs.json", "--reason", "why"), "there is nothing to give a reason for."),
        (("match", "pairs.json", "-o", "matching.json"), "matching.json: it exists already."),
        (("match", "pairs.json", "-o", "a.pdf"), 'a.pdf: the suffix ".pdf" is not known.'),
        (("match", "pairs.json", "--criteria", "own.py"), '"own.py" names no criterion. Write FILE.py:NAME.'),
        (("match", "pairs.json", "--criteria", "own.py:a"), "own.py is not there."),
        (("explain", "pairs.json"), "one of --pair, --mentee, --mentor is needed."),
        (("explain", "pairs.json", "--mentee", "M01"), 'no mentee has the id "M01".'),
        (("explain", "pairs.json", "--mentee", "E1", "--mentor", "M1"), "cannot stand together."),
        (("verify", "-", "-"), "both inputs are standard input."),
        (("schema", "cohrt"), '"cohrt" is not known. Did you mean "cohort"? Use cohort, policy'),
        (("decide", "pairs.json", "j.json", "confrm"), '"confrm" is not known. Did you mean "confirm"?'),
        (("demo", "--mentors", "many"), '"many" is not a whole number from 0 to 100000.'),
    ],
)
def test_wrong_usage_is_exit_2_and_says_how_to_mend_it(run, words, said):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_name_too_long_for_a_file_is_exit_8(run):
    code, out, err = run("match", "pairs.json", "-o", f"{'a' * 300}.json")
    assert (code, out) == (8, "")
    assert "it could not be written (File name too long). Nothing of it was written." in err


def test_a_closed_standard_input_is_exit_2(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    code, _, err = run("match", "-")
    assert (code, err) == (2, "standard input: it is closed. Pipe a file into it, or name one.\n")


def test_a_criterion_that_is_none_is_exit_2_and_one_that_fails_exit_3(run):
    Path("own.py").write_text("number = 1\n")
    code, _, err = run("match", "pairs.json", "--criteria", "own.py:number")
    assert code == 2
    assert "has no name, mentor_key, mentee_key, strength, because" in err
    assert run("match", "pairs.json", "--criteria", "own.py:nothing")[0] == 2
    Path("own.py").write_text("\n1 / 0  # secret\n")
    code, _, err = run("match", "pairs.json", "--criteria", "own.py:number")
    assert code == 3
    assert "own.py, line 2: ZeroDivisionError while it was loaded." in err


def test_an_invalid_input_is_exit_3_with_twenty_faults_and_the_number_of_the_others(run):
    code, out, err = run("match", "faulty.json")
    assert (code, out) == (3, "")
    lines = err.splitlines()
    assert len(lines) == 21
    assert 'Did you mean "capacity"?' in lines[0]
    assert lines[-1] == "and 35 more."


def test_a_faulty_cohort_and_a_faulty_policy_are_told_at_once(run):
    Path("policy.toml").write_text("[weights]\nsector = -1\n")
    code, _, err = run("check", "faulty.json", "--policy", "policy.toml", "--format", "json")
    failure = json.loads(err)
    assert (code, len(failure["faults"])) == (3, 56)
    assert failure["faults"][-1]["where"].startswith("policy.toml")


def test_errors_are_one_json_object_where_json_was_asked_for(run):
    code, out, err = run("match", "faulty.json", "--format", "json")
    assert (code, out) == (3, "")
    failure = json.loads(err)
    jsonschema.Draft202012Validator(json.loads(published("failure"))).validate(failure)
    assert len(failure["faults"]) == 55
    assert json.loads(run("match", "--format", "json", "--frob")[2])["exit"] == 2


def test_rules_that_clash_are_exit_4_and_named(run):
    code, out, err = run("match", "pairs.json", "--require", "M01", "E03")
    assert (code, out) == (4, "")
    assert "required pair M01 with E03" in err
    failure = json.loads(run("match", "pairs.json", "--require", "M01", "E03", "--format", "json")[2])
    assert failure["conflict"]


def test_a_mentee_without_a_mentor_is_exit_4_if_all_are_required_and_nothing_is_written(run):
    code, out, err = run("match", "pairs.json", "--require-all", "-o", "a.json")
    assert (code, out) == (4, "")
    assert "E03" in err
    assert not Path("a.json").exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [(MissingExtraError("pip install ipmatch[office]"), 6), (TimeLimitError("too long"), 7)],
)
def test_a_missing_extra_is_exit_6_and_the_time_limit_exit_7(run, monkeypatch, error, code):
    monkeypatch.setattr(front_door, "match", failing_with(error))
    assert run("match", "pairs.json") == (code, "", f"{error}\n")


def test_an_output_that_cannot_be_written_is_exit_8(run):
    code, _, err = run("match", "pairs.json", "-o", "nowhere/a.json", "-o", "a.csv", "-o", "none/a.md")
    assert code == 8
    told = "its folder cannot be found. Make it first, or write elsewhere. Nothing was written.\n"
    assert err == f"nowhere/a.json: {told}none/a.md: {told}"
    assert not Path("a.csv").exists()
    out = ("-o", "nowhere/c.json", "--people", "p.csv")
    assert run("import", "m.csv", *out)[2] == f"nowhere/c.json: {told}"
    assert not Path("p.csv").exists()


def test_no_matching_is_made_that_has_no_folder_to_be_written_in(run, monkeypatch):
    monkeypatch.setattr(front_door, "match", failing_with(AssertionError("matched in vain")))
    assert run("match", "pairs.json", "-o", "nowhere/a.json")[0] == 8


def test_outputs_written_before_one_that_fails_are_told(run):
    """It was said that nothing was written, and two files were there."""
    code, _, err = run("match", "pairs.json", "-o", "a.csv", "-o", f"{'a' * 300}.json")
    assert code == 8
    assert err.splitlines()[0] == "Written before that: a.csv"
    assert err.endswith("Nothing of it was written.\n")
    assert Path("a.csv").exists()


@pytest.mark.parametrize(
    "error", [KeyError("Ana Silva"), InternalError("Ana Silva"), RecursionError("Ana Silva")]
)
def test_a_bug_is_exit_1_with_its_place_and_nobodys_data(run, monkeypatch, error):
    monkeypatch.setattr(front_door, "match", failing_with(error))
    code, out, err = run("match", "pairs.json")
    assert (code, out) == (1, "")
    assert f"a bug in ipmatch, not in your data: {type(error).__name__} at ipmatch/cli/match.py:" in err
    assert "Ana Silva" not in err
    assert "Traceback" not in err


def test_an_interruption_is_exit_130(run, monkeypatch):
    monkeypatch.setattr(front_door, "match", failing_with(KeyboardInterrupt()))
    assert run("match", "pairs.json", "-o", "a.json") == (130, "", "Interrupted; nothing half-written.\n")
    assert not Path("a.json").exists()


INTERRUPTED_ONCE = """
import subprocess
import sys

class Once:
    def find_spec(self, name, *_):
        if name == "ipmatch.errors":
            sys.meta_path.remove(self)
            raise KeyboardInterrupt

sys.meta_path.insert(0, Once())
from ipmatch.cli import main
sys.exit(main(["schema", "fault"]))
"""


def test_an_interruption_while_the_first_modules_load_is_told_as_any_other():
    """It was a traceback."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_ONCE], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted; nothing half-written.\n")


def test_a_message_cannot_steer_the_terminal(run):
    assert "\\x1b[31m" in run("match", "pairs.json", "--frob\x1b[31m")[2]


def test_closed_outputs_are_no_crash(run, monkeypatch):
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        assert run("match", "pairs.json")[0] == 8
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stderr", None)
        assert run("match", "nowhere.json")[0] == 2
