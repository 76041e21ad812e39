"""What was not read is told: cells with no heading, and files that are not there."""

import pytest

from ipmatch.errors import InputError, UsageError
from ipmatch.reading.enrolments import read_enrolment, read_frames


def test_cells_with_no_heading_above_them_are_told(sheet):
    """They were dropped in silence, though a comma out of quotes may have moved every answer of the row."""
    rows = [
        ["1", "Academia", "London"],
        ["2", "Academia", "London"],
        ["3", "Academia", "London", "slipped", "here"],
        ["4", "Academia", "London", " "],
    ]
    made = read_enrolment(sheet("mentors.csv", ["", "sectors", "region"], *rows))
    assert [(remark.level, remark.code, remark.where, remark.what) for remark in made.intake.remarks] == [
        ("noted", "no-heading", "mentors.csv, column A", "this column was not read: it has no heading."),
        (
            "asked",
            "beyond-headings",
            "mentors.csv, row 4, column D",
            "this cell stands beyond the headings: not read.",
        ),
    ]


def test_files_that_are_not_there_are_told_with_all_that_is_wrong_with_others(sheet, tmp_path):
    empty = sheet("mentees.csv")
    with pytest.raises(UsageError) as caught:
        read_enrolment(tmp_path / "none.csv", empty, tmp_path / "old.xls", columns=tmp_path / "map.toml")
    assert [str(fault).partition(":")[0] for fault in caught.value.faults] == [
        "map.toml",
        "none.csv",
        "mentees.csv",
        "old.xls",
    ]


def test_a_heading_with_a_slip_in_it_is_asked_about():
    """Every mentor had one place, for a column "capcity" was left out of a frame without a word."""
    rows = [{"id": "M1", "sectors": "academia", "capcity": 3, "comment": "none"}]
    message = (
        r'mentors, column C "capcity": this column was not read: its heading is no question known here\. '
        r'Did you mean "capacity"\?$'
    )
    with pytest.raises(InputError, match=message):
        read_frames(rows)
    assert read_frames([{**rows[0], "capacity": 3}], strict=False).mentors[0].capacity == 3
