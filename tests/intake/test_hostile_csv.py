"""CSV files that are broken, huge or meant to harm: refused or read within bounds, and never a traceback."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.errors import InputError
from ipmatch.intake.csv_text import csv_grid

from .reading import told_or_read

HEADINGS = ("name", "email", "sectors", "scope", "capacity", "qualified_year", "avoids", "consent")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'a,b\n"open', "mentors.csv: a double quote is opened and never closed."),
        (b'a,b\n"x"y,z\n', "mentors.csv, line 2: the quotes are not closed as CSV closes them."),
        (b"a," * 1001, "mentors.csv: more than 1,000 columns."),
        (b"a,b\n" + b"x" * 140_000, "mentors.csv, line 2: a cell of more than 100,000 characters."),
        (b"a,b\n" + b"x" * 40_000, "mentors.csv, row 2, column A: more than 32,767 characters in one cell."),
        (b"\xff\xfe\x00\x00a", "mentors.csv: this is not text that can be read."),
        (b"a\x00b\x00\x00\x00", "mentors.csv: this is not text that can be read."),
        (b"name\x81,b", "mentors.csv: this is not text that can be read."),
    ],
)
def test_a_csv_file_that_is_none_is_refused_with_its_place(content, told):
    with pytest.raises(InputError) as caught:
        csv_grid(content, "mentors.csv")
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("a;b\r\n1;2".encode("utf-16"), ["1", "2"]),
        (b"sep=;\r\na;b\r\n1;2", ["1", "2"]),
        (b"a\tb\n1\t2", ["1", "2"]),
        ("a,b\n1–2,Zoë".encode("cp1252"), ["1–2", "Zoë"]),
        (b'"a, or; b",b\n1,2', ["1", "2"]),
    ],
)
def test_separators_and_encodings_are_told_apart(content, row):
    assert csv_grid(content, "x.csv").rows[1] == row


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_csv_are_read_or_refused(folder, content):
    told_or_read(b"name,sectors,capacity\n" + content, folder / "mentors.csv")


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()), min_size=8, max_size=8
        ),
        max_size=4,
    )
)
def test_any_cells_are_read_or_asked_about(folder, rows):
    text = "\n".join(",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)
    told_or_read((",".join(HEADINGS) + "\n" + text).encode("utf-8", "replace"), folder / "mentors.csv")
