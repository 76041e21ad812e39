"""Workbooks that are broken, huge or meant to harm: refused or read within bounds, and never a traceback."""

import io
import re
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.errors import InputError
from ipmatch.intake import grid as grids
from ipmatch.intake import package, worksheet
from ipmatch.intake.workbook import workbook_grids
from ipmatch.reading.enrolments import read_enrolment

from .reading import told_or_read

HEADINGS = ("name", "email", "sectors", "scope", "capacity", "qualified_year", "avoids", "consent")


def workbook(*rows, hidden=False):
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Mentors")
    for row, cells in enumerate(rows):
        sheet.write_row(row, 0, cells)
    if hidden:
        book.add_worksheet("First").activate()
        sheet.hide()
    book.close()
    return memory.getvalue()


PLAIN = workbook(HEADINGS, ["A", "a@x.org", "Academia", "HIV", 1, 2022, "", "Yes"])


def with_part(content, name, change):
    """The workbook with one part changed, or added."""
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {entry.filename: old.read(entry) for entry in old.infolist()}
        parts[name] = change(parts.get(name, b""))
        for part, text in parts.items():
            new.writestr(part, text)
    return memory.getvalue()


def cells(text):
    return lambda sheet: re.sub(
        rb"<sheetData>.*</sheetData>", b"<sheetData>" + text + b"</sheetData>", sheet, flags=re.DOTALL
    )


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def refusal(content, name="mentors.xlsx"):
    with pytest.raises(InputError) as caught:
        workbook_grids(content, name)
    return str(caught.value)


def test_a_plain_workbook_is_read():
    (grid,) = workbook_grids(PLAIN, "mentors.xlsx")
    assert grid.rows[1] == ["A", "a@x.org", "Academia", "HIV", 1.0, 2022.0, "", "Yes"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "this is not a workbook that can be read."),
        (b"PK\x03\x04 and no more", "this is not a workbook that can be read."),
        (PLAIN[:500], "this is not a workbook that can be read."),
        (PLAIN[:-30], "this is not a workbook that can be read."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "this is protected by a password, or an old .xls workbook.",
        ),
        (b"name,email\n", "this is not a workbook that can be read."),
    ],
)
def test_what_is_no_workbook_is_refused(content, told):
    assert refusal(content).startswith(f"mentors.xlsx: {told}")


def test_another_zip_file_is_no_workbook():
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    assert refusal(memory.getvalue()).startswith("mentors.xlsx: this is not an .xlsx workbook.")


