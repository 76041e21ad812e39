"""Files as a user has them, in a folder of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipmatch.writing import files

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def folder(tmp_path, monkeypatch, example_matching):
    """The current folder, holding ``pairs.json``, its ``matching.json`` and some files that are wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "pairs.json").write_bytes((GOLDEN / "cohort-example.json").read_bytes())
    files.write(example_matching, "matching.json")
    wrong = json.loads(Path("matching.json").read_text(encoding="utf-8"))
    wrong["pairings"][0]["score"] = 70
    Path("wrong.json").write_text(json.dumps(wrong), encoding="utf-8")
    people = [{"id": f"M{n}", "capacty": 1} for n in range(55)]
    Path("faulty.json").write_text(json.dumps({"mentors": people}), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder, capfd):
    """Runs a command in this process: exit code, standard output, standard error."""
    from ipmatch.cli import main

    def runs(*words: str) -> tuple[int, str, str]:
        code = main(words)
        caught = capfd.readouterr()
        return code, caught.out, caught.err

    return runs
