"""The reader of workbooks against another, python-calamine, which is quick and may not meet hostile files."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ipmatch.intake.workbook import workbook_grids

FORMATS = (
    "General", "0.00", "d mmm", "yyyy-mm-dd", "h:mm AM/PM", "[h]:mm", '"d"0', "[Red]0", "\\d0",
    "0;d", "0_d", "*d0", "[$-809]d mmmm yyyy", "#,##0\\ [$€-1]", "yyyy;@", '0.0" years"',
    "[Blue][h]", "@", "0.0E+00",
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 10**8).map(float),
    st.integers(0, 10**8).map(lambda thousandths: thousandths / 1000),
    st.integers(0, 60_000 * 1440).map(lambda minutes: minutes / 1440),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip)


def rows_of(cells, *, since_1904=False):
    """A workbook with these cells, by row and column."""
    memory = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": since_1904}
    book = xlsxwriter.Workbook(memory, {"in_memory": True, **options})
    sheet, formats = (
        book.add_worksheet("One"),
        {code: book.add_format({"num_format": code}) for code in FORMATS},
    )
    for (row, column), (value, code) in cells.items():
        sheet.write(row, column, value, formats[code])
    sheet.write(8, 8, "last")
    book.close()
    return memory.getvalue()


def as_calamine_reads(content):
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )
    return [[cell.strip() if isinstance(cell, str) else cell for cell in row] for row in rows]


def as_read_here(content):
    """The rows, filled up to one length."""
    (grid,) = workbook_grids(content, "any.xlsx")
    wide = max(map(len, grid.rows))
    return [[*row, *[""] * (wide - len(row))] for row in grid.rows]


@settings(max_examples=40, deadline=None)
@given(
    cells=st.dictionaries(
        st.tuples(st.integers(0, 8), st.integers(0, 8)),
        st.tuples(st.one_of(NUMBERS, TEXTS, st.booleans()), st.sampled_from(FORMATS)),
        max_size=12,
    ),
    since_1904=st.booleans(),
)
def test_any_cells_are_read_as_another_reader_reads_them(cells, since_1904):
    content = rows_of(cells, since_1904=since_1904)
    ours, theirs = as_read_here(content), as_calamine_reads(content)
    assert ours == theirs
    assert [[type(cell) for cell in row] for row in ours] == [[type(cell) for cell in row] for row in theirs]


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        (b't="s"><v> 0 </v>', "last"),
        (b't="b"><v>1</v>', True),
        (b't="b"><v>false</v>', False),
        (b't="d"><v>2020-01-02</v>', date(2020, 1, 2)),
        (b't="d"><v>2020-01-02T03:04:05</v>', datetime(2020, 1, 2, 3, 4, 5)),
        (b't="d"><v>some day</v>', "some day"),
        (b't="str"><v>a_x000D_b &amp;&#10;c</v>', "a\rb &\nc"),
        (b't="str"><v>a_x005F_x000D_b</v>', "a_x000D_b"),
        (
            b't="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>z</t></rPh></is>',
            "a b",
        ),
        (b"><v>1e3</v>", 1000.0),
        (b"><v>abc</v>", "abc"),
        (b"><f>1+1</f><v>2</v>", 2.0),
    ],
)
def test_a_cell_is_read_however_it_is_written(inner, value):
    content = with_first_cell(inner)
    assert as_read_here(content)[0][0] == value
    assert type(as_read_here(content)[0][0]) is type(value)
    assert repr(as_calamine_reads(content)[0][0]) == repr(value)


@pytest.mark.parametrize(
    "inner", [b't="s"><v>99</v>', b't="s"><v>-1</v>', b't="b"><v>2</v>', b't="new"><v>1</v>']
)
def test_a_cell_that_means_nothing_makes_a_workbook_broken(inner):
    with pytest.raises(ValueError, match=r"^any\.xlsx: this workbook is broken\."):
        as_read_here(with_first_cell(inner))


def with_first_cell(inner):
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(rows_of({}))) as old, zipfile.ZipFile(memory, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(
                    b"<sheetData>", b'<sheetData><row r="1"><c r="A1" ' + inner + b"</c></row>"
                )
            new.writestr(name, text)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0.5, "h:mm", time(12)),
        (1, "d mmm", date(1900, 1, 1)),
        (59, "d mmm", date(1900, 2, 28)),
        (61, "d mmm", date(1900, 3, 1)),
        (44927.25, "d mmm", datetime(2023, 1, 1, 6)),
        (2958465, "d mmm", date(9999, 12, 31)),
        (2958466, "d mmm", 2958466.0),
        (-1, "d mmm", -1.0),
        (-0.5, "[h]:mm", timedelta(days=-0.5)),
        (1.5, "[h]:mm", timedelta(days=1.5)),
        (1e300, "[h]:mm", 1e300),
    ],
)
def test_numbers_of_days_are_dates_where_their_format_says_so(number, code, shown):
    ours = as_read_here(with_format(number, code))[0][0]
    assert (ours, type(ours)) == (shown, type(shown))


def with_format(number, code):
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(rows_of({(0, 0): (number, "d mmm")}))) as old,
        zipfile.ZipFile(memory, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(
                name, re.sub(rb'formatCode="d mmm"', b'formatCode="%b"' % code.encode(), old.read(name))
            )
    return memory.getvalue()
