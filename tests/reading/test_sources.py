from __future__ import annotations

import io
import sys

import pytest

from ipmatch.errors import InputError, UsageError
from ipmatch.front_door import match
from ipmatch.reading import columnar, read_cohort, read_matching, read_policy, sources
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.files import write


def test_a_file_that_is_not_there_is_wrong_usage_and_its_folder_is_not_told(tmp_path):
    with pytest.raises(
        UsageError, match=r"^pairs\.json: there is no such file\. Check its name and its folder\.$"
    ):
        read_cohort(tmp_path / "pairs.json")


def test_a_folder_is_wrong_usage(tmp_path):
    (tmp_path / "round.json").mkdir()
    with pytest.raises(UsageError, match=r"^round\.json: this is a folder\. Give a file\.$"):
        read_cohort(tmp_path / "round.json")


def test_a_file_that_may_not_be_read_is_wrong_usage(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(sources.Path, "open", refuse)
    with pytest.raises(
        UsageError, match=r"^pairs\.json: this file may not be read\. Check its permissions, "
    ):
        read_cohort(tmp_path / "pairs.json")


def test_a_disk_that_fails_is_told_in_its_own_words(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sources.Path, "open", fail)
    with pytest.raises(UsageError, match=r"^pairs\.json: this file cannot be read \(Input/output error\)\."):
        read_cohort(tmp_path / "pairs.json")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\0b.json", r"^a\?b\.json: this is not the name of a file\. Check its name\.$"),
        ("x" * 5000, r"^x{99}…: this file cannot be read \("),
        ("", r"^\.: this is a folder\. Give a file\.$"),
    ],
)
def test_what_cannot_be_a_files_name_is_wrong_usage(name, message):
    with pytest.raises(UsageError, match=message):
        read_cohort(name)


@pytest.mark.parametrize(
    ("reader", "name", "message"),
    [
        (
            read_cohort,
            "pairs.ods",
            r"^pairs\.ods: files ending in \.ods are not read here\. "
            r"Give a \.json, \.xlsx, \.csv or \.parquet file\.$",
        ),
        (
            read_matching,
            "out.CSV",
            r"^out\.CSV: files ending in \.csv are not read here\. Give a \.json file\.$",
        ),
        (
            read_policy,
            "p.yaml",
            r"^p\.yaml: files ending in \.yaml are not read here\. Give a \.toml or \.json file\.$",
        ),
    ],
)
def test_another_suffix_is_wrong_usage_and_the_right_ones_are_named(reader, name, message):
    with pytest.raises(UsageError, match=message):
        reader(name)


def test_suffixes_are_read_in_either_case_and_none_means_json(tmp_path):
    for name in ("PAIRS.JSON", "pairs"):
        (tmp_path / name).write_text('{"mentors": [{"id": "M1"}]}', encoding="utf-8")
        assert [mentor.id for mentor in read_cohort(tmp_path / name).mentors] == ["M1"]


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"mentees": [{"id": "E1"}]}')))
    assert [mentee.id for mentee in read_cohort("-").mentees] == ["E1"]


def test_faults_of_standard_input_name_it(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"mentees": [{"id": 3}]}')))
    message = r"^standard input, mentees\[0\]\.id: 3 is not text\. Write it in quotes\.$"
    with pytest.raises(InputError, match=message):
        read_cohort("-")


def test_a_byte_order_mark_makes_no_difference(tmp_path):
    (tmp_path / "pairs.json").write_bytes(b'\xef\xbb\xbf{"mentors": [{"id": "\xc3\x891"}]}')
    assert read_cohort(tmp_path / "pairs.json").mentors[0].id == "É1"


@pytest.mark.parametrize(
    ("content", "offset", "rest"),
    [
        ("{}".encode("utf-16"), 0, "this is UTF-16 text, not UTF-8. Save it as UTF-8."),
        (b"\xfe\xff\x00{\x00}", 0, "this is UTF-16 text, not UTF-8. Save it as UTF-8."),
        ("{}".encode("utf-16-le"), 1, "this is not UTF-8 text. Save it as UTF-8."),
        ("{}".encode("utf-32-be"), 0, "this is not UTF-8 text. Save it as UTF-8."),
        ('{"id": "é"}'.encode("latin-1"), 8, "this is not UTF-8 text. Save it as UTF-8."),
        (b"{}\x00\xff", 2, "this is not UTF-8 text. Save it as UTF-8."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 0, "this is not UTF-8 text. Save it as UTF-8."),
        (
            b"PK\x03\x04\x14\x00",
            0,
            "this is a workbook or a zip file, not text. Give a text file, saved as UTF-8.",
        ),
    ],
)
def test_what_is_not_utf_8_is_told_with_the_byte_where_it_begins(faults, content, offset, rest):
    assert faults(read_cohort, content) == [f"pairs.json, byte offset {offset}: {rest}"]


@pytest.mark.parametrize("content", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_one_fault(faults, content):
    assert faults(read_cohort, content) == [
        "pairs.json: the file is empty. Give a file with one document in it."
    ]


def test_an_endless_file_is_read_only_up_to_a_limit(faults, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 1000)
    assert faults(read_cohort, b" " * 1001) == ["pairs.json: more than 1,000 bytes. Give a smaller file."]


class Endless(io.RawIOBase):
    """Zeros without end, as of /dev/zero."""

    given = 0

    def read(self, size=-1):
        self.given += size
        return bytes(size)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pairs.json", r"^pairs\.json, byte offset 0: this is not UTF-8 text\."),
        ("pairs.parquet", r"^pairs\.parquet: this is not a Parquet file, or it is damaged\."),
    ],
)
def test_of_a_device_without_end_the_beginning_is_read(monkeypatch, name, message):
    """/dev/zero took two gigabytes before it was refused, and as Parquet all the memory there was."""
    device = Endless()
    monkeypatch.setattr(sources.Path, "open", lambda *_: device)
    monkeypatch.setattr(sources, "PIECE", 1000)
    monkeypatch.setattr(sources, "LARGEST", 10_000)
    monkeypatch.setattr(columnar, "LARGEST", 10_000)
    with pytest.raises(InputError, match=message):
        read_cohort(name)
    assert device.given == 1000


def test_a_matching_may_be_larger_than_what_it_is_made_of(tmp_path, monkeypatch):
    """That of a million people was written, and then refused by verify."""
    path = tmp_path / "matching.json"
    write(match(demo_cohort(3, 3)), path)
    monkeypatch.setattr(sources, "LARGEST", 1000)
    assert read_matching(path).kind == "matching"
    monkeypatch.setattr(sources, "LARGEST_MATCHING", 1000)
    with pytest.raises(InputError, match=r"^matching\.json: more than 1,000 bytes\."):
        read_matching(path)