def test_a_zip_bomb_is_refused_without_being_unpacked(monkeypatch):
    monkeypatch.setattr(package, "LARGEST_UNPACKED", 1 << 20)
    bomb = with_part(PLAIN, SHEET, lambda sheet: sheet + b" " * (64 << 20))
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    assert "it unpacks to more than 1 megabytes." in refusal(bomb)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_packed_in_a_way_that_unpacks_at_once_is_refused(packed):
    """Of a gigabyte in six kilobytes two bytes were asked for, and all was unpacked."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", packed) as file:
        file.writestr("xl/workbook.xml", b"<" + b" " * (32 << 20))
    tracemalloc.start()
    assert "it is packed as no spreadsheet program packs it." in refusal(memory.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_pictures_and_links_to_other_files_are_not_even_unpacked(monkeypatch):
    monkeypatch.setattr(package, "LARGEST_UNPACKED", 1 << 20)
    linked = with_part(PLAIN, "xl/externalLinks/externalLink1.xml", lambda _: b"<x>" + b" " * (2 << 20))
    assert workbook_grids(linked, "mentors.xlsx") == workbook_grids(PLAIN, "mentors.xlsx")


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]>',
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
        b"<!DOCTYPE a>",
    ],
)
@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused(declared, part, encoding):
    def change(text):
        kept = text.partition(b"?>")[2]
        return (declared + kept).decode().encode(encoding)

    harmful = with_part(PLAIN, part, change)
    assert "it defines XML entities" in refusal(harmful)


@pytest.mark.parametrize(
    "text",
    [
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        b'<row r="100001"><c r="A100001"><v>1</v></c></row>',
        b'<row r="0"><c r="A0"><v>1</v></c></row>',
        b"".join(b'<row><c r="ALL%d"><v>1</v></c></row>' % row for row in range(1, 5_000)),
        b'<row r="1"><c r="A99999999999999999999"><v>1</v></c></row>',
        b'<row r="1"><c r="AAAAAAAAAA1"><v>1</v></c></row>',
        b'<row r="1"><c odd="&gt;" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c odd=">" r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1'><x:c r='XFD1048576' xmlns:x='y'><x:v>1</x:v></x:c></row>",
        b'<row r="1">' + b"<c><v>1</v></c>" * 2000 + b"</row>",
        b"<row>" + b"</row><row>" * 200_000 + b"<c><v>1</v></c></row>",
    ],
)
def test_a_cell_far_away_from_the_others_is_refused_before_room_is_made_for_it(text):
    told = refusal(with_part(PLAIN, SHEET, cells(text)))
    assert re.search("far away from a list|outside every sheet|this workbook is broken", told)


def test_formatted_cells_with_nothing_in_them_do_not_matter():
    text = (
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576"/></row>'
    )
    (grid,) = workbook_grids(with_part(PLAIN, SHEET, cells(text)), "mentors.xlsx")
    assert grid.rows == [[1.0]]


def test_a_long_text_repeated_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(worksheet, "LARGEST_TEXT", 1 << 20)
    strings = lambda text: text.replace(b"<t>name</t>", b"<t>" + b"x" * 30_000 + b"</t>")  # noqa: E731
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 200))
    assert "its texts are far too long" in refusal(
        with_part(with_part(PLAIN, STRINGS, strings), SHEET, cells(rows))
    )


def test_a_cell_longer_than_excel_allows_is_refused():
    strings = lambda text: text.replace(b"<t>name</t>", b"<t>" + b"x" * 40_000 + b"</t>")  # noqa: E731
    assert refusal(with_part(PLAIN, STRINGS, strings)).startswith(
        "mentors.xlsx, sheet Mentors, row 1, column A: more than 32,767"
    )


def test_too_many_rows_or_columns_are_refused_by_number(monkeypatch):
    monkeypatch.setattr(grids, "MOST_COLUMNS", 5)
    monkeypatch.setattr(grids, "MOST_ROWS", 1)
    assert refusal(PLAIN) == (
        "mentors.xlsx, sheet Mentors: more than 1 rows. Keep one row for each person; more are read "
        "from CSV with a cohort's own fields as headings.\n"
        "mentors.xlsx, sheet Mentors: more than 5 columns. Keep one column for each question."
    )


def test_formulas_are_not_run_and_one_without_a_value_is_told():
    text = (
        b'<row r="1"><c r="A1" t="str"><f>CMD()</f><v>name</v></c><c r="B1" t="str"><v>sectors</v></c>'
        b'<c r="C1" t="str"><v>capacity</v></c></row>'
        b'<row r="2"><c r="A2"><f>A1</f></c><c r="B2" t="e"><v>#REF!</v></c>'
        b'<c r="C2"><f>1+1</f><v>2</v></c></row>'
    )
    (grid,) = workbook_grids(with_part(PLAIN, SHEET, cells(text)), "mentors.xlsx")
    assert grid.rows == [["name", "sectors", "capacity"], ["", "", 2.0]]
    error = "an error of the spreadsheet, such as #N/A"
    assert grid.odd == {(1, 0): "a formula without a saved value", (1, 1): error}


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, cells(b'<row r="1"><c r="A1"><v>' + b" " * 1_000_000 + b"</c></row>")),
        (SHEET, cells(b'<row r="1"><c r="A1">' + b"<v " * 1_000_000 + b"</c></row>")),
        (SHEET, cells(b'<row r="1">' + b'<c r="A1">' * 1_000_000)),
        (SHEET, cells(b"<a>" * 1_000_000 + b"</a>" * 1_000_000)),
        ("xl/workbook.xml", lambda text: text.replace(b"<sheet ", b"<sheet " + b"a" * 900_000 + b"='b' ", 1)),
        ("xl/workbook.xml", lambda text: text.replace(b"<sheet ", b"<sheet " * 1_000_000, 1)),
        ("xl/workbook.xml", lambda text: text.replace(b"<sheet ", b"<sheet " + b"a='b' " * 1_000_000, 1)),
        (STRINGS, lambda text: text.replace(b"</sst>", b"<si/>" * 25_000_000 + b"</sst>")),
    ],
    ids=range(8),
)
def test_what_would_take_long_to_look_at_is_refused_or_read_at_once(part, change):
    """A few kilobytes kept expressions over the text of a workbook busy for hours."""
    damaged = with_part(PLAIN, part, change)
    with suppress(InputError):
        assert workbook_grids(damaged, "mentors.xlsx") == workbook_grids(PLAIN, "mentors.xlsx")


def test_what_a_workbook_says_of_its_size_takes_no_memory():
    """The native reader set aside two terabytes for as many texts, and ended the process (SIGABRT)."""
    boast = lambda text: re.sub(rb'ount="\d+"', b'ount="999999999999"', text)  # noqa: E731
    assert workbook_grids(with_part(PLAIN, STRINGS, boast), "mentors.xlsx") == workbook_grids(
        PLAIN, "mentors.xlsx"
    )
    vast = lambda text: re.sub(rb'ref="[^"]*"', b'ref="A1:XFD1048576"', text)  # noqa: E731
    assert workbook_grids(with_part(PLAIN, SHEET, vast), "mentors.xlsx") == workbook_grids(
        PLAIN, "mentors.xlsx"
    )


def test_a_sheet_that_is_listed_again_and_again_is_refused():
    """Six kilobytes listed one sheet of four million empty cells three hundred times."""
    again = lambda text: re.sub(  # noqa: E731
        rb'<sheet name="Mentors"([^>]*)/>', rb'<sheet name="Mentors"\1/><sheet name="Again"\1/>', text
    )
    assert "two of its sheets are one." in refusal(with_part(PLAIN, "xl/workbook.xml", again))


def test_a_part_that_is_there_twice_is_refused():
    memory = io.BytesIO(PLAIN)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(memory, "a") as file:
        file.writestr(SHEET, b"<worksheet/>")
    assert "a part of it is there twice." in refusal(memory.getvalue())


def test_a_hidden_sheet_is_not_read_and_that_is_said(tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_bytes(workbook(HEADINGS, ["A", "", "Academia", "", 1, "", "", ""], hidden=True))
    with pytest.raises(InputError, match="no sheet of this workbook holds anything"):
        read_enrolment(path)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    st.data(),
)
def test_a_workbook_with_any_part_damaged_is_read_or_refused(folder, part, data):
    def damage(text):
        at = data.draw(st.integers(0, max(len(text) - 1, 0)))
        length = data.draw(st.integers(0, 40))
        return text[:at] + data.draw(st.binary(max_size=20)) + text[at + length :]

    told_or_read(with_part(PLAIN, part, damage), folder / "mentors.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_any_bytes_overwritten_is_read_or_refused(folder, at, content):
    told_or_read(PLAIN[:at] + content + PLAIN[at + len(content) :], folder / "mentors.xlsx")
