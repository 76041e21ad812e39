import os
import re
import stat
import sys

import pytest

from ipmatch.errors import OutputError, UsageError
from ipmatch.writing import files, stdout
from ipmatch.writing.whole import write_whole


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.md", "a.txt", "A.JSON"])
def test_the_suffix_tells_the_format(tmp_path, example_matching, name):
    files.write(example_matching, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_unknown_suffix_lists_the_known_ones(tmp_path, example_matching):
    with pytest.raises(
        UsageError, match=r'suffix "\.pdf" is not known\. Use \.json, \.csv, \.xlsx, \.html, \.md, \.txt, \.p'
    ):
        files.write(example_matching, tmp_path / "a.pdf")


def test_an_unknown_format_lists_the_known_ones(example_matching):
    with pytest.raises(UsageError, match=r'"pdf" is not known\. Use text, json, csv or md\.'):
        files.write(example_matching, "-", format="pdf")


def test_a_file_that_exists_is_kept(tmp_path, example_matching):
    path = tmp_path / "a.json"
    path.write_text("mine")
    with pytest.raises(UsageError, match="it exists already"):
        files.write(example_matching, path)
    assert path.read_text() == "mine"


def test_force_replaces_it_and_keeps_who_may_read_it(tmp_path, example_matching):
    path = tmp_path / "a.json"
    path.write_text("mine")
    path.chmod(0o600)
    files.write(example_matching, path, force=True)
    assert path.read_text().startswith("{")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_follows_the_umask(tmp_path, example_matching):
    before = os.umask(0o027)
    try:
        files.write(example_matching, tmp_path / "a.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path, example_matching):
    (tmp_path / "real.json").write_text("mine")
    (tmp_path / "a.json").symlink_to(tmp_path / "real.json")
    files.write(example_matching, tmp_path / "a.json", force=True)
    assert (tmp_path / "a.json").is_symlink()
    assert (tmp_path / "real.json").read_text().startswith("{")


@pytest.mark.parametrize("name", ["nowhere/a.json", "x" * 300 + ".json", "a\0.json"])
def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path, example_matching, name):
    with pytest.raises(OutputError, match=r"could not be written \(.+\)\. Nothing of it was written\."):
        files.write(example_matching, f"{tmp_path}/{name}")
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_overwritten(tmp_path, example_matching):
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError, match="it is not a file"):
        files.write(example_matching, tmp_path / "a.json", force=True)


def test_a_failure_half_way_leaves_nothing_behind(tmp_path, example_matching, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        files.write(example_matching, tmp_path / "a.json")
    assert not list(tmp_path.iterdir())


def test_pieces_that_fail_half_way_leave_nothing_behind(tmp_path):
    def pieces():
        yield "half"
        raise KeyError

    with pytest.raises(KeyError):
        write_whole(tmp_path / "a.json", pieces(), force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_csv_file_is_marked_for_excel_and_a_csv_pipe_is_not(tmp_path, example_matching, capfdbinary):
    files.write(example_matching, tmp_path / "a.csv")
    files.write(example_matching, "-", format="csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfoutcome,")
    assert capfdbinary.readouterr().out.startswith(b"outcome,")


def test_the_same_matching_gives_the_same_bytes(tmp_path, example_matching):
    for name in ("a.json", "b.json"):
        files.write(example_matching, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_every_doubt_about_the_outputs_is_told_at_once(tmp_path):
    (tmp_path / "a.json").write_text("mine")
    outputs = [
        f"{tmp_path}/a.json",
        f"{tmp_path}/b.pdf",
        f"{tmp_path}/c.md",
        f"{tmp_path}/c.md",
        f"{tmp_path}/d",
    ]
    with pytest.raises(UsageError) as caught:
        files.check_destinations(outputs)
    assert [re.sub(r".*/", "", fault.where) for fault in caught.value.faults] == [
        "a.json",
        "b.pdf",
        "c.md",
        "d",
    ]


def test_standard_output_that_is_closed_is_an_output_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="standard output: it is closed"):
        stdout.put("text")


def test_text_goes_to_standard_output(example_matching, capsys):
    files.write(example_matching, "-")
    assert capsys.readouterr().out.startswith("2 of 3 mentees")
