"""Whoever reads, changes and writes one file at a time loses nothing, and is told where that cannot be."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ipmatch.errors import OutputError
from ipmatch.writing import alone as room
from ipmatch.writing.alone import alone


def add_one(file):
    with alone(file) as held:
        number = int(file.read_text()) if file.exists() else 0
        time.sleep(0.001)
        held.replace(str(number + 1))


def test_of_many_at_once_nobodys_change_is_lost_and_nothing_is_left_beside(tmp_path):
    file = tmp_path / "count.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, [file] * 80))
    assert file.read_text() == "80"
    assert [path.name for path in tmp_path.iterdir()] == ["count.json"]


def test_one_file_is_held_under_all_its_names(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.1)
    file, other = tmp_path / "one.json", tmp_path / "other.json"
    file.write_text("1")
    other.symlink_to(file)
    with (
        alone(file),
        pytest.raises(OutputError, match=r"other\.json: somebody else is writing to it"),
        alone(other),
    ):
        pass


def test_whoever_waits_too_long_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.1)
    with (
        alone(tmp_path / "a.json"),
        pytest.raises(OutputError, match=r"Nothing was written: try again in a moment\."),
        alone(tmp_path / "a.json"),
    ):
        pass
    with alone(tmp_path / "a.json") as held:
        held.replace("free again")
    assert (tmp_path / "a.json").read_text() == "free again"


def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path):
    """A pipe was waited for, and of a device without end everything was read."""
    os.mkfifo(tmp_path / "pipe.csv")
    with alone(tmp_path / "pipe.csv") as held, pytest.raises(OutputError, match="it is not a file"):
        held.replace("mine")


def test_what_somebody_changed_without_asking_is_not_overwritten(tmp_path):
    file = tmp_path / "a.json"
    with alone(file) as held:
        file.write_text("theirs")
        with pytest.raises(
            OutputError, match=r"it was changed meanwhile\. Nothing was written: do it again\."
        ):
            held.replace("ours")
    assert file.read_text() == "theirs"


def test_a_drive_without_locks_is_watched_all_the_same(tmp_path, monkeypatch):
    def refuses(file):
        raise OSError(room.errno.ENOLCK, "no locks")

    monkeypatch.setattr(room, "_lock", refuses)
    test_what_somebody_changed_without_asking_is_not_overwritten(tmp_path)


def test_a_holder_that_dies_holds_nothing(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from ipmatch.writing.alone import alone\n"
        "with alone(Path(sys.argv[1])): os._exit(3)"
    )
    file = tmp_path / "a.json"
    assert subprocess.run([sys.executable, "-c", code, file], check=False).returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == [".a.json.lock"]
    add_one(file)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_cannot_be_written_to_says_why_when_writing(tmp_path):
    with (
        alone(tmp_path / "nowhere" / "a.json") as held,
        pytest.raises(OutputError, match="it could not be written \\(No such file or directory\\)"),
    ):
        held.replace("x")
    assert not Path(tmp_path / "nowhere").exists()
