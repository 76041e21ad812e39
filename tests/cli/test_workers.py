"""--workers and --dask: the same matching, and plain words where nobody is there to work."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ipmatch import crowds
from ipmatch.cli import main

COHORT = str(Path(__file__).parents[2] / "examples" / "pairs.json")


def run(capsys, *arguments):
    code = main([*arguments])
    return code, *capsys.readouterr()


def test_workers_change_nothing(capsys, monkeypatch):
    monkeypatch.setattr(crowds, "CROWD", -1)
    alone = run(capsys, "match", COHORT, "--format", "json")
    shared = run(capsys, "match", COHORT, "--format", "json", "--workers", "2")
    assert alone[0] == shared[0] == 0
    assert alone[1] == shared[1]


@pytest.mark.parametrize("badly", [False, True])
def test_workers_verify_as_one_process_does(capsys, monkeypatch, tmp_path, badly):
    monkeypatch.setattr(crowds, "CROWD", -1)
    made = tmp_path / "matching.json"
    run(capsys, "match", COHORT, "-o", str(made), "-q")
    if badly:
        matching = json.loads(made.read_text("utf-8"))
        matching["summary"]["placed"] += 1
        made.write_text(json.dumps(matching), "utf-8")
    alone = run(capsys, "verify", COHORT, str(made))
    assert run(capsys, "verify", COHORT, str(made), "--workers", "2") == alone
    assert alone[0] == (5 if badly else 0)


def test_without_dask_the_extra_is_named(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, out, err = run(capsys, "match", COHORT, "--dask", "tcp://127.0.0.1:9")
    assert (code, out) == (6, "")
    assert 'pip install "ipmatch[distributed]"' in err


@pytest.mark.sockets
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_said(capsys, monkeypatch):
    monkeypatch.setattr("ipmatch.cli.workers.PATIENCE_SECONDS", 0.3)
    code, out, err = run(capsys, "match", COHORT, "--dask", "tcp://127.0.0.1:9")
    assert (code, out) == (2, "")
    assert "no scheduler answers" in err


@pytest.mark.parametrize("scheduler", ["nonsense", "", "://", "tcp://host"])
def test_what_is_no_address_of_a_scheduler_is_said_and_no_client_is_made(capsys, monkeypatch, scheduler):
    """A client that could not be made complained once more, half a minute later, with a traceback."""
    monkeypatch.delattr("distributed.Client")
    code, out, err = run(capsys, "match", COHORT, "--dask", scheduler)
    assert (code, out) == (2, "")
    assert f'no scheduler answers at "{scheduler}"' in err


def test_workers_and_dask_exclude_each_other(capsys):
    code, _, err = run(capsys, "match", COHORT, "--dask", "x", "--workers", "2")
    assert code == 2
    assert "--workers and --dask cannot stand together" in err
